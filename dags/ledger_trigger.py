"""Tells Airflow that the ledger has submissions to process.

The ledger is asked rather than told, so it does not matter who received a file (a task that is still at it, the command
line, a worker killed right afterwards). A lost or doubled event harms nothing: the timed sweep follows anyway.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

log = logging.getLogger(__name__)


class LedgerTrigger(BaseEventTrigger):
    """Fires when a submission waits that was not announced before."""

    def __init__(self, look_every_seconds: float = 1.0) -> None:
        super().__init__()
        self.look_every_seconds = look_every_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "dags.ledger_trigger.LedgerTrigger", {"look_every_seconds": self.look_every_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look for ever. The event carries the number of the newest submission that waits."""
        announced = 0
        while True:
            newest = await asyncio.to_thread(_newest_unfinished)
            if newest is not None and newest > announced:
                announced = newest
                yield TriggerEvent({"newest": newest})
            await asyncio.sleep(self.look_every_seconds)


def _newest_unfinished() -> int | None:
    """None also while the database can't be reached: the trigger outlives that."""
    from core import database
    from core.errors import DatabaseUnavailable
    from ingestion import ledger

    try:
        with database.connect(application="chaidaen wake", autocommit=True) as connection:
            return ledger.newest_unfinished(connection)
    except DatabaseUnavailable as error:
        log.warning("the ledger can't be asked: %s", error.message)
        return None
