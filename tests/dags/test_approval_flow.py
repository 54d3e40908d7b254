"""A flow that waits for a person ends well whichever side answers: Airflow's own API, or the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chaidaen.stack import airflow
from core import database
from core.settings import PROJECT_ROOT
from core.settings import reload as reload_settings
from publication import approval
from publication.decisions import decisions_on
from tests.end_to_end.hand_made import mark_gated, stored_release
from tests.end_to_end.listening import Heard, webhook

pytestmark = pytest.mark.timeout(600)
ANSWERS = ("nobody", "Reject", "silence", "fail", "Approve", "command")  # "nobody": approved before it is asked


@pytest.fixture(scope="module")
def hook() -> Iterator[Heard]:
    with webhook() as heard:
        yield heard


@pytest.fixture(scope="module")
def runs(
    module_home: Path, hook: Heard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, dict[str, Any]]]:
    """Answer -> release, and what became of the run."""
    releases = {}
    for wells, answer in enumerate(ANSWERS):
        release_id = stored_release(wells)
        mark_gated(release_id, "warning" if answer != "fail" else "passed")
        releases[answer] = release_id
    report = tmp_path_factory.mktemp("answers") / "report.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAIDAEN_APPROVAL", "on_warning")
        patch.setenv("CHAIDAEN_NOTIFY_URL", f"http://127.0.0.1:{hook.port}/")
        reload_settings()
        approval.ask(releases["nobody"], "tests")
        approval.approve(releases["nobody"], "Malee", "command")
        airflow.migrate()
        flows = str(PROJECT_ROOT / "tests" / "dags" / "flows")
        bundles = [{"name": airflow.BUNDLE, "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
                    "kwargs": {"path": flows}}]  # fmt: skip
        ran = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("answer_in_airflow.py")), str(report),
             *(f"{release_id}={answer}" for answer, release_id in releases.items())],
            env={
                **os.environ, **airflow.environment(), "AIRFLOW__CORE__DAGS_FOLDER": flows,
                "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
            },
            cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, timeout=400,
        )  # fmt: skip
    reload_settings()
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(report.read_text(encoding="utf-8"))
    yield {answer: {"release": number, **found[str(number)]} for answer, number in releases.items()}


def status(release_id: int) -> tuple[str, str | None]:
    with database.connect() as connection:
        row = connection.execute(
            "select state, approved_by from ops.releases where release_id = %s", [release_id]
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_an_approval_in_airflow_publishes_and_keeps_who(runs: dict[str, dict[str, Any]]) -> None:
    run = runs["Approve"]
    assert (run["run"], run["tasks"]) == ("success", {"approve": "success", "publish": "success"})
    assert status(run["release"])[1] == airflow.USER
    [decided] = decisions_on(run["release"])
    assert (decided.decision, decided.via, decided.decided_by) == ("approved", "airflow", airflow.USER)


def test_a_refusal_in_airflow_leaves_the_release_held_and_the_run_ends_well(runs: dict[str, dict[str, Any]]) -> None:
    run = runs["Reject"]
    assert (run["run"], run["tasks"]) == ("success", {"approve": "success", "publish": "skipped"})
    assert status(run["release"]) == ("held", None)
    [decided] = decisions_on(run["release"])
    assert (decided.decision, decided.via) == ("rejected", "airflow")
    assert decided.reason


def test_a_flow_that_waits_sees_the_answer_given_by_command(runs: dict[str, dict[str, Any]]) -> None:
    run = runs["command"]
    assert (run["run"], run["tasks"]) == ("success", {"approve": "success", "publish": "success"})
    assert status(run["release"]) == ("published", "Somchai")
    [decided] = decisions_on(run["release"])
    assert decided.via == "command"


def test_what_was_approved_before_is_asked_no_more(runs: dict[str, dict[str, Any]]) -> None:
    run = runs["nobody"]
    assert run["tasks"] == {"approve": "success", "publish": "success"}
    assert len(decisions_on(run["release"])) == 1


def test_silence_ends_the_flow_and_leaves_the_release_to_be_approved(runs: dict[str, dict[str, Any]]) -> None:
    run = runs["silence"]
    assert run["tasks"] == {"approve": "skipped", "publish": "skipped"}
    assert (status(run["release"])[0], decisions_on(run["release"])) == ("held", [])


def test_a_flow_that_fails_is_told_of_by_airflow_itself(runs: dict[str, dict[str, Any]], hook: Heard) -> None:
    """The callback that all our flows carry, called by Airflow, reaches the webhook; nothing of the error's words."""
    assert runs["fail"]["run"] == "failed"
    told = [post for post in hook.posts if post["kind"] == "flow_failed"]
    assert len(told) == 1
    assert told[0]["key"].startswith("flow_failed:approving_flow:")
    assert "publish" in told[0]["body"]
    assert "disk is gone" not in told[0]["text"]
