"""Locked periods: nothing of them changes until somebody lifts the lock. Every lock and its lifting stays on record."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from core import clock
from ingestion.ledger.moves import actor
from ingestion.ledger.rows import AnyConnection
from ingestion.ledger.work import take_period


@dataclass(frozen=True, slots=True)
class PeriodLock:
    """A row of `ops.period_locks`; times are UTC. In force while `unlocked_at` is None."""

    lock_id: int
    dataset_id: str
    period: str
    locked_at: datetime
    locked_by: str
    lock_reason: str
    unlocked_at: datetime | None
    unlocked_by: str | None
    unlock_reason: str | None


def period_lock(connection: AnyConnection, dataset_id: str, period: str) -> PeriodLock | None:
    """The lock in force on a period, if there is one."""
    with connection.cursor(row_factory=class_row(PeriodLock)) as cursor:
        return cursor.execute(
            "select * from ops.period_locks where dataset_id = %s and period = %s and unlocked_at is null",
            [dataset_id, period],
        ).fetchone()


def period_locks(connection: AnyConnection, *, lifted_too: bool) -> list[PeriodLock]:
    """Locks in force, newest first; with `lifted_too` the whole history."""
    with connection.cursor(row_factory=class_row(PeriodLock)) as cursor:
        return cursor.execute(
            "select * from ops.period_locks where unlocked_at is null or %s order by lock_id desc", [lifted_too]
        ).fetchall()


def lock_period(connection: AnyConnection, dataset_id: str, period: str, reason: str) -> bool:
    """Lock a period once nobody is deciding about it; False when it is locked already."""
    take_period(connection, dataset_id, period)
    row = connection.execute(
        "insert into ops.period_locks (dataset_id, period, locked_at, locked_by, lock_reason)"
        " values (%s, %s, %s, %s, %s) on conflict (dataset_id, period) where unlocked_at is null do nothing"
        " returning lock_id",
        [dataset_id, period, clock.now(), actor(), reason],
    ).fetchone()
    return row is not None


def unlock_period(connection: AnyConnection, dataset_id: str, period: str, reason: str) -> bool:
    """Lift the lock; False when there is none."""
    take_period(connection, dataset_id, period)
    row = connection.execute(
        "update ops.period_locks set unlocked_at = %s, unlocked_by = %s, unlock_reason = %s"
        " where dataset_id = %s and period = %s and unlocked_at is null returning lock_id",
        [clock.now(), actor(), reason, dataset_id, period],
    ).fetchone()
    return row is not None


def held_by_lock(connection: AnyConnection, dataset_id: str, period: str) -> list[int]:
    """Submissions that nothing but a lock of the period holds, in order of arrival."""
    rows = connection.execute(
        "select submission_id from ops.submissions where dataset_id = %s and period = %s and state = 'held'"
        " and reason_code = 'period_locked' order by submission_id",
        [dataset_id, period],
    ).fetchall()
    return [int(str(row[0])) for row in rows]
