"""dbt, called in this process: one invocation per layer, every node's result kept in `ops.dbt_results`."""

import gc
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from psycopg.rows import dict_row

from core import database
from core.errors import BuildFailed
from core.settings import environment, settings
from expectations.wording import short_message
from publication.recipe import hash_of_files

Manifest: TypeAlias = Any  # dbt's own classes; importing them takes seconds
Resource: TypeAlias = Any
RAW = "raw"  # schema of the sources that agencies fill, one a dataset
GOOD = ("success", "pass", "warn", "skipped", "no-op", "partial success")
SHOWN_FAILURES = 20
_WANTED = "wanted_now"
# As readers have it: with 4 MB, grouping a year of people goes through files. Compiling a query with forty items costs
# more than it saves. What a crash of the server takes of a candidate is built again: no statement waits for the disk,
# and all of it is there before `ops.built_nodes`, written later, says so.
_OF_BUILDERS = "-c work_mem=64MB -c jit=off -c synchronous_commit=off"


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


def parse() -> Manifest:
    """dbt's manifest of the project: everything there is to build, and what reads what.

    Once per process and database as long as no file changes. Raises BuildFailed when the project cannot be understood.
    """
    return _parse(*_what_dbt_reads())


def _what_dbt_reads() -> tuple[str, str]:
    """The name of the database, which every relation bears, and the project; nothing else comes into its manifest."""
    return urlsplit(database.url()).path, hash_of_files(settings().project_root / "dbt_project")


@lru_cache(maxsize=2)  # a rebuild has a database beside the warehouse
def _parse(name: str, project: str) -> Manifest:
    del name, project  # what the answer depends on
    outcome = _invoke(["parse"], None)
    if not outcome.success:
        raise _build_failed(["parse"], [], outcome.exception)
    gc.freeze()  # half a million objects that stay: looking through them for garbage took a tenth of a small build
    return outcome.result


def compiled_code() -> dict[str, str]:
    """SQL of every analysis and of the models it is made of, whole and not of single slices, by dbt's unique id.

    Once per process and database as long as no file changes. Raises BuildFailed when one cannot be compiled.
    """
    return dict(_compile(*_what_dbt_reads()))


@lru_cache(maxsize=1)
def _compile(name: str, project: str) -> dict[str, str]:
    args = ["compile", "--full-refresh", "--select", "+resource_type:analysis", "--indirect-selection", "empty"]
    outcome = _invoke(args, _parse(name, project))
    if not outcome.success:
        raise _build_failed(args, [], outcome.exception)
    nodes = [result.node for result in outcome.result.results]
    return {node.unique_id: node.compiled_code for node in nodes if node.resource_type in ("model", "analysis")}


def raw_datasets(manifest: Manifest) -> Callable[[str], frozenset[str]]:
    """By a node's unique id: every dataset whose raw rows it is made of, however far away. Each is looked up once."""

    @cache
    def reached(unique_id: str) -> frozenset[str]:
        if source := manifest.sources.get(unique_id):
            return frozenset({str(source.name)} if source.schema == RAW else ())
        found = manifest.nodes.get(unique_id) or manifest.unit_tests[unique_id]
        parents: Sequence[str] = getattr(found.depends_on, "nodes", ())  # a seed has none
        return frozenset[str]().union(*map(reached, parents))

    return reached


def run_dbt(command: str, wanted: Iterable[str], release_id: int, manifest: Manifest) -> list[NodeResult]:
    """Run `dbt <command>` on nodes by their unique ids, for one release; keep the result of each, good or bad.

    The caller holds the candidate lock. What failed is told by `refuse_failures`. Raises BuildFailed when dbt did not
    come to build anything.
    """
    from dbt_common.invocation import get_invocation_id

    _name_release(release_id)
    with _only(manifest, wanted):
        outcome = _invoke([command, "--select", f"tag:{_WANTED}", "--indirect-selection", "empty"], manifest)
    nodes = [_node_result(result) for result in getattr(outcome.result, "results", None) or []]
    if nodes:
        _keep(release_id, get_invocation_id(), nodes)
    if not outcome.success and not any(node.failed for node in nodes):
        raise _build_failed([command], [], outcome.exception)
    return nodes


