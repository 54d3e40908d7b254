"""What goes wrong in whole rows, columns and files, as registers: each entry spoils a file and names its issues."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chaidaen.simulate.headers import HeaderForm
from chaidaen.simulate.layouts import Block, Laid, Told
from chaidaen.simulate.pages import Format, Page, address
from ingestion.contracts import Rule

PERIOD_BE = 2564
LATE_ROW = 80  # below what a reader may look at to learn the width of a table


@dataclass(slots=True)
class Draft:
    """A laid-out file being spoilt; `free` are rows of the table nobody has spoilt yet."""

    block: Block
    laid: Laid
    form: Format
    rng: np.random.Generator
    free: list[int]

    def take(self, *, late: bool = False) -> int:
        """A row of the table that is still clean, from 0."""
        choices = [row for row in self.free if not late or self.laid.places[row][1] > LATE_ROW]
        row = choices[int(self.rng.integers(len(choices)))]
        self.free.remove(row)
        return row

    def line(self, row: int) -> list[object]:
        """The cells of a row as they stand on its page."""
        sheet, number = self.laid.places[row]
        return next(page for page in self.laid.pages if page.name == sheet).cells[number - 1]


@dataclass(frozen=True, slots=True)
class RowDefect:
    """`before` lays rows wrong before the table is laid out (returns table cells), `after` spoils the page."""

    name: str
    codes: tuple[str, ...]
    fits: Callable[[Block, Format], bool]
    before: Callable[[Block, list[int], np.random.Generator], list[tuple[int, int, str]]] | None = None
    after: Callable[[Draft], list[Told]] | None = None


def _position(block: Block, name: str) -> int:
    return next(i for i, column in enumerate(block.columns) if column.name == name)


def _take(free: list[int], rng: np.random.Generator) -> int:
    return free.pop(int(rng.integers(len(free))))


def _repeat(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """A row typed twice, the second time at the end."""
    row = _take(free, rng)
    block.rows.append(list(block.rows[row]))
    block.groups.append(block.groups[-1])
    # However many keys a contract has, a row repeated whole is one problem.
    rules = [rule.arguments["columns"] for rule in block.contract.rules if rule.kind == "unique"]
    key = block.contract.primary_key[0] if block.contract.primary_key else rules[0][0]
    return [(len(block.rows) - 1, _position(block, key), "duplicate_key")]


def _wrong_sum(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    [rule] = [rule for rule in block.contract.rules if rule.kind == "sum_equals"]
    row, total = _take(free, rng), _position(block, rule.arguments["total"])
    value = block.rows[row][total]
    block.rows[row][total] = as_written(value, int(str(value)) + 1)
    return [(row, total, "sum_differs")]


def _person_twice(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """Another row, the same person."""
    at = _position(block, "person_id")
    first, second = sorted((_take(free, rng), _take(free, rng)))
    block.rows[second][at] = block.rows[first][at]
    return [(second, at, "duplicate_key")]


def _dated(years: int, code: str, kinds: tuple[str, ...]) -> Callable[..., list[tuple[int, int, str]]]:
    """A day so many years away from the period the file is sent for."""

    def spoil(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
        # The last of several days may be later, the first one earlier, and they still stand in their order.
        row, at = _take(free, rng), _position(block, _period_columns(block, kinds)[-1 if years > 0 else 0])
        block.rows[row][at] = f"15/3/{PERIOD_BE + years}"
        return [(row, at, code)]

    return spoil


def _other_year(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """A row that says itself that it is the year before's."""
    row, at = _take(free, rng), _position(block, block.contract.content_must_match["period_from"])
    block.rows[row][at] = as_written(block.rows[row][at], PERIOD_BE - 1)
    return [(row, at, "row_of_other_period")]


def as_written(before: object, number: int) -> object:
    """A figure as the cell held one before: text stays text."""
    return number if isinstance(before, int) else str(number)


