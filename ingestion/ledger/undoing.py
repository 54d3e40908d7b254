"""Decisions of people: release a hold, withdraw, undo a withdrawal, count as released."""

from collections.abc import Collection

from ingestion.ledger.moves import move, move_all
from ingestion.ledger.rows import AnyConnection
from ingestion.stages import State


def put_to_work_again(connection: AnyConnection, submission_ids: list[int], why: str) -> None:
    """Held submissions are to be processed again, from the archive."""
    move_all(connection, submission_ids, "received", why)
    connection.execute(  # their papers say `held`, perhaps with other reasons than they will have
        "update ops.submissions set outbox_state = null, verdict = null, reason_code = null"
        " where submission_id = any(%s)",
        [submission_ids],
    )


def waive(connection: AnyConnection, submission_id: int, codes: Collection[str]) -> None:
    """These doubts hold the submission no more."""
    connection.execute(
        "update ops.submissions set waived_holds = array(select distinct unnest(waived_holds || %s::text[]) order by 1)"
        " where submission_id = %s",
        [sorted(codes), submission_id],
    )


def waived(connection: AnyConnection, submission_id: int) -> frozenset[str]:
    """Codes of the doubts that were waived."""
    row = connection.execute(
        "select waived_holds from ops.submissions where submission_id = %s", [submission_id]
    ).fetchone()
    return frozenset(row[0]) if row else frozenset()  # type: ignore[call-overload]  # a text[]


def told(connection: AnyConnection, submission_id: int) -> frozenset[str]:
    """Codes of everything the report of a submission says about it."""
    rows = connection.execute(
        "select distinct code from ops.issues where submission_id = %s", [submission_id]
    ).fetchall()
    return frozenset(str(code) for (code,) in rows)


def forget_first_look(connection: AnyConnection, submission_id: int) -> None:
    """Remove what an earlier look at a submission found that was held; what people said to it stays."""
    row = connection.execute(
        "select exists (select from ops.submission_events where submission_id = %s and previous_state = 'held')",
        [submission_id],
    ).fetchone()
    if row != (True,):
        return
    for table, key in (
        ("ops.issues", "submission_id"), ("ops.repairs", "submission_id"), ("ops.findings", "submission_id"),
        ("vault.rejected_rows", "_submission_id"),
    ):  # fmt: skip
        connection.execute(f"delete from {table} where {key} = %s", [submission_id])


def withdraw(connection: AnyConnection, submission_id: int, why: str) -> None:
    move(connection, submission_id, "withdrawn", why)


def undo_withdrawal(connection: AnyConnection, submission_id: int, why: str) -> State:
    """Back to what it was; an effective one to `released` only if the published release is still made of it."""
    row = connection.execute(
        "select case when e.previous_state = 'held' then 'held'"
        " when exists (select from store.current as c join ops.release_submissions as r using (release_id)"
        " where r.submission_id = e.submission_id) then 'released' else 'loaded' end"
        " from ops.submission_events as e where e.submission_id = %s and e.state = 'withdrawn'"
        " order by e.event_id desc limit 1",
        [submission_id],
    ).fetchone()
    state: State = "loaded" if row is None else row[0]  # type: ignore[assignment]  # one of three
    move(connection, submission_id, state, why)
    return state


def state_before_withdrawal(connection: AnyConnection, submission_id: int) -> str | None:
    """The state it was withdrawn from the last time."""
    row = connection.execute(
        "select previous_state from ops.submission_events where submission_id = %s and state = 'withdrawn'"
        " order by event_id desc limit 1",
        [submission_id],
    ).fetchone()
    return None if row is None else str(row[0])


def why_withdrawn(connection: AnyConnection, submission_id: int) -> str | None:
    """The reason given for the last withdrawal."""
    row = connection.execute(
        "select reason from ops.submission_events where submission_id = %s and state = 'withdrawn'"
        " order by event_id desc limit 1",
        [submission_id],
    ).fetchone()
    return None if row is None or row[0] is None else str(row[0])


def mark_released(connection: AnyConnection, release_id: int, by: str) -> None:
    """The loaded submissions a release is made of count as released now that readers see it."""
    rows = connection.execute(
        "select s.submission_id from ops.submissions as s join ops.release_submissions as r using (submission_id)"
        " where r.release_id = %s and s.state = 'loaded' order by s.submission_id for update of s",
        [release_id],
    ).fetchall()
    if rows:
        move_all(connection, [int(str(n)) for (n,) in rows], "released", f"release {release_id}", by=by)
