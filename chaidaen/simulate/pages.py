"""A sheet as its sender sees it, in memory, and how it becomes the bytes of each file format."""

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from chaidaen.simulate.files import CREATED

Box = tuple[int, int, int, int]  # first row, first column, last row, last column, counted from 0
Kind = Literal["text", "lines", "workbook"]
_EXCEL_ERRORS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#VALUE!": '="a"+1', "#REF!": "=#REF!"}


@dataclass(slots=True)
class Page:
    """One sheet: `cells[0][0]` is A1. A merged box keeps its text in its first cell; the others are empty."""

    name: str
    cells: list[list[object]]
    merged: list[Box] = field(default_factory=list)
    hidden: bool = False


def address(row: int, column: int) -> str:
    """A1 of a cell: row from 1 as the program shows it, column from 0."""
    return f"{xl_col_to_name(column)}{row}"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `encoding` and `delimiter` say something of text only."""

    name: str
    kind: Kind
    extension: str
    encoding: str = "utf-8"
    delimiter: str = ","


_ENCODINGS = {"UTF-8": "utf-8", "UTF-8 with BOM": "utf-8-sig", "UTF-16": "utf-16", "CP874": "cp874"}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
TEXT_FORMATS: tuple[Format, ...] = tuple(
    Format(f"{encoding}, {delimiter}", "text", "tsv" if mark == "\t" else "csv", codec, mark)
    for encoding, codec in _ENCODINGS.items()
    for delimiter, mark in _DELIMITERS.items()
)
LINES = Format("JSON lines", "lines", "jsonl")
XLSX, ODS = Format("xlsx", "workbook", "xlsx"), Format("ods", "workbook", "ods")
XLS = Format("xls", "workbook", "xls")  # no library the project runs with writes it: tests bring their own writer


def written(pages: Sequence[Page], form: Format, writers: Mapping[str, Callable[[Sequence[Page]], bytes]]) -> bytes:
    """The bytes of a file; text holds one page. `writers` adds workbook formats, by extension, to our own."""
    if form.kind == "text":
        return _text(pages[0], form)
    if form.kind == "lines":
        return _lines(pages[0])
    return ({"xlsx": _xlsx, "ods": _ods} | dict(writers))[form.extension](pages)


def _text(page: Page, form: Format) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=form.delimiter).writerows(page.cells)
    return text.getvalue().encode(form.encoding)


def _lines(page: Page) -> bytes:
    """One object per row, its keys in the order of the columns; no line for the header."""
    header, *rows = page.cells
    objects = ({str(key): value for key, value in zip(header, row, strict=True)} for row in rows)
    return "".join(f"{json.dumps(one, ensure_ascii=False, default=str)}\n" for one in objects).encode()


def _xlsx(pages: Sequence[Page]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"comments": "ข้อมูลสมมุติ | Invented data", "created": CREATED})
    date = book.add_format({"num_format": "d/m/yyyy"})
    for page in pages:
        sheet = book.add_worksheet(page.name)
        if page.hidden:
            sheet.hide()
        for box in page.merged:
            sheet.merge_range(*box, "")
        for row, cells in enumerate(page.cells):
            for column, value in enumerate(cells):
                _xlsx_cell(sheet, row, column, value, date)
    next(sheet for sheet, page in zip(book.worksheets(), pages, strict=True) if not page.hidden).activate()
    book.close()
    return content.getvalue()


def _xlsx_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object, date: object) -> None:
    match value:
        case None | "":
            pass
        case str() if value in _EXCEL_ERRORS:
            sheet.write_formula(row, column, _EXCEL_ERRORS[value], None, value)
        case str():
            sheet.write_string(row, column, value)
        case datetime.date():
            sheet.write_datetime(row, column, value, date)
        case _:
            sheet.write_number(row, column, value)


_ODS_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
_ODS_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_SPACES} office:version="1.2">'
    '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _ods(pages: Sequence[Page]) -> bytes:
    """An OpenDocument sheet with what a reader needs: cells, spans, hidden tables, empty cells told by their number."""
    body = "".join(_ods_table(page) for page in pages)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        stamp = CREATED.timetuple()[:6]
        archive.writestr(zipfile.ZipInfo("mimetype", stamp), _ODS_MIMETYPE)  # first and not compressed, as it must be
        for name, text in (
            ("content.xml", f"{_ODS_HEAD}{body}</office:spreadsheet></office:body></office:document-content>"),
            ("META-INF/manifest.xml", _ODS_MANIFEST),
        ):
            archive.writestr(zipfile.ZipInfo(name, stamp), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _ods_table(page: Page) -> str:
    hidden = ' table:style-name="hidden"' if page.hidden else ""
    spans = {(box[0], box[1]): box for box in page.merged}
    covered = {
        (row, column)
        for first_row, first_column, last_row, last_column in page.merged
        for row in range(first_row, last_row + 1)
        for column in range(first_column, last_column + 1)
    } - spans.keys()
    rows = []
    for row, cells in enumerate(page.cells):
        texts = [
            "<table:covered-table-cell/>" if (row, column) in covered else _ods_cell(value, spans.get((row, column)))
            for column, value in enumerate(cells)
        ]
        rows.append(f"<table:table-row>{''.join(texts) or '<table:table-cell/>'}</table:table-row>")
    return f"<table:table table:name={quoteattr(page.name)}{hidden}>{''.join(rows)}</table:table>"


def _ods_cell(value: object, box: Box | None) -> str:
    span = ""
    if box is not None:
        rows, columns = box[2] - box[0] + 1, box[3] - box[1] + 1
        span = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
    match value:
        case None | "":
            return f"<table:table-cell{span}/>"
        case str():
            paragraphs = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in value.split("\n"))
            return f'<table:table-cell{span} office:value-type="string">{paragraphs}</table:table-cell>'
        case datetime.date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell{span} {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def _ods_text(text: str) -> str:
    """Spaces in a row, and at the ends, are elements in this format; written plainly they would be lost."""
    return escape(text).replace("  ", '<text:s text:c="2"/>').replace("\t", "<text:tab/>")
