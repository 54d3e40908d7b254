"""One sheet, chunk by chunk: sort rows, clean and type columns, apply the rules, split accepted from rejected."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ingestion.checking.assembling import REJECTED, Assembler, is_error
from ingestion.checking.columns import ColumnCheck, column_check
from ingestion.checking.merged import REPAIR, MergedCells
from ingestion.checking.model import CheckedChunk, Scope
from ingestion.checking.own_columns import OwnColumns
from ingestion.checking.parents import Parents, in_order_of_areas
from ingestion.checking.references import References
from ingestion.checking.row_rules import row_problems
from ingestion.checking.rows import NOTE, RowKinds, RowSorter
from ingestion.checking.rules import RowProblem, UniqueRule
from ingestion.checking.tally import Tally
from ingestion.checking.totals import ControlTotals, TotalMismatch
from ingestion.checking.unread import Unread
from ingestion.cleaning.columns import Cleaned
from ingestion.cleaning.places import UNDECIDED
from ingestion.contracts import Column, Contract
from ingestion.issues import Issue, issue
from ingestion.reading import Layout, RaggedRow, RawChunk, address

RAGGED = "ragged_row"
RAGGED_AT_ONCE = 20_000
SHEET_SHIFT = 32  # a place is sheet number * 2^32 + row


class SheetCheck:
    """The check of one sheet; unique keys are shared with the other sheets of the file."""

    def __init__(
        self,
        contract: Contract,
        layout: Layout,
        *,
        scope: Scope | None,
        references: References,
        uniques: Sequence[UniqueRule],
        sheets: Sequence[str],
        number: int,
        tally: Tally,
    ) -> None:
        self._contract, self._layout, self._scope, self._tally = contract, layout, scope, tally
        self._uniques, self._sheets, self._number = uniques, sheets, number
        needed = {name for r in contract.rules if r.kind == "not_null" for name in r.arguments["columns"]}
        strict = [replace(column, required=column.required or column.name in needed) for column in contract.columns]
        self._checks = [column_check(column, references, names_alone=scope is None) for column in strict]
        self._area_order = in_order_of_areas(contract.columns)
        self._parents = Parents(contract, layout, scope)
        self._absent = {check.column.name: _absent(check) for check in self._checks}
        self._sorter = RowSorter(contract.primary_key, layout)
        self._own = OwnColumns(contract, layout)
        self._merged = MergedCells(contract, layout)
        self._unread = Unread(layout, tally)
        self._assembler = Assembler(contract, layout)
        rules = [rule for rule in contract.rules if rule.kind == "control_total"]
        self._totals = [ControlTotals(rule, layout.grid.name) for rule in rules]
        if self._own.returned:  # a few rows of a table have no total of their own
            self._totals = []
        # A total may well exceed what one row may hold.
        self._total_checks = {
            name: column_check(replace(contract.column(name), minimum=None, maximum=None), references)
            for rule in rules
            for name in rule.arguments["columns"]
        }

    def chunks(self) -> Iterator[CheckedChunk]:
        """Checked rows, counted in the tally."""
        for sent in self._layout.grid.chunks(self._layout.header_row):
            filled = self._fill_merged(self._own.take(sent))
            checked = self._own.addressed(self._chunk(filled), sent)
            yield from self._counted(checked)
            yield from self._counted(*self._ragged_rows())
        self._tally.came_back(self._own)
        yield from self._counted(*self._ragged_rows())
        for totals in self._totals:
            self._report(totals.finish())

    def _counted(self, *chunks: CheckedChunk) -> Iterator[CheckedChunk]:
        for chunk in chunks:
            self._tally.chunk(chunk)
            yield chunk
            self._tally.stop_when_hopeless()

    def _fill_merged(self, sent: RawChunk) -> RawChunk:
        filled, rows_by_column = self._merged.fill(sent)
        for name, rows in rows_by_column.items():
            self._count_repair(name, REPAIR, rows)
        return filled

    def _chunk(self, raw: RawChunk) -> CheckedChunk:
        kinds = self._sorter.sort(raw)
        self._unread.rows(raw, kinds)
        rows = raw.rows[kinds.data]
        cleaned = self._clean_all(raw, kinds.data)
        values = {name: column.values for name, column in cleaned.items()}
        problems = [
            RowProblem(found.at, name, found.code, found.params, found.severity)
            for name, column in cleaned.items()
            for found in column.problems
        ]
        problems += self._rule_problems(values, rows, problems)
        if self._scope is None:
            problems = [problem for problem in problems if problem.code != UNDECIDED]
        self._count_repairs(cleaned, rows)
        self._check_totals(raw, values, rows, kinds)
        return self._split(raw, kinds.data, cleaned, problems)

    def _clean_all(self, raw: RawChunk, data: np.ndarray) -> dict[str, Cleaned]:
        """Every column in the contract's order; larger areas are cleaned first, for they tell named places apart."""
        checks = {check.column.name: check for check in self._checks}
        cleaned: dict[str, Cleaned] = {}
        for column in self._area_order:
            cleaned[column.name] = self._clean(checks[column.name], raw, data, cleaned)
        return {name: cleaned[name] for name in checks}

    def _clean(
        self, check: ColumnCheck, raw: RawChunk, data: np.ndarray, before: Mapping[str, Cleaned] | None = None
    ) -> Cleaned:
        position = self._layout.positions.get(check.column.name)
        if position is None:
            value, extra = self._absent[check.column.name]
            extras = None if extra is None else pa.repeat(extra, len(data))
            return Cleaned(pa.repeat(value, len(data)), extra=extras)
        if position >= len(raw.cells):
            return check.run(pa.repeat(pa.scalar("", pa.string()), len(data)))
        cells = raw.cells[position]
        cells = cells if len(data) == len(raw) else cells.take(pa.array(data))
        return check.run(self._parents.beside_names(check.column, cells, raw, data, before or {}))

    def _rule_problems(
        self, values: Mapping[str, pa.Array], rows: np.ndarray, of_cells: Sequence[RowProblem]
    ) -> list[RowProblem]:
        problems: list[RowProblem] = []
        places = rows + (self._number << SHEET_SHIFT)
        told: set[tuple[int, int]] = set()
        for unique in self._uniques:
            problems += unique.check(values, places, self._sheets, told)
        problems += row_problems(self._contract, values, self._scope, of_cells)
        return problems + self._tally.folder.problems(values)

    def _count_repairs(self, cleaned: Mapping[str, Cleaned], rows: np.ndarray) -> None:
        for name, column in cleaned.items():
            for code, at in column.repairs.items():
                self._count_repair(name, code, rows[at])

    def _count_repair(self, name: str, code: str, rows: np.ndarray) -> None:
        prefix = f"{self._layout.grid.name}!" if self._layout.grid.name else ""
        wanted = rows[: self._tally.wanted_addresses(name, code)]
        cells = [f"{prefix}{self._assembler.cell(name, int(row))}" for row in wanted]
        self._tally.repaired(name, code, len(rows), cells)

    def _check_totals(self, raw: RawChunk, values: Mapping[str, pa.Array], rows: np.ndarray, kinds: RowKinds) -> None:
        for totals in self._totals:
            names = [name for name in totals.rule.arguments["columns"] if name in self._layout.positions]
            stated = (
                {name: self._clean(self._total_checks[name], raw, kinds.totals).values for name in names}
                if len(kinds.totals)
                else {}
            )
            own = {name: values[name] for name in names}
            totals.add(own, rows, stated, raw.rows[kinds.totals], kinds.labels)

    def _report(self, mismatches: Sequence[TotalMismatch]) -> None:
        for found in mismatches:
            column = self._contract.column(found.column)
            self._tally.file_issue(
                issue(
                    "control_total_differs",
                    sheet=found.sheet or None,
                    row=found.row,
                    column=found.column,
                    cell=self._assembler.cell(found.column, found.row),
                    value=f"{found.found:,}",
                    severity=found.rule.severity,
                    label_th=column.label_th,
                    label_en=column.label_en,
                    sum=f"{found.sum:,}",
                )
            )

    def _split(
        self, raw: RawChunk, data: np.ndarray, cleaned: Mapping[str, Cleaned], problems: Sequence[RowProblem]
    ) -> CheckedChunk:
        codes: dict[int, list[str]] = {}
        for problem in problems:
            if is_error(problem):
                codes.setdefault(problem.at, []).append(problem.code)
        columns: dict[str, pa.Array] = {
            "_sheet": pa.repeat(pa.scalar(self._layout.grid.name), len(data)),
            "_row": pa.array(raw.rows[data], pa.int64()),
        }
        for check in self._checks:
            column = cleaned[check.column.name]
            columns[check.column.name] = column.values
            if column.extra is not None:
                columns[_extra_name(check.column)] = column.extra
        table = pa.table(columns)
        if codes:
            keep = np.ones(len(data), dtype=bool)
            keep[list(codes)] = False
            table = table.filter(pa.array(keep))
        rejected = self._assembler.rejected(raw, data, codes)
        return CheckedChunk(table, rejected, self._assembler.issues(raw, data, problems))

    def _ragged_rows(self) -> Iterator[CheckedChunk]:
        for row in self._layout.grid.take_short_rows():
            self._tally.repaired("*", "short_row_padded", 1, [address(0, row)])
        ragged: list[RaggedRow] = []
        for found in self._layout.grid.take_ragged():
            if re.match(NOTE, found.fields[0]):
                self._unread.note(found.row, " ".join(found.fields))
            else:
                ragged.append(found)
        for start in range(0, len(ragged), RAGGED_AT_ONCE):
            yield self._ragged_chunk(ragged[start : start + RAGGED_AT_ONCE])

    def _ragged_chunk(self, ragged: Sequence[RaggedRow]) -> CheckedChunk:
        for totals in self._totals:
            totals.rows_lost()
        empty = RawChunk(np.zeros(0, np.int64), tuple(pa.array([], pa.string()) for _ in range(ragged[0].expected)))
        alike: dict[tuple[int, str], list[RaggedRow]] = {}
        for row in ragged:
            alike.setdefault((len(row.fields), row.code), []).append(row)
        rejected = pa.concat_tables([self._rejected_ragged(rows, code) for (_, code), rows in alike.items()])
        return CheckedChunk(self._chunk(empty).accepted, rejected, [self._ragged_issue(row) for row in ragged])

    def _ragged_issue(self, row: RaggedRow) -> Issue:
        sheet = self._layout.grid.name or None
        if row.code != RAGGED:
            return issue(row.code, sheet=sheet, row=row.row, cell=address(0, row.row))
        at = address(row.expected, row.row)
        return issue(RAGGED, sheet=sheet, row=row.row, cell=at, found=len(row.fields), expected=row.expected)

    def _rejected_ragged(self, rows: Sequence[RaggedRow], code: str) -> pa.Table:
        columns = zip(*(row.fields for row in rows), strict=True)
        chunk = RawChunk(np.array([row.row for row in rows]), tuple(pa.array(cells, pa.string()) for cells in columns))
        data = np.arange(len(rows))
        return self._assembler.rejected(chunk, data, {at: [code] for at in range(len(rows))}).cast(REJECTED)


def _extra_name(column: Column) -> str:
    return f"{column.key_name}_kind" if column.identifier == "person" else str(column.precision_name)


def _absent(check: ColumnCheck) -> tuple[pa.Scalar, pa.Scalar | None]:
    """Value (and kind or precision) of a column the sheet does not have: the contract's default, or nothing."""
    sent = pa.array([check.column.default_when_absent or ""], pa.string())
    cleaned = check.clean(sent)
    return cleaned.values[0], None if cleaned.extra is None else cleaned.extra[0]
