"""Keeps the content of candidate marts in plain store tables, in parts; a release is a list of parts.

A part is never changed once written. Content equal to an earlier part is not stored again, it is listed again.
"""

from dataclasses import dataclass

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core import clock, database
from core.errors import BuildFailed, UserFacingError
from publication.locks import building
from publication.relations import VARIANTS, Relation, Shape, shape_of
from publication.releases import record
from publication.views import add_columns, show_to_readers

# A row's text, and so its hash, must not depend on the settings of whoever computes it.
FIXED_TEXT = "set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local extra_float_digits = 1; " \
             "set local intervalstyle = 'iso_8601'; set local bytea_output = 'hex'"  # fmt: skip
INDEXED = ("province_code", "fiscal_year_be", "survey_year_be", "area_code")


@dataclass(frozen=True, slots=True)
class StoredPart:
    """shared: an earlier release already had exactly these rows."""

    relation: str
    part_id: int
    row_count: int
    shared: bool


def store_candidate(release_id: int) -> list[StoredPart]:
    """Store every mart built for this release, exact and safe, and show both to readers pinned to it.

    Raises BuildFailed when no mart was built, UserFacingError when a mart or column that readers know is gone.
    """
    with building(release_id) as connection:
        marts = built_marts(connection, release_id)
        if not marts:
            raise BuildFailed(
                f"No mart has been built for release {release_id}.",
                cure=f"Run `chaidaen build` for release {release_id}.",
            )
        _refuse_dropped_marts(connection, marts)
        parts = [_store(release_id, Relation(mart, variant)) for mart in marts for variant in VARIANTS]
        record(connection, release_id, "built", "chaidaen")
        return parts


def store_mart(release_id: int, mart: str) -> list[StoredPart]:
    """Store one mart again. The caller holds the candidate lock."""
    return [_store(release_id, Relation(mart, variant)) for variant in VARIANTS]


def built_marts(connection: Connection[TupleRow], release_id: int) -> list[str]:
    """Marts are the models dbt built for this release whose table stands in `candidate`."""
    rows = connection.execute(
        "select distinct c.relname::text from ops.dbt_results as d"
        " join pg_class as c on c.relname = replace(substring(d.unique_id from '^model\\.[^.]+\\.(.+)$'), '.', '_')"
        " where d.release_id = %s and d.status = 'success' and c.relkind = 'r'"
        " and c.relnamespace = to_regnamespace('candidate') order by 1",
        [release_id],
    ).fetchall()
    return [row[0] for row in rows]


def _refuse_dropped_marts(connection: Connection[TupleRow], marts: list[str]) -> None:
    known = connection.execute(
        "select distinct rp.relation from store.release_parts as rp join store.current as c using (release_id)"
    ).fetchall()
    missing = sorted({row[0].removesuffix("__safe") for row in known} - set(marts))
    if missing:
        raise UserFacingError(
            f"Readers know marts that this build no longer has: {', '.join(missing)}.",
            cure="Keep the model, or deprecate it by a new model version first; nobody's report may break silently.",
        )


def _store(release_id: int, relation: Relation) -> StoredPart:
    with database.connect(application="chaidaen store") as connection:
        source = shape_of(connection, relation.source)
        if source is None:
            raise BuildFailed(
                f"The table {relation.source.as_string(connection)} is missing.",
                cure="Every mart needs its safe twin; see the post-hook of the marts folder in dbt_project.",
            )
        _prepare_table(connection, relation, source)
        connection.commit()
        connection.execute(FIXED_TEXT)
        part = _find_or_insert(connection, relation)
        connection.execute(
            "delete from store.release_parts where release_id = %s and relation = %s", [release_id, relation.name]
        )
        connection.execute(
            "insert into store.release_parts values (%s, %s, %s)", [release_id, relation.name, part.part_id]
        )
        connection.commit()
        if not part.shared:
            connection.execute(sql.SQL("analyze {}").format(relation.table))
        connection.commit()
        show_to_readers(connection, relation, source)
    return part


def _prepare_table(connection: Connection[TupleRow], relation: Relation, source: Shape) -> None:
    table = shape_of(connection, relation.table)
    if table is None:
        _create_table(connection, relation, source)
        return
    _refuse_breaking_changes(relation, table, source)
    added = [column for column in source.columns if column.name not in table.types]
    if added:
        connection.commit()
        add_columns(connection, relation, added)


def _create_table(connection: Connection[TupleRow], relation: Relation, source: Shape) -> None:
    columns = [sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.type)) for c in source.columns]
    connection.execute(
        sql.SQL("create table {} ({}, _part_id bigint not null)").format(relation.table, sql.SQL(", ").join(columns))
    )
    keys = ["_part_id", *(name for name in INDEXED if name in source.types)]
    connection.execute(
        sql.SQL("create index {} on {} ({})").format(
            sql.Identifier(f"{relation.name}_part"),
            relation.table,
            sql.SQL(", ").join(sql.Identifier(key) for key in keys),
        )
    )


def _refuse_breaking_changes(relation: Relation, table: Shape, source: Shape) -> None:
    gone = [name for name in table.names if name not in source.types]
    changed = [
        f"{name} ({table.types[name]} → {source.types[name]})"
        for name in table.names
        if name in source.types and table.types[name] != source.types[name]
    ]
    if gone or changed:
        what = [f"columns are gone: {', '.join(gone)}"] * bool(gone) + [f"types changed: {', '.join(changed)}"] * bool(
            changed
        )
        raise UserFacingError(
            f"The mart {relation.mart} breaks those who read it; {'; '.join(what)}.",
            cure="Keep the columns as they are, or make the change in a new version of the model.",
        )


def _find_or_insert(connection: Connection[TupleRow], relation: Relation) -> StoredPart:
    # The store's column order, so that the hash does not change when a model merely lists its columns differently.
    table = shape_of(connection, relation.table)
    assert table is not None  # noqa: S101  # just prepared
    columns = sql.SQL(", ").join(map(sql.Identifier, table.names))
    found = connection.execute(
        sql.SQL(
            "select coalesce(sum(hashtextextended(t::text, 0)), 0), count(*), coalesce(sum(pg_column_size(t)), 0)"
            " from (select {} from {}) as t"
        ).format(columns, relation.source)
    ).fetchone()
    content_hash, row_count, size = found or (0, 0, 0)
    known = connection.execute(
        "select part_id from store.parts where relation = %s and content_hash = %s and row_count = %s"
        " order by part_id limit 1",
        [relation.name, content_hash, row_count],
    ).fetchone()
    if known:
        return StoredPart(relation.name, known[0], row_count, shared=True)
    made = connection.execute(
        "insert into store.parts (relation, content_hash, row_count, size_bytes, created_at)"
        " values (%s, %s, %s, %s, %s) returning part_id",
        [relation.name, content_hash, row_count, size, clock.now()],
    ).fetchone()
    part_id = made[0] if made else 0
    connection.execute(
        sql.SQL("insert into {} ({}, _part_id) select {}, {} from {}").format(
            relation.table, columns, columns, sql.Literal(part_id), relation.source
        )
    )
    return StoredPart(relation.name, part_id, row_count, shared=False)
