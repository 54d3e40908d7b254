"""Two workers and one landing folder into which files, their revisions and duplicates drop, with kills all the while.

Afterwards everything is compared twice: with what the same files leave when nobody disturbs them, and with what the
simulator knows of every row it wrote.
"""

import itertools
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.soak import world
from benchmarks.soak.rounds import RUNS_AFTER, differences
from benchmarks.soak.strikes import Kind
from benchmarks.soak.worker import Running, run
from benchmarks.soak.world import Effect, Sent
from chaidaen.simulate import SURVEY, Simulation, simulate
from ingestion.issues import entry

DATASETS = ("household_survey", "welfare_card")  # what refers to no other dataset: files arrive in any order
CALM = "calm"
DROPPING_SHARE = 0.85  # of the time; the rest is for the last files
SECONDS_BETWEEN_KILLS = (0.2, 2.0)


@dataclass(frozen=True, slots=True)
class Truth:
    """What the simulator knows of one file: its rows, the row numbers it spoilt beyond use, and those it made doubtful,
    which a contract may refuse too.
    """

    rows: int
    bad_rows: frozenset[int]
    doubtful_rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Wave:
    """A version of every file."""

    sent: list[Sent]
    truth: dict[str, Truth]  # by SHA-256


@dataclass(slots=True)
class Crowd:
    """What happened, and every difference as one line."""

    files: int = 0
    rows: int = 0
    kills: Counter[Kind] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def waves(folder: Path, seed: int, households: int, periods: int) -> list[Wave]:
    """First versions with mistakes, the same without, and those again."""
    first = _wave(folder / "first", Simulation(households, periods, seed, 0.03, datasets=SURVEY))
    second = _wave(folder / "second", Simulation(households, periods, seed, 0.0, datasets=SURVEY))
    return [first, _renamed(second, "corrected"), _renamed(second, "again")]


def _renamed(wave: Wave, prefix: str) -> Wave:
    """Names of their own: a file under the name of one that still lies in landing would replace it."""
    return Wave([Sent(one.folders, f"{prefix} {one.name}", one.content) for one in wave.sent], wave.truth)


def _wave(folder: Path, what: Simulation) -> Wave:
    result = simulate(what, folder / "landing", truth_folder=folder)
    rows_with: dict[tuple[str, str], set[int]] = {}  # (file, severity) -> row numbers
    for line in result.truth.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        row = int(re.sub(r"\D", "", told["cell"]))
        rows_with.setdefault((told["file"], entry(told["code"]).severity), set()).add(row)
    sent, truth = [], {}
    for name, rows in result.rows.items():
        path = Path(name)
        if path.parts[1] in DATASETS:
            one = Sent((*path.parts[:3],), path.name, (folder / "landing" / path).read_bytes())
            sent.append(one)
            truth[one.sha256] = Truth(
                rows,
                *(frozenset(rows_with.get((name, severity), ())) for severity in ("error", "query")),
            )
    return Wave(sent, truth)


def play(
    folder: Path,
    seed: int,
    seconds: float,
    *,
    households: int = 100,
    periods: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> Crowd:
    """Drop the files over `seconds` while two workers are at work and something is killed every second or so."""
    sent = waves(folder, seed, households, periods)
    for wave in sent:
        world.drop(wave.sent, CALM)
        run()
    calm = world.effect(CALM)
    world.forget_archive()
    label = f"crowd{seed}"
    crowd = Crowd(files=sum(len(wave.sent) for wave in sent))
    _disturb(crowd, list(_drops(sent, random.Random(seed), seconds * DROPPING_SHARE)), label, seconds, progress)
    for _ in range(RUNS_AFTER):
        if not world.is_settled():
            run()
    found = world.effect(label)
    crowd.rows = sum(len(one["raw"]) for one in found.values())
    crowd.differences += differences(calm, found)
    crowd.differences += _untrue(found, {sha: truth for wave in sent for sha, truth in wave.truth.items()})
    crowd.differences += [f"the archive does not hold {name}" for w in sent for name in world.archived_wrongly(w.sent)]
    crowd.differences += [f"{path.name} still lies in landing" for path in world.landed()]
    if len(world.receipts(label)) != crowd.files:
        crowd.differences.append(f"{len(world.receipts(label))} receipts for {crowd.files} files")
    return crowd


def _disturb(
    crowd: Crowd, waiting: list[tuple[float, Sent]], label: str, seconds: float, progress: Callable[[str], None]
) -> None:
    seeded = random.Random(label)
    kinds = itertools.cycle(Kind)
    began = time.monotonic()
    next_kill = seeded.uniform(*SECONDS_BETWEEN_KILLS)
    workers = [Running(), Running()]
    while (now := time.monotonic() - began) < seconds or waiting:
        while waiting and waiting[0][0] <= now:
            world.drop([waiting.pop(0)[1]], label)
        if now >= next_kill:
            kind = next(kinds)
            crowd.kills[kind] += _strike(seeded.choice(workers), kind)
            next_kill = now + seeded.uniform(*SECONDS_BETWEEN_KILLS)
            progress(f"{now:.0f} s, {len(waiting)} files to come, {crowd.kills.total()} kills")
        workers = [worker if worker.is_alive else _next(worker, crowd) for worker in workers]
        time.sleep(0.02)
    for worker in workers:
        _note(worker, crowd)


def _drops(sent: list[Wave], seeded: random.Random, seconds: float) -> Iterator[tuple[float, Sent]]:
    """When each file drops: anybody's at any time, but the versions of one file in their order."""
    times = {(place, one.folders): seeded.uniform(0, seconds) for place, wave in enumerate(sent) for one in wave.sent}
    for folders in {one.folders for one in sent[0].sent}:
        own = sorted(times[place, folders] for place in range(len(sent)))
        times.update({(place, folders): moment for place, moment in enumerate(own)})
    drops = [(times[place, one.folders], one) for place, wave in enumerate(sent) for one in wave.sent]
    yield from sorted(drops, key=lambda drop: drop[0])


def _strike(worker: Running, kind: Kind) -> bool:
    """Readers come and go; one is waited for."""
    until = time.monotonic() + (2.0 if kind is Kind.READER else 0.0)
    while not (struck := worker.strike(kind)) and worker.is_alive and time.monotonic() < until:
        time.sleep(0.005)
    return struck


def _next(worker: Running, crowd: Crowd) -> Running:
    _note(worker, crowd)
    return Running()


def _note(worker: Running, crowd: Crowd) -> None:
    if (ended := worker.end()).how == "fault":
        crowd.differences.append(f"no clear error: {ended.told}")


def _untrue(found: Effect, truths: dict[str, Truth]) -> Iterator[str]:
    """Where the warehouse does not hold what the simulator wrote, row by row."""
    for name, one in found.items():
        truth = truths[one["sha256"]]
        if one["state"] not in {"loaded", "superseded"}:
            if one["raw"] or one["vault"]:
                yield f"{name}: rows of a submission that is {one['state']}"
            continue
        raw, vault, bad = ([row for _, row, _ in one[where]] for where in ("raw", "vault", "rejected"))
        if not truth.bad_rows <= frozenset(bad) <= truth.bad_rows | truth.doubtful_rows or len(set(bad)) != len(bad):
            yield f"{name}: {len(bad)} rows kept out, the simulator spoilt {len(truth.bad_rows)}"
        if raw != vault or len(set(raw)) != len(raw) or len(raw) + len(bad) != truth.rows:
            yield f"{name}: {len(raw)} rows in raw, {len(vault)} in vault, {len(bad)} kept out of {truth.rows} written"
