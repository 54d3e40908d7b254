"""From a figure of a release down to the cells of the files it rests on.

with lineage(None) as session:
    traced = trace(session, "poverty_by_area", {"area_code": "940101", "survey_year_be": "2564"}, "any_poor_households")
    for cell in traced.cells: ...
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

import psycopg
from psycopg import sql

from core import clock, database
from core.errors import UsageError, UserFacingError
from expectations.described import TakenFrom
from ingestion import ledger
from ingestion.ledger import AnyConnection, Submission
from publication.trace_cells import Cell, cells_of, whole_file
from publication.trace_declared import Entry, TracedColumn, TracedMart, traced_mart
from publication.trace_lineage import Lineage

SHOWN_CELLS = 1000
Progress = Callable[[str], None]


@dataclass
class Traced:
    """A figure and what it rests on. rows: rows of files (or whole files) behind it; cells are read as they are asked
    for, while the lineage is open; `truncated` says, after the last one, whether there were more."""

    mart: str
    key: dict[str, Any]
    column: str
    value: Any
    release_id: int
    from_files: bool
    rows: int
    cells: Iterator[Cell] = field(default_factory=lambda: iter(()))
    truncated: bool = False

    def head(self) -> dict[str, Any]:
        """Everything but the cells, as JSON."""
        return {
            "value": _plain(self.value),
            "release_id": self.release_id,
            "mart": self.mart,
            "key": {name: _plain(value) for name, value in self.key.items()},
            "column": self.column,
            "rows": self.rows,
        }


def trace(
    lineage: Lineage,
    mart: str,
    key: Mapping[str, str],
    column: str,
    *,
    limit: int | None = SHOWN_CELLS,
    masked: bool = True,
    progress: Progress = lambda _: None,
) -> Traced:
    """Trace one figure. A figure that is empty (unknown) rests on nothing.

    Raises UsageError when mart, column or row do not exist, UserFacingError when the rows found give another figure
    than the release says: it was built by other code.
    """
    declared = traced_mart(lineage.manifest, mart)
    asked = declared.column(column)
    grain, value = _figure(lineage, declared, key, column)
    found = list(_found_in(lineage, declared, asked, grain, value))
    traced = Traced(mart, grain, column, value, lineage.release_id, bool(found), 0)
    if value is None or not found:
        return traced
    for one in found:
        _refuse_other_figure(lineage, one)
    traced.rows = _collect(lineage, found)
    traced.cells = _limited(traced, _cells(lineage, limit, masked, progress), limit)
    return traced


def see_personal(person: str, figure: str, release_id: int, reason: str) -> None:
    """Note that this person looks at personal values. Raises UsageError when nobody has allowed it."""
    with database.connect(application="chaidaen trace") as connection:
        allowed = connection.execute("select from ops.personal_data_readers where person = %s", [person]).fetchone()
        if allowed is None:
            raise UsageError(
                f"{person} is not allowed to see personal values.",
                cure="Without --show-personal they are masked. Who may see them stands in ops.personal_data_readers;"
                " docs/tracing.md says how to add somebody.",
            )
        connection.execute(
            "insert into ops.personal_data_views (person, viewed_at, release_id, figure, reason)"
            " values (%s, %s, %s, %s, %s)",
            [person, clock.now(), release_id, figure, reason],
        )


# ------------------------------------------------------------------------------------------------------- the figure


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure where it is made: entries of its column, the key of its row, its value."""

    entries: Sequence[Entry]
    key: Mapping[str, Any]
    value: Any


def _found_in(
    lineage: Lineage, mart: TracedMart, column: TracedColumn, key: Mapping[str, Any], value: object
) -> Iterator[_Found]:
    """The figure itself, or those of the mart it is taken from; of a share, those of its numerator and denominator."""
    if column.entries:
        yield _Found(column.entries, key, value)
    elif column.taken_from:
        yield from _taken(lineage, mart, column.taken_from, key)
    for part in () if column.entries else column.parts:
        yield from _found_in(lineage, mart, mart.column(part), key, None)


def _taken(lineage: Lineage, mart: TracedMart, taken: TakenFrom, key: Mapping[str, Any]) -> Iterator[_Found]:
    """Rows of the other mart; rows that are counted rest on what names them."""
    source = traced_mart(lineage.manifest, taken.mart)
    is_counted = taken.column == "*"
    column = source.column(taken.counted_by or "" if is_counted else taken.column)
    here = [sql.SQL("p.{} = {}").format(sql.Identifier(name), value) for name, value in key.items()]
    there = [
        sql.SQL("cast(s.{} as text) = cast(p.{} as text)").format(sql.Identifier(name), sql.Identifier(said))
        for name, said in {"of_area": "area_code", **taken.columns}.items()
    ] + [sql.SQL("s.{} = {}").format(sql.Identifier(name), value) for name, value in taken.constants.items()]
    rows = lineage.connection.execute(
        sql.SQL("select {}, s.{} from {} as s join marts_exact.{} as p on {} where {}").format(
            sql.SQL(", ").join(sql.SQL("s.{}").format(sql.Identifier(name)) for name in source.keys),
            sql.Identifier(column.name),
            sql.SQL(taken.rows),
            sql.Identifier(mart.name),
            _all(there),
            _all(here),
        )
    ).fetchall()
    for row in rows:
        if row[-1] is not None:
            value = None if is_counted else row[-1]
            yield _Found(column.entries, dict(zip(source.keys, row, strict=False)), value)


