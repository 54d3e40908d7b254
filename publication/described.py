"""What the marts of the project say of themselves, read from dbt's graph and kept with each release they are built for.

A mart may be empty only in a release that has no submission of what it rests on: all datasets whose rows it is made of,
or those its `meta.empty_without` names, where the others alone give it no row.
"""

from collections.abc import Iterable

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from core.errors import BuildFailed
from expectations.described import DescribedColumn, DescribedMart
from publication.dbt import Manifest, Resource

_KEPT = frozenset(DescribedColumn.model_fields)


def described_mart(manifest: Manifest, unique_id: str) -> DescribedMart:
    """Raises BuildFailed when its meta names a dataset it is not made of."""
    found = manifest.nodes[unique_id]
    meta = found.config.meta
    datasets = datasets_of(manifest, found.alias)
    rests_on = set(meta.get("empty_without", datasets))
    if foreign := sorted(rests_on - datasets):
        raise BuildFailed(
            f"{found.alias}: meta.empty_without names {', '.join(foreign)}, of which it reads nothing.",
            cure=f"It is made of: {', '.join(sorted(datasets)) or 'no dataset'}.",
        )
    return DescribedMart(
        found.alias, tuple(meta["grain"]), _columns(found), meta.get("reader"), tuple(sorted(rests_on))
    )  # fmt: skip


def keep_described(connection: Connection[TupleRow], release_id: int, mart: DescribedMart) -> None:
    """Beside the mart's recipe in `ops.release_marts`."""
    columns = [column.model_dump(exclude_defaults=True) for column in mart.columns]
    connection.execute(
        "update ops.release_marts set reader = %s, grain = %s, columns = %s, rests_on = %s"
        " where release_id = %s and mart = %s",
        [mart.reader, list(mart.grain), Jsonb(columns), list(mart.rests_on), release_id, mart.name],
    )


def datasets_of(manifest: Manifest, mart: str) -> set[str]:
    """Datasets whose raw rows a mart is made of, by dbt's own graph; empty when it follows the ledger alone."""
    reached: set[str] = set()
    waiting = [name for name, found in manifest.nodes.items() if found.resource_type == "model" and found.alias == mart]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _parents(manifest, name)
    return {manifest.sources[name].name for name in reached if _is_raw(manifest, name)}


def _columns(found: Resource) -> tuple[DescribedColumn, ...]:
    return tuple(
        DescribedColumn.model_validate({k: v for k, v in column.config.meta.items() if k in _KEPT} | {"name": name})
        for name, column in found.columns.items()
    )


def _parents(manifest: Manifest, name: str) -> Iterable[str]:
    return getattr(manifest.nodes[name].depends_on, "nodes", ()) if name in manifest.nodes else ()


def _is_raw(manifest: Manifest, name: str) -> bool:
    return name in manifest.sources and manifest.sources[name].schema == "raw"
