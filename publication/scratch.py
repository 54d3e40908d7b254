"""A warehouse beside the warehouse, for one rebuild: a database of its own in the same server, gone afterwards.

Its name is known beforehand and only one rebuild runs at a time, so what a killed one left is removed by the next.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core import database
from core.errors import UserFacingError
from core.postgres import EmbeddedServer
from core.settings import environment, settings
from core.settings import reload as reload_settings

REBUILDING = 7_243_003  # beside those of publication.locks
_LOCALE_WORD = {"i": "icu_locale", "b": "builtin_locale"}
_PROVIDER = {"c": "libc", "i": "icu", "b": "builtin"}


@contextmanager
def scratch_warehouse(release_id: int) -> Iterator[Connection[TupleRow]]:
    """Inside the block `core.database` leads to an empty, migrated warehouse; archive, key and contracts stay.

    Yields a connection to the real one, which is only read. Where the owner may not create databases, an embedded
    server of its own is started. Raises UserFacingError when another rebuild is running.
    """
    with database.connect(application="chaidaen rebuild", autocommit=True) as real:
        _be_alone(real)
        folder = settings().home / "rebuild"
        _clean(real, folder)
        name = f"{real.info.dbname}_rebuild_{release_id}"
        url = database.server_url(name) if _create(real, name) else ""
        try:
            with _settings_of_scratch(folder, url):
                yield real
        finally:
            _clean(real, folder)


def _be_alone(real: Connection[TupleRow]) -> None:
    """Until the connection ends, which it does when its process is killed."""
    if real.execute("select pg_try_advisory_lock(%s)", [REBUILDING]).fetchone() != (True,):
        raise UserFacingError(
            "Another rebuild is running.",
            cure="Wait for it; its session is in pg_stat_activity as application 'chaidaen rebuild'.",
        )


def _create(real: Connection[TupleRow], name: str) -> bool:
    """A database that sorts and compares text as the real one does. False: the owner has no right to make one."""
    row = real.execute(
        "select pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider::text,"
        " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')"  # its name differs by server version
        " from pg_database as d where datname = current_database()"
    ).fetchone()
    assert row is not None  # noqa: S101  # we are connected to it
    encoding, collate, ctype, provider, locale = row
    options = [("encoding", encoding), ("lc_collate", collate), ("lc_ctype", ctype)]
    options.append(("locale_provider", _PROVIDER[provider]))
    if locale and provider in _LOCALE_WORD:
        options.append((_LOCALE_WORD[provider], locale))
    try:
        real.execute(
            sql.SQL("create database {} template template0 {}").format(
                sql.Identifier(name),
                sql.SQL(" ").join(sql.SQL(f"{word} {{}}").format(sql.Literal(value)) for word, value in options),
            )
        )
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def _clean(real: Connection[TupleRow], folder: Path) -> None:
    """Remove whatever a rebuild made, this one or one that was killed."""
    left = real.execute(
        "select datname from pg_database, concat(current_database(), '_rebuild_') as ours"
        " where starts_with(datname, ours) and substr(datname, length(ours) + 1) ~ '^[0-9]+$'"
    ).fetchall()
    for (name,) in left:
        real.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    if (folder / "postgres").exists():
        server = EmbeddedServer(folder)
        server.stop()
        shutil.rmtree(server.data_folder().parent, ignore_errors=True)  # not always inside the folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _settings_of_scratch(folder: Path, url: str) -> Iterator[None]:
    """dbt's parsed project lies in the home, so the scratch warehouse has a home too; what decides rows is the same."""
    here = settings()
    shared = {name: str(getattr(here, name)) for name in ("archive", "contracts", "pseudonym_key_file")}
    given = {"home": str(folder), "database_url": url, **shared}
    try:
        with environment({f"CHAIDAEN_{name.upper()}": value for name, value in given.items()}):
            reload_settings()
            database.forget()
            yield
    finally:
        reload_settings()
        database.forget()
