"""The work list, and who works on what. PostgreSQL's locks end with their transaction, even of a killed worker.

Everybody takes locks in one order: the row a worker claims (`received`), its period (shared; alone: whoever locks the
period), its scope, then rows of that scope that are not `received`. So nobody waits in a circle.
"""

from collections.abc import Collection
from typing import LiteralString

from psycopg.rows import class_row

from ingestion.ledger.rows import AnyConnection, Submission
from ingestion.stages import Received

LARGE_BYTES = 4 << 20  # a file beyond this may keep a worker for longer than others care to wait
_RECEIVED = "submission_id, agency_id, dataset_id, period, part, sha256, file_name, received_at"
# The next submission nobody works on. Within a scope the order of arrival decides what is a revision of what, so one
# waits while an earlier one of its scope is unfinished. Those whose last try never ended come after all others.
_NEXT: LiteralString = """
select s.submission_id, s.agency_id, s.dataset_id, s.period, s.part, s.sha256, s.file_name, s.received_at
from ops.submissions as s
where s.state = 'received' and s.submission_id <> all(%(tried)s)
    and (s.size_bytes < %(large_bytes)s or %(may_be_large)s)
    and %(again)s = exists (select from ops.attempts as a where a.submission_id = s.submission_id and a.work = 'decide')
    and not exists (
        select from ops.submissions as earlier
        where (earlier.agency_id, earlier.dataset_id, earlier.period, earlier.part)
            = (s.agency_id, s.dataset_id, s.period, s.part)
            and earlier.submission_id < s.submission_id and earlier.state = 'received'
    )
order by case when %(again)s then (
    select a.begun from ops.attempts as a where a.submission_id = s.submission_id and a.work = 'decide'
) end, s.submission_id
limit 1
for update of s skip locked
"""


def claim_next(connection: AnyConnection, tried: Collection[int]) -> Received | None:
    """Lock and return the next submission to process, leaving out those another worker holds and those `tried`.

    One worker at a time takes large ones, in its turn; so the next worker is always there for everybody else.
    """
    found = connection.execute("select pg_try_advisory_xact_lock(hashtextextended('chaidaen large', 0))").fetchone()
    limits = {"tried": list(tried), "large_bytes": LARGE_BYTES, "may_be_large": found == (True,)}
    with connection.cursor(row_factory=class_row(Received)) as cursor:
        fresh = cursor.execute(_NEXT, {**limits, "again": False}).fetchone()
        return fresh or cursor.execute(_NEXT, {**limits, "again": True}).fetchone()


def newest_unfinished(connection: AnyConnection) -> int | None:
    """The last submission that waits for its processing or is at it; None when there is no work."""
    row = connection.execute("select max(submission_id) from ops.submissions where state = 'received'").fetchone()
    return None if row is None or row[0] is None else int(str(row[0]))


def claim(connection: AnyConnection, submission_id: int) -> Received | None:
    """Lock and return this submission, waiting for whoever works on it; None when it needs no work (any more)."""
    with connection.cursor(row_factory=class_row(Received)) as cursor:
        return cursor.execute(
            f"select {_RECEIVED} from ops.submissions where submission_id = %s and state = 'received' for update",
            [submission_id],
        ).fetchone()


def unfinished_before(connection: AnyConnection, submission_id: int) -> list[int]:
    """Earlier submissions of the same scope that have to be processed first, oldest first."""
    rows = connection.execute(
        "select e.submission_id from ops.submissions as e join ops.submissions as s using"
        " (agency_id, dataset_id, period, part) where s.submission_id = %s and e.submission_id < s.submission_id"
        " and e.state = 'received' order by e.submission_id",
        [submission_id],
    ).fetchall()
    return [int(str(row[0])) for row in rows]


def share_period(connection: AnyConnection, of: Received | Submission) -> None:
    """Whether the period is locked does not change until the transaction ends; waits for whoever locks it just now."""
    connection.execute(
        "select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_period(of.dataset_id, of.period)]
    )


def take_period(connection: AnyConnection, dataset_id: str, period: str) -> None:
    """Nobody decides about a submission of the period until the transaction ends; waits for those who do."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_period(dataset_id, period)])


def lock_scope(connection: AnyConnection, of: Received | Submission) -> None:
    """One submission of a scope is decided at a time."""
    scope = "\x1f".join((of.agency_id, of.dataset_id, of.period, of.part))
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"chaidaen scope {scope}"])


def _period(dataset_id: str, period: str) -> str:
    return f"chaidaen period {dataset_id}\x1f{period}"
