"""Buddhist periods as folders and contracts write them, and the days they cover."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from core.errors import UsageError

PeriodKind = Literal[
    "fiscal_year",
    "fiscal_quarter",
    "calendar_year",
    "calendar_month",
    "academic_year",
    "survey_round",
    "meeting",
    "as_of_date",
]
PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
YEAR_LONG: frozenset[str] = frozenset({"fiscal_year", "calendar_year", "academic_year", "survey_round", "meeting"})
BE_MINUS_CE = 543


class BadPeriod(UsageError):
    """A period is not written as its contract's kind wants it."""


@dataclass(frozen=True, slots=True)
class Duration:
    """ISO 8601 duration of whole days, weeks, months or years: P15D, P2W, P1M, P1Y."""

    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """ValueError when the text is not such a duration."""
        found = re.fullmatch(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", text)
        if found is None:
            raise ValueError(f"{text!r} is not a duration such as P1M, P15D or P2W")
        years, months, weeks, days = (int(group or 0) for group in found.groups())
        return cls(months=12 * years + months, days=7 * weeks + days)

    def after(self, day: date) -> date:
        """Months first, kept inside the month they land in (as PostgreSQL adds intervals), then days."""
        year, month0 = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        last = calendar.monthrange(year, month0 + 1)[1]
        return date(year, month0 + 1, min(day.day, last)) + timedelta(days=self.days)


def _year(first_month: int) -> Callable[[re.Match[str]], tuple[date, date]]:
    """Year N from the first of a month (of N-1 when that is October) to the day before its return."""

    def bounds(found: re.Match[str]) -> tuple[date, date]:
        year = int(found[1]) - BE_MINUS_CE
        if first_month == 1:
            return date(year, 1, 1), date(year, 12, 31)
        return date(year - 1, first_month, 1), date(year, first_month, 1) - timedelta(days=1)

    return bounds


def _academic_year(found: re.Match[str]) -> tuple[date, date]:
    # Schools open in the middle of May and close at the end of March of the next calendar year.
    year = int(found[1]) - BE_MINUS_CE
    return date(year, 5, 16), date(year + 1, 3, 31)


def _quarter(found: re.Match[str]) -> tuple[date, date]:
    start = Duration(months=3 * (int(found[2]) - 1), days=0).after(date(int(found[1]) - BE_MINUS_CE - 1, 10, 1))
    return start, Duration(months=3, days=0).after(start) - timedelta(days=1)


def _month(found: re.Match[str]) -> tuple[date, date]:
    start = date(int(found[1]) - BE_MINUS_CE, int(found[2]), 1)
    return start, Duration(months=1, days=0).after(start) - timedelta(days=1)


def _day(found: re.Match[str]) -> tuple[date, date]:
    day = date(int(found[1]) - BE_MINUS_CE, int(found[2]), int(found[3]))
    return day, day


_BE_YEAR = r"(2[456][0-9]{2})"
# kind -> (pattern, example, bounds). A meeting is known by its number, so it covers its calendar year.
_KINDS: dict[str, tuple[str, str, Callable[[re.Match[str]], tuple[date, date]]]] = {
    "fiscal_year": (_BE_YEAR, "2564", _year(10)),
    "fiscal_quarter": (_BE_YEAR + r"-Q([1-4])", "2564-Q1", _quarter),
    "calendar_year": (_BE_YEAR, "2564", _year(1)),
    "calendar_month": (_BE_YEAR + r"-(0[1-9]|1[0-2])", "2564-08", _month),
    "academic_year": (_BE_YEAR, "2564", _academic_year),
    "survey_round": (_BE_YEAR, "2564", _year(1)),
    "meeting": (_BE_YEAR + r"-(0[1-9]|[1-9][0-9])", "2565-05", _year(1)),
    "as_of_date": (_BE_YEAR + r"-([0-9]{2})-([0-9]{2})", "2564-12-31", _day),
}


def period_bounds(kind: PeriodKind, period: str) -> tuple[date, date]:
    """First and last day (CE) of a Buddhist period; survey rounds and meetings cover their calendar year.

    Raises BadPeriod when the text is not of that kind, with an example of one that is.
    """
    pattern, example, bounds = _KINDS[kind]
    found = re.fullmatch(pattern, period)
    try:
        if found is not None:
            return bounds(found)
    except ValueError:  # a day that no calendar has
        pass
    raise BadPeriod(
        f"งวด {period!r} ไม่ใช่ {kind} | {period!r} is not a {kind}",
        cure=f"เขียนเป็นปี พ.ศ. เช่น {example} | write it in Buddhist years, for example {example}",
    )
