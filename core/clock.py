"""The only source of "now". Everything else is handed an instant, a date or a period.

What "now" says is written down for people and decides calendar questions (which day is it in Thailand, is it late).
It decides no order: a machine's clock may be set back at any moment, so whatever comes first is known by its number in
the ledger, and durations are measured by `time.monotonic`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


@dataclass(slots=True)
class Controlled:
    """A clock that shows what it is told, for all threads of this process."""

    instant: datetime

    def move_to(self, instant: datetime) -> None:
        """Show `instant` (aware) from now on, be it earlier or later."""
        self.instant = instant.astimezone(UTC)

    def step(self, by: timedelta) -> None:
        """Forward, or with a negative `by` back, as a time server may set a machine's clock."""
        self.instant += by


_controlled: list[Controlled] = []


def now() -> datetime:
    """The instant, in UTC.

    `CHAIDAEN_CLOCK` (ISO 8601 with offset) stops the clock for a whole process; `@FILE` in it names a file with the
    instant, read at every call, so that the clocks of several processes can be moved while they run.
    """
    if _controlled:
        return _controlled[-1].instant
    if told := os.environ.get("CHAIDAEN_CLOCK"):
        text = Path(told[1:]).read_text(encoding="ascii").strip() if told.startswith("@") else told
        return datetime.fromisoformat(text).astimezone(UTC)
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Thailand."""
    return now().astimezone(BANGKOK).date()


def today_not_before(known: date | None) -> date:
    """Today, or `known` while the clock shows the day before it.

    A clock set back over midnight repeats an hour of yesterday; what was done as of today must not be done as of
    yesterday again. A clock that was days ahead is believed when it is set right.
    """
    day = today()
    return known if known is not None and known - day == timedelta(days=1) else day


@contextmanager
def fixed(instant: datetime) -> Iterator[Controlled]:
    """Stop the clock at `instant` (aware) inside the block; the clock given can be moved."""
    clock = Controlled(instant.astimezone(UTC))
    _controlled.append(clock)
    try:
        yield clock
    finally:
        _controlled.pop()
