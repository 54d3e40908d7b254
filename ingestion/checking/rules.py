"""Rules over several rows: unique keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ingestion.checking.keys import SeenKeys, key_hashes
from ingestion.contracts import Contract
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
    """No two rows of the file share these columns."""

    contract: Contract
    columns: tuple[str, ...]
    severity: Severity
    seen: SeenKeys = field(default_factory=SeenKeys)

    def check(
        self, values: Values, places: np.ndarray, sheets: Sequence[str], told: set[tuple[int, int]]
    ) -> list[RowProblem]:
        """`places`: sheet number * 2^32 + row. `told`: (row, first place) pairs that an earlier rule has reported;
        a row repeated whole is one problem, not one for every key."""
        hashes, whole = key_hashes([values[name] for name in self.columns])
        repeated, first = self.seen.add(hashes, whole, places)
        labels = [self.contract.column(name) for name in self.columns]
        names = {"key_th": " + ".join(c.label_th for c in labels), "key_en": " + ".join(c.label_en for c in labels)}
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
