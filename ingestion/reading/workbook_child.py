"""Child process that reads a workbook: it may run out of memory or abort, and then only this process dies.

Reads commands on stdin (`preview I`, `rows I AFTER`), answers on stdout with a JSON line. After `rows` come chunks: a
JSON line {"rows": n, "bytes": [per column]}, then n row numbers (int64), then per column n + 1 offsets (int32) and the
text in UTF-8; {"rows": 0} ends them. Imports nothing of the project and nothing slow: a receipt waits for it.
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
MAX_INTEGRAL = 1e15  # above, a float no longer holds every digit
MAX_MERGED = 100_000

Errors = dict[int, dict[int, str]]  # row from 1 -> column from 0 -> #N/A


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
        self.merged = _merged_of(sheet) if merged is None else merged
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
        """First rows as text."""
        return [[cell_text(value) for value in row] for _, row in islice(self.rows(), limit)]


def _merged_of(sheet: python_calamine.CalamineSheet) -> list[list[int]]:
    ranges = (sheet.merged_cell_ranges or [])[:MAX_MERGED]
    return [[top + 1, bottom + 1, left, right] for (top, left), (bottom, right) in ranges]


def send_rows(sheet: Sheet, after_row: int, out: BinaryIO) -> None:
    """All rows below `after_row`, in chunks."""
    limit = max(1, min(CHUNK_ROWS, CHUNK_CELLS // max(1, sheet.width)))
    numbers: list[int] = []
    rows: list[list[Any]] = []

    def flush() -> None:
        if rows:
            _send_chunk(numbers, rows, out)
            numbers.clear()
            rows.clear()

    for number, row in sheet.rows():
        if number > after_row:
            numbers.append(number)
            rows.append(row)
            if len(rows) == limit:
                flush()
    flush()
    out.write(b'{"rows": 0}\n')


def _send_chunk(numbers: list[int], rows: list[list[Any]], out: BinaryIO) -> None:
    columns = []
    for column in zip(*rows, strict=True):
        texts = [(value if type(value) is str else cell_text(value)).encode() for value in column]
        columns.append((array("i", accumulate(map(len, texts), initial=0)), b"".join(texts)))
    sizes = [len(data) for _, data in columns]
    out.write(json.dumps({"rows": len(numbers), "bytes": sizes}).encode() + b"\n")
    out.write(array("q", numbers).tobytes())
    for offsets, data in columns:
        out.write(offsets.tobytes())
        out.write(data)


def open_sheet(book: python_calamine.CalamineWorkbook, path: Path, index: int) -> Sheet:
    """The sheet of that number with its error values; raises whatever the readers do on a damaged file."""
    import workbook_errors  # type: ignore[import-not-found]  # stands beside this file, see main

    errors, merged = workbook_errors.left_out(path, index)
    return Sheet(book.get_sheet_by_index(index), errors, merged)


def serve(path: Path, preview_rows: int, commands: Iterable[str], out: BinaryIO) -> None:
    """Answer commands until stdin ends."""

    def answer(content: object) -> None:
        out.write(json.dumps(content).encode() + b"\n")
        out.flush()

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [
            {"index": i, "name": meta.name, "hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible}
            for i, meta in enumerate(book.sheets_metadata)
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError:
        return answer({"problem": "encrypted_workbook"})
    except MemoryError:
        return answer({"problem": "workbook_too_large"})
    except Exception:
        return answer({"problem": "damaged_file"})
    answer({"sheets": sheets})

    loaded: tuple[int, Sheet] | None = None
    for line in commands:
        command, *numbers = line.split()
        index = int(numbers[0])
        try:
            if loaded is None or loaded[0] != index:
                loaded = None  # frees the earlier sheet before the next is read
                loaded = (index, open_sheet(book, path, index))
        except MemoryError:
            return answer({"problem": "workbook_too_large"})
        except Exception:
            return answer({"problem": "damaged_file"})
        if command == "preview":
            answer({"rows": loaded[1].preview(preview_rows), "merged": loaded[1].merged, "width": loaded[1].width})
        else:
            answer({})
            send_rows(loaded[1], int(numbers[1]), out)
            out.flush()
    return None


def main() -> None:
    """Arguments: path, memory limit in bytes, processor seconds, rows of a preview."""
    path, memory, seconds, preview_rows = sys.argv[1], *map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.append(str(Path(__file__).parent))
    serve(Path(path), preview_rows, sys.stdin, sys.stdout.buffer)


if __name__ == "__main__":
    main()
