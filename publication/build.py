"""Builds a candidate release, layer by layer; each function is one coarse task that may be run again.

Only what a release really changes is built: `publication.plan` says what each model is made of, `publication.standing`
what stands already.
"""

from collections.abc import Callable

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from core import database
from core.errors import UsageError
from core.settings import settings
from expectations.carried import RELEASE_NOTES
from publication import dbt, standing
from publication.dbt import Manifest, NodeResult, run_dbt
from publication.described import described_mart, keep_described
from publication.locks import building, candidate_lock, refuse_overtaken
from publication.parts import StoredPart
from publication.plan import LAYERS, Node, Plan, plan_of
from publication.recipe import facts_of
from publication.releases import as_of_date
from publication.store import store_candidate, store_mart

BUILT = ("success", "pass", "no-op")  # a warning is looked for again in the next build


def build_layer(release_id: int, layer: str) -> list[NodeResult]:
    """Build and test what this release changes in one layer; nothing is run when nothing is.

    Raises BuildFailed naming the nodes that failed.
    """
    if layer not in LAYERS:
        raise UsageError(f"There is no layer {layer}.", cure=f"Layers: {', '.join(LAYERS)}.")
    return _build_layer(release_id, layer, _plan(release_id))


def build(release_id: int, *, progress: Callable[[str], None] = lambda _: None) -> list[StoredPart]:
    """Every layer, then the store. The published release is not touched."""
    plan = _plan(release_id)
    for layer in LAYERS:
        progress(layer)
        _build_layer(release_id, layer, plan)
    progress("store")
    return store_candidate(release_id)


def rebuild_release_notes(release_id: int) -> list[StoredPart]:
    """Write what the gate said into the release's own notes: they are the one mart built after the gate.

    Raises UserFacingError when a newer release has been opened since.
    """
    with candidate_lock() as connection:
        refuse_overtaken(connection, release_id)  # the notes are made of tables that would be another release's
        manifest, plan = dbt.parse(), _plan(release_id)
        standing.clear_outdated(connection, plan)
        notes = [node for node in plan.marts if node.name == RELEASE_NOTES]
        standing.forget(connection, [node.unique_id for node in notes])
        tests = [node for node in plan.of_layer("marts") if node.unique_id in _tests_of(manifest, notes)]
        _run(connection, manifest, release_id, RELEASE_NOTES, [*notes, *tests])
        return store_mart(release_id, RELEASE_NOTES)


def _build_layer(release_id: int, layer: str, plan: Plan) -> list[NodeResult]:
    with building(release_id) as connection:
        manifest = dbt.parse()
        standing.clear_outdated(connection, plan)
        nodes = _run(connection, manifest, release_id, layer, wanted_of(connection, plan, layer))
        if layer == LAYERS[-1]:
            _keep_marts(connection, manifest, plan, release_id)
        return nodes


def _plan(release_id: int) -> Plan:
    """The same at any time: of a release stands what it was opened with."""
    with database.connect() as connection:
        facts = facts_of(connection, release_id, as_of_date(release_id))
    return plan_of(dbt.parse(), facts)


def wanted_of(connection: Connection[TupleRow], plan: Plan, layer: str) -> list[Node]:
    """What has to be built or tested; unit tests only where builds are meant to run them."""
    outdated = standing.outdated(connection, plan.of_layer(layer))
    return [node for node in outdated if node.kind != "unit_test" or settings().unit_tests_in_builds]


def _run(
    connection: Connection[TupleRow], manifest: Manifest, release_id: int, what: str, wanted: list[Node]
) -> list[NodeResult]:
    if not wanted:
        return []
    results = run_dbt("build", (node.unique_id for node in wanted), release_id, manifest)
    good = {result.unique_id for result in results if result.status in BUILT}
    standing.set_built(connection, release_id, [node for node in wanted if node.unique_id in good])
    dbt.refuse_failures(what, results)
    return results


def _tests_of(manifest: Manifest, nodes: list[Node]) -> set[str]:
    """Data tests that look at nothing but these nodes."""
    looked_at = {node.unique_id for node in nodes}
    return {
        unique_id
        for unique_id, found in manifest.nodes.items()
        if found.resource_type == "test" and set(found.depends_on.nodes) <= looked_at
    }


def _keep_marts(connection: Connection[TupleRow], manifest: Manifest, plan: Plan, release_id: int) -> None:
    """Tell the store what there is to store, the gate what that is, the next night what the calendar would change."""
    with connection.transaction():
        connection.execute("delete from ops.release_marts where release_id = %s", [release_id])
        for mart in plan.marts:
            connection.execute(
                "insert into ops.release_marts (release_id, mart, recipe, part_by, deprecation_date, slice_by, slices)"
                " values (%s, %s, %s, %s, %s, %s, %s)",
                [
                    release_id,
                    mart.table,
                    mart.recipe,
                    list(mart.part_by),
                    mart.deprecation_date,
                    mart.slice_by,
                    Jsonb(dict(mart.slices)),
                ],
            )  # fmt: skip
            keep_described(connection, release_id, described_mart(manifest, mart.unique_id))
        row = connection.execute("select calendar from ops.releases where release_id = %s", [release_id]).fetchone()
        kept = {name: value for name, value in (row[0] if row else {}).items() if name in plan.calendar}
        connection.execute("update ops.releases set calendar = %s where release_id = %s", [Jsonb(kept), release_id])
