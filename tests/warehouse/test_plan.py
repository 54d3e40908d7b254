"""What a release makes necessary to build, on dbt's own graph of the project."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import database
from core.errors import BuildFailed
from core.settings import reload as reload_settings
from publication import build, dbt, standing
from publication.calendar_facts import calendar_facts
from publication.plan import Plan, plan_of
from publication.recipe import Facts
from publication.scratch import scratch_warehouse
from tests.warehouse import dbt_runs

FACTS = Facts(
    release_id=1,
    submissions={
        "population": {"2564": "a"}, "household_survey": {"2563": "b", "2564": "b"},
        "household_member": {"2563": "c", "2564": "c"}, "welfare_card": {"2562": "d"},
    },
    ledger="e",
    calendar={"year": "2022", "obligations": "2022-03-03", "day": "2022-03-31"},
)  # fmt: skip
EVERY_DAY = {  # in a release of another day: they tell that day, what was overdue on it, or are made of that
    "release_notes", "directive_followups", "int_complaints_judged", "int_complaints_by_area", "complaints_by_area",
    "area_profiles", "int_community_rows_accounted", "int_rows_accounted", "row_accounts",
}  # fmt: skip
STATUS = {"int_release_findings", "submission_status", "release_notes"}
LEDGER = {
    "int_submissions_known", "int_reports_received", "int_files_judged", "int_files_findings", "int_quality_by_rule",
    "int_quality_compared", "data_quality_by_agency",
}  # fmt: skip


@pytest.fixture
def manifest(release: dict[str, Any]) -> dbt.Manifest:
    return dbt.parse()


def changed(one: Plan, other: Plan) -> set[str]:
    """Models and seeds that would be built."""
    kinds = ("table", "view", "seed")
    return {n.name for n in other.nodes.values() if n.kind in kinds and n.recipe != one.nodes[n.unique_id].recipe}


@pytest.mark.parametrize(
    ("facts", "built"),
    [
        (replace(FACTS, release_id=2), {"release_notes"}),
        (replace(FACTS, calendar={**FACTS.calendar, "day": "2022-04-01"}), EVERY_DAY),
        (replace(FACTS, calendar={**FACTS.calendar, "obligations": "2022-04-01"}), {"obligations", *STATUS}),
        (replace(FACTS, ledger="f"), {*STATUS, *LEDGER}),
        (
            replace(FACTS, submissions={**FACTS.submissions, "population": {"2564": "f"}}),
            {"raw.population", *STATUS, "int_reports_received"},
        ),
        (
            replace(FACTS, submissions={**FACTS.submissions, "welfare_card": {"2562": "f"}}),
            {"raw.welfare_card", *STATUS, "int_reports_received"},
        ),
    ],
    ids=["another release", "another day", "something overdue", "a rejected file", "a population", "a register"],
)
def test_only_what_depends_on_the_change_is_built(manifest: dbt.Manifest, facts: Facts, built: set[str]) -> None:
    """No view among them: a view shows what it reads. A test is run again with whatever it looks at.

    `raw.<dataset>` stands for every table made of its rows, `obligations` for those that say they follow them, and
    whatever is made of these.
    """
    for dataset in [name for name in built if name.startswith("raw.")]:
        built = built - {dataset} | made_of(manifest, f"source.chaidaen.{dataset}")
    if "obligations" in built:
        models = [found for found in manifest.nodes.values() if "obligations" in found.config.meta.get("calendar", ())]
        below = [made_of(manifest, found.unique_id) for found in models]
        built = (built - {"obligations"} | {found.name for found in models}).union(*below)
    before, after = plan_of(manifest, FACTS), plan_of(manifest, facts)
    assert changed(before, after) == built
    tested = {n.unique_id for n in after.nodes.values() if n.recipe != before.nodes[n.unique_id].recipe}
    assert {name for name in tested if name.startswith("unit_test.")} == set()
    for unique_id, found in manifest.nodes.items():
        if found.resource_type == "test" and {name.split(".")[2] for name in found.depends_on.nodes} & built:
            assert unique_id in tested


def made_of(manifest: dbt.Manifest, unique_id: str) -> set[str]:
    """Tables below a source in dbt's own graph."""
    reached: set[str] = set()
    waiting = [unique_id]
    while waiting:
        below = set(manifest.child_map[waiting.pop()]) - reached
        reached |= below
        waiting += below
    models = [manifest.nodes[name] for name in reached if name.startswith("model.")]
    return {found.name for found in models if found.config.materialized != "view"}


