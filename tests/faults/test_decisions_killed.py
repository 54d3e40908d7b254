"""Somebody's decision, killed at its seams: it is made or it is not, and the next run or the same command ends it."""

import pytest

from core import database
from ingestion import intake, ledger, life
from tests.end_to_end.dropping import csv_bytes, drop, query, rows_of, tambon_rows
from tests.killing import killed_at

pytestmark = pytest.mark.usefixtures("module_home")


def state(number: int) -> str:
    [row] = query(f"select state from ops.submissions where submission_id = {number}")
    return str(row["state"])


def sent(rows: int, part: str) -> int:
    drop(csv_bytes(tambon_rows(rows)), f"{rows}.csv", part=part)
    [number] = intake.receive_all()
    intake.process_all()
    return number


@pytest.fixture(scope="module", autouse=True)
def warehouse(module_home: object) -> None:
    database.url()


def test_a_hold_released_by_a_command_that_dies_is_processed_by_the_next_sweep() -> None:
    """Killed between the decision and the processing, and again while its papers are owed."""
    first = sent(40, "hold")
    held = sent(4, "hold")
    assert (state(first), state(held)) == ("loaded", "held")
    killed_at(life, "process", lambda: life.release_hold(held, "the village was split"))
    assert state(held) == "received"
    assert [one.state for one in intake.process_all()] == ["loaded"]
    assert (state(first), len(rows_of("raw", "population", held))) == ("superseded", 4)
    events = query(f"select state from ops.submission_events where submission_id = {held} order by event_id")
    assert [event["state"] for event in events] == ["received", "held", "received", "checked", "loaded"]


@pytest.mark.parametrize("step", ["withdraw", "state_before_withdrawal"])
def test_a_withdrawal_and_its_undoing_that_die_have_not_happened_and_can_be_made_again(step: str) -> None:
    number = sent(30 if step == "withdraw" else 31, step)
    if step == "withdraw":
        killed_at(ledger, step, lambda: life.withdraw(number, "wrong file"))
        assert state(number) == "loaded"
    assert life.withdraw(number, "wrong file").state == "withdrawn"
    if step != "withdraw":
        killed_at(ledger, step, lambda: life.undo_withdrawal(number, "it was right"))
        assert state(number) == "withdrawn"
    assert life.undo_withdrawal(number, "it was right").state == "loaded"
    assert len(rows_of("raw", "population", number)) == (30 if step == "withdraw" else 31)
