"""A draft says what can be read off a sample, asks for the rest, and holds nothing of a person."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from chaidaen.cli import build_app
from core.errors import ContractInvalid, UsageError
from ingestion.contracts import read_contract
from ingestion.contracts.lint import lint_file
from ingestion.drafting import Draft, draft_contract
from ingestion.reading import normalise_header
from tests.unit.reading import writing

TITLES = [["ผลสำรวจบ่อน้ำบาดาล (สมมุติ)"], ["ข้อมูล ณ วันที่ ๓๐ กันยายน ๒๕๖๕"], []]
WELLS = [
    *TITLES,
    ["ที่", "รหัสบ่อ", "จังหวัด", "ปริมาณน้ำ", "", "งบประมาณ (บาท)", "วันที่เจาะ", "สภาพบ่อ", "ใช้ได้หรือไม่", "การใช้น้ำ (ร้อยละ)"],
    ["", "", "", "ฤดูฝน", "ฤดูแล้ง", "", "", "", "", ""],
    *[
        [str(i), f"W-{i:03}", "ปัตตานี", f"{i}.5", "๑๒", "1,200,000", f"{i} ส.ค. 2562", ("ดี", "ชำรุด")[i % 2],
         ("ใช่", "ไม่ใช่")[i % 2], f"{i * 7}%" if i < 9 else "-"]
        for i in range(1, 10)
    ],
    ["", "รวม", "", "49.5", "108", "10,800,000", "", "", "", ""],
    ["หมายเหตุ: ตัวเลขสมมุติ"],
]  # fmt: skip


def drafted(path: Path, **given: Any) -> tuple[Draft, dict[str, dict[str, Any]]]:
    """The draft, and its columns by header."""
    draft = draft_contract(path, "well", **({"agency_kind": None, "period_kind": None} | given))
    columns = yaml.safe_load(draft.text)["schema"][0]["properties"]
    headers = {header: name for header, name, _ in draft.columns}
    return draft, {header: next(c for c in columns if c["name"] == name) for header, name in headers.items()}


def own(column: dict[str, Any]) -> dict[str, Any]:
    return {one["property"]: one["value"] for one in column["customProperties"]}


@pytest.fixture
def wells(tmp_path: Path) -> Path:
    return writing.xlsx(tmp_path / "wells.xlsx", WELLS, [(4, 4, 3, 4)])


def test_the_header_is_found_under_titles_with_the_merged_cells_above(wells: Path) -> None:
    draft, columns = drafted(wells)
    assert (draft.header_row, draft.rows) == (5, 9), "the total and the note are no rows"
    assert list(columns) == [
        "รหัสบ่อ", "จังหวัด", "ปริมาณน้ำ ฤดูฝน", "ปริมาณน้ำ ฤดูแล้ง", "งบประมาณ (บาท)", "วันที่เจาะ", "สภาพบ่อ", "ใช้ได้หรือไม่",
        "การใช้น้ำ (ร้อยละ)",
    ]  # fmt: skip
    assert "The column ที่ only numbers the rows" in draft.text


def test_types_limits_and_required_come_from_cleaned_values(wells: Path) -> None:
    _, columns = drafted(wells)
    said = {header: (c["logicalType"], c["physicalType"], c["required"]) for header, c in columns.items()}
    assert said["รหัสบ่อ"] == ("string", "text", True)
    assert said["ปริมาณน้ำ ฤดูฝน"] == ("number", "numeric(16,2)", True)
    assert said["ปริมาณน้ำ ฤดูแล้ง"] == ("integer", "integer", True)
    assert said["วันที่เจาะ"] == ("date", "date", True)
    assert said["ใช้ได้หรือไม่"] == ("boolean", "boolean", True)
    assert said["การใช้น้ำ (ร้อยละ)"] == ("integer", "integer", False), "a dash is an empty cell"
    assert columns["การใช้น้ำ (ร้อยละ)"]["logicalTypeOptions"] == {"minimum": 0, "maximum": 100, "format": "i32"}
    assert "maximum" not in columns["ปริมาณน้ำ ฤดูแล้ง"]["logicalTypeOptions"], "a sample's largest figure is no limit"


def test_units_leave_the_label_and_stand_in_the_name(wells: Path) -> None:
    _, columns = drafted(wells)
    use = columns["การใช้น้ำ (ร้อยละ)"]
    assert (use["businessName"], own(use)["unit"]) == ("การใช้น้ำ", "pct")
    assert use["name"].endswith("_pct")


def test_a_short_list_of_words_becomes_codes_to_be_named(wells: Path) -> None:
    draft, columns = drafted(wells)
    assert [(code["value"], code["label"]) for code in columns["สภาพบ่อ"]["enum"]] == [
        ("code_1", "ชำรุด"),
        ("code_2", "ดี"),
    ]
    assert "enum:  # TODO: name the codes" in draft.text


def test_a_header_that_a_contract_knows_brings_its_whole_column(wells: Path) -> None:
    _, columns = drafted(wells)
    assert columns["จังหวัด"]["name"] == "province_code"
    assert own(columns["จังหวัด"])["format"] == "area_code"
    assert "primaryKey" not in columns["จังหวัด"]


def test_a_known_word_above_other_things_is_a_column_of_its_own(tmp_path: Path) -> None:
    path = writing.xlsx(tmp_path / "a.xlsx", [["รหัสบ่อ", "จังหวัด"], ["W-1", "12.5"], ["W-2", "13.5"]])
    _, columns = drafted(path)
    assert (columns["จังหวัด"]["logicalType"], columns["จังหวัด"]["name"]) == ("number", "column_2")


def test_the_key_is_the_fewest_filled_columns_that_tell_rows_apart(tmp_path: Path) -> None:
    rows = [["สถานี", "รอบที่ตรวจ", "ค่าที่วัด"], *[[s, r, "7.1"] for s in ("ก1", "ก2") for r in ("เช้า", "บ่าย")]]
    _, columns = drafted(writing.xlsx(tmp_path / "a.xlsx", rows))
    assert [columns[h].get("primaryKeyPosition") for h in ("สถานี", "รอบที่ตรวจ", "ค่าที่วัด")] == [1, 2, None]


def test_lint_refuses_a_draft_naming_every_line_and_accepts_it_once_decided(wells: Path, tmp_path: Path) -> None:
    draft, _ = drafted(wells, agency_kind="sbpac_strategy", period_kind="fiscal_year")
    path = tmp_path / "well.odcs.yaml"
    path.write_text(draft.text, encoding="utf-8")
    open_lines = [n for n, line in enumerate(draft.text.splitlines(), start=1) if "TODO" in line]
    assert {finding.where for finding in lint_file(path)} == {f"line {number}" for number in open_lines}
    assert draft.left_open == len(open_lines) > 10
    with pytest.raises(ContractInvalid, match="line 1: still to be decided: say in one line what a row is"):
        read_contract(path)
    lines = [line.split("  # TODO")[0] for line in draft.text.splitlines() if not line.lstrip().startswith("# TODO")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lint_file(path) == []


def test_every_header_of_the_sample_is_read_by_the_contract_drafted_from_it(wells: Path, tmp_path: Path) -> None:
    draft, _ = drafted(wells)
    path = tmp_path / "well.odcs.yaml"
    path.write_text(draft.text.replace("TODO", "-"), encoding="utf-8")
    accepted = {
        normalise_header(header, keep_brackets=False): column.name
        for column in read_contract(path).columns
        for header in column.headers
    }
    for header, name, _ in draft.columns:
        assert accepted[normalise_header(header, keep_brackets=False)] == name


# ------------------------------------------------------------------------------------------------------------- people


def _identifier(number: int) -> str:
    """Of a district that does not exist, so that nobody has it."""
    twelve = f"19599{number:07}"
    total = sum((13 - i) * int(digit) for i, digit in enumerate(twelve))
    return twelve + str((11 - total % 11) % 10)


IDS = st.integers(0, 9_999_999).map(_identifier)
SPACED = IDS.map(lambda digits: "-".join((digits[0], digits[1:5], digits[5:10], digits[10:12], digits[12])))
THAI = IDS.map(lambda digits: digits.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")))
WORDS = st.text("กขคงจฉชซณดตถทนบปผฝพภมยรลวศสหอ", min_size=4, max_size=9)
NAMES = st.tuples(st.sampled_from(["นาย", "นางสาว", "ด.ช.", "นาง"]), WORDS, WORDS).map(lambda n: f"{n[0]}{n[1]} {n[2]}")
PHONES = st.integers(10_000_000, 99_999_999).map(lambda digits: f"08{digits}")
PERSONAL = st.sampled_from([IDS, SPACED, THAI, NAMES, PHONES]).flatmap(
    lambda cells: st.lists(cells, min_size=2, max_size=3, unique=True)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PERSONAL, header=st.sampled_from(["ข้อมูล 1", "รายการ", "เลขประจำตัวประชาชน", "ชื่อ-สกุล", "เบอร์โทรศัพท์"]))
def test_no_cell_of_a_personal_column_is_in_the_draft(tmp_path: Path, people: list[str], header: str) -> None:
    """Whatever the header says, and though few values come again and again like codes."""
    rows = [["รหัสบ่อ", header], *[[f"W-{i}", people[i % len(people)]] for i in range(12)]]
    path = _csv(tmp_path / "a.csv", rows)
    draft, columns = drafted(path)
    assert columns[header]["classification"] in ("personal", "sensitive")
    for cell in people:
        assert cell not in draft.text


def _csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_names_without_titles_are_known_by_their_header(tmp_path: Path) -> None:
    rows = [["รหัสบ่อ", "ผู้ดูแลบ่อ"], *[[f"W-{i}", ("สมมุติ ตัวอย่าง", "ทดสอบ ตัวอย่าง")[i % 2]] for i in range(12)]]
    draft, columns = drafted(_csv(tmp_path / "a.csv", rows))
    assert columns["ผู้ดูแลบ่อ"]["classification"] == "personal"
    assert "ตัวอย่าง" not in draft.text


def test_a_count_of_people_and_the_name_of_a_thing_tell_of_nobody(tmp_path: Path) -> None:
    rows = [["รหัสบ่อ", "ผู้ใช้น้ำ (คน)", "ชื่อตัวชี้วัดที่ใช้"], *[[f"W-{i}", f"{i}0", f"แบบ {i}"] for i in range(1, 5)]]
    _, columns = drafted(_csv(tmp_path / "a.csv", rows))
    assert [columns[h]["classification"] for h in rows[0]] == ["public"] * 3
    assert own(columns["ผู้ใช้น้ำ (คน)"])["unit"] == "persons"


def test_a_column_of_identifiers_gets_the_key_that_links_people(tmp_path: Path) -> None:
    rows = [["รหัสบ่อ", "หมายเลข"], *[[f"W-{i}", _identifier(i)] for i in range(4)]]
    _, columns = drafted(_csv(tmp_path / "a.csv", rows))
    assert own(columns["หมายเลข"]) | {"labelEn": ""} == {
        "labelEn": "", "format": "thai_person_id", "identifier": "person", "keyName": "person_key",
    }  # fmt: skip


def test_a_file_without_a_header_is_refused_and_its_people_are_not_named(tmp_path: Path) -> None:
    path = _csv(tmp_path / "a.csv", [[_identifier(i), "นายสมมุติ ตัวอย่าง", "ปัตตานี"] for i in range(4)])
    with pytest.raises(UsageError, match="no row of headers") as refused:
        drafted(path)
    assert "19599" not in str(refused.value)


# ------------------------------------------------------------------------------------------------------------ command


def test_the_command_writes_a_draft_and_never_over_a_file_unasked(wells: Path, tmp_path: Path) -> None:
    out = tmp_path / "well.odcs.yaml"
    arguments = ["contracts", "draft", str(wells), "--dataset", "well", "--out", str(out)]
    first = CliRunner().invoke(build_app(), arguments, catch_exceptions=False)
    assert (first.exit_code, "lines to decide" in first.output) == (0, True)
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        CliRunner().invoke(build_app(), arguments, catch_exceptions=False)
    assert out.read_text(encoding="utf-8") == "mine"
    CliRunner().invoke(build_app(), [*arguments, "--replace"], catch_exceptions=False)
    assert out.read_text(encoding="utf-8") == draft_contract(wells, "well", agency_kind=None, period_kind=None).text


@pytest.mark.parametrize(
    ("given_", "told"),
    [({"agency_kind": "nobody"}, "No agency is"), ({"period_kind": "fortnight"}, "no kind of period")],
)
def test_words_that_are_not_known_are_refused(wells: Path, given_: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        drafted(wells, **given_)
