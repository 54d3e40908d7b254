"""Money by plan line: budget, what was to be spent by the quarter's end, what was."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from markupsafe import Markup

from chaidaen.report.charts import Progress, progress, share_bar
from chaidaen.report.rows import Figures, Row, of
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot
from chaidaen.report.wording import MILLION

IN_SCOPE = "m.fiscal_year_be = %(fiscal_year_be)s and m.fiscal_quarter = %(fiscal_quarter)s and m.portion = 'whole'"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine(Figures):
    MART: ClassVar[str] = "budgets_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be", "fiscal_quarter", "plan_line", "portion")
    area_code: str
    fiscal_year_be: int
    fiscal_quarter: int
    plan_line: str
    portion: str
    plan_line_th: str
    plan_line_en: str
    projects: int | None
    budget_baht: Decimal | None
    planned_cumulative_baht: Decimal | None
    disbursed_cumulative_baht: Decimal | None
    disbursed_of_budget_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Row):
    """All plan lines of an area together: a project is in one of them, so they add up."""

    MART: ClassVar[str] = "budgets_by_area"
    area_code: str
    projects: int = of("sum(m.projects)")
    budget_baht: Decimal | None = of("sum(m.budget_baht)")
    planned_cumulative_baht: Decimal | None = of("sum(m.planned_cumulative_baht)")
    disbursed_cumulative_baht: Decimal | None = of("sum(m.disbursed_cumulative_baht)")
    disbursed_of_budget_pct: Decimal | None = of(
        "round(100 * sum(m.disbursed_cumulative_baht) / nullif(sum(m.budget_baht), 0), 1)"
    )
    disbursed_of_plan_pct: Decimal | None = of(
        "round(100 * sum(m.disbursed_cumulative_baht) / nullif(sum(m.planned_cumulative_baht), 0), 1)"
    )


@dataclass(frozen=True, slots=True)
class Found:
    lines: list[PlanLine]
    total: Total
    chart: Markup


def find(marts: Snapshot, scope: Scope) -> Found | None:
    of_area = f"where m.area_code = %(area_code)s and {IN_SCOPE}"
    lines = marts.rows(PlanLine, f"{of_area} order by m.budget_baht desc nulls last, m.plan_line", scope.parameters)
    total = marts.row(Total, f"{of_area} group by m.area_code", scope.parameters)
    return Found(lines, total, _chart(lines)) if total else None


def _chart(lines: list[PlanLine]) -> Markup:
    drawn = [
        Progress(
            one.plan_line_th,
            _million(one.budget_baht),
            _million(one.planned_cumulative_baht),
            _million(one.disbursed_cumulative_baht),
            share_bar(one.plan_line_th, one.shown("disbursed_of_budget_pct")).text,
        )
        for one in lines
    ]
    return progress(drawn, describes="แผนภูมิการเบิกจ่ายต่องบประมาณ รายแผนงาน")


def _million(baht: Decimal | None) -> float | None:
    return None if baht is None else float(baht / MILLION)


SECTION = Section("money", "งบประมาณและการเบิกจ่าย", "Budget and disbursement", ("budgets_by_area",), find)