@contextmanager
def _only(manifest: Manifest, wanted: Iterable[str]) -> Iterator[None]:
    """Within the block the wanted nodes bear a tag, and no other test is there.

    dbt finds all that bear a tag in one pass, but each name in one of its own, and draws its graph of whatever there
    is: of hundreds of tests few are wanted. A unit test has its tags in its configuration alone.
    """
    chosen = set(wanted)
    nodes, unit_tests = manifest.nodes, manifest.unit_tests
    manifest.nodes = {i: node for i, node in nodes.items() if i in chosen or node.resource_type != "test"}
    manifest.unit_tests = {i: test for i, test in unit_tests.items() if i in chosen}
    bearers = [
        *(node for unique_id, node in nodes.items() if unique_id in chosen),
        *(test.config for test in manifest.unit_tests.values()),
    ]
    before = [bearer.tags for bearer in bearers]
    for bearer in bearers:
        bearer.tags = [_WANTED]
    try:
        yield
    finally:
        for bearer, tags in zip(bearers, before, strict=True):
            bearer.tags = tags
        manifest.nodes, manifest.unit_tests = nodes, unit_tests


def refuse_failures(what: str, nodes: Sequence[NodeResult]) -> None:
    """Raises BuildFailed naming the nodes that failed, if any did."""
    if failed := [node for node in nodes if node.failed]:
        raise _build_failed([what], failed, None)


def _name_release(release_id: int) -> None:
    """Views and models read from this row which release is built, and up to which day it counts."""
    with database.connect() as connection:
        connection.execute(
            "update ops.building as b set release_id = r.release_id, as_of = r.as_of"
            " from ops.releases as r where r.release_id = %s",
            [release_id],
        )


def _invoke(args: Sequence[str], manifest: Manifest | None) -> Resource:
    from dbt.cli.main import dbtRunner  # takes seconds to import

    with invocation():
        return dbtRunner(manifest=manifest).invoke([*args, *_options()])


@contextmanager
def invocation() -> Iterator[None]:
    """For one call of dbt: it finds the warehouse, builds as builders do, and leaves nothing of itself behind."""
    with _environment(), _closed_logs(), _lasting_connections():
        yield


def _options() -> list[str]:
    project = settings().project_root / "dbt_project"
    return [
        "--project-dir", str(project),
        "--profiles-dir", str(project),
        "--target-path", str(settings().state_dir("dbt") / "target"),
        "--log-path", str(settings().state_dir("dbt") / "logs"),
        "--log-level", "none",  # what failed is raised; the log file has the rest
        "--log-level-file", "info",
        "--cache-selected-only",  # of the schemas that are built into, not of all
        "--no-write-json",  # results go to the ledger, nobody reads the manifest's megabytes
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
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {_OF_BUILDERS}".strip(),
        "DO_NOT_TRACK": "1",
    }
    with environment(given):
        yield


@contextmanager
def _lasting_connections() -> Iterator[None]:
    """Within the block each thread of dbt keeps its connection to the end of the invocation, which closes them all.

    By itself dbt connects anew for every node: a server process started, its knowledge of the tables gathered again.
    """
    from dbt.adapters.postgres.connections import PostgresConnectionManager

    def end_transaction(manager: Resource) -> None:
        connection = manager.get_if_exists()
        if connection is not None and connection.state == "open":
            connection.handle.rollback()
            connection.transaction_open = False

    releases = PostgresConnectionManager.release
    PostgresConnectionManager.release = end_transaction
    try:
        yield
    finally:
        PostgresConnectionManager.release = releases


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
        f"dbt {args[0]} failed:\n" + "\n".join(lines),
        cure=f"See {settings().state_dir('dbt') / 'logs' / 'dbt.log'}; `chaidaen builds` lists every node."
        " The published release stands.",
    )
