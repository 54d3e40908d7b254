"""Runs our DAGs to their end without a scheduler: the very files and tasks, executed by `dag.test()`.

Airflow reads its environment when it is imported and talks to the terminal as it likes, so this happens in a child
process (`python -m chaidaen.stack.flows DAG…`) whose words go to a log; the parent asks the databases how far it is.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import psycopg
from psycopg.rows import class_row

from chaidaen.stack import airflow
from core.errors import UserFacingError
from core.settings import settings
from expectations.judging import load_great_expectations

LOOK_EVERY_SECONDS = 0.25
GO = b"go\n"


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task of the run under way, as Airflow's database has it. seconds: None until it has started."""

    dag_id: str
    task_id: str
    title: str
    state: str
    seconds: float | None


def run_flows(
    dag_ids: list[str],
    *,
    before: Callable[[], None] = lambda: None,
    progress: Callable[[list[TaskState]], None] = lambda _: None,
) -> None:
    """Run these DAGs one after the other on the database of this home; `before` is done while Airflow is being loaded.

    Raises UserFacingError naming the task that failed and why; the whole story is in `log_file()`.
    """
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(_start, dag_ids)
        try:
            before()
            states = _watch(starting.result(), progress)
        finally:
            child = starting.result()
            if child.poll() is None:
                child.terminate()
            child.communicate()
    failed = [task for task in states if task.state in ("failed", "upstream_failed")]
    if child.returncode or failed:
        where = f"The task “{failed[0].title}” failed" if failed else "Airflow ended early"
        raise UserFacingError(f"{where}: {_reason()}", cure=f"The whole log is {log_file()}; then run it again.")


def _start(dag_ids: list[str]) -> "subprocess.Popen[bytes]":
    """A child that loads Airflow and waits for a word; it ends when nobody is left to give it."""
    airflow.migrate()
    with log_file().open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "chaidaen.stack.flows", *dag_ids],
            stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=settings().project_root,
            env={**os.environ, **airflow.environment()},
        )  # fmt: skip


def _watch(child: "subprocess.Popen[bytes]", progress: Callable[[list[TaskState]], None]) -> list[TaskState]:
    """Give the word and look until it has ended; the last states of all tasks."""
    with psycopg.connect(airflow.metadata_url(), autocommit=True, connect_timeout=10) as connection:
        newest = _newest_run(connection)
        with suppress(BrokenPipeError):  # it has ended early, and the log says why
            assert child.stdin is not None  # noqa: S101  # it is piped
            child.stdin.write(GO)
            child.stdin.flush()
        while child.poll() is None:
            progress(_task_states(connection, newest))
            time.sleep(LOOK_EVERY_SECONDS)
        states = _task_states(connection, newest)
        progress(states)
        return states


def log_file() -> Path:
    """What the last run said."""
    return settings().state_dir("logs") / "flows.log"


def _newest_run(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    row = connection.execute("select coalesce(max(id), 0) from dag_run").fetchone()
    return int(str(row[0])) if row else 0


def _task_states(connection: psycopg.Connection[tuple[object, ...]], after_run: int) -> list[TaskState]:
    with connection.cursor(row_factory=class_row(TaskState)) as cursor:
        return cursor.execute(
            "select ti.dag_id, ti.task_id, coalesce(ti.task_display_name, ti.task_id) as title,"
            " coalesce(ti.state, 'waiting') as state,"
            " extract(epoch from coalesce(ti.end_date, clock_timestamp()) - ti.start_date)::float8 as seconds"
            " from task_instance as ti join dag_run as dr using (dag_id, run_id)"
            " where dr.id > %s order by dr.id, ti.start_date nulls last, ti.task_id",
            [after_run],
        ).fetchall()


def _reason() -> str:
    """The last error our own code or Airflow named in the log."""
    lines = log_file().read_text(encoding="utf-8", errors="replace").splitlines()
    named = [line.strip() for line in lines if "Error" in line or "Exception" in line]
    return named[-1][-600:] if named else (lines[-1] if lines else "it said nothing")


def _main(dag_ids: list[str]) -> int:
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag
    from airflow.sdk import DagRunState

    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    bundle = manager.get_bundle(airflow.BUNDLE)
    bundle.initialize()
    bag = BundleDagBag(dag_folder=bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)

    _load_what_tasks_use()

    def run(dag_id: str) -> bool:
        return bool(bag.dags[dag_id].test().state == DagRunState.SUCCESS)

    # As under a scheduler there are as many runs at once as a DAG allows and cores are there for. All processes are
    # forked before the first run, since Airflow answers its tasks from a thread that no fork takes along.
    runs = {dag_id: min(bag.dags[dag_id].max_active_runs, os.cpu_count() or 1) for dag_id in dag_ids}
    helpers = {dag_id: [_Helper(run, dag_id) for _ in range(runs[dag_id] - 1)] for dag_id in dag_ids}
    if sys.stdin.buffer.readline() != GO:
        return 1
    return 0 if all(_run_at_once(run, dag_id, helpers[dag_id]) for dag_id in dag_ids) else 1


def _load_what_tasks_use() -> None:
    """While there is nothing else to do; under a scheduler each task loads its own."""
    used = ("ingestion.intake", "ingestion.watching", "publication.build", "publication.fallback", "dbt.cli.main")
    for module in used:
        import_module(module)
    load_great_expectations()


class _Helper:
    """A forked process that runs a DAG when it is told to; it waits no longer than this one lives."""

    def __init__(self, run: Callable[[str], bool], dag_id: str) -> None:
        context = get_context("fork")
        self._hears, self._tells = context.Pipe(duplex=False)
        self._process = context.Process(target=self._live, args=(run, dag_id), daemon=True)
        self._process.start()

    def _live(self, run: Callable[[str], bool], dag_id: str) -> None:
        self._tells.close()  # so that nobody is left to tell it anything when its parent is gone
        try:
            self._hears.recv_bytes()
        except EOFError:
            return
        sys.exit(not run(dag_id))

    def go(self) -> None:
        self._tells.send_bytes(GO)

    def went_well(self) -> bool:
        self._process.join()
        return self._process.exitcode == 0


def _run_at_once(run: Callable[[str], bool], dag_id: str, helpers: Sequence[_Helper]) -> bool:
    for helper in helpers:
        helper.go()
    here = run(dag_id)
    return all([here, *(helper.went_well() for helper in helpers)])


if __name__ == "__main__":
    ended = _main(sys.argv[1:])
    logging.shutdown()
    os._exit(ended)  # all is committed; to take apart what was loaded would take seconds
