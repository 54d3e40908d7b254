"""Brings the database to the state the code expects.

`core/migrations/*.sql` are applied once, in order, and never edited afterwards. `contracts/generated/*.sql` are
re-runnable and applied again whenever their text changes.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

from core import clock
from core.errors import DatabaseUnavailable
from core.settings import PROJECT_ROOT, settings

MIGRATIONS = PROJECT_ROOT / "core" / "migrations"

_LEDGER = """
create schema if not exists ops;
create table if not exists ops.migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null
);
"""


def migrate(connection: psycopg.Connection[TupleRow]) -> list[str]:
    """Apply what is missing, each file in a transaction of its own. Returns the names applied.

    Raises DatabaseUnavailable when an already applied migration has been edited.
    """
    files = [(path, path.read_text(encoding="utf-8")) for path in _files()]
    if not _pending(connection, files):
        connection.rollback()
        return []
    applied = []
    connection.execute("select pg_advisory_lock(hashtext('chaidaen migrate'))")
    try:
        connection.execute(_LEDGER)
        connection.commit()
        for path, text in _pending(connection, files):
            connection.execute(text)
            connection.execute(
                "insert into ops.migrations values (%s, %s, %s)"
                " on conflict (name) do update set sha256 = excluded.sha256, applied_at = excluded.applied_at",
                [_name(path), _sha256(text), clock.now()],
            )
            connection.commit()
            applied.append(_name(path))
    finally:
        connection.rollback()
        connection.execute("select pg_advisory_unlock(hashtext('chaidaen migrate'))")
        connection.commit()
    return applied


def _files() -> list[Path]:
    generated = settings().contracts / "generated"
    return [*sorted(MIGRATIONS.glob("*.sql")), *sorted(generated.glob("*.sql"))]


def _pending(connection: psycopg.Connection[TupleRow], files: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    if connection.execute("select to_regclass('ops.migrations')").fetchone() == (None,):
        return files
    applied: dict[str, str] = dict(connection.execute("select name, sha256 from ops.migrations").fetchall())
    pending = [(path, text) for path, text in files if applied.get(_name(path)) != _sha256(text)]
    for path, _ in pending:
        if path.parent == MIGRATIONS and _name(path) in applied:
            raise DatabaseUnavailable(
                f"The migration {_name(path)} was edited after this database had applied it.",
                cure="Put the change into a new migration; a database used only for trying out may be deleted instead.",
            )
    return pending


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
