"""Projects as at their latest report, and by name those over budget, late or behind plan."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from chaidaen.report.rows import Figures, Row, of
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot

NAMED = 20

# A project whose targets lie in several provinces belongs to none of them, but to the region.
_IN_SCOPE = (
    "where m.fiscal_year_be = %(fiscal_year_be)s"
    " and (%(province_code)s::text is null or m.province_code = %(province_code)s)"
)
_NEEDS_ATTENTION = "(m.is_over_budget or m.is_late or m.is_behind_plan)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Row):
    MART: ClassVar[str] = "project_status"
    projects: int = of("count(*)")
    over_budget: int = of("count(*) filter (where m.is_over_budget)")
    late: int = of("count(*) filter (where m.is_late)")
    behind_plan: int = of("count(*) filter (where m.is_behind_plan)")
    silent: int = of("count(*) filter (where m.missing_months > 0)")
    needing_attention: int = of(f"count(*) filter (where {_NEEDS_ATTENTION})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Figures):
    MART: ClassVar[str] = "project_status"
    KEY: ClassVar[tuple[str, ...]] = ("fiscal_year_be", "agency_id", "project_code")
    fiscal_year_be: int
    agency_id: str
    project_code: str
    project_name: str | None
    agency_name_th: str | None
    budget_baht: Decimal | None
    disbursed_of_budget_pct: Decimal | None
    physical_progress_pct: Decimal | None
    latest_month: str | None
    is_over_budget: bool | None
    is_late: bool | None
    is_behind_plan: bool | None
    obstacles: str | None


@dataclass(frozen=True, slots=True)
class Found:
    counts: Counts
    named: list[Project]


def find(marts: Snapshot, scope: Scope) -> Found | None:
    counts = marts.row(Counts, _IN_SCOPE, scope.parameters)
    if counts is None or not counts.projects:
        return None
    named = marts.rows(
        Project,
        f"{_IN_SCOPE} and {_NEEDS_ATTENTION}"
        " order by coalesce(m.is_over_budget, false) desc, coalesce(m.is_late, false) desc,"
        f" m.budget_baht desc nulls last, m.agency_id, m.project_code limit {NAMED}",
        scope.parameters,
    )
    return Found(counts, named)


SECTION = Section("projects", "โครงการที่ต้องติดตาม", "Projects to follow up", ("project_status",), find)
