"""Runs `approving_flow` once for each release named, answering as told; run in a fresh process.

    python answer_in_airflow.py REPORT RELEASE=ANSWER…     ANSWER: Approve, Reject, command, silence, nobody, fail

Approve and Reject go through Airflow's own REST API, with the login of its user; `command` is `chaidaen publish`.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from core.settings import reload as reload_settings

PATIENCE_SECONDS = 60


def main(report: Path, wanted: dict[int, str]) -> None:
    import airflow.sdk.definitions.dag
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag

    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    bundle = manager.get_bundle("chaidaen")
    bundle.initialize()
    bag = BundleDagBag(dag_folder=bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
    flow = bag.dags["approving_flow"]
    run_task = airflow.sdk.definitions.dag._run_task
    found = {}
    for release_id, answer in wanted.items():
        os.environ["CHAIDAEN_APPROVAL_HOURS"] = "0.0001" if answer == "silence" else "1"
        reload_settings()
        # Where Airflow itself answers, no trigger runs: its API alone must wake the step.
        by_api = answer in ("Approve", "Reject")

        def run_one(by_api: bool = by_api, **how: Any) -> Any:
            return run_task(**{**how, "run_triggerer": not by_api})

        airflow.sdk.definitions.dag._run_task = run_one
        answering = threading.Thread(target=give, args=(release_id, answer))
        answering.start()
        run = flow.test(run_conf={"release": release_id, "fail": answer == "fail"})
        answering.join()
        found[release_id] = {
            "run": run.state,
            "tasks": {task.task_id: task.state for task in run.get_task_instances()},
        }
    report.write_text(json.dumps(found), encoding="utf-8")


def give(release_id: int, answer: str) -> None:
    if answer in ("nobody", "silence", "fail"):
        return
    wait_until_asked(release_id)
    if answer == "command":
        from publication import releases

        releases.publish(release_id, "Somchai", approve=True)
    else:
        answer_by_api(release_id, answer)


def wait_until_asked(release_id: int) -> None:
    from publication.releases import list_releases

    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if any(one.release_id == release_id and one.status == "held" for one in list_releases()):
            return
        time.sleep(0.2)
    raise AssertionError("nobody was asked")


def answer_by_api(release_id: int, answer: str) -> None:
    """As the page Required Actions does it."""
    from airflow.api_fastapi.app import create_app
    from starlette.testclient import TestClient

    from chaidaen.stack import airflow

    with TestClient(create_app(), base_url=airflow.api_url()) as client:
        given = client.post("/auth/token", json={"username": airflow.USER, "password": airflow.user_password()})
        given.raise_for_status()
        client.headers["Authorization"] = f"Bearer {given.json()['access_token']}"
        detail = waiting_question(client, release_id)
        task = detail["task_instance"]
        assert detail["options"] == ["Approve", "Reject"]
        answered = client.patch(
            f"/api/v2/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
            f"/{task['map_index']}/hitlDetails",
            json={"chosen_options": [answer], "params_input": {}},
        )
        answered.raise_for_status()


def waiting_question(client: Any, release_id: int) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        asked = client.get("/api/v2/dags/~/dagRuns/~/hitlDetails", params={"response_received": False})
        asked.raise_for_status()
        for detail in asked.json()["hitl_details"]:
            if f"Publish release {release_id}?" in detail["subject"]:
                return detail
        time.sleep(0.2)
    raise AssertionError("Airflow shows no question")


if __name__ == "__main__":
    main(Path(sys.argv[1]), {int(number): answer for number, answer in (one.split("=") for one in sys.argv[2:])})
