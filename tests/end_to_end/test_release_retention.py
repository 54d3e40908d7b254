"""What is kept of earlier releases, and that deleting the rest harms and delays nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from core import clock, database
from core.errors import UsageError
from publication import retention
from publication.releases import hold, list_releases, publish, rollback
from publication.retention import drop_old_content
from tests.end_to_end.hand_made import mark_gated, stored_release

# day of 2022 on which each was published; each release's figure is its place in this list
DAYS = [(1, 10), (1, 31), (2, 5), (2, 28), (3, 1), (3, 2), (3, 3)]
KEPT = [1, 3, 5, 6]  # the last of January and of February, and the latest two


def published(wells: int) -> int:
    release_id = stored_release(wells)
    mark_gated(release_id)
    publish(release_id, "tests")
    return release_id


@pytest.fixture
def published_releases(module_home: Path) -> Iterator[list[int]]:
    """One a day on seven days of three months, on an empty store."""
    with database.connect() as connection:
        connection.execute("update store.current set release_id = null")
        connection.execute("truncate ops.releases, ops.release_events, store.parts restart identity cascade")
        connection.execute("insert into store.current default values on conflict do nothing")
        connection.execute("drop table if exists store.wells, store.wells__safe cascade")
        connection.execute("drop table if exists store.wells_by_area, store.wells_by_area__safe cascade")
    releases = []
    for wells, (month, day) in enumerate(DAYS):
        with clock.fixed(datetime(2022, month, day, 3, tzinfo=UTC)):
            releases.append(published(wells))
    yield releases


def kept() -> set[int]:
    return {release.release_id for release in list_releases() if release.content_dropped_at is None}


def figures_stored() -> list[int]:
    with database.connect() as connection:
        return [row[0] for row in connection.execute("select distinct wells from store.wells order by 1").fetchall()]


def test_the_latest_and_the_last_of_every_month_are_kept(published_releases: list[int]) -> None:
    dropped = drop_old_content(keep=2)
    assert kept() == {published_releases[place] for place in KEPT}
    assert dropped.releases == sorted(set(published_releases) - kept())
    assert figures_stored() == KEPT
    with database.connect() as connection:
        unlisted = connection.execute(
            "select count(*) from store.parts where part_id not in (select part_id from store.release_parts)"
        ).fetchone()
    assert unlisted == (0,)
    assert len(list_releases()) == len(DAYS), "the list of releases is history and stays"
    assert drop_old_content(keep=2) == retention.Dropped([], 0, 0)


def test_what_a_release_shares_is_told_from_its_own(published_releases: list[int]) -> None:
    with clock.fixed(datetime(2022, 3, 4, 3, tzinfo=UTC)):
        same_again = published(len(DAYS) - 1)
    sizes = {release.release_id: (release.size_bytes, release.own_bytes) for release in list_releases()}
    assert sizes[same_again] == sizes[published_releases[-1]] == (sizes[published_releases[0]][0], 0)
    assert sizes[published_releases[0]][1] == sizes[published_releases[0]][0] > 0
    drop_old_content(keep=1)
    assert figures_stored() == [1, 3, 6], "a part is kept as long as any kept release lists it"


def test_readers_in_a_transaction_go_on_and_nobody_waits(published_releases: list[int]) -> None:
    """A snapshot taken before sees its release to the end; a new statement of a pinned session is told why not."""
    oldest = published_releases[0]
    with database.connect("chaidaen_bi") as snapshot, database.connect("chaidaen_bi", autocommit=True) as pinned:
        for session in (snapshot, pinned):
            session.execute(f"set chaidaen.release = '{oldest}'")
            session.execute("set statement_timeout = '2s'")
        snapshot.commit()
        snapshot.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        read = "select count(*), max(wells) from marts.wells"
        assert snapshot.execute(read).fetchone() == pinned.execute(read).fetchone() == (3, 0)
        drop_old_content(keep=1)
        assert snapshot.execute(read).fetchone() == (3, 0)
        with pytest.raises(psycopg.errors.RaiseException, match=rf"release {oldest} is no longer kept.*deleted on"):
            pinned.execute(read)
        pinned.execute("reset chaidaen.release")
        assert pinned.execute(read).fetchone() == (3, len(DAYS) - 1)


def test_nobody_goes_back_to_what_is_gone(published_releases: list[int]) -> None:
    drop_old_content(keep=1)
    with pytest.raises(UsageError, match="no longer kept"):
        rollback(published_releases[0], "tests")
    rollback(published_releases[1], "tests")
    drop_old_content(keep=1)
    assert {published_releases[1], published_releases[-1]} <= kept(), "the published one, however old"


def test_what_awaits_a_decision_is_kept(published_releases: list[int]) -> None:
    held, failed = stored_release(70), stored_release(71)
    mark_gated(held, "warning")
    mark_gated(failed, "failed")
    hold(held, "tests", "waits for approval")
    hold(failed, "tests", "gate failed")
    with clock.fixed(datetime(2022, 3, 5, 3, tzinfo=UTC)):
        published(72)
    drop_old_content(keep=1)
    assert held in kept()
    assert failed not in kept()
    with clock.fixed(datetime(2022, 3, 6, 3, tzinfo=UTC)):
        publish(held, "Somchai", approve=True)
    assert figures_stored() == [1, 3, 70, 72]


def test_cut_short_the_next_run_does_the_rest(published_releases: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    delete = retention._delete_part
    deleted = []

    def cut_short(*arguments: object) -> None:
        if len(deleted) == 3:
            raise KeyboardInterrupt
        deleted.append(arguments[1])
        delete(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(retention, "_delete_part", cut_short)
        with pytest.raises(KeyboardInterrupt):
            drop_old_content(keep=2)
    assert len(figures_stored()) > len(KEPT)
    rest = drop_old_content(keep=2)
    assert rest.releases == []
    assert rest.parts == 3 * 4 - 3  # four parts a release
    assert figures_stored() == KEPT
