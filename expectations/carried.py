"""Verdicts that still stand: what was judged with the same words on the same rows is not judged again.

A release is a list of parts that never change. An expectation therefore holds here if an earlier release passed it and
every mart it reads has the same parts there. One that looks at a row at a time is judged on the rows of other parts
alone; one that says `within` which columns all rows it compares are alike, on the rows alike to those of other parts.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from core import database
from expectations.model import Expectation, Suite

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_JUDGES = ("judging.py", "gx_rows.py")
RELEASE_NOTES = "release_notes"  # written again after the judgement, so its parts are not those that were judged

Key = tuple[tuple[str, Any], ...]  # of a part: its columns and their values


class Part(NamedTuple):
    relation: str
    key: Key
    part_id: int
    has_rows: bool


Parts = set[Part]  # of one mart


@dataclass(frozen=True, slots=True)
class Asked:
    """One expectation of the release. words: hash of all that is asked; marts: those it reads."""

    suite: Suite
    expectation: Expectation
    words: str
    marts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known before anything is judged, by the expectation's id.

    judged_in: the release in which the verdict was reached that stands. only: SQL condition on the rows of the mart, or
    of the query, that are left to judge.
    """

    asked: Mapping[str, Asked] = field(default_factory=dict)
    judged_in: Mapping[str, int] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)


def what_stands(release_id: int, suites: Sequence[Suite], *, anew: bool = False) -> Standing:
    """Compare each expectation with the latest other release that passed it and whose content is still kept.

    anew: with none, so that everything is judged.
    """
    with database.connect() as connection:
        marts = _marts(connection)
        asked = {
            suite.id_of(one): Asked(suite, one, _words(suite, one), _read_by(suite, one, marts))
            for suite in suites
            for one in suite.expectations
        }
        passed = {} if anew else _passed(connection, release_id, asked)
        parts = _parts(connection, {release_id, *(earlier for earlier, _ in passed.values())})
    judged_in, only = {}, {}
    for name, (earlier, reached_in) in passed.items():
        one = asked[name]
        changed = {part.key for mart in one.marts for part in parts[release_id, mart] ^ parts[earlier, mart]}
        kept = parts[release_id, one.suite.mart] & parts[earlier, one.suite.mart]
        if not changed or (one.expectation.wants_a_row and any(part.has_rows for part in kept)):
            judged_in[name] = reached_in
        elif condition := _rows_to_judge(one, changed):
            only[name] = condition
    return Standing(asked, judged_in, only)


@cache
def _judges() -> str:
    """Who judges: another version of it may judge otherwise."""
    code = b"".join((Path(__file__).parent / name).read_bytes() for name in _JUDGES)
    return f"{hashlib.sha256(code).hexdigest()} {version('great_expectations')}"


def _words(suite: Suite, expectation: Expectation) -> str:
    query = suite.query_of(expectation)
    said = [
        _judges(), suite.view, suite.mart, suite.key, suite.rows, query.sql if query else None,
        expectation.expect, expectation.arguments, expectation.breaks, expectation.sql,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _read_by(suite: Suite, expectation: Expectation, marts: Iterable[str]) -> frozenset[str]:
    """Its own mart, and every one whose name occurs: rather one too many than one too few."""
    query = suite.query_of(expectation)
    named = set(_NAME.findall(f"{expectation.sql or ''} {query.sql if query else ''}"))
    return frozenset({suite.mart, *(named & set(marts))})


def _rows_to_judge(asked: Asked, changed: set[Key]) -> str | None:
    """SQL condition on the rows that the verdict depends on, or a few more; None when it depends on all.

    All expectations on the rows of a mart get the same condition where they can: they are then judged in one go.
    """
    one = asked.expectation
    if not one.looks_at_a_row and not one.within:
        return None
    of_suite = [set(other.within) for other in asked.suite.expectations if other.within and other.of == one.of]
    choices = [set.intersection(*of_suite)] if of_suite else []
    for columns in (*choices, None if one.looks_at_a_row else set(one.within)):
        alike = {tuple((name, value) for name, value in key if columns is None or name in columns) for key in changed}
        if () not in alike:
            return " or ".join(sorted(_is(key) for key in alike))
    return None


def _is(key: Key) -> str:
    return f"({' and '.join(f'{column} is not distinct from {_literal(value)}' for column, value in key)})"


def _literal(value: object) -> str:
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


def _marts(connection: Connection[TupleRow]) -> set[str]:
    """Every mart of any release: one that this release lacks is another than it was."""
    rows = connection.execute("select distinct split_part(relation, '__', 1) from store.parts").fetchall()
    return {row[0] for row in rows}


def _passed(
    connection: Connection[TupleRow], release_id: int, asked: Mapping[str, Asked]
) -> dict[str, tuple[int, int]]:
    """The latest release that passed each, and the one in which that verdict was reached."""
    rows = connection.execute(
        "select distinct on (w.id) w.id, g.release_id, g.judged_in"
        " from unnest(%s::text[], %s::text[]) as w (id, words)"
        " join ops.gate_results as g on g.words = w.words and g.expectation_id = w.id and g.success"
        " join ops.releases as r on r.release_id = g.release_id"
        " where g.release_id <> %s and r.content_dropped_at is null"
        " order by w.id, g.release_id desc",
        [list(asked), [one.words for one in asked.values()], release_id],
    ).fetchall()
    return {name: (release, reached_in) for name, release, reached_in in rows if RELEASE_NOTES not in asked[name].marts}


def _parts(connection: Connection[TupleRow], releases: Iterable[int]) -> Mapping[tuple[int, str], Parts]:
    rows = connection.execute(
        "select r.release_id, r.relation, p.part_key, r.part_id, p.row_count > 0 from store.release_parts as r"
        " join store.parts as p on p.part_id = r.part_id where r.release_id = any(%s)",
        [list(releases)],
    ).fetchall()
    found: defaultdict[tuple[int, str], Parts] = defaultdict(set)
    for release_id, relation, key, part_id, has_rows in rows:
        found[release_id, relation.partition("__")[0]].add(Part(relation, tuple(key.items()), part_id, has_rows))
    return found
