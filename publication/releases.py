"""The life of a release: opened as a candidate, then held or published, later superseded or rolled back to."""

import getpass
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow, dict_row
from psycopg.types.json import Jsonb

from core import clock, database
from core.errors import GateFailed, Held, UsageError, UserFacingError
from ingestion import ledger
from publication import decisions, held_back, standing
from publication.decisions import Via
from publication.held_back import HeldBack
from publication.locks import POINTER, candidate_lock
from publication.recipe import LEDGER_NOW, Recipe, effective_recipe

State = Literal["candidate", "held", "published", "superseded"]
PASSABLE = ("passed", "warning")


@dataclass(frozen=True, slots=True)
class Release:
    """One row of `chaidaen releases --json`. Times are UTC.

    size_bytes is all a reader of the release may read; own_bytes is what no other release lists, and so would be freed
    with it. content_dropped_at: when it ceased to be kept; None as long as it is.
    """

    release_id: int
    status: State
    as_of: date
    created_at: datetime
    published_at: datetime | None
    gate: str | None
    approved_by: str | None
    submissions: int
    size_bytes: int
    own_bytes: int
    content_dropped_at: datetime | None
    code_version: str
    decision: str | None = None  # approved or rejected: the last one a person made
    decided_by: str | None = None
    decision_reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, (date, datetime)) else value
            for name, value in asdict(self).items()
        }


