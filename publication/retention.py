"""Which releases keep their content, and how the rest is deleted without a reader noticing.

Kept are the published release, the latest ones that were published, the last one of every month (Thai calendar), and
whatever still awaits a decision. The rows of `ops.releases` stay for ever; `content_dropped_at` says what is gone.
"""

from dataclasses import dataclass

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core import clock
from core.settings import settings
from publication.locks import POINTER, candidate_lock
from publication.releases import record

# %(keep)s: how many of the latest releases that were published.
_KEPT = """
    select release_id from store.current where release_id is not null
    union
    (select release_id from ops.releases where published_at is not null
    order by published_at desc, release_id desc limit %(keep)s)
    union
    select last_of_month from (
        select (array_agg(release_id order by published_at desc, release_id desc))[1] as last_of_month
        from ops.releases where published_at is not null
        group by date_trunc('month', published_at at time zone 'Asia/Bangkok')
    ) as months
    union
    select r.release_id from ops.releases as r
    where r.state in ('candidate', 'held') and (
        r.release_id > coalesce((select release_id from store.current), 0)
        or (r.state = 'held' and r.gate in ('passed', 'warning'))
    )
"""


@dataclass(frozen=True, slots=True)
class Dropped:
    """releases whose content is no longer kept; parts and bytes deleted because no kept release lists them."""

    releases: list[int]
    parts: int
    size_bytes: int


def drop_old_content(actor: str = "chaidaen", *, keep: int | None = None) -> Dropped:
    """Forget the content of releases no longer kept, delete the parts that only they had, and vacuum.

    Readers wait for nothing: a transaction that began before goes on seeing the rows it saw. Builders are kept out, so
    that no part is listed again while it is deleted; publishing waits for one part at most. Cut short anywhere, the
    next run does the rest.
    """
    kept = settings().keep_releases if keep is None else keep
    with candidate_lock() as connection:
        releases = _forget(connection, max(kept, 1), actor)
        parts = connection.execute(
            "select p.part_id, p.relation, p.size_bytes from store.parts as p where not exists"
            " (select from store.release_parts as rp where rp.part_id = p.part_id) order by p.part_id"
        ).fetchall()
        for part_id, relation, _ in parts:
            _delete_part(connection, part_id, relation)
        for relation in sorted({row[1] for row in parts}):
            # Without giving pages back to the disk, for which readers would have to wait; the next parts use them.
            connection.execute(sql.SQL("vacuum (truncate false, analyze) {}").format(sql.Identifier("store", relation)))
    return Dropped(releases, len(parts), sum(row[2] for row in parts))


def _forget(connection: Connection[TupleRow], keep: int, actor: str) -> list[int]:
    """From here on nobody can pin these releases or go back to them."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [POINTER])
        rows = connection.execute(
            "update ops.releases set content_dropped_at = %(now)s where content_dropped_at is null"
            f" and release_id not in ({_KEPT}) returning release_id",
            {"now": clock.now(), "keep": keep},
        ).fetchall()
        dropped = sorted(int(row[0]) for row in rows)
        connection.execute("delete from store.release_parts where release_id = any(%s)", [dropped])
        for release_id in dropped:
            record(connection, release_id, "content_dropped", actor)
    return dropped


def _delete_part(connection: Connection[TupleRow], part_id: int, relation: str) -> None:
    """One part, one short transaction."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [POINTER])
        table = sql.Identifier("store", relation)
        connection.execute(sql.SQL("delete from {} where _part_id = %s").format(table), [part_id])
        connection.execute("delete from store.parts where part_id = %s", [part_id])
