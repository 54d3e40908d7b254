"""The five provinces side by side: a few shares of each, every one with its own base."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from chaidaen.report.charts import bars, share_bar
from chaidaen.report.rows import Figures, Shown, of
from chaidaen.report.scope import Area, Scope
from chaidaen.report.section import Section
from chaidaen.report.sections import money, reporting
from chaidaen.report.sections.assistance import Coverage
from chaidaen.report.sections.cases import Progress
from chaidaen.report.sections.poverty import NEWEST_SURVEY, Poverty
from chaidaen.report.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting(reporting.Total):
    area_code: str = of("m.province_code")


A = TypeVar("A", Poverty, Progress, Coverage, money.Total, Reporting)


@dataclass(frozen=True, slots=True)
class Province:
    area: Area
    poverty: Poverty | None
    cases: Progress | None
    help: Coverage | None
    money: money.Total | None
    reporting: Reporting | None


@dataclass(frozen=True, slots=True)
class Found:
    provinces: list[Province]
    poverty_chart: Markup
    cases_chart: Markup


def find(marts: Snapshot, scope: Scope) -> Found:
    given = reporting.parameters(scope)
    of_provinces = "where m.area_level = 'province'"
    year = f"{of_provinces} and m.fiscal_year_be = %(fiscal_year_be)s"
    newest = f"{of_provinces} and m.survey_year_be = {NEWEST_SURVEY.format(area='m.area_code')}"
    poverty = _by_area(marts.rows(Poverty, newest, given))
    cases = _by_area(marts.rows(Progress, f"{year} and m.fiscal_quarter = %(fiscal_quarter)s", given))
    helped = _by_area(marts.rows(Coverage, year, given))
    spent = _by_area(marts.rows(money.Total, f"{of_provinces} and {money.IN_SCOPE} group by m.area_code", given))
    sent = f"{reporting.DUE} and m.province_code is not null group by m.province_code"
    reports = _by_area(marts.rows(Reporting, sent, given))
    provinces = [
        Province(
            area,
            poverty.get(area.area_code),
            cases.get(area.area_code),
            helped.get(area.area_code),
            spent.get(area.area_code),
            reports.get(area.area_code),
        )
        for area in marts.rows(Area, f"{of_provinces} order by m.area_code", given)
    ]
    return Found(provinces, _poverty_chart(provinces), _cases_chart(provinces))


def _by_area(rows: Sequence[A]) -> dict[str, A]:
    return {row.area_code: row for row in rows}


def _poverty_chart(provinces: Sequence[Province]) -> Markup:
    lines = [share_bar(one.area.name_th, _shown(one.poverty, "target_poor_persons_pct")) for one in provinces]
    return bars(lines, describes="แผนภูมิแท่ง คนจนเป้าหมายต่อคนที่สำรวจ รายจังหวัด")


def _cases_chart(provinces: Sequence[Province]) -> Markup:
    column = "target_poor_with_official_households_pct"
    lines = [share_bar(one.area.name_th, _shown(one.cases, column)) for one in provinces]
    return bars(lines, describes="แผนภูมิแท่ง ครัวเรือนคนจนเป้าหมายที่มีผู้ดูแล รายจังหวัด", longest=100)


def _shown(row: Figures | None, column: str) -> Shown | None:
    return row.shown(column) if row else None


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
