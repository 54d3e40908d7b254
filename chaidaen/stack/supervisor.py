"""The one process behind `chaidaen up`: starts the parts of the stack, keeps them running, and stops them in order.

Airflow's own `standalone` binds every network interface and leaves children behind, so its components are started
singly, in this process's group, without their log servers (the API server reads the log files itself).
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import LiteralString

import psutil
import psycopg

from chaidaen.stack import airflow, state
from core import database
from core.errors import UserFacingError
from core.postgres import EmbeddedServer
from core.settings import settings

log = logging.getLogger("chaidaen.stack")

# In the order in which they start; they stop in the opposite one, the scheduler first, so that nothing new begins.
COMPONENTS = {
    "api-server": ["api-server", "--host", "127.0.0.1", "--workers", "1"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
}
JOBS = {"DagProcessorJob", "TriggererJob", "SchedulerJob"}
FLOWS = {"receive_submissions", "process_submissions", "build_and_publish"}
READY_SECONDS = 180
STOP_SECONDS = 20
RESTART_AFTER_SECONDS = 5


class Supervisor:
    """`run` returns when it was asked to stop (SIGTERM or SIGINT), with everything stopped."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ended_at: dict[str, float] = {}
        self.environment: dict[str, str] = {}

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        me = psutil.Process()
        now = state.StackState(me.pid, me.create_time(), "database", "")
        state.write(now)
        try:
            database.url()
            airflow.choose_api_port()
            self.environment = {**os.environ, **airflow.environment(), state.MARKER: str(settings().home)}
            now = state.StackState(me.pid, me.create_time(), "tables", airflow.api_url())
            state.write(now)
            airflow.migrate()
            now = now.moved_to("components")
            state.working_folder().mkdir(exist_ok=True)
            for name in COMPONENTS:
                self._start(name)
            self._wait_until_ready()
            if not self.stopping.is_set():
                now = now.moved_to("ready")
                self._keep_running()
        except UserFacingError as error:
            now.moved_to("failed", problem=error.message, cure=error.cure)
            log.exception("the stack did not start")
        except Exception as error:
            now.moved_to("failed", problem=f"{type(error).__name__}: {error}")
            log.exception("the stack met something unforeseen")
        finally:
            self._stop_all()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        del frame
        log.info("asked to stop by signal %s", number)
        self.stopping.set()

    def _start(self, name: str) -> None:
        log.info("starting %s", name)
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", "airflow", *COMPONENTS[name]],
            env=self.environment, stdin=subprocess.DEVNULL, cwd=state.working_folder(),
        )  # fmt: skip

    def _wait_until_ready(self) -> None:
        deadline, began = time.monotonic() + READY_SECONDS, psutil.Process().create_time()
        while not self.stopping.wait(0.5):
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise UserFacingError(
                        f"Airflow's {name} ended with code {process.returncode} while starting.",
                        cure=f"Its last words are in {state.log_file()}.",
                    )
            if components_began(began) and healthy() and flows_known():
                return
            if time.monotonic() > deadline:
                raise UserFacingError(
                    f"Airflow was not ready within {READY_SECONDS} seconds.", cure=f"See {state.log_file()}."
                )

    def _keep_running(self) -> None:
        """Bring back what dies. The embedded PostgreSQL too: it recovers by itself, and so do the flows."""
        embedded = settings().database_url is None
        while not self.stopping.wait(1.0):
            if embedded and EmbeddedServer(settings().home).running() is None:
                log.warning("PostgreSQL is gone; starting it again")
                EmbeddedServer(settings().home).start()
            for name, process in self.running.items():
                if process.poll() is None:
                    continue
                if self.ended_at.setdefault(name, time.monotonic()) + RESTART_AFTER_SECONDS < time.monotonic():
                    log.warning("%s ended with code %s; starting it again", name, process.returncode)
                    del self.ended_at[name]
                    self._start(name)

    def _stop_all(self) -> None:
        for name in reversed(COMPONENTS):
            process = self.running.get(name)
            if process is not None and process.poll() is None:
                process.terminate()
            if name == "scheduler" and process is not None:
                _wait(process)
        for process in self.running.values():
            _wait(process)
        end(state.members())
        if settings().database_url is None:
            EmbeddedServer(settings().home).stop()


def healthy() -> bool:
    """Whether every component says so, through the API server."""
    import json

    try:
        with urllib.request.urlopen(f"{airflow.api_url()}/api/v2/monitor/health", timeout=5) as answer:  # noqa: S310
            report = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return False
    parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return all((report.get(part) or {}).get("status") == "healthy" for part in parts)


def components_began(since: float) -> bool:
    """Whether each has signed in since then (seconds since the epoch).

    Airflow takes one that was killed for healthy until its last heartbeat is half a minute old.
    """
    query = "select distinct job_type from job where state = 'running' and start_date >= to_timestamp(%s)"
    return _in_metadata(query, since) >= JOBS


def flows_known() -> bool:
    """Whether the scheduler has our DAGs."""
    return _in_metadata("select dag_id from dag where not is_stale") >= FLOWS


def _in_metadata(query: LiteralString, *values: object) -> set[str]:
    """The only column of the answer, from Airflow's own database."""
    with psycopg.connect(airflow.metadata_url(), connect_timeout=5) as connection:
        return {row[0] for row in connection.execute(query, values).fetchall()}


def end(processes: list[psutil.Process]) -> None:
    """Ask, wait, then insist."""
    for process in processes:
        _signal(process, signal.SIGTERM)
    _, stubborn = psutil.wait_procs(processes, timeout=5)
    for process in stubborn:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=5)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    Supervisor().run()
