"""The only source of "now". Everything else is handed an instant, a date or a period."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_instant", default=None)


def now() -> datetime:
    """The instant, in UTC. `CHAIDAEN_CLOCK` (ISO 8601 with offset) stops the clock for a whole process."""
    if (instant := _fixed.get()) is not None:
        return instant
    if stopped := os.environ.get("CHAIDAEN_CLOCK"):
        return datetime.fromisoformat(stopped).astimezone(UTC)
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Thailand."""
    return now().astimezone(BANGKOK).date()


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Stop the clock at `instant` (aware) inside the block."""
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
