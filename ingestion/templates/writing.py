"""Writes the template: instructions, the table to fill in, drop-downs, code lists of areas."""

import csv
import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from core.settings import settings
from ingestion.contracts import Column, Contract
from ingestion.contracts.examples import example_row
from ingestion.own_marks import CONTENT_DATE_LABEL, EXAMPLE_HEADER, EXAMPLE_MARK, GUIDE_SHEET, LISTS_SHEET, SIGNATURE
from ingestion.reports.marked.styles import FONT, STYLES, xlsxwriter_format
from ingestion.templates import entry

# The same contract gives the same bytes, so that an untouched template is known.
MADE = dt.datetime(2021, 10, 1, tzinfo=dt.UTC).replace(tzinfo=None)
LAST_ROW = 20_000  # cells below still may be filled in, without drop-downs
AREAS_SHEET = f"{GUIDE_SHEET} รหัสพื้นที่"
_LEVELS = {"province": "provinces", "amphoe": "amphoe", "tambon": "tambon", "village": "villages"}
_LEVEL_TH = {"province": "จังหวัด", "amphoe": "อำเภอ", "tambon": "ตำบล", "village": "หมู่บ้าน"}
_FORBIDDEN_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_CONTENT_DATE = {
    "validate": "any",
    "input_title": "วันที่ของข้อมูล",
    "input_message": "วันที่ของข้อมูล เช่น 31/12/2564 (พ.ศ.) เว้นว่างได้ ฉบับที่เก่ากว่าจะไม่ทับฉบับที่ใหม่กว่า",
}
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def write_template(contract: Contract, target: Path) -> None:
    """Write the template of a dataset to `target` (.xlsx). Raises OSError."""
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE})
        _Template(book, contract).write()


