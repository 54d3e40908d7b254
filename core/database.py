"""Connections to the warehouse, whichever PostgreSQL it is in."""

import functools
import threading
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg.rows import TupleRow
from tenacity import retry, retry_if_exception, stop_after_delay, wait_random_exponential

from core import migrate
from core.errors import DatabaseUnavailable, UsageError
from core.postgres import EmbeddedServer
from core.roles import LOGIN_ROLES, ensure_roles
from core.secrets import password
from core.settings import settings

RECOVERY_SECONDS = 60  # how long a server that is starting, or recovering from a crash, is waited for

_ready = threading.Lock()
# A machine that vanishes without a word is noticed within a minute, by us and by the server, whose locks then end.
_SESSION = "-c TimeZone=UTC -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"


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
    """A psycopg 3 connection, in UTC. If the embedded server has died since, it is started again once.

    Raises DatabaseUnavailable when there is no server to reach; one that is recovering from a crash is waited for.
    """
    for attempt in (1, 2):
        try:
            return _open(url(role), application, autocommit)
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
    try:
        owner_url = database_url or EmbeddedServer(settings().home).start()
    except OSError as error:
        raise DatabaseUnavailable(
            f"The embedded PostgreSQL could not be started: {error.strerror} ({error.filename}).",
            cure="Check that the disk has room and that CHAIDAEN_HOME can be written.",
        ) from error
    try:
        with _open(owner_url, "chaidaen migrate", False) as connection:
            ensure_roles(connection)
            migrate.migrate(connection)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from error
    return owner_url


def _is_coming(error: BaseException) -> bool:
    """A server that lives and only asks for patience: it starts, shuts down to start again, or recovers."""
    return isinstance(error, psycopg.OperationalError) and "the database system is " in str(error)


@retry(
    retry=retry_if_exception(_is_coming),
    wait=wait_random_exponential(multiplier=0.05, max=1),
    stop=stop_after_delay(RECOVERY_SECONDS),
    reraise=True,
)
def _open(server: str, application: str, autocommit: bool) -> psycopg.Connection[TupleRow]:
    return psycopg.connect(
        server,
        application_name=application,
        autocommit=autocommit,
        options=_SESSION,
        connect_timeout=10,
        keepalives_idle=30,
        keepalives_interval=10,
        keepalives_count=3,
    )


def lost(error: psycopg.OperationalError) -> DatabaseUnavailable:
    """What a user is told when the server failed in the middle of a transaction, which is thereby undone."""
    if isinstance(error, psycopg.errors.DiskFull):
        return DatabaseUnavailable(
            "The disk of the database is full.",
            cure="Nothing is half done. Free space on the disk of the database, then start the same command again.",
        )
    return DatabaseUnavailable(
        f"The database failed or went away in the middle: {type(error).__name__}.",
        cure="Nothing is half done. Start the same command again when it is back.",
    )


def _as_role(owner_url: str, role: str) -> str:
    parts = urlsplit(owner_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password(role), safe='')}@{host}"))


def _unreachable(error: psycopg.OperationalError) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"PostgreSQL cannot be reached: {str(error).strip()}",
        cure="Check CHAIDAEN_DATABASE_URL and that its server runs; without that variable the embedded server is used.",
    )
