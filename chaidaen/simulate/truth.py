"""Defects put into a table, and the place each must be told at in the file that comes of it."""

from collections.abc import Iterable, Sequence

import numpy as np

from chaidaen.simulate.cell_defects import Cell, Defect, codes_told
from chaidaen.simulate.clean import TEXT_STYLE, WORKBOOK_STYLE
from chaidaen.simulate.column_defects import ColumnDefect
from chaidaen.simulate.layouts import Block, Laid, Told
from chaidaen.simulate.pages import Format
from chaidaen.simulate.row_defects import is_made_necessary
from ingestion.contracts.model import rule_columns
from ingestion.issues import entry


def told_of_column(kind: ColumnDefect, laid: Laid, columns: Sequence[int]) -> str | None:
    if not columns:
        return None
    at = max(columns, key=lambda i: laid.columns[i])
    return laid.cell(0, at)[1] if kind.in_first_row else laid.header_cell(at)


def spoil_cells(
    block: Block, form: Format, cell_kinds: Sequence[Defect], free: list[int], rng: np.random.Generator
) -> list[tuple[int, int, str, str]]:
    """Each kind that fits once, in a row of its own: (row, column, code, name of the kind).

    The last free rows are left for what befalls the page; a short table holds as many kinds as it can, in any order.
    """
    style = TEXT_STYLE if form.kind == "text" else WORKBOOK_STYLE
    found: list[tuple[int, int, str, str]] = []
    is_short = len(free) < len(cell_kinds)
    for kind in rng.permutation(np.array(cell_kinds, dtype=object)) if is_short else cell_kinds:
        columns = [i for i, column in enumerate(block.columns) if kind.befalls(column, block.contract)]
        for row in rng.permutation(free[:-_ROWS_LEFT]).tolist() if columns else []:
            at = columns[int(rng.integers(len(columns)))]
            if is_made_necessary(block, row, at):  # emptied, it would be told for that too
                continue
            spoilt = kind.spoil(Cell(block.rows[row][at], block.columns[at], style, block.province_code, rng, 0))
            if spoilt is None or not can_hold(form, spoilt):
                continue
            block.rows[row][at] = spoilt
            free.remove(row)
            found += [(row, at, code, kind.name) for code in codes_told(kind, block.columns[at])]
            break
    return found


def can_hold(form: Format, value: object) -> bool:
    try:
        str(value).encode(form.encoding)
    except UnicodeEncodeError:
        return False
    return True


def place(laid: Laid, form: Format, row: int, column: int, code: str) -> Told:
    [told] = as_form([(*laid.cell(row, column), code)], form)
    return told


def as_form(told: Iterable[Told], form: Format) -> list[Told]:
    """Text files have no sheets; in JSON lines the keys stand in no line, so every row is one line further up."""
    if form.kind == "lines":
        return [(None, line_above(cell), code) for _, cell, code in told]
    return [(sheet if form.kind == "workbook" else None, cell, code) for sheet, cell, code in told]


def line_above(cell: str | None) -> str | None:
    if cell is None:
        return None
    row = row_of(cell)
    # A key is told where it first occurs: in line 1.
    return cell.removesuffix(str(row)) + str(max(row - 1, 1))


def row_of(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


_ROWS_LEFT = 15
_RULES_OF = {
    "duplicate_key": "unique", "required_if_missing": "required_if", "none_filled": "any_filled",
    "date_order_wrong": "date_order", "sum_differs": "sum_equals", "sum_exceeds": "sum_at_most",
    "date_after_period": "not_after_period",
}  # fmt: skip


def keeps_out(block: Block, column: int, code: str) -> bool:
    """Whether an issue at a cell of this column keeps its row out: the contract has the last word."""
    here = block.columns[column]
    if code == "id_no_person":
        return here.required
    if here.name in block.contract.primary_key:
        return is_error(code)
    rules = [r for r in block.contract.rules if r.kind == _RULES_OF.get(code) and here.name in rule_columns(r)]
    return rules[0].severity == "error" if rules else is_error(code)


def is_error(code: str) -> bool:
    return entry(code).severity == "error"
