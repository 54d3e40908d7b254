"""Names: where a mart is built, where its rows are kept, which view readers see, and who may read that view."""

import re
from dataclasses import dataclass
from typing import Literal

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core.errors import UserFacingError
from expectations.described import Reader

Variant = Literal["exact", "safe", "cases"]
FOR_EVERYBODY: tuple[Variant, ...] = ("exact", "safe")
READERS: dict[Variant, tuple[str, ...]] = {
    "exact": ("chaidaen_analyst", "chaidaen_gate"),
    "safe": ("chaidaen_bi", "chaidaen_analyst", "chaidaen_gate"),
    "cases": ("chaidaen_case_worker",),
}
# Tables of their own for each, so that a mart that becomes restricted never shows new rows in a view it had before.
_SUFFIXES: dict[Variant, str] = {"exact": "", "safe": "__safe", "cases": "__cases"}
_SOURCES: dict[Variant, str] = {"exact": "candidate", "safe": "candidate_safe", "cases": "candidate"}
_VIEWS: dict[Variant, str] = {"exact": "marts_exact", "safe": "marts", "cases": "cases"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")  # PostgreSQL cuts names at 63 bytes; room for __safe and index suffixes


@dataclass(frozen=True, slots=True)
class Relation:
    """One variant of one mart."""

    mart: str
    variant: Variant

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.mart) or "__" in self.mart:
            raise UserFacingError(
                f"{self.mart!r} cannot be the name of a mart.", cure="Use a plain plural, 51 letters."
            )

    @property
    def name(self) -> str:
        """What `store.parts.relation` and `store.release_parts.relation` call it."""
        return self.mart + _SUFFIXES[self.variant]

    @property
    def source(self) -> sql.Identifier:
        return sql.Identifier(_SOURCES[self.variant], self.mart)

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier("store", self.name)

    @property
    def view(self) -> sql.Identifier:
        return sql.Identifier(_VIEWS[self.variant], self.mart)

    @property
    def readers(self) -> tuple[str, ...]:
        return READERS[self.variant]


def variants_for(reader: Reader | None) -> tuple[Variant, ...]:
    """What is stored of a mart that these readers see."""
    return (reader,) if reader else FOR_EVERYBODY


def relation_named(name: str) -> Relation:
    """The relation that the store calls so."""
    for variant, suffix in _SUFFIXES.items():
        if suffix and name.endswith(suffix):
            return Relation(name.removesuffix(suffix), variant)
    return Relation(name, "exact")


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Shape:
    """Columns in order, and the comment on the relation."""

    columns: tuple[Column, ...]
    comment: str | None

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def types(self) -> dict[str, str]:
        return {column.name: column.type for column in self.columns}


def shape_of(connection: Connection[TupleRow], relation: sql.Identifier) -> Shape | None:
    """Columns, types and comments of a table or view; None if there is none. `_part_id` is ours and left out."""
    found = connection.execute(
        "select to_regclass(%s)::oid, obj_description(to_regclass(%s), 'pg_class')",
        [relation.as_string(connection)] * 2,
    ).fetchone()
    if found is None or found[0] is None:
        return None
    rows = connection.execute(
        "select attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum) from pg_attribute"
        " where attrelid = %s and attnum > 0 and not attisdropped and attname <> '_part_id' order by attnum",
        [found[0]],
    ).fetchall()
    return Shape(tuple(Column(*row) for row in rows), found[1])
