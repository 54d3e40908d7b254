"""Seeding of the registered kinds into the tables of one file, with the place of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from chaidaen.simulate.cell_defects import DEFECTS, DUPLICATE_KEY, Cell, Defect, codes_told
from chaidaen.simulate.identifiers import Texts
from chaidaen.simulate.rendering import Layout
from ingestion.contracts import Column, load_contract

__all__ = ["DEFECTS", "DUPLICATE_KEY", "Defect", "Seeded", "Seeder"]


@cache
def _places(dataset: str, wanted: tuple[Defect, ...]) -> dict[str, list[int]]:
    """Columns of the dataset that each kind can befall, for kinds that have any."""
    contract = load_contract(dataset)
    places = {kind.name: [i for i, c in enumerate(contract.columns) if kind.befalls(c, contract)] for kind in wanted}
    return {name: positions for name, positions in places.items() if positions}


@dataclass(frozen=True, slots=True)
class Seeded:
    """A defect put into a table: row within the written chunk and column of the table, both from 0."""

    row: int
    column: int
    code: str


class Seeder:
    """Puts defects into the tables of one file, taking the kinds in turn so that all of them occur."""

    def __init__(
        self, province_code: str | None, layout: Layout, rng: np.random.Generator, wanted: Sequence[Defect] = DEFECTS
    ) -> None:
        self._province_code, self._layout, self._rng = province_code or "", layout, rng
        self._places = _places(layout.contract.id, tuple(wanted))
        kinds: list[Defect | None] = [d for d in wanted if d.name in self._places]
        kinds.append(None)  # None: a row repeated
        self._kinds = [kinds[i] for i in rng.permutation(len(kinds))]
        self._turn = 0
        self._uses: dict[str, int] = {}

    def seed(self, columns: list[Texts], share: float) -> tuple[list[Texts], list[Seeded]]:
        """The chunk with about `share` of its rows spoilt (repeated rows come last), and what was spoilt where."""
        count = len(columns[0])
        chosen = self._rng.choice(count, size=int(self._rng.binomial(count, share)), replace=False)
        seeded: list[Seeded] = []
        repeated: list[int] = []
        for row in np.sort(chosen).tolist():
            spoilt = self._spoil(columns, row)
            seeded += spoilt
            if not spoilt:
                repeated.append(row)
        if repeated:
            columns = [np.concatenate([column, column[repeated]]) for column in columns]
            # A row repeated whole is told once, at its key, whatever else must be unique.
            key = self._layout.position(self._layout.contract.primary_key[0])
            seeded += [Seeded(count + i, key, DUPLICATE_KEY) for i in range(len(repeated))]
        return columns, seeded

    def _spoil(self, columns: list[Texts], row: int) -> list[Seeded]:
        """Spoil one cell of the row with the next kind that can; nothing when the row is to be repeated instead."""
        for _ in range(len(self._kinds)):
            kind = self._kinds[self._turn % len(self._kinds)]
            self._turn += 1
            if kind is None:
                return []
            position = int(self._rng.choice(self._places[kind.name]))
            column = self._layout.columns[position]
            spoilt = self._spoilt_value(kind, columns[position][row], column)
            if spoilt is not None:
                columns[position][row] = spoilt
                self._uses[kind.name] = self._uses.get(kind.name, 0) + 1
                return [Seeded(row, position, code) for code in codes_told(kind, column)]
        return []

    def _spoilt_value(self, kind: Defect, value: object, column: Column) -> object | None:
        style = self._layout.style
        spoilt = kind.spoil(Cell(value, column, style, self._province_code, self._rng, self._uses.get(kind.name, 0)))
        if isinstance(spoilt, str):
            try:
                spoilt.encode(style.encoding)
            except UnicodeEncodeError:
                return None  # this office's encoding can't even hold the mistake
        return spoilt
