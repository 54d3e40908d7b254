"""The same rows in every format an agency sends, written by the libraries of those formats."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

Rows = Sequence[Sequence[Any]]
Merge = tuple[int, int, int, int]  # rows from 1 and columns from 0: top, bottom, left, right


def xlsx(path: Path, rows: Rows, merges: Sequence[Merge] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            if value not in (None, ""):
                cell = sheet.cell(i, j, value)
                if isinstance(value, str) and value.startswith("#"):
                    cell.data_type = "e"
    for top, bottom, left, right in merges:
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=left + 1, end_column=right + 1)
    book.save(path)
    return path


_BIFF_ERRORS = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}


def xls(path: Path, rows: Rows, merges: Sequence[Merge] = ()) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("ข้อมูล")
    covered = {
        (r, c) for top, bottom, left, right in merges for r in range(top, bottom + 1) for c in range(left, right + 1)
    }
    for top, bottom, left, right in merges:
        sheet.write_merge(top - 1, bottom - 1, left, right, rows[top - 1][left])
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row):
            if value in (None, "") or (i, j) in covered:
                continue
            if value in _BIFF_ERRORS:
                sheet.row(i - 1).set_cell_error(j, _BIFF_ERRORS[value])
            elif isinstance(value, dt.date):
                sheet.write(i - 1, j, value, xlwt.easyxf(num_format_str="D/M/YYYY"))
            else:
                sheet.write(i - 1, j, value)
    book.save(str(path))
    return path


def ods(path: Path, rows: Rows, merges: Sequence[Merge] = ()) -> Path:
    document = OpenDocumentSpreadsheet()
    table = Table(name="ข้อมูล")
    starts = {(top, left): (bottom - top + 1, right - left + 1) for top, bottom, left, right in merges}
    covered = {
        (r, c) for top, bottom, left, right in merges for r in range(top, bottom + 1) for c in range(left, right + 1)
    } - starts.keys()
    for i, row in enumerate(rows, start=1):
        line = TableRow()
        for j, value in enumerate(row):
            line.addElement(CoveredTableCell() if (i, j) in covered else _ods_cell(value, *starts.get((i, j), (1, 1))))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(path)
    return path


def _ods_cell(value: object, down: int, right: int) -> TableCell:
    spans = {"numberrowsspanned": down, "numbercolumnsspanned": right} if down > 1 or right > 1 else {}
    if value in (None, ""):
        return TableCell(**spans)
    if isinstance(value, int | float):
        cell = TableCell(valuetype="float", value=str(value), **spans)
    elif isinstance(value, dt.date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **spans)
    elif str(value).startswith("#"):  # as LibreOffice keeps a formula's error: an empty text, shown as what it is
        cell = TableCell(valuetype="string", stringvalue="", formula="of:=1/0", **spans)
    else:
        cell = TableCell(valuetype="string", **spans)
    cell.addElement(P(text=str(value)))
    return cell


def text(delimiter: str, encoding: str) -> Callable[..., Path]:
    def write(path: Path, rows: Rows, merges: Sequence[Merge] = ()) -> Path:
        lines = io.StringIO(newline="")
        csv.writer(lines, delimiter=delimiter).writerows([["" if v is None else v for v in row] for row in rows])
        path.write_bytes(lines.getvalue().encode(encoding))
        return path

    return write


def json_lines(path: Path, header: Sequence[str], rows: Rows, encoding: str = "utf-8") -> Path:
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False, default=str) for row in rows]
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


WORKBOOKS: dict[str, Callable[..., Path]] = {"xlsx": xlsx, "xls": xls, "ods": ods}
TEXTS: dict[str, Callable[..., Path]] = {
    "csv cp874": text(",", "cp874"),
    "tsv utf-16": text("\t", "utf-16"),
    "pipe utf-8": text("|", "utf-8"),
    "semicolon utf-8 with mark": text(";", "utf-8-sig"),
}
EVERY: dict[str, Callable[..., Path]] = WORKBOOKS | TEXTS
