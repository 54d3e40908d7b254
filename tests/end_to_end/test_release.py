"""Releases on a real PostgreSQL: what readers see while we publish, what they may read, and what is refused."""

import threading
from pathlib import Path

import psycopg
import pytest

from core import database
from core.errors import GateFailed, Held, UsageError, UserFacingError
from publication.releases import hold, list_releases, open_release, publish, rollback
from publication.store import store_candidate
from tests.end_to_end import hand_made
from tests.end_to_end.hand_made import add_submission, mark_gated, pretend_built, stored_release

pytestmark = pytest.mark.usefixtures("clean_store")


@pytest.fixture(autouse=True)
def clean_store(module_home: Path) -> None:
    """Every test starts with no release and no mart."""
    hand_made.empty_store()


def published(wells: int, **shape: object) -> int:
    release_id = stored_release(wells, **shape)
    mark_gated(release_id)
    publish(release_id, "tests")
    return release_id


def read(role: str, statement: str, *, pin: object = None) -> list[tuple[object, ...]]:
    with database.connect(role) as connection:
        if pin is not None:
            connection.execute("select set_config('chaidaen.release', %s, false)", [str(pin)])
        return connection.execute(statement).fetchall()


def test_readers_see_one_release_or_the_other_and_never_an_empty_mart() -> None:
    """Five readers, two marts joined and pairs of reads in REPEATABLE READ, across publishes and rollbacks."""
    first, second = published(1), published(2)
    stop, problems, reads = threading.Event(), [], []

    def keep_reading() -> None:
        with database.connect("chaidaen_bi", autocommit=True) as connection:
            while not stop.is_set():
                joined = connection.execute(
                    "select a.wells, b.wells, count(*) from marts.wells as a"
                    " join marts.wells_by_area as b using (area_code) group by 1, 2"
                ).fetchall()
                with connection.transaction():
                    connection.execute("set transaction isolation level repeatable read")
                    one = connection.execute("select max(wells), count(*) from marts.wells").fetchone()
                    two = connection.execute("select max(wells), count(*) from marts.wells_by_area").fetchone()
                if (
                    len(joined) != 1
                    or joined[0][0] != joined[0][1]
                    or joined[0][2] != 3
                    or one != two
                    or one is None
                    or one[1] != 3
                ):
                    problems.append((joined, one, two))
                reads.append(1)

    threads = [threading.Thread(target=keep_reading) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in range(60):
        rollback(first, "tests")
        rollback(second, "tests")
    third = published(3)
    stop.set()
    for thread in threads:
        thread.join()

    assert problems == []
    assert len(reads) > 500
    assert read("chaidaen_bi", "select distinct wells from marts.wells") == [(3,)]
    assert [r.status for r in list_releases()] == ["published", "superseded", "superseded"]
    assert list_releases()[0].release_id == third


def test_a_session_can_pin_an_earlier_release() -> None:
    first, _ = published(1), published(2)
    assert read("chaidaen_bi", "select distinct wells from marts.wells", pin=first) == [(1,)]
    assert read("chaidaen_bi", "select distinct wells from marts.wells") == [(2,)]


@pytest.mark.parametrize("role", ["chaidaen_bi", "chaidaen_analyst"])
def test_only_the_gate_may_see_a_candidate(role: str) -> None:
    published(1)
    candidate = stored_release(2)
    with pytest.raises(psycopg.errors.RaiseException, match="not published"):
        read(role, "select * from marts.wells", pin=candidate)
    assert read("chaidaen_gate", "select distinct wells from marts.wells", pin=candidate) == [(2,)]


def test_a_pin_that_is_no_release_is_refused() -> None:
    published(1)
    for pin in ("999", "latest"):
        with pytest.raises(psycopg.errors.RaiseException):
            read("chaidaen_bi", "select * from marts.wells", pin=pin)


@pytest.mark.parametrize(
    ("role", "relation"),
    [
        ("chaidaen_bi", "marts_exact.wells"),
        ("chaidaen_bi", "store.wells"),
        ("chaidaen_bi", "store.wells__safe"),
        ("chaidaen_bi", "ops.submissions"),
        ("chaidaen_bi", "vault.rejected_rows"),
        ("chaidaen_bi", "candidate.wells"),
        ("chaidaen_analyst", "store.wells"),
        ("chaidaen_analyst", "vault.rejected_rows"),
        ("chaidaen_gate", "store.wells"),
        ("chaidaen_case_worker", "marts.wells"),
    ],
)
def test_readers_read_their_views_only(role: str, relation: str) -> None:
    published(1)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        read(role, f"select * from {relation}")


def test_each_reader_has_its_views() -> None:
    published(1)
    for role, relation in (
        ("chaidaen_bi", "marts.wells"), ("chaidaen_analyst", "marts.wells"), ("chaidaen_analyst", "marts_exact.wells"),
    ):  # fmt: skip
        assert len(read(role, f"select * from {relation}")) == 3


def test_views_carry_the_descriptions_and_hide_our_own_part_number() -> None:
    published(1)
    comments = "select obj_description('{0}'::regclass), col_description('{0}'::regclass, 2)"
    for view in ("marts.wells", "marts_exact.wells"):
        assert read("chaidaen_analyst", comments.format(view)) == [(hand_made.COMMENT, hand_made.COLUMN_COMMENT)]
    with database.connect("chaidaen_bi") as connection:
        names = [column.name for column in connection.execute("select * from marts.wells").description or ()]
    assert names == ["area_code", "wells", "_redacted"]


def test_equal_content_is_stored_once() -> None:
    """The second release lists the part of the first; only the third, whose figures differ, adds rows."""
    first, second, third = published(1), published(1), published(2)
    with database.connect() as connection:
        parts = dict(connection.execute(
            "select release_id, part_id from store.release_parts where relation = 'wells'"
        ).fetchall())  # fmt: skip
        rows = connection.execute("select count(*) from store.wells").fetchone()
    assert parts[first] == parts[second] != parts[third]
    assert rows == (6,)


def test_only_the_parts_that_changed_are_stored_anew() -> None:
    """Parted by area, one area's figure changes: the other parts are the very same, the safe twin's too."""
    first = stored_release(1, part_by=("area_code",))
    second = open_release(force=True)
    assert second is not None
    hand_made.make_candidate(1)
    with database.connect() as connection:
        for schema in ("candidate", "candidate_safe"):
            connection.execute(f"update {schema}.wells set wells = 9 where area_code = '940102'")
    pretend_built(second, part_by=("area_code",))
    added = [(part.relation, part.key) for part in store_candidate(second) if not part.shared]
    assert added == [("wells", {"area_code": "940102"}), ("wells__safe", {"area_code": "940102"})]
    mark_gated(second)
    publish(second, "tests")
    with database.connect() as connection:
        shared = connection.execute(
            "select count(*), count(distinct part_id) from store.release_parts where relation = 'wells'"
            " and release_id in (%s, %s)",
            [first, second],
        ).fetchone()
    assert shared == (6, 4)
    assert read("chaidaen_bi", "select area_code, wells from marts.wells order by 1") == [
        ("940101", 1), ("940102", 9), ("940103", 1),
    ]  # fmt: skip


def test_a_mart_of_too_many_keys_is_parted_by_fewer_columns() -> None:
    """100 areas are one part: more parts would cost readers more than they save."""
    release_id = stored_release(1, rows=100, part_by=("wells", "area_code"))
    with database.connect() as connection:
        keys = connection.execute(
            "select part_key, row_count from store.release_parts join store.parts as p using (part_id)"
            " where release_id = %s and p.relation = 'wells'",
            [release_id],
        ).fetchall()
    assert keys == [({"wells": 1}, 100)]


def test_a_mart_of_the_published_recipe_keeps_its_parts_without_being_looked_at() -> None:
    """Its candidate table holds other rows here, which nobody would have hashed."""
    first = published(1)
    second = open_release(force=True)
    assert second is not None
    hand_made.make_candidate(2)
    pretend_built(second)
    with database.connect() as connection:
        connection.execute(
            "update ops.release_marts set recipe = (select recipe from ops.release_marts where release_id = %s"
            " and mart = 'wells') where release_id = %s and mart = 'wells'",
            [first, second],
        )
    assert {part.relation for part in store_candidate(second) if part.shared} == {"wells", "wells__safe"}


def test_storing_twice_has_one_effect() -> None:
    release_id = stored_release(1)
    again = store_candidate(release_id)
    assert all(part.shared for part in again)
    with database.connect() as connection:
        assert connection.execute("select count(*) from store.release_parts").fetchone() == (4,)
        assert connection.execute("select count(*) from store.wells").fetchone() == (3,)


def test_a_new_column_appears_without_breaking_the_old_release() -> None:
    first, _ = published(1), published(2, extra_column=True)
    assert read("chaidaen_analyst", "select distinct note from marts_exact.wells") == [("new",)]
    assert read("chaidaen_analyst", "select distinct wells, note from marts_exact.wells", pin=first) == [(1, None)]


def test_a_new_column_waits_for_a_reader_without_making_others_queue() -> None:
    """A reader in an open transaction delays our DDL; readers who come meanwhile are answered at once."""
    published(1)
    with database.connect("chaidaen_bi") as slow:
        slow.execute("select * from marts.wells").fetchall()
        storing = threading.Thread(target=stored_release, args=(2,), kwargs={"extra_column": True})
        storing.start()
        for _ in range(20):
            with database.connect("chaidaen_bi") as quick:
                quick.execute("set statement_timeout = '1s'")
                assert len(quick.execute("select * from marts.wells").fetchall()) == 3
        slow.rollback()
        storing.join(timeout=60)
    assert not storing.is_alive()
    assert read("chaidaen_analyst", "select distinct note from marts_exact.wells") == [(None,)]


def test_dropping_a_column_or_a_mart_is_refused() -> None:
    published(1, extra_column=True)
    with pytest.raises(UserFacingError, match="columns are gone: note"):
        stored_release(2)
    release_id = open_release(force=True)
    assert release_id is not None
    hand_made.make_candidate(2, extra_column=True)
    pretend_built(release_id, marts=("wells",))
    with pytest.raises(UserFacingError, match="wells_by_area"):
        store_candidate(release_id)


def test_publishing_needs_the_gate() -> None:
    published(1)
    ungated, failed = stored_release(2), stored_release(3)
    mark_gated(failed, "failed")
    for release_id in (ungated, failed):
        with pytest.raises(GateFailed):
            publish(release_id, "tests")
    assert read("chaidaen_bi", "select distinct wells from marts.wells") == [(1,)]


def test_an_emptied_mart_is_not_published_even_past_the_gate() -> None:
    published(1)
    emptied = stored_release(2, rows=0)
    mark_gated(emptied)
    with pytest.raises(UserFacingError, match="lacks rows in: wells"):
        publish(emptied, "tests")


def test_a_held_release_is_published_by_whoever_approves_it() -> None:
    published(1)
    held = stored_release(2)
    mark_gated(held, "warning")
    hold(held, "tests", "waits for approval")
    assert read("chaidaen_bi", "select distinct wells from marts.wells") == [(1,)]
    with pytest.raises(Held):
        publish(held, "tests")
    publish(held, "Somchai", approve=True)
    newest = list_releases()[0]
    assert (newest.status, newest.approved_by, newest.gate) == ("published", "Somchai", "warning")
    assert read("chaidaen_bi", "select distinct wells from marts.wells") == [(2,)]


def test_rollback_needs_a_release_that_was_published() -> None:
    first = published(1)
    candidate = stored_release(2)
    for release_id in (candidate, 999):
        with pytest.raises(UsageError):
            rollback(release_id, "tests")
    rollback(first, "tests")
    assert [r.release_id for r in list_releases() if r.status == "published"] == [first]


def test_publishing_marks_the_loaded_submissions_released() -> None:
    submission = add_submission("a" * 64)
    release_id = published(1)
    with database.connect() as connection:
        assert connection.execute("select state from ops.submissions").fetchall() == [("released",)]
        events = connection.execute(
            "select submission_id, state, reason from ops.submission_events where previous_state = 'loaded'"
        ).fetchall()
    assert events == [(submission, "released", f"release {release_id}")]
