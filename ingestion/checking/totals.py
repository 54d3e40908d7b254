"""The file's own total rows, held against the rows they add up."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contracts import Rule

Number = int | Decimal
Values = Mapping[str, pa.Array]

GRAND = 9
_GRAND = re.compile(r"ทั้งสิ้น|รวมทั้งหมด|ทั่วราชอาณาจักร|รวมราชอาณาจักร|ทั่วประเทศ|grand", re.IGNORECASE)
# What a subtotal adds up, smaller places first. The first word in the label counts: รวมตำบลบ้านนา is a tambon's.
_LEVELS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"รวม(ยอด)?\s*(ทั้ง)?\s*(หมู่|บ้าน|ชุมชน)"), 1),
    (re.compile(r"รวม(ยอด)?\s*(ทั้ง)?\s*(ตำบล|ต\.|เทศบาล)"), 2),
    (re.compile(r"รวม(ยอด)?\s*(ทั้ง)?\s*(อำเภอ|อ\.)"), 3),
    (re.compile(r"รวม(ยอด)?\s*(ทั้ง)?\s*(จังหวัด|จ\.)"), 4),
    (re.compile(r"รวม(ยอด)?\s*(ทั้ง)?\s*(ภาค|ประเทศ)"), 5),
)


def total_level(label: str) -> int | None:
    """How much a total row adds up: 1 village … 5 region, GRAND everything; None when it only says "total"."""
    if _GRAND.search(label):
        return GRAND
    return next((level for pattern, level in _LEVELS if pattern.search(label)), None)


class TotalMismatch(NamedTuple):
    """A total row whose figure is not the sum of its rows."""

    rule: Rule
    sheet: str
    row: int
    column: str
    found: Number
    sum: Number


class _Sums(NamedTuple):
    """Running sums of the rows so far; `blanks`: cells that hold no number, so that a sum over them says nothing."""

    rows: int
    sums: Mapping[str, Number]
    blanks: Mapping[str, int]


class _Total(NamedTuple):
    row: int
    level: int | None
    stated: Mapping[str, Number]
    before: _Sums


@dataclass(slots=True)
class ControlTotals:
    """Total rows of one sheet, judged when it ends.

    A subtotal must equal the block between it and the next total of its own or a higher level, on the side where this
    file has its blocks: below, if its first one stands before any row. A grand total must equal all rows, or those
    since the grand total before it. One that only says "total" may be any of these.
    """

    rule: Rule
    sheet: str
    _now: _Sums = field(default_factory=lambda: _Sums(0, {}, {}))
    _totals: list[_Total] = field(default_factory=list)
    _rows_lost: bool = False

    def rows_lost(self) -> None:
        """A row could not be laid into columns: no sum says anything until it is mended."""
        self._rows_lost = True

    def add(
        self, values: Values, rows: np.ndarray, stated: Values, total_rows: np.ndarray, labels: Sequence[str]
    ) -> None:
        """Take in a chunk: data values in row order with their row numbers, and the values of its total rows."""
        start = 0
        for number, (total_row, label) in enumerate(zip(total_rows.tolist(), labels, strict=True)):
            end = int(np.searchsorted(rows, total_row))
            self._accumulate(values, start, end)
            figures = {name: column[number].as_py() for name, column in stated.items()}
            known = {name: figure for name, figure in figures.items() if figure is not None}
            self._totals.append(_Total(total_row, total_level(label), known, self._now))
            start = end
        self._accumulate(values, start, len(rows))

    def _accumulate(self, values: Values, start: int, end: int) -> None:
        if end <= start:
            return
        sums, blanks = dict(self._now.sums), dict(self._now.blanks)
        for name, column in values.items():
            part = column.slice(start, end - start)
            sums[name] = sums.get(name, 0) + (pc.sum(part).as_py() or 0)
            blanks[name] = blanks.get(name, 0) + part.null_count
        self._now = _Sums(self._now.rows + end - start, sums, blanks)

    def finish(self) -> list[TotalMismatch]:
        """Every figure of a total row that its rows do not add up to."""
        if self._rows_lost:
            return []
        blocks_below = self._levels_above_their_blocks()
        found = []
        for number, total in enumerate(self._totals):
            candidates = self._blocks(number, total, blocks_below)
            for name, figure in total.stated.items():
                sums = [_difference(name, first, last) for first, last in candidates]
                mismatch = self._compare(total.row, name, figure, [known for known in sums if known is not None])
                if mismatch is not None and len([known for known in sums if known is not None]) == len(sums):
                    found.append(mismatch)
        return found

    def _levels_above_their_blocks(self) -> set[int | None]:
        first: dict[int | None, _Total] = {}
        for total in self._totals:
            first.setdefault(total.level, total)
        return {level for level, total in first.items() if total.before.rows == 0}

    def _blocks(self, number: int, total: _Total, blocks_below: set[int | None]) -> list[tuple[_Sums, _Sums]]:
        """The runs of rows this total may add up, as (sums before the first row, sums after the last)."""
        start = _Sums(0, {}, {})
        before = (self._neighbour(reversed(self._totals[:number]), total.level, start), total.before)
        after = (total.before, self._neighbour(self._totals[number + 1 :], total.level, self._now))
        if total.level == GRAND:
            return [(start, self._now), before]
        if total.level is not None:
            return [after if total.level in blocks_below else before]
        possible = [(start, self._now), (start, total.before), before, after]
        return [block for block in possible if block[1].rows > block[0].rows] or [(start, self._now)]

    @staticmethod
    def _neighbour(others: Iterable[_Total], level: int | None, end: _Sums) -> _Sums:
        for other in others:
            if level is None or other.level is None or other.level >= level:
                return other.before
        return end

    def _compare(self, row: int, name: str, figure: Number, sums: Sequence[Number]) -> TotalMismatch | None:
        if not sums:
            return None
        stated = Decimal(figure)
        nearest = min(sums, key=lambda known: abs(Decimal(known) - stated))
        if abs(Decimal(nearest) - stated) <= Decimal(str(self.rule.arguments.get("tolerance", 0))):
            return None
        return TotalMismatch(self.rule, self.sheet, row, name, figure, nearest)


def _difference(name: str, first: _Sums, last: _Sums) -> Number | None:
    """Sum of a column between two points; None where a cell between them holds no number."""
    if last.blanks.get(name, 0) > first.blanks.get(name, 0):
        return None
    return last.sums.get(name, 0) - first.sums.get(name, 0)
