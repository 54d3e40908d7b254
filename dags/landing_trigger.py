"""Tells Airflow that files rest in the landing folder.

An event only wakes the ingest; what there is to do stands in the folder and the ledger. So a lost or doubled event
harms nothing, and the timed sweep of the ingest follows anyway.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

Drop = tuple[str, int, int]  # path below landing, bytes, mtime in ns


class LandingTrigger(BaseEventTrigger):
    """Fires when files have come that did not change between two looks and were not announced before."""

    def __init__(self, look_every_seconds: float = 1.0) -> None:
        super().__init__()
        self.look_every_seconds = look_every_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "dags.landing_trigger.LandingTrigger", {"look_every_seconds": self.look_every_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look for ever. The event carries the number of new files, never their names."""
        from core.settings import settings

        landing = settings().landing
        before: frozenset[Drop] = frozenset()
        announced: frozenset[Drop] = frozenset()
        while True:
            now = await asyncio.to_thread(files_in, landing)
            resting = now & before
            fresh = resting - announced
            announced = (announced & now) | fresh
            before = now
            if fresh:
                yield TriggerEvent({"files": len(fresh)})
            await asyncio.sleep(self.look_every_seconds)


def files_in(landing: Path) -> frozenset[Drop]:
    """Every file below `landing`; one that vanishes while we look is not there."""
    found = set()
    for folder, _, names in os.walk(landing):
        for name in names:
            path = os.path.join(folder, name)  # noqa: PTH118 - names are bytes of others; no normalising
            try:
                facts = os.lstat(path)
            except OSError:
                continue
            found.add((os.path.relpath(path, landing), facts.st_size, facts.st_mtime_ns))
    return frozenset(found)
