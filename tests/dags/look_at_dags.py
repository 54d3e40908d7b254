"""Parses the DAG files as Airflow's DAG processor does and prints what it saw as JSON; run in a fresh process."""

import json
import sys
import time
from pathlib import Path


def main(folder: Path) -> None:
    import airflow.models.dag
    import airflow.sdk
    import airflow.triggers.base  # noqa: F401 - Airflow's own cost is not ours
    from airflow.dag_processing.dagbag import BundleDagBag
    from airflow.providers.standard.decorators import python, short_circuit  # noqa: F401

    before = set(sys.modules)
    begun = time.monotonic()
    bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="chaidaen")
    seconds = time.monotonic() - begun
    report = {
        "import_errors": bag.import_errors,
        "warnings": {path: list(map(str, caught)) for path, caught in bag.captured_warnings.items() if caught},
        "seconds": seconds,
        "loaded": sorted({name.split(".")[0] for name in set(sys.modules) - before}),
        "all_loaded": sorted({name.split(".")[0] for name in sys.modules}),
        "dags": {dag.dag_id: _dag(dag) for dag in bag.dags.values()},
    }
    Path(sys.argv[2]).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def _dag(dag: object) -> dict[str, object]:
    return {
        "title": dag.dag_display_name,
        "description": dag.description,
        "doc": dag.doc_md,
        "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup,
        "tells_failure": dag.has_on_failure_callback,
        "tasks": {
            task.task_id: {
                "title": task.task_display_name,
                "doc": task.doc_md,
                "retries": task.retries,
                "after": sorted(task.upstream_task_ids),
            }
            for task in dag.tasks
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
