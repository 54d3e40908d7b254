"""Rows found again in archived files: merged cells, columns that are not there, bad rows that came back, damage."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from core.errors import UserFacingError
from core.settings import settings
from ingestion import ledger
from ingestion.contracts import load_contract
from ingestion.ledger import Submission
from publication.trace_cells import Cell, Rows, cells_of
from tests.conftest import temporary_home
from tests.end_to_end.dropping import HEADER, csv_bytes

HOUSE, PERSON = "99940000017", "1-9994-00000-01-1"  # an office that does not exist
FIELDS = ("house_code", "member_no", "person_id", "title", "first_name", "last_name", "birth_date", "sex", "relation")
MEMBER = (HOUSE, 1, PERSON, "นาย", "ตัวอย่าง", "สมมติ", None, "ชาย", "หัวหน้าครัวเรือน")


@pytest.fixture(autouse=True)
def archive(tmp_path: Path) -> Iterator[None]:
    with temporary_home(tmp_path / "home"):
        yield


def submission(dataset: str, content: bytes, number: int = 1, file_name: str = "ไฟล์.csv") -> Submission:
    """As the ledger would have it, its bytes archived."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = settings().archive / sha256[:2] / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Submission(
        number, "registration_office_94", dataset, "2564", "all", 1, sha256, len(content), file_name, "1.0.0", "loaded",
        "accepted", None, 2, 2, 0, None, None, datetime(2022, 2, 1, tzinfo=UTC), "loaded", None, None, None,
    )  # fmt: skip


def cells(of: Submission, wanted: Rows, *, masked: bool = True) -> list[Cell]:
    return list(cells_of(None, of, wanted, masked=masked, progress=lambda _: None))  # type: ignore[arg-type]


def where(found: list[Cell]) -> list[tuple[str | None, str | None, str | None]]:
    return [(cell.sheet, cell.cell, cell.value) for cell in found]


def headers() -> tuple[str, ...]:
    """Of a list of household members."""
    return tuple(load_contract("household_member").column(name).headers[0] for name in FIELDS)


def test_a_merged_cell_is_named_by_where_its_value_stands() -> None:
    """The house code counts for all its members; the row keeps its own number."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "สมาชิก"
    sheet.append(["สมาชิกครัวเรือน"])
    sheet.append(headers())
    for number in (1, 2, 3):
        sheet.append([HOUSE if number == 1 else None, number, *MEMBER[2:]])
    sheet.merge_cells("A3:A5")
    content = io.BytesIO()
    book.save(content)
    found = cells(submission("household_member", content.getvalue()), {("สมาชิก", 5): ["member_no", "house_code"]})
    assert where(found) == [("สมาชิก", "A3", "9994xxxxxxx"), ("สมาชิก", "B5", "3")]
    assert {cell.row for cell in found} == {5}


def test_personal_values_are_masked_unless_they_may_be_seen() -> None:
    of = submission("household_member", csv_bytes([MEMBER], headers()))
    wanted = {("", 2): ["person_id", "first_name", "sex"]}
    assert where(cells(of, wanted)) == [(None, "C2", "1-9xxx-xxxxx-xx-1"), (None, "E2", "ต…"), (None, "H2", "ชาย")]
    assert where(cells(of, wanted, masked=False))[0] == (None, "C2", PERSON)


def test_a_column_the_file_does_not_have_has_no_cell() -> None:
    of = submission("population", csv_bytes([("940101", 10, 12, 22, 7)]))
    assert where(cells(of, {("", 2): ["total_persons", "data_status"]})) == [(None, "D2", "22")]


def test_corrected_rows_are_found_in_the_file_that_brought_them_the_others_in_the_file_it_mends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = submission("population", csv_bytes([("940101", "สิบ", 12, 22, 7), ("940102", 10, 12, 22, 7)]), 1)
    returned = csv_bytes(
        [("1", "", "2", "not_a_number", "940101", 10, 12, 22, 7)],
        ("_submission_id", "_sheet", "_row", "_codes", *HEADER),
    )
    mended = replace(submission("population", returned, 2, "bad_rows.csv"), base_submission_id=1)
    monkeypatch.setattr(ledger, "submission", lambda _, number: {1: base}[number])
    found = cells(mended, {("", 2): ["male_persons"], ("", 3): ["male_persons"]})
    assert [(cell.submission_id, cell.cell, cell.value) for cell in found] == [(2, "F2", "10"), (1, "B3", "10")]


def test_a_row_that_is_not_in_the_file_is_an_error_and_no_silence() -> None:
    """As when the contract no longer recognises a header it took once."""
    of = submission("population", csv_bytes([("940101", 10, 12, 22, 7)]))
    with pytest.raises(UserFacingError, match="not where they were"):
        cells(of, {("another sheet", 2): ["male_persons"]})


def test_bytes_that_are_no_longer_those_that_were_hashed_are_not_read() -> None:
    of = submission("population", csv_bytes([("940101", 10, 12, 22, 7)]))
    (settings().archive / of.sha256[:2] / of.sha256).write_bytes(csv_bytes([("940101", 99, 12, 22, 7)]))
    with pytest.raises(UserFacingError, match="no longer the one that was hashed"):
        cells(of, {("", 2): ["male_persons"]})
