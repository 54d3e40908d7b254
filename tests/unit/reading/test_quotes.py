"""A quote never closed is found at its cell, whatever closes it later; cells of several lines stay legal."""

import csv
import io
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.reading.quotes import RowShape
from tests.unit.checking.helpers import POPULATION_HEADER, Checked, check, lenient, write_csv

HEADER = ",".join(POPULATION_HEADER)
ROWS = ("950101,10,12,22,5", "950102,20,21,41,7", "950103,30,31,61,9", "950104,40,41,81,3")
COLUMNS = "ABCDE"
Change = Callable[[list[str]], list[str]]


def opened(line: str, column: int) -> str:
    fields = line.split(",")
    return ",".join([*fields[:column], f'"{fields[column]}', *fields[column + 1 :]])


def told(tmp_path: Path, lines: list[str], line_end: str = "\n") -> Checked:
    path = tmp_path / "a.csv"
    path.write_text(line_end.join(lines) + line_end, encoding="utf-8", newline="")
    return check(path, lenient("population"))


CLOSED_BY: dict[str, Change] = {
    "the end of the file": lambda fields: fields,
    "a quoted cell of a later row": lambda fields: [*fields[:-1], f'"{fields[-1]}"'],
    "a later row that is quoted throughout": lambda fields: [f'"{field}"' for field in fields],
    "another quote never closed": lambda fields: [*fields[:2], f'"{fields[2]}', *fields[3:]],
    "a stray quote": lambda fields: [*fields[:2], f'{fields[2]}"', *fields[3:]],
}


@pytest.mark.parametrize("closed_by", CLOSED_BY)
@pytest.mark.parametrize("column", range(5))
def test_a_quote_never_closed_refuses_the_file_at_its_cell(tmp_path: Path, column: int, closed_by: str) -> None:
    """In every column, in the first row or a later one, however it comes to be closed."""
    last = ",".join(CLOSED_BY[closed_by](ROWS[-1].split(",")))
    for row, line_end in ((0, "\n"), (2, "\r\n")):
        lines = [*ROWS[:row], opened(ROWS[row], column), *ROWS[row + 1 : -1], last]
        found = told(tmp_path, [HEADER, *lines], line_end)
        assert found.verdict.reason_code == "broken_quotes"
        assert found.found == {("broken_quotes", f"{COLUMNS[column]}{row + 2}")}
        assert found.verdict.file_issues[0].row == row + 2


@pytest.mark.parametrize("column", range(5))
def test_a_quote_never_closed_in_the_header_is_told_instead_of_a_header_not_found(tmp_path: Path, column: int) -> None:
    found = told(tmp_path, [opened(HEADER, column), *ROWS])
    assert found.found == {("broken_quotes", f"{COLUMNS[column]}1")}


def test_a_quote_never_closed_far_down_a_large_file_has_its_row_and_not_its_block_s(tmp_path: Path) -> None:
    """Far behind it lies more than one block of the reader."""
    rows = [f"95{n // 100 % 100:02d}{n % 100:02d},{n % 9000:0100d},1,1,{n % 7}" for n in range(50_000)]
    rows[300] = opened(rows[300], 4)
    [found] = told(tmp_path, [HEADER, *rows]).verdict.file_issues
    assert (found.code, found.row, found.cell) == ("broken_quotes", 302, "E302")


def test_a_quote_in_the_very_last_cell_swallows_nothing_and_is_let_be(tmp_path: Path) -> None:
    found = told(tmp_path, [HEADER, *ROWS[:-1], opened(ROWS[-1], 4)])
    assert found.issues == []
    assert found.accepted[-1]["houses"] == 3


@pytest.mark.parametrize(
    "text",
    ["5\n", "หมู่ 1\nหมู่ 2", "ก, ข\nค, ง", "มาช้า\n5, 6 คน", "1, 2, 3, 4\n5", "a,b,c,d,e\nf,g,h,i,j"],
)
@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_cell_of_several_lines_is_legal(tmp_path: Path, text: str, at: int) -> None:
    """Whatever column it stands in, and on the last row too, where only the end of the file follows."""
    header = [*POPULATION_HEADER]
    header.insert(at, "ความเห็น")
    rows = [line.split(",") for line in ROWS]
    for row in rows:
        row.insert(at, text)
    found = check(write_csv(tmp_path / "a.csv", [header, *rows]), lenient("population"))
    assert {code for code, _ in found.found} == {"unknown_column"}
    assert found.verdict.accepted_rows == 4


LETTERS = st.text(string.ascii_letters + "กขคงาิ ,;\n", max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(100_000, 999_999), LETTERS, st.integers(0, 99)), min_size=2, max_size=8))
def test_no_text_without_figures_is_taken_for_rows(rows: list[tuple[int, str, int]]) -> None:
    """Every record that a program writes with proper quotes, be its text of ever so many lines and commas."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    text = written.getvalue()
    shape = RowShape(io.StringIO(text), ",", 3)
    assert [shape.opened_at(fields) for fields in csv.reader(io.StringIO(text, newline=""))] == [None] * len(rows)