def _figure(lineage: Lineage, mart: TracedMart, key: Mapping[str, str], column: str) -> tuple[dict[str, Any], Any]:
    """The key of the row that was named, and its figure in the release."""
    for name in key:
        if name not in mart.columns:
            raise UsageError(f"{mart.name} has no column {name}.", cure=f"One row is named by {_examples(mart.keys)}.")
    conditions = [sql.SQL("coalesce({}::text, '') = {}").format(sql.Identifier(k), v) for k, v in key.items()]
    statement = sql.SQL("select {}, {} from marts_exact.{} where {} limit 2").format(
        _names(mart.keys), sql.Identifier(column), sql.Identifier(mart.name), _all(conditions)
    )
    try:
        rows = lineage.connection.execute(statement).fetchall()
    except psycopg.errors.RaiseException as error:
        said = error.diag.message_primary or "The release cannot be read"
        raise UsageError(f"{said[:1].upper()}{said[1:]}.", cure="See `chaidaen releases`.") from error
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        raise UsageError(
            f"Readers have no {mart.name}.{column} yet.", cure="It comes with the next release: chaidaen build."
        ) from error
    named = ", ".join(f"{name}={value}" for name, value in key.items())
    if not rows:
        raise UsageError(
            f"Release {lineage.release_id} has no row of {mart.name} with {named or 'nothing'}.",
            cure=f"One row is named by {_examples(mart.keys)}; read them in marts_exact.{mart.name}.",
        )
    if len(rows) > 1:
        raise UsageError(
            f"{named or 'Nothing'} names more than one row of {mart.name}.", cure=f"Give {_examples(mart.keys)}."
        )
    return dict(zip(mart.keys, rows[0], strict=False)), rows[0][-1]


def _refuse_other_figure(lineage: Lineage, found: _Found) -> None:
    for entry in found.entries:
        if entry.value is None or found.value is None:
            continue
        row = lineage.connection.execute(
            sql.SQL("select {} from {} where {}").format(
                sql.SQL(entry.value), lineage.have(entry.analysis), _condition(entry, found.key)
            )
        ).fetchone()
        given = (row[0] if row else None) or 0
        if given != found.value:
            raise UserFacingError(
                f"The rows found give {given}, but release {lineage.release_id} says {found.value}: it was built by"
                " other code or reference lists than these.",
                cure="Trace it with the code version that `chaidaen releases --json` names for it.",
            )


# ---------------------------------------------------------------------------------------------------- rows and cells


def _collect(lineage: Lineage, found: Sequence[_Found]) -> int:
    """Put the rows into the temporary table `traced`; returns how many there are."""
    parts = sql.SQL(" union ").join(_rows_of(lineage, entry, one.key) for one in found for entry in one.entries)
    lineage.connection.execute("drop table if exists pg_temp.traced")
    lineage.connection.execute(sql.SQL("create temporary table traced as {}").format(parts))
    row = lineage.connection.execute(
        "select count(*) from (select distinct _submission_id, _sheet, _row from traced) as rows_of_files"
    ).fetchone()
    return int(row[0]) if row else 0


def _rows_of(lineage: Lineage, entry: Entry, key: Mapping[str, Any]) -> sql.Composed:
    if entry.says is None:
        what = sql.SQL("_sheet, _row, {} as columns, null::text as says").format(sql.SQL(entry.cells))
    else:
        what = sql.SQL(
            "null::text as _sheet, null::bigint as _row, null::text[] as columns, ({})::text as says"
        ).format(sql.SQL(entry.says))
    return sql.SQL("select _submission_id, {} from {} where {}").format(
        what, lineage.have(entry.analysis), _condition(entry, key)
    )


def _cells(lineage: Lineage, limit: int | None, masked: bool, progress: Progress) -> Iterator[Cell]:
    rows = lineage.connection.execute(
        "select _submission_id, _sheet, _row, columns, says from traced"
        " order by _submission_id, _sheet, _row, columns limit %s",
        [None if limit is None else limit + 1],
    ).fetchall()
    for submission_id, found in groupby(rows, key=lambda row: row[0]):
        connection: AnyConnection = lineage.connection
        submission = ledger.submission(connection, submission_id)
        if submission is not None:
            yield from _cells_of_file(connection, submission, list(found), masked, progress)


def _cells_of_file(
    connection: AnyConnection, submission: Submission, rows: Sequence[Sequence[Any]], masked: bool, progress: Progress
) -> Iterator[Cell]:
    wanted: dict[tuple[str, int], list[str]] = {}
    for _, sheet, row, columns, says in rows:
        if row is None:
            yield whole_file(submission, says)
        else:
            had = wanted.setdefault((sheet, row), [])
            had += [name for name in columns or [] if name not in had]
    if wanted:
        yield from cells_of(connection, submission, wanted, masked=masked, progress=progress)


def _limited(traced: Traced, cells: Iterator[Cell], limit: int | None) -> Iterator[Cell]:
    for number, cell in enumerate(cells):
        if limit is not None and number >= limit:
            traced.truncated = True
            return
        yield cell


# ------------------------------------------------------------------------------------------------------------- words


def _condition(entry: Entry, key: Mapping[str, Any]) -> sql.Composed:
    named = {name: key[name] for name in entry.keys_of(list(key))}
    same = [sql.SQL("{} = {}").format(sql.Identifier(name), value) for name, value in named.items()]
    return _all([*same, sql.SQL("({})").format(sql.SQL(entry.where))])


def _all(conditions: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(" and ").join(conditions or [sql.SQL("true")])


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _examples(keys: Sequence[str]) -> str:
    return " ".join(f"{name}=…" for name in keys)


def _plain(value: object) -> object:
    """As JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
