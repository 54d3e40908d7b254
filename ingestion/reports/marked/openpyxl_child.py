"""Marks senders' own workbooks, each in a process of its own: it may run out of memory or time, and only it dies.

Loads openpyxl once, then forks for every plan (JSON, made by `own_workbook`) that it reads on stdin. Formulas, styles,
widths, merged cells, pictures and charts stay; marks of an earlier round are taken off first. Imports nothing of the
project but the module beside it.
"""

import copy
import gc
import json
import os
import resource
import sys
import warnings
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet import _writer
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import Element, SubElement

sys.path.append(str(Path(__file__).parent))
import kept_parts  # type: ignore[import-not-found]  # beside this file, which runs apart from the project

POINTS_A_LINE, COMMENT_WIDTH = 17, 380
AnyCell = Any  # a cell or, inside a merged area, what stands for one
Writer = Any
NONE = PatternFill(fill_type=None)


def fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{colour}")


# ---- the marks of an earlier round ---------------------------------------------------------------------------------


def remove_earlier(book: Workbook, plan: dict[str, Any]) -> None:
    """Take our sheets, comments and colours out; a cell gets the fill back that it had before."""
    names = plan["names"]
    if names["fills"] in book.sheetnames:
        for place, *_ in book[names["fills"]].iter_rows(min_col=1, max_col=1):
            sheet, _, cell = str(place.value or "").rpartition("!")
            if sheet in book.sheetnames and is_ours(book[sheet][cell], plan):
                book[sheet][cell].fill = copy.copy(place.fill)
        del book[names["fills"]]
    for name in plan["own_sheets"]:
        if name in book.sheetnames:
            del book[name]
    for sheet in book.worksheets:
        for cell in [cell for cell in sheet._cells.values() if not isinstance(cell, MergedCell)]:
            if cell.comment is not None and plan["marker"] in (cell.comment.text or ""):
                restore_comment(cell, plan)
                if is_ours(cell, plan):
                    cell.fill = copy.copy(NONE)


def is_ours(cell: AnyCell, plan: dict[str, Any]) -> bool:
    colour = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
    return isinstance(colour, str) and colour[-6:] in plan["colours"].values()


def restore_comment(cell: Cell, plan: dict[str, Any]) -> None:
    theirs = cell.comment.text.partition(plan["marker"])[0].strip()
    author = cell.comment.author
    cell.comment = Comment(theirs, author) if theirs else None


# ---- marking -------------------------------------------------------------------------------------------------------


def mark(book: Workbook, plan: dict[str, Any]) -> None:
    """Colour and comment cells; keep the fills they had in a hidden sheet."""
    kept = book.create_sheet(plan["names"]["fills"])
    kept.sheet_state = "hidden"
    places = 0
    for found in plan["sheets"]:
        sheet = book[found["name"]]
        for row, column, severity, text in found["marks"]:
            cell = top_left(sheet, row, column)
            if not is_ours(cell, plan):  # two marks may meet in one merged cell
                places += 1
                kept.cell(places, 1, f"{found['name']}!{cell.coordinate}").fill = copy.copy(cell.fill)
                cell.fill = fill(plan["colours"][severity])
            if text:
                annotate(cell, text, plan)
        if found["answer_row"]:
            write_answer_column(sheet, found, plan)


