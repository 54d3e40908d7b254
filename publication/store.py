"""Keeps the content of candidate marts in plain store tables, in parts (`publication.parts`); a release lists parts."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core import database
from core.errors import BuildFailed, UserFacingError
from publication.cases import HOUSEHOLDS
from publication.locks import building
from publication.manifest import keep_manifest, keep_marts
from publication.parts import FIXED_TEXT, MOST_PARTS, Slices, StoredPart, keep_parts
from publication.relations import Relation, Shape, Variant, shape_of, variants_for
from publication.releases import record
from publication.views import add_columns, show_to_readers, tell_dropped

INDEXED = ("province_code", "fiscal_year_be", "survey_year_be", "area_code")


def store_candidate(release_id: int) -> list[StoredPart]:
    """Store every mart built for this release, exact and safe, and show both to readers pinned to it.

    A mart of the published release's recipe keeps its parts without being looked at, and so does a slice of one.
    Raises BuildFailed when no mart was built, UserFacingError when a mart or column that readers know is gone.
    """
    with building(release_id) as connection:
        marts = _built_marts(connection, release_id)
        if not marts:
            raise BuildFailed(
                f"No mart has been built for release {release_id}.",
                cure=f"Run `chaidaen build` for release {release_id}.",
            )
        _drop_marts(connection, release_id, list(marts))
        parts = _store_all(release_id, marts.values())
        with connection.transaction():
            keep_manifest(connection, release_id)
            record(connection, release_id, "built", "chaidaen")
        return parts


def store_mart(release_id: int, mart: str) -> list[StoredPart]:
    """Store one mart again. The caller holds the candidate lock."""
    with database.connect() as connection:
        built = _built_marts(connection, release_id)[mart]
        connection.commit()
        parts = _store_all(release_id, [built])
        keep_marts(connection, release_id)
    return parts


@dataclass(frozen=True, slots=True)
class _BuiltMart:
    """published: the release readers see has the mart of the same recipe. kept: slices of which it has the same."""

    name: str
    part_by: tuple[str, ...]
    published: bool
    kept: Slices | None
    variants: tuple[Variant, ...]


def _built_marts(connection: Connection[TupleRow], release_id: int) -> dict[str, _BuiltMart]:
    rows = connection.execute(
        "select m.mart, m.part_by, coalesce(p.recipe = m.recipe, false), m.reader, m.slice_by,"
        " array(select n.key from jsonb_each(m.slices) as n join jsonb_each(p.slices) as o using (key, value))"
        " from ops.release_marts as m left join ops.release_marts as p on p.mart = m.mart"
        " and p.release_id <> m.release_id and p.release_id = (select release_id from store.current)"
        " where m.release_id = %s order by m.mart <> %s, m.mart",
        [release_id, HOUSEHOLDS],  # first, as others are shown to whoever sees the household there
    ).fetchall()
    return {
        mart: _BuiltMart(
            mart,
            tuple(part_by),
            published,
            Slices(slice_by, slices) if slices and slice_by in part_by else None,
            variants_for(reader),
        )
        for mart, part_by, published, reader, slice_by, slices in rows
    }


def _drop_marts(connection: Connection[TupleRow], release_id: int, marts: list[str]) -> None:
    """Marts of the published release that this one lacks: refused unless their model had said from when.

    From this release on their views say so instead of being empty. Raises UserFacingError.
    """
    gone = connection.execute(
        "select p.mart, p.deprecation_date <= r.as_of, p.reader from store.current as c"
        " join ops.release_marts as p using (release_id) join ops.releases as r on r.release_id = %s"
        " where p.mart <> all(%s) order by 1",
        [release_id, marts],
    ).fetchall()
    refused = [mart for mart, is_over, _ in gone if not is_over]
    if refused:
        raise UserFacingError(
            f"Readers know marts that this build no longer has: {', '.join(refused)}.",
            cure="Keep the model; or publish a new version beside it and give the old one a `deprecation_date` first."
            " Nobody's report may break silently: see docs/architecture.md, “Changing a mart”.",
        )
    for mart, _, reader in gone:
        newer = [name for name in marts if name.startswith(f"{mart.rpartition('_v')[0] or mart}_v")]
        for variant in variants_for(reader):
            tell_dropped(connection, Relation(mart, variant), max(newer, default="another mart"))


def _store_all(release_id: int, marts: Iterable[_BuiltMart]) -> list[StoredPart]:
    """No commit waits for the disk: the release counts as built by a later one, which brings these there with it."""
    with database.connect(application="chaidaen store") as connection:
        connection.execute("set synchronous_commit = off")
        connection.commit()
        return [
            part
            for mart in marts
            for variant in mart.variants
            for part in _store(connection, release_id, mart, Relation(mart.name, variant))
        ]


def _store(connection: Connection[TupleRow], release_id: int, mart: _BuiltMart, relation: Relation) -> list[StoredPart]:
    source = shape_of(connection, relation.source)
    if source is None:
        raise BuildFailed(
            f"The table {relation.source.as_string(connection)} is missing.",
            cure="Every mart needs its safe twin; see the post-hook of the marts folder in dbt_project."
            " `chaidaen build --force` builds every model anew.",
        )
    _prepare_table(connection, relation, source)
    connection.commit()
    published = _as_published(connection, relation) if mart.published or mart.kept else []
    parts = published if mart.published else _of_slices(published, mart.kept)
    if not (parts and mart.published):
        connection.execute(FIXED_TEXT)
        # The store's column order, so that no hash changes when a model merely lists its columns differently.
        table = shape_of(connection, relation.table)
        assert table is not None  # noqa: S101  # just prepared
        part_by = [name for name in mart.part_by if name in table.types]
        parts += keep_parts(connection, relation, table.names, part_by, mart.kept if parts else None)
    _list_parts(connection, release_id, relation, parts)
    connection.commit()
    show_to_readers(connection, relation, source)
    if not all(part.shared for part in parts):  # after the view, which may have forbidden statistics
        connection.execute(sql.SQL("analyze {}").format(relation.table))
    connection.commit()
    return parts


def _as_published(connection: Connection[TupleRow], relation: Relation) -> list[StoredPart]:
    rows = connection.execute(
        "select p.part_id, p.row_count, p.part_key from store.current as c"
        " join store.release_parts as rp using (release_id) join store.parts as p using (part_id)"
        " where rp.relation = %s order by p.part_id",
        [relation.name],
    ).fetchall()
    return [StoredPart(relation.name, part_id, count, True, key) for part_id, count, key in rows]


def _of_slices(published: list[StoredPart], kept: Slices | None) -> list[StoredPart]:
    """Parts that hold nothing but rows of these slices; none where slices share one, or parts become too many."""
    if kept is None or len(published) > MOST_PARTS * 0.8 or any(kept.column not in part.key for part in published):
        return []
    return [part for part in published if str(part.key.get(kept.column)) in kept.names]


def _list_parts(connection: Connection[TupleRow], release_id: int, relation: Relation, parts: list[StoredPart]) -> None:
    connection.execute(
        "delete from store.release_parts where release_id = %s and relation = %s", [release_id, relation.name]
    )
    connection.execute(
        "insert into store.release_parts select %s, %s, unnest(%s::bigint[])",
        [release_id, relation.name, sorted({part.part_id for part in parts})],
    )


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
    # An index would tell case workers, through EXPLAIN, how many rows of a place they don't see.
    indexed = () if relation.variant == "cases" else INDEXED
    keys = ["_part_id", *(name for name in indexed if name in source.types)]
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
