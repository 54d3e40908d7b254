"""What becomes of a submission that was claimed."""

from psycopg.rows import class_row

from ingestion.issues import Issue
from ingestion.ledger.moves import move, move_all
from ingestion.ledger.rows import SAME_SCOPE, AnyConnection, Effective, Submission, scope
from ingestion.stages import Checked, Received, State


def effective(connection: AnyConnection, of: Received | Submission) -> Effective | None:
    """The revision that counts in the scope of a submission, if there is one."""
    with connection.cursor(row_factory=class_row(Effective)) as cursor:
        return cursor.execute(
            "select submission_id, sha256, coalesce(accepted_rows, 0) as accepted_rows, content_date"
            f" from ops.submissions where {SAME_SCOPE} and state in ('loaded', 'released')",
            scope(of),
        ).fetchone()


def effective_submissions(connection: AnyConnection) -> list[int]:
    """The submissions that count now, one per scope (a unique index sees to it), in order of arrival."""
    rows = connection.execute(
        "select submission_id from ops.submissions where state in ('loaded', 'released') order by submission_id"
    ).fetchall()
    return [int(str(row[0])) for row in rows]


def load(connection: AnyConnection, checked: Checked, earlier: Effective | None) -> None:
    """Make a checked submission the effective revision of its scope; earlier ones, held ones too, are superseded."""
    received = checked.received
    _judge(connection, checked, "checked", _mends(checked))
    displaced = [] if earlier is None else [earlier.submission_id]
    displaced += _held_before(connection, received)
    if displaced:
        move_all(connection, displaced, "superseded", f"replaced by submission {received.submission_id}")
        connection.execute(
            "update ops.submissions set superseded_by = %s where submission_id = any(%s)",
            [received.submission_id, displaced],
        )
    connection.execute(
        "update ops.submissions set revision = 1 + coalesce("
        f"(select max(revision) from ops.submissions where {SAME_SCOPE}), 0) where submission_id = %(submission_id)s",
        {**scope(received), "submission_id": received.submission_id},
    )
    move(connection, received.submission_id, "loaded", None)


def reject(connection: AnyConnection, checked: Checked) -> None:
    """The sender must correct it and drop it again."""
    _judge(connection, checked, "rejected", checked.reason_code)


def hold(connection: AnyConnection, checked: Checked) -> None:
    """Somebody must decide; until then the earlier revision counts."""
    _judge(connection, checked, "held", checked.reason_code)


def mark_duplicate(connection: AnyConnection, received: Received, original: Effective) -> None:
    """The bytes of the scope's effective revision again."""
    connection.execute(
        "update ops.submissions set duplicate_of = %s, verdict = null, reason_code = 'duplicate_submission'"
        " where submission_id = %s",
        [original.submission_id, received.submission_id],
    )
    move(connection, received.submission_id, "duplicate", f"same bytes as submission {original.submission_id}")


def turn_away(
    connection: AnyConnection, submission_id: int, reason_code: str, state: State = "rejected", why: str | None = None
) -> None:
    """End a submission without having read a row of it: rejected at the door, or held after reading failed."""
    connection.execute(
        "update ops.submissions set verdict = %s, reason_code = %s where submission_id = %s",
        [state, reason_code, submission_id],
    )
    _keep_findings(connection, submission_id)
    move(connection, submission_id, state, why or reason_code)


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
    """Record that reading failed through a fault of ours; returns how often it has since it was last put to work."""
    move(connection, submission_id, "received", f"internal_reader_failure {failure_id}")
    row = connection.execute(
        "select count(*) from ops.submission_events where submission_id = %s and state = 'received'"
        " and reason like 'internal_reader_failure %%' and event_id > coalesce((select max(event_id)"
        " from ops.submission_events where submission_id = %s and previous_state = 'held'), 0)",
        [submission_id, submission_id],
    ).fetchone()
    return int(str(row[0])) if row else 0


def _judge(connection: AnyConnection, checked: Checked, state: State, why: str | None) -> None:
    connection.execute(
        "update ops.submissions set verdict = %s, reason_code = %s, contract_version = %s, rows = %s,"
        " accepted_rows = %s, rejected_rows = %s, base_submission_id = %s, content_date = %s, content_date_cell = %s"
        " where submission_id = %s",
        [
            checked.verdict,
            checked.reason_code,
            checked.contract_version,
            checked.rows,
            checked.accepted_rows,
            checked.rejected_rows,
            checked.base_submission_id,
            checked.content_date,
            checked.content_date_cell,
            checked.received.submission_id,
        ],
    )
    _keep_findings(connection, checked.received.submission_id)
    move(connection, checked.received.submission_id, state, why)


def _keep_findings(connection: AnyConnection, submission_id: int) -> None:
    """Count its problems by code, for the marts."""
    connection.execute("select ops.keep_findings(%s)", [submission_id])


def _mends(checked: Checked) -> str | None:
    if checked.base_submission_id is None:
        return None
    return f"submission {checked.base_submission_id} with {checked.mended_rows} rows corrected"


def _held_before(connection: AnyConnection, received: Received) -> list[int]:
    rows = connection.execute(
        f"select submission_id from ops.submissions where {SAME_SCOPE} and state = 'held'"
        " and submission_id < %(submission_id)s order by submission_id",
        {**scope(received), "submission_id": received.submission_id},
    ).fetchall()
    return [int(str(row[0])) for row in rows]
