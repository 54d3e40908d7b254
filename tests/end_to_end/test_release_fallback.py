"""One dataset's new submissions fail the gate: the whole release is rebuilt with its last good ones, and says so."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import clock, database
from expectations import gate
from expectations.model import Expectation, load_suites
from publication import fallback
from publication.build import build
from publication.fallback import judge_or_fall_back
from publication.flow import build_and_publish
from publication.releases import list_releases, open_release, published_release
from tests.end_to_end.test_release_flow import PROVINCES, load_population, readers_see
from tests.killing import killed_at
from tests.ledger_by_hand import record_states

START = datetime(2022, 2, 1, 3, tzinfo=UTC)
FIGURE = "select population_persons from marts.poverty_by_area where area_code = '95' and survey_year_be = 2564"
NOTES = "select dataset_id, message_th, message_en from marts.release_notes where note_code = 'dataset_held_back'"
IMPOSSIBLE = 5_000_000  # more people in one tambon than live in the region


@pytest.fixture(scope="module")
def one_release(module_built_home: Path) -> Iterator[int]:
    with clock.fixed(START):
        for province in PROVINCES:
            load_population(province)
        result = build_and_publish(actor="tests")
        assert result.ending == "published"
        assert result.release_id is not None
        yield result.release_id


@pytest.fixture(autouse=True)
def days_apart(one_release: int) -> Iterator[None]:
    """Each test on a later day than the one before."""
    days_apart.day = getattr(days_apart, "day", 0) + 1  # type: ignore[attr-defined]
    with clock.fixed(START + timedelta(days=days_apart.day)):  # type: ignore[attr-defined]
        yield


def states(submission_id: int) -> str:
    with database.connect() as connection:
        row = connection.execute(
            "select state from ops.submissions where submission_id = %s", [submission_id]
        ).fetchone()
    return str(row[0]) if row else ""


def failed_in(release_id: int) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return connection.execute(
            "select expectation_id, datasets from ops.gate_results"
            " where release_id = %s and severity = 'critical' and not success",
            [release_id],
        ).fetchall()


def load_register(province: str) -> int:
    """A treasury's register of 40 cards as intake leaves it."""
    with database.connect() as connection:
        row = connection.execute(
            "insert into ops.submissions (agency_id, dataset_id, period, revision, sha256, size_bytes, file_name,"
            " landing_fingerprint, state, verdict, rows, accepted_rows, rejected_rows, received_at)"
            " values (%s, 'welfare_card', '2564', 1, 'w', 1, 'f.csv', %s, 'loaded', 'accepted', 40, 40, 0, %s)"
            " returning submission_id",
            [f"provincial_treasury_{province}", f"register of {province}", clock.now()],
        ).fetchone()
        assert row is not None
        connection.execute(
            "insert into raw.welfare_card (_submission_id, _sheet, _row, person_key, person_key_kind,"
            " validation_status, registered_date) select %s, 'f.csv', n + 1, md5(%s || n)::uuid, 'citizen',"
            " 'validated', '2021-05-01' from generate_series(1, 40) as n",
            [row[0], province],
        )
        record_states(connection)
    return int(row[0])


def test_what_is_bad_is_held_back_and_what_is_good_is_published(one_release: int) -> None:
    """A population no province can have, and a good register on the same night."""
    before = readers_see(FIGURE)
    bad = load_population("95", more_people=IMPOSSIBLE)
    good = load_register("95")
    result = build_and_publish(actor="tests")
    assert (result.ending, result.gate, result.held_back) == ("published", "warning", ("population",))
    assert published_release() == result.release_id
    assert readers_see(FIGURE) == before
    assert (states(bad), states(good)) == ("loaded", "released")
    [(dataset, thai, english)] = readers_see(NOTES)
    assert dataset == "population"
    assert "2 กุมภาพันธ์ 2565" in str(thai)
    assert "since 2 February 2022" in str(english)
    held = next(release for release in list_releases() if release.status == "held")
    assert held.gate == "failed"
    assert failed_in(held.release_id) == [("measures.population_plausible", ["population"])]


def test_nothing_new_is_built_the_next_night(one_release: int) -> None:
    assert build_and_publish().ending == "unchanged"


