"""The ledger: every statement on `ops.submissions` and what hangs on it. PostgreSQL is the only memory.

Every change of state is a row in `ops.submission_events`: who, when, why. Functions take an open connection and never
commit; the caller decides what belongs into one transaction. Locks are always taken row first, then scope.
"""

import getpass
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from core import clock
from ingestion.issues import Issue
from ingestion.landing import Waiting
from ingestion.stages import Archived, Checked, Processed, Received, State, Verdict

AnyConnection = Connection[tuple[object, ...]]

_RECEIVED = "submission_id, agency_id, dataset_id, period, part, sha256, file_name, received_at"
_SAME_SCOPE = "(agency_id, dataset_id, period, part) = (%(agency_id)s, %(dataset_id)s, %(period)s, %(part)s)"
# The next submission nobody works on. Within a scope the order of arrival decides what is a revision of what, so one
# waits while an earlier one of its scope is unfinished.
_NEXT: LiteralString = """
select s.submission_id, s.agency_id, s.dataset_id, s.period, s.part, s.sha256, s.file_name, s.received_at
from ops.submissions as s
where s.state in ('received', 'checked') and s.submission_id <> all(%(tried)s)
    and not exists (
        select from ops.submissions as earlier
        where (earlier.agency_id, earlier.dataset_id, earlier.period, earlier.part)
            = (s.agency_id, s.dataset_id, s.period, s.part)
            and earlier.submission_id < s.submission_id and earlier.state in ('received', 'checked')
    )
order by s.submission_id
limit 1
for update of s skip locked
"""


