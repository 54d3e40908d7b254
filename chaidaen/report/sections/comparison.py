"""The five provinces side by side: a few shares of each, every one with its own base."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeVar

from markupsafe import Markup

from chaidaen.report.charts import bars, share_bar
from chaidaen.report.rows import Figures, of
from chaidaen.report.scope import Area, Scope
from chaidaen.report.section import Section
from chaidaen.report.sections import money, reporting
from chaidaen.report.sections.poverty import NEWEST_SURVEY
from chaidaen.report.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Poverty(Figures):
    MART: ClassVar[str] = "poverty_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "survey_year_be")
    area_code: str
    survey_year_be: int
    surveyed_persons: int | None
    target_poor_persons: int | None
    target_poor_persons_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases(Figures):
    MART: ClassVar[str] = "case_progress_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be", "fiscal_quarter")
    area_code: str
    fiscal_year_be: int
    fiscal_quarter: int
    target_poor_with_official_households_pct: Decimal | None
    visited_year_households_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Figures):
    MART: ClassVar[str] = "assistance_coverage_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be")
    area_code: str
    fiscal_year_be: int
    helped_target_poor_households_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting(reporting.Total):
    area_code: str = of("m.province_code")


A = TypeVar("A", Poverty, Cases, Help, money.Total, Reporting)


@dataclass(frozen=True, slots=True)
class Province:
    area: Area
    poverty: Poverty | None
    cases: Cases | None
    help: Help | None
    money: money.Total | None
    reporting: Reporting | None


@dataclass(frozen=True, slots=True)
class Found:
    provinces: list[Province]
    chart: Markup


def find(marts: Snapshot, scope: Scope) -> Found | None:
    given = reporting.parameters(scope)
    of_provinces = "where m.area_level = 'province'"
    year = f"{of_provinces} and m.fiscal_year_be = %(fiscal_year_be)s"
    areas = marts.rows(Area, f"{of_provinces} order by m.area_code", given)
    newest = f"{of_provinces} and m.survey_year_be = {NEWEST_SURVEY.format(area='m.area_code')}"
    poverty = _by_area(marts.rows(Poverty, newest, given))
    cases = _by_area(marts.rows(Cases, f"{year} and m.fiscal_quarter = %(fiscal_quarter)s", given))
    helped = _by_area(marts.rows(Help, year, given))
    spent = f"{of_provinces} and {money.IN_SCOPE} group by m.area_code"
    budgets = _by_area(marts.rows(money.Total, spent, given))
    sent = f"{reporting.DUE} and m.province_code is not null group by m.province_code"
    reports = _by_area(marts.rows(Reporting, sent, given))
    provinces = [
        Province(
            area,
            poverty.get(area.area_code),
            cases.get(area.area_code),
            helped.get(area.area_code),
            budgets.get(area.area_code),
            reports.get(area.area_code),
        )
        for area in areas
    ]
    return Found(provinces, _chart(provinces))


def _by_area(rows: Sequence[A]) -> dict[str, A]:
    return {row.area_code: row for row in rows}


def _chart(provinces: Sequence[Province]) -> Markup:
    lines = [
        share_bar(one.area.name_th, one.poverty.shown("target_poor_persons_pct") if one.poverty else None)
        for one in provinces
    ]
    return bars(lines, describes="แผนภูมิแท่ง คนจนเป้าหมายต่อคนที่สำรวจ รายจังหวัด")


SECTION = Section(
    "comparison",
    "เปรียบเทียบห้าจังหวัด",
    "The five provinces compared",
    (
        "poverty_by_area",
        "case_progress_by_area",
        "assistance_coverage_by_area",
        "budgets_by_area",
        "submission_status",
        "periods",
    ),
    find,
    is_for_region_only=True,
)
