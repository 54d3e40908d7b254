"""Every layout in every format: the same rows, and each address is that of the cell in the file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingestion.contracts import Contract, load_contract
from tests.unit.checking.helpers import POPULATION_HEADER, Checked, check, lenient, write_xlsx
from tests.unit.reading.writing import EVERY, TEXTS, WORKBOOKS, Merge, json_lines, xlsx

H = POPULATION_HEADER
GOOD = [["950101", 10, 20, 30, 5], ["950102", 1, 2, 3, 4]]
BAD = ["950103", 1, 2, "สาม", 4]  # its marked cell is looked for in the file


def reading(cell: str, rows: list[list[Any]]) -> object:
    """What the file's own rows hold at an address."""
    column, row = openpyxl.utils.cell.coordinate_from_string(cell)
    return rows[row - 1][openpyxl.utils.column_index_from_string(column) - 1]


def found_bad_cell(checked: Checked, rows: list[list[Any]]) -> None:
    problem = next(issue for issue in checked.issues if issue.code == "not_a_number")
    assert reading(str(problem.cell), rows) == "สาม"
    assert rows[int(problem.row or 0) - 1][: len(rows[-1])].count("สาม") == 1


LAYOUTS: dict[str, list[list[Any]]] = {
    "plain": [H, *GOOD, BAD],
    "titles": [["ประชากรและบ้าน ปี 2564"], ["จังหวัดยะลา", None, None, None, None], [], H, *GOOD, BAD],
    "blank rows and columns": [[], [], *[["", "", *row] for row in [H, *GOOD, BAD]]],
    "two header rows": [
        ["รหัสตำบล", "จำนวนประชากร", "", "", "จำนวนบ้าน"], ["", "ชาย", "หญิง", "รวม", ""], *GOOD, BAD,
    ],
    "three header rows": [
        ["ลำดับ", "รหัส", "จำนวน", "", "", ""],
        ["", "ตำบล", "ประชากร", "", "", "หลังคาเรือน"],
        ["", "", "ชาย (คน)", "หญิง (คน)", "รวม (คน)", "(หลัง)"],
        *[[i, *row] for i, row in enumerate([*GOOD, BAD], start=1)],
    ],
    "units below and numbered columns": [
        ["รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน"], ["", "(คน)", "(คน)", "(คน)", "(หลัง)"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"], *GOOD, BAD,
    ],
    "headers in two languages": [
        H, ["Tambon code", "Male", "Female", "Total", "Houses"], *GOOD, BAD,
    ],
    "two languages in one cell": [
        ["รหัสตำบล\nTambon code", "ชาย\n(Male)", "หญิง / Female", "รวม\nTotal", "จำนวนบ้าน (Houses)"], *GOOD, BAD,
    ],
    "sections, subtotals, notes": [
        H, ["อำเภอเมืองยะลา", "", "", "", ""], *GOOD, ["รวมอำเภอเมืองยะลา", 11, 22, 33, 9], [],
        ["อำเภอเบตง", "", "", "", ""], BAD, ["รวมทั้งสิ้น", "", "", "", ""],
        ["หมายเหตุ : ข้อมูล ณ วันที่ 31 ธันวาคม 2564", "", "", "", ""],
        ["", "", "ลงชื่อ.....................ผู้รับรอง", "", ""],
    ],
    "another table beside": [
        [*H, "", "ปี", "รวม"], [*GOOD[0], "", "2562", 99], [*GOOD[1], "", "2563", 98], [*BAD, "", "", ""],
        ["", "", "", "", "", "", "2564", 97],
    ],
    "the table is the second one": [
        ["ปี", "รวม", "", *H], ["2562", 99, "", *GOOD[0]], ["2563", 98, "", *GOOD[1]], ["", "", "", *BAD],
    ],
    "header repeated on each page": [H, GOOD[0], H, GOOD[1], H, BAD],
    "columns in another order": [list(reversed(row)) for row in [H, *GOOD, BAD]],
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", EVERY)
def test_the_rows_of_a_layout_are_found_with_their_addresses(tmp_path: Path, layout: str, form: str) -> None:
    rows = LAYOUTS[layout]
    width = max(map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    checked = check(EVERY[form](tmp_path / "ข้อมูล.dat", rows), lenient("population"))
    assert [(row["tambon_code"], row["houses"]) for row in checked.accepted] == [("950101", 5), ("950102", 4)]
    for row in checked.accepted:
        assert row["tambon_code"] in rows[row["_row"] - 1]
    found_bad_cell(checked, rows)
    assert {i.code for i in checked.issues} <= {"not_a_number", "unknown_column"}, checked.found


@pytest.mark.parametrize("form", WORKBOOKS)
def test_merged_header_cells_are_read_with_their_children(tmp_path: Path, form: str) -> None:
    merges: list[Merge] = [(1, 1, 0, 4), (2, 3, 0, 0), (2, 2, 1, 3), (2, 3, 4, 4)]
    rows = [["ประชากรปี 2564", "", "", "", ""], *LAYOUTS["two header rows"]]
    checked = check(WORKBOOKS[form](tmp_path / "a", rows, merges), lenient("population"))
    assert [row["_row"] for row in checked.accepted] == [4, 5]
    found_bad_cell(checked, rows)


def test_a_parent_gives_its_children_their_meaning_and_doubt_is_refused(tmp_path: Path) -> None:
    """Two years side by side under one name each: which year is meant can't be known from a position."""
    rows = [
        ["รหัสตำบล", "ปี 2563", "", "", "ปี 2564", "", "", "จำนวนบ้าน"],
        ["", "ชาย", "หญิง", "รวม", "ชาย", "หญิง", "รวม", ""],
        ["950101", 1, 2, 3, 10, 20, 30, 5],
    ]
    checked = check(xlsx(tmp_path / "a", rows), lenient("population"))
    assert checked.verdict.verdict == "rejected"
    assert {("duplicate_column", "E2"), ("duplicate_column", "F2"), ("duplicate_column", "G2")} <= checked.found


def test_a_total_under_its_own_parent_is_that_parents(tmp_path: Path) -> None:
    rows = [
        ["รหัสตำบล", "ประชากร", "", "", "จำนวนบ้าน", ""],
        ["", "ชาย", "หญิง", "รวม", "รวม", "มีผู้อยู่"],
        ["950101", 10, 20, 30, 5, 4],
    ]
    checked = check(xlsx(tmp_path / "a", rows), lenient("population"))
    assert (checked.accepted[0]["total_persons"], checked.accepted[0]["houses"]) == (30, 5)
    assert checked.found == {("unknown_column", "F2")}


def sheet_of_words(contract: Contract) -> Contract:
    """The same contract with a column that may be filled down."""
    columns = tuple(replace(c, fill_down_merged=c.name == "data_status") for c in contract.columns)
    return replace(contract, columns=columns)


@pytest.mark.parametrize("form", WORKBOOKS)
def test_merged_cells_are_filled_down_where_the_contract_allows(tmp_path: Path, form: str) -> None:
    rows = [
        [*H, "สถานะ"],
        [*GOOD[0], "เบื้องต้น"],
        [*GOOD[1], ""],
        ["950103", 1, 1, 2, 1, ""],
    ]
    path = WORKBOOKS[form](tmp_path / "a", rows, [(2, 3, 5, 5)])
    allowed = check(path, sheet_of_words(lenient("population")))
    assert [row["data_status"] for row in allowed.accepted] == ["provisional", "provisional", None]
    assert [(r.code, r.column, r.repaired_cells) for r in allowed.verdict.repairs] == [
        ("merged_cell_filled", "data_status", 1)
    ]
    assert allowed.verdict.repairs[0].cells[0].endswith("F3")
    assert [row["data_status"] for row in check(path, lenient("population")).accepted] == ["provisional", None, None]


def test_merged_cells_are_filled_down_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child sends 20,000 rows at a time."""
    count = 20_500
    rows = [[*H, "สถานะ"]] + [["950101", 1, 1, 2, 1, "เบื้องต้น" if i == 0 else ""] for i in range(count)]
    checked = check(xlsx(tmp_path / "a", rows, [(2, count + 1, 5, 5)]), sheet_of_words(lenient("population")))
    assert next(r.repaired_cells for r in checked.verdict.repairs if r.code == "merged_cell_filled") == count - 1


@pytest.mark.parametrize("form", WORKBOOKS)
def test_error_values_of_a_workbook_never_pass_for_empty_cells(tmp_path: Path, form: str) -> None:
    rows = [[], ["", *H, "สถานะ"], ["", "950101", "#N/A", 20, 30, 5, "#REF!"], ["", "950102", 1, 2, "#DIV/0!", 4, ""]]
    checked = check(WORKBOOKS[form](tmp_path / "a", rows), lenient("population"))
    assert {("excel_error_value", "C3"), ("excel_error_value", "G3"), ("excel_error_value", "E4")} == checked.found


@pytest.mark.parametrize("form", ["xlsx", "csv cp874"])
def test_what_is_skipped_is_counted_and_named(tmp_path: Path, form: str) -> None:
    long_note = "ข้อความยาวที่ไม่ขึ้นต้นด้วยคำว่าหมายเหตุ " * 3
    rows = [H, ["อำเภอเมืองยะลา"], *GOOD, ["รวม", 11, 22, 33, 9], H, [long_note], ["ที่มา: กรมการปกครอง"]]
    rows = [[*row, *[""] * (5 - len(row))] for row in rows]
    checked = check(EVERY[form](tmp_path / "a", rows), lenient("population"))
    named = {r.code: tuple(cell.rpartition("!")[2] for cell in r.cells) for r in checked.verdict.repairs}
    assert named == {
        "row_read_as_heading": ("A2", "A7"),
        "row_read_as_total": ("A5",),
        "header_repeated": ("A6",),
        "row_read_as_note": ("A8",),
    }
    assert checked.issues == []


def test_a_long_text_alone_in_its_own_column_is_a_record(tmp_path: Path) -> None:
    header = [*H, "สถานะ"]
    rows = [header, [*GOOD[0], ""], ["", "", "", "", "", "ข้อความของช่องนี้ซึ่งยาวกว่าหัวข้อใด " * 5]]
    checked = check(xlsx(tmp_path / "a", rows), lenient("population"))
    assert ("required_missing", "A3") in checked.found
    assert [row["_row"] for row in checked.rejected] == [3]


def test_names_that_begin_like_a_total_are_data(tmp_path: Path) -> None:
    rows = [[*H, "ชื่อ"], [*GOOD[0], "รวมใจ"], ["", 1, 2, 3, 4, "รวมไทยพัฒนา"], ["", 1, 2, 3, 4, "x รวม"]]
    checked = check(xlsx(tmp_path / "a", rows), lenient("population"))
    assert checked.verdict.rows == 3
    assert ("required_missing", "A3") in checked.found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # subtotals below their blocks, a grand total above all
        ([["รวมทั้งสิ้น", 13, 24, 37, 11], ["อ.เมือง"], *GOOD, ["รวมอำเภอเมืองยะลา", 11, 22, 33, 9], ["950201", 2, 2, 4, 2],
          ["รวมอำเภอเบตง", 2, 2, 4, 2]], set()),
        # subtotals above their blocks
        ([["รวมอำเภอเมืองยะลา", 11, 22, 33, 9], *GOOD, ["รวมอำเภอเบตง", 2, 2, 4, 2], ["950201", 2, 2, 4, 2],
          ["รวมจังหวัดยะลา", 13, 24, 37, 11]], set()),
        # tambon within amphoe within province
        ([GOOD[0], ["รวมตำบลสะเตง", 10, 20, 30, 5], GOOD[1], ["รวมตำบลบุดี", 1, 2, 3, 4],
          ["รวมอำเภอเมืองยะลา", 11, 22, 33, 9], ["รวมทั้งจังหวัด", 11, 22, 33, 9]], set()),
        # the second block is wrong, and the grand total is the sum of what is there
        ([*GOOD, ["รวมอำเภอเมืองยะลา", 11, 22, 33, 9], ["950201", 2, 2, 4, 2], ["รวมอำเภอเบตง", 2, 2, 4, 99],
          ["รวมทั้งสิ้น", 13, 24, 37, 11]], {("control_total_differs", "E6")}),
        # a subtotal must not be excused by the sum of everything
        ([*GOOD, ["รวมอำเภอเมืองยะลา", 11, 22, 33, 9], ["950201", 2, 2, 4, 2], ["รวมอำเภอเบตง", 13, 24, 37, 11]],
         {("control_total_differs", cell) for cell in ("B6", "C6", "D6", "E6")}),
    ],
)  # fmt: skip
def test_subtotals_are_held_against_their_block_and_grand_totals_against_all(
    tmp_path: Path, rows: list[list[Any]], found: set[tuple[str, str]]
) -> None:
    checked = check(xlsx(tmp_path / "a", [H, *rows]), lenient("population"))
    assert checked.found == found
    assert checked.verdict.rows == 3 - (len(rows) == 6 and rows[1][0] == "รวมตำบลสะเตง")


def test_two_tables_side_by_side_that_both_fit_are_asked_about(tmp_path: Path) -> None:
    rows = [[*row, "", *row] for row in (H, *GOOD)]
    checked = check(xlsx(tmp_path / "a", rows), lenient("population"))
    assert checked.verdict.accepted_rows == 2
    assert [(i.code, i.severity) for i in checked.issues] == [("several_tables_fit", "query")]
    assert "G1" in checked.issues[0].message_th


def test_a_column_that_holds_something_under_no_header_is_asked_about(tmp_path: Path) -> None:
    rows = [[*H, ""], [*GOOD[0], ""], [*GOOD[1], "หมายเหตุในช่อง"]]
    for form in ("xlsx", "csv cp874"):
        checked = check(EVERY[form](tmp_path / "a", rows), lenient("population"))
        assert checked.found == {("column_without_header", "F3")}


def with_hidden(path: Path, *names: str) -> Path:
    book = openpyxl.load_workbook(path)
    for name in names:
        book[name].sheet_state = "hidden"
    book.save(path)
    return path


def test_hidden_sheets_are_said(tmp_path: Path) -> None:
    sheets = {"เก่า": [H, *GOOD], "ใหม่": [H, *GOOD], "คู่มือ": [["อ่านก่อน"]]}
    path = with_hidden(write_xlsx(tmp_path / "a.xlsx", sheets), "เก่า")
    checked = check(path, load_contract("population"))
    assert {row["_sheet"] for row in checked.accepted} == {"ใหม่"}
    assert checked.verdict.verdict == "accepted"
    assert [(r.code, r.cells) for r in checked.verdict.repairs] == [("hidden_sheet_skipped", ("เก่า!A1",))]
    only = with_hidden(write_xlsx(tmp_path / "b.xlsx", sheets), "เก่า", "ใหม่")
    assert {"hidden_sheet_used", "several_sheets_fit"} == {
        i.code for i in check(only, load_contract("population")).issues
    }


def test_a_sheet_of_a_union_that_lacks_a_column_is_asked_about(tmp_path: Path) -> None:
    sheets = {"ก": [H, GOOD[0]], "ข": [H[:4], GOOD[1][:4]]}
    checked = check(write_xlsx(tmp_path / "a.xlsx", sheets), replace(lenient("population"), sheets="union"))
    assert [(i.code, i.sheet) for i in checked.issues] == [("sheet_not_used", "ข")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_json_lines_are_rows_by_line_and_columns_by_first_appearance(tmp_path: Path, encoding: str) -> None:
    path = json_lines(tmp_path / "a", H, [*GOOD, BAD], encoding)
    checked = check(path, lenient("population"))
    assert [(row["_row"], row["tambon_code"], row["houses"]) for row in checked.accepted] == [
        (1, "950101", 5), (2, "950102", 4),
    ]  # fmt: skip
    assert checked.found == {("not_a_number", "D3")}


def test_json_lines_keep_numbers_as_written_and_name_each_bad_line(tmp_path: Path) -> None:
    lines = [
        '{"ชาย": 10, "รหัสตำบล": "950101", "หญิง": 20, "รวม": 30, "จำนวนบ้าน": 5}',
        "",
        '{"รหัสตำบล": 950102, "ชาย": "๑", "หญิง": 2, "รวม": 3, "จำนวนบ้าน": 4, "ใหม่": null}',
        '{"รหัสตำบล": "950103", "ชาย": 1,',
        '{"รหัสตำบล": "950104", "ชาย": 1, "ชาย": 2, "หญิง": 2, "รวม": 3, "จำนวนบ้าน": 4}',
        "[1, 2]",
        '{"รหัสตำบล": "950105", "ชาย": 1.10E+12, "หญิง": 2, "รวม": 3, "จำนวนบ้าน": 4}',
        '{"รหัสตำบล": "950106", "ชาย": 1, "หญิง": NaN, "รวม": 3, "จำนวนบ้าน": 4}',
        '{"รหัสตำบล": "950107", "ชาย": [1], "หญิง": 2, "รวม": 3, "จำนวนบ้าน": 4}',
    ]
    (tmp_path / "a").write_text("\n".join(lines), encoding="utf-8")
    checked = check(tmp_path / "a", lenient("population"))
    assert [(row["_row"], row["male_persons"]) for row in checked.accepted] == [(1, 10), (3, 1)]
    assert checked.found == {
        ("unknown_column", "F3"), ("json_line_broken", "A4"), ("json_line_broken", "A5"), ("json_line_broken", "A6"),
        ("number_destroyed", "A7"), ("json_line_broken", "A8"), ("not_a_number", "A9"),
    }  # fmt: skip
    assert '"950103"' in next(row["content"] for row in checked.rejected if row["_row"] == 4).replace("\\", "")


@pytest.mark.parametrize("form", TEXTS)
def test_missing_columns_are_named_in_every_format(tmp_path: Path, form: str) -> None:
    checked = check(TEXTS[form](tmp_path / "a", [H[:-1], GOOD[0][:-1]]), lenient("population"))
    assert checked.verdict.reason_code == "missing_column"
    assert "หลังคาเรือน" in checked.issues[0].message_th
