"""Rules over several cells: unique keys, parts and totals, the file's own total rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.keys import SeenKeys, key_hashes
from ingestion.contracts import Contract, Rule
from ingestion.issues import Severity

Values = Mapping[str, pa.Array]  # contract column -> typed values of the chunk's data rows
Number = int | Decimal


class RowProblem(NamedTuple):
    """A problem of a data row: index in the chunk, contract column it is shown at."""

    at: int
    column: str
    code: str
    params: Mapping[str, str]
    severity: Severity | None = None


@dataclass(slots=True)
class UniqueRule:
    """No two rows of the file share these columns."""

    contract: Contract
    columns: tuple[str, ...]
    severity: Severity
    seen: SeenKeys = field(default_factory=SeenKeys)

    def check(self, values: Values, places: np.ndarray, sheets: Sequence[str]) -> list[RowProblem]:
        """`places`: sheet number * 2^32 + row."""
        if not all(name in values for name in self.columns):
            return []
        hashes, whole = key_hashes([values[name] for name in self.columns])
        repeated, first = self.seen.add(hashes, whole, places)
        labels = [self.contract.column(name) for name in self.columns]
        names = {"key_th": " + ".join(c.label_th for c in labels), "key_en": " + ".join(c.label_en for c in labels)}
        problems = []
        for index, place in zip(repeated.tolist(), first.tolist(), strict=True):
            sheet, row = sheets[place >> 32], place & 0xFFFFFFFF
            there = {
                "first_th": f"แถวที่ {row}" + (f" ของแผ่นงาน {sheet}" if len(sheets) > 1 else ""),
                "first_en": f"row {row}" + (f" of sheet {sheet}" if len(sheets) > 1 else ""),
            }
            problems.append(RowProblem(index, self.columns[0], "duplicate_key", {**names, **there}, self.severity))
        return problems


def unique_rules(contract: Contract) -> list[UniqueRule]:
    """The primary key, columns marked unique, and the contract's rules; the same columns once, the strictest wins."""
    wanted: dict[tuple[str, ...], Severity] = {}
    if contract.primary_key:
        wanted[contract.primary_key] = "error"
    for column in contract.columns:
        if column.unique:
            wanted[(column.name,)] = "error"
    for rule in contract.rules:
        if rule.kind == "unique":
            wanted.setdefault(tuple(rule.arguments["columns"]), rule.severity)
    return [UniqueRule(contract, columns, severity) for columns, severity in wanted.items()]


def sum_problems(contract: Contract, rule: Rule, values: Values) -> list[RowProblem]:
    """Rows in which the parts do not add up to the total; rows with a missing part are judged by other rules."""
    parts, total = tuple(rule.arguments["parts"]), rule.arguments["total"]
    if not all(name in values for name in (*parts, total)):
        return []
    added = values[parts[0]]
    for name in parts[1:]:
        added = pc.add(added, values[name])
    differs = pc.fill_null(pc.not_equal(added, values[total]), fill_value=False)
    if not pc.any(differs).as_py():
        return []
    names = [contract.column(name) for name in parts]
    texts = {"parts_th": " + ".join(c.label_th for c in names), "parts_en": " + ".join(c.label_en for c in names)}
    return [
        RowProblem(int(i), total, "sum_differs", {**texts, "sum": f"{added[int(i)].as_py():,}"}, rule.severity)
        for i in np.flatnonzero(differs.to_numpy(zero_copy_only=False))
    ]


class TotalMismatch(NamedTuple):
    """A total row whose figure is not the sum of its rows."""

    rule: Rule
    sheet: str
    row: int
    column: str
    found: Number
    sum: Number


@dataclass(slots=True)
class ControlTotals:
    """Running sums of one sheet.

    A total row must equal the sum of the rows since the total before it, or of all rows so far; one that stands above
    the data is judged when the sheet ends.
    """

    rule: Rule
    sheet: str
    overall: dict[str, Number] = field(default_factory=dict)
    segment: dict[str, Number] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)  # columns with a cell that is no number: their sums say nothing
    rows_before: bool = False
    above: list[tuple[int, str, Number]] = field(default_factory=list)

    def add(
        self, values: Values, rows: np.ndarray, total_values: Values, total_rows: np.ndarray
    ) -> list[TotalMismatch]:
        """Take in a chunk: data values in row order with their row numbers, and the values of its total rows."""
        found: list[TotalMismatch] = []
        start = 0
        for number, total_row in enumerate(total_rows.tolist()):
            end = int(np.searchsorted(rows, total_row))
            self._accumulate(values, start, end)
            found += self._judge(total_row, {name: column[number].as_py() for name, column in total_values.items()})
            start = end
        self._accumulate(values, start, len(rows))
        return found

    def _accumulate(self, values: Values, start: int, end: int) -> None:
        if end <= start:
            return
        self.rows_before = True
        for name, column in values.items():
            if column.null_count:
                self.unreadable.add(name)
            added = pc.sum(column.slice(start, end - start)).as_py() or 0
            self.overall[name] = self.overall.get(name, 0) + added
            self.segment[name] = self.segment.get(name, 0) + added

    def _judge(self, row: int, figures: Mapping[str, Number | None]) -> list[TotalMismatch]:
        stated = [(name, figure) for name, figure in figures.items() if figure is not None]
        if not self.rows_before:
            self.above += [(row, name, figure) for name, figure in stated]
            return []
        mismatches = [found for name, figure in stated if (found := self._compare(row, name, figure))]
        self.segment = {}
        return mismatches

    def _compare(self, row: int, name: str, figure: Number) -> TotalMismatch | None:
        if name in self.unreadable:
            return None
        overall, stated = Decimal(self.overall.get(name, 0)), Decimal(figure)
        segment = Decimal(self.segment.get(name, overall))
        nearest = overall if abs(overall - stated) <= abs(segment - stated) else segment
        if abs(nearest - stated) <= Decimal(str(self.rule.arguments.get("tolerance", 0))):
            return None
        return TotalMismatch(self.rule, self.sheet, row, name, figure, nearest)

    def finish(self) -> list[TotalMismatch]:
        """Judge the totals above the data."""
        self.segment = {}
        return [found for row, name, figure in self.above if (found := self._compare(row, name, figure))]
