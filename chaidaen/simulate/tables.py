"""Rows of one dataset in contract columns, still in canonical values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from chaidaen.simulate.identifiers import Texts
from chaidaen.simulate.people import Bools, Dates

NO_DAY = np.datetime64("NaT", "D")  # an empty cell


@dataclass(slots=True)
class Table:
    """Columns of equal length by contract name; a column that is not there is left empty.

    texts: "" is an empty cell; a code is its canonical value. numbers: whole or decimal, None is an empty cell. dates:
    NaT is an empty cell; beside them a mask of those known to the day (None: all of them).
    """

    texts: dict[str, Texts]
    numbers: dict[str, Texts] = field(default_factory=dict)
    dates: dict[str, tuple[Dates, Bools | None]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        return {*self.texts, *self.numbers, *self.dates}

    def __len__(self) -> int:
        columns = [*self.texts.values(), *self.numbers.values(), *(dates for dates, _ in self.dates.values())]
        return len(columns[0]) if columns else 0

    def pieces(self, rows: int) -> Iterator["Table"]:
        """The table in pieces of at most `rows` rows: rendered cells take many times the memory of values."""
        for first in range(0, len(self), rows):
            yield self._part(slice(first, first + rows))

    def followed_by(self, other: "Table") -> "Table":
        """Its rows, then those of another one; a column that one of them lacks is empty there."""

        def of(mine: Mapping[str, Texts], others: Mapping[str, Texts], empty: str | None) -> dict[str, Texts]:
            return {
                name: np.concatenate([
                    columns[name] if name in columns else np.full(len(table), empty, dtype=object)
                    for table, columns in ((self, mine), (other, others))
                ])
                for name in {**mine, **others}
            }  # fmt: skip

        return Table(
            of(self.texts, other.texts, ""), of(self.numbers, other.numbers, None), _dates_of_both(self, other)
        )

    def first(self, rows: int) -> "Table":
        """Its first rows."""
        return self._part(slice(rows))

    def _part(self, rows: slice) -> "Table":
        def of(columns: Mapping[str, Texts]) -> dict[str, Texts]:
            return {name: values[rows] for name, values in columns.items()}

        dates = {
            name: (days[rows], None if exact is None else exact[rows]) for name, (days, exact) in self.dates.items()
        }
        return Table(of(self.texts), of(self.numbers), dates)


def _dates_of_both(above: Table, below: Table) -> dict[str, tuple[Dates, Bools | None]]:
    found: dict[str, tuple[Dates, Bools | None]] = {}
    for name in {**above.dates, **below.dates}:
        days, known = zip(*(_dates(table, name) for table in (above, below)), strict=True)
        found[name] = (np.concatenate(days), np.concatenate(known))
    return found


def _dates(table: Table, name: str) -> tuple[Dates, Bools]:
    days, known = table.dates.get(name, (np.full(len(table), NO_DAY), None))
    return days, np.ones(len(table), dtype=np.bool_) if known is None else known