@dataclass(frozen=True, slots=True)
class Effective:
    """The revision of a scope that counts now."""

    submission_id: int
    sha256: str
    accepted_rows: int


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole row of `ops.submissions`."""

    submission_id: int
    agency_id: str
    dataset_id: str
    period: str
    part: str
    revision: int | None
    sha256: str
    size_bytes: int
    file_name: str
    contract_version: str | None
    state: State
    verdict: Verdict | None
    reason_code: str | None
    rows: int | None
    accepted_rows: int | None
    rejected_rows: int | None
    duplicate_of: int | None
    superseded_by: int | None
    received_at: datetime
    outbox_state: State | None
    base_submission_id: int | None

    @property
    def processed(self) -> Processed:
        return Processed(
            self.submission_id,
            self.state,
            self.verdict,
            self.reason_code,
            self.revision,
            self.rows,
            self.accepted_rows,
            self.rejected_rows,
        )


_SUBMISSION: LiteralString = (
    "submission_id, agency_id, dataset_id, period, part, revision, sha256, size_bytes, file_name, contract_version,"
    " state, verdict, reason_code, rows, accepted_rows, rejected_rows, duplicate_of, superseded_by, received_at,"
    " outbox_state, base_submission_id"
)


def actor() -> str:
    """Who acts: `CHAIDAEN_ACTOR` (schedulers set it), else the account that runs the command."""
    if named := os.environ.get("CHAIDAEN_ACTOR"):
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


# ---- receiving ---------------------------------------------------------------------------------------------------


def receive(connection: AnyConnection, archived: Archived) -> tuple[int, bool]:
    """The submission of this drop, and whether it is new. The same drop is one submission, however often told."""
    drop = archived.drop
    if (found := received_before(connection, drop.fingerprint)) is not None:
        return found, False
    row = connection.execute(
        "insert into ops.submissions (agency_id, dataset_id, period, part, sha256, size_bytes, file_name,"
        " landing_fingerprint, state, received_at) values (%s, %s, %s, %s, %s, %s, %s, %s, 'received', %s)"
        " on conflict (landing_fingerprint) do nothing returning submission_id",
        [
            drop.agency_id,
            drop.dataset_id,
            drop.period,
            drop.part,
            archived.sha256,
            archived.size,
            drop.file_name,
            drop.fingerprint,
            clock.now(),
        ],
    ).fetchone()
    if row is None:
        return receive(connection, archived)  # another worker was faster; now it is found
    submission_id = int(str(row[0]))
    _event(connection, submission_id, "received", None)
    return submission_id, True


def received_before(connection: AnyConnection, fingerprint: str) -> int | None:
    """The submission that this drop has become, if it has."""
    row = connection.execute(
        "select submission_id from ops.submissions where landing_fingerprint = %s", [fingerprint]
    ).fetchone()
    return None if row is None else int(str(row[0]))


def note_waiting(connection: AnyConnection, waiting: Sequence[Waiting]) -> None:
    """Make `ops.landing_waiting` say exactly what waits now, keeping when each file was first seen."""
    now = clock.now()
    paths = [str(one.path).encode("utf-8", "replace").decode() for one in waiting]
    connection.execute("delete from ops.landing_waiting where path <> all(%s)", [paths])
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.landing_waiting (path, size_bytes, modified_at, first_seen_at, last_seen_at, reason_code)"
            " values (%s, %s, to_timestamp(%s), %s, %s, %s) on conflict (path) do update set"
            " size_bytes = excluded.size_bytes, modified_at = excluded.modified_at,"
            " last_seen_at = excluded.last_seen_at, reason_code = excluded.reason_code",
            [
                (path, one.size, one.modified_ns / 1e9, now, now, one.reason_code)
                for path, one in zip(paths, waiting, strict=True)
            ],
        )


# ---- the work list -----------------------------------------------------------------------------------------------


def claim_next(connection: AnyConnection, tried: Collection[int]) -> Received | None:
    """Lock and return the next submission to process, leaving out those another worker holds and those `tried`."""
    with connection.cursor(row_factory=class_row(Received)) as cursor:
        return cursor.execute(_NEXT, {"tried": list(tried)}).fetchone()


def claim(connection: AnyConnection, submission_id: int) -> Received | None:
    """Lock and return this submission, waiting for whoever works on it; None when it needs no work (any more)."""
    with connection.cursor(row_factory=class_row(Received)) as cursor:
        return cursor.execute(
            f"select {_RECEIVED} from ops.submissions"
            " where submission_id = %s and state in ('received', 'checked') for update",
            [submission_id],
        ).fetchone()


def unfinished_before(connection: AnyConnection, submission_id: int) -> list[int]:
    """Earlier submissions of the same scope that have to be processed first, oldest first."""
    rows = connection.execute(
        "select e.submission_id from ops.submissions as e join ops.submissions as s using"
        " (agency_id, dataset_id, period, part) where s.submission_id = %s and e.submission_id < s.submission_id"
        " and e.state in ('received', 'checked') order by e.submission_id",
        [submission_id],
    ).fetchall()
    return [int(str(row[0])) for row in rows]


def lock_scope(connection: AnyConnection, received: Received) -> None:
    """One submission of a scope is decided at a time; the lock ends with the transaction, even of a killed worker."""
    scope = "\x1f".join((received.agency_id, received.dataset_id, received.period, received.part))
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"chaidaen scope {scope}"])


# ---- deciding ----------------------------------------------------------------------------------------------------


def effective(connection: AnyConnection, received: Received) -> Effective | None:
    """The revision that counts in the scope of `received`, if there is one."""
    with connection.cursor(row_factory=class_row(Effective)) as cursor:
        return cursor.execute(
            "select submission_id, sha256, coalesce(accepted_rows, 0) as accepted_rows from ops.submissions"
            f" where {_SAME_SCOPE} and state in ('loaded', 'released')",
            _scope(received),
        ).fetchone()


def effective_submissions(connection: AnyConnection) -> list[int]:
    """The submissions that count now, one per scope (a unique index sees to it), in order of arrival."""
    rows = connection.execute(
        "select submission_id from ops.submissions where state in ('loaded', 'released') order by submission_id"
    ).fetchall()
    return [int(str(row[0])) for row in rows]


def load(connection: AnyConnection, checked: Checked, earlier: Effective | None) -> None:
    """Make a checked submission the effective revision of its scope; the earlier one is superseded by it."""
    received = checked.received
    _judge(connection, checked, "checked", _mends(checked))
    if earlier is not None:
        _move(connection, earlier.submission_id, "superseded", f"replaced by submission {received.submission_id}")
        connection.execute(
            "update ops.submissions set superseded_by = %s where submission_id = %s",
            [received.submission_id, earlier.submission_id],
        )
    connection.execute(
        "update ops.submissions set revision = 1 + coalesce("
        f"(select max(revision) from ops.submissions where {_SAME_SCOPE}), 0) where submission_id = %(submission_id)s",
        {**_scope(received), "submission_id": received.submission_id},
    )
    _move(connection, received.submission_id, "loaded", None)


def reject(connection: AnyConnection, checked: Checked) -> None:
    """The sender must correct it and drop it again."""
    _judge(connection, checked, "rejected", checked.reason_code)


def hold(connection: AnyConnection, checked: Checked) -> None:
    """Somebody must decide; until then the earlier revision counts."""
    _judge(connection, checked, "held", checked.reason_code)


def mark_duplicate(connection: AnyConnection, received: Received, original: Effective) -> None:
    """The bytes of the scope's effective revision again."""
    connection.execute(
        "update ops.submissions set duplicate_of = %s, reason_code = 'duplicate_submission' where submission_id = %s",
        [original.submission_id, received.submission_id],
    )
    _move(connection, received.submission_id, "duplicate", f"same bytes as submission {original.submission_id}")


