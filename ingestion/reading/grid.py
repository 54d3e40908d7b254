"""A sheet as every reader gives it: absolute rows and columns, all cells text, first line = row 1, first column = A."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

PREVIEW_ROWS = 60


@dataclass(frozen=True, slots=True)
class RawChunk:
    """Rows as sent: `rows` int64 numbers as the sender's program shows, `cells[i]` the text of column i (0 = A)."""

    rows: np.ndarray
    cells: tuple[pa.Array, ...]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class RaggedRow:
    """A record of a text file that can't be laid into columns: too many fields, or (JSON lines) no object at all."""

    row: int
    fields: tuple[str, ...]
    expected: int
    code: str = "ragged_row"


@dataclass(frozen=True, slots=True)
class Merged:
    """Merged cells: rows and columns, ends included."""

    top: int
    bottom: int
    left: int
    right: int


class Grid(Protocol):
    """One sheet of a workbook, or a text file cut by one delimiter."""

    name: str
    hidden: bool

    @property
    def keys(self) -> Sequence[tuple[str, int]] | None:
        """Names that every row carries itself (JSON lines), with the row each first stands in; else None."""
        ...

    @property
    def merged(self) -> Sequence[Merged]:
        """Merged cells; asked for after `preview`."""
        ...

    @property
    def preview(self) -> list[list[str]]:
        """First PREVIEW_ROWS rows, from row 1 and column A."""
        ...

    def chunks(self, after_row: int) -> Iterator[RawChunk]:
        """Every row below `after_row`; raises ReadProblem."""
        ...

    def take_ragged(self) -> list[RaggedRow]:
        """Rows found so far that could not be laid into columns; each is handed out once."""
        ...

    def take_short_rows(self) -> list[int]:
        """Rows found so far with fewer fields than columns, filled up with empty cells; each is handed out once."""
        ...


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(index: int, row: int) -> str:
    """A1 address of a cell."""
    return f"{column_letter(index)}{row}"
