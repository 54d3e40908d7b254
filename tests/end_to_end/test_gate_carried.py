"""What was judged with the same words on the same rows is not judged again, and nothing else is taken for granted."""

import shutil
from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple

import pytest
from psycopg import sql

from core import database
from expectations.gate import release_docs, run_gate
from expectations.judging import Judge
from expectations.model import Expectation, Suite
from publication.store import store_candidate
from tests.end_to_end.dropping import query
from tests.end_to_end.hand_made import MARTS, expectation, make_candidate, open_release, pretend_built, suites

pytestmark = pytest.mark.usefixtures("module_home")

FEW = expectation("few_wells", breaks="wells > 1000")
ALIKE = expectation(
    "as_in_the_other_mart",
    sql="select b.area_code from {batch} as b join marts_exact.wells_by_area as o on o.area_code = b.area_code"
    " where o.wells <> b.wells and o.wells < 0 order by 1",
)
HELD: tuple[Expectation, ...] = (FEW, ALIKE)


class Asked(NamedTuple):
    suite: str
    only: str | None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """Which rows the gate has read."""
    read: list[Asked] = []
    rows = Judge._rows

    def reading(judge: Judge, suite: Suite, name: str, of: Any, only: str | None) -> Any:
        read.append(Asked(suite.name, only))
        return rows(judge, suite, name, of, only)

    monkeypatch.setattr(Judge, "_rows", reading)
    return read


def release(figure: int, *changes: LiteralString, marts: tuple[str, ...] = MARTS) -> int:
    """A stored candidate in parts of one area each: the figure in every row, then changed in either schema."""
    release_id = open_release(force=True)
    assert release_id is not None
    make_candidate(figure)
    with database.connect() as connection:
        for change in changes:
            for schema in ("candidate", "candidate_safe"):
                connection.execute(sql.SQL(change).format(schema=sql.Identifier(schema)))
    pretend_built(release_id, marts, part_by=("area_code",))
    store_candidate(release_id)
    return release_id


def judged_in(release_id: int) -> dict[str, int]:
    rows = query("select expectation_id, judged_in from ops.gate_results where release_id = %s", release_id)
    return {row["expectation_id"]: row["judged_in"] for row in rows}


def observed(release_id: int, name: str) -> str:
    [row] = query(
        "select observed from ops.gate_results where release_id = %s and expectation_id = %s", release_id, name
    )
    return str(row["observed"])


def test_the_same_rows_are_not_read_again_and_the_pages_lead_to_where_they_were(asked: list[Asked]) -> None:
    first, second = release(10), release(10)
    assert run_gate(first, suites(*HELD)) == "passed"
    assert {suite for suite, _ in asked} == {"wells", "wells__safe", "wells_by_area", "wells_by_area__safe"}
    asked.clear()
    assert run_gate(second, suites(*HELD)) == "passed"
    assert asked == []
    assert judged_in(second) == dict.fromkeys(judged_in(first), first)
    assert "0 of them judged anew" in (release_docs(second) / "gate.html").read_text(encoding="utf-8")
    for page in ("gate.html", "index.html"):
        assert f'href="../release-{first}/{page}"' in (release_docs(second) / page).read_text(encoding="utf-8")


def test_of_a_mart_with_one_other_part_only_its_rows_are_read_by_what_looks_at_rows(asked: list[Asked]) -> None:
    before = release(20)
    assert run_gate(before, suites(*HELD)) == "passed"
    asked.clear()
    after = release(20, "update {schema}.wells set wells = 21 where area_code = '940102'")
    assert run_gate(after, suites(*HELD)) == "passed"
    only = "(area_code is not distinct from '940102')"
    assert {one for one in asked if one.only} == {Asked("wells", only), Asked("wells__safe", only)}
    assert "wells_by_area" not in {one.suite for one in asked}
    told = judged_in(after)
    assert told["wells.as_in_the_other_mart"] == after, "it reads the mart as a whole"
    assert told["wells_by_area.key_filled"] == before
    assert told["wells.not_empty"] == before, "rows of before are still there"


@pytest.mark.parametrize(
    ("figure", "change", "expectation_id", "told"),
    [
        (25, "delete from {schema}.wells", "wells.not_empty", "0"),
        (
            30,
            "update {schema}.wells set wells = 2000 where area_code <> '940101'",
            "wells.few_wells",
            "2 row(s): area_code=940102; area_code=940103",
        ),
        (
            40,
            "insert into {schema}.wells select * from {schema}.wells where area_code = '940103'",
            "wells.key_unique",
            "1 row(s): area_code=940103",
        ),
        (
            50,
            "delete from candidate_safe.wells where area_code = '940103'",
            "wells__safe.same_rows",
            "1 row(s): area_code=940103",
        ),
    ],
    ids=["a mart without its rows", "broken rows", "two rows of one key", "a safe row lost"],
)
def test_what_is_wrong_in_other_parts_is_told_like_any_other(
    figure: int, change: LiteralString, expectation_id: str, told: str
) -> None:
    assert run_gate(release(figure), suites(*HELD)) == "passed"
    broken = release(figure, change)
    assert run_gate(broken, suites(*HELD)) == "failed"
    assert observed(broken, expectation_id) == told


def test_what_compares_marts_is_judged_again_when_the_other_one_changed(asked: list[Asked]) -> None:
    before = release(60)
    assert run_gate(before, suites(*HELD)) == "passed"
    after = release(60, "update {schema}.wells_by_area set wells = -1 where area_code = '940102'")
    assert run_gate(after, suites(*HELD)) == "failed"
    told = judged_in(after)
    assert (told["wells.as_in_the_other_mart"], told["wells.few_wells"]) == (after, before)
    assert observed(after, "wells.as_in_the_other_mart") == "1 row(s): area_code=940102"


