"""One round: files are dropped, a worker is struck, intake runs again as the scheduler would, all is compared."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.soak import world
from benchmarks.soak.strikes import Kind
from benchmarks.soak.worker import Ended, Plan, run
from benchmarks.soak.world import Effect, Sent

RUNS_AFTER = 4  # how often intake may need to run again until everything is decided and told


@dataclass(frozen=True, slots=True)
class Measure:
    """What a run that nobody disturbs leaves behind, how many steps it takes (the reader's counted apart), how long."""

    effect: Effect
    steps: dict[Kind, int]
    seconds: float


@dataclass(slots=True)
class Outcome:
    """What became of a round; every difference from the undisturbed run is one line."""

    plan: Plan
    struck: Ended
    runs_after: int = 0
    differences: list[str] = field(default_factory=list)


def measure(sent: list[Sent]) -> Measure:
    """Runs without a kill: one for what it leaves, and how many steps the reader takes in another."""
    effects, runs = [], []
    for label, counting in (("clean-w", Kind.WORKER), ("clean-r", Kind.READER)):
        world.forget_archive()
        world.drop(sent, label)
        runs.append(run(Plan(counting, step=1 << 60)))
        effects.append(world.effect(label))
    if any(ended.how != "done" for ended in runs) or effects[0] != effects[1]:
        raise AssertionError(f"an undisturbed run fails: {runs}")
    whole, reading = (ended.steps for ended in runs)
    steps = {kind: reading if kind is Kind.READER else whole for kind in Kind}
    return Measure(effects[0], steps, min(ended.seconds for ended in runs))


def plans(kind: Kind, number: int, clean: Measure, seed: int) -> Iterator[Plan]:
    """`number` seeded instants, spread over the whole run: two of three at a step, the third by the clock."""
    seeded = random.Random(f"{seed} {kind}")
    for place in range(number):
        share = (place + seeded.random()) / number
        if place % 3 == 2:
            yield Plan(kind, seconds=share * clean.seconds)
        else:
            yield Plan(kind, step=max(1, round(share * clean.steps[kind])))


def play(plan: Plan, sent: list[Sent], clean: Measure, label: str) -> Outcome:
    """Drop, strike, run again until all is told, compare; then once more, which must change nothing."""
    world.forget_archive()
    world.drop(sent, label)
    outcome = Outcome(plan, run(plan))
    if outcome.struck.how == "fault":
        outcome.differences.append(f"no clear error: {outcome.struck.told}")
    early = world.receipts(label)
    while outcome.runs_after == 0 or (not world.is_settled() and outcome.runs_after < RUNS_AFTER):
        again = run()
        outcome.runs_after += 1
        if again.how != "done":
            outcome.differences.append(f"run {outcome.runs_after} after it: {again.how} {again.told}")
    outcome.differences += _compare(sent, clean, label, early)
    return outcome


def _compare(sent: list[Sent], clean: Measure, label: str, early: dict[int, dict[str, object]]) -> Iterator[str]:
    yield from differences(clean.effect, world.effect(label))
    final = world.receipts(label)
    for number, receipt in early.items():
        if number not in final or final[number]["fixed"] != receipt["fixed"]:
            yield f"the receipt {number} given before the kill is not the final one"
    if len(final) != len(sent):
        yield f"{len(final)} receipts for {len(sent)} files"
    yield from (f"{path.name} still lies in landing" for path in world.landed())
    yield from (f"the archive does not hold the bytes of {name}" for name in world.archived_wrongly(sent))
    if (once_more := run()).how != "done" or world.receipts(label) != final:
        yield f"one more run gives other receipts ({once_more.how})"


def differences(expected: Effect, found: Effect) -> Iterator[str]:
    """One line for everything that is not as it should be; no line quotes a row."""
    for name in sorted(expected.keys() | found.keys()):
        there, here = expected.get(name, {}), found.get(name, {})
        for what in sorted(there.keys() | here.keys()):
            if there.get(what) != here.get(what):
                yield f"{name}: {what} differs{_shown(there.get(what), here.get(what))}"


def _shown(expected: object, here: object) -> str:
    """Lists may hold what is not to be shown; their lengths say enough."""
    if isinstance(expected, list) and isinstance(here, list):
        others = sum(one not in expected for one in here)
        return f": {len(expected)} expected, {len(here)} here, {others} of them others"
    return "" if isinstance(expected, dict) else f": {expected} expected, {here} here"
