"""What surrounds people in the fiscal year: villages, place programmes, problems, incidents, society, economy."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from chaidaen.report.rows import Figures
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Figures):
    MART: ClassVar[str] = "area_profiles"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be")
    area_code: str
    fiscal_year_be: int
    problem_fiscal_quarter: int | None
    economic_fiscal_quarter: int | None
    assessed_villages: int | None
    strong_villages: int | None
    average_village_score: Decimal | None
    santitham_areas: int | None
    mankhong_areas: int | None
    small_peace_areas: int | None
    open_problems: int | None
    severe_unanswered_problems: int | None
    incidents: int | None
    hurt_persons: int | None
    civil_society_organisations: int | None
    activities: int | None
    economic_participant_persons: int | None
    economic_income_baht: Decimal | None


def find(marts: Snapshot, scope: Scope) -> Profile | None:
    return marts.row(
        Profile, "where m.area_code = %(area_code)s and m.fiscal_year_be = %(fiscal_year_be)s", scope.parameters
    )


SECTION = Section(
    "surroundings", "หมู่บ้าน ชุมชน และเศรษฐกิจ", "Villages, communities and economy", ("area_profiles",), find
)
