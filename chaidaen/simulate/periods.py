"""Buddhist periods of the years simulated. A fiscal year y runs from October y-1 to September y.

Small corpora stay small by taking fewer months a year: with M months, the M most telling ones (last months of quarters
first, then evenly), and only the quarters in which one of them lies.
"""

from chaidaen.simulate.styles import MONTHS
from ingestion.contracts.periods import BE_MINUS_CE, PeriodKind, period_bounds

# September tells of a whole fiscal year, March of half of it.
_MOST_TELLING_FIRST = (9, 3, 12, 6, 11, 2, 5, 8, 10, 1, 4, 7)
_MOST_TELLING_MEETINGS_FIRST = (5, 9, 2, 12, 7, 3, 10, 1, 6, 11, 4, 8)
_FIRST_MONTH_OF_THE_FISCAL_YEAR = 10
MONTHS_A_YEAR = len(_MOST_TELLING_FIRST)


def each_year(years: range, months: int) -> list[str]:
    """One period a year: survey rounds, fiscal, calendar or academic years."""
    del months
    return [str(year) for year in years]


def each_month(years: range, months: int) -> list[str]:
    """`months` months of each fiscal year, in order: 2563-10 … 2564-09."""
    return [f"{_calendar_year(year, month)}-{month:02d}" for year in years for month in chosen_months(months)]


def each_quarter(years: range, months: int) -> list[str]:
    """Fiscal quarters in which a chosen month lies: 2564-Q1 … 2564-Q4."""
    return [f"{year}-Q{quarter}" for year in years for quarter in _quarters(months)]


def each_quarter_end(years: range, months: int) -> list[str]:
    """Last days of these quarters: 2563-12-31, 2564-03-31, 2564-06-30, 2564-09-30."""
    ends = (period_bounds("fiscal_quarter", quarter)[1] for quarter in each_quarter(years, months))
    return [f"{end.year + BE_MINUS_CE}-{end:%m-%d}" for end in ends]


def each_meeting(years: range, months: int) -> list[str]:
    """As many executive meetings of each calendar year as months: 2564-05, the fifth of 2564."""
    return [f"{year}-{number:02d}" for year in years for number in sorted(_MOST_TELLING_MEETINGS_FIRST[:months])]


def chosen_months(months: int) -> list[int]:
    """Numbers of the chosen calendar months, in the order of the fiscal year."""
    return sorted(_MOST_TELLING_FIRST[:months], key=_place_in_fiscal_year)


def fiscal_year(period: str) -> int:
    """Fiscal year (BE) in which a year, quarter, month or day begins; a year is taken for a fiscal one."""
    year, _, rest = period.partition("-")
    if not rest or rest.startswith("Q"):
        return int(year)
    return int(year) + (int(rest[:2]) >= _FIRST_MONTH_OF_THE_FISCAL_YEAR)


def fiscal_month(period: str) -> int:
    """Place of a month or day in its fiscal year: 1 for October … 12 for September."""
    return _place_in_fiscal_year(int(period.split("-")[1])) + 1


def _quarters(months: int) -> list[int]:
    return sorted({_place_in_fiscal_year(month) // 3 + 1 for month in chosen_months(months)})


def _place_in_fiscal_year(month: int) -> int:
    return (month - _FIRST_MONTH_OF_THE_FISCAL_YEAR) % 12


def _calendar_year(fiscal: int, month: int) -> int:
    return fiscal - (month >= _FIRST_MONTH_OF_THE_FISCAL_YEAR)


def in_words(period: str, kind: PeriodKind) -> str:
    """A period as a title says it: ปี 2564, ไตรมาสที่ 1 ปีงบประมาณ 2564, เดือนธันวาคม 2563, ณ วันที่ 31 มีนาคม 2564,
    ครั้งที่ 5/2564."""
    year, *rest = period.split("-")
    if kind == "meeting":
        return f"ครั้งที่ {int(rest[0])}/{year}"
    if not rest:
        return f"ปี {year}"
    if rest[0].startswith("Q"):
        return f"ไตรมาสที่ {rest[0][1]} ปีงบประมาณ {year}"
    month = MONTHS[int(rest[0]) - 1]
    return f"เดือน{month} {year}" if len(rest) == 1 else f"ณ วันที่ {int(rest[1])} {month} {year}"