def _end_before_start(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    [rule] = [rule for rule in block.contract.rules if rule.kind == "date_order"]
    row = _take(free, rng)
    earlier, later = (_position(block, rule.arguments[name]) for name in ("earlier", "later"))
    block.rows[row][earlier], block.rows[row][later] = block.rows[row][later], block.rows[row][earlier]
    return [(row, later, "date_order_wrong")]


def _period_columns(block: Block, kinds: tuple[str, ...]) -> list[str]:
    return [name for rule in block.contract.rules if rule.kind in kinds for name in rule.arguments["columns"]]


def _fulfilling(block: Block, rule: Rule) -> set[object]:
    """Every way to write what makes the rule's columns necessary."""
    asked = block.contract.column(rule.arguments["when"]["column"])
    codes = [code for code in asked.codes if code.value in rule.arguments["when"]["one_of"]]
    return {spelling for code in codes for spelling in code.spellings}


def _condition_unmet(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """A cell left empty that another cell of its row makes necessary."""
    [rule] = [rule for rule in block.contract.rules if rule.kind == "required_if"]
    asked, wanted = _position(block, rule.arguments["when"]["column"]), _fulfilling(block, rule)
    row = next(row for row in rng.permutation(free).tolist() if block.rows[row][asked] in wanted)
    free.remove(row)
    at = _position(block, rule.arguments["columns"][0])
    block.rows[row][at] = ""
    return [(row, at, "required_if_missing")]


def _too_many_fields(draft: Draft) -> list[Told]:
    row = draft.take(late=True)
    line = draft.line(row)
    line.append("เกินมา")
    return [(None, address(draft.laid.places[row][1], len(line) - 1), "ragged_row")]


def _cut_short(draft: Draft) -> list[Told]:
    """The last field of a row is gone, as when somebody edits the file by hand."""
    row = draft.take(late=True)
    while _makes_necessary(draft, row, len(draft.line(row)) - 1):
        row = draft.take(late=True)
    line, number = draft.line(row), draft.laid.places[row][1]
    line.pop()
    told: list[Told] = [(None, address(number, 0), "short_row_padded")]
    last = next((i for i, place in enumerate(draft.laid.columns) if place == len(line)), None)
    if last is not None and draft.block.columns[last].required:
        told.append((None, address(number, len(line)), "required_missing"))
    return told


def _makes_necessary(draft: Draft, row: int, place: int) -> bool:
    """Whether another cell of the row makes the one at this sheet column necessary."""
    at = next((i for i, column in enumerate(draft.laid.columns) if column == place), None)
    return at is not None and is_made_necessary(draft.block, row, at)


def is_made_necessary(block: Block, row: int, at: int) -> bool:
    """Whether another cell of the row makes that of column `at` necessary."""
    return any(
        block.rows[row][_position(block, rule.arguments["when"]["column"])] in _fulfilling(block, rule)
        for rule in block.contract.rules
        if rule.kind == "required_if" and block.columns[at].name in rule.arguments["columns"]
    )


def _wrong_total(draft: Draft) -> list[Told]:
    """The grand total was not brought up to date: its figure of houses is too large."""
    number = draft.laid.total_rows[-1]
    page = draft.laid.pages[0]
    column = draft.laid.columns[_position(draft.block, "houses")]
    value = page.cells[number - 1][column]
    assert isinstance(value, int)  # noqa: S101 - totals are written as sums
    page.cells[number - 1][column] = value + 1000
    return [(page.name, address(number, column), "control_total_differs")]


def _is_text(_: Block, form: Format) -> bool:
    return form.kind == "text"


def _has_sum(block: Block, _: Format) -> bool:
    return any(rule.kind == "sum_equals" for rule in block.contract.rules)


def _has_rule(*kinds: str) -> Callable[[Block, Format], bool]:
    return lambda block, _: any(rule.kind in kinds for rule in block.contract.rules)


def _says_period(block: Block, _: Format) -> bool:
    return "period_from" in block.contract.content_must_match


def _has_persons(block: Block, _: Format) -> bool:
    return any(column.identifier == "person" for column in block.columns)


_AFTER = ("within_period", "not_after_period")
ROW_DEFECTS: tuple[RowDefect, ...] = (
    RowDefect("row repeated", ("duplicate_key",), lambda block, form: True, before=_repeat),
    RowDefect("the same person twice", ("duplicate_key",), _has_persons, before=_person_twice),
    RowDefect("day before the round", ("date_before_period",), _has_rule("within_period"),
              before=_dated(-1, "date_before_period", ("within_period",))),
    RowDefect("day after the round", ("date_after_period",), _has_rule(*_AFTER),
              before=_dated(1, "date_after_period", _AFTER)),
    RowDefect("cell another one makes necessary", ("required_if_missing",), _has_rule("required_if"),
              before=_condition_unmet),
    RowDefect("end before its start", ("date_order_wrong",), _has_rule("date_order"), before=_end_before_start),
    RowDefect("row of the year before", ("row_of_other_period",), _says_period, before=_other_year),
    RowDefect("parts that do not add up", ("sum_differs",), _has_sum, before=_wrong_sum),
    RowDefect("more fields than the header", ("ragged_row",), _is_text, after=_too_many_fields),
    RowDefect("row cut short", ("short_row_padded",), _is_text, after=_cut_short),
)  # fmt: skip
WRONG_TOTAL = RowDefect("total row that differs", ("control_total_differs",), _has_sum, after=_wrong_total)


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
