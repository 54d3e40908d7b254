"""Readers of every kind see one release, whole, whatever is published, rolled back, added or stored meanwhile."""

import os
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from benchmarks.soak import switching
from benchmarks.soak.reading import MARTS, Seen, figures_of, readers, store_release
from benchmarks.soak.switching import Switched, faults
from core import database
from core.errors import UserFacingError
from publication.releases import publish, published_release, rollback

pytestmark = pytest.mark.usefixtures("module_home")
SWITCHES, READS = 50, 10_000
COLUMN = "alter table {schema}.wells add column depth_m integer default 12"
PUMPS = "drop table if exists {schema}.pumps; create table {schema}.pumps as select '94' as province_code, 3 as pumps"
VERSION_2 = (
    "drop table if exists {schema}.wells_v2;"
    " create table {schema}.wells_v2 as"
    " select province_code, area_code, wells as well_count, depth_m from {schema}.wells"
)
ADDED = (COLUMN, PUMPS, VERSION_2)
ALL_MARTS = (*MARTS, "pumps", "wells_v2")
FLIP_SECONDS = 0.010  # where the machine does nothing else; beside others it may take its share longer


@pytest.fixture(scope="module")
def switched(module_home: Path) -> Iterator[Switched]:
    """Four processes read while fifty publishes and rollbacks go on; the long form is in `make soak`."""
    database.url()
    yield switching.play(SWITCHES, READS, seed=2564)


def test_ten_thousand_reads_in_fifty_switches_see_no_mix_no_empty_mart_no_error_and_wait_for_nobody(
    switched: Switched, record_property: Callable[[str, object], None]
) -> None:
    """No read waits longer than a second."""
    record_property("switching", switched.summary())
    assert faults(switched) == []
    assert switched.seen.reads.total() >= READS
    assert switched.publishes + switched.rollbacks >= SWITCHES


def test_every_form_of_reading_met_many_releases(switched: Switched) -> None:
    """Else the test above would prove nothing."""
    assert set(switched.seen.reads) == {"joined", "two_statements", "prepared", "pooled"}
    assert min(switched.seen.reads.values()) > 500
    assert len(switched.seen.releases) > 10


def test_the_flip_itself_is_short(switched: Switched) -> None:
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert statistics.median(switched.quiet_flips) <= FLIP_SECONDS * crowd


@pytest.fixture
def reading(module_home: Path) -> Iterator[Callable[[], Seen]]:
    """Readers of two marts that know nothing of what is added meanwhile; what they saw, once called."""
    release_id = store_release(0)
    publish(release_id, "tests")
    known = {figures_of(figure) for figure in range(10)}
    with readers(known) as at_work:
        yield at_work.end


def publish_changed(figure: int, *changes: str, marts: tuple[str, ...] = MARTS) -> int:
    """Publish a release after these statements about each of the schemas `candidate` and `candidate_safe`."""
    release_id = store_release(figure, changes=changes, marts=marts)
    publish(release_id, "tests")
    return release_id


def read(statement: str, pin: int | None = None) -> list[tuple[object, ...]]:
    with database.connect("chaidaen_bi") as connection:
        if pin is not None:
            connection.execute(f"set chaidaen.release = '{pin}'")
        return connection.execute(statement).fetchall()


def test_a_new_column_a_new_mart_and_a_new_version_break_nobody_who_reads_the_old_ones(
    reading: Callable[[], Seen],
) -> None:
    """Added one after the other under readers; a session pinned to the first release reads it as it was."""
    first = published_release()
    publish_changed(1, COLUMN)
    publish_changed(2, COLUMN, PUMPS, marts=(*MARTS, "pumps"))
    publish_changed(3, *ADDED, marts=ALL_MARTS)
    seen = reading()
    assert (seen.mixed, seen.empty, seen.errors) == ([], 0, [])
    assert len(seen.releases) >= 2
    assert max(seen.longest.values()) <= 1.0
    assert read("select distinct depth_m from marts.wells") == [(12,)]
    assert read("select distinct depth_m from marts.wells", pin=first) == [(None,)]
    assert read("select count(*) from marts.wells_v2") == read("select count(*) from marts.wells")


def test_a_column_or_mart_is_not_dropped_without_a_version_step(module_home: Path) -> None:
    publish_changed(4, *ADDED, marts=ALL_MARTS)
    with pytest.raises(UserFacingError, match="columns are gone: depth_m"):
        publish_changed(5, PUMPS, VERSION_2.replace(", depth_m", ", 1 as depth_m"), marts=ALL_MARTS)
    with pytest.raises(UserFacingError, match=r"no longer has: pumps\."):
        publish_changed(5, COLUMN, VERSION_2, marts=(*MARTS, "wells_v2"))
    assert read("select pumps from marts.pumps") == [(3,)]


def test_a_mart_is_dropped_after_the_day_its_model_named_and_its_view_then_says_so(module_home: Path) -> None:
    """Nobody reads an empty table in its place; who pins an earlier release, or rolls back, has it again."""
    before = publish_changed(6, *ADDED, marts=ALL_MARTS)
    with database.connect() as connection:  # as the build writes it, from `deprecation_date` of the model
        connection.execute(
            "update ops.release_marts as m set deprecation_date = r.as_of - 1 from ops.releases as r"
            " where r.release_id = %s and m.release_id = r.release_id and mart = 'pumps'",
            [before],
        )
    publish_changed(7, COLUMN, VERSION_2, marts=(*MARTS, "wells_v2"))
    with pytest.raises(psycopg.errors.RaiseException, match="pumps__safe was dropped"):
        read("select * from marts.pumps")
    assert read("select pumps from marts.pumps", pin=before) == [(3,)]
    rollback(before, "tests")
    assert read("select pumps from marts.pumps") == [(3,)]
