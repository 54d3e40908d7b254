"""How the build behaves: repeatable, complete in its descriptions, and without a clock of its own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import database
from tests.ledger_by_hand import record_states
from tests.warehouse import dbt_runs

MARTS = ("areas", "poverty_by_area", "submission_status", "release_notes")
Query = Callable[[str], list[dict[str, Any]]]


def _contents(query: Query) -> dict[str, Any]:
    """An order-free hash of every mart, exact and safe."""
    return {
        f"{schema}.{mart}": query(
            f"select count(*) as rows, sum(hashtextextended(mart::text, 0)) as content from {schema}.{mart} as mart"
        )
        for schema in ("candidate", "candidate_safe")
        for mart in MARTS
    }


def test_building_again_gives_the_same_content(release: dict[str, Any], query: Query) -> None:
    before = _contents(query)
    with database.connect() as connection:  # as publishing leaves them
        connection.execute("update ops.submissions set state = 'released' where state = 'loaded'")
        record_states(connection)
    outcome = dbt_runs.invoke("run", variables=release)
    assert dbt_runs.problems(outcome) == []
    assert _contents(query) == before


def test_gate_failures_enter_the_notes_when_these_are_built_again(release: dict[str, Any], query: Query) -> None:
    with database.connect() as connection:
        connection.execute(
            "insert into ops.gate_results values (%s, 'poverty.check', 'poverty_by_area', 'warning', false, false,"
            " 'จำนวนลดลงมาก', 'The number fell sharply', '94: -40 %%')",
            [release["release_id"]],
        )
    try:
        outcome = dbt_runs.invoke("build", "--select", "release_notes", variables=release)
        assert dbt_runs.problems(outcome) == []
        (note,) = query("select * from candidate.release_notes where kind = 'gate'")
        assert (note["severity"], note["mart"]) == ("warning", "poverty_by_area")
        assert note["message_en"] == "Quality gate: The number fell sharply"  # figures stay in the gate's report
    finally:
        with database.connect() as connection:
            connection.execute("delete from ops.gate_results")
        dbt_runs.invoke("run", "--select", "release_notes", variables=release)


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (
            lambda text: re.sub(r"(name: target_poor_persons\n.*\n) *description: .*\n", r"\1", text),
            "poverty_by_area.target_poor_persons: description",
        ),
        (
            lambda text: text.replace("Households surveyed", "ครัวเรือน"),
            "poverty_by_area.surveyed_households: description",
        ),
        (
            lambda text: re.sub(r"(kind: official_count\n) *unit: persons\n", r"\1", text),
            "poverty_by_area.population_persons: meta.unit",
        ),
        (
            lambda text: text.replace("numerator: target_poor_persons", "numerator: nobody"),
            "poverty_by_area.target_poor_persons_pct: meta.numerator",
        ),
        (
            lambda text: text.replace("[province_code, survey_year_be]", "[province_code, surveyed_households]"),
            "poverty_by_area: meta.part_by names surveyed_households",
        ),
        (
            lambda text: re.sub(r"kind: count\n *(unit: households\n)", r"\1", text),
            "poverty_by_area.surveyed_households: meta.kind",
        ),
    ],
    ids=["no description", "no English", "no unit", "share of nothing", "parted by a count", "no kind"],
)
def test_a_mart_column_that_says_too_little_stops_the_build(
    release: dict[str, Any], project_copy: Path, edit: Callable[[str], str], complaint: str
) -> None:
    described = project_copy / "models" / "marts" / "poverty_by_area.yml"
    text = described.read_text(encoding="utf-8")
    assert edit(text) != text
    described.write_text(edit(text), encoding="utf-8")
    outcome = dbt_runs.invoke("run", "--select", "poverty_by_area", project=project_copy, variables=release)
    assert not outcome.success
    assert complaint in " ".join(dbt_runs.problems(outcome))


@pytest.mark.parametrize("missing", ["release_id", "as_of"])
def test_a_build_of_no_release_stops_and_says_so(release: dict[str, Any], missing: str) -> None:
    given = {name: value for name, value in release.items() if name != missing}
    outcome = dbt_runs.invoke("run", "--select", "stg_ops__submissions", variables=given)
    assert not outcome.success
    assert "No release is named" in " ".join(dbt_runs.problems(outcome))


def test_no_model_asks_the_clock() -> None:
    """Ages count from as_of, so that a release can be built again later and be the same."""
    clock = re.compile(
        r"\b(now\s*\(|current_date|current_timestamp|localtimestamp|clock_timestamp|run_started_at|datetime\.)", re.I
    )
    code = [path for folder in ("models", "macros", "tests") for path in (dbt_runs.DBT_PROJECT / folder).rglob("*.sql")]
    assert len(code) > 25
    assert [path.name for path in code if clock.search(path.read_text(encoding="utf-8"))] == []


def test_additive_checks_notice_a_wrong_total(release: dict[str, Any]) -> None:
    """The data tests on levels fail when one figure is off by one, so their passing means something."""
    with database.connect() as connection:
        connection.execute(
            "update intermediate.int_households_by_area set any_poor_households = any_poor_households + 1"
            " where area_code = '9401'"
        )
    outcome = dbt_runs.invoke(
        "test", "--select", "int_households_by_area,test_name:adds_up_by_level", variables=release
    )
    assert not outcome.success
    assert len(dbt_runs.problems(outcome)) == 1
    outcome = dbt_runs.invoke("run", "--select", "int_households_by_area", variables=release)
    assert dbt_runs.problems(outcome) == []
