"""Reading what agencies send: type and encoding by content, tables found by their headers, addresses kept exact."""

from ingestion.reading.grid import Grid, Merged, RaggedRow, RawChunk, address, column_letter
from ingestion.reading.header import Layout, find_layout
from ingestion.reading.jsonlines import NOT_AN_OBJECT
from ingestion.reading.names import HeaderNames, normalise_header
from ingestion.reading.problems import UNREADABLE, ReaderGone, ReadProblem
from ingestion.reading.source import Source, open_source

__all__ = [
    "NOT_AN_OBJECT",
    "UNREADABLE",
    "Grid",
    "HeaderNames",
    "Layout",
    "Merged",
    "RaggedRow",
    "RawChunk",
    "ReadProblem",
    "ReaderGone",
    "Source",
    "address",
    "column_letter",
    "find_layout",
    "normalise_header",
    "open_source",
]
