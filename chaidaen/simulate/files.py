"""Files as agencies make them, written row by row, with the address of every cell as the sender's program shows it."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from chaidaen.simulate.styles import Style

Row = Sequence[object]
# Files are the same bytes for the same arguments, so a workbook can't carry the time of its making.
CREATED = datetime.datetime(2021, 12, 31, tzinfo=datetime.UTC).replace(tzinfo=None)


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
    """Delimited text in any encoding, lines ended as Windows programs end them."""

    def __init__(self, path: Path, style: Style, headers: Sequence[str]) -> None:
        self.path = path
        self.sheet: str | None = None
        raw = _unfinished(path).open("wb")
        self._file = io.TextIOWrapper(raw, encoding=style.encoding, newline="")
        self._writer = csv.writer(self._file, delimiter=style.delimiter)
        self._next_row = 1
        self.write([headers])

    def write(self, rows: Iterable[Row]) -> int:
        first = self._next_row
        for row in rows:
            self._writer.writerow(row)
            self._next_row += 1
        return first

    def cell(self, row: int, column: int) -> str:
        return f"{xl_col_to_name(column)}{row}"

    def close(self) -> None:
        self._file.close()
        _unfinished(self.path).replace(self.path)

    def discard(self) -> None:
        self._file.close()
        _unfinished(self.path).unlink(missing_ok=True)


class WorkbookFile:
    """An .xlsx sheet streamed to disk: title rows above, blank rows and columns before, as the style says."""

    def __init__(self, path: Path, style: Style, title: str, headers: Sequence[str], sheet: str = "ข้อมูล") -> None:
        self.path = path
        self.sheet: str | None = sheet
        self._book = xlsxwriter.Workbook(
            _unfinished(path).as_posix(),
            {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False,
             "strings_to_urls": False},
        )  # fmt: skip
        self._book.set_properties({"title": title, "comments": "ข้อมูลสมมุติ | Invented data", "created": CREATED})
        self._sheet = self._book.add_worksheet(sheet)
        self._bold = self._book.add_format({"bold": True})
        self._date = self._book.add_format({"num_format": "d/m/yyyy"})
        self._first_column = style.blank_columns
        self._next_row = 1 + style.blank_rows
        if style.title_rows:
            self._sheet.write_string(self._next_row - 1, self._first_column, title, self._bold)
            self._sheet.write_string(self._next_row, self._first_column, "ข้อมูลสมมุติเพื่อการทดสอบระบบ")
            self._next_row += 3
        for column, text in enumerate(headers):
            self._sheet.write_string(self._next_row - 1, self._first_column + column, text, self._bold)
        self._next_row += 1

    def write(self, rows: Iterable[Row]) -> int:
        first = self._next_row
        for row in rows:
            for column, value in enumerate(row, start=self._first_column):
                self._write_cell(self._next_row - 1, column, value)
            self._next_row += 1
        return first

    def _write_cell(self, row: int, column: int, value: object) -> None:
        match value:
            case None | "":
                pass
            case str():
                self._sheet.write_string(row, column, value)
            case datetime.date():
                self._sheet.write_datetime(row, column, value, self._date)
            case _:
                self._sheet.write_number(row, column, value)

    def cell(self, row: int, column: int) -> str:
        return f"{xl_col_to_name(self._first_column + column)}{row}"

    def close(self) -> None:
        self._book.close()
        _unfinished(self.path).replace(self.path)

    def discard(self) -> None:
        self._book.close()
        _unfinished(self.path).unlink(missing_ok=True)
