"""What stands in the build schemas, and of which recipe: the one place that writes `ops.built_nodes`.

A row is deleted before its node is built and written after it succeeded, and it names the very table that was built.
So neither a build cut short, nor a table dropped or made anew by hand, passes for the one wanted.
"""

from collections.abc import Iterable

from psycopg import Connection
from psycopg.rows import TupleRow

from core import clock
from publication.plan import Node, Plan


def clear_outdated(connection: Connection[TupleRow], plan: Plan) -> None:
    """Forget every node whose recipe is another now, or whose table is gone; committed before anything is built."""
    connection.execute(
        "delete from ops.built_nodes as b using (select unnest(%s::text[]) as unique_id, unnest(%s::text[]) as recipe,"
        " unnest(%s::text[]) as relation) as wanted where b.unique_id = wanted.unique_id"
        " and (b.recipe <> wanted.recipe or b.relation_oid is distinct from to_regclass(wanted.relation)::oid)",
        _columns(plan.nodes.values()),
    )
    connection.execute("delete from ops.built_nodes where unique_id <> all(%s)", [list(plan.nodes)])


def outdated(connection: Connection[TupleRow], nodes: Iterable[Node]) -> list[Node]:
    """Those of the nodes that must be built, or tested again."""
    standing = {row[0] for row in connection.execute("select unique_id from ops.built_nodes").fetchall()}
    return [node for node in nodes if node.unique_id not in standing]


def set_built(connection: Connection[TupleRow], release_id: int, nodes: Iterable[Node]) -> None:
    """Remember nodes that dbt has just built, or tests that passed."""
    unique_ids, recipes, relations = _columns(nodes)
    connection.execute(
        "insert into ops.built_nodes (unique_id, recipe, relation_oid, release_id, built_at)"
        " select u, r, to_regclass(t)::oid, %s, %s from unnest(%s::text[], %s::text[], %s::text[]) as built (u, r, t)"
        " on conflict (unique_id) do update set recipe = excluded.recipe, relation_oid = excluded.relation_oid,"
        " release_id = excluded.release_id, built_at = excluded.built_at",
        [release_id, clock.now(), unique_ids, recipes, relations],
    )


def forget(connection: Connection[TupleRow], unique_ids: Iterable[str] | None = None) -> None:
    """Let these be built the next time whatever their recipe; without names, everything."""
    if unique_ids is None:
        connection.execute("delete from ops.built_nodes")
    else:
        connection.execute("delete from ops.built_nodes where unique_id = any(%s)", [list(unique_ids)])


def _columns(nodes: Iterable[Node]) -> list[list[str | None]]:
    found = list(nodes)
    return [[n.unique_id for n in found], [n.recipe for n in found], [n.relation for n in found]]