class _Template:
    def __init__(self, book: xlsxwriter.Workbook, contract: Contract) -> None:
        self._book, self._contract = book, contract
        self._styles = {name: book.add_format(xlsxwriter_format(style)) for name, style in STYLES.items()}
        self._name = _FORBIDDEN_IN_A_NAME.sub(" ", contract.label_th)[:31]

    def write(self) -> None:
        guide = self._book.add_worksheet(GUIDE_SHEET)
        table = self._book.add_worksheet(self._name)
        levels = sorted({c.area_level for c in self._contract.columns if c.area_level}, key=list(_LEVELS).index)
        if levels:
            self._write_areas(levels)
        self._write_table(table, self._write_lists())
        self._write_guide(guide, has_areas=bool(levels))
        guide.activate()

    # ---- the table to fill in ------------------------------------------------------------------------------------

    def _write_table(self, sheet: Any, listed: dict[str, str]) -> None:  # noqa: ANN401 - xlsxwriter has no types
        example = example_row(self._contract)
        columns = self._contract.columns
        for at, column in enumerate(columns):
            header = self._styles["required" if column.required else "optional"]
            sheet.write_string(0, at, column.label_th, header)
            sheet.write_comment(0, at, _comment(column), {"author": "Chaidaen", "x_scale": 2.6, "height": 150})
            look = {"num_format": entry.number_format(column), "font_name": FONT, "font_size": 10}
            sheet.set_column(at, at, _width(column, example[column.name]), self._book.add_format(look))
            self._write_example(sheet, at, column, example[column.name])
            rule = entry.validation(column, listed.get(column.name))
            sheet.data_validation(1, at, LAST_ROW, at, rule)
        sheet.write_string(0, len(columns), EXAMPLE_HEADER, self._styles["example"])
        sheet.write_string(1, len(columns), EXAMPLE_MARK, self._styles["example"])
        sheet.set_column(len(columns), len(columns), 44)
        sheet.set_row(0, 34)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(1, 0)
        sheet.set_tab_color("#0B6B4F")

    def _write_example(self, sheet: Any, at: int, column: Column, text: str) -> None:  # noqa: ANN401
        look = {**xlsxwriter_format(STYLES["example"]), "italic": True, "num_format": entry.number_format(column)}
        style = self._book.add_format(look)
        is_number = column.logical_type in ("integer", "number") and not column.codes
        if is_number and _PLAIN_NUMBER.fullmatch(text):
            sheet.write_number(1, at, float(text), style)
        else:
            sheet.write_string(1, at, text, style)

    # ---- lists ---------------------------------------------------------------------------------------------------

    def _write_lists(self) -> dict[str, str]:
        """Drop-downs too long to stand in their rule, on a hidden sheet: column name → formula of the place."""
        found = {column.name: entry.choices(column) for column in self._contract.columns}
        long = {
            n: texts for n, texts in found.items() if len(",".join(texts)) > entry.LIST_CHARACTERS or _has_comma(texts)
        }
        if not long:
            return {}
        sheet = self._book.add_worksheet(LISTS_SHEET)
        sheet.hide()
        for at, texts in enumerate(long.values()):
            sheet.write_column(0, at, texts)
        letters = [xlsxwriter.utility.xl_col_to_name(at) for at in range(len(long))]
        return {
            name: f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(texts)}"
            for letter, (name, texts) in zip(letters, long.items(), strict=True)
        }

    def _write_areas(self, levels: Sequence[str]) -> None:
        """Codes and names to look up: a drop-down of three thousand codes would help nobody."""
        sheet = self._book.add_worksheet(AREAS_SHEET)
        sheet.write_string(0, 0, f"{SIGNATURE} · รหัสพื้นที่ ค้นด้วย Ctrl+F แล้วคัดลอกรหัสไปวาง", self._styles["title"])
        for block, level in enumerate(levels):
            at = 4 * block
            for i, label in enumerate((f"รหัส{_LEVEL_TH[level]}", _LEVEL_TH[level], "อยู่ใน")):
                sheet.write_string(2, at + i, label, self._styles["header"])
            sheet.set_column(at, at, 12)
            sheet.set_column(at + 1, at + 2, 24)
            for row, cells in enumerate(_areas(level), start=3):
                for i, text in enumerate(cells):
                    sheet.write_string(row, at + i, text)
        sheet.freeze_panes(3, 0)

    # ---- instructions --------------------------------------------------------------------------------------------

    def _write_guide(self, sheet: Any, *, has_areas: bool) -> None:  # noqa: ANN401
        styles, contract = self._styles, self._contract
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for at, width in enumerate((26, 24, 12, 20, 52, 24)):
            sheet.set_column(at, at, width)
        sheet.merge_range(0, 0, 0, 5, f"{SIGNATURE} · คำแนะนำการกรอกข้อมูล | How to fill this in", styles["title"])
        sheet.merge_range(1, 0, 1, 5, contract.label_th, styles["headline_calm"])
        sheet.merge_range(2, 0, 2, 5, f"{contract.label_en} · {contract.description_th}", styles["subline_calm"])
        sheet.set_row(1, 40)
        sheet.set_row(2, 22)
        sheet.write_string(3, 0, CONTENT_DATE_LABEL, styles["optional"])
        sheet.write_blank(3, 1, None, self._book.add_format({**xlsxwriter_format(STYLES["cell"]), "num_format": "@"}))
        sheet.data_validation(3, 1, 3, 1, _CONTENT_DATE)
        sheet.merge_range(3, 2, 3, 5, f"◄ {_CONTENT_DATE['input_message']}", styles["step"])
        sheet.set_row(3, 34)
        row = 5
        sheet.write_string(row, 0, "วิธีกรอก (Steps)", styles["section"])
        sheet.set_row(row, 22)
        for number, step in enumerate(self._steps(has_areas=has_areas), start=1):
            sheet.merge_range(row + number, 0, row + number, 5, f"{number}. {step}", styles["step"])
            sheet.set_row(row + number, 20)
        row += len(self._steps(has_areas=has_areas)) + 2
        sheet.write_string(row, 0, "คอลัมน์ (Columns)", styles["section"])
        sheet.set_row(row, 22)
        for at, label in enumerate(("คอลัมน์", "English", "ต้องกรอก", "ชนิด", "คำอธิบายและวิธีกรอก", "ตัวอย่าง")):
            sheet.write_string(row + 1, at, label, styles["header"])
        example = example_row(contract)
        for i, column in enumerate(contract.columns, start=row + 2):
            self._write_column_row(sheet, i, column, example[column.name])

    def _write_column_row(self, sheet: Any, row: int, column: Column, example: str) -> None:  # noqa: ANN401
        styles = self._styles
        explained = "\n".join(dict.fromkeys(part for part in (column.description_th, column.help_th) if part))
        listed = entry.choices(column)
        if listed:
            explained += f"\nเลือกได้: {', '.join(listed)}"
        cells = (column.label_th, column.label_en, "ต้องกรอก" if column.required else "", entry.kind(column), explained)
        for at, text in enumerate((*cells, example)):
            sheet.write_string(row, at, text, styles["kind_error" if at == 2 and column.required else "cell"])
        sheet.set_row(row, 16 * max(1, sum(1 + len(line) // 55 for line in explained.split("\n"))) + 4)

    def _steps(self, *, has_areas: bool) -> list[str]:
        steps = [
            f"กรอกในแผ่นงาน “{self._name}” หนึ่งแถวต่อหนึ่งรายการ ({self._contract.description_th})",
            "หัวคอลัมน์สีแดงต้องกรอกทุกแถว สีเทาเว้นว่างได้ อย่าเปลี่ยนชื่อหัวคอลัมน์ (สลับลำดับได้)",
            "คลิกที่ช่องเพื่ออ่านคำแนะนำ ช่องที่มีลูกศรให้เลือกจากรายการ",
            "แถวที่ 2 เป็นตัวอย่าง พิมพ์ทับหรือลบได้ ถ้าไม่แตะต้อง ระบบจะไม่นับเป็นข้อมูล",
        ]
        if has_areas:
            steps.append(f"รหัสพื้นที่ ดูจากแผ่นงาน “{AREAS_SHEET}”")
        steps.append("พิมพ์วันที่ของข้อมูลในช่องด้านบนของแผ่นงานนี้ (ถ้าทราบ)")
        steps.append("บันทึก แล้ววางไฟล์ในโฟลเดอร์ของหน่วยงาน ชุดข้อมูล และงวด ระบบจะตรวจและส่งผลกลับ")
        return steps


def _comment(column: Column) -> str:
    lines = [
        f"{column.label_en}{'  (required)' if column.required else '  (optional)'}",
        column.description_th,
        column.help_th,
        column.description_en,
        column.help_en,
    ]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _has_comma(texts: Sequence[str]) -> bool:
    return any("," in text for text in texts)


def _width(column: Column, example: str) -> float:
    return min(34.0, max(13.0, len(column.label_th) * 1.15 + 3, len(example) + 3))


def _areas(level: str) -> list[tuple[str, str, str]]:
    """Code, name, and the name of what it lies in."""
    seeds = settings().project_root / "dbt_project" / "seeds"
    above = list(_LEVELS)[list(_LEVELS).index(level) - 1] if level != "province" else None
    parents = {row[f"{above}_code"]: row["name_th"] for row in _seed(seeds / f"{_LEVELS[above]}.csv")} if above else {}
    return [
        (row[f"{level}_code"], row["name_th"], parents.get(row.get(f"{above}_code", ""), ""))
        for row in _seed(seeds / f"{_LEVELS[level]}.csv")
    ]


def _seed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
