"""Whatever is killed at whatever instant of build, gate and publication: readers see the old release or the new, whole.

And the next run ends with the very rows an undisturbed one would have published. `make soak` does it a hundred times.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.soak.release_kills import Rounds
from core import database

pytestmark = [pytest.mark.usefixtures("module_built_home"), pytest.mark.timeout(600)]
KILLS, SEED = 10, 2564


@pytest.fixture(scope="module")
def rounds(module_built_home: Path) -> Iterator[Rounds]:
    database.url()
    played = Rounds()
    yield played
    played.close()


def test_the_two_contents_differ_and_each_run_takes_many_steps(rounds: Rounds) -> None:
    """So that the kills below can hit something and the comparison can fail."""
    assert rounds.expected[0] != rounds.expected[1]
    assert rounds.steps > 200


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_leaves_the_published_release_and_the_next_run_is_clean(rounds: Rounds, number: int) -> None:
    plan = list(rounds.plans(KILLS, SEED))[number]
    outcome = rounds.play(plan)
    assert not outcome.differences, "\n".join(outcome.differences)
    if plan.step is not None:  # by the clock a strike may come too late on a fast day
        assert outcome.struck.struck
