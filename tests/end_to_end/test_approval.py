"""A release may wait for a person, whose name, time, way and gate report are kept."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chaidaen.cli import build_app
from core import database
from core.errors import GateFailed, Held, UsageError
from core.settings import reload as reload_settings
from expectations.gate import release_docs
from publication import approval
from publication.approval import standing
from publication.decisions import decisions_on
from publication.releases import list_releases, publish
from tests.end_to_end.hand_made import mark_gated, stored_release


@pytest.fixture(autouse=True)
def published(module_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """One release that readers see, published before anybody's approval was wanted; from then on it always is."""
    with database.connect() as connection:
        connection.execute("update store.current set release_id = null")
        connection.execute("truncate ops.releases, ops.release_events, store.parts cascade")
        connection.execute("insert into store.current default values on conflict do nothing")
    release_id = gated(1)
    publish(release_id, "tests")
    monkeypatch.setenv("CHAIDAEN_APPROVAL", "always")
    reload_settings()
    yield release_id
    monkeypatch.undo()
    reload_settings()


def gated(wells: int, outcome: str = "passed") -> int:
    release_id = stored_release(wells)
    mark_gated(release_id, outcome)
    page = release_docs(release_id) / "gate.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"<p>ผลการตรวจ {release_id}", encoding="utf-8")
    return release_id


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), arguments)


def seen() -> int:
    with database.connect("chaidaen_bi") as connection:
        row = connection.execute("select distinct wells from marts.wells").fetchone()
    return int(row[0]) if row else 0


def test_publishing_by_hand_ends_in_waiting_and_the_approver_is_kept_with_the_report() -> None:
    release_id = gated(2)
    waits = cli("publish", str(release_id))
    assert isinstance(waits.exception, Held)
    assert (seen(), standing(release_id)) == (1, "waiting")
    assert cli("publish", str(release_id), "--approve").exit_code == 0
    assert (seen(), standing(release_id)) == (2, "approved")
    [decided] = decisions_on(release_id)
    assert (decided.decision, decided.via, decided.decided_by) == (
        "approved",
        "command",
        list_releases()[0].approved_by,
    )
    with database.connect() as connection:
        kept = connection.execute(
            "select report_html, report_sha256 from ops.release_decisions where release_id = %s", [release_id]
        ).fetchone()
    assert kept is not None
    assert kept[0] == f"<p>ผลการตรวจ {release_id}"
    assert kept[1] == hashlib.sha256(kept[0].encode()).hexdigest()


@pytest.mark.parametrize(
    ("wanted", "outcome", "waits"),
    [("never", "warning", False), ("on_warning", "passed", False), ("on_warning", "warning", True),
     ("always", "passed", True)],
)  # fmt: skip
def test_the_setting_says_which_releases_wait(
    wanted: str, outcome: str, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAIDAEN_APPROVAL", wanted)
    reload_settings()
    release_id = gated(2, outcome)
    question = approval.ask(release_id, "tests")
    assert (question is not None) == waits
    assert list_releases()[0].status == ("held" if waits else "candidate")
    if question is not None:
        assert str(release_id) in question.subject
        assert "gate.html" in question.body


def test_asked_again_the_question_is_the_same_until_somebody_answers() -> None:
    release_id = gated(2)
    assert approval.ask(release_id, "tests") == approval.ask(release_id, "tests") is not None
    approval.approve(release_id, "Somchai", "airflow")
    assert approval.ask(release_id, "tests") is None
    assert seen() == 2


def test_a_refused_release_stays_held_with_the_reason_and_can_be_approved_later() -> None:
    release_id = gated(2)
    refused = cli("publish", str(release_id), "--reject", "--reason", "ตัวเลขปัตตานีผิด")
    assert refused.exit_code == 0
    assert (seen(), standing(release_id), list_releases()[0].status) == (1, "rejected", "held")
    assert approval.ask(release_id, "tests") is None
    told = cli("releases").output
    assert "refused by" in told
    assert "ตัวเลขปัตตานีผิด" in told
    assert cli("publish", str(release_id), "--approve").exit_code == 0
    assert [(one.decision, one.reason) for one in decisions_on(release_id)] == [
        ("rejected", "ตัวเลขปัตตานีผิด"), ("approved", None),
    ]  # fmt: skip
    assert seen() == 2


def test_a_refusal_needs_a_reason_and_something_to_refuse(published: int) -> None:
    release_id = gated(2)
    assert isinstance(cli("publish", str(release_id), "--reject").exception, UsageError)
    assert standing(release_id) == "waiting"
    late = cli("publish", str(published), "--reject", "--reason", "too late")
    assert isinstance(late.exception, UsageError)
    assert seen() == 1


def test_nobody_approves_what_the_gate_refused() -> None:
    release_id = gated(2, "failed")
    with pytest.raises(GateFailed):
        approval.approve(release_id, "Somchai", "airflow")
    assert seen() == 1
    assert decisions_on(release_id) == []
