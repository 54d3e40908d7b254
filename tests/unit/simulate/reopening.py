"""Open a simulated or sample file the way its sender would, and read cells by their A1 address."""

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from chaidaen.simulate.styles import STYLES, Style
from chaidaen.simulate.styles import header as header_of
from ingestion.contracts import Contract, load_contract

Grid = list[list[object]]


class Defect(NamedTuple):
    file: str
    sheet: str | None
    cell: str
    code: str


def truth(folder: Path) -> list[Defect]:
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [Defect(**json.loads(line)) for line in lines]


def files_in(folder: Path) -> dict[str, Path]:
    """Submissions by path relative to the folder (the truth is none)."""
    return {
        p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file() and p.parent != folder
    }


def style_of(file: str) -> Style:
    return STYLES[file.split("/", maxsplit=1)[0][-2:]]


def contract_of(file: str) -> Contract:
    return load_contract(file.split("/")[1])


def grid(path: Path, style: Style, sheet: str | None = None) -> Grid:
    """All cells from A1 on; an empty one is ""."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
        return [["" if value is None else value for value in row] for row in rows]
    text = path.read_bytes().decode(style.encoding)
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=style.delimiter)]


def address(row: int, column: int) -> str:
    """A1 of a grid position counted from 0."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def table(path: Path, file: str) -> tuple[Grid, int, dict[str, int]]:
    """Whole grid, index of the first data row, and grid column of each contract column."""
    style, contract = style_of(file), contract_of(file)
    cells = grid(path, style)
    headers = [header_of(column, style) for column in contract.columns]
    start = next(i for i, row in enumerate(cells) if set(headers) <= set(row))
    return cells, start + 1, {c.name: cells[start].index(h) for c, h in zip(contract.columns, headers, strict=True)}


def column(path: Path, file: str, name: str) -> list[object]:
    cells, start, columns = table(path, file)
    return [row[columns[name]] for row in cells[start:]]
