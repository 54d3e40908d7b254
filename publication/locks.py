"""Who may work on the one `candidate` schema, and who may move the pointer: locks that die with their holder."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from core import database
from core.errors import UserFacingError

CANDIDATE = 7_243_001  # any constant of ours; documented here so that pg_locks can be read
POINTER = 7_243_002
WAIT = "30min"


@contextmanager
def candidate_lock() -> Iterator[Connection[TupleRow]]:
    """Hold the `candidate` schema for one step. The lock is a session's: a killed builder lets go at once.

    Raises UserFacingError when another builder keeps it for half an hour.
    """
    with database.connect(application="chaidaen candidate", autocommit=True) as connection:
        connection.execute(f"set lock_timeout = '{WAIT}'")
        try:
            connection.execute("select pg_advisory_lock(%s)", [CANDIDATE])
        except psycopg.errors.LockNotAvailable:
            raise UserFacingError(
                f"Another build has been working on the candidate release for {WAIT}.",
                cure="See which session holds it: select * from pg_stat_activity"
                " where application_name = 'chaidaen candidate'.",
            ) from None
        connection.execute("reset lock_timeout")
        yield connection


@contextmanager
def building(release_id: int) -> Iterator[Connection[TupleRow]]:
    """Hold the `candidate` schema for a step of `release_id`.

    The schema belongs to the newest release. A builder that was overtaken stops here instead of mixing its tables
    with the other's. Raises UserFacingError then, and when the release is no candidate.
    """
    with candidate_lock() as connection:
        state = refuse_overtaken(connection, release_id)
        if state != "candidate":
            raise UserFacingError(
                f"Release {release_id} is {state}; only a candidate can be built.",
                cure="Start a new one with `chaidaen build --force`.",
            )
        yield connection


def refuse_overtaken(connection: Connection[TupleRow], release_id: int) -> str:
    """State of the release; the caller holds the candidate lock. Raises UserFacingError when it is not the newest."""
    row = connection.execute(
        "select state, (select max(release_id) from ops.releases) from ops.releases where release_id = %s",
        [release_id],
    ).fetchone()
    if row is None:
        raise UserFacingError(f"There is no release {release_id}.", cure="See `chaidaen releases`.")
    state, newest = row
    if newest != release_id:
        raise UserFacingError(
            f"Release {release_id} was overtaken by release {newest} and is built no further.",
            cure="Nothing to do: the newer one carries everything this one would have.",
        )
    return str(state)
