"""Which rows of a table are data, and which are blank, totals, footnotes, section headings or the header again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.cleaning.columns import byte_table, bytes_of, matches, rows_with
from ingestion.reading import Layout, RawChunk, normalise_header

_ASCII = byte_table(bytes(range(0x21, 0x7F)))  # also flags the space: a code that holds one is looked at
# The word alone or before what it adds up; รวมใจ and รวมไทยพัฒนา are names of places.
_TOTAL = (
    r"^[\s\x{200b}\x{feff}*]*("
    r"(รวม|ยอดรวม|ผลรวม|รวมยอด)([\s:：().*]|$|ทั้ง|ทุก|ตำบล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.|หมู่|บ้าน|เทศบาล|เขต|ภาค|ประเทศ|จำนวน|ยอด|สุทธิ|ประชากร|เงิน)"
    r"|ทั้งสิ้น$|ทั้งหมด$|ทั่วราชอาณาจักร|ทั่วประเทศ|รวมราชอาณาจักร"
    r"|(?i:(grand[\s-]*)?total|sub[\s-]*total)([\s:：(]|$))"
)
NOTE = (
    r"^[\s*(]*(หมายเหตุ|ที่มา|แหล่งที่มา|แหล่งข้อมูล|ข้อมูล ณ|ลงชื่อ|ลงนาม|ผู้รายงาน|ผู้จัดทำ|ผู้รับรอง|ผู้ตรวจสอบ|ตำแหน่ง\s*[.…:]"
    r"|(?i:note|source|remark)s?\s*[:：])"
)  # for Arrow and re
_WORD = r"[\x{0e01}-\x{0e2e}A-Za-z]{2}"
_DIGIT = r"[0-9๐-๙]"
NOTE_CELLS = 2  # the word and its text, each in a cell
LONG_TEXT = 80  # characters; a heading is shorter

REPEATED_HEADER, TOTAL, NOTE_ROW, HEADING, OUTSIDE = (
    "header_repeated", "row_read_as_total", "row_read_as_note", "row_read_as_heading", "row_outside_table",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowKinds:
    """Indexes within a chunk. `labels`: the text that makes each total one; `skipped`: issue code → rows left out."""

    data: np.ndarray
    totals: np.ndarray
    labels: Sequence[str] = ()
    skipped: Mapping[str, np.ndarray] = field(default_factory=dict)


class RowSorter:
    """Tells data rows from the others. Only rows whose key cells are blank or wordy are looked at closely."""

    def __init__(self, primary_key: Sequence[str], layout: Layout) -> None:
        keyed = [layout.positions[name] for name in primary_key if name in layout.positions]
        self._keys: Sequence[int] = keyed or sorted(layout.positions.values())[:1]
        self._mapped = sorted(layout.positions.values())
        self._columns = [i for i in layout.near if i not in layout.beside]
        self._every_row_is_a_record = layout.grid.keys is not None
        self._headers = [] if self._every_row_is_a_record else _header_rows(layout, self._columns)

    def sort(self, chunk: RawChunk) -> RowKinds:
        """Every row of the chunk is data, or of one kind that is none."""
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
        return self._look(chunk, np.flatnonzero(doubtful))

    def _look(self, chunk: RawChunk, at: np.ndarray) -> RowKinds:
        width = len(chunk.cells)
        columns = [i for i in self._columns if i < width]
        cells = {i: pc.utf8_trim_whitespace(chunk.cells[i].take(pa.array(at))) for i in columns}
        filled = np.array([bytes_of(cells[i]).lengths > 0 for i in columns]).reshape(len(columns), len(at))
        count = filled.sum(axis=0)
        total, labels = self._totals(cells, columns, filled)
        kinds = {REPEATED_HEADER: self._repeats_header(cells, filled, columns), TOTAL: total & (count > 1)}
        kinds[OUTSIDE] = (count == 0) & self._filled_elsewhere(chunk, at, columns)
        if not self._every_row_is_a_record:
            kinds[NOTE_ROW] = self._notes(cells, columns, filled, count)
            kinds[HEADING] = self._headings(cells, columns, filled, count)
        data = np.ones(len(chunk), dtype=bool)
        data[at[count == 0]] = False
        skipped: dict[str, np.ndarray] = {}
        for code, found in kinds.items():
            fresh = found & (data[at] | (code == OUTSIDE))
            data[at[fresh]] = False
            if fresh.any():
                skipped[code] = at[fresh]
        totals = skipped.get(TOTAL, at[:0])
        by_row = dict(zip(at.tolist(), labels, strict=True))
        return RowKinds(np.flatnonzero(data), totals, [by_row[i] for i in totals.tolist()], skipped)

    def _key_blank(self, filled: np.ndarray, columns: Sequence[int]) -> np.ndarray:
        keys = [filled[columns.index(i)] for i in self._keys if i in columns]
        blank = np.zeros(filled.shape[1], dtype=bool) if keys else np.ones(filled.shape[1], dtype=bool)
        for key in keys:
            blank |= ~key
        return blank

    def _totals(
        self, cells: Mapping[int, pa.Array], columns: Sequence[int], filled: np.ndarray
    ) -> tuple[np.ndarray, list[str]]:
        """Rows whose label says total: a key cell, or a cell before any figure in a row whose key is blank."""
        total = np.zeros(filled.shape[1], dtype=bool)
        labels = [""] * filled.shape[1]
        key_blank = self._key_blank(filled, columns)
        figure_before = total.copy()
        for i in columns:
            says = matches(cells[i], _TOTAL) & ~total & (True if i in self._keys else key_blank & ~figure_before)
            for row in np.flatnonzero(says).tolist():
                labels[row] = cells[i][row].as_py()
            total |= says
            figure_before |= matches(cells[i], _DIGIT)
        return total, labels

    def _notes(
        self, cells: Mapping[int, pa.Array], columns: Sequence[int], filled: np.ndarray, count: np.ndarray
    ) -> np.ndarray:
        """Footnotes and signatures: the first filled cell says so, and hardly anything stands beside it."""
        note = np.zeros(len(count), dtype=bool)
        before = note.copy()
        for at, i in enumerate(columns):
            note |= matches(cells[i], NOTE) & ~before & (count <= NOTE_CELLS)
            before |= filled[at]
        return note

    def _headings(
        self, cells: Mapping[int, pa.Array], columns: Sequence[int], filled: np.ndarray, count: np.ndarray
    ) -> np.ndarray:
        """One wordy cell alone is a footnote or the heading of a section ("อำเภอเมืองยะลา").

        A long text in its own column is rather a record whose other cells were forgotten, and so is any cell of a
        table that has no other column.
        """
        alone = np.zeros(len(count), dtype=bool)
        if len(self._mapped) < 2:
            return alone
        for at, i in enumerate(columns):
            wordy = matches(cells[i], _WORD) & filled[at] & (count == 1)
            if i in self._mapped[1:]:
                wordy &= pc.less_equal(pc.utf8_length(cells[i]), LONG_TEXT).to_numpy(zero_copy_only=False)
            alone |= wordy
        return alone

    def _filled_elsewhere(self, chunk: RawChunk, at: np.ndarray, columns: Sequence[int]) -> np.ndarray:
        elsewhere = np.zeros(len(at), dtype=bool)
        for i in set(range(len(chunk.cells))) - set(columns):
            elsewhere |= bytes_of(pc.utf8_trim_whitespace(chunk.cells[i].take(pa.array(at)))).lengths > 0
        return elsewhere

    def _repeats_header(self, cells: Mapping[int, pa.Array], filled: np.ndarray, columns: Sequence[int]) -> np.ndarray:
        """Rows that say in every filled cell what a row of the header says there."""
        same = np.zeros(filled.shape[1], dtype=bool)
        for header in self._headers:
            first = next((i for i in header if i in cells), None)
            if first is None:
                continue
            encoded = cells[first].dictionary_encode()
            judged = np.array(
                [normalise_header(t) == header[first] for t in encoded.dictionary.to_pylist()], dtype=bool
            )
            if not judged.any():
                continue
            for row in np.flatnonzero(judged[encoded.indices.to_numpy()]).tolist():
                says = {i: normalise_header(cells[i][row].as_py()) for i in columns}
                same[row] |= {i: text for i, text in says.items() if text} == {
                    i: header[i] for i in header if i in says
                }
        return same


def _header_rows(layout: Layout, columns: Sequence[int]) -> list[dict[int, str]]:
    """Per row of the header: column → its cell in normal form, blank ones left out."""
    rows = layout.grid.preview[layout.header_top - 1 : layout.header_row]
    forms = [{i: normalise_header(row[i]) for i in columns if i < len(row) and row[i].strip()} for row in rows]
    return [form for form in forms if form]
