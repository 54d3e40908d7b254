"""dbt in this process, on the warehouse of the current home."""

from pathlib import Path
from typing import Any

from core import database
from core.settings import PROJECT_ROOT, settings
from publication.dbt import invocation

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
FINE = ("success", "pass", "no-op")  # an exposure has nothing to run


def invoke(*args: str, project: Path = DBT_PROJECT, variables: dict[str, Any] | None = None) -> Any:
    """The outcome of `dbt <args>` for the release that `variables` name: `.success`, `.exception`, `.result`."""
    from dbt.cli.main import dbtRunner

    given = variables or {}
    with database.connect() as connection:
        connection.execute(
            "update ops.building set release_id = %s, as_of = %s", [given.get("release_id"), given.get("as_of")]
        )
    state = settings().state_dir("dbt") if project == DBT_PROJECT else project  # what is parsed is kept there
    with invocation():
        return dbtRunner().invoke(
            [
                *args,
                *("--project-dir", str(project), "--profiles-dir", str(project)),
                *("--target-path", str(state / "target"), "--log-path", str(state / "logs")),
                *("--log-level", "none", "--log-level-file", "none", "--no-version-check"),
            ]
        )


def problems(outcome: Any) -> list[str]:
    """What failed, in dbt's words; empty when everything went well and every check ran."""
    results = getattr(outcome.result, "results", None) or []
    bad = [f"{one.node.unique_id}: {one.status} {one.message}" for one in results if one.status not in FINE]
    return bad if outcome.exception is None else [*bad, str(outcome.exception)]
