"""Child process that reads a workbook: it may run out of memory or abort, and then only this process dies.

Reads commands on stdin (`preview I`, `rows I AFTER`), answers on stdout with a JSON line. After `rows` come chunks: a
JSON line {"rows": n, "bytes": [per column]}, then n row numbers (int64), then per column n + 1 offsets (int32) and the
text in UTF-8; {"rows": 0} ends them. {"problem": code} says why nothing more comes. What is sent is bounded too: the
parent has no limit of its own. Imports nothing of the project and nothing slow: a receipt waits for it.
"""

import datetime as dt
import json
import resource
import sys
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine

CHUNK_ROWS = 20_000
CHUNK_CELLS = 500_000
CHUNK_BYTES = 64 << 20
MAX_TEXT_BYTES = 2 << 30  # of a file; a million rows of forty columns have about 400 MB
MAX_INTEGRAL = 1e15  # above, a float no longer holds every digit
MAX_MERGED = 100_000
MAX_SHEETS = 500
PREVIEW_COLUMNS = 2_001  # one more than a table may have
PREVIEW_CHARACTERS = 4_000  # of a cell: more than any header or title
PREVIEW_TOTAL = 16 << 20  # characters of all previews of a file

Errors = dict[int, dict[int, str]]  # row from 1 -> column from 0 -> #N/A


class TooLarge(Exception):
    """The file holds more than is taken."""


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without ".0", dates as ISO with the year as it stands, 15 digits as Excel has."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < MAX_INTEGRAL else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


