"""KPIs of the yearly action plan by the quarter: met, missed, not reported; the missed ones by name."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from markupsafe import Markup

from chaidaen.report.charts import BLUE, GREY, INK, SKY, VERMILION, Slice, parts
from chaidaen.report.rows import Figures, Row, of
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot

_OF_QUARTER = "where m.fiscal_year_be = %(fiscal_year_be)s and m.fiscal_quarter = %(fiscal_quarter)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Row):
    MART: ClassVar[str] = "kpi_scorecards"
    kpis: int = of("count(*)")
    met: int = of("count(*) filter (where m.outcome = 'met')")
    missed: int = of("count(*) filter (where m.outcome = 'missed')")
    no_target: int = of("count(*) filter (where m.outcome = 'no_target')")
    not_reported: int = of("count(*) filter (where m.outcome = 'not_reported')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi(Figures):
    MART: ClassVar[str] = "kpi_scorecards"
    KEY: ClassVar[tuple[str, ...]] = ("fiscal_year_be", "fiscal_quarter", "agency_id", "kpi_code")
    fiscal_year_be: int
    fiscal_quarter: int
    agency_id: str
    kpi_code: str
    agency_name_th: str | None
    kpi_name: str
    unit: str | None
    direction: str | None
    target_value: Decimal | None
    actual_value: Decimal | None
    achieved_pct: Decimal | None
    outcome: str
    lesson_learnt: str | None


@dataclass(frozen=True, slots=True)
class Found:
    counts: Counts
    missed: list[Kpi]
    not_reported: list[Kpi]
    chart: Markup


def find(marts: Snapshot, scope: Scope) -> Found | None:
    counts = marts.row(Counts, _OF_QUARTER, scope.parameters)
    if counts is None or not counts.kpis:
        return None
    missed, not_reported = (
        marts.rows(
            Kpi,
            f"{_OF_QUARTER} and m.outcome = %(outcome)s order by m.achieved_pct nulls last, m.agency_id, m.kpi_code",
            {**scope.parameters, "outcome": outcome},
        )
        for outcome in ("missed", "not_reported")
    )
    return Found(counts, missed, not_reported, _chart(counts))


def _chart(counts: Counts) -> Markup:
    slices = (
        Slice("ถึงเป้าหมาย", counts.met, BLUE),
        Slice("ไม่ถึงเป้าหมาย", counts.missed, VERMILION),
        Slice("ไม่มีเป้าหมาย", counts.no_target, SKY, INK),
        Slice("ยังไม่รายงาน", counts.not_reported, GREY, INK),
    )
    return parts(slices, describes="แผนภูมิสัดส่วนตัวชี้วัด")


SECTION = Section("kpis", "ตัวชี้วัดของแผนปฏิบัติราชการ", "KPIs of the yearly action plan", ("kpi_scorecards",), find)
