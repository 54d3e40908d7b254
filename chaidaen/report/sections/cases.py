"""One official, one poor household: who has somebody, who was visited, where the households stand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from markupsafe import Markup

from chaidaen.report.charts import BLUE, ORANGE, bars, share_bar
from chaidaen.report.rows import Figures
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot

_SHARES = (
    ("target_poor_with_official_households_pct", "ครัวเรือนเป้าหมายที่มีผู้ดูแล", BLUE),
    ("visited_quarter_households_pct", "เยี่ยมแล้วในไตรมาสนี้", BLUE),
    ("visited_year_households_pct", "เยี่ยมแล้วในปีงบประมาณ", BLUE),
    ("overdue_households_pct", "เลยวันนัดเยี่ยม", ORANGE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Figures):
    MART: ClassVar[str] = "case_progress_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be", "fiscal_quarter")
    area_code: str
    fiscal_year_be: int
    fiscal_quarter: int
    as_at_date: date | None
    list_date: date | None
    target_poor_households: int | None
    target_poor_with_official_households: int | None
    target_poor_without_official_households: int | None
    target_poor_with_official_households_pct: Decimal | None
    assigned_households: int | None
    visited_quarter_households: int | None
    visited_quarter_households_pct: Decimal | None
    visited_year_households: int | None
    visited_year_households_pct: Decimal | None
    never_visited_households: int | None
    overdue_households: int | None
    overdue_households_pct: Decimal | None
    survival_households: int | None
    sufficient_households: int | None
    sustainable_households: int | None
    left_poverty_households: int | None
    fell_back_households: int | None
    not_poor_households: int | None
    visits: int | None


@dataclass(frozen=True, slots=True)
class Found:
    now: Progress
    chart: Markup


def find(marts: Snapshot, scope: Scope) -> Found | None:
    now = marts.row(
        Progress,
        "where m.area_code = %(area_code)s and m.fiscal_year_be = %(fiscal_year_be)s"
        " and m.fiscal_quarter = %(fiscal_quarter)s",
        scope.parameters,
    )
    return Found(now, _chart(now)) if now else None


def _chart(now: Progress) -> Markup:
    lines = [share_bar(label, now.shown(column), color) for column, label, color in _SHARES]
    return bars(lines, describes="แผนภูมิแท่ง หนึ่งข้าราชการ หนึ่งครัวเรือนยากจน", longest=100)


SECTION = Section(
    "cases",
    "หนึ่งข้าราชการ หนึ่งครัวเรือนยากจน",
    "One official, one poor household",
    ("case_progress_by_area",),
    find,
)