def test_what_compares_with_a_mart_that_is_gone_is_judged_again() -> None:
    before = release(65)
    assert run_gate(before, suites(*HELD)) == "passed"
    after = release(65, "drop table {schema}.wells_by_area", marts=("wells",))
    assert run_gate(after, suites(*HELD)[:1]) == "passed"
    told = judged_in(after)
    assert (told["wells.as_in_the_other_mart"], told["wells.few_wells"]) == (after, before)


def within(*columns: str) -> Expectation:
    many = "select area_code from {batch} group by area_code having sum(wells) > 1000 order by 1"
    return expectation("few_in_an_area", sql=many, within=list(columns))


@pytest.mark.parametrize(
    ("columns", "only"), [(("area_code",), "(area_code is not distinct from '940101')"), ((), None), (("year",), None)]
)
def test_what_compares_rows_reads_those_alike_to_what_changed_where_it_says_in_what(
    asked: list[Asked], columns: Sequence[str], only: str | None
) -> None:
    wells = 70 + len(columns) + ("year" in columns)
    assert run_gate(release(wells), suites(within(*columns))) == "passed"
    asked.clear()
    after = release(wells, "update {schema}.wells set wells = 3000 where area_code = '940101'")
    assert run_gate(after, suites(within(*columns))) == "failed"
    assert observed(after, "wells.few_in_an_area") == "1 row(s): area_code=940101"
    assert Asked("wells", only) in asked


def other_words() -> tuple[Expectation, ...]:
    return (FEW.model_copy(update={"breaks": "wells > 81"}), ALIKE)


def failing() -> tuple[Expectation, ...]:
    return (FEW.model_copy(update={"breaks": "wells < 1000"}), ALIKE)


def test_other_words_are_judged_whatever_the_rows() -> None:
    first, second = release(80), release(80)
    assert run_gate(first, suites(*HELD)) == "passed"
    assert run_gate(second, suites(*other_words())) == "passed"
    told = judged_in(second)
    assert (told["wells.few_wells"], told["wells.as_in_the_other_mart"]) == (second, first)


def test_what_failed_is_judged_again_and_told_again() -> None:
    first, second = release(90), release(90)
    assert run_gate(first, suites(*failing())) == run_gate(second, suites(*failing())) == "failed"
    assert judged_in(second)["wells.few_wells"] == second
    assert observed(second, "wells.few_wells") == observed(first, "wells.few_wells")


def test_a_release_judged_again_takes_nothing_from_its_own_first_time(asked: list[Asked]) -> None:
    one = release(100)
    assert run_gate(one, suites(*HELD)) == "passed"
    asked.clear()
    assert run_gate(one, suites(*HELD)) == "passed"
    assert {suite for suite, _ in asked} == {"wells", "wells__safe", "wells_by_area", "wells_by_area__safe"}


def test_all_of_it_is_judged_when_somebody_wants_that(asked: list[Asked]) -> None:
    first, second = release(105), release(105)
    assert run_gate(first, suites(*HELD)) == "passed"
    asked.clear()
    assert run_gate(second, suites(*HELD), anew=True) == "passed"
    assert {suite for suite, _ in asked} == {"wells", "wells__safe", "wells_by_area", "wells_by_area__safe"}
    assert set(judged_in(second).values()) == {second}


def test_a_verdict_on_rows_that_are_no_longer_kept_does_not_stand() -> None:
    first, second = release(110), release(110)
    assert run_gate(first, suites(*HELD)) == "passed"
    with database.connect() as connection:
        connection.execute("update ops.releases set content_dropped_at = created_at where release_id = %s", [first])
    assert run_gate(second, suites(*HELD)) == "passed"
    assert set(judged_in(second).values()) == {second}


def test_notes_are_always_judged_for_they_are_written_after_the_verdict() -> None:
    """Those of the earlier release are others than the ones it was judged with."""
    renamed = [suite.model_copy(update={"mart": "release_notes"}) for suite in suites(*HELD)[:1]]
    for _ in range(2):
        release_id = release(
            115,
            "drop table if exists {schema}.release_notes",
            "alter table {schema}.wells rename to release_notes",
            "drop table {schema}.wells_by_area",
            marts=("release_notes",),
        )
        run_gate(release_id, renamed)
        told = judged_in(release_id)
        assert told["release_notes.few_wells"] == release_id
        assert told["release_notes__safe.same_rows"] == release_id


def test_pages_that_a_kept_release_leads_to_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("expectations.report.KEPT_RELEASES", 2)
    releases = [release(wells, "update {schema}.wells_by_area set wells = 120") for wells in (121, 122, 123, 124)]
    for one in releases:
        assert run_gate(one, suites(*HELD)) == "passed"
    first, *_, last = releases
    assert judged_in(last)["wells_by_area.key_filled"] == first
    assert [release_docs(one).exists() for one in releases] == [True, False, True, True]


def test_pages_that_are_gone_are_not_led_to() -> None:
    first, second = release(130), release(130)
    assert run_gate(first, suites(*HELD)) == "passed"
    shutil.rmtree(release_docs(first))
    assert run_gate(second, suites(*HELD)) == "passed"
    report, index = ((release_docs(second) / page).read_text(encoding="utf-8") for page in ("gate.html", "index.html"))
    assert f"judged in release {first}" in report
    assert f"release-{first}/" not in report + index
