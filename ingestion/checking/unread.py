"""What of a sheet is not read, said with its place, so that nothing is lost in silence."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.rows import HEADING, NOTE_ROW, RowKinds
from ingestion.checking.tally import Tally
from ingestion.cleaning.columns import bytes_of
from ingestion.issues import issue
from ingestion.reading import Layout, RawChunk, address

WHOLE_ROW = "*"


class Unread:
    """Reports rows skipped, tables beside this one, and columns that hold something under no header."""

    def __init__(self, layout: Layout, tally: Tally) -> None:
        self._layout, self._tally = layout, tally
        self._sheet = layout.grid.name
        self._known = set(layout.headers) | set(layout.ours.values()) | set(layout.beside)
        cells = [self._place(layout.header_address(i)) for i in layout.beside]
        for i, row in self._other_columns().items():
            cells.append(self._place(address(i, row)))
            self._known.add(i)
        if cells:
            tally.repaired(WHOLE_ROW, "table_beside_skipped", len(cells), cells)

    def _other_columns(self) -> dict[int, int]:
        """Columns a blank one away from the table that have no header in its rows: column → row of the first text."""
        found: dict[int, int] = {}
        if self._layout.grid.keys is None:
            for number, row in enumerate(self._layout.grid.preview, start=1):
                filled = [i for i, cell in enumerate(row) if cell.strip()]
                if number >= self._layout.header_top and len(filled) > 1:
                    for i in set(filled) - set(self._layout.near):
                        found.setdefault(i, number)
        return {i: row for i, row in found.items() if i not in self._known}

    def rows(self, chunk: RawChunk, kinds: RowKinds) -> None:
        """Take in what was sorted out of a chunk."""
        for code, at in kinds.skipped.items():
            wanted = at[: self._tally.wanted_addresses(WHOLE_ROW, code)]
            self._tally.repaired(WHOLE_ROW, code, len(at), [self._first_cell(chunk, int(i)) for i in wanted])
            if code in (NOTE_ROW, HEADING):
                self._dates_in_notes(chunk, at[: self._tally.dates.notes_wanted])
        self._columns(chunk, kinds.data)

    def note(self, row: int, text: str) -> None:
        """Take in one footnote that was never laid into columns."""
        self._tally.repaired(WHOLE_ROW, NOTE_ROW, 1, [self._place(address(0, row))])
        self._date_in_note(address(0, row), text)

    def _dates_in_notes(self, chunk: RawChunk, at: np.ndarray) -> None:
        for i in at.tolist():
            for column, cells in enumerate(chunk.cells):
                if text := cells[i].as_py():
                    self._date_in_note(address(column, int(chunk.rows[i])), text)

    def _date_in_note(self, cell: str, text: str) -> None:
        for found in self._tally.dates.of_note(self._sheet or None, cell, text):
            self._tally.file_issue(found)

    def _first_cell(self, chunk: RawChunk, i: int) -> str:
        column = next((k for k, cells in enumerate(chunk.cells) if cells[i].as_py().strip()), 0)
        return self._place(address(column, int(chunk.rows[i])))

    def _columns(self, chunk: RawChunk, data: np.ndarray) -> None:
        """Each column without a header is asked about once, at its first filled cell in a data row."""
        for i in range(len(chunk.cells)):
            if i in self._known or not len(data) or not bytes_of(chunk.cells[i]).lengths.any():
                continue
            cells = pc.utf8_trim_whitespace(chunk.cells[i].take(pa.array(data)))
            filled = np.flatnonzero(bytes_of(cells).lengths > 0)
            if len(filled):
                self._known.add(i)
                row = int(chunk.rows[data[filled[0]]])
                found = issue("column_without_header", sheet=self._sheet or None, row=row, cell=address(i, row))
                self._tally.file_issue(found)

    def _place(self, cell: str) -> str:
        return f"{self._sheet}!{cell}" if self._sheet else cell
