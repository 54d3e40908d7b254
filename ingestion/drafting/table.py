"""The table of a sample without a contract: its header is the first row of text as wide as the table gets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.errors import UsageError
from ingestion.checking.rows import RowSorter
from ingestion.cleaning.text import clean_text
from ingestion.drafting.personal import is_person_like
from ingestion.reading import Grid, Layout, ReadProblem, open_source
from ingestion.reading.header import MAX_COLUMNS
from ingestion.reading.stack import is_numbering, is_numeric, is_units, labels_of

MAX_STACKED_ROWS = 3
MAX_ROWS = 50_000  # of a sample; what a column holds is known long before
WIDE_ENOUGH = 0.8  # of the widest row of text: a header may have a cell left empty


@dataclass(frozen=True, slots=True)
class SampleColumn:
    """A column as sent: header with the merged cells above it, and the texts of the data rows."""

    at: int
    header: str
    cells: pa.Array


@dataclass(frozen=True, slots=True)
class Sample:
    """The widest table of a file."""

    sheet: str
    header_row: int
    columns: Sequence[SampleColumn]
    rows: int


def read_sample(path: Path) -> Sample:
    """The table of the file. Raises UsageError when it can't be read, or has no header above rows."""
    try:
        with open_source(path) as source:
            layouts = [layout for grid in source.grids if (layout := generic_layout(grid)) is not None]
            if not layouts:
                raise UsageError(
                    f"{path.name} has no row of headers above rows of data.",
                    cure="Give a sample with its header row, as the agency sends it.",
                )
            best = max(layouts, key=lambda layout: (not layout.grid.hidden, len(layout.headers)))
            return _sample(best)
    except ReadProblem as problem:
        raise UsageError(
            f"{path.name} can't be read ({problem.code}).", cure="docs/issues.md says of each code what helps."
        ) from problem


def generic_layout(grid: Grid) -> Layout | None:
    """Where the table of a sheet is, each column known by its index; None for a sheet without one."""
    if grid.keys is not None:
        headers = {i: key for i, (key, _) in enumerate(grid.keys) if key.strip()}
        return _layout(grid, headers, top=0, bottom=0) if headers else None
    rows = [row[:MAX_COLUMNS] for row in grid.preview]
    found = _header_rows(rows)
    if found is None:
        return None
    top, bottom, columns = found
    said = frozenset(i for row in rows[top:] for i, cell in enumerate(row) if cell.strip())
    gaps = frozenset(range(max(map(len, rows)))) - said
    labels = labels_of(rows[top:bottom], gaps)
    headers = {i: clean_text(label.texts[0]).value for i in columns if (label := labels[i]) is not None}
    while bottom < len(rows) and (is_units(rows[bottom], list(columns)) or is_numbering(rows[bottom], list(columns))):
        bottom += 1
    return _layout(grid, headers, top=top + 1, bottom=bottom)


def _layout(grid: Grid, headers: dict[int, str], *, top: int, bottom: int) -> Layout:
    return Layout(
        grid,
        header_row=bottom,
        positions={str(i): i for i in headers},
        headers=headers,
        unknown=(),
        repeated=(),
        missing=(),
        header_rows=dict.fromkeys(headers, bottom),
        header_top=top,
        near=range(min(headers), max(headers) + 1),
    )


def _header_rows(rows: Sequence[Sequence[str]]) -> tuple[int, int, range] | None:
    """(first row, row after the last, columns) of the header, rows counted from 0."""
    stacks = list(_stacks(rows))
    widest = max((len(columns) for _, _, columns in stacks), default=0)
    for top, bottom, columns in stacks:
        if len(columns) < max(2, WIDE_ENOUGH * widest) or not any(map(_is_filled, rows[bottom:])):
            continue
        below = [_texts_of(rows[k:bottom]) for k in range(top + 1, bottom)]
        if any(len(lower) >= len(columns) for lower in below):
            continue  # what stands above is a title: the rows below it are the whole header
        return top, bottom, columns
    return None


def _stacks(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, range]]:
    for top in range(len(rows)):
        for bottom in range(top + 1, min(top + MAX_STACKED_ROWS, len(rows)) + 1):
            if not _is_filled(rows[bottom - 1]) or any(map(_holds_data, rows[top:bottom])):
                break
            yield top, bottom, _texts_of(rows[top:bottom])


def _is_filled(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _holds_data(row: Sequence[str]) -> bool:
    """A figure in a row of several cells, or anything of a person: no header says that."""
    filled = [cell for cell in row if cell.strip()]
    return any(map(is_person_like, filled)) or (len(filled) > 1 and any(map(is_numeric, filled)))


def _texts_of(stack: Sequence[Sequence[str]]) -> range:
    """The longest run of columns with a text in one of the rows."""
    width = max(map(len, stack))
    said = [any(i < len(row) and row[i].strip() for row in stack) for i in range(width)]
    runs = [list(run) for is_said, run in groupby(range(width), key=said.__getitem__) if is_said]
    longest = max(runs, key=len, default=[])
    return range(longest[0], longest[-1] + 1) if longest else range(0)


def _sample(layout: Layout) -> Sample:
    """Data rows only: totals, notes and headings are no samples of a column."""
    kept: dict[int, list[pa.Array]] = {at: [] for at in layout.headers}
    sorter = RowSorter((), layout)
    rows = 0
    for chunk in layout.grid.chunks(layout.header_row):
        data = sorter.sort(chunk).data[: MAX_ROWS - rows]
        rows += len(data)
        for at, parts in kept.items():
            parts.append(_cells(chunk.cells[at], data) if at < len(chunk.cells) else _nothing(len(data)))
        if rows >= MAX_ROWS:
            break
    columns = [
        SampleColumn(at, header, pa.concat_arrays(kept[at]) if kept[at] else _nothing(0))
        for at, header in layout.headers.items()
    ]
    return Sample(layout.grid.name, layout.header_row, columns, rows)


def _cells(cells: pa.Array, data: np.ndarray) -> pa.Array:
    return cells.take(pa.array(data))


def _nothing(rows: int) -> pa.Array:
    return pa.repeat(pa.scalar("", pa.string()), rows)
