"""What agencies owe and have sent: reports about the fiscal year up to the quarter's end, once they are due."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from chaidaen.report.rows import Row, of
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot
from ingestion.contracts import load_contracts

# The kind of a dataset's periods and its name are said by its contract; what days a period covers, by `periods`.
DUE = (
    "join unnest(%(datasets)s::text[], %(kinds)s::text[], %(labels_th)s::text[], %(labels_en)s::text[])"
    " as d (dataset_id, period_kind, label_th, label_en) using (dataset_id)"
    " join marts.periods as p on p.period_kind = d.period_kind and p.period = m.period"
    " where p.first_date <= %(last_day)s and p.last_date >= %(first_day)s and m.expected_reports = 1"
    " and (%(province_code)s::text is null or m.province_code = %(province_code)s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Row):
    """Reports due, and how many of them arrived; shares are of those due."""

    MART: ClassVar[str] = "submission_status"
    expected: int = of("sum(m.expected_reports)")
    actual: int = of("sum(m.actual_reports)")
    missing: int = of("sum(m.expected_reports - m.actual_reports)")
    rate_pct: Decimal | None = of("round(100.0 * sum(m.actual_reports) / nullif(sum(m.expected_reports), 0), 1)")
    on_time_pct: Decimal | None = of(
        "round(100.0 * sum(m.actual_reports_on_time) / nullif(sum(m.expected_reports), 0), 1)"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset(Total):
    dataset_id: str
    label_th: str = of("d.label_th")
    label_en: str = of("d.label_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Row):
    """What an agency still owes of a dataset."""

    MART: ClassVar[str] = "submission_status"
    agency_id: str
    dataset_id: str
    agency_name_th: str | None
    label_th: str = of("d.label_th")
    reports: int = of("count(*)")
    periods_th: str = of("string_agg(p.label_th, ', ' order by p.first_date)")
    first_due_date: date | None = of("min(m.due_date)")
    states: list[str] = of("array_agg(distinct m.last_state)")


@dataclass(frozen=True, slots=True)
class Found:
    total: Total
    datasets: list[Dataset]
    missing: list[Missing]


def find(marts: Snapshot, scope: Scope) -> Found | None:
    given = parameters(scope)
    datasets = marts.rows(
        Dataset, f"{DUE} group by m.dataset_id, d.label_th, d.label_en order by rate_pct, m.dataset_id", given
    )
    total = marts.row(Total, DUE, given)
    if total is None or not datasets:
        return None
    missing = marts.rows(
        Missing,
        f"{DUE} and m.actual_reports = 0 group by m.agency_id, m.dataset_id, m.agency_name_th, d.label_th"
        " order by m.agency_id, m.dataset_id",
        given,
    )
    return Found(total, datasets, missing)


def parameters(scope: Scope) -> dict[str, Any]:
    contracts = load_contracts().values()
    return {
        **scope.parameters,
        "datasets": [one.id for one in contracts],
        "kinds": [one.period_kind for one in contracts],
        "labels_th": [one.label_th for one in contracts],
        "labels_en": [one.label_en for one in contracts],
    }


SECTION = Section("reporting", "การส่งข้อมูลของหน่วยงาน", "Reports of agencies", ("submission_status", "periods"), find)