def person() -> str:
    """Who acts, for the record, when a human runs a command."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


# ---------------------------------------------------------------------------------------------------------- opening


def open_release(
    *,
    force: bool = False,
    actor: str = "chaidaen",
    submissions: Sequence[int] | None = None,
    without: Sequence[HeldBack] = (),
    fallback_of: int | None = None,
) -> int | None:
    """Open a candidate of the effective submissions as they are now, or return the unfinished one of equal recipe.

    None: nothing changed. That is so when the recipe is the published release's, or that of the newest release a
    decision was made on (held, or rolled back from): what somebody decided is not undone by building the same again.
    A gate that crashed has decided nothing: the same is judged again the next time.
    Datasets held back stay so until something of theirs changes. `force` opens a new one all the same, tries these
    anew and lets every model be built anew. A `fallback_of` a release that failed is always opened: of `submissions`
    instead of the effective ones, `without` the new ones of some datasets.
    """
    with candidate_lock() as lock, database.connect() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ  # submissions and ledger of one instant
        if submissions is None and not force:
            submissions, without = held_back.effective_without(connection)
        recipe = effective_recipe(connection, clock.today_not_before(_newest_as_of(connection)), submissions)
        if force:
            standing.forget(lock)
        elif fallback_of is None:
            if _nothing_to_build(connection, recipe):
                return None
            if (unfinished := _unfinished(connection, recipe)) is not None:
                return unfinished
        return _insert(connection, recipe, actor, without, fallback_of)


def _newest_as_of(connection: Connection[TupleRow]) -> date | None:
    row = connection.execute("select as_of from ops.releases order by release_id desc limit 1").fetchone()
    return row[0] if row else None


def _nothing_to_build(connection: Connection[TupleRow], recipe: Recipe) -> bool:
    decided = connection.execute(
        "select recipe, calendar from ops.releases where state = 'published' union all"
        " (select recipe, calendar from ops.releases where state <> 'candidate'"
        " and gate is distinct from 'crashed'"
        " and (fallback_of is null or gate = any(%s)) order by release_id desc limit 1)",
        [list(PASSABLE)],
    ).fetchall()
    if not recipe.submissions and not decided:
        return True
    return any(recipe.is_that_of(digest, calendar) for digest, calendar in decided)


def _unfinished(connection: Connection[TupleRow], recipe: Recipe) -> int | None:
    """The newest release, if its build was cut short and would end the same: every step may be run again."""
    row = connection.execute(
        "select release_id, state, recipe, calendar from ops.releases order by release_id desc limit 1"
    ).fetchone()
    return int(row[0]) if row and row[1] == "candidate" and recipe.is_that_of(row[2], row[3]) else None


def _insert(
    connection: Connection[TupleRow],
    recipe: Recipe,
    actor: str,
    without: Sequence[HeldBack],
    fallback_of: int | None,
) -> int:
    calendar = Jsonb(dict(recipe.calendar))
    row = connection.execute(
        "insert into ops.releases (state, as_of, recipe, calendar, code_version, created_at, fallback_of)"
        " values ('candidate', %s, %s, %s, %s, %s, %s) returning release_id",
        [recipe.as_of, recipe.digest, calendar, recipe.code_version, clock.now(), fallback_of],
    ).fetchone()
    release_id = int(row[0]) if row else 0
    given = {"release": release_id, "listed": recipe.numbers}
    connection.execute("insert into ops.release_submissions select %(release)s, unnest(%(listed)s::bigint[])", given)
    connection.execute(f"insert into ops.release_ledger select %(release)s, l.* from ({LEDGER_NOW}) as l", given)
    held_back.list_in_release(connection, release_id, without)
    record(connection, release_id, "opened", actor, f"instead of release {fallback_of}" if fallback_of else None)
    return release_id


def record(
    connection: Connection[TupleRow], release_id: int, event: str, actor: str, reason: str | None = None
) -> None:
    connection.execute(
        "insert into ops.release_events (release_id, event, occurred_at, actor, reason) values (%s, %s, %s, %s, %s)",
        [release_id, event, clock.now(), actor, reason],
    )


# --------------------------------------------------------------------------------------------------------- deciding


def publish(release_id: int, actor: str, *, approve: bool = False, via: Via = "command") -> None:
    """Let every reader see this release from their next statement on. Publishing the published one changes nothing.

    `approve` publishes a held release and keeps who did, by which gate report. Raises Held without it, GateFailed when
    the gate has not passed the release, UsageError when it was published before (a rollback) or does not exist.
    """
    with database.connect(application="chaidaen publish") as connection:
        state, gate, _ = _lock_release(connection, release_id)
        if state == "published":
            return
        if state == "superseded":
            raise UsageError(
                f"Release {release_id} was published before.",
                cure=f"Go back to it with `chaidaen rollback {release_id}`.",
            )
        if gate not in PASSABLE:
            raise GateFailed(
                f"Release {release_id} cannot be published: "
                + ("it has not been through the gate." if gate is None else f"the gate says {gate}."),
                cure=f"See `chaidaen gate {release_id}` and the gate report; correct the data, or the expectation.",
            )
        _refuse_dropped_content(connection, release_id)
        _refuse_missing_content(connection, release_id)
        if state == "held" and not approve:
            raise Held(
                f"Release {release_id} is held; the published release stands.",
                cure=f"Look at the gate report, then `chaidaen publish {release_id} --approve`.",
            )
        if approve:
            connection.execute("update ops.releases set approved_by = %s where release_id = %s", [actor, release_id])
            decisions.keep(connection, release_id, "approved", actor=actor, via=via)
        ledger.mark_released(connection, release_id, actor)
        record(connection, release_id, "published", actor)
        _switch(connection, release_id)


def hold(release_id: int, actor: str, reason: str) -> None:
    """Keep a candidate for somebody's decision; the published release stands."""
    with database.connect(application="chaidaen hold") as connection:
        state, _, _ = _lock_release(connection, release_id)
        if state == "held":
            return
        if state != "candidate":
            raise UsageError(f"Release {release_id} is {state} and cannot be held.", cure="See `chaidaen releases`.")
        connection.execute("update ops.releases set state = 'held' where release_id = %s", [release_id])
        record(connection, release_id, "held", actor, reason)


def rollback(release_id: int, actor: str) -> None:
    """Let every reader see an earlier release again; the same statement as publishing.

    Raises UsageError for a release that was never published, or whose content is no longer kept.
    """
    with database.connect(application="chaidaen rollback") as connection:
        state, _, published_at = _lock_release(connection, release_id)
        if state == "published":
            return
        if published_at is None:
            raise UsageError(
                f"Release {release_id} was never published, so there is nothing to go back to.",
                cure="See `chaidaen releases`; only superseded ones can be gone back to.",
            )
        _refuse_dropped_content(connection, release_id)
        record(connection, release_id, "rolled_back_to", actor)
        _switch(connection, release_id)


def _lock_release(connection: Connection[TupleRow], release_id: int) -> tuple[State, str | None, datetime | None]:
    connection.execute("select pg_advisory_xact_lock(%s)", [POINTER])
    row = connection.execute(
        "select state, gate, published_at from ops.releases where release_id = %s for update", [release_id]
    ).fetchone()
    if row is None:
        raise UsageError(f"There is no release {release_id}.", cure="See `chaidaen releases`.")
    return row[0], row[1], row[2]


