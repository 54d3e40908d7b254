"""What goes wrong in whole rows, as a register: each entry spoils rows of a table and names their issues."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from chaidaen.simulate.layouts import Block, Laid, Told
from chaidaen.simulate.pages import Format, address
from chaidaen.simulate.people import BE
from chaidaen.simulate.styles import read_date
from ingestion.contracts import Rule, period_bounds
from ingestion.contracts.model import is_asked

PERIOD_BE = 2564
_SHORTEST = 30
LATE_ROW = 80  # below what a reader may look at to learn the width of a table


class NoRow(LookupError):
    """The table has no row left that a kind could befall."""


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
        if not choices:
            raise NoRow
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
    if not free:
        raise NoRow
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
    rule = next(rule for rule in block.contract.rules if rule.kind == "sum_equals")
    names = (*rule.arguments["parts"], rule.arguments["total"])
    row, total = _take_filled(block, free, rng, names), _position(block, rule.arguments["total"])
    value = block.rows[row][total]
    block.rows[row][total] = as_written(value, Decimal(str(value)) + 1)
    return [(row, total, "sum_differs")]


def _parts_exceed(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    rule = next(rule for rule in block.contract.rules if rule.kind == "sum_at_most")
    names = (*rule.arguments["parts"], rule.arguments["total"])
    row = _take_filled(block, free, rng, names)
    first, *others, total = (_position(block, name) for name in names)
    cells = block.rows[row]
    left = Decimal(str(cells[total])) - sum(Decimal(str(cells[part])) for part in others)
    cells[first] = as_written(cells[first], left + 1)
    return [(row, total, "sum_exceeds")]


def _key_twice(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """Another row, the same person or household."""
    rule = _second_key(block)
    names = rule.arguments["columns"]
    first, second = sorted(_take_filled(block, free, rng, names, rule) for _ in range(2))
    for at in (_position(block, name) for name in names):
        block.rows[second][at] = block.rows[first][at]
    return [(second, _position(block, names[0]), "duplicate_key")]


def _second_key(block: Block) -> Rule:
    """The rule that no two rows share a person or a household, beside or instead of a running number."""
    rules = [rule for rule in block.contract.rules if rule.kind == "unique"]
    identifiers = {column.name for column in block.columns if column.identifier}
    return next(rule for rule in rules if rule.arguments["columns"][0] in identifiers and _stands_alone(block, rule))


def _stands_alone(block: Block, rule: Rule) -> bool:
    """Copying its columns copies no other key with them."""
    key = block.contract.primary_key
    return rule.arguments["columns"] == key or not set(key) <= set(rule.arguments["columns"])


def _take_filled(
    block: Block, free: list[int], rng: np.random.Generator, names: Sequence[str], rule: Rule | None = None
) -> int:
    """A free row in which these cells are filled; where the rule has a condition, one that fulfils it."""
    places = [_position(block, name) for name in names]
    when = rule.arguments.get("when") if rule else None
    asked, wanted = (_position(block, when["column"]), _fulfilling(block, rule)) if rule and when else (0, None)
    fitting = (
        row
        for row in rng.permutation(free).tolist()
        if all(block.rows[row][place] not in {None, ""} for place in places)
        and (wanted is None or block.rows[row][asked] in wanted)
    )
    row = next(fitting, None)
    if row is None:
        raise NoRow
    free.remove(row)
    return int(row)


def _dated(years: int, code: str, kinds: tuple[str, ...]) -> Callable[..., list[tuple[int, int, str]]]:
    """A day so many years away from the period the file is sent for."""

    def spoil(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
        # The last of several days may be later, the first one earlier, and they still stand in their order.
        name = _period_columns(block, kinds)[-1 if years > 0 else 0]
        row, at = _take_filled(block, free, rng, [name]), _position(block, name)
        block.rows[row][at] = f"15/3/{PERIOD_BE + years}"
        return [(row, at, code), *_out_of_order(block, row)]

    return spoil


def _other_year(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """A row that says itself that it is the year before's."""
    row, at = _take(free, rng), _position(block, block.contract.content_must_match["period_from"])
    block.rows[row][at] = as_written(block.rows[row][at], PERIOD_BE - 1)
    return [(row, at, "row_of_other_period")]


def as_written(before: object, number: int | Decimal) -> object:
    """A figure as the cell held one before: text stays text."""
    return str(number) if isinstance(before, str) else type(before)(number)  # type: ignore[call-arg]  # a number


