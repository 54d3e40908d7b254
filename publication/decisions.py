"""What a person decided about a release, kept with the gate report they decided by."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg import Connection
from psycopg.rows import TupleRow, class_row

from core import clock, database
from expectations.gate import release_docs

Decision = Literal["approved", "rejected"]
Via = Literal["command", "airflow"]


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision; `reason` may be None for an approval. The report itself is in `ops.release_decisions`."""

    decision: Decision
    decided_by: str
    decided_at: datetime
    via: Via
    reason: str | None
    report_sha256: str | None


def keep(
    connection: Connection[TupleRow],
    release_id: int,
    decision: Decision,
    *,
    actor: str,
    via: Via,
    reason: str | None = None,
) -> None:
    """Write a decision down in the caller's transaction, with the gate report as it lies there now."""
    page = release_docs(release_id) / "gate.html"
    report = page.read_bytes() if page.exists() else None
    connection.execute(
        "insert into ops.release_decisions"
        " (release_id, decision, decided_at, decided_by, via, reason, gate, report_sha256, report_html)"
        " select release_id, %s, %s, %s, %s, %s, gate, %s, %s from ops.releases where release_id = %s",
        [
            decision, clock.now(), actor, via, reason, hashlib.sha256(report).hexdigest() if report else None,
            report.decode() if report else None, release_id,
        ],
    )  # fmt: skip


def decisions_on(release_id: int) -> list[Decided]:
    """Everything decided about it, first to last."""
    with database.connect() as connection, connection.cursor(row_factory=class_row(Decided)) as cursor:
        return cursor.execute(
            "select decision, decided_by, decided_at, via, reason, report_sha256 from ops.release_decisions"
            " where release_id = %s order by decision_id",
            [release_id],
        ).fetchall()
