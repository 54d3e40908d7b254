"""The trigger of the landing folder announces files that rest, each once, and survives what senders do meanwhile."""

import asyncio
from pathlib import Path

import pytest

from core.settings import reload as reload_settings
from dags.landing_trigger import LandingTrigger, files_in

LOOK = 0.2


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHAIDAEN_LANDING", str(tmp_path / "landing"))
    reload_settings()
    return tmp_path / "landing"


def drop(landing: Path, name: str, content: str = "x") -> Path:
    path = landing / "registration_office_95/population/2564" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


async def next_event(events: object, seconds: float = 5.0) -> int:
    event = await asyncio.wait_for(anext(events), seconds)
    return event.payload["files"]


async def stays_silent(events: object) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(anext(events))), LOOK * 8)


def test_a_file_that_rests_is_announced_once_and_a_later_one_again(landing: Path) -> None:
    async def story() -> None:
        events = LandingTrigger(LOOK).run()
        drop(landing, "ก.csv")
        assert await next_event(events) == 1
        drop(landing, "ข.csv")
        drop(landing, "ค.csv")
        assert await next_event(events) == 2
        await stays_silent(events)

    asyncio.run(story())


def test_a_file_that_still_grows_is_not_announced(landing: Path) -> None:
    async def story() -> None:
        events = LandingTrigger(LOOK).run()
        coming = asyncio.ensure_future(anext(events))
        for size in range(1, 30):
            drop(landing, "big.csv", "x" * size)
            await asyncio.sleep(LOOK / 10)
            assert not coming.done()
        assert (await asyncio.wait_for(coming, 5)).payload == {"files": 1}

    asyncio.run(story())


def test_the_event_carries_no_name_that_a_sender_chose(landing: Path) -> None:
    async def story() -> None:
        drop(landing, "นายสมมติ 1-1111-11111-11-1.csv")
        event = await asyncio.wait_for(anext(LandingTrigger(LOOK).run()), 5)
        assert event.payload == {"files": 1}

    asyncio.run(story())


def test_a_landing_folder_that_does_not_exist_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert files_in(tmp_path / "nowhere") == frozenset()
