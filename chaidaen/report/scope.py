"""Which area and which quarter a report is about."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from chaidaen.report.boundaries import Boundaries
from chaidaen.report.rows import Row
from chaidaen.report.snapshot import Snapshot
from chaidaen.report.wording import BE_MINUS_CE, QUARTERS
from core.errors import UsageError

REGION = "SBP"

# A quarter has data when somebody reported for it; plans alone fill the quarters to come.
_REPORTED = """
select distinct fiscal_year_be, fiscal_quarter from marts.case_progress_by_area
where area_level = 'region' and (assigned_households is not null or 'assigned_households' = any(_redacted))
union
select fiscal_year_be, fiscal_quarter from marts.budgets_by_area where area_level = 'region' and reported_projects > 0
union
select fiscal_year_be, fiscal_quarter from marts.kpi_scorecards where actual_value is not null
order by fiscal_year_be, fiscal_quarter
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Row):
    MART: ClassVar[str] = "areas"
    area_code: str
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Scope:
    """An area and a fiscal quarter; the fiscal year counts from its first day to the quarter's last."""

    area_code: str
    name_th: str
    name_en: str
    fiscal_year_be: int
    fiscal_quarter: int
    boundaries: Boundaries | None = None

    @property
    def is_region(self) -> bool:
        return self.area_code == REGION

    @property
    def first_day(self) -> date:
        return date(self.fiscal_year_be - BE_MINUS_CE - 1, 10, 1)

    @property
    def last_day(self) -> date:
        years, months = divmod(9 + 3 * self.fiscal_quarter, 12)
        return date(self.first_day.year + years, months + 1, 1) - timedelta(days=1)

    @property
    def place_th(self) -> str:
        return "จังหวัดชายแดนภาคใต้ 5 จังหวัด" if self.is_region else f"จังหวัด{self.name_th}"

    @property
    def place_en(self) -> str:
        return "Southern border provinces" if self.is_region else f"{self.name_en} Province"

    @property
    def quarter_th(self) -> str:
        months = QUARTERS[self.fiscal_quarter - 1][0]
        return f"ไตรมาสที่ {self.fiscal_quarter} ({months} {self.last_day.year + BE_MINUS_CE})"

    @property
    def quarter_en(self) -> str:
        return f"Quarter {self.fiscal_quarter} ({QUARTERS[self.fiscal_quarter - 1][1]} {self.last_day.year})"

    @property
    def parameters(self) -> dict[str, Any]:
        """What the SQL of every section may name."""
        return {
            "area_code": self.area_code,
            "fiscal_year_be": self.fiscal_year_be,
            "fiscal_quarter": self.fiscal_quarter,
            "province_code": None if self.is_region else self.area_code,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }


def choose(
    marts: Snapshot,
    *,
    fiscal_year: int,
    quarter: int,
    province: str | None = None,
    boundaries: Boundaries | None = None,
) -> Scope:
    """Raises UsageError for a place that is none, or a quarter nobody has reported for, and says which there are."""
    area = _area(marts, province)
    _refuse_quarter_without_data(marts, fiscal_year, quarter)
    return Scope(area.area_code, area.name_th, area.name_en, fiscal_year, quarter, boundaries)


def _area(marts: Snapshot, province: str | None) -> Area:
    wanted = "where m.area_level in ('region', 'province') order by m.area_code"
    areas = marts.rows(Area, wanted, {})
    if province is None:
        return next(one for one in areas if one.area_code == REGION)
    provinces = [one for one in areas if one.area_code != REGION]
    given = province.strip().removeprefix("จังหวัด").removeprefix("จ.").strip().casefold()
    for one in provinces:
        if given in (one.area_code, one.name_th, one.name_en.casefold()):
            return one
    known = ", ".join(f"{one.area_code} {one.name_th} ({one.name_en})" for one in provinces)
    raise UsageError(
        f"There is no province {province} (ไม่มีจังหวัด {province}).",
        cure=f"One of / เลือกจาก: {known}; without --province: the whole region.",
    )


def _refuse_quarter_without_data(marts: Snapshot, fiscal_year: int, quarter: int) -> None:
    quarters = defaultdict[int, list[int]](list)
    for year, number in marts.connection.execute(_REPORTED):
        quarters[year].append(number)
    if quarter in quarters.get(fiscal_year, ()):
        return
    there_are = "; ".join(f"{year}: {', '.join(map(str, numbers))}" for year, numbers in quarters.items())
    raise UsageError(
        f"Release {marts.release_id} has no reports for quarter {quarter} of fiscal year {fiscal_year}"
        f" (ยังไม่มีรายงานของไตรมาสที่ {quarter} ปีงบประมาณ {fiscal_year}).",
        cure=f"Fiscal years (Buddhist) and quarters there are / ปีงบประมาณและไตรมาสที่มี: {there_are or 'none'}.",
    )