def slices_changed(manifest: dbt.Manifest, **submissions: dict[str, str]) -> dict[str, set[str]]:
    before = plan_of(manifest, FACTS)
    after = plan_of(manifest, replace(FACTS, submissions={**FACTS.submissions, **submissions}))
    return {
        node.name: {year for year, recipe in node.slices.items() if before.nodes[name].slices.get(year) != recipe}
        for name, node in after.nodes.items()
        if node.kind == "table"
    }


def test_a_survey_changes_the_slice_of_its_year_a_register_its_own_and_every_later_one(manifest: dbt.Manifest) -> None:
    survey = slices_changed(manifest, household_survey={"2563": "f", "2564": "b"})
    assert survey["int_households_classified"] == survey["int_persons_by_area"] == {"2563"}
    register = slices_changed(manifest, welfare_card={"2562": "d", "2564": "f"})
    assert register["int_households_classified"] == set()
    assert register["int_persons_classified"] == {"2564"}
    earlier = slices_changed(manifest, welfare_card={"2562": "f"})
    assert earlier["int_persons_classified"] == {"2562", "2563", "2564"}


def test_a_model_in_slices_must_say_by_what_and_how_it_reads(manifest: dbt.Manifest) -> None:
    with meta_of(manifest, "int_persons_linked"), pytest.raises(BuildFailed, match="int_persons_linked is incremental"):
        plan_of(manifest, FACTS)
    reads = {"int_households_located": "sometimes"}
    with (
        meta_of(manifest, "int_households_classified", slice_by="survey_year_be", slices_read=reads),
        pytest.raises(BuildFailed, match="sometimes"),
    ):
        plan_of(manifest, FACTS)


def test_all_slices_of_a_model_are_new_when_what_it_reads_whole_is(manifest: dbt.Manifest) -> None:
    before = plan_of(manifest, FACTS).nodes["model.chaidaen.int_households_classified"]
    seed = manifest.nodes["seed.chaidaen.poverty_scheme_items"]
    description = seed.description
    seed.description = "another list"
    try:
        after = plan_of(manifest, FACTS).nodes["model.chaidaen.int_households_classified"]
    finally:
        seed.description = description
    assert {year for year in before.slices if before.slices[year] == after.slices[year]} == set()
    assert set(before.slices) == {"2563", "2564"}


@contextmanager
def meta_of(manifest: dbt.Manifest, model: str, **meta: object) -> Iterator[None]:
    found = manifest.nodes[f"model.chaidaen.{model}"]
    before = dict(found.config.meta)
    found.config.meta.clear()
    found.config.meta.update(meta)
    try:
        yield
    finally:
        found.config.meta.clear()
        found.config.meta.update(before)


def test_a_model_that_uses_the_day_must_say_what_changes_it(manifest: dbt.Manifest) -> None:
    with meta_of(manifest, "int_reports_expected"), pytest.raises(BuildFailed, match="int_reports_expected uses as_of"):
        plan_of(manifest, FACTS)
    with meta_of(manifest, "areas", calendar="moon"), pytest.raises(BuildFailed, match="moon"):
        plan_of(manifest, FACTS)
    assert plan_of(manifest, FACTS).calendar == {"year", "obligations", "release", "release_day"}


