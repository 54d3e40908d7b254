"""The sender's own `.xlsx`, marked by openpyxl in a child process with limits of memory and time."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.own_marks import EXPLANATION_HEADER, FILLS_SHEET, SUMMARY_SHEET
from ingestion.reports.marked import openpyxl_process
from ingestion.reports.marked.marks import AUTHOR, MARKER, MAX_COMMENTS, SheetMarks
from ingestion.reports.marked.styles import COLOURS, STYLES
from ingestion.reports.marked.summary import Summary

MEMORY_BYTES = 2 << 30
SECONDS = 60
EXPLAIN_HELP = (
    "พิมพ์เหตุผลในช่องสีเหลืองอ่อนของแถวที่ถาม เช่น “ตรวจกับเอกสารแล้ว ถูกต้อง” บันทึก แล้ววางไฟล์ในโฟลเดอร์เดิม\n\n"
    "Type the reason in the pale yellow cell of the row, save, and drop the file into the same folder."
)

log = logging.getLogger("chaidaen.marked")


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What is done to one sheet; `header_row` 0 where the check found no table in it."""

    name: str
    marks: SheetMarks
    header_row: int
    answer_column: int | None


def mark(source: Path, target: Path, summary: Summary, sheets: Sequence[SheetPlan], own_sheets: Sequence[str]) -> bool:
    """Write the marked workbook to `target`; False when openpyxl can't carry this one (too large, too odd)."""
    plan = {
        "memory": MEMORY_BYTES,
        "seconds": SECONDS,
        "path": str(source),
        "out": str(target),
        "author": AUTHOR,
        "marker": MARKER,
        "colours": dict(COLOURS),
        "styles": {name: style.as_json() for name, style in STYLES.items()},
        "names": {"summary": SUMMARY_SHEET, "fills": FILLS_SHEET, "explanation": EXPLANATION_HEADER},
        "own_sheets": list(own_sheets),
        "explain_help": EXPLAIN_HELP,
        "summary": summary.as_json(),
        "sheets": _sheets(sheets),
    }
    ended = openpyxl_process.carry(plan)
    if ended is not None:
        log.warning("openpyxl could not carry a workbook (%s); it is made anew", ended)
    return ended is None and target.exists()


def _sheets(sheets: Sequence[SheetPlan]) -> list[dict[str, Any]]:
    room = MAX_COMMENTS
    plans = []
    for sheet in sheets:
        marks = []
        for one in sheet.marks.marks.values():
            marks.append((one.row, one.column, one.severity, one.text if room > 0 else ""))
            room -= 1
        asked = {row: "\n\n".join(texts) for row, texts in sheet.marks.questions.items() if row > sheet.header_row > 0}
        questions = []
        for row, text in sorted(asked.items()):
            questions.append((row, text if room > 0 else ""))
            room -= 1
        answer_row = sheet.header_row if asked or sheet.answer_column else 0
        plans.append(
            {
                "name": sheet.name,
                "marks": marks,
                "questions": questions,
                "answer_row": answer_row,
                "answer_column": sheet.answer_column,
            }
        )
    return plans
