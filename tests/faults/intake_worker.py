"""A worker that ingests and is killed by SIGKILL at its n-th step. Steps are what can be half done: statements, COPY
blocks, and every opening, renaming, linking or removing of a file.

    python -m tests.faults.intake_worker N      0: no kill, prints how many steps there were
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import psycopg

FILE_STEPS = frozenset({"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.chmod"})


class Countdown:
    """Counts steps; the n-th is never taken."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.steps = kill_at, 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, _: tuple[Any, ...]) -> None:
        if event in FILE_STEPS:
            self.step()

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.step()
            return function(*arguments, **options)

        return call


def main() -> None:
    from core import database
    from ingestion import intake
    from ingestion.checking import References
    from ingestion.contracts import load_contracts

    database.url()  # starting up is tested elsewhere; here the steps of intake count
    References.load()
    load_contracts()
    countdown = Countdown(int(sys.argv[1]))
    for owner, name in (
        (psycopg.Connection, "execute"),
        (psycopg.Cursor, "execute"),
        (psycopg.Cursor, "executemany"),
        (psycopg.Copy, "write"),
        (psycopg.Connection, "commit"),
    ):
        setattr(owner, name, countdown.counted(getattr(owner, name)))
    sys.addaudithook(countdown.audit)
    intake.receive_all()
    intake.process_all()
    print(countdown.steps)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
