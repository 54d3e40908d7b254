"""Publishes and rolls back under readers of every kind. The long form: python -m benchmarks.soak.switching"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from unittest import mock

from benchmarks.soak.reading import Figures, Seen, figures_of, readers, store_release
from core import database
from publication import releases
from publication.retention import drop_old_content

READS_BETWEEN = 20  # at least, so that readers meet every release
PATIENCE_SECONDS = 5.0
QUIET_FLIPS = 20
PUBLISHES = 0.3  # of the switches; the rest go back to one of the latest


@dataclass(slots=True)
class Switched:
    """publishes, rollbacks: how many; flips: seconds from the first UPDATE of a switch until it was
    committed, under readers; quiet_flips: the same after they had gone."""

    seen: Seen
    publishes: int = 0
    rollbacks: int = 0
    flips: list[float] = field(default_factory=list)
    quiet_flips: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def summary(self) -> str:
        waits = ", ".join(f"{form} {seconds * 1000:.0f} ms" for form, seconds in self.seen.longest.items())
        return (
            f"{self.seen.reads.total()} reads ({', '.join(f'{n} {form}' for form, n in self.seen.reads.items())})"
            f" during {self.publishes} publishes and {self.rollbacks} rollbacks in {self.seconds:.0f} s:"
            f" {len(self.seen.mixed)} mixed, {self.seen.empty} empty, {len(self.seen.errors)} errors;"
            f" longest waits: {waits}; flip under readers: median"
            f" {statistics.median(self.flips) * 1000:.1f} ms, longest {max(self.flips) * 1000:.1f} ms;"
            f" without: median {statistics.median(self.quiet_flips) * 1000:.1f} ms"
        )


def play(
    switches: int, reads: int, seed: int, *, progress: Callable[[str], None] = lambda _: None, tidy_every: int = 10
) -> Switched:
    """Switch at least so often, until so many reads were made. New releases are stored meanwhile, old ones deleted.

    Begins with two releases of its own on whatever store there is; its marts are `wells` and `wells_by_area`.
    """
    seeded = random.Random(seed)
    done = Switched(Seen())
    known: set[Figures] = {figures_of(figure) for figure in range(switches * 4 + 1000)}
    published = [_publish(done, figure) for figure in range(2)]
    done.flips.clear()
    done.publishes = 0
    began = time.monotonic()
    with readers(known) as reading:
        while done.publishes + done.rollbacks < switches or reading.reads() < reads:
            _let_read(reading.reads)
            if seeded.random() < PUBLISHES:
                published.append(_publish(done, len(published)))
            else:
                _switch(done, releases.rollback, seeded.choice(published[-4:]))
                done.rollbacks += 1
            if (done.publishes + done.rollbacks) % tidy_every == 0:
                drop_old_content("soak", keep=6)
                progress(f"{reading.reads()} reads, {done.publishes + done.rollbacks} switches")
        done.seen = reading.end()
    done.seconds = time.monotonic() - began
    under_readers, done.flips = done.flips, done.quiet_flips
    for turn in range(QUIET_FLIPS):
        _switch(done, releases.rollback, published[-1 - turn % 2])
    done.flips = under_readers
    return done


def _publish(done: Switched, figure: int) -> int:
    release_id = store_release(figure)
    _switch(done, releases.publish, release_id)
    done.publishes += 1
    return release_id


def _switch(done: Switched, act: Callable[[int, str], None], release_id: int) -> None:
    moved: list[float] = []
    move = releases._switch

    def timed(*arguments: object) -> None:
        moved.append(time.monotonic())
        move(*arguments)  # type: ignore[arg-type]  # handed on as they came

    with mock.patch.object(releases, "_switch", timed):
        act(release_id, "soak")
    done.flips += [time.monotonic() - began for began in moved]  # nothing when it is published already


def _let_read(reads: Callable[[], int]) -> None:
    before, until = reads(), time.monotonic() + PATIENCE_SECONDS
    while reads() < before + READS_BETWEEN and time.monotonic() < until:
        time.sleep(0.005)


def faults(done: Switched) -> list[str]:
    """What must not be."""
    seen = done.seen
    late = [f"a {form} read waited {wait:.2f} s" for form, wait in seen.longest.items() if wait > 1.0]
    return [*seen.mixed, *seen.errors, *late, *([f"{seen.empty} empty reads"] if seen.empty else [])]


def main() -> int:
    from benchmarks.soak.home import temporary_home

    parser = argparse.ArgumentParser(prog="benchmarks.soak.switching", description=__doc__)
    parser.add_argument("--switches", type=int, default=1000, metavar="N", help="publishes and rollbacks (%(default)s)")
    parser.add_argument("--reads", type=int, default=200_000, metavar="N", help="at least (%(default)s)")
    parser.add_argument("--seed", type=int, default=2564, metavar="S")
    options = parser.parse_args()
    with temporary_home():
        database.url()
        done = play(options.switches, options.reads, options.seed, progress=lambda line: print(line, flush=True))
    for fault in faults(done):
        print(f"DIFFERENCE {fault}")
    print(done.summary())
    return int(bool(faults(done)))


if __name__ == "__main__":
    sys.exit(main())
