"""Figures held against thresholds: those of a release beside those of the release readers see.

`thresholds.yaml` says what is measured and how far it may go; a limit becomes an expectation on `gate.measures`.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import yaml
from psycopg import Connection
from psycopg.rows import TupleRow
from pydantic import Field, ValidationError, model_validator

from core import database
from expectations.base import has_rows
from expectations.model import ClosedModel, Expectation, Severity, Suite, SuiteInvalid
from ingestion.contracts import Contract, load_contracts, raw_columns

THRESHOLDS = Path(__file__).parent / "thresholds.yaml"
MEASURES = "measures"  # the suite, and the view in the schema `gate` it judges
CYCLE_DAYS = {
    "calendar_year": 366, "survey_round": 366, "fiscal_year": 366, "academic_year": 366,
    "fiscal_quarter": 92, "calendar_month": 31,
}  # fmt: skip
_KINDS = ("changes_at_most", "falls_at_most", "at_most", "at_least", "stays")


class Limit(ClosedModel):
    """How far a measure may go: exactly one of the five. Percent for changes and falls, else in the measure's unit.

    `stays`: what the published release has, the next one has too. `at_most: contract`: as many days as the contract
    of the dataset lets pass between two submissions.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    title_th: str
    title_en: str
    owner: str | None = None
    changes_at_most: float | None = None
    falls_at_most: float | None = None
    at_most: float | Literal["contract"] | None = None
    at_least: float | None = None
    stays: Literal[True] | None = None
    by_dataset: Mapping[str, float] = Field(default={})
    from_value: float = 0

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len([name for name in _KINDS if getattr(self, name) is not None]) != 1:
            raise ValueError(f"{self.id}: give exactly one of {', '.join(_KINDS)}")
        return self


class Measure(ClosedModel):
    """`sql` gives dataset_id, province_code, period, value, basis: of the marts as the release's readers would see
    them, or of raw rows for the release `%(release)s`. compared: the published release is measured too.

    `{identified_rows}` stands for the rows of every dataset that has identifiers of persons: _submission_id, kind.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    reads: Literal["marts", "raw"] = "marts"
    compared: bool = False
    sql: str
    expectations: tuple[Limit, ...] = Field(min_length=1)


class Accepted(ClosedModel):
    """A change that somebody looked at and found right."""

    measure: str
    dataset_id: str
    province_code: str | None
    period: str | None
    reason_th: str = Field(pattern="[ก-๛]")
    reason_en: str = Field(pattern="[A-Za-z]")


class Thresholds(ClosedModel):
    owner: str
    measures: tuple[Measure, ...] = Field(min_length=1)
    accepted: tuple[Accepted, ...] = ()


class Key(NamedTuple):
    dataset_id: str
    province_code: str | None
    period: str | None


class Figure(NamedTuple):
    value: Decimal | None
    basis: Any


@cache
def load_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Raises SuiteInvalid with what is wrong in the file."""
    try:
        return Thresholds.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise SuiteInvalid(f"{path.name}: {error}", cure="expectations/measures.py has the allowed keys.") from error


def measures_suite(thresholds: Thresholds | None = None) -> Suite:
    """Every limit as an expectation whose samples are the figures that break it."""
    given = thresholds or load_thresholds()
    expectations = [
        Expectation(
            id=limit.id,
            severity=limit.severity,
            title_th=limit.title_th,
            title_en=limit.title_en,
            owner=limit.owner,
            sql=_breaking(measure, limit, given.accepted),
        )
        for measure in given.measures
        for limit in measure.expectations
    ]
    return Suite(mart=MEASURES, view="gate", owner=given.owner, expectations=(has_rows(), *expectations))


def collect_measures(release_id: int, thresholds: Thresholds | None = None) -> None:
    """Measure a release, and beside it the published one, into `ops.gate_measures`; what was there is replaced."""
    given = thresholds or load_thresholds()
    published = _published(release_id)
    rows = [row for measure in given.measures for row in _compared(measure, release_id, published)]
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("delete from ops.gate_measures where release_id = %s", [release_id])
        cursor.executemany(
            "insert into ops.gate_measures (release_id, measure, dataset_id, province_code, period, value,"
            " compared_with) values (%s, %s, %s, %s, %s, %s, %s)",
            [(release_id, *row) for row in rows],
        )


