"""JSON lines: one object a line. Its keys are the columns, in order of first appearance; its line is the row."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ingestion.reading.bounds import bounded, within_time
from ingestion.reading.encoding import Encoding
from ingestion.reading.grid import PREVIEW_ROWS, Merged, RaggedRow, RawChunk
from ingestion.reading.header import MAX_COLUMNS
from ingestion.reading.problems import ReadProblem

BLOCK_BYTES = 4 << 20
MAX_LINE_CHARACTERS = 4 << 20  # of one object; lists of lists take fifty times that in memory
SAMPLE_CHARACTERS = 4 << 20  # of the lines kept to look at
TRIED_LINES = 20  # when none of the first holds an object, the file is JSON of another shape
NOT_AN_OBJECT = "json_line_broken"


_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]")


class _Refused(ValueError):
    """Valid for Python, but a value would be lost: a key that stands twice, NaN."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("key twice")
    return found


def _no_constant(name: str) -> None:
    raise _Refused(name)


# Numbers stay as written: a float would lose the last digits of an identity number.
_decode = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_constant
).decode


def parse_line(line: str) -> dict[str, Any] | None:
    """The object of a line, None when it holds none (or holds one that would lose a value)."""
    try:
        found = _decode(line)
        if _HALF_LETTER.search(line):  # half of a pair can't be written anywhere
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def cell_text(value: object) -> str:
    """A value as a cell's text; null is an empty cell, lists and objects stay JSON."""
    if isinstance(value, str):
        return value.replace("\0", " ")  # no database takes NUL
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


class JsonLinesGrid:
    """A JSON lines file as one nameless sheet. It is read twice: the last line may bring a new key."""

    name = ""
    hidden = False
    merged: tuple[Merged, ...] = ()

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path, self._encoding = path, encoding
        first: dict[str, int] = {}
        samples: list[tuple[int, dict[str, Any]]] = []
        tried = objects = sampled = 0
        for number, lines in within_time(self._blocks()):
            for row, line in enumerate(lines, start=number):
                if not line.strip():
                    continue
                tried += 1
                found = parse_line(line)
                if found is not None:
                    objects += 1
                    if not first.keys() >= found.keys():
                        for key in found:
                            first.setdefault(key, row)
                        if len(first) > MAX_COLUMNS:
                            raise ReadProblem("too_many_columns", found=f"{len(first):,}", limit=f"{MAX_COLUMNS:,}")
                    sampled += len(line)
                    if row <= PREVIEW_ROWS and sampled <= SAMPLE_CHARACTERS:
                        samples.append((row, found))
                if tried == TRIED_LINES and not objects:
                    raise ReadProblem("json_not_lines")
        if not objects:
            raise ReadProblem("json_not_lines")
        self.keys = list(first.items())
        self._samples = samples
        self._broken: list[RaggedRow] = []

    @property
    def preview(self) -> list[list[str]]:
        """The first lines, laid into columns."""
        rows: list[list[str]] = [[] for _ in range(self._samples[-1][0] if self._samples else 0)]
        for row, found in self._samples:
            rows[row - 1] = [cell_text(found.get(key)) for key, _ in self.keys]
        return rows

    def take_ragged(self) -> list[RaggedRow]:
        """Lines without an object found since the last call."""
        taken, self._broken = self._broken, []
        return taken

    def take_short_rows(self) -> list[int]:
        """An object that lacks a key lacks a value; no row is short."""
        return []

    def chunks(self, after_row: int) -> Iterator[RawChunk]:
        """Every line below `after_row`, block by block."""
        return bounded(self._chunks(after_row))

    def _chunks(self, after_row: int) -> Iterator[RawChunk]:
        for number, lines in self._blocks():
            rows: list[int] = []
            found: list[dict[str, Any]] = []
            for row, line in enumerate(lines, start=number):
                if row <= after_row or not line.strip():
                    continue
                content = parse_line(line)
                if content is None:
                    self._broken.append(RaggedRow(row, (line,), len(self.keys), NOT_AN_OBJECT))
                else:
                    rows.append(row)
                    found.append(content)
            columns = tuple(
                pa.array([cell_text(content.get(key)) for content in found], pa.string()) for key, _ in self.keys
            )
            yield RawChunk(np.array(rows, np.int64), columns)

    def _blocks(self) -> Iterator[tuple[int, list[str]]]:
        """(row of the first line, lines) of every block; only line feeds end a line."""
        decoder = codecs.getincrementaldecoder(self._encoding.name)()
        number, rest = 1, ""
        with self._path.open("rb") as file:
            file.seek(self._encoding.mark_bytes)
            while piece := file.read(BLOCK_BYTES):
                *lines, rest = (rest + decoder.decode(piece)).split("\n")
                for at, line in enumerate((*lines, rest)):
                    if len(line) > MAX_LINE_CHARACTERS:
                        raise ReadProblem("line_too_long", row=number + at)
                yield number, lines
                number += len(lines)
        yield number, [rest + decoder.decode(b"", final=True)]
