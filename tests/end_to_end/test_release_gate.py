"""The gate on a real PostgreSQL and real Great Expectations: what it lets through, what it holds, what it shows."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core import database
from core.errors import GateFailed, UsageError, UserFacingError
from expectations import gate
from expectations.gate import release_docs, run_gate
from expectations.judging import Judge
from expectations.model import Expectation, Query, Suite
from publication.releases import list_releases, publish, published_release
from tests.end_to_end.hand_made import add_submission, expectation, mark_gated, stored_release, suites
from tests.ledger_by_hand import record_states

pytestmark = pytest.mark.usefixtures("module_home")

HOLDS = expectation(
    "few_wells", expect="expect_column_values_to_be_between", arguments={"column": "wells", "max_value": 100}
)
BREAKS = {"expect": "expect_column_values_to_be_between", "arguments": {"column": "wells", "max_value": 0}}


def results(release_id: int) -> dict[str, tuple[bool, bool, str | None]]:
    with database.connect() as connection:
        rows = connection.execute(
            "select expectation_id, success, raised, observed from ops.gate_results where release_id = %s", [release_id]
        ).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def test_all_that_holds_passes_and_is_published() -> None:
    release_id = stored_release(1)
    assert run_gate(release_id, suites(HOLDS)) == "passed"
    assert results(release_id)["wells.few_wells"] == (True, False, None)
    assert results(release_id)["wells__safe.not_empty"] == (True, False, None)
    publish(release_id, "tests")
    assert published_release() == release_id
    with pytest.raises(UsageError, match="published"):
        run_gate(release_id, suites(HOLDS))


def test_a_warning_publishes_and_shows_area_codes_as_samples() -> None:
    release_id = stored_release(7)
    assert run_gate(release_id, suites(expectation("none", severity="warning", **BREAKS))) == "warning"
    success, raised, observed = results(release_id)["wells.none"]
    assert (success, raised) == (False, False)
    assert observed == "3 row(s): area_code=940101; area_code=940102; area_code=940103"
    publish(release_id, "tests")


def critical_failure() -> Expectation:
    return expectation("none", **BREAKS)


def raising_sql() -> Expectation:
    return expectation("asks_too_much", severity="warning", sql="select no_such_column from {batch}")


def raising_column() -> Expectation:
    return expectation(
        "no_column", expect="expect_column_values_to_not_be_null", arguments={"column": "no_such_column"}
    )


def unknown_kind() -> Expectation:
    return expectation("no_such_kind", expect="expect_the_moon")


@pytest.mark.parametrize(
    ("broken", "outcome"),
    [(critical_failure, "failed"), (raising_sql, "crashed"), (raising_column, "crashed"), (unknown_kind, "crashed")],
)
def test_what_fails_or_raises_holds_and_the_old_release_stands(broken: object, outcome: str) -> None:
    """Even a warning that raises: a gate that could not look has not seen that all is well."""
    before = passed_release()
    release_id = stored_release(9)
    assert run_gate(release_id, suites(broken())) == outcome  # type: ignore[operator]
    with pytest.raises(GateFailed):
        publish(release_id, "tests")
    assert published_release() == before
    assert list_releases()[0].gate == outcome


def test_sql_expectations_show_the_rows_that_break_them() -> None:
    release_id = stored_release(5)
    many = expectation("too_many", sql="select area_code, wells from {batch} where wells > 4 order by area_code")
    assert run_gate(release_id, suites(many)) == "failed"
    assert results(release_id)["wells.too_many"][2] == (
        "3 row(s): area_code=940101, wells=5; area_code=940102, wells=5; area_code=940103, wells=5"
    )


def test_a_condition_on_rows_shows_the_keys_of_those_that_meet_it() -> None:
    """One that is NULL is not met; one that cannot be computed holds."""
    release_id = stored_release(5)
    conditions = [
        expectation("few", breaks="wells > 4 and area_code ~ '^94010[12]{1}$'"),
        expectation("known", breaks="wells > null"),
    ]
    assert run_gate(release_id, suites(*conditions)) == "failed"
    assert results(release_id)["wells.few"] == (False, False, "2 row(s): area_code=940101; area_code=940102")
    assert results(release_id)["wells.known"][0] is True
    assert run_gate(release_id, suites(expectation("odd", breaks="no_such_column > 1"))) == "crashed"


def wells_by_digit(condition: str, *, rows: str = "true") -> list[Suite]:
    [judged, *others] = suites()
    sums = expectation("sums", of="digits", breaks=condition)
    query = Query(
        name="digits", key=("digit",),
        sql=f"select right(area_code, 1) as digit, sum(wells) as wells from marts_exact.wells where {rows} group by 1",
    )  # fmt: skip
    both = {"queries": (query,), "expectations": (*judged.expectations, sums)}
    return [judged.model_copy(update=both), *others]


def test_rows_made_by_a_query_are_judged_like_a_mart_and_must_not_be_missing() -> None:
    release_id = stored_release(5)
    assert run_gate(release_id, wells_by_digit("wells <> 5")) == "passed"
    assert run_gate(release_id, wells_by_digit("wells = 5 and digit < '3'")) == "failed"
    assert results(release_id)["wells.sums"][2] == "2 row(s): digit=1; digit=2"
    assert run_gate(release_id, wells_by_digit("wells <> 5", rows="false")) == "failed"
    assert results(release_id)["wells.digits_not_empty"][0] is False


def test_an_empty_mart_fails() -> None:
    release_id = stored_release(1, rows=0)
    assert run_gate(release_id, suites(HOLDS)) == "failed"
    assert results(release_id)["wells.not_empty"][0] is False
    assert results(release_id)["wells__safe.not_empty"][0] is False


def test_an_empty_mart_passes_as_long_as_nobody_has_sent_what_it_is_made_of() -> None:
    """And is published, also where readers know it with rows: what was withdrawn is gone."""
    known = stored_release(1)
    assert run_gate(known, suites(HOLDS)) == "passed"
    publish(known, "tests")
    release_id = stored_release(1, rows=0)
    with database.connect() as connection:
        connection.execute("update ops.release_marts set rests_on = '{population}'")
    assert run_gate(release_id, suites(HOLDS)) == "passed"
    assert "wells.not_empty" not in results(release_id)
    publish(release_id, "tests")
    assert published_release() == release_id
    sent = add_submission("a")
    release_id = stored_release(1, rows=0)
    with database.connect() as connection:
        connection.execute("update ops.release_marts set rests_on = '{population}'")
        listed = connection.execute(
            "select submission_id from ops.release_submissions where release_id = %s", [release_id]
        )
        assert listed.fetchall() == [(sent,)]
    assert run_gate(release_id, suites(HOLDS)) == "failed"
    mark_gated(release_id)
    with pytest.raises(UserFacingError, match="lacks rows in: wells"):
        publish(release_id, "tests")
    with database.connect() as connection:
        connection.execute("update ops.submissions set state = 'withdrawn' where submission_id = %s", [sent])
        record_states(connection)


@pytest.mark.parametrize("kept", [0, 1], ids=["no suite at all", "one mart without a suite"])
def test_a_mart_of_which_no_suite_says_anything_fails(kept: int) -> None:
    release_id = stored_release(1)
    assert run_gate(release_id, suites(HOLDS)[:kept]) == "failed"
    assert results(release_id)["wells_by_area.has_suite"][0] is False


def test_a_suite_that_says_nothing_is_none() -> None:
    release_id = stored_release(1)
    [judged, other] = suites(HOLDS)
    assert run_gate(release_id, [judged, other.model_copy(update={"expectations": ()})]) == "failed"
    assert results(release_id)["wells_by_area.has_suite"][0] is False


def test_a_mart_that_does_not_say_what_it_is_fails() -> None:
    """Nothing could be derived for it, so nothing would be judged but what its suite says."""
    release_id = stored_release(1)
    with database.connect() as connection:
        connection.execute(
            "update ops.release_marts set columns = '[]' where release_id = %s and mart = 'wells_by_area'",
            [release_id],
        )
    assert run_gate(release_id, suites(HOLDS)) == "failed"
    assert results(release_id)["wells_by_area.is_described"][0] is False


def test_a_safe_twin_that_was_not_stored_fails() -> None:
    release_id = stored_release(1)
    with database.connect() as connection:
        connection.execute("delete from store.release_parts where relation = 'wells__safe'")
    assert run_gate(release_id, suites(HOLDS)) == "failed"
    assert results(release_id)["wells__safe.in_release"][0] is False


def test_a_suite_without_a_mart_fails() -> None:
    """A mart that vanished is not forgotten by the gate."""
    release_id = stored_release(1)
    lost = Suite(mart="bridges", owner="tests", expectations=(HOLDS,))
    assert run_gate(release_id, [*suites(HOLDS), lost]) == "failed"


def test_two_expectations_that_say_the_same_have_a_verdict_each() -> None:
    """Great Expectations merges equal ones that are added to its suite one by one."""
    twin = expectation("none_again", **BREAKS)
    release_id = stored_release(7)
    assert run_gate(release_id, suites(critical_failure(), twin)) == "failed"
    told = results(release_id)
    assert (
        told["wells.none"]
        == told["wells.none_again"]
        == (False, False, "3 row(s): area_code=940101; area_code=940102; area_code=940103")
    )


def test_an_expectation_without_a_verdict_is_not_taken_for_fulfilled(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = Judge._run

    def losing(*given: Any) -> dict[str, Any]:
        return {name: result for name, result in judged(*given).items() if name != "wells.few_wells"}

    release_id = stored_release(11)
    monkeypatch.setattr(Judge, "_run", losing)
    assert run_gate(release_id, suites(HOLDS)) == "crashed"
    assert results(release_id)["wells.few_wells"] == (False, True, "Great Expectations gave no result")


def test_a_crash_of_the_gate_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(release_id: int, judged: Sequence[Suite], *, anew: bool) -> list[object]:
        raise MemoryError("no room")

    release_id = stored_release(1)
    monkeypatch.setattr(gate, "_judge_all", crash)
    assert run_gate(release_id, suites(HOLDS)) == "crashed"
    assert results(release_id)["gate.ran"] == (False, True, "MemoryError: no room")


def test_the_gate_can_be_run_again_on_a_candidate() -> None:
    release_id = stored_release(1)
    assert run_gate(release_id, suites(critical_failure())) == "failed"
    assert run_gate(release_id, suites(HOLDS)) == "passed"
    assert "wells.none" not in results(release_id)


def test_docs_and_report_are_written_in_thai_and_english() -> None:
    release_id = stored_release(8)
    run_gate(release_id, suites(expectation("none", severity="warning", **BREAKS)))
    report = (release_docs(release_id) / "gate.html").read_text(encoding="utf-8")
    assert "บ่อน้ำต้องมีจำนวน" in report
    assert "Wells are counted" in report
    assert "area_code=940101" in report
    folded = report.index("<details>")
    assert report.index("area_code=940101") < folded < report.index("wells.key_unique"), "what failed is read at once"
    index = (release_docs(release_id).parent / "index.html").read_text(encoding="utf-8")
    assert f'href="release-{release_id}/gate.html"' in index
    pages = [page.read_text(encoding="utf-8") for page in docs_pages(release_docs(release_id))]
    assert any("บ่อน้ำต้องมีจำนวน" in page for page in pages)
    assert not any(re.search(r"\d{13}", page) for page in [report, index])
    assert all("default-src 'none'" in page for page in pages), "a page of Great Expectations may load from elsewhere"
    targets = {target for page in pages for target in re.findall(r'<a href="(?!#|https:)([^"]+)"', page)}
    assert targets == {"../index.html"}, "every link leads somewhere"
    assert "http" not in report + index


def test_a_warning_stands_on_every_page_and_is_gone_when_it_is() -> None:
    """The report, the index of releases, the index of the data docs, and each page of Great Expectations."""
    release_id = stored_release(9)
    odd = expectation("none", severity="warning", **BREAKS).model_copy(update={"title_en": "Odd wells"})
    assert run_gate(release_id, suites(odd)) == "warning"
    told, all_pages = pages_with("Odd wells", release_id)
    assert told == all_pages == 3 + len(docs_pages(release_docs(release_id)))
    assert all_pages > 6
    assert run_gate(release_id, suites(HOLDS)) == "passed"
    told, all_pages = pages_with("Odd wells", release_id)
    assert told == 0
    assert all_pages == 3 + len(docs_pages(release_docs(release_id)))


def pages_with(text: str, release_id: int) -> tuple[int, int]:
    """How many pages about the release have the text, and how many there are."""
    folder = release_docs(release_id)
    pages = [folder.parent / "index.html", *folder.rglob("*.html")]
    return sum(text in page.read_text(encoding="utf-8") for page in pages), len(pages)


def docs_pages(folder: Path) -> list[Path]:
    return list((folder / "results").glob("*.html"))


def passed_release() -> int:
    release_id = stored_release(1)
    assert run_gate(release_id, suites(HOLDS)) == "passed"
    publish(release_id, "tests")
    return release_id
