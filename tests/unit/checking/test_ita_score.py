"""ITA scores as the centre writes them: the level is asked about where the table of its year gives another one."""

import csv
from pathlib import Path

import pytest

from core.settings import PROJECT_ROOT
from ingestion.bands import bands_of
from ingestion.checking import Scope
from ingestion.contracts import load_contract
from ingestion.door import questions
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

HEADER = ["รหัสหน่วยงาน", "หน่วยงานที่ประเมิน", "รหัสหน่วยงานในทะเบียนของศูนย์", "ผลคะแนนรวม (คะแนน)", "ระดับ"]
FY2565 = Scope("sbpac_strategy", "ita_score", "2565", "all", None)


def checked(tmp_path: Path, *rows: tuple[str, str], scope: Scope | None = FY2565) -> Checked:
    lines = [[f"M-{number}", "หน่วยงานสมมุติ", "", *row] for number, row in enumerate(rows)]
    return check(write_csv(tmp_path / "a.csv", [HEADER, *lines]), lenient("ita_score"), scope)


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("100", "AA"), ("95", "AA"), ("94.99", "A"), ("85", "A"), ("84.99", "B"), ("64.99", "D"), ("50", "E"),
        ("49.99", "F"), ("0", "F"),
    ],
)  # fmt: skip
def test_a_level_that_its_score_has_is_fine_also_at_the_ends_of_its_band(
    tmp_path: Path, score: str, level: str
) -> None:
    assert checked(tmp_path, (score, level)).issues == []


def test_another_level_is_asked_about_and_the_row_goes_in(tmp_path: Path) -> None:
    result = checked(tmp_path, ("95.98", "A"), ("๙๕.๖๔", "AA"), ("70", ""))
    assert result.found == {("level_differs", "E2")}
    assert [issue.severity for issue in result.issues] == ["query"]
    assert "95.98" in result.issues[0].message_th and "AA" in result.issues[0].message_th
    assert [str(row["score"]) for row in result.accepted] == ["95.98", "95.64", "70.00"]


def test_without_a_folder_no_year_is_known_and_the_report_says_so(tmp_path: Path) -> None:
    result = checked(tmp_path, ("95.98", "F"), scope=None)
    assert result.issues == []
    assert "level_differs" in result.verdict.skipped_checks


@pytest.mark.parametrize(("written", "code"), [("100.01", "number_too_large"), ("-1", "number_too_small")])
def test_a_score_lies_within_0_and_100(tmp_path: Path, written: str, code: str) -> None:
    assert checked(tmp_path, (written, "")).found == {(code, "D2")}


def test_a_dash_is_no_score_and_not_zero(tmp_path: Path) -> None:
    result = checked(tmp_path, ("-", ""), ("84", "B"))
    assert result.found == {("required_missing", "D2")}


def test_the_centre_itself_may_send_it_and_others_are_asked() -> None:
    contract = load_contract("ita_score")
    asked = {
        sender: [issue.code for issue in questions(Scope(sender, "ita_score", "2565", "all", None), contract)]
        for sender in ("sbpac_strategy", "sbpac", "sbpac_justice")
    }
    assert asked == {"sbpac_strategy": [], "sbpac": [], "sbpac_justice": ["agency_does_not_owe"]}


def test_the_table_of_levels_is_the_contracts_list_and_from_2566_not_confirmed() -> None:
    with (PROJECT_ROOT / "dbt_project/seeds/ita_levels.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["level"] for row in rows} == {code.value for code in load_contract("ita_score").column("level").codes}
    assert all((row["is_provisional"] == "true") == (int(row["fiscal_year_from_be"]) >= 2566) for row in rows)
    assert bands_of("ita_levels", 2540) == bands_of("ita_levels", 2556)