def _refuse_dropped_content(connection: Connection[TupleRow], release_id: int) -> None:
    row = connection.execute(
        "select content_dropped_at from ops.releases where release_id = %s", [release_id]
    ).fetchone()
    if row and row[0]:
        raise UsageError(
            f"The content of release {release_id} is no longer kept; it was deleted on {row[0]:%Y-%m-%d}.",
            cure="`chaidaen releases` shows which are kept: the latest ones and the last of every month.",
        )


def _refuse_missing_content(connection: Connection[TupleRow], release_id: int) -> None:
    """A mart the readers know must have rows: an emptied one would pass for a fact.

    But one that was dropped in time, and one that is made of datasets nobody has sent.
    """
    rows = connection.execute(
        "with excused as (select m.mart from ops.release_marts as m"
        " join ops.releases as r on r.release_id = %(release)s and m.deprecation_date <= r.as_of"
        " except select mart from ops.release_marts where release_id = %(release)s"
        " union select mart from ops.release_marts_unsent where release_id = %(release)s)"
        " select relation from (select distinct relation from store.release_parts) as known"
        " where not exists (select from excused where relation in (mart, mart || '__safe', mart || '__cases'))"
        " and not exists (select from store.release_parts as rp join store.parts as p using (part_id)"
        " where rp.release_id = %(release)s and rp.relation = known.relation and p.row_count > 0) order by 1",
        {"release": release_id},
    ).fetchall()
    if rows:
        raise UserFacingError(
            f"Release {release_id} lacks rows in: {', '.join(row[0] for row in rows)}.",
            cure="Build it again: `chaidaen build --force`.",
        )


def _switch(connection: Connection[TupleRow], release_id: int) -> None:
    """States and pointer in one transaction; the pointer's UPDATE is what readers see."""
    now = clock.now()
    displaced = connection.execute(
        "update ops.releases set state = 'superseded' where state = 'published' returning release_id"
    ).fetchall()
    for (old,) in displaced:
        record(connection, old, "superseded", "chaidaen", f"by release {release_id}")
    connection.execute(
        "update ops.releases set state = 'published', published_at = coalesce(published_at, %s) where release_id = %s",
        [now, release_id],
    )
    connection.execute("update store.current set release_id = %s, switched_at = %s", [release_id, now])


# ---------------------------------------------------------------------------------------------------------- looking


def list_releases() -> list[Release]:
    """Every release, newest first."""
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "with listed as (select release_id, part_id, size_bytes, count(*) over (partition by part_id) as releases"
            " from store.release_parts join store.parts using (part_id)),"
            " sizes as (select release_id, sum(size_bytes)::bigint as size_bytes,"
            " coalesce(sum(size_bytes) filter (where releases = 1), 0)::bigint as own_bytes from listed group by 1)"
            " select r.release_id, r.state as status, r.as_of, r.created_at, r.published_at, r.gate, r.approved_by,"
            " r.code_version, r.content_dropped_at, d.decision, d.decided_by, d.reason as decision_reason,"
            " (select count(*) from ops.release_submissions as rs where rs.release_id = r.release_id) as submissions,"
            " coalesce(s.size_bytes, 0) as size_bytes, coalesce(s.own_bytes, 0) as own_bytes"
            " from ops.releases as r left join sizes as s using (release_id) left join lateral (select * from"
            " ops.release_decisions where release_id = r.release_id order by decision_id desc limit 1) as d on true"
            " order by r.release_id desc"
        )
        return [Release(**row) for row in cursor.fetchall()]


def published_release() -> int | None:
    with database.connect() as connection:
        row = connection.execute("select release_id from store.current").fetchone()
    return row[0] if row else None


def newest_release() -> int | None:
    with database.connect() as connection:
        row = connection.execute("select max(release_id) from ops.releases").fetchone()
    return row[0] if row else None


def as_of_date(release_id: int) -> date:
    with database.connect() as connection:
        row = connection.execute("select as_of from ops.releases where release_id = %s", [release_id]).fetchone()
    if row is None:
        raise UsageError(f"There is no release {release_id}.", cure="See `chaidaen releases`.")
    as_of: date = row[0]
    return as_of
