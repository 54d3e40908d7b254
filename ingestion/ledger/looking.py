"""What the ledger says, for whoever asks."""

from dataclasses import asdict, dataclass
from typing import LiteralString

from psycopg.rows import class_row, dict_row

from ingestion.ledger.rows import SUBMISSION, AnyConnection, Submission
from ingestion.stages import State


@dataclass(frozen=True, slots=True)
class Filter:
    """Which submissions to list; None: whatever."""

    agency_id: str | None = None
    dataset_id: str | None = None
    period: str | None = None
    state: str | None = None


EVERYTHING = Filter()


def submission(connection: AnyConnection, submission_id: int) -> Submission | None:
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            f"select {SUBMISSION} from ops.submissions where submission_id = %s", [submission_id]
        ).fetchone()


def submissions(connection: AnyConnection, *, which: Filter = EVERYTHING, limit: int | None = None) -> list[Submission]:
    """Newest first."""
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            f"select {SUBMISSION} from ops.submissions"
            " where (%(agency_id)s::text is null or agency_id = %(agency_id)s)"
            " and (%(dataset_id)s::text is null or dataset_id = %(dataset_id)s)"
            " and (%(period)s::text is null or period = %(period)s)"
            " and (%(state)s::text is null or state = %(state)s)"
            " order by submission_id desc limit %(limit)s",
            {**asdict(which), "limit": limit},
        ).fetchall()


def events(connection: AnyConnection, submission_id: int) -> list[dict[str, object]]:
    """Every change of state, oldest first: from which state into which, when, who, why."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select previous_state, state, occurred_at, actor, reason from ops.submission_events"
            " where submission_id = %s order by event_id",
            [submission_id],
        ).fetchall()


def papers_owed(connection: AnyConnection) -> list[Submission]:
    """Submissions whose outbox folder tells their agency something else than the ledger.

    Those whose writer died come after all others.
    """
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            f"select {SUBMISSION} from ops.submissions as s where outbox_state is distinct from state order by"
            " (select a.begun from ops.attempts as a where a.submission_id = s.submission_id and a.work = 'papers')"
            " nulls first, submission_id"
        ).fetchall()


def take_papers(connection: AnyConnection, submission_id: int, *, patient: bool) -> bool:
    """One writer at a time works in an outbox folder, until its transaction ends. False: another does so now."""
    kind: LiteralString = "" if patient else "try_"
    row = connection.execute(
        f"select pg_{kind}advisory_xact_lock(hashtextextended(%s, 0))", [f"chaidaen papers {submission_id}"]
    ).fetchone()
    return patient or row == (True,)


def papers_written(connection: AnyConnection, submission_id: int, state: State) -> None:
    """Note it, unless a worker holds the row to decide about it: that one writes new papers afterwards anyway."""
    connection.execute(
        "update ops.submissions set outbox_state = %s where submission_id ="
        " (select submission_id from ops.submissions where submission_id = %s for no key update skip locked)",
        [state, submission_id],
    )
