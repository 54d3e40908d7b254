"""A file opened as sheets, and the choice of those that hold the contract's table."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingestion.own_marks import is_own_sheet
from ingestion.reading.encoding import detect_encoding
from ingestion.reading.grid import Grid
from ingestion.reading.header import Layout, find_layout
from ingestion.reading.jsonlines import JsonLinesGrid
from ingestion.reading.kinds import Kind, detect
from ingestion.reading.names import HeaderNames
from ingestion.reading.text import TextGrid, text_grids
from ingestion.reading.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Source:
    """An open file. A text file's grids are the same sheet cut by different delimiters; a workbook's are its sheets."""

    kind: Kind
    grids: Sequence[Grid]
    own: Sequence[Grid] = ()  # sheets that we wrote into a workbook which now comes back: no data
    doubtful_text: str | None = None  # a piece of the text that may be of another encoding

    def layouts(self, names: HeaderNames) -> list[Layout]:
        """Layouts that match anything, visible sheets and the best headers first."""
        found = [layout for grid in self.grids if (layout := find_layout(grid, names)) is not None]
        return sorted(found, key=lambda layout: (layout.score, not layout.grid.hidden), reverse=True)

    def refuse_broken_head(self) -> None:
        """Raises ReadProblem when a text file's first rows are swallowed by a quote, so that no header is found."""
        texts = [grid for grid in self.grids if isinstance(grid, TextGrid)]
        if texts:  # the delimiter by which the most fields come apart is the file's
            max(texts, key=lambda grid: grid.row_shape.width).refuse_broken_head()


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a file of whatever kind its content shows; raises ReadProblem."""
    kind = detect(path)
    if kind != "workbook":
        encoding = detect_encoding(path)
        grids = text_grids(path, encoding) if kind == "text" else [JsonLinesGrid(path, encoding)]
        yield Source(kind, grids, doubtful_text=encoding.doubtful)
        return
    with Workbook(path) as book:
        own = [sheet for sheet in book.sheets if is_own_sheet(sheet)]
        yield Source(kind, [sheet for sheet in book.sheets if sheet not in own], own)
