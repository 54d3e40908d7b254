"""Workers that take in files, forked from a process that has imported everything, and told when to be struck.

A step is what can be half done: a statement, a commit, a block of COPY, an answer of the reading child, and every
opening, renaming, linking or removing of a file.
"""

import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

import psycopg

from benchmarks.soak.strikes import Kind, strike
from core import database
from core.errors import UserFacingError
from core.settings import reload as reload_settings
from core.settings import settings
from ingestion import archive, intake
from ingestion.checking import References
from ingestion.contracts import load_contracts
from ingestion.reading.workbook import Workbook

PRELOADED = ["__main__", "benchmarks.soak.worker"]
FILE_STEPS = frozenset(
    {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.chmod", "os.truncate", "subprocess.Popen"}
)
COUNTED = (
    (psycopg.Connection, "execute"),
    (psycopg.Connection, "commit"),
    (psycopg.Cursor, "execute"),
    (psycopg.Cursor, "executemany"),
    (psycopg.Copy, "write"),
)
READER_STEPS = ((Workbook, "answer"), (Workbook, "receive"))
LIMIT_SECONDS = 120

References.load()
load_contracts()


@dataclass(frozen=True, slots=True)
class Plan:
    """When a worker is struck: at its n-th step, so many seconds after it began, or when it opens `deadly` in the
    archive, as if that file took all memory; none of them: never.
    """

    kind: Kind
    step: int | None = None
    seconds: float | None = None
    deadly: str | None = None  # SHA-256


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker ended. `told`: what a user would have read; `fault`: a traceback nobody should ever see."""

    how: Literal["done", "killed", "told", "fault"]
    seconds: float
    struck: bool
    steps: int = 0
    told: str = ""


class Countdown:
    """Counts steps; at the n-th it strikes, at a later one if there is nothing to strike yet."""

    def __init__(self, plan: Plan | None) -> None:
        self.plan, self.steps, self.struck, self._striking = plan, 0, False, False

    def step(self) -> None:
        if self._striking:
            return
        self.steps += 1
        if self.plan and self.plan.step is not None and not self.struck and self.steps >= self.plan.step:
            self._striking = True
            self.struck = strike(self.plan.kind, os.getpid())
            self._striking = False

    def watch(self) -> None:
        counted = READER_STEPS if self.plan and self.plan.kind is Kind.READER else COUNTED + READER_STEPS
        for owner, name in counted:
            setattr(owner, name, self._counted(getattr(owner, name)))
        if counted is not READER_STEPS:
            home = str(settings().home)
            deadly = str(archive.path_of(self.plan.deadly)) if self.plan and self.plan.deadly else None

            def audit(event: str, arguments: tuple[Any, ...]) -> None:
                if event == "open" and str(arguments[0]) == deadly and Path(str(deadly)).exists():
                    strike(Kind.WORKER, os.getpid())
                if event in FILE_STEPS and (event == "subprocess.Popen" or str(arguments[0]).startswith(home)):
                    self.step()

            sys.addaudithook(audit)

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **options: object) -> object:
            self.step()
            return function(*arguments, **options)

        return call


def ingest() -> None:
    """What the flow does in its two tasks."""
    intake.receive_all()
    intake.process_all()


def _live(environment: dict[str, str], plan: Plan | None, sender: "Connection[Any, Any]") -> None:
    for name in [name for name in os.environ if name.startswith("CHAIDAEN_")]:
        del os.environ[name]  # those of whoever needed the first worker
    os.environ.update(environment)
    reload_settings()
    database.forget()
    countdown = Countdown(plan)
    how, told = "done", ""
    database.url()  # starting up is tested elsewhere; here the steps of intake count
    sender.send(("began", 0, False, ""))
    countdown.watch()
    try:
        ingest()
    except UserFacingError as error:
        how, told = "told", f"{error.message} {error.cure or 'NO CURE'}"
    except BaseException:
        how, told = "fault", traceback.format_exc()
    sender.send((how, countdown.steps, countdown.struck, told))


class Running:
    """A worker at work."""

    def __init__(self, plan: Plan | None = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        self._receiver, sender = context.Pipe(duplex=False)
        environment = {name: value for name, value in os.environ.items() if name.startswith("CHAIDAEN_")}
        self._process = context.Process(target=_live, args=(environment, plan, sender))
        self._process.start()
        sender.close()
        self._receive()
        self._began, self._plan, self._struck = time.monotonic(), plan, False

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def strike(self, kind: Kind) -> bool:
        """Kill it, or something under it, now."""
        struck = strike(kind, self.pid)
        self._struck = self._struck or struck
        return struck

    def end(self) -> Ended:
        """Wait for the end, striking when it is time to."""
        plan = self._plan
        if plan is not None and plan.seconds is not None:
            self._process.join(max(0.0, self._began + plan.seconds - time.monotonic()))
            while self.is_alive and not self.strike(plan.kind):
                time.sleep(0.002)  # a reader is not there all the time
        self._process.join(LIMIT_SECONDS)
        seconds = time.monotonic() - self._began
        if self.is_alive:
            self._process.kill()
            self._process.join()
            return Ended("fault", seconds, self._struck, told=f"still running after {LIMIT_SECONDS} seconds")
        last = self._receive()
        self._receiver.close()
        if last is None:
            struck_itself = plan is not None and plan.seconds is None
            return Ended("killed", seconds, self._struck or struck_itself)
        how, steps, struck, told = last
        return Ended(how, seconds, self._struck or struck, steps, told)

    def _receive(self) -> tuple[Any, ...] | None:
        try:
            return tuple(self._receiver.recv())
        except EOFError:
            return None


def run(plan: Plan | None = None) -> Ended:
    """One worker, from its beginning to its end."""
    return Running(plan).end()
