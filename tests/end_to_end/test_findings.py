"""What each submission was found to have, counted once when it is decided: `ops.findings`, which the marts read."""

import pytest

from ingestion import life
from ingestion.stages import Processed
from tests.end_to_end.dropping import HEADER, bad_rows, bad_rows_csv, csv_bytes, drop, query, tambon_rows
from tests.end_to_end.test_intake import ingest_one

pytestmark = pytest.mark.usefixtures("module_home")


def send(part: str, content: bytes) -> Processed:
    drop(content, "a.csv", part=part)
    return ingest_one()


def found(submission_id: int) -> dict[tuple[str, str], int]:
    rows = query("select code, severity, found from ops.findings where submission_id = %s", submission_id)
    return {(row["code"], row["severity"]): row["found"] for row in rows}


def dirty() -> bytes:
    """Forty rows: in one no figure twice over, in one no sum, in two a Thai digit, and a column nobody knows."""
    rows = [(*row, "") for row in tambon_rows(40)]
    rows[3] = (rows[3][0], "สิบ", "สิบสอง", 22, 7, "")
    rows[7] = (rows[7][0], 10, 12, 23, 7, "")
    for at in (10, 11):
        rows[at] = (rows[at][0], "๑๐", 12, 22, 7, "")
    return csv_bytes(rows, (*HEADER, "ผู้บันทึก"))


def test_rows_queries_and_cells_are_counted_by_code() -> None:
    """A row with the same error in two cells is one row."""
    sent = send("counted", dirty())
    assert (sent.state, sent.rejected_rows) == ("loaded", 2)
    assert found(sent.submission_id) == {
        ("not_a_number", "error"): 1,
        ("sum_differs", "error"): 1,
        ("unknown_column", "query"): 1,
        ("thai_digits", "repaired"): 2,
    }


def test_a_file_that_is_refused_whole_has_its_reason_and_no_row() -> None:
    nothing = send("refused", "ไม่ใช่ตาราง".encode())
    assert nothing.state == "rejected"
    assert found(nothing.submission_id) == {(nothing.reason_code, "error"): 0}


def test_a_revision_of_returned_rows_has_what_was_asked_and_repaired_before_and_the_errors_that_remain() -> None:
    base = send("mended", dirty())
    wrong_sum = next(row for row in bad_rows(base.submission_id) if row["ชาย"] == "10")
    mended = send("mended", bad_rows_csv([{**wrong_sum, "ชาย": "๑๑"}]))
    assert (mended.state, mended.rejected_rows) == ("loaded", 1)
    assert found(mended.submission_id) == {
        ("not_a_number", "error"): 1,
        ("unknown_column", "query"): 2,  # asked of either file
        ("thai_digits", "repaired"): 3,
    }


def test_a_released_hold_is_counted_once() -> None:
    send("released", csv_bytes(tambon_rows(60)))
    few = tambon_rows(24, men=11)
    few[3] = (few[3][0], "สิบเอ็ด", 12, 23, 7)
    waiting = send("released", csv_bytes(few))
    assert waiting.state == "held"
    before = found(waiting.submission_id)
    assert before == {("not_a_number", "error"): 1, ("fewer_rows_than_before", "query"): 1}
    assert life.release_hold(waiting.submission_id, "ตรวจสอบแล้ว (invented)").state == "loaded"
    assert found(waiting.submission_id) == before
