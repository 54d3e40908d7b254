"""The only place that changes the state of a submission, and writes who did it, when and why.

Which state may follow which is data: `ops.submission_moves`. A deferred trigger refuses a change without its event.
"""

import getpass
import os

from core import clock
from core.errors import UserFacingError
from ingestion.ledger.rows import AnyConnection
from ingestion.stages import State

_MOVE = """
with before as (
    select submission_id, state from ops.submissions where submission_id = any(%(submissions)s) for update
), moved as (
    update ops.submissions as s set state = %(state)s from before
    where s.submission_id = before.submission_id and before.state = any(
        array(select m.previous_state from ops.submission_moves as m where m.state = %(state)s)
    )
    returning s.submission_id, before.state as previous_state
)
insert into ops.submission_events (submission_id, previous_state, state, occurred_at, actor, reason)
select submission_id, previous_state, %(state)s, %(now)s, %(actor)s, %(why)s from moved order by submission_id
returning submission_id
"""


class ForbiddenMove(UserFacingError):
    """A submission can't get into the state from the one it is in: somebody else was faster, or we are at fault."""


def actor() -> str:
    """Who acts: `CHAIDAEN_ACTOR` (schedulers set it), else the account that runs the command."""
    if named := os.environ.get("CHAIDAEN_ACTOR"):
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def move(
    connection: AnyConnection, submission_id: int, state: State, why: str | None, *, by: str | None = None
) -> None:
    """Put one submission into a state. Raises ForbiddenMove when its present state does not allow that."""
    move_all(connection, [submission_id], state, why, by=by)


def move_all(
    connection: AnyConnection, submission_ids: list[int], state: State, why: str | None, *, by: str | None = None
) -> None:
    """Put several submissions into a state, all or none. `by`: who, by default `actor()`."""
    given = {"submissions": submission_ids, "state": state, "now": clock.now(), "actor": by or actor(), "why": why}
    moved = {int(str(number)) for (number,) in connection.execute(_MOVE, given).fetchall()}
    if left := set(submission_ids) - moved:
        raise ForbiddenMove(
            f"Submission {min(left)} can't become {state} from the state it is in.",
            cure=f"See what happened to it: chaidaen receipt {min(left)}",
        )


def came_in(connection: AnyConnection, submission_id: int) -> None:
    """The first event of a submission that was just entered."""
    connection.execute(
        "insert into ops.submission_events (submission_id, state, occurred_at, actor) values (%s, 'received', %s, %s)",
        [submission_id, clock.now(), actor()],
    )