class Sheet:
    """One sheet from row 1 and column A, with what calamine leaves out: error values and ODS's merged cells."""

    def __init__(self, sheet: python_calamine.CalamineSheet, errors: Errors, merged: list[list[int]] | None) -> None:
        self._sheet, self._errors = sheet, errors
        self.merged = _merged_of(sheet) if merged is None else merged[:MAX_MERGED]
        self.width = 0 if sheet.end is None else sheet.end[1] + 1

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Number (from 1) and cells (from column A) of every row down to the last one used."""
        if self._sheet.start is None:
            return
        left = [""] * self._sheet.start[1]  # calamine leaves out empty columns on the left, not empty rows above
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            cells = left + row
            for column, text in self._errors.get(number, {}).items():
                if column < len(cells) and cells[column] == "":
                    cells[column] = text
            yield number, cells

    def preview(self, limit: int) -> list[list[str]]:
        """First rows as text, wide and long enough for every header."""
        return [
            [cell_text(value)[:PREVIEW_CHARACTERS] for value in row[:PREVIEW_COLUMNS]]
            for _, row in islice(self.rows(), limit)
        ]


def _merged_of(sheet: python_calamine.CalamineSheet) -> list[list[int]]:
    ranges = (sheet.merged_cell_ranges or [])[:MAX_MERGED]
    return [[top + 1, bottom + 1, left, right] for (top, left), (bottom, right) in ranges]


class Reader:
    """The open workbook; holds one sheet at a time."""

    def __init__(self, path: Path, out: BinaryIO, preview_rows: int) -> None:
        import workbook_kinds  # type: ignore[import-not-found]  # stands beside this file, see main

        self.problem: dict[str, str] | None = workbook_kinds.problem_of(path)
        self._path, self._out, self._preview_rows = path, out, preview_rows
        self._loaded: tuple[int, Sheet] | None = None
        self._sent = self._previewed = 0

    def sheets(self) -> list[dict[str, Any]]:
        """Number, name and visibility of every worksheet."""
        import workbook_errors  # type: ignore[import-not-found]

        self._book = python_calamine.CalamineWorkbook.from_path(self._path)
        found = [
            {"index": i, "name": meta.name, "hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible}
            for i, meta in enumerate(self._book.sheets_metadata)
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if len({sheet["name"] for sheet in found}) < len(found):  # an address would mean two cells
            self.problem = {"problem": "damaged_file"}
        if len(found) > MAX_SHEETS:
            self.problem = {"problem": "too_many_sheets", "found": f"{len(found):,}", "limit": f"{MAX_SHEETS:,}"}
        self._left_out = workbook_errors.LeftOut(self._path)
        return found

    def preview(self, index: int) -> dict[str, Any]:
        """First rows, merged cells and width of a sheet."""
        sheet = self._sheet(index)
        rows = sheet.preview(self._preview_rows)
        self._previewed += sum(len(text) for row in rows for text in row)
        if self._previewed > PREVIEW_TOTAL:
            raise TooLarge
        return {"rows": rows, "merged": sheet.merged, "width": sheet.width}

    def send_rows(self, index: int, after_row: int) -> None:
        """All rows below `after_row`, in chunks."""
        sheet = self._sheet(index)
        limit = max(1, min(CHUNK_ROWS, CHUNK_CELLS // max(1, sheet.width)))
        self._out.write(b"{}\n")
        wanted = ((number, row) for number, row in sheet.rows() if number > after_row)
        while chunk := list(islice(wanted, limit)):
            self._send(chunk)
        self._out.write(b'{"rows": 0}\n')

    def _sheet(self, index: int) -> Sheet:
        if self._loaded is None or self._loaded[0] != index:
            self._loaded = None  # frees the earlier sheet before the next is read
            errors, merged = self._left_out.of(index)
            self._loaded = (index, Sheet(self._book.get_sheet_by_index(index), errors, merged))
        return self._loaded[1]

    def _send(self, chunk: list[tuple[int, list[Any]]]) -> None:
        columns = []
        size = 0
        for column in zip(*(row for _, row in chunk), strict=True):
            texts = [(value if type(value) is str else cell_text(value)).encode() for value in column]
            offsets, data = array("q", accumulate(map(len, texts), initial=0)), b"".join(texts)
            size += len(data)
            if size > CHUNK_BYTES and len(chunk) > 1:
                self._send(chunk[: len(chunk) // 2])
                return self._send(chunk[len(chunk) // 2 :])
            columns.append((array("i", offsets), data.replace(b"\0", b" ")))  # no database takes NUL
        self._sent += size
        if size > CHUNK_BYTES or self._sent > MAX_TEXT_BYTES:
            raise TooLarge
        sizes = [len(data) for _, data in columns]
        self._out.write(json.dumps({"rows": len(chunk), "bytes": sizes}).encode() + b"\n")
        self._out.write(array("q", (number for number, _ in chunk)).tobytes())
        for offsets, data in columns:
            self._out.write(offsets.tobytes())
            self._out.write(data)
        return None


def serve(path: Path, preview_rows: int, commands: Iterable[str], out: BinaryIO) -> None:
    """Answer commands until stdin ends, or until the file can't be read any further."""

    def answer(content: object) -> None:
        out.write(json.dumps(content).encode() + b"\n")
        out.flush()

    try:
        reader = Reader(path, out, preview_rows)
        if reader.problem is None:
            sheets = reader.sheets()
        if reader.problem is not None:
            return answer(reader.problem)
        answer({"sheets": sheets})
        for line in commands:
            command, *numbers = line.split()
            if command == "preview":
                answer(reader.preview(int(numbers[0])))
            else:
                reader.send_rows(int(numbers[0]), int(numbers[1]))
                out.flush()
    except BrokenPipeError:  # the parent has seen enough
        return None
    except python_calamine.PasswordError:
        answer({"problem": "encrypted_workbook"})
    except (MemoryError, TooLarge):
        answer({"problem": "workbook_too_large"})
    except BaseException:  # a panic of the reader is no Exception
        answer({"problem": "damaged_file"})
    return None


def main() -> None:
    """Arguments: path, memory limit in bytes, processor seconds, rows of a preview."""
    path, memory, seconds, preview_rows = sys.argv[1], *map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # whatever a file makes the readers do, nothing is written
    sys.path.append(str(Path(__file__).parent))
    serve(Path(path), preview_rows, sys.stdin, sys.stdout.buffer)


if __name__ == "__main__":
    main()
