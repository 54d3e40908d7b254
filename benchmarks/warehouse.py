"""What history costs: a night with one revised file, over one year of surveys and over five.

    python -m benchmarks.warehouse                           # 100,000 households a year
    python -m benchmarks.warehouse --households 5000 --json  # the short form

Starts an embedded PostgreSQL of its own in a temporary folder and removes it. Five provinces sent population, survey,
members and welfare cards of the latest year; one province revises a file of each in turn, and every night builds,
judges, publishes and tidies with the functions of the nightly flow. Then four earlier years come in, and the same files
are revised again. The run fails when these nights take more than 1.3 times the processor time over five years that they
take over one (the wall time, told beside, is that of whatever else the machine does), or a night without news more than
20 seconds from its program's start to its end.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import psutil

from benchmarks.measuring import Cost, measured
from benchmarks.nights import FIRST_NIGHT, temporary_server
from benchmarks.sent_rows import GENERATED, PROVINCES, load, revise
from core import clock, database
from publication.flow import build_and_publish

LATEST, EARLIER = 2564, range(2560, 2564)
PROVINCE = "94"
MOST_RATIO = 1.3
TOGETHER = "all four"
MOST_IDLE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Night:
    """One night: wall seconds and processor seconds of client and server, where the time went, the slowest models."""

    dataset: str
    years: int
    seconds: float
    cpu_seconds: float
    steps: dict[str, float]
    models: dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=100_000, help="households of a year, in all five provinces")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    given = parser.parse_args(arguments)
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with temporary_server():
        told = _run(given.households, quiet=given.json)
    if given.json:
        print(json.dumps(told))
    problems = []
    if told["ratio"] > MOST_RATIO:
        problems.append(f"five years cost {told['ratio']} times one year; wanted are at most {MOST_RATIO}")
    if told["idle_seconds"] > MOST_IDLE_SECONDS:
        problems.append(f"a night without news took {told['idle_seconds']:.1f} s; wanted are {MOST_IDLE_SECONDS}")
    sys.exit("\n".join(problems) or 0)


def _run(households: int, *, quiet: bool) -> dict[str, Any]:
    nights: list[Night] = []
    for number, years in enumerate(([LATEST], EARLIER)):
        rows = load(households // len(PROVINCES), years)
        first = _night("everything", len(years), 40 * number)
        held = 1 if not number else 1 + len(EARLIER)
        _say(quiet, f"{held} year(s), {rows:,} raw rows: all of it took {first.seconds:.1f} s")
        for place, dataset in enumerate(("population", *GENERATED)):  # the first one only warms up
            revise(dataset, PROVINCE, LATEST)
            last = 40 * number + place + 1
            night = _night(dataset, held, last)
            if place:
                nights.append(night)
                _say(quiet, _line(night))
    idle = _idle_seconds(FIRST_NIGHT + timedelta(days=last, hours=1))
    ratios = _ratios(nights, "seconds"), _ratios(nights, "cpu_seconds")
    for dataset, ratio in ratios[1].items():
        _say(quiet, f"{dataset}: five years cost {ratio:.2f} × one (wall {ratios[0][dataset]:.2f} ×)")
    _say(quiet, f"a night without news: {idle:.1f} s from the program's start to its end, nothing built")
    return {
        "households": households, "nights": [asdict(night) for night in nights], "ratios": ratios[0],
        "cpu_ratios": ratios[1], "ratio": ratios[1][TOGETHER], "idle_seconds": round(idle, 1),
    }  # fmt: skip


def _night(dataset: str, years: int, day: int) -> Night:
    steps: defaultdict[str, float] = defaultdict(float)
    began = time.perf_counter()
    at = ["open"]

    def step(name: str) -> None:
        nonlocal began
        now = time.perf_counter()
        steps[at[-1]] += now - began
        began = now
        at.append(name)

    with clock.fixed(FIRST_NIGHT + timedelta(days=day)), measured(_postmaster()) as cost:
        result = build_and_publish(actor="benchmark", progress=step)
        step("")
    if result.ending != "published":
        sys.exit(f"the release was {result.ending} (gate: {result.gate}), not published")
    return _told(dataset, years, cost, steps, result.release_id)


def _told(dataset: str, years: int, cost: Cost, steps: dict[str, float], release_id: int | None) -> Night:
    with database.connect() as connection:
        models = connection.execute(
            "select split_part(unique_id, '.', 3), sum(execution_seconds) from ops.dbt_results"
            " where release_id = %s and unique_id like 'model.%%' group by 1 order by 2 desc limit 12",
            [release_id],
        ).fetchall()
    return Night(
        dataset, years, round(cost.wall, 2), round(cost.cpu, 2),
        {name: round(seconds, 2) for name, seconds in steps.items()},
        {name: round(seconds, 2) for name, seconds in models},
    )  # fmt: skip


def _idle_seconds(at: datetime) -> float:
    """As the scheduler or a person starts it: a program of its own, with everything it imports.

    On the day of the last night: on a later one some monthly report would be owed, which is news.
    """
    command = [sys.executable, "-m", "chaidaen", "build", "--json"]
    began = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=_with_clock(at.isoformat()))
    seconds = time.perf_counter() - began
    if ended.returncode != 0:
        sys.exit(f"a night without news failed: {ended.stdout}{ended.stderr}")
    if json.loads(ended.stdout)["release_id"] is not None:
        sys.exit(f"there was news in a night without news: {ended.stdout}")
    return seconds


def _with_clock(now: str) -> dict[str, str]:
    return {**os.environ, "CHAIDAEN_CLOCK": now}


def _postmaster() -> psutil.Process:
    with database.connect() as connection:
        postmaster = psutil.Process(connection.info.backend_pid).parent()
    assert postmaster is not None  # a backend has one
    return postmaster


def _ratios(nights: list[Night], what: str) -> dict[str, float]:
    """Of each dataset's night, and of all nights together."""
    spent: defaultdict[tuple[str, int], float] = defaultdict(float)
    for night in nights:
        for name in (night.dataset, TOGETHER):
            spent[name, night.years] += getattr(night, what)
    return {name: round(spent[name, 1 + len(EARLIER)] / spent[name, 1], 2) for name in (*GENERATED, TOGETHER)}


def _line(night: Night) -> str:
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in night.steps.items())
    models = ", ".join(f"{name} {seconds:.1f}" for name, seconds in list(night.models.items())[:6])
    return (
        f"{night.years} year(s), {night.dataset} of {PROVINCE}: {night.seconds:.1f} s (CPU {night.cpu_seconds:.1f} s);"
        f" {steps}\n    slowest models: {models}"
    )


def _say(quiet: bool, line: str) -> None:
    if not quiet:
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
