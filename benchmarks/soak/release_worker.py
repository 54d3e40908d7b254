"""Runs of the flow from the ledger to the readers, forked from a warm process and struck when they are told to be.

dbt and Great Expectations take ten seconds to import, so one process imports them once and forks a run for each order.
A step is a statement of ours, of dbt or of the gate, and every opening, renaming or removing of a file.
"""

import ast
import multiprocessing
import os
import signal
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.soak.strikes import strike
from benchmarks.soak.worker import Countdown, Ended, Plan
from core import database
from core.errors import UserFacingError
from core.settings import reload as reload_settings

LIMIT_SECONDS = 300  # a whole night with its gate hangs if it takes longer


class FlowCountdown(Countdown):
    """Counts the statements of dbt and of the gate as well."""

    def watch(self) -> None:
        from dbt.adapters.sql import SQLConnectionManager
        from sqlalchemy.engine import Connection as Engine

        super().watch()
        for owner, name in ((SQLConnectionManager, "add_query"), (Engine, "execute")):
            setattr(owner, name, self._counted(getattr(owner, name)))


class Warm:
    """A process that has imported everything and forks a run of the flow for each order."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._orders, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,))
        self._process.start()
        there.close()

    def run(self, plan: Plan | None = None) -> Ended:
        """One run, from its beginning to its end, on the warehouse of this process's settings."""
        environment = {name: value for name, value in os.environ.items() if name.startswith("CHAIDAEN_")}
        self._orders.send((environment, plan))
        ended: Ended = self._orders.recv()
        return ended

    def close(self) -> None:
        self._orders.close()
        self._process.join(10)


def _serve(orders: "Connection[Any, Any]") -> None:
    import dbt.cli.main
    import great_expectations

    import publication.flow  # noqa: F401 - loaded here, so that every fork finds it warm

    del dbt, great_expectations
    parsed = False
    while True:
        try:
            environment, plan = orders.recv()
        except EOFError:
            return
        if not parsed:
            _parse(environment)
            parsed = True
        orders.send(_run(environment, plan))


def _parse(environment: dict[str, str]) -> None:
    """Once for all runs, as a worker that lives on would have it."""
    from publication import dbt

    _take_over(environment)
    dbt.parse()


def _take_over(environment: dict[str, str]) -> None:
    """The settings of whoever ordered the run, and none of ours."""
    for name in [name for name in os.environ if name.startswith("CHAIDAEN_")]:
        del os.environ[name]
    os.environ.update(environment)
    reload_settings()
    database.forget()


def _run(environment: dict[str, str], plan: Plan | None) -> Ended:
    answers, told = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(answers)
        try:
            os.write(told, repr(_live(environment, plan)).encode())
        except BaseException:
            os.write(told, repr(("fault", 0, False, traceback.format_exc()[-3000:])).encode())
        finally:
            os._exit(0)
    os.close(told)
    struck = _watch(child, plan, began)
    seconds = time.monotonic() - began
    with os.fdopen(answers, "rb") as said:
        words = said.read().decode()
    if not words:
        return Ended("killed", seconds, struck or (plan is not None and plan.step is not None))
    how, steps, struck_itself, text = ast.literal_eval(words)
    return Ended(how, seconds, struck or struck_itself, steps, text)


def _watch(child: int, plan: Plan | None, began: float) -> bool:
    """Until it ends; strikes from outside when the clock is to. Whether it struck."""
    struck = False
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        elapsed = time.monotonic() - began
        if plan is not None and plan.seconds is not None and not struck and elapsed >= plan.seconds:
            struck = strike(plan.kind, child)
        if elapsed > LIMIT_SECONDS:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)
    return struck


def _live(environment: dict[str, str], plan: Plan | None) -> tuple[str, int, bool, str]:
    """(how, steps, struck, what it said) of a run in this process."""
    from publication.flow import build_and_publish

    for stream in (1, 2):  # what libraries say
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    _take_over(environment)
    database.url()
    countdown = FlowCountdown(plan)
    countdown.watch()
    try:
        result = build_and_publish(actor="soak")
    except UserFacingError as error:
        return "told", countdown.steps, countdown.struck, f"{error.message} {error.cure or 'NO CURE'}"
    except Exception as error:
        if plan is not None:  # Airflow tries such a step again
            return "told", countdown.steps, countdown.struck, f"{type(error).__name__}: {error}"
        return "fault", countdown.steps, countdown.struck, traceback.format_exc()
    return "done", countdown.steps, countdown.struck, result.ending
