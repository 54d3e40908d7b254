"""Dates as Thai officers write them; the era is judged per cell: 2400-2600 Buddhist, 1900-2100 Christian, else ask."""

import calendar
import datetime as dt
import re
from collections.abc import Callable

from ingestion.cleaning.numbers import THAI_DIGITS, is_excel_error, is_nil
from ingestion.cleaning.outcome import Outcome
from ingestion.cleaning.text import clean_text

BE_MINUS_CE = 543
_BE_YEARS = range(2400, 2601)
_CE_YEARS = range(1900, 2101)
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("มกราคม", "มค", "january", "jan"),
            ("กุมภาพันธ์", "กพ", "february", "feb"),
            ("มีนาคม", "มีค", "march", "mar"),
            ("เมษายน", "เมย", "april", "apr"),
            ("พฤษภาคม", "พค", "may"),
            ("มิถุนายน", "มิย", "june", "jun"),
            ("กรกฎาคม", "กค", "july", "jul"),
            ("สิงหาคม", "สค", "august", "aug"),
            ("กันยายน", "กย", "september", "sep", "sept"),
            ("ตุลาคม", "ตค", "october", "oct"),
            ("พฤศจิกายน", "พย", "november", "nov"),
            ("ธันวาคม", "ธค", "december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(\d{1,2}|-)\s*[-/. ]\s*(\d{1,2}|-)\s*[-/. ]\s*(\d{4}|\d{2})" + _TIME)
_WORDED = re.compile(r"(?:วันที่\s*)?(\d{1,2})?\s*([^\W\d_][^\d]*?)\s*(?:พ\.?ศ\.?|ค\.?ศ\.?)?\s*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_YEAR_ONLY = re.compile(r"(?:พ\.?ศ\.?|ปี)?\s*(\d{4})")
_SERIAL = re.compile(r"(\d{5,6})(?:\.\d+)?")


def date_parser(*, keeps_precision: bool) -> Callable[[str], Outcome]:
    """Careful function of a date column; `value` is a `datetime.date` (CE), `extra` its precision year, month or day.

    A date known to the year or month only becomes its first day where the column keeps precision, else a query.
    """

    def parse(raw: str) -> Outcome:
        text, repairs = clean_text(raw)[:2]
        if not text:
            return Outcome(None, repairs)
        if is_nil(text):
            return Outcome(None, (*repairs, "nil_as_empty"))
        if is_excel_error(text):
            return Outcome(None, repairs, "excel_error_value")
        digits = text.translate(THAI_DIGITS)
        if digits != text:
            repairs = (*repairs, "thai_digits")
        found = _read(digits, repairs)
        if found.problem or found.extra == "day":
            return found
        if keeps_precision:
            return found._replace(repairs=(*found.repairs, "date_partial"))
        return Outcome(None, found.repairs, "date_incomplete")

    return parse


def _read(text: str, repairs: tuple[str, ...]) -> Outcome:  # noqa: PLR0911 - one return per way of writing
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], int(match[2]), int(match[3]), repairs)
    if match := _DAY_FIRST.fullmatch(text):
        day, month = (0 if part == "-" else int(part) for part in match.group(1, 2))
        if month > 12 >= day > 0:
            return _swapped(_date(match[3], day, month, repairs))
        return _date(match[3], month, day, repairs)
    if match := _MONTH_YEAR.fullmatch(text):
        return _date(match[2], int(match[1]), 0, repairs)
    if match := _YEAR_ONLY.fullmatch(text):
        return _date(match[1], 0, 0, repairs)
    if match := _SERIAL.fullmatch(text):
        return _serial(int(match[1]), repairs)
    if match := _WORDED.fullmatch(text):
        month_found = MONTHS.get(re.sub(r"[.\s]", "", match[2]).removeprefix("เดือน").casefold())
        if month_found:
            return _date(match[3], month_found, int(match[1] or 0), repairs)
    return Outcome(None, repairs, "date_unreadable")


def _swapped(found: Outcome) -> Outcome:
    if found.problem:
        return found
    return found._replace(problem="date_day_month_ambiguous", params={"read_as": found.value.isoformat()})


def _date(year_text: str, month: int, day: int, repairs: tuple[str, ...]) -> Outcome:
    """0 = unknown month or day."""
    year = int(year_text)
    if len(year_text) == 2:
        year += 2500
        repairs = (*repairs, "date_two_digit_year")
    if year in _BE_YEARS:
        year -= BE_MINUS_CE
    elif year not in _CE_YEARS:
        return Outcome(None, repairs, "date_era_ambiguous")
    if month == 0 and day:
        return Outcome(None, repairs, "date_impossible")
    # Judged after conversion: 2563 is no leap year of its own, 2020 is.
    if month > 12 or (month and day > calendar.monthrange(year, month)[1]):
        return Outcome(None, repairs, "date_impossible")
    precision = "day" if day else "month" if month else "year"
    return Outcome(dt.date(year, month or 1, day or 1), repairs, extra=precision)


def _serial(days: int, repairs: tuple[str, ...]) -> Outcome:
    """Excel's day number, counted from 30 December 1899; typed Buddhist years give years 2400-2600."""
    found = _EXCEL_DAY_ZERO + dt.timedelta(days=days)
    if found.year not in _BE_YEARS and found.year not in _CE_YEARS:
        return Outcome(None, repairs, "date_unreadable")
    return _date(str(found.year), found.month, found.day, (*repairs, "date_from_serial"))
