"""Intake that stays awake: receipts beside large files, and two workers that share the work without queueing."""

from typing import Any

import pytest

from core import database
from core.settings import settings
from ingestion import intake, landing, ledger, watching
from ingestion.ledger import work
from ingestion.reports import from_ledger
from tests.end_to_end.dropping import AGENCY, csv_bytes, drop, query, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")


def content(version: int, tambon: int = 40) -> bytes:
    return csv_bytes(tambon_rows(tambon, men=100 + version))


def received(part: str) -> list[str]:
    """Names of the files received for a part, in order of arrival."""
    found = query("select file_name from ops.submissions where part = %s order by submission_id", part)
    return [row["file_name"] for row in found]


def test_a_watch_receives_what_comes_while_it_is_awake_large_files_beside_the_small_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within a scope the order of arrival stays, though its first file is large and archived beside."""
    monkeypatch.setattr(watching, "LARGE_BYTES", len(content(30)))
    monkeypatch.setattr(watching, "LOOK_EVERY_SECONDS", 0.01)
    folder = settings().landing / AGENCY / "population" / "2564"
    looked = landing.Looks.look
    looks = 0

    def drops_meanwhile(self: landing.Looks) -> landing.Sweep:
        nonlocal looks
        looks += 1
        if looks == 1:
            for part, versions in (("large", (30, 31)), ("small", (32,))):
                for version in versions:
                    path = folder / f"watch_{part}" / f"{version}.csv"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content(version, tambon=40 if version == 30 else 5))
        if looks == 5:
            (folder / "watch_small" / "33.csv").write_bytes(content(33, tambon=5))
        return looked(self)

    monkeypatch.setattr(landing.Looks, "look", drops_meanwhile)
    monkeypatch.setattr(ledger, "newest_unfinished", lambda _: 1 if looks < 8 else None)
    numbers = watching.receive_while_busy(linger_seconds=0.05)
    assert len(numbers) == len(set(numbers)) == 4
    assert received("watch_large") == ["30.csv", "31.csv"]
    assert received("watch_small") == ["32.csv", "33.csv"]


def test_a_watch_ends_when_nothing_is_there_and_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "newest_unfinished", lambda _: None)
    assert watching.receive_while_busy() == []
    path = drop(b"x", "for ever.csv")
    with path.open("ab"):
        assert watching.receive_while_busy(most_seconds=0.1) == []
    path.unlink()


def test_a_worker_waits_a_little_for_more_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[list[Any]] = [["first"], [], ["second", "third"], [], []]
    monkeypatch.setattr(watching, "LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(intake, "process_all", lambda: rounds.pop(0) if rounds else [])
    assert len(watching.process_while_busy(linger_seconds=0.2)) == 3
    assert watching.process_while_busy() == []


def test_a_small_file_is_decided_while_another_worker_is_at_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two large files and a small one: the second worker leaves the second large file to the first worker."""
    monkeypatch.setattr(work, "LARGE_BYTES", 500)
    others = [row["submission_id"] for row in query("select submission_id from ops.submissions")]
    folder = settings().landing / AGENCY / "population" / "2564"
    for part, tambon in (("lane_large1", 40), ("lane_large2", 40), ("lane_small", 5)):
        (folder / part).mkdir(parents=True)
        (folder / part / "a.csv").write_bytes(content(40, tambon=tambon))
        intake.receive_all()
    with database.connect() as first, database.connect() as second:
        at_work = ledger.claim_next(first, others)
        assert at_work is not None and at_work.part == "lane_large1"
        beside = ledger.claim_next(second, others)
        assert beside is not None and beside.part == "lane_small"
        assert ledger.claim_next(second, [*others, beside.submission_id]) is None
        first.rollback()
        second.rollback()
    numbers = query("select submission_id from ops.submissions where part like %s", "lane%")
    assert [intake.process(row["submission_id"]).state for row in numbers] == ["loaded"] * 3


def test_a_receipt_is_given_while_a_worker_already_decides_about_the_very_file() -> None:
    """The worker holds the submission's row for as long as a large file takes; the receipt must not wait for that."""
    path = settings().landing / AGENCY / "population" / "2564" / "claimed" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(content(50))
    [number] = intake.receive_all()
    with database.connect() as worker, database.connect(autocommit=True) as beside:
        assert ledger.claim(worker, number) is not None
        beside.execute("set lock_timeout = '2s'")
        from_ledger.write_papers(beside, from_ledger.known(beside, number), afresh=True)
        worker.rollback()
    assert intake.process(number).state == "loaded"
    assert (
        query("select outbox_state from ops.submissions where submission_id = %s", number)[0]["outbox_state"]
        == "loaded"
    )
