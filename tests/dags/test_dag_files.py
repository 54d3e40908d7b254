"""DAG files only wire: they parse without a word, load nothing heavy, and tell people what each step is for."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "pandas",
    "pyarrow",
    "numpy",
    "dbt",
    "great_expectations",
    "openpyxl",
    "ingestion",
    "publication",
    "expectations",
}
FLOWS = {"receive_submissions", "process_submissions", "build_and_publish", "notify_engineers"}
THAI, LATIN = re.compile("[\u0e01-\u0e3a]"), re.compile("[A-Za-z]")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a DAG processor sees, in a process and an Airflow home of its own."""
    folder = tmp_path_factory.mktemp("airflow")
    report = folder / "report.json"
    looked = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("look_at_dags.py")), str(ROOT / "dags"), str(report)],
        env={
            **os.environ,
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert looked.returncode == 0, looked.stderr
    return json.loads(report.read_text(encoding="utf-8"))


def test_every_dag_file_parses_without_error_or_warning(seen: dict[str, Any]) -> None:
    assert seen["import_errors"] == {}
    assert seen["warnings"] == {}
    assert set(seen["dags"]) == FLOWS


def test_parsing_is_quick_and_loads_none_of_the_heavy_libraries_nor_our_own_business_code(seen: dict[str, Any]) -> None:
    """The DAG processor parses every file again and again; half a second would be felt."""
    assert seen["seconds"] < 1.0
    assert HEAVY & set(seen["loaded"]) == set()


@pytest.mark.parametrize("dag_id", sorted(FLOWS))
def test_every_dag_and_task_has_a_title_and_a_description_in_thai_and_english(
    seen: dict[str, Any], dag_id: str
) -> None:
    dag = seen["dags"][dag_id]
    texts = [dag["title"], dag["description"], dag["doc"]]
    texts += [task[kind] for task in dag["tasks"].values() for kind in ("title", "doc")]
    assert all(text and THAI.search(text) and LATIN.search(text) for text in texts), texts


@pytest.mark.parametrize("dag_id", sorted(FLOWS))
def test_no_run_catches_up_on_times_that_have_passed_and_passing_faults_are_tried_again(
    seen: dict[str, Any], dag_id: str
) -> None:
    assert seen["dags"][dag_id]["catchup"] is False
    assert {task["retries"] for task in seen["dags"][dag_id]["tasks"].values()} == {2}


def test_every_flow_tells_when_it_fails(seen: dict[str, Any]) -> None:
    assert {dag_id: dag["tells_failure"] for dag_id, dag in seen["dags"].items()} == dict.fromkeys(FLOWS, True)


def test_receiving_waits_for_no_processing_and_two_workers_share_what_was_received(seen: dict[str, Any]) -> None:
    """So a long file delays neither another agency's receipt nor the check of its file."""
    assert {dag_id: dag["max_active_runs"] for dag_id, dag in seen["dags"].items()} == {
        "receive_submissions": 1, "process_submissions": 2, "build_and_publish": 1, "notify_engineers": 1,
    }  # fmt: skip
    assert {dag_id: list(seen["dags"][dag_id]["tasks"]) for dag_id in FLOWS if dag_id != "build_and_publish"} == {
        "receive_submissions": ["receive"], "process_submissions": ["process", "announce"],
        "notify_engineers": ["tell"],
    }  # fmt: skip


def test_nothing_is_published_that_did_not_pass_the_gate(seen: dict[str, Any]) -> None:
    """The order of the flow: one task per layer, then store, gate, approve, publish, tidy."""
    tasks = seen["dags"]["build_and_publish"]["tasks"]
    order = ["open_release", "build_staging", "build_intermediate", "build_marts", "store", "gate"]
    order += ["approve", "publish", "tidy"]
    assert set(tasks) == set(order)
    assert {task_id: tasks[task_id]["after"] for task_id in order[1:]} == {
        after: [before] for before, after in pairwise(order)
    }
