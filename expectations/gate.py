"""The gate: permission to publish. It reads the same views as readers do, pinned to the candidate release."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from psycopg import Connection
from psycopg.rows import TupleRow

from core import clock, database
from core.errors import UsageError
from core.settings import settings
from expectations.base import complete
from expectations.carried import what_stands
from expectations.described import described_marts
from expectations.judging import Judge, Verdict
from expectations.measures import MEASURES, collect_measures, measures_suite
from expectations.model import Suite, load_suites
from expectations.report import write_report
from expectations.wording import short_message

GateOutcome = Literal["passed", "warning", "failed", "crashed"]
log = logging.getLogger(__name__)


def run_gate(release_id: int, suites: Sequence[Suite] | None = None, *, anew: bool = False) -> GateOutcome:
    """Judge a candidate or held release, keep the verdicts in `ops.gate_results`, write data docs and the report.

    `suites` say what is particular of each mart; what holds of any is added (`expectations.base`). anew: no verdict of
    an earlier release stands (`expectations.carried`).
    A crash is an outcome, not an exception: whatever goes wrong inside, the release is not let through.
    Raises UsageError for a release that does not exist or was published already.
    """
    _refuse_decided(release_id)
    try:
        verdicts = _judge_all(release_id, all_suites() if suites is None else suites, anew=anew)
        outcome = outcome_of(verdicts)
    except Exception as error:  # anything at all: the gate must fail closed
        log.exception("The gate crashed on release %s", release_id)
        verdicts, outcome = [_crash(error)], "crashed"
    _keep(release_id, verdicts, outcome)
    write_report(release_id, docs_folder(), release_docs(release_id))
    return outcome


def all_suites() -> list[Suite]:
    """Those of the marts, and the one of what is measured against thresholds."""
    return [*load_suites(), measures_suite()]


def docs_folder() -> Path:
    return settings().state_dir("data_docs")


def release_docs(release_id: int) -> Path:
    return docs_folder() / f"release-{release_id}"


def outcome_of(verdicts: Sequence[Verdict]) -> GateOutcome:
    """No verdict at all, or one that could not be reached, is a crash; a critical failure fails, any other warns."""
    if not verdicts or any(verdict.raised for verdict in verdicts):
        return "crashed"
    failed = {verdict.severity for verdict in verdicts if not verdict.success}
    return "failed" if "critical" in failed else "warning" if failed else "passed"


def _judge_all(release_id: int, suites: Sequence[Suite], *, anew: bool) -> list[Verdict]:
    particular = {suite.mart: suite for suite in suites if suite.mart != MEASURES and suite.expectations}
    described = {mart.name: mart for mart in described_marts(release_id) if mart.grain and mart.columns}
    stored = _stored_relations(release_id)
    names = sorted({relation.partition("__")[0] for relation in stored})
    verdicts = [_unsuited(name) for name in names if name not in particular]
    verdicts += [_undescribed(name) for name in names if name not in described]
    complete_suites = [s for name, suite in particular.items() if name in described
                       for s in complete(described[name], suite)]  # fmt: skip
    verdicts += [_missing(suite) for suite in complete_suites if suite.relation not in stored]
    verdicts += [_missing(suite) for name, suite in particular.items() if name not in {*described, *names}]
    if measures := [suite for suite in suites if suite.mart == MEASURES]:
        collect_measures(release_id)
    there = [suite for suite in complete_suites if suite.relation in stored]
    standing = what_stands(release_id, there, anew=anew)
    judge = Judge(release_id)
    try:
        for suite in (*there, *measures):
            verdicts += judge.judge(suite, standing)
        judge.write_docs(release_docs(release_id), sorted(set(standing.judged_in.values())))
    finally:
        judge.close()
    return verdicts


def _unsuited(mart: str) -> Verdict:
    title_th, title_en = "ตารางนี้ไม่มีชุดตรวจ หรือชุดตรวจว่าง", "No suite judges this mart, or its suite is empty"
    return Verdict(f"{mart}.has_suite", mart, "critical", False, False, title_th, title_en)


def _undescribed(mart: str) -> Verdict:
    title_th, title_en = "ตารางนี้ไม่บอกว่าแต่ละคอลัมน์คืออะไร", "The mart does not say what its columns are"
    return Verdict(f"{mart}.is_described", mart, "critical", False, False, title_th, title_en)


def _missing(suite: Suite) -> Verdict:
    title_th, title_en = "ตารางที่ต้องตรวจไม่อยู่ในรุ่นนี้", "The mart this suite judges is not in the release"
    return Verdict(f"{suite.name}.in_release", suite.mart, "critical", False, False, title_th, title_en)


def _crash(error: Exception) -> Verdict:
    observed = f"{type(error).__name__}: {short_message(str(error)) or 'no message'}"
    title_th, title_en = "ด่านตรวจทำงานจนจบ", "The gate ran to its end"
    return Verdict("gate.ran", "gate", "critical", False, True, title_th, title_en, observed)


def _refuse_decided(release_id: int) -> None:
    with database.connect() as connection:
        row = connection.execute("select state, gate from ops.releases where release_id = %s", [release_id]).fetchone()
    if row is None:
        raise UsageError(f"There is no release {release_id}.", cure="See `chaidaen releases`.")
    if row[0] not in ("candidate", "held"):
        raise UsageError(
            f"Release {release_id} is {row[0]}; it went through the gate before ({row[1]}).",
            cure="Only a candidate or a held release is judged.",
        )


def _stored_relations(release_id: int) -> set[str]:
    with database.connect() as connection:
        rows = connection.execute(
            "select distinct relation from store.release_parts where release_id = %s", [release_id]
        ).fetchall()
    return {row[0] for row in rows}


def _keep(release_id: int, verdicts: Sequence[Verdict], outcome: GateOutcome) -> None:
    """Verdicts of an earlier run of the gate on this release are replaced."""
    with database.connect() as connection:
        connection.execute("delete from ops.gate_results where release_id = %s", [release_id])
        _insert(connection, release_id, verdicts)
        connection.execute("update ops.releases set gate = %s where release_id = %s", [outcome, release_id])
        connection.execute(
            "insert into ops.release_events (release_id, event, occurred_at, actor, reason)"
            " values (%s, 'gated', %s, %s, %s)",
            [release_id, clock.now(), "gate", outcome],
        )


def _insert(connection: Connection[TupleRow], release_id: int, verdicts: Sequence[Verdict]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.gate_results"
            " (release_id, expectation_id, mart, severity, success, raised, title_th, title_en, observed, owner,"
            " datasets, words, judged_in, marts)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    release_id,
                    v.expectation_id,
                    v.mart,
                    v.severity,
                    v.success,
                    v.raised,
                    v.title_th,
                    v.title_en,
                    v.observed,
                    v.owner,
                    list(v.datasets),
                    v.asked,
                    release_id if v.judged_in is None else v.judged_in,
                    list(v.marts),
                )
                for v in verdicts
            ],
        )
