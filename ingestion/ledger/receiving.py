"""Entering drops into the ledger, and what waits in landing."""

from collections.abc import Sequence

from psycopg.rows import dict_row

from core import clock
from ingestion.landing import Waiting
from ingestion.ledger.moves import came_in
from ingestion.ledger.rows import AnyConnection
from ingestion.stages import Archived


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
    came_in(connection, submission_id)
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


def waiting(connection: AnyConnection) -> list[dict[str, object]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "select path, size_bytes, modified_at, first_seen_at, last_seen_at, reason_code from ops.landing_waiting"
            " order by first_seen_at, path"
        ).fetchall()
