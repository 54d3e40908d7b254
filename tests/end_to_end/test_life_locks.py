"""A locked period holds what arrives and what waits, and nothing of it changes until the lock is lifted."""

import threading
from collections.abc import Iterable

import pytest

from core.errors import UsageError
from ingestion import intake, ledger, life
from ingestion.issues import Repair
from ingestion.loading import Loader
from tests.end_to_end.dropping import AGENCY, csv_bytes, drop, outbox, query, tambon_rows
from tests.end_to_end.test_intake import ingest
from tests.end_to_end.test_life import WHY, at_once, codes_of, send, state_of

pytestmark = pytest.mark.usefixtures("module_home")


def test_a_locked_period_holds_what_arrives_and_what_waited_and_lets_it_go_afterwards() -> None:
    send("locked", csv_bytes(tambon_rows(20)), period="2562")
    drop(csv_bytes(tambon_rows(20, men=11)), "b.csv", folders=(AGENCY, "population", "2562", "locked"))
    [waited] = intake.receive_all()
    life.lock("population", "2562", "ปิดงวด")
    assert life.lock("population", "2562", "อีกครั้ง").lock_reason == "ปิดงวด"
    drop(csv_bytes(tambon_rows(20, men=12)), "c.csv", folders=(AGENCY, "population", "2562", "locked"))
    drop(csv_bytes(tambon_rows(20)), "d.csv", folders=(AGENCY, "population", "2562", "locked"))
    done = ingest()
    assert [(one.state, one.reason_code) for one in done] == [
        ("held", "period_locked"), ("held", "period_locked"), ("duplicate", "duplicate_submission"),
    ]  # fmt: skip
    assert "ปิดงวด 2562" in (outbox(waited) / "report.html").read_text(encoding="utf-8")
    other_period = send("locked", csv_bytes(tambon_rows(20, men=12)), period="2561")
    assert other_period.state == "loaded"
    assert life.unlock("population", "2562", "เปิดงวด") == [one.submission_id for one in done[:2]]
    intake.process_all()
    assert [state_of(one.submission_id) for one in done[:2]] == ["superseded", "loaded"]
    assert codes_of(done[1].submission_id) == []
    [history] = query("select * from ops.period_locks where period = '2562'")
    assert (history["lock_reason"], history["unlock_reason"], history["unlocked_by"]) == (
        "ปิดงวด", "เปิดงวด", ledger.actor(),
    )  # fmt: skip
    with pytest.raises(UsageError, match="not locked"):
        life.unlock("population", "2562", "x")


def test_a_single_file_may_be_let_into_a_locked_period() -> None:
    kept = send("let in", csv_bytes(tambon_rows(20)), period="2560")
    life.lock("population", "2560", "ปิดงวด")
    waiting = send("let in", csv_bytes(tambon_rows(20, men=11)), period="2560")
    with pytest.raises(UsageError, match="is locked by") as refused:
        life.withdraw(kept.submission_id, WHY)
    assert "chaidaen unlock population 2560" in str(refused.value.cure)
    assert life.release_hold(waiting.submission_id, WHY).state == "loaded"
    assert send("let in", csv_bytes(tambon_rows(20, men=12)), period="2560").reason_code == "period_locked"


def test_a_lock_waits_for_what_is_being_decided_and_no_later_one_slips_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop(csv_bytes(tambon_rows(20)), "a.csv", folders=(AGENCY, "population", "2559", "race"))
    [number] = intake.receive_all()
    reading, locked = threading.Event(), threading.Event()
    repaired = Loader.repaired

    def slowly(loader: Loader, repairs: Iterable[Repair]) -> None:
        reading.set()
        assert not locked.wait(0.3), "the period was locked under a submission being decided"
        repaired(loader, repairs)

    def lock() -> None:
        reading.wait()
        life.lock("population", "2559", "ปิดงวด")
        locked.set()

    monkeypatch.setattr(Loader, "repaired", slowly)
    at_once(lambda: intake.process(number), lock)
    assert state_of(number) == "loaded"
    monkeypatch.undo()
    assert send("race 2", csv_bytes(tambon_rows(20)), period="2559").reason_code == "period_locked"


def test_only_periods_of_datasets_are_locked() -> None:
    for dataset, period in (("populations", "2564"), ("population", "2020")):
        with pytest.raises(UsageError):
            life.lock(dataset, period, WHY)
