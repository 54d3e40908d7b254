"""Connections to the warehouse, whichever PostgreSQL it is in."""

import functools
import threading
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg.rows import TupleRow

from core import migrate
from core.errors import DatabaseUnavailable, UsageError
from core.postgres import EmbeddedServer
from core.roles import LOGIN_ROLES, ensure_roles
from core.secrets import password
from core.settings import settings

_ready = threading.Lock()


def url(role: str | None = None) -> str:
    """`postgresql://` URL of the owner, or of one reader role; starts and migrates the warehouse if need be.

    Raises UsageError for a role that does not exist, DatabaseUnavailable when there is no server to reach.
    """
    if role is not None and role not in LOGIN_ROLES:
        raise UsageError(f"There is no role {role}.", cure=f"Roles: {', '.join(LOGIN_ROLES)}; none: the owner.")
    home = settings()
    with _ready:
        owner_url = _prepare(str(home.home), home.database_url)
    return owner_url if role is None else _as_role(owner_url, role)


def server_url(database: str) -> str:
    """Owner's URL of another database in the same server (Airflow's metadata, scratch databases)."""
    return urlunsplit(urlsplit(url())._replace(path=f"/{database}"))


def connect(
    role: str | None = None, *, application: str = "chaidaen", autocommit: bool = False
) -> psycopg.Connection[TupleRow]:
    """A psycopg 3 connection, in UTC. If the embedded server has died since, it is started again once."""
    for attempt in (1, 2):
        try:
            return psycopg.connect(
                url(role),
                application_name=application,
                autocommit=autocommit,
                connect_timeout=10,
                options="-c TimeZone=UTC",
            )
        except psycopg.OperationalError as error:
            forget()
            if attempt == 2:
                raise _unreachable(error) from error
    raise AssertionError("unreachable")


def forget() -> None:
    """Look again whether the server runs and is migrated (after it was stopped, or the settings changed)."""
    _prepare.cache_clear()


@functools.cache
def _prepare(home: str, database_url: str | None) -> str:
    """Once per process and home: a running, migrated warehouse. Returns its owner's URL."""
    del home
    owner_url = database_url or EmbeddedServer(settings().home).start()
    try:
        with psycopg.connect(owner_url, application_name="chaidaen migrate", connect_timeout=10) as connection:
            ensure_roles(connection)
            migrate.migrate(connection)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from error
    return owner_url


def _as_role(owner_url: str, role: str) -> str:
    parts = urlsplit(owner_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password(role), safe='')}@{host}"))


def _unreachable(error: psycopg.OperationalError) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"PostgreSQL cannot be reached: {str(error).strip()}",
        cure="Check CHAIDAEN_DATABASE_URL and that its server runs; without that variable the embedded server is used.",
    )
