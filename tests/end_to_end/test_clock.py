"""The clock decides what day it is, never what came first: set back, forward, or to the turn of a year, it changes no
order, misses no period and doubles none."""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.settings import PROJECT_ROOT, settings
from ingestion import archive, intake, landing, watching
from publication.calendar_facts import calendar_facts, read_obligations
from publication.releases import open_release
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, receipt, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")
AN_HOUR = timedelta(hours=1)
NEW_YEARS_EVE = datetime(2021, 12, 31, 16, 30, tzinfo=UTC)  # 23:30 in Thailand, the last evening of 2564


def content(version: int) -> bytes:
    return csv_bytes(tambon_rows(40, men=100 + version))


def send(part: str, version: int) -> int:
    drop(content(version), f"{version}.csv", part=part)
    [number] = intake.receive_all()
    return number


def revisions(part: str) -> list[tuple[str, int | None, str]]:
    """File, revision and state, in order of arrival."""
    found = query("select file_name, revision, state from ops.submissions where part = %s order by submission_id", part)
    return [(row["file_name"], row["revision"], row["state"]) for row in found]


def test_a_clock_set_back_between_two_drops_does_not_make_the_earlier_one_the_newer() -> None:
    with clock.fixed(NEW_YEARS_EVE) as moved:
        send("between_drops", 1)
        intake.process_all()
        moved.step(-AN_HOUR)
        second = send("between_drops", 2)
        intake.process_all()
    assert revisions("between_drops") == [("1.csv", 1, "superseded"), ("2.csv", 2, "loaded")]
    assert receipt(second)["received_at"].startswith("2021-12-31T15:30")


def test_a_clock_set_back_between_receipt_and_check_leaves_the_life_of_the_submission_in_order() -> None:
    with clock.fixed(NEW_YEARS_EVE) as moved:
        number = send("between_steps", 1)
        moved.step(-AN_HOUR)
        intake.process(number)
    events = query(
        "select state, occurred_at from ops.submission_events where submission_id = %s order by event_id", number
    )
    assert [event["state"] for event in events] == ["received", "checked", "loaded"]
    assert events[1]["occurred_at"] < events[0]["occurred_at"]
    report = json.loads((outbox(number) / "report.json").read_text(encoding="utf-8"))
    assert report["state"] == "loaded"


def test_two_versions_waiting_together_under_a_clock_set_back_are_both_taken_once_in_order_of_arrival() -> None:
    with clock.fixed(NEW_YEARS_EVE) as moved:
        send("queued", 1)
        moved.step(-AN_HOUR)
        send("queued", 2)
        moved.step(3 * AN_HOUR)
        send("queued", 1)  # A, B, A: the third is a revision of the second, not a duplicate of the first
        intake.process_all()
    assert revisions("queued") == [("1.csv", 1, "superseded"), ("2.csv", 2, "superseded"), ("1.csv", 3, "loaded")]


@pytest.fixture
def jumping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock that a time server sets back by an hour whenever intake waits."""
    with clock.fixed(NEW_YEARS_EVE) as moved:
        slept = watching.time.sleep

        def set_back(seconds: float) -> None:
            moved.step(-AN_HOUR)
            slept(min(seconds, 0.01))

        monkeypatch.setattr(watching.time, "sleep", set_back)
        yield


def test_waiting_for_a_file_to_rest_does_not_depend_on_the_clock(
    jumping: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching.ledger, "newest_unfinished", lambda _: None)
    drop(content(1), "1.csv", part="settling")
    [number] = watching.receive_while_busy(linger_seconds=0.05)
    assert query("select part, state from ops.submissions where submission_id = %s", number) == [
        {"part": "settling", "state": "received"}
    ]
    assert landing.scan().drops == []
    assert intake.process(number).state == "loaded"


@pytest.mark.parametrize("day", [date(1970, 1, 2), date(2099, 12, 31)])
def test_a_file_dated_by_a_machine_with_a_wrong_clock_is_taken_like_any_other(day: date) -> None:
    path = drop(content(1), "1.csv", part=f"dated{day.year}")
    at_noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    os.utime(path, (at_noon, at_noon))
    [number] = intake.receive_all()
    assert intake.process(number).state == "loaded"


def test_within_a_scope_the_order_is_that_of_arrival_not_of_the_senders_dates() -> None:
    first = drop(content(1), "z.csv", part="preserved")
    os.utime(first, (2_000_000_000, 2_000_000_000))  # edited "in 2033" by a machine whose clock is ahead
    path = drop(content(2), "a.csv", part="preserved")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    intake.receive_all()
    assert [name for name, _, _ in revisions("preserved")] == ["z.csv", "a.csv"]


def test_a_clock_that_leaps_ahead_does_not_take_away_the_copy_another_worker_is_making(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An abandoned copy is known by its dead writer, not by its age alone."""
    unfinished = settings().archive / ".incoming-1-000000000000"
    real = archive.time.time
    monkeypatch.setattr(archive.time, "time", lambda: real() + 12 * 3600)
    with unfinished.open("wb") as copy:
        fcntl.flock(copy, fcntl.LOCK_EX)
        archive.sweep_abandoned()
        assert unfinished.exists()
    archive.sweep_abandoned()
    assert not unfinished.exists()


