"""Datasets published as they were, because what was sent since did not pass the gate.

They stay so as long as the very submissions that were refused are the effective ones, and the code that refused them
is the same; then they are tried anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import TupleRow

from publication.recipe import code_hash


@dataclass(frozen=True, slots=True)
class HeldBack:
    """refused: the submissions that did not pass; kept: those used instead, of the release published then."""

    dataset_id: str
    since: datetime
    failed_release_id: int
    refused: tuple[int, ...]
    kept: tuple[int, ...]


def effective_without(connection: Connection[TupleRow]) -> tuple[list[int] | None, tuple[HeldBack, ...]]:
    """The effective submissions, with those kept in place of those still refused; None when nothing is held back."""
    standing = _standing(connection)
    if not standing:
        return None, ()
    effective = _effective(connection)
    held = tuple(one for one in standing if effective.get(one.dataset_id, ()) == one.refused)
    if not held:
        return None, ()
    return submissions_with(connection, effective, held), held


def submissions_with(
    connection: Connection[TupleRow], submissions: dict[str, tuple[int, ...]], held: Iterable[HeldBack]
) -> list[int]:
    """Submissions by dataset, those of held-back datasets replaced; what its agency withdrew is used no more."""
    kept = {one.dataset_id: one.kept for one in held}
    listed = [number for numbers in {**submissions, **kept}.values() for number in numbers]
    rows = connection.execute(
        "select submission_id from ops.submissions where submission_id = any(%s) and state <> 'withdrawn' order by 1",
        [listed],
    ).fetchall()
    return [int(number) for (number,) in rows]


def of_release(connection: Connection[TupleRow], release_id: int | None) -> dict[str, tuple[int, ...]]:
    """Submissions of a release by dataset, ascending."""
    return _by_dataset(
        connection.execute(
            "select s.dataset_id, s.submission_id from ops.release_submissions as r join ops.submissions as s"
            " using (submission_id) where r.release_id = %s order by 1, 2",
            [release_id],
        ).fetchall()
    )


def held_in_release(connection: Connection[TupleRow], release_id: int) -> list[HeldBack]:
    """The datasets that were held back before this release, and are in it."""
    rows = connection.execute(
        "select h.dataset_id, h.since, h.failed_release_id, h.refused, h.kept from ops.held_back as h"
        " join ops.release_held_back as r using (dataset_id) where r.release_id = %s order by 1",
        [release_id],
    ).fetchall()
    return [_read(row) for row in rows]


def list_in_release(connection: Connection[TupleRow], release_id: int, held: Sequence[HeldBack]) -> None:
    for one in held:
        connection.execute(
            "insert into ops.release_held_back values (%s, %s, %s, %s)",
            [release_id, one.dataset_id, one.since, one.failed_release_id],
        )


def remember(connection: Connection[TupleRow], held: Sequence[HeldBack]) -> None:
    """From now on exactly these are held back; one that was before keeps the day it began."""
    connection.execute("delete from ops.held_back where dataset_id <> all(%s)", [[one.dataset_id for one in held]])
    for one in held:
        connection.execute(
            "insert into ops.held_back as h (dataset_id, since, failed_release_id, refused, kept, code)"
            " values (%s, %s, %s, %s, %s, %s) on conflict (dataset_id) do update set"
            " failed_release_id = excluded.failed_release_id, refused = excluded.refused, kept = excluded.kept,"
            " code = excluded.code",
            [one.dataset_id, one.since, one.failed_release_id, list(one.refused), list(one.kept), code_hash()],
        )


def began(connection: Connection[TupleRow], dataset_id: str) -> datetime | None:
    """Since when the dataset has been held back without a break; None when it is not."""
    row = connection.execute("select since from ops.held_back where dataset_id = %s", [dataset_id]).fetchone()
    return row[0] if row else None


def _standing(connection: Connection[TupleRow]) -> list[HeldBack]:
    rows = connection.execute(
        "select dataset_id, since, failed_release_id, refused, kept from ops.held_back where code = %s order by 1",
        [code_hash()],
    ).fetchall()
    return [_read(row) for row in rows]


def _read(row: TupleRow) -> HeldBack:
    return HeldBack(row[0], row[1], row[2], tuple(row[3]), tuple(row[4]))


def _effective(connection: Connection[TupleRow]) -> dict[str, tuple[int, ...]]:
    return _by_dataset(
        connection.execute(
            "select dataset_id, submission_id from ops.submissions where state in ('loaded', 'released') order by 1, 2"
        ).fetchall()
    )


def _by_dataset(rows: Iterable[TupleRow]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for dataset, number in rows:
        found[dataset] = (*found.get(dataset, ()), int(number))
    return found
