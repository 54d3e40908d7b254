"""Builds a candidate release, layer by layer; each function is one coarse task that may be run again."""

from collections.abc import Callable

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core.errors import UsageError
from publication.dbt import NodeResult, run_dbt
from publication.locks import building, candidate_lock
from publication.recipe import seeds_hash
from publication.releases import as_of_date
from publication.store import StoredPart, store_candidate, store_mart

RELEASE_NOTES = "release_notes"
LAYERS: dict[str, tuple[str, ...]] = {
    "seeds": ("build", "--select", "resource_type:seed"),
    "staging": ("build", "--select", "path:models/staging"),
    "intermediate": ("build", "--select", "path:models/intermediate"),
    "marts": ("build", "--select", "path:models/marts"),
}


def build_layer(release_id: int, layer: str) -> list[NodeResult]:
    """Build and test one layer of the candidate; seeds only when their files changed.

    Raises BuildFailed naming the nodes that failed.
    """
    if layer not in LAYERS:
        raise UsageError(f"There is no layer {layer}.", cure=f"Layers: {', '.join(LAYERS)}.")
    with building(release_id) as connection:
        if layer == "seeds" and _loaded_seeds(connection) == seeds_hash():
            return []
        if layer == "seeds":
            _mark_seeds(connection, None)  # a load cut short must not pass for the one before
        nodes = run_dbt(LAYERS[layer], release_id, as_of_date(release_id))
        if layer == "seeds":
            _mark_seeds(connection, seeds_hash())
        return nodes


def _loaded_seeds(connection: Connection[TupleRow]) -> str | None:
    """Hash of the seed files in the database, kept as the comment on their schema."""
    row = connection.execute("select obj_description(to_regnamespace('seeds'), 'pg_namespace')").fetchone()
    return row[0] if row else None


def _mark_seeds(connection: Connection[TupleRow], content: str | None) -> None:
    connection.execute("create schema if not exists seeds")
    connection.execute(sql.SQL("comment on schema seeds is {}").format(sql.Literal(content)))


def build(release_id: int, *, progress: Callable[[str], None] = lambda _: None) -> list[StoredPart]:
    """Every layer, then the store. The published release is not touched."""
    for layer in LAYERS:
        progress(layer)
        build_layer(release_id, layer)
    progress("store")
    return store_candidate(release_id)


def rebuild_release_notes(release_id: int) -> list[StoredPart]:
    """Write what the gate said into the release's own notes: they are the one mart built after the gate."""
    with candidate_lock():
        run_dbt(("build", "--select", RELEASE_NOTES), release_id, as_of_date(release_id))
        return store_mart(release_id, RELEASE_NOTES)