def top_left(sheet: Worksheet, row: int, column: int) -> AnyCell:
    """The cell, or the one that a merged cell shows."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if cell.coordinate in area:
                return sheet.cell(area.min_row, area.min_col)
    return cell


def annotate(cell: AnyCell, text: str, plan: dict[str, Any]) -> None:
    theirs = f"{cell.comment.text}\n\n" if cell.comment is not None else ""
    body = f"{theirs}{plan['marker']}\n{text}"
    lines = sum(1 + len(line) // 48 for line in body.split("\n"))
    cell.comment = Comment(body, plan["author"], width=COMMENT_WIDTH, height=min(420, 30 + POINTS_A_LINE * lines))


def write_answer_column(sheet: Worksheet, found: dict[str, Any], plan: dict[str, Any]) -> None:
    """The column beside the table where queries are answered."""
    column = found["answer_column"] or free_column(sheet, found)
    for row in range(found["answer_row"], sheet.max_row + 1):
        if (row, column) in sheet._cells and not isinstance(sheet.cell(row, column), MergedCell):
            sheet.cell(row, column).fill = copy.copy(NONE)
    header = sheet.cell(found["answer_row"], column)
    if isinstance(header, MergedCell):
        return
    header.value = plan["names"]["explanation"]
    dress(header, plan["styles"]["ask_header"])
    sheet.column_dimensions[get_column_letter(column)].width = 46
    sheet.column_dimensions[get_column_letter(column)].hidden = False
    annotate(header, plan["explain_help"], plan)
    for row, question in found["questions"]:
        cell = top_left(sheet, row, column)
        dress(cell, plan["styles"]["ask"])
        if question:
            annotate(cell, question, plan)


def free_column(sheet: Worksheet, found: dict[str, Any]) -> int:
    """The first column beside all values that no picture or chart covers where something is asked."""
    column = 1 + max((c.column for c in sheet._cells.values() if c.value is not None), default=0)
    first, last = found["answer_row"], max((row for row, _ in found["questions"]), default=found["answer_row"])
    areas = sorted(
        (left, right)
        for one in sheet._charts
        for top, left, bottom, right in one.areas()
        if top <= last and bottom >= first
    )
    for left, right in areas:
        if left <= column <= right:
            column = right + 1
    return column


# ---- the summary ---------------------------------------------------------------------------------------------------


def write_summary(book: Workbook, plan: dict[str, Any]) -> None:
    sheet = book.create_sheet(plan["names"]["summary"], 0)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = f"FF{plan['summary']['tab']}"
    for i, width in enumerate(plan["summary"]["widths"], start=1):
        dimension = sheet.column_dimensions[get_column_letter(i)]
        dimension.width, dimension.hidden = width or 1, width == 0
    for number, row in enumerate(plan["summary"]["rows"], start=1):
        if row["height"]:
            sheet.row_dimensions[number].height = row["height"]
        for at, cell in enumerate(row["cells"], start=1):
            if cell is not None:
                write(sheet, number, at, cell, plan)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0
    for other in book.worksheets[1:]:  # two selected sheets would both take what is typed
        other.sheet_view.tabSelected = False


def write(sheet: Worksheet, row: int, at: int, content: dict[str, Any], plan: dict[str, Any]) -> None:
    cell = sheet.cell(row, at)
    cell.value = content["text"]
    if isinstance(content["text"], str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    if content["link"]:
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=content["link"], display=content["text"])
    dress(cell, plan["styles"][content["style"]])
    if content["span"] > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=at, end_column=at + content["span"] - 1)


def dress(cell: AnyCell, style: dict[str, Any]) -> None:
    cell.font = Font(
        name=style["font"],
        size=style["size"],
        bold=style["bold"],
        color=f"FF{style['ink']}",
        underline="single" if style["underline"] else None,
    )
    if style["fill"]:
        cell.fill = fill(style["fill"])
    cell.alignment = Alignment(wrap_text=True, vertical=style["valign"], horizontal=style["align"] or None)
    if style["border"]:
        side = Side(style="thin", color=f"FF{style['border']}")
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    if style["open"]:
        cell.protection = Protection(locked=False)


# ---- results of formulas -------------------------------------------------------------------------------------------


def keep_results(path: str, book: Workbook) -> None:
    """openpyxl writes formulas without their results; phones and our own reader would see empty cells."""
    if not any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values()):
        return
    results: dict[tuple[str, str], Any] = {}
    formulas = {(s.title, c.coordinate) for s in book.worksheets for c in s._cells.values() if c.data_type == "f"}
    with Path(path).open("rb") as source:
        values = openpyxl.load_workbook(source, data_only=True, read_only=True)
        for sheet in values.worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
                if (sheet.title, cell.coordinate) in formulas:
                    results[sheet.title, cell.coordinate] = cell.value
        values.close()
    plain = _writer.write_cell

    def write_cell(xf: Writer, sheet: Worksheet, cell: Cell, styled: bool | None = None) -> None:
        result = results.get((sheet.title, cell.coordinate)) if cell.data_type == "f" else None
        if result is None or not isinstance(cell.value, str):
            plain(xf, sheet, cell, styled)
            return
        element = Element("c", {"r": cell.coordinate, **({"s": f"{cell.style_id}"} if styled else {})})
        formula, value = SubElement(element, "f"), SubElement(element, "v")
        formula.text = cell.value[1:]
        if isinstance(result, bool):
            element.set("t", "b")
            value.text = str(int(result))
        elif isinstance(result, str):
            element.set("t", "e" if result.startswith("#") else "str")
            value.text = result
        else:
            value.text = repr(result) if isinstance(result, int | float) else repr(to_excel(result))
        xf.write(element)

    _writer.write_cell = write_cell


def carry(plan: dict[str, Any]) -> None:
    """Read the workbook, mark it, write it: within the plan's limits of memory (bytes) and processor (seconds)."""
    resource.setrlimit(resource.RLIMIT_AS, (plan["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (plan["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Path(plan["path"]).open("rb") as source:
        book = kept_parts.read(source)
    keep_results(plan["path"], book)
    remove_earlier(book, plan)
    mark(book, plan)
    write_summary(book, plan)
    kept_parts.write(book, Path(plan["out"]))


def in_a_process_of_its_own(plan: dict[str, Any]) -> dict[str, Any]:
    """How the carrying ended: the process's exit code, and what was raised."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            carry(plan)
            os._exit(0)
        except BaseException as error:  # whatever it is, its name is all that leaves this process
            os.write(told, type(error).__name__.encode())
            os._exit(1)
    os.close(told)
    with os.fdopen(heard, "rb") as reason:
        raised = reason.read().decode()
    return {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "raised": raised}


def main() -> None:
    """A plan a line on stdin, an answer a line on stdout, until nobody is left to ask."""
    warnings.simplefilter("ignore")  # of parts of a workbook that openpyxl does not carry
    gc.freeze()  # what is loaded stays shared with every process forked
    for line in sys.stdin:
        sys.stdout.write(json.dumps(in_a_process_of_its_own(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
