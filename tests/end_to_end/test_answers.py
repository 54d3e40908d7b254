"""Papers that come back: answers beside queries close them, corrected bad rows make a revision, on a real server."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core import database
from ingestion import explanations, intake
from ingestion.own_marks import EXPLANATION_HEADER, SUMMARY_SHEET
from ingestion.reports.marked import writing
from ingestion.stages import Processed
from tests.end_to_end.dropping import (
    HEADER,
    Row,
    bad_rows,
    bad_rows_csv,
    csv_bytes,
    drop,
    outbox,
    query,
    receipt,
    rows_of,
    tambon_rows,
)
from tests.end_to_end.test_intake import ingest_one
from tests.end_to_end.test_intake_commands import as_json, chaidaen

pytestmark = pytest.mark.usefixtures("module_home")
TOTAL: Row = ("รวม", 10 * 40, 12 * 40, 22 * 40, 999)


def xlsx_bytes(rows: list[Row], header: Row = HEADER) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "ปัตตานี"
    for row in [header, *rows]:
        sheet.append([str(cell) if i == 0 else cell for i, cell in enumerate(row)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_wrong_rows(count: int = 40, wrong: tuple[int, ...] = (3,)) -> list[Row]:
    """Rows of which those at the given places have a word where a number belongs."""
    rows = tambon_rows(count)
    return [(row[0], "สิบ", *row[2:]) if i in wrong else row for i, row in enumerate(rows)]


def edited(marked: Path, edit: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(marked)
    edit(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def invented_person(number: int) -> str:
    """A number of a district that does not exist, with the right check digit."""
    digits = f"19599{number:07d}"
    rest = sum((13 - i) * int(digit) for i, digit in enumerate(digits)) % 11
    return f"{digits}{(11 - rest) % 10}"


def drop_first(part: str, wrong: tuple[int, ...] = (3,)) -> Processed:
    drop(csv_bytes(with_wrong_rows(wrong=wrong)), "ประชากร.csv", part=part)
    return ingest_one()


# ---- queries answered in the workbook ------------------------------------------------------------------------------


def test_an_answer_beside_the_row_closes_the_query_and_the_data_are_loaded_again() -> None:
    drop(xlsx_bytes([*tambon_rows(40), TOTAL]), "ประชากร.xlsx", part="answer_row")
    first = ingest_one()
    [asked] = query("select code, row_no from ops.issues where submission_id = %s", first.submission_id)
    assert asked == {"code": "control_total_differs", "row_no": 42}

    def answer(book: Any) -> None:
        sheet = book["ปัตตานี"]
        column = next(cell.column for cell in sheet[1] if cell.value == EXPLANATION_HEADER)
        sheet.cell(42, column).value = "ยอดรวมนับบ้านร้างด้วย โทร 1-9599-00000-01-3"

    drop(edited(outbox(first.submission_id) / "marked.xlsx", answer), "ประชากร (ชี้แจง).xlsx", part="answer_row")
    second = ingest_one()
    assert (second.state, second.revision, second.rows) == ("loaded", 2, 40)
    [kept] = query("select * from ops.explanations where submission_id = %s", second.submission_id)
    assert (kept["sheet"], kept["row_no"], kept["given_by"]) == ("ปัตตานี", 42, "registration_office_94")
    assert kept["text"].startswith("ยอดรวมนับบ้านร้างด้วย")
    assert "00000" not in kept["text"]
    assert query(
        "select count(*) as open from ops.issues where submission_id = %s and explanation_id is null",
        second.submission_id,
    ) == [{"open": 0}]
    assert "ยอดรวมนับบ้านร้างด้วย" in (outbox(second.submission_id) / "report.html").read_text(encoding="utf-8")
    assert as_json("receipt", second.submission_id)["open_queries"] == 0


def test_an_answer_in_the_summary_closes_all_queries_of_its_kind() -> None:
    drop(xlsx_bytes([*tambon_rows(40), TOTAL]), "ประชากร.xlsx", part="answer_kind")
    first = ingest_one()

    def answer(book: Any) -> None:
        summary = book[SUMMARY_SHEET]
        [header] = [cell for row in summary for cell in row if cell.value == EXPLANATION_HEADER]
        [kind] = [cell for row in summary for cell in row if str(cell.value).startswith("chaidaen:query:")]
        summary.cell(kind.row, header.column).value = "ตรวจแล้ว ถูกต้อง"

    drop(edited(outbox(first.submission_id) / "marked.xlsx", answer), "ประชากร.xlsx", part="answer_kind")
    second = ingest_one()
    [line] = query(
        "select e.text, e.row_no from ops.issues as i join ops.explanations as e using (explanation_id)"
        " where i.submission_id = %s",
        second.submission_id,
    )
    assert line == {"text": "ตรวจแล้ว ถูกต้อง", "row_no": None}


def test_a_query_can_be_answered_from_the_command_line() -> None:
    drop(xlsx_bytes([*tambon_rows(40), TOTAL]), "ประชากร.xlsx", part="answer_cli")
    done = ingest_one()
    assert as_json("receipt", done.submission_id)["open_queries"] == 1
    shown = as_json("explain", done.submission_id, "control_total_differs", "นับบ้านร้างด้วย")
    assert shown["open_queries"] == 0
    assert "นับบ้านร้างด้วย" in (outbox(done.submission_id) / "report.html").read_text(encoding="utf-8")
    chaidaen("explain", done.submission_id, "no_such_code", "x", code=2)


def test_papers_of_an_answer_that_was_killed_before_they_were_written_are_written_by_whoever_comes_next() -> None:
    drop(xlsx_bytes([*tambon_rows(40), TOTAL]), "ประชากร.xlsx", part="answer_killed")
    done = ingest_one()
    with database.connect() as connection:
        assert explanations.explain(connection, done.submission_id, "control_total_differs", "นับบ้านร้างด้วย", "x") == 1
    page = outbox(done.submission_id) / "report.html"
    assert "นับบ้านร้างด้วย" not in page.read_text(encoding="utf-8")
    intake.process_all()
    assert "นับบ้านร้างด้วย" in page.read_text(encoding="utf-8")


def test_a_marked_workbook_corrected_and_dropped_is_simply_accepted() -> None:
    drop(xlsx_bytes(with_wrong_rows()), "ประชากร.xlsx", part="corrected")
    first = ingest_one()
    assert (first.state, first.accepted_rows, first.rejected_rows) == ("loaded", 39, 1)

    def correct(book: Any) -> None:
        assert book["ปัตตานี"]["B5"].fill.fgColor.rgb.endswith("FF9C9C")
        book["ปัตตานี"]["B5"].value = 10

    drop(edited(outbox(first.submission_id) / "marked.xlsx", correct), "แก้แล้ว.xlsx", part="corrected")
    second = ingest_one()
    assert (second.state, second.verdict, second.accepted_rows) == ("loaded", "accepted", 40)
    assert not query("select from ops.issues where submission_id = %s", second.submission_id)
    again = openpyxl.load_workbook(outbox(second.submission_id) / "marked.xlsx")
    assert again["ปัตตานี"]["B5"].fill.fill_type is None
    assert again["ปัตตานี"]["B5"].comment is None


# ---- bad rows that come back ---------------------------------------------------------------------------------------


def test_corrected_bad_rows_make_a_revision_of_the_accepted_rows_plus_the_corrected() -> None:
    first = drop_first("mend", wrong=(3, 7))
    back = bad_rows(first.submission_id)
    back[0]["ชาย"] = "10"
    drop(bad_rows_csv(back), "bad_rows.csv", part="mend")
    second = ingest_one()
    assert (second.state, second.revision, second.verdict) == ("loaded", 2, "accepted_with_issues")
    assert (second.rows, second.accepted_rows, second.rejected_rows) == (40, 39, 1)
    loaded = rows_of("raw", "population", second.submission_id)
    assert [row["_row"] for row in loaded] == [row for row in range(2, 42) if row != 9]
    assert {row["male_persons"] for row in loaded} == {10}
    [issue] = query("select sheet, row_no, cell, code from ops.issues where submission_id = %s", second.submission_id)
    assert (issue["row_no"], issue["cell"], issue["code"]) == (3, "B3", "not_a_number")  # in the returned file
    [event] = query(
        "select reason from ops.submission_events where submission_id = %s and state = 'checked'", second.submission_id
    )
    assert event["reason"] == f"submission {first.submission_id} with 1 rows corrected"
    assert receipt(second.submission_id)["base_submission_id"] == first.submission_id
    [still] = bad_rows(second.submission_id)
    assert (still["_submission_id"], still["_row"], still["ชาย"]) == (str(second.submission_id), "9", "สิบ")

    still["ชาย"] = "10"  # the next round mends what is left
    drop(bad_rows_csv([still]), "bad_rows.csv", part="mend")
    third = ingest_one()
    assert (third.state, third.revision, third.verdict, third.accepted_rows) == ("loaded", 3, "accepted", 40)


def test_rows_corrected_from_an_earlier_round_still_find_their_place() -> None:
    """The first bad_rows.csv, corrected further after a part of it was sent, mends the revision made of it."""
    first = drop_first("two_rounds", wrong=(3, 7))
    one, other = bad_rows(first.submission_id)
    one["ชาย"] = other["ชาย"] = "10"
    drop(bad_rows_csv([one]), "a.csv", part="two_rounds")
    assert ingest_one().rejected_rows == 1
    drop(bad_rows_csv([other]), "b.csv", part="two_rounds")
    assert ingest_one().accepted_rows == 40


def test_a_refused_file_is_mended_by_its_bad_rows_too() -> None:
    """Nothing of it was loaded, so its good rows are read again from the archive."""
    first = drop_first("refused", wrong=(3, 7, 9, 11))
    assert (first.state, first.reason_code) == ("rejected", "too_many_errors")
    back = bad_rows(first.submission_id)
    for row in back:
        row["ชาย"] = "10"
    drop(bad_rows_csv(back), "bad_rows.csv", part="refused")
    second = ingest_one()
    assert (second.state, second.verdict, second.accepted_rows) == ("loaded", "accepted", 40)
    assert len(rows_of("raw", "population", second.submission_id)) == 40


def test_too_few_corrections_of_a_refused_file_leave_it_refused_and_mendable() -> None:
    first = drop_first("still_refused", wrong=(3, 7, 9, 11, 13))
    back = bad_rows(first.submission_id)
    back[0]["ชาย"] = "10"
    drop(bad_rows_csv(back), "bad_rows.csv", part="still_refused")
    second = ingest_one()
    assert (second.state, second.reason_code, second.rejected_rows) == ("rejected", "too_many_errors", 4)
    assert not rows_of("raw", "population", second.submission_id)
    rest = bad_rows(second.submission_id)
    assert len(rest) == 4
    for row in rest:
        row["ชาย"] = "10"
    drop(bad_rows_csv(rest), "bad_rows.csv", part="still_refused")
    assert ingest_one().accepted_rows == 40


def test_the_workbook_of_bad_rows_of_a_large_file_is_mended_and_answered_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writing, "MAX_ROWS", 10)
    wrong_total = (*TOTAL[:1], 390, *TOTAL[2:4], 280)
    drop(xlsx_bytes([*with_wrong_rows(), wrong_total]), "ใหญ่.xlsx", part="large")
    first = ingest_one()
    assert (first.state, first.rejected_rows) == ("loaded", 1)

    def correct(book: Any) -> None:
        sheet = book["ปัตตานี"]
        assert (sheet["B2"].value, sheet["F2"].value, sheet["H2"].value) == ("สิบ", str(first.submission_id), "5")
        sheet["B2"].value = 10

    drop(edited(outbox(first.submission_id) / "marked.xlsx", correct), "ใหญ่ แก้แล้ว.xlsx", part="large")
    second = ingest_one()
    assert (second.state, second.verdict, second.accepted_rows) == ("loaded", "accepted", 40)
    assert [row["_row"] for row in rows_of("raw", "population", second.submission_id)] == list(range(2, 42))


def test_personal_columns_of_rows_taken_over_stay_in_the_vault_under_the_same_keys() -> None:
    header = ("เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "ผลการตรวจสอบคุณสมบัติ", "วันที่ลงทะเบียน", "รหัสตำบล")
    people = [(invented_person(n), "สมมติ", "ตัวอย่าง", "ผ่าน", "15/8/2564", "950101") for n in range(40)]
    people[3] = (*people[3][:4], "32/13/2564", "950101")
    where = ("provincial_treasury_95", "welfare_card", "2564", "mend_people")
    drop(csv_bytes(people, header), "บัตร.csv", folders=where)
    first = ingest_one()
    [back] = bad_rows(first.submission_id)
    assert back["เลขประจำตัวประชาชน"] == f"'{people[3][0]}"
    back["วันที่ลงทะเบียน"] = "15/8/2564"
    drop(bad_rows_csv([back]), "bad_rows.csv", folders=where)
    second = ingest_one()
    assert (second.state, second.accepted_rows, second.rejected_rows) == ("loaded", 40, 0)
    vault = rows_of("vault", "welfare_card", second.submission_id)
    assert [row["person_id"] for row in vault] == [person[0] for person in people]
    before = {row["_row"]: row["person_key"] for row in rows_of("raw", "welfare_card", first.submission_id)}
    after = {row["_row"]: row["person_key"] for row in rows_of("raw", "welfare_card", second.submission_id)}
    assert after.keys() == before.keys() | {5}
    assert all(after[row] == key for row, key in before.items())


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("_submission_id", "987654", "returned_base_unknown"),
        ("_submission_id", "สิบ", "returned_base_unknown"),
        ("_row", "700", "returned_row_unknown"),
        ("_row", "", "returned_row_unknown"),
        ("_sheet", "แผ่นอื่น", "returned_row_unknown"),
        ("_row", "9", "returned_row_twice"),
    ],
)
def test_rows_that_fit_nowhere_are_refused_with_the_reason(column: str, value: str, code: str) -> None:
    part = f"fits_nowhere_{column}_{len(value)}_{code}"
    first = drop_first(part, wrong=(3, 7))
    back = bad_rows(first.submission_id)
    for row in back:
        row["ชาย"] = "10"
    back[0][column] = value
    if column == "_submission_id":
        back = back[:1]
    drop(bad_rows_csv(back), "bad_rows.csv", part=part)
    second = ingest_one()
    assert (second.state, second.reason_code) == ("rejected", code)
    assert [row["code"] for row in query("select code from ops.issues where submission_id = %s", second.submission_id)]
    assert not rows_of("raw", "population", second.submission_id)
    assert len(rows_of("raw", "population", first.submission_id)) == 38  # what was in use stays in use


def test_rows_of_another_folder_and_of_a_replaced_version_are_refused() -> None:
    first = drop_first("here")
    back = bad_rows(first.submission_id)
    drop(bad_rows_csv(back), "bad_rows.csv", part="elsewhere")
    assert ingest_one().reason_code == "returned_base_foreign"
    drop(csv_bytes(tambon_rows(40, men=11)), "ใหม่.csv", part="here")
    assert ingest_one().state == "loaded"
    drop(bad_rows_csv(back), "bad_rows.csv", part="here")
    assert ingest_one().reason_code == "returned_base_superseded"


def test_a_corrected_row_may_not_take_the_key_of_another() -> None:
    first = drop_first("same_key")
    [back] = bad_rows(first.submission_id)
    back |= {"ชาย": "10", "รหัสตำบล": str(tambon_rows(1)[0][0])}
    drop(bad_rows_csv([back]), "bad_rows.csv", part="same_key")
    second = ingest_one()
    assert (second.state, second.reason_code) == ("rejected", "returned_duplicate_key")
    [issue] = query("select row_no, message_en from ops.issues where submission_id = %s", second.submission_id)
    assert issue["row_no"] == 2
    assert "row 2 of the earlier file" in issue["message_en"]


def test_national_identifiers_do_not_stay_in_an_explanation() -> None:
    assert "0000000" not in explanations.storable("คนนี้คือ 1959900000013 ครับ")
    assert explanations.storable("โทร 0812345678") == "โทร 0812345678"
