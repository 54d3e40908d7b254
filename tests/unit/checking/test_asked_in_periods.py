"""Items 32–38 of the survey belong to the rounds from 2565 on: needed there, asked about in the rounds before."""

from pathlib import Path

import pytest

from ingestion.checking import Scope
from ingestion.examples.cases import GOOD
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

ROW = GOOD["household_survey"]
LATE = {f"ข้อ {number}": "ผ่าน" for number in range(32, 39)}


def checked(tmp_path: Path, row: dict[str, str], period: str | None) -> Checked:
    scope = Scope("community_development_95", "household_survey", period, "all", "95") if period else None
    row = {**row, "วันที่สำรวจ": f"15/03/{period or 2564}"}
    return check(write_csv(tmp_path / "a.csv", [list(row), list(row.values())]), lenient("household_survey"), scope)


def test_31_items_are_enough_in_a_31_item_round(tmp_path: Path) -> None:
    assert checked(tmp_path, dict(ROW), "2564").issues == []


def test_38_items_are_taken_in_a_38_item_round(tmp_path: Path) -> None:
    result = checked(tmp_path, {**ROW, **LATE}, "2565")
    assert result.issues == []
    assert result.accepted[0]["item_38"] == "pass"


def test_an_answer_nobody_asked_for_is_a_query_at_its_cell(tmp_path: Path) -> None:
    result = checked(tmp_path, {**ROW, "ข้อ 32": "ผ่าน", "ข้อ 33": ""}, "2564")
    assert [(issue.code, issue.column, issue.severity) for issue in result.issues] == [
        ("not_asked_in_period", "item_32", "query")
    ]
    assert len(result.accepted) == 1


def test_a_file_of_31_columns_is_refused_in_a_38_item_round(tmp_path: Path) -> None:
    result = checked(tmp_path, dict(ROW), "2565")
    missing = {issue.column for issue in result.issues if issue.code == "missing_column"}
    assert missing == {"item_32", "item_33", "item_34", "item_35", "item_36", "item_38"}
    assert result.accepted == []


@pytest.mark.parametrize(("number", "found"), [(38, {"required_missing"}), (37, set())])
def test_every_item_but_the_unknown_one_is_needed(tmp_path: Path, number: int, found: set[str]) -> None:
    result = checked(tmp_path, {**ROW, **LATE, f"ข้อ {number}": ""}, "2565")
    assert {issue.code for issue in result.issues} == found


def test_without_a_period_the_check_says_what_it_could_not_judge(tmp_path: Path) -> None:
    result = checked(tmp_path, {**ROW, "ข้อ 32": "ผ่าน"}, None)
    assert "not_asked_in_period" not in {issue.code for issue in result.issues}
    assert {"not_asked_in_period", "missing_column", "required_missing"} <= set(result.verdict.skipped_checks)
