"""Life of a submission as an engineer types it: what the commands print, JSON, exit codes, cures."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from chaidaen.cli import build_app
from chaidaen.cli.status_words import screen
from chaidaen.overview import Overview, Owing, Published, Work, overview
from core import clock, database
from core.errors import UsageError
from ingestion import intake
from tests.end_to_end.dropping import AGENCY, csv_bytes, drop, query, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")
WHY = ("--reason", "ตรวจสอบแล้ว")


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def chaidaen(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(build_app(), [str(one) for one in arguments])
    if isinstance(done.exception, UsageError):  # as `chaidaen.cli.main` ends it
        assert done.exception.cure
        assert code == done.exception.exit_code, done.exception.message
        return done
    assert done.exit_code == code, done.output
    return done


def as_json(*arguments: object, code: int = 0) -> Any:
    return json.loads(chaidaen(*arguments, "--json", code=code).stdout)


def send(part: str, rows: int = 20, *, men: int = 10, period: str = "2564") -> int:
    drop(csv_bytes(tambon_rows(rows, men=men)), "a.csv", folders=(AGENCY, "population", period, part))
    [number] = intake.receive_all()
    intake.process(number)
    return number


def test_a_hold_is_found_released_and_told() -> None:
    send("hold")
    waiting = send("hold", 8, men=11)
    filters = ("--state", "held", "--agency", AGENCY, "--dataset", "population", "--period", "2564")
    assert [one["submission_id"] for one in as_json("submissions", *filters)] == [waiting]
    assert as_json("submissions", "--state", "held", "--period", "2563") == []
    released = as_json("release-hold", waiting, *WHY)
    assert (released["state"], released["revision"], released["open_queries"]) == ("loaded", 2, 0)
    assert [one["reason"] for one in released["events"] if one["previous_state"] == "held"] == [WHY[1]]
    chaidaen("release-hold", waiting, *WHY, code=2)
    chaidaen("release-hold", waiting, code=2)  # no reason
    chaidaen("submissions", "--state", "hold", code=2)


def test_withdrawing_ends_with_0_and_undoing_too() -> None:
    number = send("withdraw")
    assert as_json("withdraw", number, *WHY)["state"] == "withdrawn"
    assert "ถอนแล้ว" in chaidaen("receipt", number).stdout
    assert as_json("withdraw", number, "--undo", *WHY)["state"] == "loaded"
    refused = send("withdraw", 8, men=11)
    assert as_json("withdraw", refused, *WHY)["state"] == "withdrawn"  # a held one: refused, and not 11
    chaidaen("release-hold", refused, *WHY, code=2)
    chaidaen("withdraw", 99_999, *WHY, code=2)


def test_a_period_is_locked_listed_and_unlocked() -> None:
    locked = as_json("lock", "population", "2563", *WHY)
    assert (locked["period"], locked["lock_reason"], locked["unlocked_at"]) == ("2563", WHY[1], None)
    waiting = send("lock", period="2563")
    assert [one["period"] for one in as_json("locks")] == ["2563"]
    assert "2563" in chaidaen("locks").stdout
    chaidaen("receipt", waiting, code=11)
    assert as_json("status")["locks"][0]["lock_reason"] == WHY[1]
    assert as_json("unlock", "population", "2563", *WHY)["back_to_work"] == [waiting]
    assert as_json("locks") == []
    [history] = as_json("locks", "--all")
    assert history["unlock_reason"] == WHY[1]
    chaidaen("unlock", "population", "2563", *WHY, code=2)
    chaidaen("lock", "population", "2020", *WHY, code=2)
    assert [one["state"] for one in as_json("ingest")["processed"]] == ["loaded"]


def test_status_says_what_waits_and_for_how_long() -> None:
    send("status")
    waiting = send("status", 8, men=11)
    drop(csv_bytes(tambon_rows(20)), "a.csv", folders=(AGENCY, "population", "2562", "status"))
    [unprocessed] = intake.receive_all()
    drop(b"x", "b.csv", folders=("nobody", "population", "2564"))
    [refused] = intake.receive_all()
    with (
        clock.fixed(datetime.now(UTC) + timedelta(hours=3, minutes=20)),
        closing(database.connect(autocommit=True)) as connection,
    ):
        seen = overview(connection)
    facts = seen.as_json()
    assert (facts["work"]["waiting"], facts["work"]["oldest_submission_id"]) == (1, unprocessed)
    assert facts["work"]["oldest_age_seconds"] // 3600 == 3
    assert {one["submission_id"]: one["reason_code"] for one in facts["held"]}[waiting] == "fewer_rows_than_before"
    assert any(one["what"] == f"submission {refused}" for one in facts["failures_24h"])
    assert (facts["last_release"], facts["silent"]) == (None, None)  # nothing is published: nobody is called silent
    counted = query("select count(*) as files from ops.submissions")[0]["files"]
    assert sum(facts["submissions_by_state"].values()) == counted
    text = shown(seen)
    assert re.search(rf"oldest: no\. {unprocessed}, 3 ชม\. 20 นาที", text)
    assert "fewer_rows_than_before" in text
    intake.process(unprocessed)
    with clock.fixed(datetime.now(UTC) + timedelta(hours=25)), closing(database.connect(autocommit=True)) as connection:
        assert overview(connection).failures == []


def test_silent_and_late_agencies_stand_apart() -> None:
    at = datetime(2022, 3, 31, 1, tzinfo=UTC)
    silent, late = (
        Owing(f"office_{n}", f"สำนักงาน {n}", f"Office {n}", "population", "2564", at.date(), state, is_late, None)
        for n, state, is_late in ((1, "not_received", False), (2, "in_release", True))
    )
    release = Published(7, at - timedelta(days=3), at.date(), "passed")
    seen = Overview(
        at=at, by_state={"released": 1}, work=Work(0, None, None), held=[], waiting_in_landing=[],
        owing=[silent, late], release=release, failures=[], locks=[], last_received_at=None,
    )  # fmt: skip
    assert (seen.silent, seen.late) == ([silent], [late])
    text = shown(seen)
    assert re.search(r"silent.*: 1\n.*สำนักงาน 1", text)
    assert re.search(r"came late: 1\n.*สำนักงาน 2", text)
    assert "3 วัน" in text


def test_status_lives_in_the_terminal_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []

    def stop_at_the_third(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("chaidaen.cli.status.time.sleep", stop_at_the_third)
    assert "work waiting" in chaidaen("status", "--live", "--every", "0.5").stdout
    assert looks == [0.5] * 3
    chaidaen("status", "--live", "--json", code=2)


def test_every_command_teaches() -> None:
    for command in ("withdraw", "release-hold", "lock", "unlock", "locks", "explain", "status", "submissions"):
        page = chaidaen(command, "--help").stdout
        assert "--json" in page, command
        assert len(page) > 400, command


def shown(seen: Overview) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(screen(seen))
    return capture.get()
