"""Help: whom of the target poor it reached in the fiscal year, and how often it was doubled."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from chaidaen.report.rows import Figures
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Figures):
    MART: ClassVar[str] = "assistance_coverage_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be")
    area_code: str
    fiscal_year_be: int
    survey_year_be: int | None
    reporting_agencies: int | None
    target_poor_households: int | None
    helped_target_poor_households: int | None
    unhelped_target_poor_households: int | None
    helped_target_poor_households_pct: Decimal | None
    helps: int | None
    helped_recipients: int | None
    helped_by_several_households: int | None
    duplicate_help_households: int | None
    amount_baht: Decimal | None


def find(marts: Snapshot, scope: Scope) -> Coverage | None:
    return marts.row(
        Coverage,
        "where m.area_code = %(area_code)s and m.fiscal_year_be = %(fiscal_year_be)s",
        scope.parameters,
    )


SECTION = Section(
    "assistance",
    "ความช่วยเหลือ",
    "Help given",
    ("assistance_coverage_by_area",),
    find,
)
