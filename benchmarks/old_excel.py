"""Old `.xls` workbooks for the defect corpus; xlwt writes them and is a development dependency only."""

import datetime
import io
from collections.abc import Sequence

import xlwt

from chaidaen.simulate.pages import Page

_ERRORS = {"#N/A": 0x2A, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17}
_HIDDEN = 1


def written(pages: Sequence[Page]) -> bytes:
    """The bytes of a BIFF8 workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    date = xlwt.easyxf(num_format_str="d/m/yyyy")
    for page in pages:
        sheet = book.add_sheet(page.name)
        if page.hidden:
            sheet.visibility = _HIDDEN
        inside = set()
        for first_row, first_column, last_row, last_column in page.merged:
            box = [(r, c) for r in range(first_row, last_row + 1) for c in range(first_column, last_column + 1)]
            inside.update(box)
            sheet.write_merge(first_row, last_row, first_column, last_column, page.cells[first_row][first_column])
        for row, cells in enumerate(page.cells):
            for column, value in enumerate(cells):
                if (row, column) in inside or value in (None, ""):
                    continue
                if value in _ERRORS:
                    sheet.row(row).set_cell_error(column, _ERRORS[str(value)])
                elif isinstance(value, datetime.date):
                    sheet.write(row, column, value, date)
                else:
                    sheet.write(row, column, value)
    book.set_active_sheet(next(i for i, page in enumerate(pages) if not page.hidden))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
