"""Rules over several rows: unique keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.keys import SeenKeys, key_hashes
from ingestion.contracts import Contract, Rule
from ingestion.issues import Severity

Values = Mapping[str, pa.Array]  # contract column -> typed values of the chunk's data rows


class RowProblem(NamedTuple):
    """A problem of a data row: index in the chunk, contract column it is shown at."""

    at: int
    column: str
    code: str
    params: Mapping[str, str]
    severity: Severity | None = None


@dataclass(slots=True)
class UniqueRule:
    """No two rows of the file share these columns; with `among`, of the rows whose column holds one of the values."""

    contract: Contract
    columns: tuple[str, ...]
    severity: Severity
    among: tuple[str, tuple[str, ...]] | None = None
    seen: SeenKeys = field(default_factory=SeenKeys)

    def check(
        self, values: Values, places: np.ndarray, sheets: Sequence[str], told: set[tuple[int, int]]
    ) -> list[RowProblem]:
        """`places`: sheet number * 2^32 + row. `told`: (row, first place) pairs that an earlier rule has reported;
        a row repeated whole is one problem, not one for every key."""
        hashes, whole = key_hashes([values[name] for name in self.columns])
        if self.among is not None:
            column, wanted = self.among
            holds = pc.is_in(values[column].cast(pa.string()), value_set=pa.array(wanted, pa.string()))
            whole &= holds.to_numpy(zero_copy_only=False)
        repeated, first = self.seen.add(hashes, whole, places)
        names = self._names()
        problems = []
        for index, place in zip(repeated.tolist(), first.tolist(), strict=True):
            if (index, place) in told:
                continue
            told.add((index, place))
            sheet, row = sheets[place >> 32], place & 0xFFFFFFFF
            there = {
                "first_th": f"แถวที่ {row}" + (f" ของแผ่นงาน {sheet}" if len(sheets) > 1 else ""),
                "first_en": f"row {row}" + (f" of sheet {sheet}" if len(sheets) > 1 else ""),
            }
            problems.append(RowProblem(index, self.columns[0], "duplicate_key", {**names, **there}, self.severity))
        return problems

    def _names(self) -> Mapping[str, str]:
        """The key in both languages, with the value among whose rows it is one, where it is told."""
        labels = [self.contract.column(name) for name in self.columns]
        th, en = " + ".join(c.label_th for c in labels), " + ".join(c.label_en for c in labels)
        if self.among is not None:
            asked, wanted = self.contract.column(self.among[0]), self.among[1]
            codes = [code for code in asked.codes if code.value in wanted]
            th += f" ({asked.label_th}: {', '.join(c.label_th for c in codes) or ', '.join(wanted)})"
            en += f" ({asked.label_en}: {', '.join(c.label_en for c in codes) or ', '.join(wanted)})"
        return {"key_th": th, "key_en": en}


def unique_rules(contract: Contract) -> list[UniqueRule]:
    """The primary key, columns marked unique, and the contract's rules; the same columns once, the strictest wins."""
    wanted: dict[tuple[str, ...], Severity] = {}
    if contract.primary_key:
        wanted[contract.primary_key] = "error"
    for column in contract.columns:
        if column.unique:
            wanted[(column.name,)] = "error"
    told = [rule for rule in contract.rules if rule.kind == "unique"]
    for rule in told:
        if "when" not in rule.arguments:
            wanted.setdefault(tuple(rule.arguments["columns"]), rule.severity)
    whole = [UniqueRule(contract, columns, severity) for columns, severity in wanted.items()]
    return whole + [_among_some(contract, rule) for rule in told if "when" in rule.arguments]


def _among_some(contract: Contract, rule: Rule) -> UniqueRule:
    when = rule.arguments["when"]
    return UniqueRule(contract, rule.arguments["columns"], rule.severity, (when["column"], tuple(when["one_of"])))
