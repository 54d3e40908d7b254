"""Kill intake a thousand times, and disturb two workers for minutes; any difference from an undisturbed run is told.

    make soak            or: .venv/bin/python -m benchmarks.soak [--kills N] [--seed S] [--minutes M]

The exit code is 1 when anything differs. The tally belongs into docs/reliability.md.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from core import database
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings
from core.settings import settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="kills in single rounds (%(default)s)")
    parser.add_argument("--seed", type=int, default=2564, metavar="S", help="same seed, same instants (%(default)s)")
    parser.add_argument("--minutes", type=float, default=5.0, metavar="M", help="two workers at once (%(default)s)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chaidaen-soak-"))
    for name in [name for name in os.environ if name.startswith("CHAIDAEN_")]:
        del os.environ[name]
    os.environ |= {"CHAIDAEN_HOME": str(folder / "home"), "CHAIDAEN_SETTLE_SECONDS": "0"}
    reload_settings()
    differs = True
    try:
        database.url()
        differs = (_rounds(folder, options.kills, options.seed) if options.kills else 0) + _crowd(
            folder, options.seed, options.minutes
        ) > 0
    finally:
        server = EmbeddedServer(settings().home)
        server.stop()
        if differs:
            print(f"Everything is kept in {folder}")
        else:
            shutil.rmtree(server.data_folder().parent, ignore_errors=True)
            shutil.rmtree(folder)
    return int(differs)


def _rounds(folder: Path, kills: int, seed: int) -> int:
    """Rounds until so many kills have struck, kinds taking turns. Prints the tally, returns how many rounds differ."""
    from benchmarks.soak import rounds, world
    from benchmarks.soak.strikes import Kind

    begun = time.monotonic()
    sent = world.files(folder / "sent", seed)
    clean = rounds.measure(sent)
    turns = zip(*(rounds.plans(kind, -(-kills // len(Kind)) * 2, clean, seed) for kind in Kind), strict=True)
    struck: Counter[Kind] = Counter()
    recovered: Counter[Kind] = Counter()
    differing: Counter[Kind] = Counter()
    played = 0
    plans = [plan for turn in _shuffled(list(turns), seed) for plan in turn]
    for plan in plans:
        if struck.total() >= kills:
            break
        outcome = rounds.play(plan, sent, clean, f"round{played}x")
        played += 1
        if outcome.struck.struck:
            struck[plan.kind] += 1
            recovered[plan.kind] += not outcome.differences
        differing[plan.kind] += bool(outcome.differences)
        for line in outcome.differences:
            print(f"DIFFERENCE {plan}: {line}", flush=True)
        if played % 20 == 0:
            print(f"{struck.total()} kills, {differing.total()} differences, {_minutes(begun)}", flush=True)
    print("\n| killed | kills | recovered | differences |\n|---|---:|---:|---:|")
    for kind in Kind:
        print(f"| {kind} | {struck[kind]} | {recovered[kind]} | {differing[kind]} |")
    print(f"| all | {struck.total()} | {recovered.total()} | {differing.total()} |")
    print(f"\n{played} rounds, seed {seed}, {_minutes(begun)}\n", flush=True)
    return differing.total() + (struck.total() < kills)


def _shuffled(turns: list[Any], seed: int) -> list[Any]:
    import random

    random.Random(seed).shuffle(turns)
    return turns


def _crowd(folder: Path, seed: int, minutes: float) -> int:
    """Two workers, droppers and kills. Prints what happened, returns how many differences there are."""
    from benchmarks.soak import crowd

    if minutes <= 0:
        return 0
    told = [0.0]

    def progress(line: str) -> None:
        if time.monotonic() - told[0] >= 15:
            told[0] = time.monotonic()
            print(line, flush=True)

    scale = max(1, round(minutes))
    found = crowd.play(
        folder / "crowd", seed, minutes * 60, households=200 * scale, periods=min(6, scale), progress=progress
    )
    for line in found.differences:
        print(f"DIFFERENCE {line}")
    kills = ", ".join(f"{number} × {kind}" for kind, number in found.kills.items())
    print(
        f"Two workers, {minutes:g} minutes: {found.files} files, {found.rows} rows in raw, {found.kills.total()} kills"
        f" ({kills}), {len(found.differences)} differences"
    )
    return len(found.differences)


def _minutes(begun: float) -> str:
    return f"{(time.monotonic() - begun) / 60:.1f} minutes"


if __name__ == "__main__":
    sys.exit(main())