def turn_away(
    connection: AnyConnection, submission_id: int, reason_code: str, state: State = "rejected", why: str | None = None
) -> None:
    """End a submission without having read a row of it: rejected at the door, or held after reading failed."""
    connection.execute(
        "update ops.submissions set verdict = %s, reason_code = %s where submission_id = %s",
        [state, reason_code, submission_id],
    )
    _move(connection, submission_id, state, why or reason_code)


def note_issue(connection: AnyConnection, submission_id: int, problem: Issue) -> None:
    """The one problem of a file that was not opened, or could not be."""
    connection.execute(
        "insert into ops.issues (submission_id, issue_no, code, severity, message_th, message_en, cure_th, cure_en)"
        " select %s, 1 + coalesce(max(issue_no), 0), %s, %s, %s, %s, %s, %s from ops.issues where submission_id = %s",
        [
            submission_id,
            problem.code,
            problem.severity,
            problem.message_th,
            problem.message_en,
            problem.cure_th,
            problem.cure_en,
            submission_id,
        ],
    )


def note_failure(connection: AnyConnection, submission_id: int, failure_id: str) -> int:
    """Record that reading failed through a fault of ours; returns how often it has by now."""
    _event(connection, submission_id, "received", f"internal_reader_failure {failure_id}")
    row = connection.execute(
        "select count(*) from ops.submission_events where submission_id = %s"
        " and reason like 'internal_reader_failure %%'",
        [submission_id],
    ).fetchone()
    return int(str(row[0])) if row else 0


# ---- looking -----------------------------------------------------------------------------------------------------


def submission(connection: AnyConnection, submission_id: int) -> Submission | None:
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            f"select {_SUBMISSION} from ops.submissions where submission_id = %s", [submission_id]
        ).fetchone()


def submissions(connection: AnyConnection, *, limit: int | None = None) -> list[Submission]:
    """Newest first."""
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            f"select {_SUBMISSION} from ops.submissions order by submission_id desc limit %s", [limit]
        ).fetchall()


def events(connection: AnyConnection, submission_id: int) -> list[dict[str, object]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select state, occurred_at, actor, reason from ops.submission_events where submission_id = %s"
            " order by event_id",
            [submission_id],
        ).fetchall()


def waiting(connection: AnyConnection) -> list[dict[str, object]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select path, size_bytes, modified_at, first_seen_at, last_seen_at, reason_code from ops.landing_waiting"
            " order by first_seen_at, path"
        ).fetchall()


# ---- papers ------------------------------------------------------------------------------------------------------


def papers_owed(connection: AnyConnection) -> list[Submission]:
    """Submissions whose outbox folder tells their agency something else than the ledger."""
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        return cursor.execute(
            f"select {_SUBMISSION} from ops.submissions where outbox_state is distinct from state"
            " order by submission_id"
        ).fetchall()


def papers_written(connection: AnyConnection, submission_id: int, state: State) -> None:
    connection.execute("update ops.submissions set outbox_state = %s where submission_id = %s", [state, submission_id])


# ---- inside ------------------------------------------------------------------------------------------------------


def _scope(received: Received) -> dict[str, str]:
    return {
        "agency_id": received.agency_id,
        "dataset_id": received.dataset_id,
        "period": received.period,
        "part": received.part,
    }


def _judge(connection: AnyConnection, checked: Checked, state: State, why: str | None) -> None:
    connection.execute(
        "update ops.submissions set verdict = %s, reason_code = %s, contract_version = %s, rows = %s,"
        " accepted_rows = %s, rejected_rows = %s, base_submission_id = %s where submission_id = %s",
        [
            checked.verdict,
            checked.reason_code,
            checked.contract_version,
            checked.rows,
            checked.accepted_rows,
            checked.rejected_rows,
            checked.base_submission_id,
            checked.received.submission_id,
        ],
    )
    _move(connection, checked.received.submission_id, state, why)


def _mends(checked: Checked) -> str | None:
    if checked.base_submission_id is None:
        return None
    return f"submission {checked.base_submission_id} with {checked.mended_rows} rows corrected"


def _move(connection: AnyConnection, submission_id: int, state: State, why: str | None) -> None:
    connection.execute("update ops.submissions set state = %s where submission_id = %s", [state, submission_id])
    _event(connection, submission_id, state, why)


def _event(connection: AnyConnection, submission_id: int, state: State, why: str | None) -> None:
    connection.execute(
        "insert into ops.submission_events (submission_id, state, occurred_at, actor, reason)"
        " values (%s, %s, %s, %s, %s)",
        [submission_id, state, clock.now(), actor(), why],
    )
