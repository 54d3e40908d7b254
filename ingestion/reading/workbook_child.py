"""Child process that reads a workbook: it may run out of memory or abort, and then only this process dies.

Reads commands on stdin (`preview I`, `rows I AFTER`), answers on stdout with a JSON line; `rows` is followed by an
Arrow IPC stream (row int64, then one text column per column of the sheet). Imports nothing of the project.
"""

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import python_calamine

CHUNK_ROWS = 20_000
MAX_INTEGRAL = 1e15  # above, a float no longer holds every digit


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


def rows_of(sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Number (from 1) and cells (from column A) of every row down to the last one used."""
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]  # calamine leaves out empty columns on the left, not empty rows above
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, left + row


def preview(sheet: python_calamine.CalamineSheet, limit: int) -> list[list[str]]:
    """First rows as text."""
    return [[cell_text(value) for value in row] for _, row in islice(rows_of(sheet), limit)]


def send_rows(sheet: python_calamine.CalamineSheet, after_row: int, out: BinaryIO) -> None:
    """All rows below `after_row` as one Arrow stream of text columns."""
    import pyarrow as pa

    width = 0 if sheet.end is None else sheet.end[1] + 1
    schema = pa.schema([("row", pa.int64())] + [(str(i), pa.string()) for i in range(width)])
    with pa.ipc.new_stream(out, schema) as stream:
        numbers: list[int] = []
        rows: list[list[Any]] = []

        def flush() -> None:
            if rows:
                columns = [pa.array(_texts(column), pa.string()) for column in zip(*rows, strict=True)]
                stream.write_batch(pa.record_batch([pa.array(numbers, pa.int64()), *columns], schema=schema))
                numbers.clear()
                rows.clear()

        for number, row in rows_of(sheet):
            if number > after_row:
                numbers.append(number)
                rows.append(row)
                if len(rows) == CHUNK_ROWS:
                    flush()
        flush()


def _texts(column: tuple[Any, ...]) -> list[str]:
    return [value if type(value) is str else cell_text(value) for value in column]


def serve(path: str, preview_rows: int, commands: Iterable[str], out: BinaryIO) -> None:
    """Answer commands until stdin ends."""

    def answer(content: object) -> None:
        out.write(json.dumps(content).encode() + b"\n")
        out.flush()

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [
            {"name": meta.name, "hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible}
            for meta in book.sheets_metadata
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError:
        return answer({"problem": "encrypted_workbook"})
    except MemoryError:
        return answer({"problem": "workbook_too_large"})
    except Exception:
        return answer({"problem": "damaged_file"})
    answer({"sheets": sheets})

    loaded: tuple[str, Any] | None = None
    for line in commands:
        command, *numbers = line.split()
        name = str(sheets[int(numbers[0])]["name"])
        try:
            if loaded is None or loaded[0] != name:
                loaded = None  # frees the earlier sheet before the next is read
                loaded = (name, book.get_sheet_by_name(name))
        except MemoryError:
            return answer({"problem": "workbook_too_large"})
        except Exception:
            return answer({"problem": "damaged_file"})
        if command == "preview":
            answer({"rows": preview(loaded[1], preview_rows)})
        else:
            answer({"rows": []})
            send_rows(loaded[1], int(numbers[1]), out)
            out.flush()
    return None


def main() -> None:
    """Arguments: path, memory limit in bytes, processor seconds, rows of a preview."""
    path, memory, seconds, preview_rows = sys.argv[1], *map(int, sys.argv[2:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(path, preview_rows, sys.stdin, sys.stdout.buffer)


if __name__ == "__main__":
    main()
