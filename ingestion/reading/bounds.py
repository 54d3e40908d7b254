"""What a text file may ask for: time of the processor, chunks of so many rows, lines that end."""

import time
from collections.abc import Iterator
from typing import BinaryIO, TypeVar

from core.settings import settings
from ingestion.reading.grid import RawChunk
from ingestion.reading.problems import ReadProblem

PIECE = 1 << 20
MAX_LINE_BYTES = 4 << 20

MAX_CHUNK_ROWS = 60_000  # a block of four megabytes may hold two million rows, and each may have several issues
PART_ROWS = 20_000  # of a chunk that is too long

Made = TypeVar("Made")


def within_time(made: Iterator[Made]) -> Iterator[Made]:
    """The same; raises ReadProblem when making it has taken this thread longer than a file may.

    Only the reading counts, not what is done with what was read, and only while the processor was ours.
    """
    left = float(settings().reader_seconds)
    while True:
        began = time.thread_time()
        one = next(made, None)
        left -= time.thread_time() - began
        if one is None:
            return
        if left <= 0:
            raise ReadProblem("reader_timeout", seconds=settings().reader_seconds)
        yield one


def bounded(chunks: Iterator[RawChunk]) -> Iterator[RawChunk]:
    """The same rows in chunks of at most MAX_CHUNK_ROWS, made within the time a file may take."""
    for chunk in within_time(chunks):
        if len(chunk) <= MAX_CHUNK_ROWS:
            yield chunk
            continue
        for start in range(0, len(chunk), PART_ROWS):
            part = slice(start, start + PART_ROWS)
            yield RawChunk(chunk.rows[part], tuple(cells[part] for cells in chunk.cells))


def refuse_endless_line(stream: BinaryIO) -> None:
    """Raises ReadProblem for the first line of more than MAX_LINE_BYTES in a UTF-8 stream."""
    row, size = 1, 0
    while piece := stream.read(PIECE):
        first, *more = piece.split(b"\n")
        size += len(first)
        for line in more:
            if size > MAX_LINE_BYTES:
                break
            row, size = row + 1, len(line)
        if size > MAX_LINE_BYTES:
            raise ReadProblem("line_too_long", row=row)
