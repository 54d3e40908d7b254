"""What to mark in each sheet: cells with their colour and comment, rows with a question to answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from ingestion.reports import words
from ingestion.reports.model import Line, Report

AUTHOR = "Chaidaen"
MARKER = "── ชายแดน Chaidaen ──"
MAX_COMMENTS = 4000  # a program for workbooks draws each as a shape; beyond, the colour alone and the summary speak
MAX_COMMENT_CHARACTERS = 1500
MAX_ISSUES = 400_000  # a table of 20,000 rows and 20 columns, wrong in every cell; memory is bounded so
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANK = {"repaired": 0, "answered": 1, "query": 2, "error": 3}


@dataclass(slots=True)
class Mark:
    """One cell; `row` and `column` count from 1."""

    row: int
    column: int
    severity: str
    texts: list[str]

    @property
    def text(self) -> str:
        return "\n\n".join(dict.fromkeys(self.texts))[:MAX_COMMENT_CHARACTERS]


@dataclass(slots=True)
class SheetMarks:
    """Marks of one sheet by (row, column), and what is asked in which row."""

    marks: dict[tuple[int, int], Mark] = field(default_factory=dict)
    questions: dict[int, list[str]] = field(default_factory=dict)
    problems: dict[int, list[str]] = field(default_factory=dict)  # row -> codes, for workbooks of bad rows only


def place(cell: str) -> tuple[int, int] | None:
    """(row, column) of an A1 address, from 1; None when it is none."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]), column


def collect(report: Report) -> Mapping[str, SheetMarks]:
    """By sheet name ("" for a text file)."""
    sheets: dict[str, SheetMarks] = {}
    for line in islice(report.issues(), MAX_ISSUES):
        _add_issue(sheets.setdefault(line.sheet or "", SheetMarks()), line)
    for repair in report.repairs:
        for address in repair.cells:
            sheet, _, cell = address.rpartition("!")
            at = place(cell)
            if at is not None:
                text = f"{words.SEVERITIES['repaired'][0]}: {repair.title_th}\n{repair.title_en}"
                _add(sheets.setdefault(sheet, SheetMarks()), at, "repaired", text)
    return sheets


def _add_issue(sheet: SheetMarks, line: Line) -> None:
    answered = line.severity == "query" and line.explanation is not None
    at = place(line.cell) if line.cell else None
    if at is not None:
        _add(sheet, at, "answered" if answered else line.severity, comment(line))
    if line.row is None:
        return
    sheet.problems.setdefault(line.row, []).append(line.code)
    if line.severity == "query" and not answered:
        question = f"ขอคำชี้แจง: {words.shown(line.message_th)}\n{words.shown(line.message_en)}"
        sheet.questions.setdefault(line.row, []).append(question)


def _add(sheet: SheetMarks, at: tuple[int, int], severity: str, text: str) -> None:
    mark = sheet.marks.setdefault(at, Mark(*at, severity, []))
    mark.texts.append(text)
    if _RANK[severity] > _RANK[mark.severity]:
        mark.severity = severity


def comment(line: Line) -> str:
    """Message and cure, Thai first, English beneath."""
    if line.explanation is not None:
        head_th, cure_th, head_en, cure_en = "ชี้แจงแล้ว", line.explanation, "Explained", ""
    else:
        head_th, head_en = words.SEVERITIES[line.severity]
        cure_th, cure_en = f"วิธีแก้: {line.cure_th}", f"What to do: {line.cure_en}"
    thai = f"{head_th}: {line.message_th}\n{cure_th}"
    english = f"{head_en.capitalize()}: {line.message_en}\n{cure_en}"
    return "\n".join(words.shown(part) for part in f"{thai}\n\n{english}".split("\n")).strip()
