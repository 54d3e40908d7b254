"""Killed by SIGKILL at any step of receiving and processing and run again, intake has the effect of one clean run."""

import json
import random
import signal
import subprocess
import sys

import pytest

from core import database
from core.errors import DatabaseUnavailable
from core.settings import PROJECT_ROOT, settings
from ingestion import intake
from ingestion.checking import CheckedChunk
from ingestion.loading import Loader
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, rows_of, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")
KILLS = 6  # instants per scenario


def run_worker(kill_at: int) -> int:
    """Exit status, or with `kill_at` 0 the number of steps a whole run takes."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.intake_worker", str(kill_at)],
        cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return int(done.stdout) if kill_at == 0 else done.returncode


def drop_two_versions(part: str) -> None:
    """A first version with one bad row, and a file of another scope that is refused."""
    rows = tambon_rows(40)
    rows[3] = (rows[3][0], "ไม่ทราบ", *rows[3][2:])
    drop(csv_bytes(rows), "a.csv", part=part)
    drop(b"", "empty.csv", part=f"{part}_empty")


def effect(part: str) -> dict[str, object]:
    """What is in ledger, warehouse and outbox for the scopes of `part`, numbers of submissions left out."""
    found = query(
        "select submission_id, part, state, verdict, reason_code, revision, rows, accepted_rows, rejected_rows,"
        " outbox_state from ops.submissions where part = any(%s) order by part, submission_id",
        [part, f"{part}_empty"],
    )
    result: dict[str, object] = {}
    for one in found:
        number = one.pop("submission_id")
        one["part"] = one["part"].replace(part, "")
        report = json.loads((outbox(number) / "report.json").read_text(encoding="utf-8"))
        result[f"{one['part']}#{len(result)}"] = {
            **one,
            "raw": [(row["_row"], row["tambon_code"]) for row in rows_of("raw", "population", number)],
            "rejected": [row["_row"] for row in rows_of("vault", "rejected_rows", number)],
            "issues": query("select code, cell from ops.issues where submission_id = %s order by issue_no", number),
            "events": query(
                "select state, count(*) from ops.submission_events where submission_id = %s group by state order by 1",
                number,
            ),
            "papers": sorted(path.name for path in outbox(number).iterdir() if not path.name.startswith(".")),
            "reported": [(one["code"], one["cell"]) for one in report["issues"]],
            "reported_state": report["state"],
        }
    return result


@pytest.fixture(scope="module")
def clean(module_home: object) -> tuple[dict[str, object], int]:
    """The effect of a run nobody disturbs, and its number of steps."""
    database.url()
    drop_two_versions("clean")
    steps = run_worker(0)
    return effect("clean"), steps


def instants() -> list[tuple[int, float]]:
    """Seeded moments of the run, as a share of its steps, spread over all of it."""
    seeded = random.Random(2564)  # noqa: S311 - not secret
    return [(n, (n + seeded.random()) / KILLS) for n in range(KILLS)]


@pytest.mark.parametrize(("number", "share"), instants())
def test_a_killed_run_followed_by_another_has_the_effect_of_one(
    clean: tuple[dict[str, object], int], number: int, share: float
) -> None:
    expected, steps = clean
    kill_at = max(1, round(share * steps))
    drop_two_versions(f"kill{number}")
    assert run_worker(kill_at) == -signal.SIGKILL
    run_worker(0)
    assert effect(f"kill{number}") == expected
    assert [path for path in settings().landing.rglob("*") if path.is_file()] == []


def test_killed_again_and_again_at_later_and_later_steps_it_still_ends_with_one_effect(
    clean: tuple[dict[str, object], int],
) -> None:
    expected, steps = clean
    drop_two_versions("again")
    killed = 0
    for kill_at in range(steps // 8, steps, max(1, steps // 8)):
        killed += run_worker(kill_at) == -signal.SIGKILL
    run_worker(0)
    assert killed >= 3
    assert effect("again") == expected


def test_a_killed_database_session_is_said_plainly_and_the_next_run_ends_with_one_effect(
    clean: tuple[dict[str, object], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, _ = clean
    drop_two_versions("session")
    intake.receive_all()
    copied = Loader.chunk

    def copied_then_killed(loader: Loader, chunk: CheckedChunk) -> None:
        copied(loader, chunk)
        query(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where application_name = 'chaidaen process' and pid <> pg_backend_pid()"
        )

    monkeypatch.setattr(Loader, "chunk", copied_then_killed)
    with pytest.raises(DatabaseUnavailable):
        intake.process_all()
    monkeypatch.undo()
    assert query("select state from ops.submissions where part = 'session'") == [{"state": "received"}]
    intake.process_all()
    assert effect("session") == expected