def test_a_receipt_of_the_last_evening_says_so_in_thai_time_and_the_next_one_is_of_the_new_year() -> None:
    with clock.fixed(NEW_YEARS_EVE) as moved:
        evening = send("evening", 1)
        moved.step(AN_HOUR)
        after_midnight = send("evening", 2)
        intake.process_all()
    pages = [(outbox(number) / "report.html").read_text(encoding="utf-8") for number in (evening, after_midnight)]
    assert "31 ธันวาคม 2564 เวลา 23.30 น." in pages[0]
    assert "1 มกราคม 2565 เวลา 00.30 น." in pages[1]
    days = query(
        "select cast(received_at at time zone 'Asia/Bangkok' as date) as thai from ops.submissions"
        " where part = 'evening' order by submission_id"
    )
    assert [row["thai"] for row in days] == [date(2021, 12, 31), date(2022, 1, 1)]


def test_a_clock_set_back_over_midnight_between_two_builds_opens_no_release_of_yesterday() -> None:
    """The obligations of a new year would vanish and come back: a period missed, then doubled."""
    midnight = datetime(2022, 9, 30, 17, 10, tzinfo=UTC)  # ten past midnight, the first day of fiscal year 2566
    with clock.fixed(midnight) as moved:
        first = open_release(force=True)
        moved.step(-AN_HOUR)
        second = open_release(force=True)
        moved.step(timedelta(days=-30))  # no jump, but a clock that had been wrong is set right
        third = open_release(force=True)
    found = query("select as_of from ops.releases where release_id = any(%s) order by 1 desc", [first, second, third])
    assert [row["as_of"] for row in found] == [date(2022, 10, 1), date(2022, 10, 1), date(2022, 8, 31)]


def test_each_period_is_owed_once_and_overdue_once_however_the_days_are_counted() -> None:
    """Day by day over leap years and turns of the year, the facts of the calendar change on the days they must."""
    obligations = read_obligations()
    days = [date(2023, 9, 1) + timedelta(days=n) for n in range(550)]  # both turns twice, 29 February 2567 between
    seen = [calendar_facts(day, obligations)["obligations"] for day in days]
    changes = [day.isoformat() for day, before, now in zip(days[1:], seen, seen[1:], strict=False) if before != now]
    assert changes == sorted({fact for fact in seen[1:] if fact != seen[0]})
    years = [calendar_facts(day, obligations)["year"] for day in days]
    assert years == [str(day.year) for day in days]


def test_nothing_asks_the_machine_for_the_time_behind_the_clocks_back() -> None:
    """Ages of files are counted by the clock that dates files; everything else by `core.clock` or not at all."""
    allowed = {
        "core/clock.py": "datetime.now",
        "ingestion/archive.py": "time.time(",
        "ingestion/reports/writing.py": "time.time(",
    }
    asks = ("datetime.now", "utcnow(", "date.today(", "time.time(", "time.localtime(", "time.strftime(")
    found = {
        str(path.relative_to(PROJECT_ROOT)): asked
        for folder in ("core", "ingestion", "expectations", "publication", "chaidaen", "dags")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        for asked in asks
        if asked in path.read_text(encoding="utf-8")
    }
    assert found == allowed
    asking = {
        path.name
        for path in (PROJECT_ROOT / "core" / "migrations").glob("*.sql")
        for asked in ("now()", "current_date", "current_timestamp", "clock_timestamp")
        if asked in path.read_text(encoding="utf-8").lower()
    }
    assert asking == {"0018_case_workers.sql"}  # whether a right has ended is decided when its holder reads


def test_schedules_are_of_thai_wall_clock_time_and_make_up_for_no_lost_hour() -> None:
    """02:00 in Thailand is 19:00 UTC the evening before; there is no summer time to skip or repeat a run."""
    offsets = {
        datetime(year, month, 1, tzinfo=clock.BANGKOK).utcoffset()
        for year in range(2015, 2050)
        for month in range(1, 13)
    }
    assert offsets == {timedelta(hours=7)}
    for dag in (PROJECT_ROOT / "dags").glob("*_*.py"):
        text = dag.read_text(encoding="utf-8")
        assert text.count("CronTriggerTimetable(") == text.count('timezone="Asia/Bangkok"')
