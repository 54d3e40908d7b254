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
