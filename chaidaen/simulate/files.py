"""Files as agencies make them, written row by row, with the address of every cell as the sender's program shows it."""

import csv
import datetime
import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from chaidaen.simulate.styles import Style

Row = Sequence[object]
# Files are the same bytes for the same arguments, so a workbook can't carry the time of its making.
CREATED = datetime.datetime(2021, 12, 31, tzinfo=datetime.UTC).replace(tzinfo=None)
_DATE_FORMAT = {"num_format": "d/m/yyyy"}


class TableFile(Protocol):
    """One table in one file being written. Nothing is seen under its final name before `close`."""

    path: Path
    sheet: str | None

    def write(self, rows: Iterable[Row]) -> int:
        """Append rows; returns the number of the first one, counted from 1 as the sender's program shows it."""
        ...

    def cell(self, row: int, column: int) -> str:
        """A1 address of a table column (counted from 0) in a row."""
        ...

    def close(self) -> None: ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...


def create(path: Path, style: Style, title: str, headers: Sequence[str]) -> TableFile:
    """A file in the style's format with its title rows and header written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if style.kind == "xlsx":
        return WorkbookFile(path, style, title, headers)
    return TextFile(path, style, headers)


def landed(path: Path, content: bytes) -> None:
    """Put a whole file in its place at once, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _unfinished(path).write_bytes(content)
    _unfinished(path).replace(path)


def _unfinished(path: Path) -> Path:
    # Intake never reads a name that ends in .part.
    return path.with_name(f".{path.name}.part")


class TextFile:
    """Delimited text in any encoding, lines ended as Windows programs end them. Open only while rows are added."""

    def __init__(self, path: Path, style: Style, headers: Sequence[str]) -> None:
        self.path = path
        self.sheet: str | None = None
        self._style = style
        self._next_row = 1
        _unfinished(path).write_bytes(b"")
        self.write([headers])

    def write(self, rows: Iterable[Row]) -> int:
        first = self._next_row
        # Appended to a file that holds something, the encodings with a mark at the beginning write none.
        with _unfinished(self.path).open("a", encoding=self._style.encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self._style.delimiter)
            for row in rows:
                writer.writerow(row)
                self._next_row += 1
        return first

    def cell(self, row: int, column: int) -> str:
        return f"{xl_col_to_name(column)}{row}"

    def close(self) -> None:
        _unfinished(self.path).replace(self.path)

    def discard(self) -> None:
        _unfinished(self.path).unlink(missing_ok=True)


class WorkbookFile:
    """An .xlsx sheet: title rows above, blank rows and columns before, as the style says.

    Rows wait in a file beside it and become a workbook at `close`, so that hundreds of workbooks may grow at once while
    none is open.
    """

    def __init__(self, path: Path, style: Style, title: str, headers: Sequence[str], sheet: str = "ข้อมูล") -> None:
        self.path = path
        self.sheet: str | None = sheet
        self._title, self._headers = title, headers
        self._has_title = style.title_rows
        self._first_column = style.blank_columns
        self._first_row = 1 + style.blank_rows
        self._next_row = self._first_row + (3 if style.title_rows else 0) + 1
        self._waiting = path.with_name(f".{path.name}.rows.part")
        self._waiting.write_bytes(b"")

    def write(self, rows: Iterable[Row]) -> int:
        first, rows = self._next_row, list(rows)
        with self._waiting.open("ab") as file:
            pickle.dump(rows, file, pickle.HIGHEST_PROTOCOL)
        self._next_row += len(rows)
        return first

    def cell(self, row: int, column: int) -> str:
        return f"{xl_col_to_name(self._first_column + column)}{row}"

    def close(self) -> None:
        book = xlsxwriter.Workbook(
            _unfinished(self.path).as_posix(),
            {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
             "strings_to_urls": False},
        )  # fmt: skip
        book.set_properties({"title": self._title, "comments": "ข้อมูลสมมุติ | Invented data", "created": CREATED})
        self._fill(book.add_worksheet(self.sheet), book.add_format({"bold": True}), book.add_format(_DATE_FORMAT))
        book.close()
        self._waiting.unlink()
        _unfinished(self.path).replace(self.path)

    def _fill(self, sheet: Worksheet, bold: Format, date: Format) -> None:
        at = self._first_row - 1
        if self._has_title:
            sheet.write_string(at, self._first_column, self._title, bold)
            sheet.write_string(at + 1, self._first_column, "ข้อมูลสมมุติเพื่อการทดสอบระบบ")
            at += 3
        for column, text in enumerate(self._headers):
            sheet.write_string(at, self._first_column + column, text, bold)
        for number, row in enumerate(self._rows(), start=at + 1):
            for column, value in enumerate(row, start=self._first_column):
                _write_cell(sheet, number, column, value, date)

    def _rows(self) -> Iterator[Row]:
        with self._waiting.open("rb") as file:
            while file.peek(1):
                yield from pickle.load(file)  # noqa: S301 - written by this very process

    def discard(self) -> None:
        self._waiting.unlink(missing_ok=True)
        _unfinished(self.path).unlink(missing_ok=True)


def _write_cell(sheet: Worksheet, row: int, column: int, value: object, date: Format) -> None:
    match value:
        case None | "":
            pass
        case str():
            sheet.write_string(row, column, value)
        case datetime.date():
            sheet.write_datetime(row, column, value, date)
        case _:
            sheet.write_number(row, column, value)
