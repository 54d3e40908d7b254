"""CSV, TSV, semicolon and pipe files through Arrow, in blocks, with the row numbers a spreadsheet would show."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from ingestion.reading.bounds import bounded, refuse_endless_line
from ingestion.reading.encoding import Encoding
from ingestion.reading.grid import PREVIEW_ROWS, Merged, RaggedRow, RawChunk, address
from ingestion.reading.header import MAX_COLUMNS
from ingestion.reading.problems import ReadProblem
from ingestion.reading.quotes import RowShape, first_broken, malformed
from ingestion.reading.transcoding import as_utf8

DELIMITERS = (",", ";", "\t", "|")
BLOCK_BYTES = 4 << 20
HEAD_CHARACTERS = 1 << 20
MAX_FIELD_CHARACTERS = 1 << 20
LINE_FEED = 10
MAX_SHORT_ROWS = 100_000  # kept until the rows around them are read; more are handed out by themselves
SHAPE_LINES = 500  # from which the shape of a row is learnt


def text_grids(path: Path, encoding: Encoding) -> list["TextGrid"]:
    """The file cut by every delimiter that its head shows; the caller keeps the one whose header fits."""
    with path.open("rb") as file:
        file.seek(encoding.mark_bytes)
        head = file.read(HEAD_CHARACTERS * 2).decode(encoding.name, "ignore")[:HEAD_CHARACTERS]
    present = [delimiter for delimiter in DELIMITERS if delimiter in head] or [","]
    return [TextGrid(path, encoding, delimiter, head) for delimiter in present]


class _Lines:
    """Lines of the head, counting the characters handed out, so that a record's end is known in bytes."""

    def __init__(self, head: str) -> None:
        self._lines = io.StringIO(head, newline="")
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.characters += len(line)
            yield line


