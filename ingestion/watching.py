"""Intake that stays awake while there is work: a scheduler's start of a task costs seconds, a look costs nothing.

Receiving and processing are watched by different workers, so that nobody's receipt stands behind somebody's long file.
Durations are measured by the clock that nobody sets.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from ingestion import archive, intake, landing, ledger
from ingestion.landing import Sweep
from ingestion.stages import Drop, Processed

LOOK_EVERY_SECONDS = 0.5
NOTE_EVERY_SECONDS = 15.0
LARGE_BYTES = 32 << 20  # copying more than this into the archive may take longer than somebody's patience


def receive_while_busy(*, linger_seconds: float = 20.0, most_seconds: float = 600.0) -> list[int]:
    """Receive files as they settle, while files come or submissions are at work, and `linger_seconds` beyond.

    Ends after `most_seconds` at the latest, so that the scheduler sees it live. Large files are archived beside the
    others, one at a time. Returns the numbers. Raises as `intake.receive_all`.
    """
    begun = last_busy = time.monotonic()
    noted_at, received = 0.0, []
    looks, aside = landing.Looks(), _Aside()
    landing.put_back_taken()
    archive.sweep_abandoned()
    with intake.connected("chaidaen receive") as connection, aside:
        while True:
            received += aside.collect()
            sweep = looks.look()
            small = aside.take_large(sweep)
            waiting, new = intake.receive_settled(connection, replace(sweep, drops=small))
            received += new
            now = time.monotonic()
            if now - noted_at >= NOTE_EVERY_SECONDS or new:
                with connection.transaction():
                    ledger.note_waiting(connection, waiting)
                noted_at = now
            is_busy = new or aside.is_busy or looks.is_any_unsettled or ledger.newest_unfinished(connection) is not None
            last_busy = now if is_busy else last_busy
            has_rested = not is_busy and (not received or now - last_busy >= linger_seconds)
            if has_rested or now - begun >= most_seconds:
                return received + aside.wait()
            time.sleep(LOOK_EVERY_SECONDS)


def process_while_busy(*, linger_seconds: float = 3.0, most_seconds: float = 30.0) -> list[Processed]:
    """Drain the work list, and wait a little for more before ending; after `most_seconds` for nothing more."""
    begun = last_busy = time.monotonic()
    done: list[Processed] = []
    while True:
        new = intake.process_all()
        done += new
        now = time.monotonic()
        last_busy = now if new else last_busy
        if now - last_busy >= linger_seconds * bool(done) or now - begun >= most_seconds:
            return done
        time.sleep(LOOK_EVERY_SECONDS)


class _Aside:
    """Receives large files on a thread of its own, in the order in which they are handed over."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "large files")
        self._under_way: dict[Drop, Future[list[int]]] = {}

    def __enter__(self) -> "_Aside":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def is_busy(self) -> bool:
        return bool(self._under_way)

    def take_large(self, sweep: Sweep) -> list[Drop]:
        """Begin with the large files of a sweep; return those that are to be received at once.

        A file behind a large one of its own scope waits with it: the order of arrival decides what revises what.
        """
        held = {drop.folders for drop in self._under_way}
        at_once = []
        for drop in sweep.drops:
            if drop in self._under_way:
                continue
            if drop.size >= LARGE_BYTES or drop.folders in held:
                held.add(drop.folders)
                self._under_way[drop] = self._pool.submit(_receive, drop)
            else:
                at_once.append(drop)
        return at_once

    def collect(self) -> list[int]:
        """Numbers of those received since the last time. Raises what receiving one raised."""
        ended = [drop for drop, future in self._under_way.items() if future.done()]
        return [number for drop in ended for number in self._under_way.pop(drop).result()]

    def wait(self) -> list[int]:
        """Numbers of all that are still under way, when they are received."""
        return [number for future in self._under_way.values() for number in future.result()]


def _receive(drop: Drop) -> list[int]:
    with intake.connected("chaidaen receive") as connection:
        return intake.receive_settled(connection, Sweep([drop], []))[1]
