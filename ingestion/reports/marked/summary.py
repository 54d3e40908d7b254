"""The first sheet of a marked workbook: verdict, counts, what to do, every kind of problem with links to its cells."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from ingestion.own_marks import EXPLANATION_HEADER, KEY_PREFIX, SIGNATURE
from ingestion.reports import words
from ingestion.reports.marked.left_behind import left_behind, left_behind_by_new
from ingestion.reports.marked.styles import TONES
from ingestion.reports.model import Group, Report

WIDTHS = (19.0, 44.0, 10.0, 46.0, 12.0, 12.0, 12.0, 36.0, 0.0)  # the last column is for programs only
LINKS = 3
POINTS_A_LINE = 16.5
WHOLE, MADE, BAD_ROWS_ONLY, SUMMARY_ONLY = "whole", "made", "bad_rows", "summary"


@dataclass(frozen=True, slots=True)
class Cell:
    """`link`: place in the same workbook; `span`: how many columns it takes."""

    text: str | int
    style: str = "plain"
    link: str = ""
    span: int = 1

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "style": self.style, "link": self.link, "span": self.span}


@dataclass(slots=True)
class Summary:
    """Rows of cells; None leaves a cell empty. `height` in points."""

    tab: str
    rows: list[tuple[list[Cell | None], float]] = field(default_factory=list)

    def add(self, *cells: Cell | None, least: float = 0) -> None:
        row = list(cells)
        self.rows.append((row, max(least, _height(row))))

    def as_json(self) -> dict[str, Any]:
        rows = [
            {"height": height, "cells": [None if cell is None else cell.as_json() for cell in cells]}
            for cells, height in self.rows
        ]
        return {"tab": self.tab, "widths": WIDTHS, "rows": rows}


def summary_of(report: Report, shape: str, sheets: Sequence[str]) -> Summary:
    """`shape`: what the rest of the workbook holds; `sheets`: names that links may lead to."""
    receipt = report.receipt
    thai, english, tone = words.headline(receipt.state, receipt.verdict)
    summary = Summary(TONES[tone])
    number = "" if receipt.submission_id is None else str(receipt.submission_id)
    key = Cell(f"{KEY_PREFIX}submission:{number}", "key")
    summary.add(Cell(f"{SIGNATURE} · ผลการตรวจไฟล์ข้อมูล | Check of your data file", "title", span=8), *[None] * 7, key)
    summary.add(Cell(thai, f"headline_{tone}", span=8), least=40)
    summary.add(Cell(english, f"subline_{tone}", span=8), least=20)
    summary.add()
    _facts(summary, report)
    _counts(summary, report)
    _steps(summary, report, shape)
    _kinds(summary, report, shape, sheets)
    _repairs(summary, report)
    _lacks(summary, report, shape)
    _legend(summary)
    return summary


def _facts(summary: Summary, report: Report) -> None:
    receipt = report.receipt
    facts = [
        ("เลขที่รับ", "–" if receipt.submission_id is None else str(receipt.submission_id)),
        ("วันที่รับ", words.thai_instant(receipt.received_at)),
        ("หน่วยงาน", report.agency_th),
        ("ชุดข้อมูล", f"{report.dataset_th} | {report.dataset_en}"),
        ("งวด", receipt.period + ("" if receipt.part == "all" else f" · {receipt.part}")),
        ("ไฟล์", receipt.file_name),
    ]
    for label, value in facts:
        if value not in ("", "–"):
            summary.add(Cell(label, "label"), Cell(words.shown(value), span=3))
    summary.add()


def _counts(summary: Summary, report: Report) -> None:
    receipt = report.receipt
    if not receipt.rows:
        return
    taken = receipt.verdict not in ("rejected", "held")
    summary.add(
        Cell(receipt.rows, "number"),
        Cell(receipt.accepted_rows or 0, "number"),
        Cell(receipt.rejected_rows or 0, "number", span=2),
        None,
        Cell(report.open_queries, "number", span=3),
        least=28,
    )
    summary.add(
        Cell("แถวในไฟล์\nrows in the file", "caption"),
        Cell(
            "แถวที่รับเข้าคลัง\nrows taken in" if taken else "แถวที่ถูกต้อง (ยังไม่เข้าคลัง)\ngood rows, not taken in yet", "caption"
        ),
        Cell("แถวที่ต้องแก้ไข\nrows to correct", "caption", span=2),
        None,
        Cell("จุดที่ขอคำชี้แจง\npoints to explain", "caption", span=3),
    )
    summary.add()


def _steps(summary: Summary, report: Report, shape: str) -> None:
    summary.add(Cell("ต้องทำอะไรต่อ (What to do now)", "section", span=8))
    for number, text in enumerate(steps(report, shape), start=1):
        summary.add(Cell(f"{number}. {text}", "step", span=8))
    summary.add()


def steps(report: Report, shape: str) -> list[str]:
    """What the sender does next, in order."""
    receipt = report.receipt
    errors, queries = report.count("error"), report.open_queries
    if not errors and not queries:
        return ["ไม่ต้องทำอะไรเพิ่ม (Nothing to do)"]
    if shape == SUMMARY_ONLY:
        return [
            "ระบบเปิดตารางในไฟล์นี้ไม่ได้ ดูสาเหตุและวิธีแก้ในตารางด้านล่าง (The table could not be read; see why below)",
            "แก้ไฟล์ต้นฉบับของท่าน แล้ววางในโฟลเดอร์เดิมอีกครั้ง (Mend your own file and drop it into the same folder)",
        ]
    can_return = shape != BAD_ROWS_ONLY or receipt.submission_id is not None
    found = []
    if shape == BAD_ROWS_ONLY:
        found.append(
            "ไฟล์ของท่านใหญ่มาก สมุดงานนี้จึงมีเฉพาะแถวที่มีปัญหา คอลัมน์ _row บอกเลขแถวในไฟล์ของท่าน"
            " (A large file: only rows with a problem are here; _row is the row in your file)"
        )
    if errors:
        found.append(
            "ดูช่องสีแดง วางเมาส์บนช่องเพื่ออ่านว่าผิดอะไรและแก้อย่างไร แล้วพิมพ์ค่าที่ถูกต้องทับลงไป"
            " (Red cells: point at one to read what is wrong, then type the right value)"
        )
    if queries:
        found.append(
            "ดูช่องสีเหลือง ถ้าค่าผิดให้แก้ ถ้าค่าถูกต้องอยู่แล้วให้พิมพ์เหตุผลในคอลัมน์ “คำชี้แจง” ท้ายแถวนั้น"
            " หรือพิมพ์ครั้งเดียวในคอลัมน์คำชี้แจงของตารางด้านล่าง (Amber cells: correct the value, or say why it is right)"
        )
    found.append(
        "บันทึก แล้ววางไฟล์นี้ในโฟลเดอร์เดิม ไม่ต้องลบสี ความเห็น หรือแผ่นงานนี้ (Save and drop this file into the same folder)"
        if can_return
        else "แก้ในไฟล์ต้นฉบับของท่านตามเลขแถว แล้วส่งทั้งไฟล์ (Correct your own file at these rows and send all of it)"
    )
    return found


def _kinds(summary: Summary, report: Report, shape: str, sheets: Sequence[str]) -> None:
    if not report.groups:
        return
    asks = shape != SUMMARY_ONLY and any(group.severity == "query" for group in report.groups)
    summary.add(Cell("สิ่งที่พบ (What we found)", "section", span=8))
    summary.add(
        Cell("ระดับ", "header"),
        Cell("สิ่งที่พบ", "header"),
        Cell("จำนวนจุด", "header"),
        Cell("วิธีแก้", "header"),
        Cell("ไปที่ช่อง (คลิก)", "header", span=LINKS),
        *[None] * (LINKS - 1),
        Cell(EXPLANATION_HEADER, "ask_header") if asks else None,
        least=32,
    )
    for group in report.groups:
        _kind(summary, group, shape, sheets)
    summary.add()


def _kind(summary: Summary, group: Group, shape: str, sheets: Sequence[str]) -> None:
    first = group.lines[0]
    answered = group.severity == "query" and group.open_queries == 0
    severity = "answered" if answered else group.severity
    label = ("ชี้แจงแล้ว", "explained") if answered else words.SEVERITIES[group.severity]
    where = f" “{group.column_th or group.column}”" if group.column else ""
    message = first.message_th if group.count == 1 else group.title_th + where
    english = first.message_en if group.count == 1 else group.title_en
    linked = [line for line in group.lines if line.cell or line.row][:LINKS]
    links = [
        Cell(line.cell or f"แถว {line.row}", *_target(line.sheet, line.cell or f"A{line.row}", shape, sheets))
        for line in linked
    ]
    links += [Cell("", "cell")] * (LINKS - len(links))
    is_query = group.severity == "query" and shape != SUMMARY_ONLY
    summary.add(
        Cell(f"{label[0]}\n{label[1]}", f"kind_{severity}"),
        Cell(f"{words.shown(message)}\n{words.shown(english)}", "cell"),
        Cell(group.count, "count"),
        Cell(f"{words.shown(first.cure_th)}\n{words.shown(first.cure_en)}", "cell"),
        *links,
        Cell("" if group.open_queries else first.explanation or "", "ask") if is_query else None,
        Cell(f"{KEY_PREFIX}query:{group.code}:{group.column or ''}", "key") if is_query else None,
    )


def _target(sheet: str | None, cell: str, shape: str, sheets: Sequence[str]) -> tuple[str, str]:
    """Style and link of an address; where the workbook does not hold the cell, plain text."""
    name = sheet or (sheets[0] if sheets else "")
    if shape in (WHOLE, MADE) and name in sheets:
        return "link", "'{}'!{}".format(name.replace("'", "''"), cell)
    return "cell", ""


def _repairs(summary: Summary, report: Report) -> None:
    if not report.repairs:
        return
    summary.add(Cell("ระบบแก้ให้แล้ว ไม่ต้องทำอะไร (Repaired for you, nothing to do)", "section", span=8))
    for repair in report.repairs:
        where = f" “{words.shown(repair.column_th)}”" if repair.column_th else ""
        summary.add(
            Cell(f"{words.SEVERITIES['repaired'][0]}\nrepaired", "kind_repaired"),
            Cell(f"{repair.title_th}{where}\n{repair.title_en}", "cell"),
            Cell(repair.repaired_cells, "count"),
            Cell(words.shown(", ".join(repair.cells[:8])), "cell"),
        )
    summary.add()


def _lacks(summary: Summary, report: Report, shape: str) -> None:
    look = {WHOLE: left_behind, MADE: left_behind_by_new}.get(shape)
    lacks = look(report.source) if look and report.source else []
    if not lacks:
        return
    summary.add(Cell("สิ่งที่ไม่มีในสมุดงานนี้ (Not in this workbook)", "section", span=8))
    for thai, english in lacks:
        summary.add(Cell(f"• {thai} ({english})", "step", span=8))
    kept = "ทั้งหมดนี้ยังอยู่ในไฟล์ที่ท่านส่ง ซึ่งระบบเก็บไว้ตามเดิม ถ้าต้องใช้ต่อ ให้แก้ในไฟล์ต้นฉบับของท่านแล้วส่งไฟล์นั้น"
    summary.add(
        Cell(
            f"{kept} (All of it is in the file you sent; to go on using it, correct and send your own file)",
            "soft",
            span=8,
        )
    )
    summary.add()


def _legend(summary: Summary) -> None:
    summary.add(Cell("ความหมายของสี (Colours)", "section", span=8))
    for name, text in (
        ("error", "ต้องแก้ไข แถวนี้ยังไม่เข้าคลังข้อมูล (must be corrected; the row is kept out)"),
        ("query", "ขอคำชี้แจง แถวนี้เข้าคลังแล้ว แต่ค่าดูแปลก (please explain; the row is in, but looks unusual)"),
        ("answered", "ชี้แจงแล้ว ไม่ต้องทำอะไร (explained; nothing to do)"),
        ("repaired", "ระบบแก้รูปแบบให้แล้ว ความหมายเดิม (mended for you, same meaning)"),
    ):
        summary.add(Cell("", f"kind_{name}"), Cell(text, span=3))
    note = "ค่าส่วนบุคคลในแผ่นงานนี้ถูกปิดบัง แผ่นงานข้อมูลเป็นของท่านเองจึงแสดงครบ อย่าส่งต่อให้ผู้อื่น"
    summary.add(Cell(f"{note} (Your own sheets show personal data in full: do not pass this file on)", "soft", span=8))


def _height(cells: Sequence[Cell | None]) -> float:
    lines = 1
    for i, cell in enumerate(cells):
        if cell is None or not isinstance(cell.text, str) or cell.style == "key":
            continue
        room = sum(WIDTHS[i : i + cell.span]) * 0.92
        lines = max(lines, sum(max(1, ceil(_width(line) / room)) for line in cell.text.split("\n")))
    return lines * POINTS_A_LINE + 6


def _width(text: str) -> int:
    """Columns the text takes: Thai vowels and tone marks above and below take none."""
    return sum(unicodedata.category(one) != "Mn" for one in text)
