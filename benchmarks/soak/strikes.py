"""What can be killed under a worker that takes in files, and the killing itself, from inside the worker or outside."""

import contextlib
import os
import signal
from collections.abc import Callable
from enum import StrEnum

import psutil
import psycopg

from core.postgres import EmbeddedServer
from core.settings import settings

SESSIONS = "application_name like 'chaidaen %' and pid <> pg_backend_pid()"


class Kind(StrEnum):
    """What is killed."""

    WORKER = "worker"  # kill -9 of the process that receives, checks, loads and writes papers
    READER = "reader"  # kill -9 of the child that reads or marks a workbook for it
    SESSION = "session"  # pg_terminate_backend of its database sessions
    BACKEND = "backend"  # kill -9 of one of them: PostgreSQL throws out everybody and recovers
    SERVER = "server"  # kill -9 of the postmaster


def strike(kind: Kind, worker_pid: int) -> bool:
    """Kill it. False when there was nothing of this kind to kill at this moment."""
    return _STRIKES[kind](worker_pid)


def _worker(worker_pid: int) -> bool:
    return _kill(worker_pid)


def _reader(worker_pid: int) -> bool:
    try:
        children = psutil.Process(worker_pid).children()
    except psutil.NoSuchProcess:
        return False
    return bool(sum(_kill(child.pid) for child in children))  # all of them


def _session(worker_pid: int) -> bool:
    del worker_pid
    with contextlib.suppress(psycopg.OperationalError), _observer() as connection:
        statement = f"select pg_terminate_backend(pid) from pg_stat_activity where {SESSIONS}"
        return bool(connection.execute(statement).fetchall())
    return False


def _backend(worker_pid: int) -> bool:
    del worker_pid
    with contextlib.suppress(psycopg.OperationalError), _observer() as connection:
        sessions = connection.execute(f"select pid from pg_stat_activity where {SESSIONS}").fetchall()
        return bool(sessions) and _kill(sessions[0][0])
    return False


def _server(worker_pid: int) -> bool:
    del worker_pid
    postmaster = EmbeddedServer(settings().home).running()
    return postmaster is not None and _kill(postmaster.pid)


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _observer() -> psycopg.Connection[tuple[object, ...]]:
    """A session that starts nothing and waits for nobody."""
    url = EmbeddedServer(settings().home).url()
    return psycopg.connect(url, autocommit=True, application_name="soak observer", connect_timeout=5)


_STRIKES: dict[Kind, Callable[[int], bool]] = {
    Kind.WORKER: _worker,
    Kind.READER: _reader,
    Kind.SESSION: _session,
    Kind.BACKEND: _backend,
    Kind.SERVER: _server,
}