class TextGrid:
    """A text file as one nameless sheet."""

    name = ""
    hidden = False
    keys = None
    merged: tuple[Merged, ...] = ()

    def __init__(self, path: Path, encoding: Encoding, delimiter: str, head: str) -> None:
        self._path, self._encoding, self._delimiter = path, encoding, delimiter
        self._head = head
        self.preview: list[list[str]] = []
        self._ends: list[int] = []  # byte offset of the end of each previewed record
        self._invalid: list[tuple[int, str]] = []  # row and text of records Arrow could not lay into columns
        self._ragged: list[RaggedRow] = []
        self._short: list[tuple[int, list[str]]] = []
        self._short_taken: list[int] = []
        lines = _Lines(head)
        csv.field_size_limit(max(csv.field_size_limit(), MAX_FIELD_CHARACTERS))
        try:
            for record in csv.reader(iter(lines), delimiter=delimiter):
                self.preview.append(record)
                self._ends.append(lines.characters)
                if len(self.preview) == PREVIEW_ROWS:
                    break
        except csv.Error as broken:
            raise ReadProblem("broken_quotes", row=len(self.preview) + 1) from broken
        if len(head) == HEAD_CHARACTERS and len(self.preview) > 1 and len(self.preview) < PREVIEW_ROWS:
            del self.preview[-1], self._ends[-1]  # the head ends in the middle of it
        self._starts = [0, *self._ends]  # the same in characters of the head
        parts = [len(head[a:b].encode(encoding.name)) for a, b in pairwise(self._starts)]
        self._ends = list(np.cumsum(parts, dtype=np.int64) + encoding.mark_bytes)

    def take_ragged(self) -> list[RaggedRow]:
        """Rows with too many fields found since the last call."""
        taken, self._ragged = self._ragged, []
        return taken

    def take_short_rows(self) -> list[int]:
        """Rows filled up since the last call."""
        taken, self._short_taken = self._short_taken, []
        return taken

    def _width(self, after_row: int) -> int:
        """Columns of the table: the commonest field count below the header, never less than the header's own."""
        header = self.preview[after_row - 1] if after_row else []
        filled = max((i + 1 for i, cell in enumerate(header) if cell.strip()), default=1)
        lines = self._shape(after_row)
        whole = [row for row in self.preview[after_row:] if lines.opened_at(row) is None]
        counts = Counter(len(row) for row in whole if len(row) > 1)
        return max(filled, counts.most_common(1)[0][0] if counts else lines.width)

    def chunks(self, after_row: int) -> Iterator[RawChunk]:
        """Every row below `after_row`; raises ReadProblem."""
        return bounded(self._chunks(after_row))

    def _chunks(self, after_row: int) -> Iterator[RawChunk]:
        self._refuse_broken(self.preview[:after_row], self.row_shape)
        width = self._width(after_row)
        if width > MAX_COLUMNS:
            raise ReadProblem("too_many_columns", found=f"{width:,}", limit=f"{MAX_COLUMNS:,}")
        shape = self._shape(after_row, width)
        names = [str(i) for i in range(width)]
        skipped: list[int] = []  # record numbers (from 1 below the header) that Arrow left out
        done = 0  # records numbered so far
        ends_in_lines = False  # the last record has a cell of several lines: the file may end inside a quote
        try:
            with self._path.open("rb") as file:
                file.seek(int(self._ends[after_row - 1]) if after_row else self._encoding.mark_bytes)
                reader = self._open(file, names, after_row, skipped)
                for batch in reader:
                    self._keep_invalid(shape)
                    numbers = _number(batch.num_rows, done, skipped)
                    done = int(numbers[-1]) if len(numbers) else done
                    chunk = RawChunk(numbers + after_row, tuple(batch.columns))
                    ends_in_lines = self._check_lines(chunk, shape)
                    yield self._with_short_rows(chunk)
                    if len(self._short) > MAX_SHORT_ROWS:
                        short, self._short = self._short, []
                        yield self._padded(short, width)
        except StopIteration:  # nothing below the header
            return
        except UnicodeDecodeError:
            raise ReadProblem("encoding_unclear") from None
        except pa.ArrowInvalid as broken:
            if "Empty CSV file" in str(broken):
                return
            self._refuse_endless_line()
            raise self._broken(after_row, shape) or _broken_at(done + after_row + 1, 0) from broken
        self._keep_invalid(shape)
        if ends_in_lines and (found := self._broken(after_row, shape)):
            raise found
        if self._short:
            yield self._padded(self._short, width)

    def _open(
        self, file: BinaryIO, names: list[str], after_row: int, skipped: list[int]
    ) -> arrow_csv.CSVStreamingReader:
        def on_invalid(invalid: arrow_csv.InvalidRow) -> str:
            # Arrow swallows whatever is raised in here, so nothing that could fail is done.
            skipped.append(invalid.number)
            self._invalid.append((invalid.number + after_row, invalid.text))
            return "skip"

        return arrow_csv.open_csv(
            pa.PythonFile(as_utf8(file, self._encoding.name), mode="r"),
            read_options=arrow_csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False, column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter,
                ignore_empty_lines=False,
                newlines_in_values=True,
                invalid_row_handler=on_invalid,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=self._encoding.name == "utf-8",  # what we made ourselves is sound
            ),
        )

    def _keep_invalid(self, shape: RowShape) -> None:
        """Sort the records left out into those that can be mended and those that can't."""
        invalid, self._invalid = self._invalid, []
        for row, text in invalid:
            try:
                fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
            except csv.Error as broken:
                raise _broken_at(row, 0) from broken
            self._refuse_shifted(row, text, fields, shape)
            while len(fields) > shape.width and not fields[-1].strip():
                fields.pop()
            if len(fields) > shape.width:
                self._ragged.append(RaggedRow(row, tuple(fields), shape.width))
            else:
                self._short.append((row, fields))

    def _refuse_shifted(self, row: int, text: str, fields: Sequence[str], shape: RowShape) -> None:
        """Refuse a record whose number of fields is wrong because of a quote: padding it would shift its values."""
        at = shape.opened_at(fields)
        if at is None and (("\n" in text) or 1 < len(fields) < shape.width) and malformed(text, self._delimiter):
            at = next((i for i, field in enumerate(fields) if "\n" in field or '"' in field), len(fields) - 1)
        if at is not None:
            raise _broken_at(row, at)

    # ------------------------------------------------------------------ quotes never closed

    @property
    def row_shape(self) -> RowShape:
        """What a line of the file looks like, the header's and others above the table included."""
        return self._shape(0)

    def _shape(self, after_row: int, width: int | None = None) -> RowShape:
        """What a line of this table looks like, from the lines below row `after_row` or, without any, from all."""
        below = self._head[self._starts[after_row] :] or self._head
        return RowShape(islice(io.StringIO(below), SHAPE_LINES), self._delimiter, width)

    def refuse_broken_head(self) -> None:
        """Raises ReadProblem when a quote opened among the first rows swallowed others: then no header may be found."""
        self._refuse_broken(self.preview, self.row_shape)

    @staticmethod
    def _refuse_broken(records: Sequence[Sequence[str]], shape: RowShape) -> None:
        for row, fields in enumerate(records, start=1):
            at = shape.opened_at(fields)
            if at is not None:
                raise _broken_at(row, at)

    def _check_lines(self, chunk: RawChunk, shape: RowShape) -> bool:
        """Look at records with a cell of several lines; whether the chunk's last is one. Raises ReadProblem."""
        at = np.unique(np.concatenate([_cells_of_lines(cells) for cells in chunk.cells] or [np.zeros(0, np.int64)]))
        for i in at.tolist():
            opened = shape.opened_at([cells[i].as_py() for cells in chunk.cells])
            if opened is not None:
                raise _broken_at(int(chunk.rows[i]), opened)
        return len(at) > 0 and int(at[-1]) == len(chunk) - 1

    def _refuse_endless_line(self) -> None:
        with self._path.open("rb") as file:
            file.seek(self._encoding.mark_bytes)
            refuse_endless_line(as_utf8(file, self._encoding.name))

    def _broken(self, after_row: int, shape: RowShape) -> ReadProblem | None:
        """The first quote never closed, by reading the file again with care."""
        with self._path.open("rb") as file:
            file.seek(int(self._ends[after_row - 1]) if after_row else self._encoding.mark_bytes)
            lines = io.TextIOWrapper(file, self._encoding.name, newline="")
            found = first_broken(lines, self._delimiter, shape)
        return _broken_at(found[0] + after_row, found[1]) if found else None

    def _with_short_rows(self, chunk: RawChunk) -> RawChunk:
        """The chunk with the mended rows that belong between its own."""
        ready = [found for found in self._short if len(chunk) and found[0] < chunk.rows[-1]]
        if not ready:
            return chunk
        self._short = self._short[len(ready) :]
        padded = self._padded(ready, len(chunk.cells))
        rows = np.concatenate((chunk.rows, padded.rows))
        order = np.argsort(rows)
        both = zip(chunk.cells, padded.cells, strict=True)
        return RawChunk(rows[order], tuple(pa.concat_arrays(pair).take(pa.array(order)) for pair in both))

    def _padded(self, short: list[tuple[int, list[str]]], width: int) -> RawChunk:
        self._short_taken += [row for row, fields in short if 1 < len(fields) < width]
        padded = [fields + [""] * (width - len(fields)) for _, fields in short]
        columns = tuple(pa.array(column, pa.string()) for column in zip(*padded, strict=True))
        return RawChunk(np.array([row for row, _ in short], dtype=np.int64), columns)


def _broken_at(row: int, column: int) -> ReadProblem:
    return ReadProblem("broken_quotes", row=row, cell=address(column, row))


def _cells_of_lines(cells: pa.Array) -> np.ndarray:
    """Indexes of the cells that hold a line end; hardly any column has one, which one look at its bytes tells."""
    data = cells.buffers()[2]
    if data is None or not (np.frombuffer(data, np.uint8) == LINE_FEED).any():
        return np.zeros(0, np.int64)
    found: np.ndarray = np.flatnonzero(pc.match_substring(cells, "\n").to_numpy(zero_copy_only=False))
    return found


def _number(rows: int, done: int, skipped: list[int]) -> np.ndarray:
    """Record numbers of the next `rows` rows after number `done`, stepping over the skipped ones.

    Arrow reports skipped records in order and before it hands out the rows behind them.
    """
    candidates = np.arange(done + 1, done + 1 + rows + len(skipped), dtype=np.int64)
    numbers = candidates[~np.isin(candidates, skipped)][:rows] if skipped else candidates
    if len(numbers):
        skipped[:] = [number for number in skipped if number > numbers[-1]]
    return numbers
