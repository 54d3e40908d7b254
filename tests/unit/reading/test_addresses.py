"""Rows and columns are numbered as the sender's program shows them, whatever stands above, beside and between."""

import csv
import datetime as dt
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.contracts import load_contract
from ingestion.reading import address, open_source
from ingestion.reading.workbook import Workbook
from tests.unit.checking.helpers import POPULATION_HEADER, check, lenient, write_csv, write_xlsx


def test_addresses_in_a_text_file_with_blank_broken_and_multiline_rows(tmp_path: Path) -> None:
    text = (
        'ประชากร,"ปี\n2564"\r\n'
        "\r\n"
        "รหัสตำบล,หมายเหตุ,ชาย,หญิง,รวม,จำนวนบ้าน\r\n"
        '950101,"สอง\nบรรทัด",1,2,3,4\r\n'
        "\r\n"
        "950102,x,1,2\r\n"
        "950103,x,1,2,3,4,5,6\r\n"
        "950104,x,1,2,3,4,,\r\n"
        ",,,,,\r\n"
        "950105,x,1,2,9,4\r\n"
    )
    (tmp_path / "a.csv").write_bytes(text.encode("cp874"))
    checked = check(tmp_path / "a.csv", lenient("population"))
    assert [(row["_row"], row["tambon_code"]) for row in checked.accepted] == [(4, "950101"), (8, "950104")]
    assert {
        ("required_missing", "E6"),
        ("required_missing", "F6"),
        ("ragged_row", "G7"),
        ("sum_differs", "E10"),
        ("unknown_column", "B3"),
    } == checked.found
    assert sorted(row["_row"] for row in checked.rejected) == [6, 7, 10]


cell = st.text(st.sampled_from('ab,"\n\rก '), max_size=4)
record = st.one_of(st.just([]), st.lists(cell, min_size=2, max_size=5))


@settings(max_examples=150, deadline=None)
@given(records=st.lists(record, max_size=40), repeat=st.sampled_from([1, 40]))
def test_every_row_of_a_text_file_keeps_its_number_and_its_cells(records: list[list[str]], repeat: int) -> None:
    """Against Python's csv module, record by record; short and long rows included."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["h1", "h2", "h3"], *records * repeat])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text.getvalue().encode())
        with open_source(path) as source:
            grid = next(grid for grid in source.grids if grid.preview[0] == ["h1", "h2", "h3"])
            chunks = list(grid.chunks(1))
            ragged = {row.row: row.fields for row in grid.take_ragged()}
    found = {
        int(row): tuple(column[i].as_py() for column in chunk.cells)
        for chunk in chunks
        for i, row in enumerate(chunk.rows)
    }
    assert not found.keys() & ragged.keys()
    seen = {row: fields for row, fields in {**found, **ragged}.items() if any(map(str.strip, fields))}
    text.seek(0)
    expected = {i: tuple(r) for i, r in enumerate(csv.reader(text), start=1) if i > 1 and any(map(str.strip, r))}
    assert {row: tuple(_stripped(fields)) for row, fields in seen.items()} == {
        row: tuple(_stripped(fields)) for row, fields in expected.items()
    }


def _stripped(fields: tuple[str, ...]) -> list[str]:
    """Without the empty fields at the end, which say nothing."""
    kept = list(fields)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


@pytest.mark.parametrize(("top", "left"), [(1, 1), (5, 1), (1, 4), (7, 28)])
def test_addresses_in_a_workbook_with_leading_blanks(tmp_path: Path, top: int, left: int) -> None:
    rows = [POPULATION_HEADER, ["950101", 1, 2, 3, 4], [None] * 5, ["950102", 1, 2, "สาม", 4]]
    checked = check(write_xlsx(tmp_path / "a.bin", {"ยะลา": rows}, top=top, left=left), lenient("population"))
    assert checked.found == {("not_a_number", address(left + 2, top + 3))}
    assert [(row["_sheet"], row["_row"]) for row in checked.accepted] == [("ยะลา", top + 1)]


def test_numbers_and_dates_of_a_workbook_come_through_faithfully(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    values = [
        95,
        1234567890123,
        742500.5,
        0.1 + 0.2,
        dt.date(2019, 8, 15),
        dt.date(2562, 8, 15),
        True,
        "๑๒",
        "001",
    ]
    for column, value in enumerate(values, start=1):
        sheet.cell(1, column, value)
    thai = sheet.cell(1, len(values) + 1, 43692)
    thai.number_format = "[$-107041E]d mmmm yyyy"
    book.save(tmp_path / "a.xlsx")
    with Workbook(tmp_path / "a.xlsx") as opened:
        assert opened.sheets[0].preview == [
            ["95", "1234567890123", "742500.5", "0.3", "2019-08-15", "2562-08-15", "TRUE", "๑๒", "001", "2019-08-15"]
        ]


def test_the_reader_child_ends_with_its_workbook(tmp_path: Path) -> None:
    with Workbook(write_xlsx(tmp_path / "a.xlsx", {"a": [["x"]]})) as opened:
        child = opened._child
        assert child.poll() is None
    assert child.poll() is not None


def test_a_workbook_larger_than_one_chunk_keeps_its_row_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("ใหญ่")
    sheet.append([])
    sheet.append(POPULATION_HEADER)
    for _ in range(20_100):
        sheet.append(["950101", 1, 2, 3, 4])
    sheet.append(["950102", 1, 2, 4, 4])
    book.save(tmp_path / "a.xlsx")
    checked = check(tmp_path / "a.xlsx", lenient("population"))
    assert ("sum_differs", "D20103") in checked.found
    assert ("duplicate_key", "A20102") in checked.found
    assert checked.verdict.rows == 20_101


def test_address_letters() -> None:
    assert [address(i, 1) for i in (0, 25, 26, 701, 702, 16383)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1", "XFD1"]


def test_the_same_table_gives_the_same_rows_from_text_and_workbook(tmp_path: Path) -> None:
    rows = [["ข้อมูลปี 2564"], [], POPULATION_HEADER, ["950101", 1, 2, 3, 4], ["950102", 5, 6, 11, 7]]
    text = check(write_csv(tmp_path / "a.csv", rows, "cp874"), load_contract("population"))
    book = check(write_xlsx(tmp_path / "a.xlsx", {"ยะลา": rows}), load_contract("population"))
    assert [{**row, "_sheet": ""} for row in book.accepted] == text.accepted
