"""How a column of the template is typed into: its cell format, the rule a spreadsheet enforces, the help it shows."""

from datetime import date
from typing import Any

from ingestion.contracts import Column

LIST_CHARACTERS = 250  # of a drop-down written into the rule itself; longer lists stand on a hidden sheet
TITLE_CHARACTERS, HELP_CHARACTERS = 32, 255
UNITS = {
    "persons": "คน", "households": "ครัวเรือน", "houses": "หลัง", "baht": "บาท", "pct": "ร้อยละ", "days": "วัน",
    "points": "คะแนน",
}  # fmt: skip
_FIXED_DIGITS = {"thai_person_id": 13, "house_code": 11}
_BIGGEST = 10**12


def number_format(column: Column) -> str:
    """Text for everything that is not a number or a date: a spreadsheet then drops no zero and no digit."""
    if column.codes:
        return "@"
    return {"integer": "#,##0", "number": "#,##0.##", "date": "dd/mm/yyyy"}.get(column.logical_type, "@")


def choices(column: Column) -> list[str]:
    """What a drop-down offers, in Thai."""
    if column.codes:
        return [code.label_th for code in column.codes]
    return ["ใช่", "ไม่ใช่"] if column.logical_type == "boolean" else []


def validation(column: Column, listed: str | None) -> dict[str, Any]:
    """The rule of the column's cells, for xlsxwriter. `listed`: where a long list of choices stands, as a formula."""
    rule = _rule(column, listed)
    is_soft = column.logical_type == "date" or (column.area_level is not None) or column.format is not None
    return {
        **rule,
        "ignore_blank": True,
        "input_title": column.label_th[:TITLE_CHARACTERS],
        "input_message": help_text(column)[:HELP_CHARACTERS],
        "error_title": "ค่าไม่ถูกต้อง",
        "error_message": help_text(column)[:HELP_CHARACTERS],
        "error_type": "warning" if is_soft else "stop",  # soft: the check accepts more than a spreadsheet can state
    }


def help_text(column: Column) -> str:
    """What the officer reads when a cell of the column is chosen."""
    parts = ["ต้องกรอก" if column.required else "ว่างได้"]
    if column.help_th:
        parts.append(column.help_th)
    if choices(column):
        parts.append("เลือกจากรายการ")
    elif column.logical_type == "date":
        parts.append("พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 15/08/2564")
    elif column.logical_type in ("integer", "number"):
        parts.append(_limits(column))
    if column.is_personal:
        parts.append("ข้อมูลส่วนบุคคล")
    return " · ".join(part for part in parts if part)


def kind(column: Column) -> str:
    """The kind of value in a word, for the sheet of instructions."""
    if choices(column):
        return "เลือกจากรายการ"
    if column.area_level is not None or column.format in _FIXED_DIGITS:
        return "รหัส (ข้อความ)"
    kinds = {"integer": "จำนวนเต็ม", "number": "ตัวเลข", "date": "วันที่ (พ.ศ.)", "boolean": "ใช่/ไม่ใช่"}
    word = kinds.get(column.logical_type, "ข้อความ")
    return f"{word} ({UNITS[column.unit]})" if column.unit in UNITS else word


def _limits(column: Column) -> str:
    unit = f" หน่วย{UNITS[column.unit]}" if column.unit in UNITS else ""
    if column.minimum is not None and column.maximum is not None:
        return f"ตัวเลข {column.minimum:,g} ถึง {column.maximum:,.0f}{unit}"
    return f"ตัวเลขเท่านั้น{unit}"


def _rule(column: Column, listed: str | None) -> dict[str, Any]:
    if offered := listed or choices(column):
        return {"validate": "list", "source": offered}
    if column.format in _FIXED_DIGITS:
        return {"validate": "length", "criteria": "==", "value": _FIXED_DIGITS[column.format]}
    if column.logical_type in ("integer", "number"):
        low = -_BIGGEST if column.minimum is None else column.minimum
        high = _BIGGEST if column.maximum is None else column.maximum
        whole = column.logical_type == "integer"
        return {"validate": "integer" if whole else "decimal", "criteria": "between", "minimum": low, "maximum": high}
    if column.logical_type == "date":  # typed in a Buddhist year, a spreadsheet takes it for a year far ahead
        return {"validate": "date", "criteria": "between", "minimum": date(1900, 1, 1), "maximum": date(2700, 12, 31)}
    if column.max_length is not None:
        return {"validate": "length", "criteria": "<=", "value": column.max_length}
    return {"validate": "any"}
