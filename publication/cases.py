"""How rows of single households and people are shown: to those in charge of them, and to nobody else.

A policy of the table decides row by row, by the rights of the login (`store.case_rights()`, migration 0018). Readers
see it through a view whose owner is subject to that policy, and which is a security barrier: a function or operator of
a reader meets no row before the policy has let it through. Nothing that EXPLAIN shows depends on hidden rows: the table
has no index but the one of its parts, and no statistics of values.
"""

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core.roles import CASE_VIEWS
from publication.relations import Relation, Shape

POLICY = "case_rights"
# Codes of places begin with those of the places they lie in.
PLACES = ("place_code", "area_code", "village_code", "tambon_code", "amphoe_code", "province_code")
HOUSEHOLDS = "household_cases"  # the mart that says who looks after a household


def is_protected(connection: Connection[TupleRow], relation: Relation, table: Shape) -> bool:
    """Whether the table has the very policy its columns ask for."""
    row = connection.execute(
        "select obj_description(oid, 'pg_policy') from pg_policy where polrelid = to_regclass(%s) and polname = %s",
        [relation.table.as_string(connection), POLICY],
    ).fetchone()
    return row is not None and row[0] == _condition(relation, table).as_string(connection)


def protection(relation: Relation, table: Shape) -> list[sql.Composed]:
    """Statements that put the policy in force; they may be repeated."""
    condition, policy, views = _condition(relation, table), sql.Identifier(POLICY), sql.Identifier(CASE_VIEWS)
    no_statistics = sql.SQL(", ").join(
        sql.SQL("alter column {} set statistics 0").format(sql.Identifier(name)) for name in table.names
    )
    return [
        sql.SQL("alter table {} enable row level security").format(relation.table),
        sql.SQL("alter table {} {}").format(relation.table, no_statistics),
        sql.SQL("drop policy if exists {} on {}").format(policy, relation.table),
        sql.SQL("create policy {} on {} for select to {} using ({})").format(policy, relation.table, views, condition),
        sql.SQL("comment on policy {} on {} is {}").format(
            policy, relation.table, sql.Literal(condition.as_string(None))
        ),
        sql.SQL("grant select on {} to {}").format(relation.table, views),
    ]


def _condition(relation: Relation, table: Shape) -> sql.Composed:
    """A right fits a row when all it names fits. A mart that does not say who looks after the household (or the
    person's household) is seen by whoever sees the household."""
    there = [name for name in PLACES if name in table.types]
    places = [sql.SQL("starts_with({}, r.area_code)").format(_column(relation, name)) for name in there]
    fits = [
        _fits("official_key", relation, table),
        _fits("official_agency", relation, table),
        sql.SQL("({})").format(
            sql.SQL(" or ").join([sql.SQL("r.area_code is null"), sql.SQL("r.area_code = 'SBP'"), *places])
        ),
    ]
    by_right = sql.SQL("exists (select from store.case_rights() as r where {})").format(sql.SQL(" and ").join(fits))
    if "official_key" in table.types or "household_key" not in table.types:
        return by_right
    return sql.SQL("{} or cast({} as text) in (select cast(c.household_key as text) from {} as c)").format(
        by_right, _column(relation, "household_key"), Relation(HOUSEHOLDS, "cases").view
    )


def _fits(name: str, relation: Relation, table: Shape) -> sql.Composed:
    right = sql.SQL("r.{}").format(sql.Identifier(name))
    if name not in table.types:
        return sql.SQL("{} is null").format(right)
    # As text: keys are uuid in the rights, and text in marts, whose contracts know no uuid.
    return sql.SQL("({0} is null or cast({0} as text) = cast({1} as text))").format(right, _column(relation, name))


def _column(relation: Relation, name: str) -> sql.Identifier:
    """Of the table itself, not of the right, which has columns of the same names."""
    return sql.Identifier(relation.name, name)
