"""Which rows of a table are data, and which are blank, totals, footnotes, section headings or the header again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.cleaning.columns import byte_table, bytes_of, matches, rows_with
from ingestion.contracts import Contract
from ingestion.reading import Layout, RawChunk, normalise_header

_ASCII = byte_table(bytes(range(0x21, 0x7F)))  # also flags the space: a code that holds one is looked at
_TOTAL = r"^[\s\x{200b}\x{feff}]*(รวม|ยอดรวม|ผลรวม|ทั่วราชอาณาจักร|(?i:grand total|sub-?total|total)\b)"
NOTE = r"^[\s*]*(หมายเหตุ|ที่มา|แหล่งที่มา|แหล่งข้อมูล|ข้อมูล ณ|(?i:note|source|remark)s?\s*[:：])"  # for Arrow and re
_WORD = r"[\x{0e01}-\x{0e2e}A-Za-z]{2}"


@dataclass(frozen=True, slots=True)
class RowKinds:
    """Indexes within a chunk."""

    data: np.ndarray
    totals: np.ndarray


class RowSorter:
    """Tells data rows from the others. Only rows whose key cells are blank or wordy are looked at closely."""

    def __init__(self, contract: Contract, layout: Layout) -> None:
        keyed = [layout.positions[name] for name in contract.primary_key if name in layout.positions]
        self._keys: Sequence[int] = keyed or sorted(layout.positions.values())[:1]
        self._mapped = sorted(layout.positions.values())
        self._key_headers = [normalise_header(layout.headers[i]) for i in self._keys]

    def sort(self, chunk: RawChunk) -> RowKinds:
        """Every row of the chunk is data, a total, or neither."""
        doubtful = np.zeros(len(chunk), dtype=bool)
        for i in self._keys:
            if i >= len(chunk.cells):
                doubtful[:] = True
                continue
            cells = bytes_of(chunk.cells[i])
            doubtful |= (cells.lengths == 0) | rows_with(cells, _ASCII)
        everything = np.arange(len(chunk))
        if not doubtful.any():
            return RowKinds(everything, everything[:0])
        at = np.flatnonzero(doubtful)
        is_data, is_total = self._look(chunk, at)
        data = np.ones(len(chunk), dtype=bool)
        data[at] = is_data
        return RowKinds(np.flatnonzero(data), at[is_total])

    def _look(self, chunk: RawChunk, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cells = [pc.utf8_trim_whitespace(column.take(pa.array(at))) for column in chunk.cells]
        filled = np.array([bytes_of(column).lengths > 0 for column in cells])
        key_filled = np.array([filled[i] for i in self._keys if i < len(cells)])
        key_blank = ~key_filled.all(axis=0) if len(key_filled) else np.ones(len(at), dtype=bool)
        count = filled.sum(axis=0)
        total = np.zeros(len(at), dtype=bool)
        note, wordy = total.copy(), total.copy()
        for i, column in enumerate(cells):
            if filled[i].any():
                says_total = matches(column, _TOTAL)
                total |= says_total & (key_blank if i not in self._keys else True)
                note |= matches(column, NOTE) & (count == 1)
                wordy |= matches(column, _WORD) & (count == 1)
        total &= count > 1
        header = self._is_header(cells, len(at))
        # One wordy cell alone is a footnote or the heading of a section ("อำเภอเมืองยะลา"), never a row of data.
        blank = count == 0
        return ~(blank | total | note | wordy | header), total & ~header

    def _is_header(self, cells: list[pa.Array], rows: int) -> np.ndarray:
        same = np.ones(rows, dtype=bool)
        for i, form in zip(self._keys, self._key_headers, strict=True):
            if i >= len(cells):
                return np.zeros(rows, dtype=bool)
            encoded = cells[i].dictionary_encode()
            judged = np.array([normalise_header(text) == form for text in encoded.dictionary.to_pylist()], dtype=bool)
            same &= judged[encoded.indices.to_numpy()] if len(judged) else False
        return same