def _compared(measure: Measure, release_id: int, published: int | None) -> Iterator[tuple[Any, ...]]:
    now = _figures(measure, release_id)
    before = _figures(measure, published) if measure.compared and published is not None else {}
    for key, figure in now.items():
        earlier = before.get(key)
        yield measure.id, *key, figure.value, earlier.value if earlier and earlier.basis == figure.basis else None
    for key in before.keys() - now.keys():
        yield measure.id, *key, None, before[key].value


def _figures(measure: Measure, release_id: int) -> dict[Key, Figure]:
    with database.connect("chaidaen_gate" if measure.reads == "marts" else None) as connection:
        if measure.reads == "marts":
            _pin(connection, release_id)
            rows = connection.execute(measure.sql).fetchall()
        else:
            sql = measure.sql.replace("{identified_rows}", identified_rows())
            rows = connection.execute(sql, {"release": release_id}).fetchall()
    return {Key(dataset, province, period): Figure(value, basis) for dataset, province, period, value, basis in rows}


def identified_rows() -> str:
    """A select over all datasets of the project, by their contracts."""
    return " union all ".join(
        f"select _submission_id, person_key_kind as kind from raw.{dataset}"
        for dataset, contract in sorted(load_contracts().items())
        if any(name == "person_key_kind" for name, _ in raw_columns(contract))
    )


def _pin(connection: Connection[TupleRow], release_id: int) -> None:
    connection.execute("select set_config('chaidaen.release', %s, false)", [str(release_id)])


def _published(release_id: int) -> int | None:
    with database.connect() as connection:
        row = connection.execute("select release_id from store.current").fetchone()
    return row[0] if row and row[0] != release_id else None


def _breaking(measure: Measure, limit: Limit, accepted: tuple[Accepted, ...]) -> str:
    most = _limit_sql(limit)
    broken = {
        "changes_at_most": f"abs(value - compared_with) * 100 > compared_with * {most}",
        "falls_at_most": f"(compared_with - value) * 100 > compared_with * {most}",
        "at_most": f"value > {most}",
        "at_least": f"value < {most}",
        "stays": "value is null and compared_with is not null",
    }[next(name for name in _KINDS if getattr(limit, name) is not None)]
    conditions = [f"measure = {_text(measure.id)}", broken]
    if limit.from_value:
        conditions.append(f"compared_with >= {limit.from_value}")
    conditions += [f"not ({_is(one)})" for one in accepted if one.measure == measure.id]
    return (
        "select dataset_id, province_code, period, value, compared_with from {batch}"
        f" where {' and '.join(conditions)} order by 1, 2, 3"
    )


def _limit_sql(limit: Limit) -> str:
    default = limit.changes_at_most or limit.falls_at_most or limit.at_least or limit.at_most or 0
    by_dataset: Mapping[str, float] = limit.by_dataset
    if default == "contract":
        by_dataset = {dataset: _days_between(one) for dataset, one in load_contracts().items()} | dict(limit.by_dataset)
        default = max(CYCLE_DAYS.values())
    cases = " ".join(f"when {_text(dataset)} then {most}" for dataset, most in sorted(by_dataset.items()))
    return f"case dataset_id {cases} else {default} end" if cases else str(default)


def _days_between(contract: Contract) -> int:
    """Longest time between two submissions that are both in time: a cycle, the days until it is due, the grace."""
    due = contract.due_after
    days = 31 * due.months + due.days if due else 0
    return CYCLE_DAYS.get(contract.period_kind, max(CYCLE_DAYS.values())) + days + contract.grace_days


def _is(one: Accepted) -> str:
    key = {"dataset_id": one.dataset_id, "province_code": one.province_code, "period": one.period}
    return " and ".join(f"{name} is not distinct from {_text(value)}" for name, value in key.items())


def _text(value: str | None) -> str:
    return "null" if value is None else "'" + value.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"
