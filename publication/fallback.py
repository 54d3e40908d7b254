"""Permission to publish, and what is done without it: the whole release again with a dataset's last good submissions.

A dataset is suspected when its submissions are others than those of the published release, and an expectation that
failed depends on it: by the rows that break it, or by what the marts it reads are made of. Nothing is ever mixed: every
attempt is a release of its own, built and judged from the first model to the last expectation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from core import clock, database
from core.errors import BuildFailed
from expectations.gate import GateOutcome, run_gate
from expectations.measures import MEASURES
from publication import dbt, held_back
from publication.build import build, rebuild_release_notes
from publication.described import datasets_of
from publication.held_back import HeldBack
from publication.releases import PASSABLE, hold, open_release, published_release

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """release_id: the release that may be published, or the one that is held. held_back: datasets left as they were."""

    release_id: int
    gate: GateOutcome
    held_back: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.gate in PASSABLE


def judge(release_id: int, *, anew: bool = False) -> GateOutcome:
    """Run the gate and write its verdict into the notes of the release. anew: no earlier verdict stands."""
    outcome = run_gate(release_id, anew=anew)
    rebuild_release_notes(release_id)
    return outcome


def judge_or_fall_back(release_id: int, actor: str, *, progress: Progress = lambda _: None) -> Judged:
    """The release if it passes; else the same without the new submissions of suspected datasets, if that passes.

    What does not pass is held. A gate that crashed says nothing about the data, so nothing is tried then.
    May be killed at any instant: until a fallback has passed nothing is decided, and the next run tries again.
    """
    outcome = judge(release_id)
    if outcome == "failed":
        for held in _attempts(release_id):
            names = ", ".join(one.dataset_id for one in held)
            progress(f"gate failed; again without what is new in {names}")
            if (attempt := _attempt(release_id, held, actor)) is not None:
                _decide(release_id, held)
                return attempt
    if outcome not in PASSABLE:
        hold(release_id, "gate", f"gate {outcome}")
        return Judged(release_id, outcome)
    with database.connect() as connection:
        standing = held_back.held_in_release(connection, release_id)
        held_back.remember(connection, standing)
    return Judged(release_id, outcome, tuple(one.dataset_id for one in standing))


def _attempt(failed: int, held: tuple[HeldBack, ...], actor: str) -> Judged | None:
    """A release without these new submissions; None when it can't be built or does not pass either."""
    with database.connect() as connection:
        submissions = held_back.submissions_with(connection, held_back.of_release(connection, failed), held)
    release_id = open_release(actor=actor, submissions=submissions, without=held, fallback_of=failed)
    assert release_id is not None  # noqa: S101  # a fallback is always opened
    try:
        build(release_id)
    except BuildFailed as error:
        hold(release_id, "gate", f"could not be built: {str(error)[:200]}")
        return None
    outcome = judge(release_id)
    if outcome not in PASSABLE:
        hold(release_id, "gate", f"gate {outcome}")
        return None
    return Judged(release_id, outcome, tuple(one.dataset_id for one in held))


def _decide(failed: int, held: tuple[HeldBack, ...]) -> None:
    """First what is held back from now on: a run cut short here then finishes the very release that passed."""
    with database.connect() as connection:
        held_back.remember(connection, held)
    hold(failed, "gate", f"gate failed; held back: {', '.join(one.dataset_id for one in held)}")


def _attempts(failed: int) -> Iterator[tuple[HeldBack, ...]]:
    """What to hold back, most likely first: the datasets named by broken rows, each suspect alone, all of them.

    Datasets that were held back already stay so in every attempt.
    """
    with database.connect() as connection:
        published = held_back.of_release(connection, published_release())
        candidate = held_back.of_release(connection, failed)
        already = tuple(held_back.held_in_release(connection, failed))
        changed = {name for name in {*published, *candidate} if published.get(name) != candidate.get(name)}
        named, suspects = _suspects(connection, failed, changed - {one.dataset_id for one in already})
        tried = dict.fromkeys([named, *(frozenset({name}) for name in sorted(suspects)), suspects])
        backs = {
            name: HeldBack(
                name,
                held_back.began(connection, name) or clock.now(),
                failed,
                candidate.get(name, ()),
                published.get(name, ()),
            )
            for name in suspects
        }
    for names in tried:
        if names:
            yield (*already, *(backs[name] for name in sorted(names)))


def _suspects(
    connection: Connection[TupleRow], failed: int, changed: set[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Changed datasets named by broken rows, and all that could be at fault; none when a failure is nobody's fault."""
    rows = connection.execute(
        "select mart, datasets, marts from ops.gate_results"
        " where release_id = %s and not success and severity = 'critical'",
        [failed],
    ).fetchall()
    manifest = dbt.parse()
    named: set[str] = set()
    suspects: set[str] = set()
    for mart, datasets, read in rows:
        own = datasets_of(manifest, mart)
        made_of = own.union(*(datasets_of(manifest, one) for one in read)) if own else changed
        possible = (set(datasets) or made_of) & changed
        if not possible or (mart == MEASURES and not datasets):
            return frozenset(), frozenset()
        named |= set(datasets) & changed
        suspects |= possible
    return frozenset(named), frozenset(suspects)
