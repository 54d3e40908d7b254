"""Poverty and its five dimensions by the newest survey, and who left poverty or fell into it since the one before."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from markupsafe import Markup

from chaidaen.report.charts import bars, share_bar
from chaidaen.report.rows import Figures
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot

YEARS_SHOWN = 3

# The newest survey of an area up to the fiscal year, as the marts of cases and help choose it; {area} is SQL.
NEWEST_SURVEY = (
    "(select max(n.survey_year_be) from marts.poverty_by_area as n where n.area_code = {area}"
    " and n.survey_year_be <= %(fiscal_year_be)s"
    " and (n.surveyed_households is not null or 'surveyed_households' = any(n._redacted)))"
)

DIMENSIONS = (
    ("health", "สุขภาพ", "Health"),
    ("living", "ความเป็นอยู่", "Living conditions"),
    ("education", "การศึกษา", "Education"),
    ("income", "รายได้", "Income"),
    ("access", "การเข้าถึงบริการรัฐ", "Access to public services"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poverty(Figures):
    MART: ClassVar[str] = "poverty_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "survey_year_be")
    area_code: str
    survey_year_be: int
    population_persons: int | None
    surveyed_households: int | None
    surveyed_persons: int | None
    surveyed_poor_persons: int | None
    surveyed_poor_persons_pct: Decimal | None
    registered_poor_persons: int | None
    registered_poor_persons_pct: Decimal | None
    target_poor_persons: int | None
    target_poor_persons_pct: Decimal | None
    target_poor_households: int | None
    target_poor_households_pct: Decimal | None
    any_poor_households: int | None
    any_poor_households_pct: Decimal | None
    health_poor_households: int | None
    health_poor_households_pct: Decimal | None
    living_poor_households: int | None
    living_poor_households_pct: Decimal | None
    education_poor_households: int | None
    education_poor_households_pct: Decimal | None
    income_poor_households: int | None
    income_poor_households_pct: Decimal | None
    access_poor_households: int | None
    access_poor_households_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Figures):
    MART: ClassVar[str] = "poverty_transitions_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "earlier_survey_year_be", "later_survey_year_be")
    area_code: str
    earlier_survey_year_be: int
    later_survey_year_be: int
    is_same_round: bool | None
    matched_households_pct: Decimal | None
    poor_in_both_households: int | None
    left_poverty_households: int | None
    newly_poor_households: int | None
    fell_back_households: int | None
    poor_in_neither_households: int | None


@dataclass(frozen=True, slots=True)
class Found:
    newest: Poverty
    years: list[Poverty]  # newest first
    transition: Transition | None
    dimensions: tuple[tuple[str, str, str], ...]
    chart: Markup


def find(marts: Snapshot, scope: Scope) -> Found | None:
    years = marts.rows(
        Poverty,
        "where m.area_code = %(area_code)s and m.survey_year_be <= %(fiscal_year_be)s"
        " and (m.surveyed_households is not null or 'surveyed_households' = any(m._redacted))"
        f" order by m.survey_year_be desc limit {YEARS_SHOWN}",
        scope.parameters,
    )
    if not years:
        return None
    transition = marts.row(
        Transition,
        "where m.area_code = %(area_code)s and m.later_survey_year_be <= %(fiscal_year_be)s"
        " and (m.matched_households is not null or 'matched_households' = any(m._redacted))"
        " order by m.later_survey_year_be desc",
        scope.parameters,
    )
    return Found(years[0], years, transition, DIMENSIONS, _chart(years[0]))


def _chart(year: Poverty) -> Markup:
    lines = [share_bar(label, year.shown(f"{name}_poor_households_pct")) for name, label, _ in DIMENSIONS]
    return bars(lines, describes="แผนภูมิแท่ง ครัวเรือนที่ตกเกณฑ์ในแต่ละมิติ")


SECTION = Section(
    "poverty",
    "ความยากจนและห้ามิติ",
    "Poverty and its five dimensions",
    ("poverty_by_area", "poverty_transitions_by_area"),
    find,
)
