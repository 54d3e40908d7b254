"""What goes wrong in whole columns, as a register: each entry spoils a table and names its issue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chaidaen.simulate.headers import HeaderForm
from chaidaen.simulate.layouts import Block
from chaidaen.simulate.pages import Page


@dataclass(frozen=True, slots=True)
class ColumnDefect:
    """Spoils the columns of a block before it is laid out.

    `spoil` returns the columns whose header cells could be told; the rightmost on the sheet is. None: no cell is.
    """

    name: str
    code: str
    spoil: Callable[[Block, np.random.Generator], tuple[int, ...]]
    headers: tuple[HeaderForm, ...] = ("plain", "units", "stacked 2", "stacked 3", "stacked 4", "stacked 5")
    in_first_row: bool = False  # told at the column's first value, not at its header


def _drop_column(block: Block, at: int) -> None:
    block.columns = block.columns[:at] + block.columns[at + 1 :]
    del block.headers[at]
    for row in block.rows:
        del row[at]


def _missing(block: Block, rng: np.random.Generator) -> tuple[int, ...]:
    required = [i for i, column in enumerate(block.columns) if column.required and i > 0]
    _drop_column(block, required[int(rng.integers(len(required)))])
    return ()


def _misspelt(block: Block, rng: np.random.Generator) -> tuple[int, ...]:
    required = [i for i, column in enumerate(block.columns) if column.required and i > 0]
    block.headers[required[int(rng.integers(len(required)))]] = "หัวตารางที่พิมพ์ผิด"
    return ()


def _twice(block: Block, rng: np.random.Generator) -> tuple[int, ...]:
    at = int(rng.integers(1, len(block.columns)))
    block.columns = (*block.columns, block.columns[at])
    block.headers.append(block.headers[at])
    for row in block.rows:
        row.append(row[at])
    return at, len(block.columns) - 1


def _unknown(block: Block, rng: np.random.Generator) -> tuple[int, ...]:
    stranger = replace(block.columns[-1], name="stranger", label_en="Clerk's remark", unit=None, required=False)
    block.columns = (*block.columns, stranger)
    block.headers.append("ความเห็นผู้บันทึก")
    for row in block.rows:
        row.append("ตรวจแล้ว")
    return (len(block.columns) - 1,)


def _unnamed(block: Block, rng: np.random.Generator) -> tuple[int, ...]:
    """Remarks at the end of the rows under no header."""
    [at] = _unknown(block, rng)
    block.headers[at] = ""
    return (at,)


def _other_unit(block: Block, rng: np.random.Generator) -> tuple[int, ...]:
    """Thousands of what the contract counts: every figure would be wrong by a thousand."""
    counted = [i for i, column in enumerate(block.columns) if column.unit in _MULTIPLES]
    at = counted[int(rng.integers(len(counted)))]
    block.headers[at] = f"{block.columns[at].label_th} ({_MULTIPLES[str(block.columns[at].unit)]})"
    return (at,)


_MULTIPLES = {"persons": "พันคน", "baht": "พันบาท", "houses": "พันหลัง"}
COLUMN_DEFECTS: tuple[ColumnDefect, ...] = (
    ColumnDefect("figures in thousands", "unit_differs", _other_unit, ("plain", "units", "stacked 2", "stacked 3")),
    ColumnDefect("required column left out", "missing_column", _missing),
    # English labels below a misspelt one save it, and a label under two groups may well mean two things.
    ColumnDefect("header misspelt", "missing_column", _misspelt, ("plain", "units", "stacked 2", "stacked 3")),
    ColumnDefect("column twice", "duplicate_column", _twice, ("plain", "units")),
    ColumnDefect("unknown column", "unknown_column", _unknown),
    ColumnDefect("column without a header", "column_without_header", _unnamed, ("plain",), in_first_row=True),
)


def emptied(pages: Sequence[Page], header_row: int) -> list[Page]:
    """The pages without anything below the header."""
    return [replace(page, cells=page.cells[:header_row], merged=[]) for page in pages]
