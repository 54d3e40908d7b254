"""Merged cells of data rows: the value stands in the uppermost cell only and counts for every row it spans."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.checking.parents import parent_positions
from ingestion.contracts import Contract
from ingestion.reading import Layout, RawChunk

REPAIR = "merged_cell_filled"


@dataclass(slots=True)
class _Column:
    name: str | None
    position: int
    tops: np.ndarray  # first and last rows of its merged cells, ascending
    bottoms: np.ndarray
    carried: str = ""  # text of the merged cell that the last chunk ended in
    carried_row: int = 0


class MergedCells:
    """Fills down the columns for which the contract says `fillDownMerged`; others stay as they are, so empty.

    The names of larger areas beside a place count for every row they span, too; being no columns of the contract,
    they are no repair.
    """

    def __init__(self, contract: Contract, layout: Layout) -> None:
        allowed: dict[int, str | None] = {
            layout.positions[c.name]: c.name
            for c in contract.columns
            if c.fill_down_merged and c.name in layout.positions
        }
        allowed |= dict.fromkeys(parent_positions(contract, layout))
        spans: dict[int, list[tuple[int, int]]] = {}
        if allowed:
            for cells in layout.grid.merged:
                if cells.left in allowed and cells.bottom > cells.top > layout.header_row:
                    spans.setdefault(cells.left, []).append((cells.top, cells.bottom))
        self._columns = []
        for position, found in spans.items():
            ends = np.array(sorted(found), np.int64)
            self._columns.append(_Column(allowed[position], position, ends[:, 0], ends[:, 1]))

    def fill(self, chunk: RawChunk) -> tuple[RawChunk, dict[str, np.ndarray]]:
        """The chunk with merged cells filled, and per contract column the rows that were."""
        cells = list(chunk.cells)
        filled: dict[str, np.ndarray] = {}
        for column in self._columns:
            if column.position < len(cells) and len(chunk):
                cells[column.position], rows = _fill(column, chunk.rows, cells[column.position])
                if len(rows) and column.name is not None:
                    filled[column.name] = rows
        return RawChunk(chunk.rows, tuple(cells)), filled


def _fill(column: _Column, rows: np.ndarray, cells: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """`rows` ascending. Each row inside a merged cell takes the text of that cell's first row."""
    which = np.searchsorted(column.tops, rows, side="right") - 1
    top = np.where(which >= 0, column.tops[which], 0)
    inside = (which >= 0) & (rows > top) & (rows <= column.bottoms[which])
    carried = pa.array([column.carried], pa.string())
    both = pa.concat_arrays([cells, carried])
    source = np.arange(len(rows))
    at_top = np.searchsorted(rows, top[inside])
    source[inside] = np.where(top[inside] == column.carried_row, len(rows), at_top)
    taken = both.take(pa.array(source))
    last = int(which[-1])
    if last >= 0 and rows[-1] < column.bottoms[last]:
        column.carried, column.carried_row = taken[len(rows) - 1].as_py(), int(column.tops[last])
    return taken, rows[inside]
