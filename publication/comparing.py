"""Two warehouses side by side: which marts of a release came out otherwise, in which rows, and why.

Rows are compared by their hashes, so nothing but numbers crosses from one server to the other. What is told of a row
are the columns that name it (areas, agencies, periods) and the columns that differ; values only of the safe marts,
which anybody may read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from publication.dbt import Manifest
from publication.parts import FIXED_TEXT
from publication.relations import Relation, Shape, shape_of
from publication.replaying import carry

SAMPLE = 20
_ROW = ("_sheet", "_row")
_HASHES = "select hashtextextended(t::text, 0) from ({}) as t"
_SUMS = "select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from ({}) as t"


@dataclass(frozen=True, slots=True)
class Side:
    """Rows to compare, and where they are."""

    connection: Connection[TupleRow]
    rows: sql.Composable


def different_marts(
    real: Connection[TupleRow], scratch: Connection[TupleRow], manifest: Mapping[str, Any], parsed: Manifest
) -> list[dict[str, Any]]:
    """Every mart whose rows are not those the manifest tells: how many rows, and which."""
    keys = {found.alias: list(found.config.meta.get("grain", [])) for found in parsed.nodes.values()
            if found.resource_type == "model"}  # fmt: skip
    found = []
    for then in manifest["marts"]:
        relation = Relation(then["mart"], then["variant"])
        shape = shape_of(scratch, relation.source)
        told: dict[str, Any] = {"mart": relation.mart, "variant": relation.variant, "rows_then": then["rows"]}
        if shape is None:
            found.append({**told, "rows_now": None, "missing": True})
            continue
        count, content_hash = _sums(scratch, relation, then["columns"], shape)
        if (count, content_hash) != (then["rows"], then["content_hash"]):
            columns = [name for name in then["columns"] if name in shape.types]
            grain = keys.get(relation.mart, [])
            rows = _which(real, scratch, manifest["release_id"], relation, columns=columns, keys=grain)
            found.append({**told, "rows_now": count, **_columns_changed(then["columns"], shape), **rows})
    return found


def different_submissions(
    real: Connection[TupleRow], scratch: Connection[TupleRow], manifest: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Submissions whose rows in the warehouse are not those that their archived files give now."""
    found = []
    listed = [one for one in manifest["submissions"] if one["is_listed"]]
    for dataset in sorted({one["dataset_id"] for one in listed}):
        table = sql.Identifier("raw", dataset)
        shapes = shape_of(real, table), shape_of(scratch, table)
        if shapes[0] is None or shapes[1] is None:
            continue
        columns = sorted(set(shapes[0].names) & set(shapes[1].names))
        numbers = [one["submission_id"] for one in listed if one["dataset_id"] == dataset]
        then, now = (_raw_sums(connection, table, columns, numbers) for connection in (real, scratch))
        for number in (number for number in numbers if then.get(number) != now.get(number)):
            rows = sql.SQL("select {} from {} where _submission_id = {}").format(
                _listed(columns), table, sql.Literal(number)
            )
            which = _strangers(Side(real, rows), Side(scratch, rows), _ROW, values=False)
            found.append({"submission_id": number, "dataset_id": dataset, **which})
    return found


def _sums(
    scratch: Connection[TupleRow], relation: Relation, columns: Sequence[str], shape: Shape
) -> tuple[int, str | None]:
    """Rows, and their hash over the columns as the store had them; no hash when it had others."""
    if set(columns) != set(shape.names):
        columns = []
    with scratch.transaction():
        scratch.execute(FIXED_TEXT)
        rows = sql.SQL("select {} from {}").format(_listed(columns or shape.names), relation.source)
        row = scratch.execute(sql.SQL(_SUMS).format(rows)).fetchone()
    count, content_hash = row or (0, 0)
    return int(count), str(content_hash) if columns else None


def _raw_sums(
    connection: Connection[TupleRow], table: sql.Identifier, columns: Sequence[str], numbers: list[int]
) -> dict[int, tuple[int, int]]:
    with connection.transaction():
        connection.execute(FIXED_TEXT)
        rows = connection.execute(
            sql.SQL(
                "select t._submission_id, count(*), sum(hashtextextended(t::text, 0))"
                " from (select {} from {} where _submission_id = any({})) as t group by t._submission_id"
            ).format(_listed(columns), table, sql.Literal(numbers))
        ).fetchall()
    return {number: (count, content_hash) for number, count, content_hash in rows}


def _columns_changed(then: Sequence[str], shape: Shape) -> dict[str, list[str]]:
    added, gone = sorted(set(shape.names) - set(then)), sorted(set(then) - set(shape.names))
    return {"columns_added": added, "columns_gone": gone} if added or gone else {}


def _which(
    real: Connection[TupleRow],
    scratch: Connection[TupleRow],
    release_id: int,
    relation: Relation,
    *,
    columns: Sequence[str],
    keys: Sequence[str],
) -> dict[str, Any]:
    """The rows that differ; nothing when the release's own are no longer kept, or the mart is about persons."""
    kept = real.execute(
        "select exists (select from store.release_parts where release_id = %s and relation = %s)",
        [release_id, relation.name],
    ).fetchone()
    is_personal = relation.variant == "cases" or any(name.endswith("_key") for name in keys)
    if kept != (True,) or is_personal or not keys or not set(keys) <= set(columns):
        return {}
    then = sql.SQL(
        "select {} from {} where _part_id = any(array(select part_id from store.release_parts"
        " where release_id = {} and relation = {}))"
    ).format(_listed(columns), relation.table, sql.Literal(release_id), sql.Literal(relation.name))
    now = sql.SQL("select {} from {}").format(_listed(columns), relation.source)
    return _strangers(Side(real, then), Side(scratch, now), keys, values=relation.variant == "safe")


def _strangers(then: Side, now: Side, keys: Sequence[str], *, values: bool) -> dict[str, Any]:
    """How many rows only one side has, and a sample: the keys of the first ones with the columns that differ."""
    count_then, rows_then = _only_in(then, now, keys)
    count_now, rows_now = _only_in(now, then, keys)
    sample = []
    for key in sorted({*rows_then, *rows_now}, key=str)[:SAMPLE]:
        before, after = rows_then.get(key, {}), rows_now.get(key, {})
        differing = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        where = "release" if not after else "rebuild" if not before else "both"
        told = {"key": dict(zip(keys, key, strict=True)), "in": where, "columns": differing if where == "both" else []}
        if values and where == "both":
            told["values"] = {name: [before.get(name), after.get(name)] for name in differing}
        sample.append(told)
    return {"rows_only_in_release": count_then, "rows_only_in_rebuild": count_now, "sample": sample}


def _only_in(here: Side, there: Side, keys: Sequence[str]) -> tuple[int, dict[tuple[str, ...], dict[str, Any]]]:
    connection = here.connection
    with connection.transaction(), there.connection.transaction():
        connection.execute("create temporary table _there (row_hash bigint) on commit drop")
        for one in (connection, there.connection):
            one.execute(FIXED_TEXT)
        carry(there.connection, connection, sql.SQL(_HASHES).format(there.rows), sql.SQL("_there"))
        connection.execute("analyze _there")
        rows = connection.execute(
            sql.SQL(
                "select to_jsonb(t), count(*) over () from ({}) as t"
                " where not exists (select from _there where row_hash = hashtextextended(t::text, 0))"
                " order by {} limit {}"
            ).format(here.rows, _listed(keys), sql.Literal(10 * SAMPLE))
        ).fetchall()
    return (rows[0][1] if rows else 0), {tuple(str(row[name]) for name in keys): row for row, _ in rows}


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
