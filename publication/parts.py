"""Cuts a mart into parts by its key columns, and finds the parts whose very rows the store has already.

A part is never changed once written. Content equal to an earlier part is not stored again, it is listed again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from core import clock
from publication.relations import Relation

# A row's text, and so its hash, must not depend on the settings of whoever computes it.
FIXED_TEXT = "set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local extra_float_digits = 1; " \
             "set local intervalstyle = 'iso_8601'; set local bytea_output = 'hex'"  # fmt: skip
MOST_PARTS = 60  # more would cost readers; a mart that grows beyond is parted by fewer columns


@dataclass(frozen=True, slots=True)
class Part:
    """What one key's rows come to. `content_hash` is the sum of their 64-bit hashes: in whatever order they stand."""

    key: tuple[Any, ...]
    content_hash: Decimal
    row_count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoredPart:
    """shared: an earlier release already had exactly these rows. key: value of each column that parts the mart."""

    relation: str
    part_id: int
    row_count: int
    shared: bool
    key: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slices:
    """Some slices of a mart, by the text of the column that says them."""

    column: str
    names: Sequence[str]

    def others(self) -> sql.Composed:
        """Condition on rows of every other slice."""
        return sql.SQL("cast({} as text) <> all({})").format(sql.Identifier(self.column), sql.Literal(list(self.names)))


def keep_parts(
    connection: Connection[TupleRow],
    relation: Relation,
    columns: Sequence[str],
    part_by: Sequence[str],
    without: Slices | None = None,
) -> list[StoredPart]:
    """Store the parts of the candidate table that the store does not have; `columns` in the store's order.

    Rows of the slices `without` are left out. The caller's transaction has FIXED_TEXT set.
    """
    source = sql.SQL("{} where {}").format(relation.source, without.others() if without else sql.SQL("true"))
    measured = _measure(connection, source, columns, part_by)
    if without and not measured:
        return []
    by, parts = _cut(measured, part_by)
    known = _known(connection, relation, parts)
    added = _add(connection, relation, by, [part for part in parts if part not in known])
    if added:
        _insert_rows(connection, relation, source, columns, by, part_ids=list(added.values()))
    return [
        StoredPart(relation.name, part_id, part.row_count, part in known, dict(zip(by, part.key, strict=True)))
        for part in parts
        for part_id in [known[part] if part in known else added[part]]
    ]


def _measure(
    connection: Connection[TupleRow], source: sql.Composed, columns: Sequence[str], part_by: Sequence[str]
) -> list[Part]:
    """One pass over the table."""
    by = [sql.SQL("to_jsonb(t.{})").format(sql.Identifier(name)) for name in part_by]
    rows = connection.execute(
        sql.SQL(
            "select jsonb_build_array({by}), sum(hashtextextended(t::text, 0)), count(*), sum(pg_column_size(t))"
            " from (select {columns} from {source}) as t group by {groups} order by 1"
        ).format(
            by=sql.SQL(", ").join(by),
            columns=_listed(columns),
            source=source,
            groups=sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in part_by)
            if part_by
            else sql.SQL("()"),
        )
    ).fetchall()
    return [Part(tuple(key), content or Decimal(0), count, size or 0) for key, content, count, size in rows]


def _cut(parts: list[Part], part_by: Sequence[str]) -> tuple[tuple[str, ...], list[Part]]:
    """The columns that part the mart into a bearable number, and its parts; an empty mart is one empty part."""
    by = tuple(part_by)
    while by and len(parts) > MOST_PARTS:
        by = by[:-1]
        merged: defaultdict[tuple[Any, ...], list[Part]] = defaultdict(list)
        for part in parts:
            merged[part.key[:-1]].append(part)
        parts = [_merge(key, same) for key, same in merged.items()]
    return (by, parts) if parts else ((), [Part((), Decimal(0), 0, 0)])


def _merge(key: tuple[Any, ...], parts: Iterable[Part]) -> Part:
    found = list(parts)
    return Part(
        key,
        sum((part.content_hash for part in found), Decimal(0)),
        sum(part.row_count for part in found),
        sum(part.size_bytes for part in found),
    )


def _known(connection: Connection[TupleRow], relation: Relation, parts: Sequence[Part]) -> dict[Part, int]:
    rows = connection.execute(
        "select w.place, min(p.part_id) from store.parts as p"
        " join unnest(%s::numeric[], %s::bigint[]) with ordinality as w (content_hash, row_count, place)"
        " on p.content_hash = w.content_hash and p.row_count = w.row_count"
        " where p.relation = %s group by w.place",
        [[part.content_hash for part in parts], [part.row_count for part in parts], relation.name],
    ).fetchall()
    return {parts[place - 1]: part_id for place, part_id in rows}


def _add(
    connection: Connection[TupleRow], relation: Relation, by: Sequence[str], parts: Sequence[Part]
) -> dict[Part, int]:
    added = {}
    for part in parts:
        row = connection.execute(
            "insert into store.parts (relation, part_key, content_hash, row_count, size_bytes, created_at)"
            " values (%s, %s, %s, %s, %s, %s) returning part_id",
            [
                relation.name, Jsonb(dict(zip(by, part.key, strict=True))), part.content_hash, part.row_count,
                part.size_bytes, clock.now(),
            ],
        ).fetchone()  # fmt: skip
        added[part] = int(row[0]) if row else 0
    return added


def _insert_rows(
    connection: Connection[TupleRow],
    relation: Relation,
    source: sql.Composed,
    columns: Sequence[str],
    by: Sequence[str],
    *,
    part_ids: list[int],
) -> None:
    """Rows of the new parts, in one statement; a row finds its part by the key as JSON, in which NULL equals NULL."""
    pairs = [sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(name)) for name in by]
    connection.execute(
        sql.SQL(
            "insert into {table} ({columns}, _part_id) select {columns}, p.part_id from"
            " (select {columns}, jsonb_build_object({pairs}) as _part_key from {source}) as t"
            " join store.parts as p on p.part_key = t._part_key where p.part_id = any({ids})"
        ).format(
            table=relation.table,
            columns=_listed(columns),
            pairs=sql.SQL(", ").join(pairs),
            source=source,
            ids=sql.Literal(part_ids),
        )
    )


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
