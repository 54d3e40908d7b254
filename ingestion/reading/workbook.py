"""Workbooks, read in a child process with limits of memory and time: one bad file harms nobody else."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
import pyarrow as pa

from ingestion.reading import workbook_child
from ingestion.reading.grid import PREVIEW_ROWS, Merged, RaggedRow, RawChunk
from ingestion.reading.header import MAX_COLUMNS
from ingestion.reading.problems import ReadProblem

MEMORY_BYTES = 2 << 30
SECONDS = 120
_ABORTED_BY = (-6, -11, -7)  # SIGABRT, SIGSEGV, SIGBUS: how the reader ends when an allocation fails
_CPU_LIMIT = -24  # SIGXCPU


class Workbook:
    """A running reader of one workbook. Close it (or use `with`) so that the child ends."""

    def __init__(self, path: Path, *, memory_bytes: int = MEMORY_BYTES, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._timed_out = False
        arguments = [str(path), str(memory_bytes), str(seconds), str(PREVIEW_ROWS)]
        self._child = subprocess.Popen(
            [sys.executable, "-I", workbook_child.__file__, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Few arenas: address space is what the limit counts.
            env={**os.environ, "MALLOC_ARENA_MAX": "2"},
        )
        self._watchdog = threading.Timer(seconds, self._expire)
        self._watchdog.daemon = True
        self._watchdog.start()
        try:
            self.sheets = [WorkbookSheet(self, **found) for found in self.answer()["sheets"]]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._watchdog.cancel()
        if self._child.poll() is None:
            self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # the child is gone, with bytes still unsent
                    continue
        self._child.wait()

    def _expire(self) -> None:
        self._timed_out = True
        self._child.kill()

    def ask(self, command: str) -> dict[str, Any]:
        """Send a command and read its answer."""
        assert self._child.stdin is not None  # noqa: S101 - opened with a pipe above
        try:
            self._child.stdin.write(command.encode() + b"\n")
            self._child.stdin.flush()
        except OSError:
            raise self.failure() from None
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """Read a line of the child; raises ReadProblem when it reports one or is gone."""
        line = self.output.readline()
        if not line.endswith(b"\n"):
            raise self.failure()
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise ReadProblem(answer["problem"])
        return answer

    def receive(self, size: int) -> bytes:
        """Read so many bytes of the child."""
        content = self.output.read(size)
        if len(content) < size:
            raise self.failure()
        return content

    @property
    def output(self) -> IO[bytes]:
        """Where the child writes."""
        assert self._child.stdout is not None  # noqa: S101 - opened with a pipe above
        return self._child.stdout

    def failure(self) -> ReadProblem:
        """Why the child is gone."""
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        if self._timed_out or code == _CPU_LIMIT:
            return ReadProblem("reader_timeout", seconds=self._seconds)
        return ReadProblem("workbook_too_large" if code in _ABORTED_BY else "internal_reader_failure")


class WorkbookSheet:
    """One sheet; its rows are asked for when they are needed."""

    keys = None

    def __init__(self, book: Workbook, index: int, name: str, hidden: bool) -> None:
        self._book, self._index = book, index
        self.name, self.hidden = name, hidden
        self._first: dict[str, Any] | None = None

    def take_ragged(self) -> list[RaggedRow]:
        """A sheet has no such rows."""
        return []

    def take_short_rows(self) -> list[int]:
        """A sheet has no such rows."""
        return []

    @property
    def preview(self) -> list[list[str]]:
        """First rows as text, from row 1 and column A."""
        rows: list[list[str]] = self._looked_at()["rows"]
        return rows

    @property
    def merged(self) -> list[Merged]:
        """Merged cells of the sheet."""
        return [Merged(*cells) for cells in self._looked_at()["merged"]]

    def _looked_at(self) -> dict[str, Any]:
        if self._first is None:
            self._first = self._book.ask(f"preview {self._index}")
        return self._first

    def chunks(self, after_row: int) -> Iterator[RawChunk]:
        """Every row below `after_row`."""
        if (width := self._looked_at()["width"]) > MAX_COLUMNS:
            raise ReadProblem("too_many_columns", found=f"{width:,}", limit=f"{MAX_COLUMNS:,}", sheet=self.name)
        self._book.ask(f"rows {self._index} {after_row}")
        while (head := self._book.answer())["rows"]:
            rows = np.frombuffer(self._book.receive(8 * head["rows"]), np.int64)
            yield RawChunk(rows, tuple(self._column(head["rows"], size) for size in head["bytes"]))

    def _column(self, rows: int, size: int) -> pa.Array:
        offsets, data = self._book.receive(4 * (rows + 1)), self._book.receive(size)
        return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))
