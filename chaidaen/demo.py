"""`chaidaen demo`: the whole way on sample submissions, with the very DAGs, checks and gate of real use."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context

import psycopg
from psycopg.rows import TupleRow
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from chaidaen.stack import local
from chaidaen.stack.flows import TaskState, run_flows
from core import database
from core.errors import UsageError, UserFacingError
from core.settings import private_folder, settings
from publication import dbt

FLOWS = ["receive_submissions", "process_submissions", "build_and_publish"]
ENDED = ("success", "skipped", "failed", "upstream_failed")


def run(console: Console | None = None) -> None:
    """Drop the samples, run the flows, say what came of it. A second run loads nothing and keeps the release.

    Raises UsageError while the local stack runs (it would take the samples itself), and whatever a failed flow says.
    """
    console = console or Console()
    if local.is_ready():
        raise UsageError(
            "The local stack runs on this home and would take the sample submissions itself.",
            cure="Run `chaidaen down` first, or look at the running stack: `chaidaen up` prints where.",
        )
    begun = time.monotonic()
    console.print("\n[bold]ชายแดน · Chaidaen[/]  จากไฟล์ที่ส่ง ถึงตารางที่เชื่อถือได้ · from dropped files to trusted marts\n")
    with _progress() as progress:
        with _step(progress, "เริ่มฐานข้อมูล · start PostgreSQL, prepare the warehouse"):
            database.url()
            before = _newest_submission()
        os.environ.setdefault("CHAIDAEN_UNIT_TESTS_IN_BUILDS", "false")  # of code nobody has changed: a minute saved
        with (
            database.connect(application="chaidaen demo", autocommit=True) as ledger,
            _reading_the_project() as start_reading,
        ):
            run_flows(
                FLOWS,
                before=lambda: _drop_samples(progress, start_reading),
                progress=_TaskLines(progress, ledger).update,
            )

    from chaidaen.summary import print_summary

    print_summary(console, after=before)
    console.print(f"[dim]{time.monotonic() - begun:.0f} วินาที · seconds[/]\n")


def _drop_samples(progress: Progress, then: Callable[[], None]) -> None:
    from chaidaen.samples import write_samples

    with _step(progress, "เตรียม Airflow และเขียนไฟล์ตัวอย่าง · prepare Airflow, write the sample submissions"):
        private_folder(settings().landing)
        write_samples(settings().landing)
    then()


@contextmanager
def _reading_the_project() -> Iterator[Callable[[], None]]:
    """What is given back lets dbt read its project on a core that is idle while files are received.

    The build finds it read. Should that fail, the build says why.
    """
    reader = get_context("spawn").Process(target=_read_project, daemon=True)
    yield reader.start
    if reader.pid is not None:
        reader.join()


def _read_project() -> None:
    with suppress(UserFacingError):
        dbt.parse()


def _newest_submission() -> int:
    with database.connect() as connection:
        row = connection.execute("select coalesce(max(submission_id), 0) from ops.submissions").fetchone()
    return int(row[0]) if row else 0


def _progress() -> Progress:
    columns = (SpinnerColumn(finished_text="[green]✓[/]"), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)


@contextmanager
def _step(progress: Progress, title: str) -> Iterator[None]:
    line = _line(progress, title)
    yield
    progress.update(line, completed=1)


def _line(progress: Progress, title: str) -> TaskID:
    """A line that spins while its step lasts; where nothing can spin (a log), a plain line at its beginning."""
    if not progress.console.is_terminal:
        progress.console.print(f"… {title}", highlight=False)
    return progress.add_task(title, total=1)


class _TaskLines:
    """One line per task of the flows; while files are worked on, how many of them are done."""

    def __init__(self, progress: Progress, ledger: psycopg.Connection[TupleRow]) -> None:
        self.progress = progress
        self.ledger = ledger
        self.lines: dict[tuple[str, str], TaskID] = {}

    def update(self, tasks: list[TaskState]) -> None:
        for task in tasks:
            if task.seconds is None or task.state == "skipped":
                continue
            key = (task.dag_id, task.task_id)
            if key not in self.lines:
                self.lines[key] = _line(self.progress, task.title)
            description = task.title + (self._files_done() if task.task_id == "process" else "")
            if task.state == "up_for_retry":
                description += " [yellow](ลองใหม่ · trying again)[/]"
            self.progress.update(
                self.lines[key],
                description=description,
                completed=1 if task.state in ENDED else 0,
            )

    def _files_done(self) -> str:
        try:
            row = self.ledger.execute(
                "select count(*) filter (where state not in ('received', 'checked')), count(*) from ops.submissions"
            ).fetchone()
        except psycopg.Error:
            return ""
        return f"  {row[0]}/{row[1]}" if row and row[1] else ""
