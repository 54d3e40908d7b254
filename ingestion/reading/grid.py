"""A sheet as every reader gives it: absolute rows and columns, all cells text, first line = row 1, first column = A."""

from collections.abc import Iterator
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
    """A text row with more fields than the table has columns."""

    row: int
    fields: tuple[str, ...]
    expected: int


class Grid(Protocol):
    """One sheet of a workbook, or a text file cut by one delimiter."""

    name: str
    hidden: bool

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
