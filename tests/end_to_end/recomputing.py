"""Figures computed anew from traced cells alone, by rules written down here a second time, in plain Python.

Cells are read from the archived bytes with openpyxl and csv, not with the project's readers.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import openpyxl
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from core.settings import settings
from ingestion.contracts import load_contract
from publication.trace_cells import Cell

INCOME_LINE = 38_000  # baht per person and year, the round of 2564; it stands in for item 22 left empty
INCOME_ITEM = "item_22"
ITEMS = {
    "health": (1, 4, 5, 7),
    "living": (8, 9, 10, 11),
    "education": (15, 16, 17, 19),
    "income": (20, 22),
    "access": (27, 28),
}
ITEMS["any"] = tuple(item for items in ITEMS.values() for item in items)
THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

Row = Mapping[str, str]


@cache
def sheet_of(sha256: str, name: str | None) -> dict[tuple[int, int], str]:
    """Every cell of one archived sheet, by row and column from 1, as a person would read it."""
    content = (settings().archive / sha256[:2] / sha256).read_bytes()
    if content[:2] == b"PK":
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        rows: Iterable[Iterable[object]] = book[name or book.sheetnames[0]].iter_rows(values_only=True)
    else:
        text = content.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ",")
    return {
        (row, column): "" if value is None else str(value)
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
    }


def in_file(cell: Cell, sha256: str) -> str:
    """What stands in the archived file at the address that the trace names."""
    assert cell.cell is not None
    letters, row = coordinate_from_string(cell.cell)
    return sheet_of(sha256, cell.sheet)[row, column_index_from_string(letters)]


def rows_by_dataset(cells: Iterable[Cell], sha256: Mapping[int, str]) -> dict[str, list[Row]]:
    """The traced cells laid together again as rows, each with what its file says at those addresses."""
    found: defaultdict[tuple[str, int, str | None, int], dict[str, str]] = defaultdict(dict)
    for cell in cells:
        assert cell.column is not None
        assert cell.row is not None
        at = (cell.dataset_id, cell.submission_id, cell.sheet, cell.row)
        found[at][cell.column] = in_file(cell, sha256[cell.submission_id])
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for (dataset, *_), row in found.items():
        rows[dataset].append(row)
    return rows


def figure(column: str, rows: Mapping[str, list[Row]]) -> int | Decimal:
    """What a column of poverty_by_area has to say, given the rows it rests on."""
    if column.endswith("_pct"):
        base = "surveyed_persons" if "_persons" in column else "surveyed_households"
        share = Decimal(100) * figure(column.removesuffix("_pct"), rows) / figure(base, rows)
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if column == "population_persons":
        return sum(number(row["total_persons"]) for row in rows["population"])
    unit = household if column.endswith("_households") else person
    return len({unit(row) for row in counted(column, rows)})


def counted(column: str, rows: Mapping[str, list[Row]]) -> list[Row]:
    """The rows that name the households or persons of the figure; one may be named by several."""
    if column == "surveyed_households":
        return rows["household_survey"]
    if column == "surveyed_persons":
        return rows["household_member"]
    kind = column.partition("_")[0]
    if column.endswith("_persons") or kind == "target":
        return poor_members(rows, kind)
    return [row for row in rows["household_survey"] if is_deprived(row, kind)]


def poor_members(rows: Mapping[str, list[Row]], kind: str) -> list[Row]:
    """Members of deprived households; `registered`: on the register too, `target`: and validated there."""
    poor = {household(row) for row in rows["household_survey"] if is_deprived(row, "any")}
    members = [row for row in rows["household_member"] if household(row) in poor]
    if kind == "surveyed":
        return members
    cards = [
        row for row in rows["welfare_card"] if kind == "registered" or code(row, "validation_status") == "validated"
    ]
    holders = {person(card) for card in cards}
    return [row for row in members if person(row) in holders]


def is_deprived(row: Row, dimension: str) -> bool:
    """One failed item of the dimension is enough; rows traced for a share's base carry no answers."""
    for item in ITEMS[dimension]:
        name = f"item_{item:02d}"
        if name not in row:
            continue
        answer = code(row, name)
        by_income = name == INCOME_ITEM and not answer and number(row["income_per_person_baht"]) < INCOME_LINE
        if answer == "fail" or by_income:
            return True
    return False


def code(row: Row, column: str) -> str:
    """The code that the sender's word stands for."""
    datasets = {"validation_status": "welfare_card"}
    codes = load_contract(datasets.get(column, "household_survey")).column(column).codes
    said = row[column].strip()
    return next((one.value for one in codes if said in one.spellings), "")


def number(text: str) -> int:
    return int(text.translate(THAI_DIGITS).replace(",", ""))


def digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text.translate(THAI_DIGITS))


def household(row: Row) -> str:
    return digits(row["house_code"])


def person(row: Row) -> str:
    """The identifier; a row without one is a person of its own."""
    found = digits(row["person_id"])
    return found or f"{household(row)}/{row['member_no']}"
