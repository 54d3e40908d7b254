"""Workbooks, read in a child process with limits of memory and time: one bad file harms nobody else."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGKILL, SIGSEGV, SIGXCPU, SIGXFSZ
from types import TracebackType
from typing import IO, Any

import numpy as np
import pyarrow as pa

from core.settings import settings
from ingestion.reading import workbook_child
from ingestion.reading.grid import PREVIEW_ROWS, Merged, RaggedRow, RawChunk
from ingestion.reading.header import MAX_COLUMNS
from ingestion.reading.problems import ReaderGone, ReadProblem

# How a reader ends that a file has brought down: by an allocation that failed, by a fault in its memory.
_CRASHES = {-SIGABRT: "workbook_too_large", -SIGSEGV: "damaged_file", -SIGBUS: "damaged_file",
            -SIGILL: "damaged_file", -SIGFPE: "damaged_file", -SIGXFSZ: "damaged_file"}  # fmt: skip
# The child sees nothing of the database's address or other secrets.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")


class Workbook:
    """A running reader of one workbook. Close it (or use `with`) so that the child ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds = settings().reader_seconds
        self._seconds_left = float(self._seconds)
        self._timed_out = False
        self._out_of_memory_before = _killed_for_memory()
        arguments = [str(path), str(settings().reader_memory_bytes), str(max(1, self._seconds)), str(PREVIEW_ROWS)]
        self._child = subprocess.Popen(
            [sys.executable, "-I", workbook_child.__file__, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Few arenas: address space is what the limit counts.
            env={**{name: os.environ[name] for name in _PASSED_ON if name in os.environ}, "MALLOC_ARENA_MAX": "2"},
        )
        try:
            with self.waiting():
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
        if self._child.poll() is None:
            self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # the child is gone, with bytes still unsent
                    continue
        self._child.wait()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within it the child's time runs; what the parent does with its answers is not counted."""
        watchdog = threading.Timer(max(0.0, self._seconds_left), self._expire)
        watchdog.daemon = True
        began = time.monotonic()
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()
            self._seconds_left -= time.monotonic() - began

    def _expire(self) -> None:
        self._timed_out = True
        self._child.kill()

    def ask(self, command: str) -> dict[str, Any]:
        """Send a command and read its answer."""
        assert self._child.stdin is not None  # noqa: S101 - opened with a pipe above
        with self.waiting():
            try:
                self._child.stdin.write(command.encode() + b"\n")
                self._child.stdin.flush()
            except OSError:
                raise self.failure() from None
            return self.answer()

    def answer(self) -> dict[str, Any]:
        """Read a line of the child; raises ReadProblem when it reports one or was brought down, ReaderGone else."""
        line = self.output.readline()
        if not line.endswith(b"\n"):
            raise self.failure()
        answer: dict[str, Any] = json.loads(line)
        if "problem" in answer:
            raise ReadProblem(answer.pop("problem"), **answer)
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

    def failure(self) -> ReadProblem | ReaderGone:
        """Why the child is gone: a file that brought it down is refused at once, anything else is tried again."""
        try:
            code = self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        if self._timed_out or code == -SIGXCPU:
            return ReadProblem("reader_timeout", seconds=self._seconds)
        if code in _CRASHES:
            return ReadProblem(_CRASHES[code])
        if code == -SIGKILL and _killed_for_memory() > self._out_of_memory_before:
            return ReadProblem("workbook_too_large")
        return ReaderGone(code, self._path.name)


def _killed_for_memory() -> int:
    """How many processes the system has ended for want of memory; 0 where it does not tell."""
    try:
        with open("/proc/vmstat", encoding="ascii") as lines:  # noqa: PTH123 - no file of ours
            return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
    except OSError:
        return 0


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
        while (chunk := self._next_chunk()) is not None:
            yield chunk

    def _next_chunk(self) -> RawChunk | None:
        with self._book.waiting():
            head = self._book.answer()
            if not head["rows"]:
                return None
            rows = np.frombuffer(self._book.receive(8 * head["rows"]), np.int64)
            return RawChunk(rows, tuple(self._column(head["rows"], size) for size in head["bytes"]))

    def _column(self, rows: int, size: int) -> pa.Array:
        offsets, data = self._book.receive(4 * (rows + 1)), self._book.receive(size)
        return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))
