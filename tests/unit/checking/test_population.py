"""The check of one dataset, cell by cell: what is found, where, and what becomes of the row."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import UsageError
from ingestion.checking import References, Scope, check_file
from ingestion.contracts import load_contract
from tests.unit.checking.helpers import POPULATION_HEADER, YALA, check, lenient, write_csv, write_xlsx

GOOD = [["950101", 10, 20, 30, 5], ["950102", 1, 2, 3, 4]]


def population(tmp_path: Path, *rows: list[object], header: list[str] = POPULATION_HEADER, before: int = 0) -> Path:
    return write_csv(tmp_path / "a.csv", [*([["หัวเรื่อง"]] * before), header, *rows])


def test_a_clean_file_is_accepted_without_any_issue(tmp_path: Path) -> None:
    checked = check(population(tmp_path, *GOOD), load_contract("population"))
    assert checked.verdict.verdict == "accepted"
    assert checked.issues == []
    assert checked.verdict.repairs == ()
    assert checked.accepted[0] == {
        "_sheet": "",
        "_row": 2,
        "tambon_code": "950101",
        "data_status": "final",
        "male_persons": 10,
        "female_persons": 20,
        "total_persons": 30,
        "houses": 5,
    }


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["", 1, 2, 3, 4], {("required_missing", "A4")}),
        (["950103", "", 2, 3, 4], {("required_missing", "B4")}),
        (["950103", "หนึ่ง", 2, 3, 4], {("not_a_number", "B4")}),
        (["950103", "1.5", 2, 3, 4], {("not_an_integer", "B4")}),
        (["950103", -1, 2, 1, 4], {("number_too_small", "B4")}),
        (["950103", 1, 2, 3, 9_999_999], {("number_too_large", "E4")}),
        (["950103", "1.10E+12", 2, 3, 4], {("number_destroyed", "B4")}),
        (["950103", 1, 2, 4, 4], {("sum_differs", "D4")}),
        (["999999", 1, 2, 3, 4], {("area_code_unknown", "A4")}),
        (["9501", 1, 2, 3, 4], {("area_level_wrong", "A4")}),
        (["940101", 1, 2, 3, 4], {("area_outside_province", "A4")}),
        (["950101", 1, 2, 3, 4], {("duplicate_key", "A4")}),
        (["๙๕๐๑๐๑", 1, 2, 3, 4], {("duplicate_key", "A4")}),
    ],
)
def test_an_error_keeps_its_row_out_and_the_others_in(tmp_path: Path, row: list[object], found: set) -> None:
    checked = check(population(tmp_path, *GOOD, row), lenient("population"))
    assert checked.found == found
    assert checked.verdict.verdict == "accepted_with_issues"
    assert [good["_row"] for good in checked.accepted] == [2, 3]
    assert [(bad["_row"], bad["codes"]) for bad in checked.rejected] == [(4, [code for code, _ in found])]
    assert f'"รหัสตำบล": "{row[0]}"' in checked.rejected[0]["content"]


def test_a_code_that_is_not_in_the_list_names_those_that_are(tmp_path: Path) -> None:
    header = [*POPULATION_HEADER, "สถานะ"]
    checked = check(
        population(tmp_path, [*GOOD[0], "ร่าง"], [*GOOD[1], "ข้อมูลเบื้องต้น"], header=header), lenient("population")
    )
    assert checked.found == {("code_unknown", "F2")}
    assert "สุดท้าย, เบื้องต้น" in checked.issues[0].message_th
    assert checked.accepted[0]["data_status"] == "provisional"


def test_repairs_are_counted_with_their_addresses(tmp_path: Path) -> None:
    checked = check(
        population(tmp_path, ["950101", "๑๐", "-", "1,0", 5], ["950102", "1,000", 2, "1002", 4]), lenient("population")
    )
    repairs = {(r.code, r.column): (r.repaired_cells, r.cells) for r in checked.verdict.repairs}
    assert repairs == {
        ("thai_digits", "male_persons"): (1, ("B2",)),
        ("dash_as_zero", "female_persons"): (1, ("C2",)),
        ("thousands_separator", "male_persons"): (1, ("B3",)),
    }
    assert checked.found == {("not_a_number", "D2")}


def test_a_retired_code_becomes_its_successor(tmp_path: Path) -> None:
    songkhla = replace(YALA, agency_id="registration_office_90", province_code="90")
    checked = check(population(tmp_path, ["900107", 1, 2, 3, 4]), load_contract("population"), songkhla)
    assert checked.accepted[0]["tambon_code"] == "901501"
    assert [r.code for r in checked.verdict.repairs] == ["area_code_retired"]


def test_titles_totals_headings_footnotes_and_repeated_headers_are_no_data(tmp_path: Path) -> None:
    header = ["ลำดับ", "ตำบล", *POPULATION_HEADER]
    rows = [
        ["อำเภอเมืองยะลา"],
        [1, "สะเตง", *GOOD[0]],
        [2, "บุดี", *GOOD[1]],
        ["", "รวมอำเภอเมืองยะลา", "", 11, 22, 33, 9],
        header,
        [3, "รวมใจ", "950201", 1, 1, 2, 1],
        ["", "รวมอำเภอเบตง", "", 1, 1, 2, 1],
        ["รวมทั้งจังหวัด", "", "", 12, 23, 35, 10],
        [],
        ["หมายเหตุ : ข้อมูล ณ วันที่ 31 ธันวาคม 2564"],
        ["ที่มา: กรมการปกครอง"],
    ]
    checked = check(population(tmp_path, *rows, header=header, before=2), load_contract("population"))
    assert [row["_row"] for row in checked.accepted] == [5, 6, 9]
    assert checked.found == {("unknown_column", "A3"), ("unknown_column", "B3")}


@pytest.mark.parametrize(
    ("total", "found"),
    [
        (["รวมทั้งสิ้น", 11, 22, 33, 10], {("control_total_differs", "E4")}),
        (["รวม", "11", "๒๒", "33", "9"], set()),
        (["รวม", 11, 22, 33, "-"], {("control_total_differs", "E4")}),
    ],
)
def test_the_files_own_total_is_compared(tmp_path: Path, total: list[object], found: set) -> None:
    checked = check(population(tmp_path, *GOOD, total), load_contract("population"))
    assert checked.found == found
    assert checked.verdict.accepted_rows == 2
    assert all(issue.severity == "query" for issue in checked.issues)


def test_a_total_above_the_data_is_compared_too(tmp_path: Path) -> None:
    checked = check(population(tmp_path, ["รวม", 11, 22, 34, 9], *GOOD), load_contract("population"))
    assert checked.found == {("control_total_differs", "D2")}


def test_a_cell_that_is_no_number_does_not_also_break_the_total(tmp_path: Path) -> None:
    checked = check(
        population(tmp_path, GOOD[0], ["950102", "x", 2, 3, 4], ["รวม", 11, 22, 33, 9]), lenient("population")
    )
    assert checked.found == {("not_a_number", "B3")}


def test_a_file_above_its_error_share_is_refused_whole(tmp_path: Path) -> None:
    checked = check(population(tmp_path, *GOOD, ["950103", "x", 2, 3, 4]), load_contract("population"))
    assert (checked.verdict.verdict, checked.verdict.reason_code) == ("rejected", "too_many_errors")
    assert ("not_a_number", "B4") in checked.found


def test_another_provinces_file_is_refused_by_its_content(tmp_path: Path) -> None:
    pattani = Scope("registration_office_94", "population", "2564", "all", "94")
    checked = check(population(tmp_path, *GOOD), load_contract("population"), pattani)
    assert (checked.verdict.verdict, checked.verdict.reason_code) == ("rejected", "wrong_province")


def test_without_a_folder_what_must_agree_with_it_is_skipped_and_said(tmp_path: Path) -> None:
    checked = check(population(tmp_path, *GOOD), load_contract("population"), None)
    assert checked.verdict.verdict == "accepted"
    assert "area_outside_province" in checked.verdict.skipped_checks


def test_columns_may_stand_in_any_order_under_any_accepted_name(tmp_path: Path) -> None:
    header = [" Houses ", "รวม (คน)", "หญิง (คน)", "เพศชาย", "รหัสพื้นที่"]
    checked = check(population(tmp_path, [5, 30, 20, 10, "950101"], header=header), load_contract("population"))
    assert checked.verdict.verdict == "accepted"
    assert (checked.accepted[0]["houses"], checked.accepted[0]["male_persons"]) == (5, 10)


def test_stacked_headers_are_read_together(tmp_path: Path) -> None:
    rows = [["รหัสตำบล", "จำนวนประชากร", None, None, "จำนวนบ้าน"], [None, "ชาย", "หญิง", "รวม", None], *GOOD]
    checked = check(write_xlsx(tmp_path / "a.xlsx", {"a": rows}), load_contract("population"))
    assert checked.verdict.verdict == "accepted"
    assert [row["_row"] for row in checked.accepted] == [3, 4]


def test_a_missing_column_is_named_with_what_would_be_accepted(tmp_path: Path) -> None:
    checked = check(
        population(tmp_path, *GOOD, header=["รหัสตำบล", "ชาย", "หญิง", "รวม", "บ้านเรือน"]), load_contract("population")
    )
    assert (checked.verdict.verdict, checked.verdict.reason_code) == ("rejected", "missing_column")
    assert "หลังคาเรือน" in checked.issues[0].message_th
    assert checked.verdict.rows == 0


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    header = [*POPULATION_HEADER, "ชาย"]
    checked = check(population(tmp_path, [*GOOD[0], 7], header=header), load_contract("population"))
    assert checked.verdict.reason_code == "duplicate_column"
    assert ("duplicate_column", "F1") in checked.found


def test_the_sheet_whose_header_fits_is_used(tmp_path: Path) -> None:
    sheets = {"คำอธิบาย": [["วิธีกรอก"]], "ข้อมูล": [POPULATION_HEADER, *GOOD]}
    checked = check(write_xlsx(tmp_path / "a.xlsx", sheets), load_contract("population"))
    assert checked.verdict.verdict == "accepted"
    assert {row["_sheet"] for row in checked.accepted} == {"ข้อมูล"}


def test_two_sheets_that_fit_are_a_query(tmp_path: Path) -> None:
    sheets = {"ก": [POPULATION_HEADER, *GOOD], "ข": [POPULATION_HEADER, *GOOD]}
    checked = check(write_xlsx(tmp_path / "a.xlsx", sheets), load_contract("population"))
    assert checked.found == {("several_sheets_fit", None)}
    assert {row["_sheet"] for row in checked.accepted} == {"ก"}


def test_a_union_of_sheets_shares_its_keys(tmp_path: Path) -> None:
    sheets = {"ก": [POPULATION_HEADER, *GOOD], "ข": [POPULATION_HEADER, ["950103", 1, 1, 2, 1], GOOD[1]]}
    contract = replace(lenient("population"), sheets="union")
    checked = check(write_xlsx(tmp_path / "a.xlsx", sheets), contract)
    assert [(row["_sheet"], row["_row"]) for row in checked.accepted] == [("ก", 2), ("ก", 3), ("ข", 2)]
    assert checked.found == {("duplicate_key", "A3")}
    assert "แถวที่ 3 ของแผ่นงาน ก" in checked.issues[0].message_th


def test_a_key_repeated_chunks_later_is_found(tmp_path: Path) -> None:
    """About 12 MB of text: more than one block of four."""
    padding = "x" * 60_000
    header = [*POPULATION_HEADER, "note"]
    tambons = sorted(code for code in References.load().areas["tambon"] if code.startswith("90"))
    rows = [[code, 1, 2, 3, 4, padding] for code in tambons] + [[tambons[3], 1, 2, 3, 4, padding]]
    checked = check(write_csv(tmp_path / "a.csv", [header, *rows]), lenient("population"), None)
    assert ("duplicate_key", f"A{len(rows) + 1}") in checked.found
    assert "แถวที่ 5" in next(i for i in checked.issues if i.code == "duplicate_key").message_th


def test_the_verdict_can_be_asked_before_or_without_reading_the_rows(tmp_path: Path) -> None:
    path = population(tmp_path, *GOOD)
    with check_file(path, load_contract("population"), YALA, References.load()) as run:
        assert run.verdict.accepted_rows == 2
    assert path.exists()


def test_a_check_left_half_way_has_no_verdict(tmp_path: Path) -> None:
    """A partial count must never pass for the result of the file."""
    rows = [["950101", 1, 2, 3, 4, "x" * 90_000]] * 150
    path = write_csv(tmp_path / "a.csv", [[*POPULATION_HEADER, "note"], *rows])
    with check_file(path, lenient("population"), YALA, References.load()) as run:
        next(iter(run))
    with pytest.raises(UsageError, match="left before its end"):
        _ = run.verdict
