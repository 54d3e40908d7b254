"""The views readers see: stable, commented, granted, and touched only when their columns change."""

import time
from collections.abc import Sequence

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core.errors import UserFacingError
from core.roles import CASE_VIEWS
from publication.cases import is_protected, protection
from publication.relations import Column, Relation, Shape, shape_of

LOCK_TIMEOUT_MS = 50  # a reader waits no longer than this for our DDL, which then steps back and tries again
PATIENCE_SECONDS = 60.0


def add_columns(connection: Connection[TupleRow], relation: Relation, columns: Sequence[Column]) -> None:
    """Add columns to a store table that readers may be reading. Earlier parts have NULL there."""
    additions = [
        sql.SQL("add column if not exists {} {}").format(sql.Identifier(c.name), sql.SQL(c.type)) for c in columns
    ]
    _patiently(connection, [sql.SQL("alter table {} {}").format(relation.table, sql.SQL(", ").join(additions))])


def show_to_readers(connection: Connection[TupleRow], relation: Relation, source: Shape) -> None:
    """Make the reader view fit the store table, with the comments of the candidate and the grants of its readers."""
    table = shape_of(connection, relation.table)
    view = shape_of(connection, relation.view)
    assert table is not None  # noqa: S101  # the caller has just filled it
    is_restricted = relation.variant == "cases"
    if view is None or view.types != table.types or (is_restricted and not is_protected(connection, relation, table)):
        connection.commit()
        # With its grants in one transaction: no reader may meet a view that it is not allowed to read yet.
        statements = [_view_definition(relation, table), *_grants(relation, relation.readers)]
        if is_restricted:
            statements = [*protection(relation, table), *statements, *_owned_by_none_who_sees_all(relation, table)]
        _patiently(connection, statements)
        view = shape_of(connection, relation.view)
    assert view is not None  # noqa: S101
    if missing := [*_missing_comments(relation, view, source), *_missing_grants(connection, relation)]:
        connection.execute(sql.SQL("; ").join(missing), prepare=False)  # at once: there may be a hundred comments
    connection.commit()


def tell_dropped(connection: Connection[TupleRow], relation: Relation, instead: str) -> None:
    """Let the view of a dropped mart fail with a hint where a release lacks it; in those that have it, nothing changes.

    The connection is one in autocommit mode.
    """
    table = shape_of(connection, relation.table)
    if table is None:
        return
    guard = sql.SQL(" and (select store.refuse_dropped({}, {}))").format(
        sql.Literal(relation.name), sql.Literal(instead)
    )
    _patiently(connection, [_view_definition(relation, table) + guard])


def _owned_by_none_who_sees_all(relation: Relation, table: Shape) -> list[sql.Composed]:
    """The view of case workers goes to a role that is subject to the table's policy; the gate has one of its own."""
    judged = sql.Identifier("gate", relation.mart)
    return [
        sql.SQL("alter view {} owner to {}").format(relation.view, sql.Identifier(CASE_VIEWS)),
        _view_definition(relation, table, judged),
        sql.SQL("grant select on {} to chaidaen_gate").format(judged),
    ]


def _view_definition(relation: Relation, table: Shape, view: sql.Identifier | None = None) -> sql.Composed:
    # store.release() stands in a subquery: bare it would be called for every row.
    return sql.SQL(
        "create or replace view {view} {options} as select {columns} from {table} where _part_id = any(array("
        "select part_id from store.release_parts"
        " where relation = {name} and release_id = (select store.release())))"
    ).format(
        view=view or relation.view,
        options=sql.SQL("with (security_barrier)" if relation.variant == "cases" else ""),
        columns=sql.SQL(", ").join(map(sql.Identifier, table.names)),
        table=relation.table,
        name=sql.Literal(relation.name),
    )


def _missing_comments(relation: Relation, view: Shape, source: Shape) -> list[sql.Composed]:
    wanted = {column.name: column.comment for column in source.columns}
    statements = [
        sql.SQL("comment on column {}.{} is {}").format(
            relation.view, sql.Identifier(column.name), sql.Literal(wanted[column.name])
        )
        for column in view.columns
        if column.name in wanted and wanted[column.name] != column.comment
    ]
    if source.comment != view.comment:
        statements.append(sql.SQL("comment on view {} is {}").format(relation.view, sql.Literal(source.comment)))
    return statements


def _missing_grants(connection: Connection[TupleRow], relation: Relation) -> list[sql.Composed]:
    name = relation.view.as_string(connection)
    lacking = connection.execute(
        "select role from unnest(%s::text[]) as role where not has_table_privilege(role, %s, 'select')",
        [list(relation.readers), name],
    ).fetchall()
    return _grants(relation, [row[0] for row in lacking])


def _grants(relation: Relation, roles: Sequence[str]) -> list[sql.Composed]:
    return [sql.SQL("grant select on {} to {}").format(relation.view, sql.Identifier(role)) for role in roles]


def _patiently(connection: Connection[TupleRow], statements: Sequence[sql.Composed]) -> None:
    """Run DDL that must not make readers queue behind it. Raises UserFacingError when a reader never lets go."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with connection.transaction():
                connection.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT_MS)))
                for statement in statements:
                    connection.execute(statement)
        except psycopg.errors.LockNotAvailable:
            if time.monotonic() > deadline:
                raise UserFacingError(
                    f"A reader has held a mart in an open transaction for {PATIENCE_SECONDS:.0f} s, so its new column"
                    " cannot be added.",
                    cure="End that session (pg_stat_activity, state 'idle in transaction'), then build again.",
                ) from None
            time.sleep(0.1)
        else:
            connection.commit()
            return
