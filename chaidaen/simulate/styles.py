"""How each province's offices write a file: format, headers, digits, dates. No two do it alike."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from chaidaen.simulate.identifiers import Texts
from chaidaen.simulate.people import BE, Bools, Dates
from ingestion.contracts import Column

DateForm = Literal["excel_ce", "excel_be", "slash", "iso_be", "abbreviated", "thai_words"]
Kind = Literal["xlsx", "csv"]

MONTHS = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
          "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม")  # fmt: skip
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_FROM_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_LAST_CHRISTIAN_YEAR = 2400
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@dataclass(frozen=True, slots=True)
class Style:
    """The habits of one province, or of a regional agency."""

    kind: Kind
    header_rank: int  # which of a column's accepted Thai headers is written
    code_rank: int  # 0: the label of a code; n: its n-th synonym, where there is one
    date_form: DateForm
    encoding: str = "utf-8"
    delimiter: str = ","
    extension: str = "csv"
    thai_digits: bool = False
    thousands_commas: bool = False
    dashed_ids: bool = False
    title_rows: bool = False
    blank_columns: int = 0
    blank_rows: int = 0


STYLES: dict[str, Style] = {
    "90": Style("xlsx", 0, 0, "excel_ce", extension="xlsx", title_rows=True),
    "91": Style("csv", 1, 1, "slash", encoding="cp874"),
    "94": Style("xlsx", 1, 0, "excel_be", extension="xlsx", title_rows=True, blank_columns=1, blank_rows=2),
    "95": Style(
        "csv", 2, 0, "thai_words", encoding="utf-8-sig", thai_digits=True, thousands_commas=True, dashed_ids=True
    ),
    "96": Style("csv", 0, 1, "iso_be", delimiter=";", extension="txt"),
}


# A regional agency's own: "Unicode text" as Excel saves it.
REGIONAL_STYLE = Style("csv", 1, 0, "abbreviated", encoding="utf-16", delimiter="\t", extension="txt")


def style_of(province_code: str | None) -> Style:
    """The habits of a province's offices, or of a regional agency (None)."""
    return STYLES[province_code] if province_code else REGIONAL_STYLE


def has_thai(text: str) -> bool:
    return any("\u0e00" <= letter <= "\u0e7f" for letter in text)


def header(column: Column, style: Style) -> str:
    """One of the headers the column's contract accepts."""
    thai = [text for text in column.headers if has_thai(text)] or list(column.headers)
    return thai[style.header_rank % len(thai)]


def thai_number(text: str, style: Style) -> str:
    return text.translate(_THAI_DIGITS) if style.thai_digits else text


def write_codes(values: Texts, column: Column, style: Style) -> Texts:
    """Code values as this office writes them. A relation keeps its label: its synonyms tell husband from wife."""
    written: dict[str, str] = {"": ""}
    for code in column.codes:
        others = () if column.name == "relation" else code.synonyms
        choices = [code.label_th, *others]
        written[code.value] = choices[min(style.code_rank, len(choices) - 1)]
    return _each_distinct(values, lambda value: written[value])


def write_numbers(values: Texts, style: Style) -> Texts:
    """Real numbers in a workbook, text elsewhere; None stays empty."""
    if style.kind == "xlsx":
        return values.astype(object)
    pattern = "{:,}" if style.thousands_commas else "{}"
    return _each_distinct(values, lambda value: "" if value is None else thai_number(pattern.format(value), style))


_YES_NO = {"true": ("ใช่", "มี", "1"), "false": ("ไม่ใช่", "ไม่มี", "0"), "": ("", "", "")}


def write_yes_no(values: Texts, style: Style) -> Texts:
    """Canonical true and false as this office writes them."""
    return _each_distinct(values, lambda value: _YES_NO[value][style.header_rank % 3])


def write_ids(values: Texts, style: Style) -> Texts:
    if not style.dashed_ids:
        return values.copy()
    return np.array([_dashed(value) for value in values], dtype=object)


def write_dates(dates: Dates, is_exact: Bools | None, style: Style) -> Texts:
    """Dates in the office's form; where only the year is known, day and month are written as 0; NaT stays empty."""
    written = _each_distinct(dates.astype(object), lambda date: "" if date is None else _one_date(date, style))
    if is_exact is not None:
        for row in np.flatnonzero(~is_exact & ~np.isnat(dates)):
            year = int(str(dates[row])[:4]) + BE
            written[row] = thai_number(f"0/0/{year}", style)
    return written


def read_date(value: object) -> datetime.date | None:
    """The day a cell of any of these forms holds; None where it holds none that is known to the day."""
    if isinstance(value, datetime.date):
        return value.replace(year=value.year - BE) if value.year > _LAST_CHRISTIAN_YEAR else value
    text = str(value or "").translate(_FROM_THAI_DIGITS)
    for number, names in enumerate(zip(MONTHS, SHORT_MONTHS, strict=True), start=1):
        for name in names:
            text = text.replace(f" {name} ", f"/{number}/")
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})", text)
    if found is None or "0" in found.groups():
        return None
    day, month, year = (int(part) for part in (found[1] or found[6], found[2] or found[5], found[3] or found[4]))
    return datetime.date(year - BE, month, day)


def _one_date(date: datetime.date, style: Style) -> object:
    year, month, day = date.year + BE, date.month, date.day
    forms = {
        "slash": f"{day}/{month}/{year}",
        "iso_be": f"{year}-{month:02d}-{day:02d}",
        "abbreviated": f"{day} {SHORT_MONTHS[month - 1]} {year}",
        "thai_words": f"{day} {MONTHS[month - 1]} {year}",
    }
    if style.date_form == "excel_ce":
        return date
    if style.date_form == "excel_be":
        # 29 February of a Buddhist year typed as a Christian one does not exist in Excel: it stays text.
        return forms["slash"] if (month, day) == (2, 29) else date.replace(year=year)
    return thai_number(forms[style.date_form], style)


def _dashed(value: str) -> str:
    """1-9995-12345-67-8, as an ID card prints it; anything else stays as it is."""
    if len(value) != 13 or not value.isdigit():
        return value
    return "-".join((value[0], value[1:5], value[5:10], value[10:12], value[12]))


def _each_distinct(values: Texts, write: Callable[[Any], object]) -> Texts:
    """`write` applied to each value, but called once per distinct one."""
    written = {value: write(value) for value in set(values.tolist())}
    result = np.empty(len(values), dtype=object)
    result[:] = [written[value] for value in values.tolist()]
    return result
