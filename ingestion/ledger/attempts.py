"""Tries that began and never ended: how a file is known that brings down whoever works on it.

A try is counted before it is made, in a session of its own, and forgotten in the transaction that ends it, well or
badly. What is left was killed: the machine, a database session, the reader by somebody's `kill -9`, or the file did it.
So others go first, and after DEATHS in a row somebody has to look. Random kills hardly ever strike the same file so
often in a row.
"""

from typing import Literal

from core import clock
from ingestion.ledger.moves import actor
from ingestion.ledger.rows import AnyConnection

Work = Literal["decide", "papers"]
DEATHS = 8

_BEGIN = """
insert into ops.attempts as a (submission_id, work, begun, last_begun_at, last_actor)
values (%(submission_id)s, %(work)s, 1, %(now)s, %(actor)s)
on conflict (submission_id, work) do update
set begun = a.begun + 1, last_begun_at = excluded.last_begun_at, last_actor = excluded.last_actor
returning begun - 1
"""


def begin(apart: AnyConnection, submission_id: int, work: Work) -> int:
    """Count a try at once. Returns how many before it were never ended. `apart`: a session that commits by itself."""
    values = {"submission_id": submission_id, "work": work, "now": clock.now(), "actor": actor()}
    row = apart.execute(_BEGIN, values).fetchone()
    return int(str(row[0])) if row else 0


def end(connection: AnyConnection, submission_id: int, work: Work) -> None:
    """Whoever tried came back: the tries before it are forgotten with the transaction of the caller."""
    connection.execute("delete from ops.attempts where submission_id = %s and work = %s", [submission_id, work])
