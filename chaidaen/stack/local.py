"""`chaidaen up` and `chaidaen down`: the stack to work in, on this machine only."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from chaidaen.stack import airflow, state, supervisor
from core.errors import UserFacingError
from core.postgres import EmbeddedServer
from core.settings import private_folder, settings

UP_SECONDS = 240
DOWN_SECONDS = 90
PHASES = {
    "database": "เริ่มฐานข้อมูล · starting PostgreSQL",
    "tables": "เตรียมฐานข้อมูลของ Airflow · preparing Airflow's database",
    "components": "เริ่ม Airflow · starting Airflow (about 30 seconds)",
}

_children: dict[int, subprocess.Popen[bytes]] = {}  # supervisors this process started, to be reaped by it


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is ready. `password` is given once in the life of a home."""

    url: str
    user: str
    password: str | None
    password_file: Path
    landing: Path
    outbox: Path
    was_running: bool


def up(console: Console | None = None) -> Stack:
    """Start PostgreSQL and Airflow in the background and return when files dropped into landing are acted upon.

    A stack that runs already is left alone. Raises UserFacingError with the reason when it does not come up.
    """
    console = console or Console(stderr=True)
    with _alone():
        was_running = is_ready()
        if not was_running:
            _end_remains()
            private_folder(settings().landing)
            _launch()
            _wait_until_ready(console)
    return Stack(
        url=airflow.api_url(),
        user=airflow.USER,
        password=_password_once(),
        password_file=airflow.passwords_file(),
        landing=settings().landing,
        outbox=settings().outbox,
        was_running=was_running,
    )


def down() -> bool:
    """Stop everything `up` started, and the embedded PostgreSQL. Returns whether anything ran."""
    with _alone():
        was_running = state.supervisor() is not None or bool(state.members())
        _end_remains()
        if settings().database_url is None:
            was_running = EmbeddedServer(settings().home).stop() or was_running
        return was_running


def is_ready() -> bool:
    """Whether the stack of this home runs and has come up."""
    now = state.read()
    return state.supervisor() is not None and now is not None and now.phase == "ready"


def _password_once() -> str | None:
    """The password, the first time anybody asks."""
    shown = state.folder() / "password_shown"
    if shown.exists():
        return None
    shown.touch()
    return airflow.user_password()


@contextmanager
def _alone() -> Iterator[None]:
    """One `up` or `down` of this home at a time."""
    try:
        with FileLock(state.folder() / "stack.lock", timeout=UP_SECONDS + DOWN_SECONDS):
            yield
    except Timeout as error:
        raise UserFacingError(
            "Another `chaidaen up` or `down` has been working on this stack for minutes.",
            cure=f"End that command, then try again. The log is {state.log_file()}.",
        ) from error


def _launch() -> None:
    log = state.log_file()
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "chaidaen.stack.supervisor"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            cwd=settings().project_root,
            env={**os.environ, "CHAIDAEN_HOME": str(settings().home)},
        )  # fmt: skip
    _children[child.pid] = child


def _wait_until_ready(console: Console) -> None:
    begun = time.monotonic()
    with console.status("เริ่มระบบ · starting") as shown:
        while time.monotonic() - begun < UP_SECONDS:
            now = state.read()
            if now is not None and now.phase == "ready":
                return
            if now is not None and now.phase == "failed":
                raise UserFacingError(now.problem or "The stack did not start.", cure=now.cure or _see_log())
            if all(child.poll() is not None for child in _children.values()):
                raise UserFacingError("The stack ended while starting.", cure=_see_log())
            if now is not None:
                shown.update(f"{PHASES[now.phase]} · {time.monotonic() - begun:.0f} s")
            time.sleep(0.25)
    _end_remains()
    raise UserFacingError(f"The stack did not come up within {UP_SECONDS} seconds.", cure=_see_log())


def _see_log() -> str:
    return f"See the end of {state.log_file()}, and run `chaidaen doctor`."


def _end_remains() -> None:
    """The supervisor stops its parts in order; whatever outlived it is found by its environment and ended."""
    process = state.supervisor()
    if process is not None:
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + DOWN_SECONDS
        while state.supervisor() is not None and time.monotonic() < deadline:
            _reap()
            time.sleep(0.1)
    _reap()
    supervisor.end(state.members())
    _reap()
    state.forget()


def _reap() -> None:
    for child in list(_children.values()):
        if child.poll() is not None:
            del _children[child.pid]
