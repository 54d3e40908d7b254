"""Directives of executive meetings that are not done yet, overdue ones first, and the centre's ITA scores."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from chaidaen.report.rows import Figures, Row, of
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Row):
    MART: ClassVar[str] = "directive_followups"
    directives: int = of("count(*)")
    open_directives: int = of("count(*) filter (where m.is_open)")
    overdue_directives: int = of("count(*) filter (where m.is_overdue)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive(Figures):
    MART: ClassVar[str] = "directive_followups"
    KEY: ClassVar[tuple[str, ...]] = ("origin_meeting", "directive_no")
    origin_meeting: str
    directive_no: str
    directive_text: str
    owner_name_th: str | None
    due_date: date | None
    is_overdue: bool
    days_overdue: int | None
    what_was_done: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity(Figures):
    MART: ClassVar[str] = "integrity_scores"
    KEY: ClassVar[tuple[str, ...]] = ("fiscal_year_be", "assessed_code")
    fiscal_year_be: int
    assessed_code: str
    assessed_name: str
    score: Decimal | None
    score_change: Decimal | None
    level_th: str | None


@dataclass(frozen=True, slots=True)
class Found:
    counts: Counts
    open: list[Directive]
    integrity: list[Integrity]


def find(marts: Snapshot, scope: Scope) -> Found | None:
    counts = marts.row(Counts, "", {})
    if counts is None or not counts.directives:
        return None
    first_overdue = (
        "where m.is_open order by m.is_overdue desc, m.days_overdue desc nulls last, m.origin_meeting, m.directive_no"
    )
    centre = "where m.assessed_agency_id = 'sbpac' and m.fiscal_year_be = %(fiscal_year_be)s"
    return Found(
        counts, marts.rows(Directive, first_overdue, {}), marts.rows(Integrity, centre, scope.parameters)
    )  # fmt: skip


SECTION = Section(
    "directives",
    "ข้อสั่งการและความโปร่งใส",
    "Directives and integrity",
    ("directive_followups", "integrity_scores"),
    find,
    is_for_region_only=True,
)
