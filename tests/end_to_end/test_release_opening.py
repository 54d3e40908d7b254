"""When a release is opened, taken up again or left alone, on a real PostgreSQL."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import clock
from core.errors import BuildFailed, UserFacingError
from publication.locks import building
from publication.releases import hold, open_release, rollback
from publication.store import store_candidate
from tests.end_to_end import hand_made
from tests.end_to_end.hand_made import add_submission, finish, mark_gated

pytestmark = pytest.mark.usefixtures("clean_store")


@pytest.fixture(autouse=True)
def clean_store(module_home: Path) -> None:
    """Every test starts with no release and no mart."""
    hand_made.empty_store()


def test_nothing_changed_means_nothing_to_build() -> None:
    """Same submissions, ledger and code: None, the next day too. A new revision opens a release."""
    with clock.fixed(datetime(2022, 2, 1, 3, tzinfo=UTC)):
        assert open_release() is None
        add_submission("a" * 64)
        first = open_release()
        assert first is not None
        assert open_release() == first  # an unfinished build is taken up again
        finish(first)
        assert open_release() is None
    with clock.fixed(datetime(2022, 2, 2, 3, tzinfo=UTC)):
        assert open_release() is None
        add_submission("b" * 64, period="2565")
        assert open_release() not in (None, first)


def test_the_night_an_obligation_becomes_overdue_is_a_change() -> None:
    """Population of 2564 is owed by 31 January, with 15 days of grace."""
    add_submission("a" * 64)
    with clock.fixed(datetime(2022, 2, 14, 17, 30, tzinfo=UTC)):  # half past midnight: monthly reports are owed since
        first = open_release()
        assert first is not None
        finish(first)
    with clock.fixed(datetime(2022, 2, 14, 19, tzinfo=UTC)):  # 02:00 of the last day of grace
        assert open_release() is None
    with clock.fixed(datetime(2022, 2, 15, 19, tzinfo=UTC)):
        second = open_release()
        assert second not in (None, first)


@pytest.mark.parametrize(("state", "is_news"), [("rejected", True), ("held", True), ("duplicate", False)])
def test_somebody_who_sent_a_bad_file_is_news_the_same_file_again_is_not(state: str, is_news: bool) -> None:
    add_submission("a" * 64)
    first = open_release()
    assert first is not None
    finish(first)
    add_submission("b" * 64, period="2565", state=state)
    assert (open_release() is not None) == is_news


def test_another_bad_file_of_the_day_is_news_the_same_bytes_again_are_not() -> None:
    with clock.fixed(datetime(2022, 2, 1, 3, tzinfo=UTC)):
        add_submission("a" * 64)
        add_submission("b" * 64, period="2565", state="rejected")
        first = open_release()
        assert first is not None
        finish(first)
        add_submission("b" * 64, period="2565", state="rejected", drop="again")
        assert open_release() is None
        add_submission("c" * 64, period="2565", state="rejected")
        assert open_release() not in (None, first)


def test_what_was_held_or_rolled_back_is_not_built_again() -> None:
    with clock.fixed(datetime(2022, 2, 1, 3, tzinfo=UTC)):
        add_submission("a" * 64)
        first = open_release()
        assert first is not None
        finish(first)
        add_submission("b" * 64, period="2565")
        second = open_release()
        assert second is not None
        finish(second)
        rollback(first, "tests")
        assert open_release() is None
        add_submission("c" * 64, period="2566")
        third = open_release()
        assert third is not None
        hold(third, "tests", "gate failed")
        assert open_release() is None
        assert open_release(force=True) is not None


def test_what_was_held_because_the_gate_crashed_is_judged_again_the_next_time() -> None:
    """It may have been the database that went away; nobody has decided anything."""
    with clock.fixed(datetime(2022, 2, 1, 3, tzinfo=UTC)):
        add_submission("a" * 64)
        first = open_release()
        assert first is not None
        mark_gated(first, "crashed")
        hold(first, "tests", "gate crashed")
        assert open_release() not in (None, first)


def test_a_builder_that_was_overtaken_stops() -> None:
    older = open_release(force=True)
    newer = open_release(force=True)
    assert older is not None
    assert newer is not None
    with pytest.raises(UserFacingError, match=f"overtaken by release {newer}"), building(older):
        pass
    with building(newer):
        pass


def test_storing_before_building_is_refused() -> None:
    release_id = open_release(force=True)
    assert release_id is not None
    hand_made.make_candidate(1)
    with pytest.raises(BuildFailed, match="No mart has been built"):
        store_candidate(release_id)
