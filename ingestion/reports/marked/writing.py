"""Which marked workbook a sender gets, and writing it whole or not at all.

An `.xlsx` of up to MAX_ROWS rows comes back itself; other kinds, and a workbook openpyxl can't carry, as a workbook
made of the same cells; above that only the rows with a problem and their addresses.
"""

import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.checking.filelevel import choose_layouts
from ingestion.own_marks import EXPLANATION_HEADER
from ingestion.reading import UNREADABLE, HeaderNames, Layout, ReadProblem, Source, open_source
from ingestion.reports.marked import made, own_workbook, summary
from ingestion.reports.marked.marks import SheetMarks, collect
from ingestion.reports.model import Report

MAX_ROWS = 20_000
MAX_MERGED = 10_000  # openpyxl lays out every cell of each
MAX_UNPACKED_BYTES = 200 << 20  # what openpyxl lays out in memory tenfold


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet the check has read. Columns and rows count from 1."""

    sheet: str
    header_row: int
    answer_column: int | None  # where an earlier marked workbook asked for explanations
    layout: Layout


def write_marked(report: Report, target: Path) -> str:
    """Write the marked workbook of a report with a `source`; returns its shape. Raises OSError."""
    assert report.source is not None  # noqa: S101 - the caller asks
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        shape = _write(report, report.source, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return shape


def _write(report: Report, source: Path, target: Path) -> str:
    if report.receipt.reason_code in UNREADABLE:  # once was enough: it may have taken all the time a file is given
        return _summary_only(report, target)
    marks = collect(report)
    try:
        with open_source(source) as book:
            tables = _tables(book, report)
            if not tables:
                return _summary_only(report, target)
            if (report.receipt.rows or 0) > MAX_ROWS:
                made.write_bad_rows(report, book, tables, marks, target)
                return summary.BAD_ROWS_ONLY
            few = sum(len(grid.merged) for grid in book.grids) <= MAX_MERGED
            if few and _is_xlsx(source) and _own(report, source, book, tables=tables, marks=marks, target=target):
                return summary.WHOLE
            made.write_whole(report, book, tables, marks, target)
            return summary.MADE
    except ReadProblem:
        return _summary_only(report, target)


def _summary_only(report: Report, target: Path) -> str:
    made.write_summary_only(report, target)
    return summary.SUMMARY_ONLY


def _tables(book: Source, report: Report) -> list[Table]:
    if report.contract is None:
        return []
    names = HeaderNames(report.contract)
    layouts, _ = choose_layouts(book, report.contract, names)
    if not layouts:  # a table that lacks a column: still worth showing, with the summary saying what is missing
        layouts = [layout for layout in book.layouts(names)[:1] if len(layout.positions) > 1]
    return [_table(layout) for layout in layouts]


def _table(layout: Layout) -> Table:
    answers = layout.ours.get(EXPLANATION_HEADER)
    return Table(layout.grid.name, layout.header_row, None if answers is None else answers + 1, layout)


def _is_xlsx(path: Path) -> bool:
    """Whether openpyxl may be tried: a zipped XML workbook of a size it can hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            return "xl/workbook.xml" in archive.namelist() and unpacked <= MAX_UNPACKED_BYTES
    except (zipfile.BadZipFile, OSError):
        return False


def _own(
    report: Report,
    source: Path,
    book: Source,
    *,
    tables: Sequence[Table],
    marks: Mapping[str, SheetMarks],
    target: Path,
) -> bool:
    sheets = [grid.name for grid in book.grids]
    first = summary.summary_of(report, summary.WHOLE, sheets)
    plans = [
        own_workbook.SheetPlan(
            name, found, *next(((t.header_row, t.answer_column) for t in tables if t.sheet == name), (0, None))
        )
        for name, found in marks.items()
        if name in sheets
    ]
    own_sheets = [grid.name for grid in book.own]
    return own_workbook.mark(source, target, first, plans, own_sheets)
