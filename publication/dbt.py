"""dbt, called in this process: one invocation per layer, every node's result kept in `ops.dbt_results`."""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg.rows import dict_row

from core import database
from core.errors import BuildFailed
from core.settings import settings
from expectations.wording import short_message

GOOD = ("success", "pass", "warn", "skipped", "no-op", "partial success")
SHOWN_FAILURES = 20


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one model, seed or test. `message` carries no value of any row."""

    unique_id: str
    status: str
    execution_seconds: float
    rows_affected: int | None
    message: str | None

    @property
    def failed(self) -> bool:
        return self.status not in GOOD


def run_dbt(args: Sequence[str], release_id: int, as_of: date) -> list[NodeResult]:
    """Run `dbt <args>` on the warehouse for one release and keep the result of every node.

    Raises BuildFailed naming the nodes that failed, or the mistake that kept dbt from starting.
    """
    from dbt.cli.main import dbtRunner  # takes seconds to import
    from dbt_common.invocation import get_invocation_id

    with _environment(), _closed_logs():
        outcome = dbtRunner().invoke([*args, *_options(release_id, as_of)])
    nodes = [_node_result(result) for result in getattr(outcome.result, "results", None) or []]
    if nodes:
        _keep(release_id, get_invocation_id(), nodes)
    failed = [node for node in nodes if node.failed]
    if failed or not outcome.success:
        raise _build_failed(args, failed, outcome.exception)
    return nodes


def _options(release_id: int, as_of: date) -> list[str]:
    project = settings().project_root / "dbt_project"
    return [
        "--project-dir", str(project),
        "--profiles-dir", str(project),
        "--target-path", str(settings().state_dir("dbt") / "target"),
        "--log-path", str(settings().state_dir("dbt") / "logs"),
        "--vars", json.dumps({"release_id": release_id, "as_of": as_of.isoformat()}),
        "--indirect-selection", "buildable",  # a test runs with the last of the layers it looks at
        "--log-level", "none",  # what failed is raised; the log file has the rest
        "--log-level-file", "info",
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]  # fmt: skip


@contextmanager
def _environment() -> Iterator[None]:
    """profiles.yml reads where the warehouse is from here; the password never stands in a file of dbt."""
    parts = urlsplit(database.url())
    given = {
        "CHAIDAEN_DB_HOST": parts.hostname or "127.0.0.1",
        "CHAIDAEN_DB_PORT": str(parts.port or 5432),
        "CHAIDAEN_DB_USER": unquote(parts.username or ""),
        "CHAIDAEN_DB_PASSWORD": unquote(parts.password or ""),
        "CHAIDAEN_DB_NAME": unquote(parts.path.lstrip("/")),
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _closed_logs() -> Iterator[None]:
    """dbt expects its process to end; in ours it would leave its log file open after every invocation."""
    from dbt_common.events.event_manager_client import cleanup_event_logger, get_event_manager

    try:
        yield
    finally:
        for logger in get_event_manager().loggers:
            for handler in list(logging.getLogger(logger.name).handlers):
                handler.close()
        cleanup_event_logger()


def _node_result(result: object) -> NodeResult:
    response = getattr(result, "adapter_response", None) or {}
    rows = response.get("rows_affected")
    return NodeResult(
        unique_id=result.node.unique_id,  # type: ignore[attr-defined]
        status=str(getattr(result.status, "value", result.status)),  # type: ignore[attr-defined]
        execution_seconds=float(result.execution_time),  # type: ignore[attr-defined]
        rows_affected=rows if isinstance(rows, int) and rows >= 0 else None,
        message=short_message(getattr(result, "message", None)),
    )


def _keep(release_id: int, invocation_id: str, nodes: Sequence[NodeResult]) -> None:
    rows = [
        (release_id, invocation_id, n.unique_id, n.status, n.execution_seconds, n.rows_affected, n.message)
        for n in nodes
    ]  # fmt: skip
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.dbt_results"
            " (release_id, invocation_id, unique_id, status, execution_seconds, rows_affected, message)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            rows,
        )


def list_results(release_id: int) -> list[dict[str, Any]]:
    """Every node of every invocation for a release, slowest first."""
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "select release_id, invocation_id, unique_id, status, execution_seconds, rows_affected, message"
            " from ops.dbt_results where release_id = %s order by execution_seconds desc, unique_id",
            [release_id],
        )
        return cursor.fetchall()


def _build_failed(args: Sequence[str], failed: Sequence[NodeResult], exception: BaseException | None) -> BuildFailed:
    lines = [f"  {node.unique_id}: {node.message or node.status}" for node in failed[:SHOWN_FAILURES]]
    if len(failed) > SHOWN_FAILURES:
        lines.append(f"  … and {len(failed) - SHOWN_FAILURES} more")
    if not lines:
        lines = [f"  {short_message(str(exception)) or 'dbt gave no reason'}"]
    return BuildFailed(
        f"dbt {' '.join(args)} failed:\n" + "\n".join(lines),
        cure=f"See {settings().state_dir('dbt') / 'logs' / 'dbt.log'}; `chaidaen builds` lists every node."
        " The published release stands.",
    )
