"""Killed at forty seeded instants, whatever is killed, and run again, intake has the effect of one undisturbed run.

Compared are, row by row, raw, vault and rejected rows, issues, repairs, events, what is superseded or a duplicate, the
archive's bytes and every paper; receipts given before the kill stay as they are. `make soak` does it a thousand times.
"""

from pathlib import Path

import pytest

from benchmarks.soak import world
from benchmarks.soak.rounds import Measure, measure, plans, play
from benchmarks.soak.strikes import Kind
from benchmarks.soak.worker import Plan, run
from benchmarks.soak.world import Sent
from core import database

pytestmark = pytest.mark.usefixtures("module_home")
SEED = 2564
INSTANTS = 8  # of each kind


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    return world.files(tmp_path_factory.mktemp("sent") / "landing", SEED)


@pytest.fixture(scope="module")
def clean(module_home: Path, sent: list[Sent]) -> Measure:
    """What a run that nobody disturbs leaves behind."""
    database.url()
    return measure(sent)


def test_an_undisturbed_run_takes_in_what_was_sent(clean: Measure, sent: list[Sent]) -> None:
    """So that the other tests compare with something: states, rows, rows kept out and vault are those of the files."""
    effects = clean.effect.values()
    told = [(one["state"], one["accepted_rows"], len(one["raw"]), len(one["rejected"])) for one in effects]
    population = [("superseded", 39, 39, 1), ("loaded", 39, 39, 1), ("duplicate", None, 0, 0), ("rejected", None, 0, 0)]
    assert told[-4:] == population
    people = [one for name, one in clean.effect.items() if "population" not in name]
    assert len(people) == 3
    for one in people:
        assert one["state"] == "loaded"
        assert len(one["raw"]) == len(one["vault"]) == one["accepted_rows"] > 25
        assert one["rows"] == len(one["raw"]) + len(one["rejected"])


@pytest.mark.parametrize("number", range(INSTANTS))
@pytest.mark.parametrize("kind", Kind)
def test_a_struck_run_followed_by_another_has_the_effect_of_one(
    clean: Measure, sent: list[Sent], kind: Kind, number: int
) -> None:
    plan = list(plans(kind, INSTANTS, clean, SEED))[number]
    outcome = play(plan, sent, clean, f"{kind}{number}x")
    assert outcome.differences == []
    if plan.step is not None:  # by the clock a strike may come too late on a fast day
        assert outcome.struck.struck


def test_killed_again_and_again_it_still_ends_with_one_effect(clean: Measure, sent: list[Sent]) -> None:
    world.forget_archive()
    world.drop(sent, "again")
    plan = Plan(Kind.WORKER, step=clean.steps[Kind.WORKER] // 8)
    assert [run(plan).how for _ in range(4)] == ["killed"] * 4
    run()
    assert world.effect("again") == clean.effect
