"""What the build keeps of the marts for gate and store, read from dbt's own graph."""

from typing import Any

import pytest

from core.errors import BuildFailed
from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contracts
from publication import dbt
from publication.described import datasets_of, described_mart
from publication.marts_sources import datasets_read

MODEL = "model.chaidaen."


@pytest.fixture
def manifest(release: dict[str, Any]) -> dbt.Manifest:
    return dbt.parse()


def test_a_mart_rests_on_the_datasets_whose_rows_it_is_made_of(manifest: dbt.Manifest) -> None:
    """Through every model in between; one of lists and the ledger rests on none, and so may never be empty."""
    poverty = described_mart(manifest, f"{MODEL}poverty_by_area")
    assert {"population", "household_survey", "household_member", "welfare_card"} <= set(poverty.rests_on)
    assert "kpi_report" not in poverty.rests_on
    assert (poverty.grain, poverty.reader) == (("area_code", "survey_year_be"), None)
    for listed in ("areas", "agencies_listed", "periods"):
        assert described_mart(manifest, f"{MODEL}{listed}").rests_on == ()


def test_a_mart_tells_readers_of_its_own_and_what_it_is_empty_without(manifest: dbt.Manifest) -> None:
    cases = described_mart(manifest, f"{MODEL}household_cases")
    assert (cases.reader, cases.rests_on) == ("cases", ("household_assignment",))


def test_readers_know_a_mart_by_its_alias(manifest: dbt.Manifest) -> None:
    assert described_mart(manifest, f"{MODEL}agencies_listed").name == "agencies"


def test_a_mart_cannot_be_empty_without_what_it_is_not_made_of(manifest: dbt.Manifest) -> None:
    """Else a mart could be excused for ever."""
    meta = manifest.nodes[f"{MODEL}areas"].config.meta
    meta["empty_without"] = ["household_survey"]
    try:
        with pytest.raises(BuildFailed, match=r"areas: meta\.empty_without names household_survey"):
            described_mart(manifest, f"{MODEL}areas")
    finally:
        del meta["empty_without"]


def test_every_mart_has_a_table_that_can_be_added_up_by_hand(manifest: dbt.Manifest) -> None:
    """A unit test of its own, or of a model it reads where it only shows and names what that found."""
    tested = {one.model for one in manifest.unit_tests.values()}
    marts = [node for node in manifest.nodes.values() if node.resource_type == "model" and node.fqn[1] == "marts"]
    read = {node.name: {one.split(".")[-1] for one in node.depends_on.nodes if one.startswith(MODEL)} for node in marts}
    assert len(read) > 30
    assert [name for name in read if not tested & {name, *read[name]}] == []


def test_the_text_of_the_project_tells_the_same_datasets_as_its_graph(manifest: dbt.Manifest) -> None:
    """The catalogue of marts has no time for the graph."""
    read = datasets_read(PROJECT_ROOT / "dbt_project", load_contracts())
    marts = {path.stem for path in (PROJECT_ROOT / "dbt_project" / "models" / "marts").glob("*.sql")}
    by_graph = {name: datasets_of(manifest, manifest.nodes[f"{MODEL}{name}"].alias) for name in marts}
    assert {name: read(name) for name in marts} == by_graph


def test_no_staging_model_wants_a_date_that_may_be_left_out(manifest: dbt.Manifest) -> None:
    """A date that is not clear is asked about and its row stays, so one cell must not stop every release."""
    wanted = {
        (node.attached_node, node.column_name)
        for node in manifest.nodes.values()
        if node.resource_type == "test" and node.name.startswith("not_null_stg_")
    }
    columns = [column for contract in load_contracts().values() for column in contract.columns]
    dates = {column.name for column in columns if column.logical_type == "date"}
    assert ("model.chaidaen.stg_sbpac__household_visits", "household_key") in wanted
    assert [one for one in wanted if one[1] in dates] == []
