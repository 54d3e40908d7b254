"""A file that kills its worker again and again does not starve others, and in the end somebody is asked to look."""

import io

import openpyxl
import pytest

from benchmarks.soak.strikes import Kind
from benchmarks.soak.worker import Plan, run
from benchmarks.soak.world import POPULATION, Sent, drop, query
from core import database
from ingestion import intake, life
from ingestion.ledger.attempts import DEATHS
from ingestion.reading.workbook import Workbook
from tests.end_to_end.dropping import HEADER, csv_bytes, rows_of, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")


def population(name: str, men: int) -> Sent:
    return Sent(POPULATION, name, csv_bytes(tambon_rows(9, men=men)))


def state_of(part: str) -> str:
    [row] = query("select state from ops.submissions where part = %s", part)
    return str(row["state"])


def test_others_go_first_and_after_so_many_deaths_the_file_is_held_until_somebody_releases_it() -> None:
    database.url()
    deadly = population("deadly.csv", 1)
    plan = Plan(Kind.WORKER, deadly=deadly.sha256)
    drop([deadly], "deadly")
    ends = []
    for death in range(DEATHS):
        drop([population("other.csv", 2 + death)], f"other{death}")
        ends.append(run(plan).how)
    assert ends == ["killed"] * DEATHS
    assert state_of("deadly") == "received"
    # Only on the first run nobody knew; since then every file that came later was decided before the next death.
    assert {state_of(f"other{death}") for death in range(DEATHS)} == {"loaded"}
    assert run(plan).how == "done"
    [held] = query("select submission_id, state, reason_code from ops.submissions where part = 'deadly'")
    assert (held["state"], held["reason_code"]) == ("held", "internal_reader_failure")
    assert query("select * from ops.attempts") == []
    life.release_hold(held["submission_id"], reason="the worker has more memory now")
    assert run().how == "done"
    assert state_of("deadly") == "loaded"
    assert len(rows_of("raw", "population", held["submission_id"])) == 9


def test_deaths_that_are_not_in_a_row_hold_nothing() -> None:
    """Random kills strike this file and that; a try that comes back, even without a decision, clears the count."""
    sent = population("unlucky.csv", 90)
    drop([sent], "unlucky")
    for _ in range(DEATHS - 1):
        assert run(Plan(Kind.WORKER, deadly=sent.sha256)).how == "killed"
    assert run().how == "done"
    assert state_of("unlucky") == "loaded"
    assert query("select * from ops.attempts") == []


def test_a_reader_killed_from_outside_counts_like_a_worker_that_died_and_holds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once more than a fault of ours may happen; a storm of kills that strikes the reader alone holds no good file."""
    book = openpyxl.Workbook()
    for row in (HEADER, *tambon_rows(9, men=70)):
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has its sheet
    content = io.BytesIO()
    book.save(content)
    drop([Sent(POPULATION, "storm.xlsx", content.getvalue())], "storm")
    answer = Workbook.answer

    def killed_first(self: Workbook) -> dict[str, object]:
        self._child.kill()
        self._child.wait()
        return answer(self)

    monkeypatch.setattr(Workbook, "answer", killed_first)
    intake.receive_all()
    for _ in range(DEATHS - 1):
        assert [one.state for one in intake.process_all()] == ["received"]
    assert state_of("storm") == "received"
    monkeypatch.undo()
    assert [one.state for one in intake.process_all()] == ["loaded"]
    assert query("select * from ops.attempts") == []
