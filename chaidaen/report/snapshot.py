"""One release of the safe marts, read as any BI tool reads it and all in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow, class_row

from chaidaen.report.rows import Row
from core import database
from core.errors import UsageError

READER = "chaidaen_bi"
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A release as it is while it is read; a release published meanwhile changes nothing."""

    release_id: int
    as_of: date
    connection: Connection[TupleRow]

    def rows(self, kind: type[R], rest: str, parameters: dict[str, Any]) -> list[R]:
        """Rows of `kind` from its mart `m`; `rest` joins, filters and orders."""
        with self.connection.cursor(row_factory=class_row(kind)) as cursor:
            statement = f"select {kind.columns()} from marts.{kind.MART} as m {rest}"
            return cursor.execute(statement, parameters).fetchall()

    def row(self, kind: type[R], rest: str, parameters: dict[str, Any]) -> R | None:
        return next(iter(self.rows(kind, f"{rest} limit 1", parameters)), None)

    def knows(self, *marts: str) -> bool:
        """Whether readers have these marts at all; a younger mart is empty in releases before it."""
        found = self.connection.execute(
            "select count(*) from pg_views where schemaname = 'marts' and viewname = any(%s)", [list(marts)]
        ).fetchone()
        return found == (len(set(marts)),)


@contextmanager
def snapshot(release: int | None = None) -> Iterator[Snapshot]:
    """The published release, or the pinned one. Raises UsageError when there is none to read."""
    with database.connect(READER, application="chaidaen report") as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        yield Snapshot(*_release(connection, release), connection)


def _release(connection: Connection[TupleRow], pinned: int | None) -> tuple[int, date]:
    try:
        connection.execute("select set_config('chaidaen.release', %s, true)", [str(pinned or "")])
        found = connection.execute("select store.release()").fetchone()
        release_id = found[0] if found else None
    except psycopg.errors.RaiseException:
        raise UsageError(
            f"Release {pinned} does not exist or was never published (ไม่มีรุ่น {pinned} หรือยังไม่เคยเผยแพร่).",
            cure="`chaidaen releases` lists those that can be read.",
        ) from None
    if release_id is None:
        raise UsageError(
            "Nothing is published yet (ยังไม่มีข้อมูลรุ่นใดเผยแพร่).",
            cure="See `chaidaen status`; `chaidaen build` and `chaidaen publish` make a release by hand.",
        )
    reaches = connection.execute("select as_of_date from marts.release_notes limit 1").fetchone()
    if reaches is None:
        raise UsageError(
            f"The content of release {release_id} is no longer kept (ไม่ได้เก็บเนื้อหาของรุ่น {release_id} ไว้แล้ว).",
            cure="`chaidaen releases` shows which are kept: the latest ones and the last of every month.",
        )
    return int(release_id), reaches[0]