def test_a_fallback_killed_midway_of_what_is_tried_again_as_it_changed_ends_as_an_undisturbed_one(
    one_release: int,
) -> None:
    """It fails again. The first run is killed before it builds without it, the second between verdict and record."""
    before, release = readers_see(FIGURE), published_release()
    good = load_population("96", more_people=1)
    for step in ("build", "hold"):
        killed_at(fallback, step, lambda: build_and_publish(actor="tests"))
        assert (readers_see(FIGURE), published_release()) == (before, release)
    result = build_and_publish(actor="tests")
    assert (result.ending, result.gate, result.held_back) == ("published", "warning", ("population",))
    assert (readers_see(FIGURE), states(good)) == (before, "loaded")
    [(_, _, english)] = readers_see(NOTES)
    assert "since 2 February 2022" in str(english), "the day it began is kept"


def test_another_dataset_comes_through_at_once_while_one_is_held_back(one_release: int) -> None:
    """In one build: what was refused is not tried again."""
    before = len(list_releases())
    good = load_register("96")
    result = build_and_publish(actor="tests")
    assert (result.ending, result.held_back) == ("published", ("population",))
    assert states(good) == "released"
    assert len(list_releases()) == before + 1


def test_a_row_lost_on_the_way_is_missed_and_a_run_cut_short_finishes_the_very_release_that_passed(
    one_release: int,
) -> None:
    """The ledger says the row was accepted, and no mart or exclusion has it. What failed before is corrected."""
    before, release = readers_see(FIGURE), published_release()
    load_population("95", more_people=3)
    bad = load_population("91", more_people=5)
    with database.connect() as connection:
        connection.execute("delete from raw.population where _submission_id = %s and _row = 7", [bad])
    candidate = open_release(actor="tests")
    assert candidate is not None
    build(candidate)
    passed = judge_or_fall_back(candidate, "tests")
    assert (passed.passed, passed.held_back) == (True, ("population",))
    assert published_release() == release
    assert release not in (candidate, passed.release_id)
    result = build_and_publish(actor="tests")
    assert (result.ending, result.release_id, result.held_back) == ("published", passed.release_id, ("population",))
    assert (readers_see(FIGURE), states(bad)) == (before, "loaded")
    assert {one.release_id: one.status for one in list_releases()}[candidate] == "held"
    assert failed_in(candidate) == [("row_accounts.agrees_with_ledger", ["population"])]


def test_a_correction_is_published_and_the_warning_is_gone(one_release: int) -> None:
    before = readers_see(FIGURE)
    load_population("91", more_people=1)
    result = build_and_publish(actor="tests")
    assert (result.ending, result.held_back) == ("published", ())
    assert readers_see(NOTES) == []
    assert readers_see(FIGURE) != before, "what was corrected a day before is in it as well"


def test_a_failure_that_no_dataset_explains_is_held_and_not_tried_every_night(
    one_release: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real expectations and one more, that the published figures break too."""
    impossible = Expectation(
        id="impossible", severity="critical", title_th="เป็นไปไม่ได้", title_en="Impossible",
        sql="select area_code from {batch} where area_code = '95'",
    )  # fmt: skip
    suites = [
        suite.model_copy(update={"expectations": (*suite.expectations, impossible)})
        if suite.name == "poverty_by_area"
        else suite
        for suite in load_suites()
    ]
    monkeypatch.setattr(gate, "all_suites", lambda: suites)
    before = published_release()
    load_population("91", more_people=4)
    result = build_and_publish(actor="tests")
    assert (result.ending, result.gate) == ("held", "failed")
    tried = [release for release in list_releases() if release.release_id >= (result.release_id or 0)]
    assert [release.status for release in tried] == ["held", "held"], "the candidate, and it without the population"
    assert published_release() == before
    assert build_and_publish().ending == "unchanged"


@pytest.mark.parametrize(
    ("read", "tried"), [(["kpi_scorecards"], []), (["kpi_scorecards", "poverty_by_area"], [("population",)])]
)
def test_a_failure_between_marts_suspects_what_any_of_them_is_made_of(
    one_release: int, read: list[str], tried: list[tuple[str, ...]]
) -> None:
    load_population("91", more_people=100 + len(read))
    candidate = open_release(actor="tests")
    with database.connect() as connection:
        connection.execute(
            "insert into ops.gate_results (release_id, expectation_id, mart, severity, success, title_th, title_en,"
            " marts) values (%s, 'kpi_scorecards.apart', 'kpi_scorecards', 'critical', false, 'ต่างกัน', 'Apart', %s)",
            [candidate, read],
        )
    assert candidate is not None
    assert [tuple(one.dataset_id for one in held) for held in fallback._attempts(candidate)] == tried
