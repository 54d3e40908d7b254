"""The sender's workbook back: the same workbook, every bad cell coloured and explained, known again when it returns."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from ingestion.own_marks import EXPLANATION_HEADER, FILLS_SHEET, SIGNATURE, SUMMARY_SHEET
from ingestion.reports.from_check import check
from ingestion.reports.marked import own_workbook, writing
from ingestion.reports.marked.marks import MARKER
from ingestion.reports.marked.styles import COLOURS
from ingestion.reports.writing import write_report
from tests.unit.checking.helpers import POPULATION_HEADER, write_csv, write_xlsx

ROWS = [("950101", 1, 2, 3, 7), ("950102", 1, 2, 3, 7), ("950103", 1, 2, 3, 7)] + [
    (code, 1, 2, 3, 7) for code in ("950104", "950107", "950108", "950109", "950110", "950111", "950112")
]
TITLE = ("ประชากรและบ้าน",)


def send(path: Path, *, wrong: bool = True, total: bool = True, sheet: str = "ยะลา") -> Path:
    """A workbook of an agency: title, header in row 3, data from row 4, total row; B5 is wrong, E14 is asked about."""
    rows: list[Any] = [list(row) for row in ROWS]
    if wrong:
        rows[1][1] = "หนึ่ง"
    if total:
        rows.append(["รวม", 9 if wrong else 10, 20, 30, 71])
    write_xlsx(path, {sheet: [TITLE, [], POPULATION_HEADER, *rows], "บันทึกของเรา": [["ห้ามลบ"]]})
    book = openpyxl.load_workbook(path)
    table = book[sheet]
    table.merge_cells("A1:E1")
    table.column_dimensions["A"].width = 33
    table["A1"].font = Font(bold=True, size=18)
    table["B5"].fill = PatternFill("solid", fgColor="FF00FF00")
    table["B5"].comment = Comment("ความเห็นของเรา", "เจ้าหน้าที่")
    table["G20"] = "=1+1"
    book.save(path)
    return path


def marked(file: Path, folder: Path, dataset: str = "population") -> Any:
    write_report(check(file, dataset), folder)
    return openpyxl.load_workbook(folder / "marked.xlsx")


def colour(cell: Any) -> str | None:
    return cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type == "solid" else None


def found(folder: Path) -> list[tuple[str, str, str]]:
    issues = json.loads((folder / "report.json").read_text(encoding="utf-8"))["issues"]
    return [(one["code"], one["sheet"], one["cell"]) for one in issues]


def summary_texts(book: Any) -> str:
    return "\n".join(str(cell.value) for row in book[SUMMARY_SHEET] for cell in row if cell.value is not None)


def test_the_senders_own_workbook_comes_back_with_its_sheets_and_formatting(tmp_path: Path) -> None:
    book = marked(send(tmp_path / "ส่ง.xlsx"), tmp_path / "out")
    assert book.sheetnames[:3] == [SUMMARY_SHEET, "ยะลา", "บันทึกของเรา"]
    table = book["ยะลา"]
    assert [str(area) for area in table.merged_cells.ranges] == ["A1:E1"]
    assert (table.column_dimensions["A"].width, table["A1"].font.size, table["G20"].value) == (33, 18, "=1+1")
    assert [table.cell(4, i).value for i in range(1, 6)] == ["950101", 1, 2, 3, 7]
    assert book.active.title == SUMMARY_SHEET


def test_every_bad_cell_is_coloured_and_says_message_and_cure_thai_first(tmp_path: Path) -> None:
    table = marked(send(tmp_path / "ส่ง.xlsx"), tmp_path / "out")["ยะลา"]
    assert ("not_a_number", "ยะลา", "B5") in found(tmp_path / "out")
    for code, _, cell in found(tmp_path / "out"):
        if cell:
            assert colour(table[cell]) == COLOURS["error" if code == "not_a_number" else "query"], cell
    theirs, _, ours = table["B5"].comment.text.partition(MARKER)
    assert theirs.strip() == "ความเห็นของเรา"
    assert ours.index("ต้องแก้ไข") < ours.index("วิธีแก้") < ours.index("Must be corrected") < ours.index("What to do")
    assert colour(table["B4"]) is None


def test_the_first_sheet_has_verdict_counts_steps_links_and_legend(tmp_path: Path) -> None:
    book = marked(send(tmp_path / "ส่ง.xlsx", sheet="ยะลา's"), tmp_path / "out")
    summary, text = book[SUMMARY_SHEET], summary_texts(book)
    assert summary["A1"].value.startswith(SIGNATURE)
    assert {10, 9, 1} <= {cell.value for row in summary for cell in row}
    for words in ("ต้องทำอะไรต่อ", "สิ่งที่พบ", "ความหมายของสี", "โฟลเดอร์เดิม"):
        assert words in text
    links = {cell.hyperlink.location for row in summary for cell in row if cell.hyperlink}
    assert "'ยะลา''s'!B5" in links


def test_rows_with_a_query_have_a_place_to_explain_beside_the_table(tmp_path: Path) -> None:
    table = marked(send(tmp_path / "ส่ง.xlsx"), tmp_path / "out")["ยะลา"]
    [header] = [cell for cell in table[3] if cell.value == EXPLANATION_HEADER]
    assert header.column == 8  # G20 holds something of theirs
    assert table.cell(14, 8).value is None
    assert "ขอคำชี้แจง" in table.cell(14, 8).comment.text
    assert colour(table.cell(4, 8)) is None


def test_what_formulas_came_to_stays_readable_without_a_spreadsheet_program(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "สูตร.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("ยะลา")
        for i, row in enumerate([POPULATION_HEADER, *ROWS]):
            sheet.write_row(i, 0, row)
            if i:
                sheet.write_formula(i, 3, f"=B{i + 1}+C{i + 1}", None, 3)
        sheet.write_string(1, 4, "เจ็ด")
    marked(path, tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "marked.xlsx", data_only=True)["ยะลา"]
    assert [sheet.cell(i, 4).value for i in range(2, 12)] == [3] * 10
    assert openpyxl.load_workbook(tmp_path / "out" / "marked.xlsx")["ยะลา"]["D2"].value == "=B2+C2"


def test_a_marked_workbook_has_the_same_verdict_and_addresses_when_it_comes_back(tmp_path: Path) -> None:
    marked(send(tmp_path / "ส่ง.xlsx"), tmp_path / "first")
    book = marked(tmp_path / "first" / "marked.xlsx", tmp_path / "second")
    assert found(tmp_path / "second") == found(tmp_path / "first")
    assert [name for name in book.sheetnames if name.startswith(SUMMARY_SHEET)] == [SUMMARY_SHEET]
    assert sum(cell.value == EXPLANATION_HEADER for cell in book["ยะลา"][3]) == 1
    assert book["ยะลา"]["B5"].comment.text.count(MARKER) == 1


def test_what_was_corrected_gets_its_own_look_back(tmp_path: Path) -> None:
    book = marked(send(tmp_path / "ส่ง.xlsx"), tmp_path / "first")
    book["ยะลา"]["B5"], book["ยะลา"]["B14"], book["ยะลา"]["E14"] = 1, 10, 70
    book.save(tmp_path / "แก้แล้ว.xlsx")
    again = marked(tmp_path / "แก้แล้ว.xlsx", tmp_path / "second")
    assert found(tmp_path / "second") == []
    table = again["ยะลา"]
    assert (colour(table["B5"]), table["B5"].comment.text) == ("00FF00", "ความเห็นของเรา")
    assert (colour(table["E14"]), table["E14"].comment) == (None, None)
    assert again[FILLS_SHEET].sheet_state == "hidden"


def test_an_explanation_beside_a_row_answers_its_queries_also_without_a_database(tmp_path: Path) -> None:
    book = marked(send(tmp_path / "ส่ง.xlsx", wrong=False), tmp_path / "first")
    book["ยะลา"].cell(14, 8).value = "นับบ้านร้างด้วย"
    book.save(tmp_path / "ชี้แจง.xlsx")
    report = check(tmp_path / "ชี้แจง.xlsx", "population")
    [line] = report.issues()
    assert (line.code, line.explanation) == ("control_total_differs", "นับบ้านร้างด้วย")
    assert report.open_queries == 0
    write_report(report, tmp_path / "second")
    again = openpyxl.load_workbook(tmp_path / "second" / "marked.xlsx")
    assert colour(again["ยะลา"]["E14"]) == COLOURS["answered"]
    assert again["ยะลา"].cell(14, 8).value == "นับบ้านร้างด้วย"


def test_a_csv_sender_gets_a_workbook_with_every_cell_at_its_address(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][4] = '=HYPERLINK("http://example.invalid")'
    file = write_csv(tmp_path / "ส่ง.csv", [TITLE, POPULATION_HEADER, *rows])
    book = marked(file, tmp_path / "out")
    table = book["ข้อมูล"]
    assert [table.cell(2, i).value for i in range(1, 6)] == POPULATION_HEADER
    assert (table["E3"].value, table["E3"].data_type) == (rows[0][4], "s")  # text, not a formula
    assert colour(table["E3"]) == COLOURS["error"]
    assert (table["A4"].value, table["B4"].value) == ("950102", 1)
    assert "'ข้อมูล'!E3" in {cell.hyperlink.location for row in book[SUMMARY_SHEET] for cell in row if cell.hyperlink}


def test_of_a_large_file_come_only_the_rows_with_a_problem_and_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_ROWS", 5)
    table = marked(send(tmp_path / "ส่ง.xlsx"), tmp_path / "out")["ยะลา"]
    header, *rows = [[cell.value for cell in row] for row in table]
    assert header == [*POPULATION_HEADER, "_submission_id", "_sheet", "_row", "_codes", EXPLANATION_HEADER]
    assert [(row[0], row[6], row[7]) for row in rows] == [("950102", "ยะลา", "5"), ("รวม", "ยะลา", "14")]
    assert colour(table["B2"]) == COLOURS["error"]


def test_a_file_that_is_no_table_gets_a_workbook_that_says_why(tmp_path: Path) -> None:
    file = tmp_path / "ส่ง.xlsx"
    file.write_bytes(b"%PDF-1.7 not a workbook")
    book = marked(file, tmp_path / "out")
    assert book.sheetnames == [SUMMARY_SHEET]
    assert "PDF" in summary_texts(book)


def test_a_workbook_openpyxl_can_not_carry_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_workbook, "MEMORY_BYTES", 16 << 20)  # python itself does not fit: it gets no page more
    file = send(tmp_path / "ส่ง.xlsx")
    large = openpyxl.load_workbook(file)
    for number in range(20_000):  # more than what it may have left over from starting
        large["บันทึกของเรา"].append([f"บันทึกที่ {number}"])
    large.save(file)
    book = marked(file, tmp_path / "out")
    assert book.sheetnames == [SUMMARY_SHEET, "ยะลา", "บันทึกของเรา"]
    assert colour(book["ยะลา"]["B5"]) == COLOURS["error"]


def test_one_that_takes_too_long_is_made_anew_and_the_next_is_carried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(own_workbook, "SECONDS", 0)
        assert marked(send(tmp_path / "ช้า.xlsx"), tmp_path / "slow")["ยะลา"]["A1"].font.size != 18
    for folder in ("first", "second"):
        book = marked(send(tmp_path / f"{folder}.xlsx"), tmp_path / folder)
        assert book["ยะลา"]["A1"].font.size == 18, "its own look"


def test_personal_values_are_masked_but_in_the_senders_own_cells(tmp_path: Path) -> None:
    header = ["เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "ผลการตรวจสอบคุณสมบัติ", "วันที่ลงทะเบียน", "รหัสตำบล"]
    secret = "1959900000014"  # invented; its check digit is wrong
    rows = [[secret, "สมมติ", "ตัวอย่าง", "ผ่าน", "15/8/2565", "950101"]]
    book = marked(write_xlsx(tmp_path / "ส่ง.xlsx", {"ก": [header, *rows]}), tmp_path / "out", "welfare_card")
    assert book["ก"]["A2"].value == secret
    said = summary_texts(book) + "".join(
        cell.comment.text for row in book["ก"] for cell in row if cell.comment is not None
    )
    assert "เลขประจำตัวประชาชน" in said
    assert secret not in said
