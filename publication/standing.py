"""What stands in the build schemas, and of which recipe: the one place that writes `ops.built_nodes`.

A row is deleted before its node is built and written after it succeeded, and it names the very table that was built.
So neither a build cut short, nor a table dropped or made anew by hand, passes for the one wanted.

`ops.built_slices` says the same of single slices, and dbt reads it: a slice listed there is left as it stands, every
other one is deleted and built (dbt_project/macros/slices.sql).
"""

from collections.abc import Iterable

from psycopg import Connection, sql
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
    connection.execute(
        "delete from ops.built_slices as b where not exists (select"
        " from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as wanted (unique_id, slice, recipe, relation)"
        " where (b.unique_id, b.slice, b.recipe) = (wanted.unique_id, wanted.slice, wanted.recipe)"
        " and b.relation_oid is not distinct from to_regclass(wanted.relation)::oid)",
        _slice_columns(plan.nodes.values()),
    )
    _drop_outworn(connection, plan.nodes.values())


def outdated(connection: Connection[TupleRow], nodes: Iterable[Node]) -> list[Node]:
    """Those of the nodes that must be built, or tested again."""
    standing = {row[0] for row in connection.execute("select unique_id from ops.built_nodes").fetchall()}
    return [node for node in nodes if node.unique_id not in standing]


def set_built(connection: Connection[TupleRow], release_id: int, nodes: Iterable[Node]) -> None:
    """Remember nodes that dbt has just built with all their slices, or tests that passed."""
    built = list(nodes)
    with connection.transaction():
        connection.execute(
            "insert into ops.built_nodes (unique_id, recipe, relation_oid, release_id, built_at)"
            " select u, r, to_regclass(t)::oid, %s, %s"
            " from unnest(%s::text[], %s::text[], %s::text[]) as built (u, r, t)"
            " on conflict (unique_id) do update set recipe = excluded.recipe, relation_oid = excluded.relation_oid,"
            " release_id = excluded.release_id, built_at = excluded.built_at",
            [release_id, clock.now(), *_columns(built)],
        )
        connection.execute(
            "insert into ops.built_slices (unique_id, slice, recipe, relation_oid)"
            " select u, s, r, to_regclass(t)::oid"
            " from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as built (u, s, r, t)"
            " on conflict (unique_id, slice) do nothing",  # such a slice was standing already
            _slice_columns(built),
        )


def carry_unit_tests(real: Connection[TupleRow], other: Connection[TupleRow]) -> None:
    """Remember in another warehouse which unit tests passed in this one: they speak of code, not of what was sent.

    Those of other code than will be built there are forgotten before anything is (`clear_outdated`).
    """
    passed = real.execute(
        "select unique_id, recipe, release_id, built_at from ops.built_nodes where starts_with(unique_id, 'unit_test.')"
    ).fetchall()
    with other.cursor() as cursor:
        cursor.executemany(
            "insert into ops.built_nodes (unique_id, recipe, release_id, built_at) values (%s, %s, %s, %s)", passed
        )


def forget(connection: Connection[TupleRow], unique_ids: Iterable[str] | None = None) -> None:
    """Let these be built the next time whatever their recipe; without names, everything."""
    chosen = None if unique_ids is None else list(unique_ids)
    with connection.transaction():
        for table in ("built_nodes", "built_slices"):
            connection.execute(
                sql.SQL("delete from ops.{} where %(chosen)s::text[] is null or unique_id = any(%(chosen)s)").format(
                    sql.Identifier(table)
                ),
                {"chosen": chosen},
            )


def _drop_outworn(connection: Connection[TupleRow], nodes: Iterable[Node]) -> None:
    """Drop tables of which no slice stands, so that dbt makes them with the columns they have now."""
    standing = {row[0] for row in connection.execute("select unique_id from ops.built_slices").fetchall()}
    for node in nodes:
        if node.kind == "table" and node.slices and node.unique_id not in standing and node.relation:
            schema, table = node.relation.replace('"', "").split(".")
            for one in (schema, "candidate_safe"):  # a mart has a safe twin of the same columns
                connection.execute(sql.SQL("drop table if exists {} cascade").format(sql.Identifier(one, table)))


def _columns(nodes: Iterable[Node]) -> list[list[str | None]]:
    found = list(nodes)
    return [[n.unique_id for n in found], [n.recipe for n in found], [n.relation for n in found]]


def _slice_columns(nodes: Iterable[Node]) -> list[list[str | None]]:
    found = [(node.unique_id, year, recipe, node.relation) for node in nodes for year, recipe in node.slices.items()]
    return [[one[place] for one in found] for place in range(4)]
