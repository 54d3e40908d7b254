"""CSV, TSV, semicolon and pipe files through Arrow, in blocks, with the row numbers a spreadsheet would show."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from ingestion.reading.encoding import Encoding
from ingestion.reading.grid import PREVIEW_ROWS, Merged, RaggedRow, RawChunk
from ingestion.reading.header import MAX_COLUMNS
from ingestion.reading.problems import ReadProblem
from ingestion.reading.transcoding import as_utf8

DELIMITERS = (",", ";", "\t", "|")
BLOCK_BYTES = 4 << 20
HEAD_CHARACTERS = 1 << 20
MAX_FIELD_CHARACTERS = 1 << 20


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
        sizes = [0, *self._ends]
        parts = [len(head[a:b].encode(encoding.name)) for a, b in pairwise(sizes)]
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
        counts = Counter(len(row) for row in self.preview[after_row:] if len(row) > 1)
        return max(filled, counts.most_common(1)[0][0] if counts else len(header))

    def chunks(self, after_row: int) -> Iterator[RawChunk]:
        width = self._width(after_row)
        if width > MAX_COLUMNS:
            raise ReadProblem("too_many_columns", found=f"{width:,}", limit=f"{MAX_COLUMNS:,}")
        names = [str(i) for i in range(width)]
        skipped: list[int] = []  # record numbers (from 1 below the header) that Arrow left out
        done = 0  # records numbered so far
        try:
            with self._path.open("rb") as file:
                file.seek(int(self._ends[after_row - 1]) if after_row else self._encoding.mark_bytes)
                reader = self._open(file, names, after_row, skipped)
                for batch in reader:
                    self._keep_invalid(width)
                    numbers = _number(batch.num_rows, done, skipped)
                    done = int(numbers[-1]) if len(numbers) else done
                    yield self._with_short_rows(RawChunk(numbers + after_row, tuple(batch.columns)))
        except StopIteration:  # nothing below the header
            return
        except UnicodeDecodeError:
            raise ReadProblem("encoding_unclear") from None
        except pa.ArrowInvalid as broken:
            if "Empty CSV file" in str(broken):
                return
            raise ReadProblem("broken_quotes", row=done + after_row) from broken
        self._keep_invalid(width)
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

    def _keep_invalid(self, width: int) -> None:
        """Sort the records left out into those that can be mended and those that can't."""
        invalid, self._invalid = self._invalid, []
        for row, text in invalid:
            try:
                fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
            except csv.Error as broken:
                raise ReadProblem("broken_quotes", row=row) from broken
            if _is_unclosed(text, self._delimiter):  # the quote has swallowed every row down to the end of the file
                raise ReadProblem("broken_quotes", row=row)
            while len(fields) > width and not fields[-1].strip():
                fields.pop()
            if len(fields) > width:
                self._ragged.append(RaggedRow(row, tuple(fields), width))
            else:
                self._short.append((row, fields))

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


def _is_unclosed(text: str, delimiter: str) -> bool:
    """Whether a record ends inside a quoted field."""
    if "\n" not in text:
        return False
    try:
        list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as broken:
        return "unexpected end" in str(broken)
    return False


def _number(rows: int, done: int, skipped: list[int]) -> np.ndarray:
    """Record numbers of the next `rows` rows after number `done`, stepping over the skipped ones.

    Arrow reports skipped records in order and before it hands out the rows behind them.
    """
    candidates = np.arange(done + 1, done + 1 + rows + len(skipped), dtype=np.int64)
    numbers = candidates[~np.isin(candidates, skipped)][:rows] if skipped else candidates
    if len(numbers):
        skipped[:] = [number for number in skipped if number > numbers[-1]]
    return numbers
