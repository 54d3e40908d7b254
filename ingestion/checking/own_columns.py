"""Columns and sheets that we wrote ourselves and that came back with the file: answers, addresses, the example row."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.model import Answer, CheckedChunk
from ingestion.contracts import Contract
from ingestion.contracts.examples import example_row
from ingestion.own_marks import (
    BASE_ROW,
    BASE_SHEET,
    BASE_SUBMISSION,
    EXAMPLE_HEADER,
    EXAMPLE_MARK,
    EXPLANATION_HEADER,
    KEY_PREFIX,
    is_returned,
    without_apostrophes,
)
from ingestion.reading import Grid, Layout, RawChunk

BASE_COLUMNS = {"_base_submission": BASE_SUBMISSION, "_base_sheet": BASE_SHEET, "_base_row": BASE_ROW}
QUERY_KEY = f"{KEY_PREFIX}query:"  # then code, colon, column; in the summary beside its explanation


class OwnColumns:
    """Takes our own columns out of one sheet's rows before they are checked, and keeps what they say."""

    def __init__(self, contract: Contract, layout: Layout) -> None:
        self._contract, self._layout, self._ours = contract, layout, layout.ours
        self.returned = is_returned(layout.ours)
        self.answers: list[Answer] = []

    def take(self, sent: RawChunk) -> RawChunk:
        """The chunk with our columns blank and without an untouched example row; explanations go to `answers`."""
        if not self._ours or not sent.cells:
            return sent
        self._read_answers(sent)
        blank = pa.repeat(pa.scalar("", pa.string()), len(sent))
        mine = frozenset(self._ours.values())
        cells = (without_apostrophes(column) if self.returned else column for column in sent.cells)
        taken = RawChunk(sent.rows, tuple(blank if i in mine else column for i, column in enumerate(cells)))
        examples = self._examples(sent)
        if not examples:
            return taken
        kept = pa.array(np.setdiff1d(np.arange(len(sent)), examples))
        return RawChunk(sent.rows[kept.to_numpy()], tuple(column.take(kept) for column in taken.cells))

    def addressed(self, chunk: CheckedChunk, sent: RawChunk) -> CheckedChunk:
        """Of a bad-rows file both tables get the address each row had: `_base_submission/sheet/row`, text as sent."""
        if not self.returned:
            return chunk
        return replace(
            chunk, accepted=self._with_base(chunk.accepted, sent), rejected=self._with_base(chunk.rejected, sent)
        )

    def _with_base(self, rows: pa.Table, sent: RawChunk) -> pa.Table:
        at = pa.array(np.searchsorted(sent.rows, rows["_row"].to_numpy()))
        for name, header in BASE_COLUMNS.items():
            cells = self._column(sent, header)
            texts = (
                pc.utf8_trim_whitespace(without_apostrophes(cells)).take(at)
                if cells is not None
                else pa.nulls(rows.num_rows, pa.string())
            )
            rows = rows.append_column(name, texts)
        return rows

    def _read_answers(self, sent: RawChunk) -> None:
        texts = self._column(sent, EXPLANATION_HEADER)
        if texts is None:
            return
        texts = pc.utf8_trim_whitespace(texts)
        filled = np.flatnonzero(pc.greater(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False))
        sheet = self._layout.grid.name or None
        self.answers += [Answer(texts[int(i)].as_py(), sheet=sheet, row=int(sent.rows[i])) for i in filled]

    def _column(self, sent: RawChunk, name: str) -> pa.Array | None:
        position = self._ours.get(name)
        return None if position is None or position >= len(sent.cells) else sent.cells[position]

    def _examples(self, sent: RawChunk) -> list[int]:
        """The template's example row as long as nobody changed it; changed, it is a row like any other."""
        marks = self._column(sent, EXAMPLE_HEADER)
        if marks is None:
            return []
        marked = np.flatnonzero(pc.equal(marks, EXAMPLE_MARK).to_numpy(zero_copy_only=False))
        return [int(i) for i in marked if self._is_example(sent, int(i))]

    def _is_example(self, sent: RawChunk, i: int) -> bool:
        example = example_row(self._contract)
        return all(
            sent.cells[position][i].as_py().strip() == example[name]
            for name, position in self._layout.positions.items()
            if position < len(sent.cells)
        )


def summary_answers(own_sheets: Sequence[Grid]) -> Iterator[Answer]:
    """Explanations written in a summary sheet of ours, each for all queries of its kind."""
    for sheet in own_sheets:
        at: int | None = None
        for chunk in sheet.chunks(0):
            rows = zip(*(column.to_pylist() for column in chunk.cells), strict=True)
            for row in rows:
                if at is None:
                    at = row.index(EXPLANATION_HEADER) if EXPLANATION_HEADER in row else None
                    continue
                key = next((cell for cell in row if cell.startswith(QUERY_KEY)), None)
                if key is not None and row[at].strip():
                    code, _, column = key.removeprefix(QUERY_KEY).partition(":")
                    yield Answer(row[at].strip(), code=code, column=column or None)
