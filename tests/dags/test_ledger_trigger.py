"""The trigger of the ledger announces submissions that wait, each once, whoever received them, and outlives a fault."""

import asyncio
from typing import Any

import pytest

from core import database
from core.settings import reload as reload_settings
from dags.ledger_trigger import LedgerTrigger
from ingestion import intake
from tests.end_to_end.dropping import csv_bytes, drop, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")
LOOK = 0.05


def receive(part: str) -> int:
    drop(csv_bytes(tambon_rows(3)), "a.csv", part=part)
    [number] = intake.receive_all()
    return number


async def stays_silent(events: Any) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(anext(events))), LOOK * 8)


def test_a_submission_that_waits_is_announced_once_and_a_later_one_again() -> None:
    async def story() -> None:
        events = LedgerTrigger(LOOK).run()
        for part in ("one", "two"):
            number = await asyncio.to_thread(receive, part)
            event = await asyncio.wait_for(anext(events), 20)
            assert event.payload == {"newest": number}
        await stays_silent(events)

    asyncio.run(story())


def test_what_is_decided_wakes_nobody() -> None:
    receive("decided")
    intake.process_all()

    async def story() -> None:
        await stays_silent(LedgerTrigger(LOOK).run())

    asyncio.run(story())


def test_a_database_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    number = receive("away")

    async def story() -> None:
        with monkeypatch.context() as away:
            away.setenv("CHAIDAEN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
            reload_settings()
            database.forget()
            events = LedgerTrigger(LOOK).run()
            waiting = asyncio.ensure_future(anext(events))
            await asyncio.sleep(LOOK * 8)
            assert not waiting.done()
        reload_settings()
        database.forget()
        assert (await asyncio.wait_for(waiting, 20)).payload == {"newest": number}

    asyncio.run(story())
