"""Workbooks of our own making (xlsxwriter) for senders of CSV, `.xls`, `.ods` and of files too large to mark.

Every text is written as text, never as a formula; only plain numbers of numeric columns become numbers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import xlsxwriter

from ingestion.own_marks import BASE_ROW, BASE_SHEET, BASE_SUBMISSION, CODES, EXPLANATION_HEADER, SUMMARY_SHEET
from ingestion.reading import Grid, Source
from ingestion.reports.marked import summary as shapes
from ingestion.reports.marked.marks import AUTHOR, MARKER, MAX_COMMENTS, SheetMarks
from ingestion.reports.marked.own_workbook import EXPLAIN_HELP
from ingestion.reports.marked.styles import COLOURS, STYLES, xlsxwriter_format
from ingestion.reports.marked.summary import Cell, Summary, summary_of
from ingestion.reports.model import Report

if TYPE_CHECKING:
    from ingestion.reports.marked.writing import Table

Sheet = Any  # xlsxwriter has no types
Look = Any

MAX_BAD_ROWS = 50_000
MAX_CELL_CHARACTERS = 32_767
MAX_WIDTH = 40
TEXT_SHEET = "ข้อมูล"  # the sheet of a file that has no sheets
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]+)?")
_FORBIDDEN_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


class Book:
    """An xlsxwriter workbook with our styles and a first sheet."""

    def __init__(self, target: Path, report: Report) -> None:
        self._book = xlsxwriter.Workbook(
            str(target), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        # Written again, the papers of a submission are the same bytes.
        self._book.set_properties({"author": AUTHOR, "created": report.receipt.received_at.replace(tzinfo=None)})
        self._formats = {name: self._book.add_format(xlsxwriter_format(style)) for name, style in STYLES.items()}
        self._fills = {name: self._book.add_format({"bg_color": f"#{colour}"}) for name, colour in COLOURS.items()}
        self._comments = MAX_COMMENTS
        self._summary = self._book.add_worksheet(SUMMARY_SHEET)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def sheet(self, name: str) -> Sheet:
        return self._book.add_worksheet(name)

    def style(self, name: str) -> Look:
        return self._formats[name]

    def fill(self, severity: str) -> Look:
        return self._fills[severity]

    def comment(self, sheet: Sheet, row: int, column: int, text: str) -> None:
        """A comment at (row, column), counted from 0, as long as there is room."""
        if text and self._comments > 0:
            lines = sum(1 + len(line) // 48 for line in text.split("\n"))
            size = {"x_scale": 3, "height": min(420, 30 + 17 * lines)}
            sheet.write_comment(row, column, f"{MARKER}\n{text}", {"author": AUTHOR, "font_size": 9, **size})
            self._comments -= 1

    def write_summary(self, summary: Summary) -> None:
        sheet = self._summary
        sheet.hide_gridlines(2)
        sheet.set_tab_color(f"#{summary.tab}")
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for i, width in enumerate(shapes.WIDTHS):
            sheet.set_column(i, i, width or 1, None, {"hidden": width == 0})
        for number, (cells, height) in enumerate(summary.rows):
            sheet.set_row(number, height)
            for at, cell in enumerate(cells):
                if cell is not None:
                    self._write(sheet, number, at, cell)

    def _write(self, sheet: Sheet, row: int, at: int, cell: Cell) -> None:
        style = self._formats[cell.style]
        if cell.span > 1:
            sheet.merge_range(row, at, row, at + cell.span - 1, "", style)
        if cell.link:
            sheet.write_url(row, at, f"internal:{cell.link}", style, str(cell.text))
        elif isinstance(cell.text, int):
            sheet.write_number(row, at, cell.text, style)
        elif cell.text:
            sheet.write_string(row, at, cell.text, style)
        else:
            sheet.write_blank(row, at, None, style)


def write_summary_only(report: Report, target: Path) -> None:
    """The file could not be read as a table: the first sheet says why."""
    with Book(target, report) as book:
        book.write_summary(summary_of(report, shapes.SUMMARY_ONLY, ()))


def write_whole(
    report: Report, source: Source, tables: "Sequence[Table]", marks: Mapping[str, SheetMarks], target: Path
) -> None:
    """All sheets (of a text file: the table) with their cells at the same addresses, marked."""
    tables_by_sheet = {table.sheet: table for table in tables}
    grids = [tables[0].layout.grid] if source.kind == "text" else list(source.grids)
    names = _sheet_names([grid.name for grid in grids])
    with Book(target, report) as book:
        sheets = {grid.name: book.sheet(names[grid.name]) for grid in grids}
        for grid in grids:
            found = marks.get(grid.name, SheetMarks())
            _write_sheet(
                book, sheets[grid.name], grid, table=tables_by_sheet.get(grid.name), found=found, report=report
            )
        renamed = [names[grid.name] for grid in grids]
        book.write_summary(summary_of(report, shapes.MADE, renamed))


def _write_sheet(
    book: Book, sheet: Sheet, grid: Grid, *, table: "Table | None", found: SheetMarks, report: Report
) -> None:
    numeric = _numeric_columns(table, report)
    widths: dict[int, int] = {}
    last_column = 0
    for number, cells in _rows(grid, table.header_row if table else 0):
        for column, text in enumerate(cells):
            mark = found.marks.get((number, column + 1))
            if not text and mark is None:
                continue
            last_column = max(last_column, column)
            style = book.fill(mark.severity) if mark else None
            if table and number == table.header_row and mark is None:
                style = book.style("header")
            _write_value(sheet, number - 1, column, text, style, is_number=column in numeric)
            if number <= (table.header_row if table else 0) + 200:
                widths[column] = max(widths.get(column, 8), min(MAX_WIDTH, len(text) + 3))
    for mark in found.marks.values():
        book.comment(sheet, mark.row - 1, mark.column - 1, mark.text)
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    if table is not None:
        sheet.freeze_panes(table.header_row, 0)
        _ask(book, sheet, table.header_row - 1, _answer_column(table, last_column), found.questions)


def _ask(book: Book, sheet: Sheet, header: int, column: int, questions: Mapping[int, Sequence[str]]) -> None:
    asked = {row: texts for row, texts in questions.items() if row > header + 1}
    if not asked:
        return
    sheet.set_column(column, column, 46)
    sheet.write_string(header, column, EXPLANATION_HEADER, book.style("ask_header"))
    book.comment(sheet, header, column, EXPLAIN_HELP)
    for row, texts in asked.items():
        sheet.write_blank(row - 1, column, None, book.style("ask"))
        book.comment(sheet, row - 1, column, "\n\n".join(texts))


def _answer_column(table: "Table", last_column: int) -> int:
    return table.answer_column - 1 if table.answer_column else last_column + 1


def write_bad_rows(
    report: Report, source: Source, tables: "Sequence[Table]", marks: Mapping[str, SheetMarks], target: Path
) -> None:
    """Rows with an error or a query, with the columns that lead them back when the workbook is dropped again."""
    names = _sheet_names([table.sheet for table in tables])
    room = MAX_BAD_ROWS
    with Book(target, report) as book:
        for table in tables:
            found = marks.get(table.sheet, SheetMarks())
            wanted = sorted(row for row in found.problems if row > table.header_row)[:room]
            if wanted:
                room -= len(wanted)
                _write_bad_sheet(book, names[table.sheet], table, found=found, wanted=wanted, report=report)
        book.write_summary(summary_of(report, shapes.BAD_ROWS_ONLY, ()))


def _write_bad_sheet(
    book: Book, name: str, table: "Table", *, found: SheetMarks, wanted: Sequence[int], report: Report
) -> None:
    columns = sorted(table.layout.headers)
    numeric = _numeric_columns(table, report)
    sheet = book.sheet(name)
    ours = len(columns)
    for at, header in enumerate(
        [table.layout.headers[i] for i in columns] + [BASE_SUBMISSION, BASE_SHEET, BASE_ROW, CODES]
    ):
        sheet.write_string(0, at, header[:MAX_CELL_CHARACTERS], book.style("header"))
        sheet.set_column(at, at, min(MAX_WIDTH, max(12, len(header) + 3)))
    book.comment(sheet, 0, ours + 2, "เลขแถวในไฟล์ของท่าน ห้ามแก้\nThe row in your own file: do not change")
    number = "" if report.receipt.submission_id is None else str(report.receipt.submission_id)
    questions: dict[int, Sequence[str]] = {}
    for line, (row, cells) in enumerate(_chosen(table, wanted), start=1):
        for at, i in enumerate(columns):
            mark = found.marks.get((row, i + 1))
            text = cells[i] if i < len(cells) else ""
            _write_value(sheet, line, at, text, book.fill(mark.severity) if mark else None, is_number=i in numeric)
            if mark:
                book.comment(sheet, line, at, mark.text)
        codes = " ".join(dict.fromkeys(found.problems[row]))
        for at, text in enumerate((number, table.sheet, str(row), codes), start=ours):
            sheet.write_string(line, at, text, book.style("soft"))
        if row in found.questions:
            questions[line + 1] = found.questions[row]
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(wanted), ours + 3)
    _ask(book, sheet, 0, ours + 4, questions)


def _chosen(table: "Table", wanted: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    rows = np.array(wanted, dtype=np.int64)
    for chunk in table.layout.grid.chunks(table.header_row):
        at = np.flatnonzero(np.isin(chunk.rows, rows))
        if len(at):
            taken = [column.take(pa.array(at)).to_pylist() for column in chunk.cells]
            yield from zip((int(row) for row in chunk.rows[at]), map(list, zip(*taken, strict=True)), strict=True)
        if len(chunk) and chunk.rows[-1] >= rows[-1]:
            return


def _rows(grid: Grid, header_row: int) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number from 1; rows too long for the table at the end."""
    yield from enumerate(grid.preview[:header_row], start=1)
    for chunk in grid.chunks(header_row):
        columns: Iterable[list[str]] = (column.to_pylist() for column in chunk.cells)
        yield from zip((int(row) for row in chunk.rows), map(list, zip(*columns, strict=True)), strict=True)
    for ragged in grid.take_ragged():
        yield ragged.row, list(ragged.fields)


def _numeric_columns(table: "Table | None", report: Report) -> frozenset[int]:
    if table is None or report.contract is None:
        return frozenset()
    kinds = {column.name: column.logical_type for column in report.contract.columns}
    return frozenset(i for name, i in table.layout.positions.items() if kinds[name] in ("integer", "number"))


def _write_value(sheet: Sheet, row: int, column: int, text: str, style: Look, *, is_number: bool) -> None:
    if not text:
        sheet.write_blank(row, column, None, style)
    elif is_number and _PLAIN_NUMBER.fullmatch(text):
        sheet.write_number(row, column, float(text), style)
    else:
        sheet.write_string(row, column, text[:MAX_CELL_CHARACTERS], style)


def _sheet_names(sent: Sequence[str]) -> dict[str, str]:
    """Names a workbook may have, each once and none of them ours."""
    names: dict[str, str] = {}
    taken = {SUMMARY_SHEET.casefold()}
    for name in sent:
        tamed = base = _FORBIDDEN_IN_A_NAME.sub("_", name).strip("'")[:28] or TEXT_SHEET
        again = 2
        while tamed.casefold() in taken:
            tamed, again = f"{base} {again}", again + 1
        taken.add(tamed.casefold())
        names[name] = tamed
    return names
