"""Complaints received in the quarter: answered, overdue, and how long an answer took, by what they are about."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from chaidaen.report.rows import Figures
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot

_OF_QUARTER = (
    "where m.area_code = %(area_code)s and m.fiscal_year_be = %(fiscal_year_be)s"
    " and m.fiscal_quarter = %(fiscal_quarter)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaints(Figures):
    MART: ClassVar[str] = "complaints_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be", "fiscal_quarter", "category")
    area_code: str
    fiscal_year_be: int
    fiscal_quarter: int
    category: str
    category_th: str
    category_en: str
    due_days: int | None
    reported_months: int | None
    received_complaints: int | None
    answered_complaints: int | None
    overdue_complaints: int | None
    answered_in_time_complaints_pct: Decimal | None
    mean_days_to_answer: Decimal | None


@dataclass(frozen=True, slots=True)
class Found:
    all: Complaints
    by_category: list[Complaints]


def find(marts: Snapshot, scope: Scope) -> Found | None:
    every = marts.row(Complaints, f"{_OF_QUARTER} and m.category = 'any'", scope.parameters)
    if every is None:
        return None
    listed = f"{_OF_QUARTER} and m.category <> 'any' order by m.received_complaints desc nulls last, m.category"
    return Found(every, marts.rows(Complaints, listed, scope.parameters))


SECTION = Section("complaints", "เรื่องร้องเรียน", "Complaints", ("complaints_by_area",), find)