def _end_before_start(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    rule = next(rule for rule in block.contract.rules if rule.kind == "date_order")
    names = (rule.arguments["earlier"], rule.arguments["later"])
    row, later = _take_filled(block, free, rng, names), _position(block, names[1])
    day = read_date(block.rows[row][_position(block, names[0])])
    assert day is not None  # noqa: S101 - clean files know their days
    before = day - datetime.timedelta(days=1)
    block.rows[row][later] = f"{before.day}/{before.month}/{before.year + BE}"
    return [(row, later, "date_order_wrong"), *_before_period(block, row, later)]


def _out_of_order(block: Block, row: int) -> list[tuple[int, int, str]]:
    """Days of the row that stand before the ones they must follow."""
    found = []
    for rule in block.contract.rules:
        if rule.kind == "date_order":
            earlier, later = (_position(block, rule.arguments[name]) for name in ("earlier", "later"))
            first, second = read_date(block.rows[row][earlier]), read_date(block.rows[row][later])
            if first and second and second < first:
                found.append((row, later, "date_order_wrong"))
    return found


def _before_period(block: Block, row: int, at: int) -> list[tuple[int, int, str]]:
    """A day of the row that lies before the period, where it may not."""
    start, _ = period_bounds(block.contract.period_kind, block.period)
    day = read_date(block.rows[row][at])
    is_asked = block.columns[at].name in _period_columns(block, ("within_period",))
    return [(row, at, "date_before_period")] if is_asked and day and day < start else []


def _period_columns(block: Block, kinds: tuple[str, ...]) -> list[str]:
    return [name for rule in block.contract.rules if rule.kind in kinds for name in rule.arguments["columns"]]


def _fulfilling(block: Block, rule: Rule) -> set[object]:
    """Every way to write what makes the rule's columns necessary."""
    asked = block.contract.column(rule.arguments["when"]["column"])
    codes = [code for code in asked.codes if code.value in rule.arguments["when"]["one_of"]]
    return {spelling for code in codes for spelling in code.spellings}


def _condition_unmet(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """A cell left empty that another cell of its row makes necessary."""
    rule = next(rule for rule in block.contract.rules if rule.kind == "required_if")
    name = rule.arguments["columns"][0]
    row, at = _take_filled(block, free, rng, [name], rule), _position(block, name)
    block.rows[row][at] = ""
    return [(row, at, "required_if_missing")]


def _none_filled(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """All the cells empty of which one must be filled."""
    rule = next(rule for rule in block.contract.rules if rule.kind == "any_filled")
    row, places = _take(free, rng), [_position(block, name) for name in rule.arguments["columns"]]
    for at in places:
        block.rows[row][at] = ""
    return [(row, places[0], "none_filled")]


def _not_asked(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """An answer to a question that was not asked in this period."""
    [rule, *_] = _unasked(block)
    row, at = _take(free, rng), _position(block, rule.arguments["columns"][0])
    block.rows[row][at] = block.columns[at].codes[0].label_th
    return [(row, at, "not_asked_in_period")]


def _wrong_level(block: Block, free: list[int], rng: np.random.Generator) -> list[tuple[int, int, str]]:
    """The level beside the one that the score has."""
    name = next(rule for rule in block.contract.rules if rule.kind == "level_of").arguments["level"]
    row, at = _take_filled(block, free, rng, [name]), _position(block, name)
    codes = block.columns[at].codes
    right = next(place for place, code in enumerate(codes) if block.rows[row][at] in code.spellings)
    block.rows[row][at] = codes[(right + 1) % len(codes)].label_th
    return [(row, at, "level_differs")]


def _unasked(block: Block) -> list[Rule]:
    rules = [rule for rule in block.contract.rules if rule.kind == "asked_in_periods"]
    return [rule for rule in rules if not is_asked(rule, block.period)]


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


def _is_long_text(block: Block, form: Format) -> bool:
    return form.kind == "text" and len(block.rows) > LATE_ROW + _SHORTEST


def _has_sum(block: Block, _: Format) -> bool:
    return any(rule.kind == "sum_equals" for rule in block.contract.rules)


def _has_rule(*kinds: str) -> Callable[[Block, Format], bool]:
    return lambda block, _: any(rule.kind in kinds for rule in block.contract.rules)


def _says_period(block: Block, _: Format) -> bool:
    return "period_from" in block.contract.content_must_match


def _has_second_key(block: Block, _: Format) -> bool:
    try:
        return bool(_second_key(block))
    except StopIteration:
        return False


_AFTER = ("within_period", "not_after_period")
ROW_DEFECTS: tuple[RowDefect, ...] = (
    RowDefect("row repeated", ("duplicate_key",), lambda block, form: True, before=_repeat),
    RowDefect("the same person twice", ("duplicate_key",), _has_second_key, before=_key_twice),
    RowDefect("day before the round", ("date_before_period",), _has_rule("within_period"),
              before=_dated(-1, "date_before_period", ("within_period",))),
    RowDefect("day after the round", ("date_after_period",), _has_rule(*_AFTER),
              before=_dated(2, "date_after_period", _AFTER)),
    RowDefect("cell another one makes necessary", ("required_if_missing",), _has_rule("required_if"),
              before=_condition_unmet),
    RowDefect("nothing where something must be", ("none_filled",), _has_rule("any_filled"), before=_none_filled),
    RowDefect("answer to what was not asked", ("not_asked_in_period",), lambda block, form: bool(_unasked(block)),
              before=_not_asked),
    RowDefect("level of another score", ("level_differs",), _has_rule("level_of"), before=_wrong_level),
    RowDefect("end before its start", ("date_order_wrong",), _has_rule("date_order"), before=_end_before_start),
    RowDefect("row of the year before", ("row_of_other_period",), _says_period, before=_other_year),
    RowDefect("parts that do not add up", ("sum_differs",), _has_sum, before=_wrong_sum),
    RowDefect("parts that exceed the whole", ("sum_exceeds",), _has_rule("sum_at_most"), before=_parts_exceed),
    RowDefect("more fields than the header", ("ragged_row",), _is_long_text, after=_too_many_fields),
    RowDefect("row cut short", ("short_row_padded",), _is_long_text, after=_cut_short),
)  # fmt: skip
WRONG_TOTAL = RowDefect("total row that differs", ("control_total_differs",), _has_sum, after=_wrong_total)
