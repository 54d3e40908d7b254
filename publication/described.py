"""What the marts of the project say of themselves, read from dbt's graph and kept with each release they are built for.

A mart may be empty only in a release that has no submission of what it rests on: all datasets whose rows it is made of,
or those its `meta.empty_without` names, where the others alone give it no row.
"""

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from core.errors import BuildFailed
from expectations.described import DescribedColumn, DescribedMart
from publication.dbt import Manifest, Resource, raw_datasets

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


def datasets_of(manifest: Manifest, mart: str) -> frozenset[str]:
    """Datasets whose raw rows a mart is made of, by dbt's own graph; empty when it follows the ledger alone."""
    named = [name for name, found in manifest.nodes.items() if found.resource_type == "model" and found.alias == mart]
    return frozenset[str]().union(*map(raw_datasets(manifest), named))


def _columns(found: Resource) -> tuple[DescribedColumn, ...]:
    return tuple(
        DescribedColumn.model_validate({k: v for k, v in column.config.meta.items() if k in _KEPT} | {"name": name})
        for name, column in found.columns.items()
    )
