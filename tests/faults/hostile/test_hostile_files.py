"""Every hostile file is refused with a Thai reason or read, within bounds, and nobody else's file waits for it."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.settings import PROJECT_ROOT, settings
from ingestion import intake
from ingestion.reports.from_check import check
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, rows_of
from tests.faults.hostile.corpus import FILES, Hostile, corpus

MEMORY_BYTES, SECONDS = 2 << 30, 120
NEIGHBOUR = "registration_office_95"
EVERY = 10  # a good file of another agency is dropped behind so many hostile ones
SECRET = "ความลับที่ไม่มีใครควรได้อ่าน"

pytestmark = [pytest.mark.usefixtures("module_home"), pytest.mark.timeout(900)]  # the whole corpus is one fixture


class Outcome(NamedTuple):
    """How the intake dealt with one file; `took` as `sweeping.measured` says."""

    took: dict[str, Any]
    state: str
    reason_code: str | None

    @property
    def answer(self) -> tuple[str, str | None]:
        return self.state, self.reason_code


class Swept(NamedTuple):
    outcomes: dict[str, Outcome]
    neighbours: list[Outcome]
    callers: int  # how often somebody asked the address that files name
    folder: Path


@pytest.fixture(scope="module")
def swept(module_home: Path) -> Iterator[Swept]:
    """The whole corpus dropped at once, good files of another agency among it, received and processed in order."""
    (secret := module_home.parent / "secret.txt").write_text(SECRET, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/asked"
        for number, hostile in enumerate(corpus(address, secret)):
            drop(hostile.make(), hostile.file_name, part=f"h{number}")
            if number % EVERY == 0:
                good = [("950101", 10 + number, 12, 22 + number, 7), ("950102", 1, 2, 3, 1)]
                drop(csv_bytes(good), "ดี.csv", folders=(NEIGHBOUR, "population", "2564", f"g{number}"))
        intake.receive_all()
        took = _swept()
        rows = {row["submission_id"]: row for row in query("select * from ops.submissions")}
        found = {n: Outcome(one, rows[n]["state"], rows[n]["reason_code"]) for n, one in took.items()}
        parts = {rows[n]["part"]: outcome for n, outcome in found.items()}
        yield Swept(
            {hostile.name: parts[f"h{number}"] for number, hostile in enumerate(FILES)},
            [outcome for part, outcome in parts.items() if part.startswith("g")],
            _calls(listener),
            module_home.parent,
        )


def _swept() -> dict[int, dict[str, Any]]:
    numbers = [row["submission_id"] for row in query("select submission_id from ops.submissions order by 1")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.hostile.sweeping", str(MEMORY_BYTES), str(SECONDS)],
        cwd=PROJECT_ROOT, input="".join(f"{n}\n" for n in numbers), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {one["submission_id"]: one for one in map(json.loads, done.stdout.splitlines())}


def _calls(listener: socket.socket) -> int:
    calls = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return calls
        calls += 1


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_it_is_refused_with_its_reason_or_read_within_two_gigabytes_and_two_minutes(
    swept: Swept, hostile: Hostile
) -> None:
    outcome = swept.outcomes[hostile.name]
    assert outcome.took["ended"] == 0, outcome
    assert outcome.took["mib"] < MEMORY_BYTES >> 20
    assert outcome.took["seconds"] < SECONDS
    assert outcome.answer == (("loaded", None) if hostile.code is None else ("rejected", hostile.code))
    folder = outbox(outcome.took["submission_id"])
    assert {"receipt.json", "report.json", "report.html", "marked.xlsx"} <= {path.name for path in folder.iterdir()}
    if hostile.code is not None:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        [reason] = [one for one in report["issues"] if one["code"] == hostile.code][:1]
        for text in (reason["message_th"], reason["cure_th"]):
            assert any("\u0e01" <= letter <= "\u0e5b" for letter in text)


def test_files_of_other_agencies_in_the_same_sweep_are_loaded(swept: Swept) -> None:
    assert len(swept.neighbours) > 5
    assert {outcome.answer for outcome in swept.neighbours} == {("loaded", None)}
    for outcome in swept.neighbours:
        assert len(rows_of("raw", "population", outcome.took["submission_id"])) == 2


def test_nothing_named_in_a_file_is_fetched_and_nothing_is_written_elsewhere(swept: Swept) -> None:
    assert swept.callers == 0
    assert not [path for path in swept.folder.rglob("*") if "chaidaen-evil" in path.name]
    assert not Path("/var/chaidaen-evil").exists()
    told = [path for path in settings().outbox.rglob("*") if path.suffix in (".json", ".html", ".csv")]
    assert told
    assert not [path for path in told if SECRET in path.read_text(encoding="utf-8")]
    assert query("select 1 from vault.rejected_rows where content::text like %s", f"%{SECRET}%") == []


def test_looked_at_again_without_a_database_each_has_the_same_outcome(swept: Swept, tmp_path: Path) -> None:
    differing = {}
    for hostile in FILES:
        if swept.outcomes[hostile.name].took["cpu"] > 1:
            continue  # those that cost much are looked at once
        (path := tmp_path / "file").write_bytes(hostile.make())
        report = check(path, "population").receipt
        if report.reason_code != hostile.code:
            differing[hostile.name] = report.reason_code
    assert differing == {}
