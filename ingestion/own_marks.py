"""Names of what we write into workbooks and tables, so that it is known when it comes back and never taken for data.

The one place that says them: the marked workbook, `bad_rows.csv` and the template write these, the reader finds them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

SUMMARY_SHEET = "สรุปผลตรวจ"
GUIDE_SHEET = "คำแนะนำ"
LISTS_SHEET = "_chaidaen_lists"
FILLS_SHEET = "_chaidaen_fills"
SIGNATURE = "ชายแดน Chaidaen"  # stands in cell A1 of every sheet of ours that people see
KEY_PREFIX = "chaidaen:"  # begins every text that only programs read

EXPLANATION_HEADER = "คำชี้แจง (Explanation, Chaidaen)"
EXAMPLE_HEADER = "แถวตัวอย่าง (Example, Chaidaen)"
CONTENT_DATE_LABEL = "ข้อมูล ณ วันที่ (Date of the data, Chaidaen)"
EXAMPLE_MARK = "◄ ตัวอย่าง: พิมพ์ทับหรือลบแถวนี้ (example row)"

BASE_SUBMISSION, BASE_SHEET, BASE_ROW, CODES = RETURNED_COLUMNS = ("_submission_id", "_sheet", "_row", "_codes")
_OURS: Mapping[str, str] = {
    **{name: name for name in RETURNED_COLUMNS},
    EXPLANATION_HEADER: EXPLANATION_HEADER,
    EXAMPLE_HEADER: EXAMPLE_HEADER,
}
_SPACES = re.compile(r"\s+")
# What `neutral` in the reports puts an apostrophe before.
NEUTRALISED = "^'([\\s\\p{Z}\\x0b\\x1c-\\x1f\\x{85}\\x{200b}\\x{feff}]*[=+\\-@＝＋－＠]|[\\t\\r\\n]|[0-9])"


def own_column(header: str) -> str | None:
    """The name of our column that this header is, None for a sender's header."""
    return _OURS.get(_SPACES.sub(" ", header).strip())


class Sheet(Protocol):
    """What is looked at of a sheet."""

    @property
    def name(self) -> str: ...

    @property
    def preview(self) -> Sequence[Sequence[str]]: ...


def is_own_sheet(sheet: Sheet) -> bool:
    """Whether we wrote this sheet: by its name and, where a sender might choose the same, by the text in A1."""
    if sheet.name in (LISTS_SHEET, FILLS_SHEET):
        return True
    if not sheet.name.startswith((SUMMARY_SHEET, GUIDE_SHEET)):
        return False
    first = sheet.preview[0][0] if sheet.preview and sheet.preview[0] else ""
    return first.startswith(SIGNATURE)


def is_returned(columns: Mapping[str, int]) -> bool:
    """Whether a table's own columns are those of a bad-rows file: its rows have an address in an earlier submission."""
    return all(name in columns for name in (BASE_SUBMISSION, BASE_SHEET, BASE_ROW))


def without_apostrophes(cells: pa.Array) -> pa.Array:
    """Text of a bad-rows file as it was sent: the apostrophes we put before formulas and long numbers are taken off."""
    return pc.replace_substring_regex(cells, NEUTRALISED, "\\1")