def test_a_table_dropped_or_made_anew_by_hand_does_not_pass_for_the_one_built(manifest: dbt.Manifest) -> None:
    plan = plan_of(manifest, FACTS)
    with database.connect() as connection:
        standing.set_built(connection, 1, plan.nodes.values())
        standing.clear_outdated(connection, plan)
        assert standing.outdated(connection, plan.nodes.values()) == []
        connection.execute("drop table intermediate.int_tambon_codes cascade")
        connection.execute("alter table intermediate.int_periods rename to int_periods_before")
        connection.execute("create table intermediate.int_periods as select * from intermediate.int_periods_before")
        standing.clear_outdated(connection, plan)
        missing = {node.name for node in standing.outdated(connection, plan.nodes.values())}
        connection.rollback()
    assert missing == {"int_tambon_codes", "int_periods"}


def test_a_unit_test_that_passed_is_not_run_in_another_warehouse_unless_its_code_is_another(
    manifest: dbt.Manifest,
) -> None:
    plan = plan_of(manifest, FACTS)
    *others, changed = sorted(name for name, node in plan.nodes.items() if node.kind == "unit_test")
    assert len(others) > 20
    with scratch_warehouse(1) as real, database.connect() as scratch:
        try:
            standing.set_built(real, 1, plan.nodes.values())
            real.execute("update ops.built_nodes set recipe = 'of other code' where unique_id = %s", [changed])
            standing.carry_unit_tests(real, scratch)
        finally:
            standing.forget(real)
        standing.clear_outdated(scratch, plan)
        missing = {node.unique_id for node in standing.outdated(scratch, plan.nodes.values())}
    assert missing == set(plan.nodes) - set(others)


def test_the_day_from_which_a_mart_may_be_dropped_comes_from_its_model(
    release: dict[str, Any], project_copy: Path
) -> None:
    described = project_copy / "models" / "marts" / "areas.yml"
    text = described.read_text(encoding="utf-8")
    described.write_text(
        text.replace("  - name: areas\n", "  - name: areas\n    deprecation_date: 2030-01-31\n", 1), "utf-8"
    )
    parsed = dbt_runs.invoke("parse", project=project_copy, variables=release)
    ends = {node.name: node.deprecation_date for node in plan_of(parsed.result, FACTS).marts}
    assert ends.pop("areas") == date(2030, 1, 31)
    assert set(ends.values()) == {None}


def test_the_obligations_fact_is_equal_on_days_on_which_the_reports_owed_are(release: dict[str, Any]) -> None:
    """A whole year, a week apart and day by day around every change; int_periods stands for the same year."""
    outcome = dbt_runs.invoke("compile", "--select", "int_reports_expected", variables=release)
    compiled = outcome.result.results[0].node.compiled_code
    facts = {day: calendar_facts(day)["obligations"] for day in (date(2022, 1, 1) + timedelta(n) for n in range(365))}
    around = {day for day in facts if day.day % 7 == 0 or facts.get(day - timedelta(1)) != facts[day]}
    said: dict[str, set[str]] = {}
    with database.connect() as connection:
        for day in sorted(around | {day - timedelta(1) for day in around} & set(facts)):
            connection.execute("update ops.building set as_of = %s", [day])
            row = connection.execute(f"select md5(string_agg(t::text, ';' order by t::text)) from ({compiled}) as t")
            said.setdefault(facts[day], set()).add(str(row.fetchone()))
        connection.rollback()
    assert all(len(contents) == 1 for contents in said.values())
    assert len(set().union(*said.values())) == len(said) > 2


def test_unit_tests_are_left_out_of_builds_that_are_not_meant_to_run_them(
    manifest: dbt.Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(manifest, FACTS)
    for said in ("true", "false"):
        monkeypatch.setenv("CHAIDAEN_UNIT_TESTS_IN_BUILDS", said)
        reload_settings()
        with database.connect() as connection:
            kinds = {node.kind for node in build.wanted_of(connection, plan, "marts")}
        assert ("unit_test" in kinds) == (said == "true")
    monkeypatch.undo()
    reload_settings()
