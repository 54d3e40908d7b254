"""The forms that follow a contract: all of them or none, the same each time, and fit for what reads them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from chaidaen.cli import build_app
from chaidaen.scaffold import plan_forms, write_forms
from core.errors import UsageError
from core.settings import PROJECT_ROOT
from expectations.model import load_suites
from ingestion.contracts import load_contract, load_contracts

SHARED = (
    "dbt_project/models/groups.yml",
    "dbt_project/models/intermediate/int_rows_accounted.sql",
    "dbt_project/seeds/row_destinations.csv",
)
OF_ROWS = [
    name for name, contract in load_contracts().items() if not any(column.identifier for column in contract.columns)
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What of the project the scaffold reads, as if `kpi_report` and its kin had their contract only."""
    root = tmp_path / "project"
    for path in SHARED:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_ROOT / path, root / path)
    destinations = root / SHARED[2]
    destinations.write_text(destinations.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    families = root / SHARED[1]
    families.write_text(families.read_text(encoding="utf-8").replace("'population',\n", "\n"), encoding="utf-8")
    return root


def scaffold(project: Path, dataset: str = "kpi_report", **given: Any) -> dict[str, str]:
    forms = plan_forms(load_contract(dataset), **({"group": "programmes"} | given))
    return {path.relative_to(project).as_posix(): path.read_text("utf-8") for path in write_forms(forms, project)}


def test_the_same_contract_gives_the_same_bytes(project: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(project, again)
    assert scaffold(project) == scaffold(again)


def test_names_follow_the_rules_of_the_project(project: Path) -> None:
    assert set(scaffold(project)) - set(SHARED) == {
        "dbt_project/models/staging/stg_sbpac__kpi_reports.sql",
        "dbt_project/models/staging/_kpi_reports.yml",
        "dbt_project/models/intermediate/programmes/int_kpi_reports_listed.sql",
        "dbt_project/models/intermediate/programmes/int_kpi_report_rows_accounted.sql",
        "dbt_project/models/intermediate/programmes/_kpi_reports.yml",
        "dbt_project/models/marts/kpi_reports.sql",
        "dbt_project/models/marts/kpi_reports.yml",
        "dbt_project/analyses/trace_kpi_reports.sql",
        "expectations/suites/kpi_reports.yaml",
    }


@pytest.mark.parametrize("dataset", [name for name in OF_ROWS if name != "ita_score"])
def test_every_dataset_whose_rows_are_no_people_has_forms_that_can_be_read(project: Path, dataset: str) -> None:
    """Of every kind of period and column that the project's contracts know."""
    written = scaffold(project, dataset)
    parsed = {path: yaml.safe_load(text) for path, text in written.items() if path.endswith((".yml", ".yaml"))}
    forms = plan_forms(load_contract(dataset), group="programmes")
    [mart] = parsed[f"dbt_project/models/marts/{forms.mart}.yml"]["models"]
    columns = {column["name"]: column["config"]["meta"] for column in mart["columns"]}
    assert mart["config"]["meta"]["grain"] == list(forms.grain)
    assert all(columns[name]["kind"] == "key" for name in forms.grain)
    assert set(columns) == {*forms.grain, "agency_name_th", "agency_name_en", *(one.name for one in forms.others)}
    assert all("trace" in meta for name, meta in columns.items() if name in {one.name for one in forms.others})
    [suite] = load_suites(project / "expectations" / "suites")
    assert (suite.mart, list(suite.key)) == (forms.mart, list(forms.grain))
    assert f"{dataset},in_marts,true," in written["dbt_project/seeds/row_destinations.csv"]
    assert f"    '{dataset}',\n] -%}}" in written["dbt_project/models/intermediate/int_rows_accounted.sql"]


def test_figures_are_of_the_kind_that_protects_people(project: Path) -> None:
    """What counts people is hidden where it is small; money is a sum, percentages are scores."""
    kinds = {one.name: one.kind for one in plan_forms(load_contract("project"), group="programmes").columns}
    assert (kinds["budget_baht"], kinds["project_name"]) == ("sum", "label")
    population = {one.name: (one.kind, one.unit) for one in plan_forms(load_contract("population"), group="x").columns}
    assert population["male_persons"] == ("count", "persons")
    assert population["houses"] == ("sum", "houses")


def test_nothing_is_overwritten_and_a_refusal_writes_nothing(project: Path) -> None:
    staging = project / "dbt_project/models/staging/stg_sbpac__kpi_reports.sql"
    staging.parent.mkdir(parents=True)
    staging.write_text("mine", encoding="utf-8")
    before = sorted(project.rglob("*"))
    with pytest.raises(UsageError, match=r"There already: .*stg_sbpac__kpi_reports\.sql"):
        scaffold(project)
    assert sorted(project.rglob("*")) == before
    assert staging.read_text(encoding="utf-8") == "mine"


def test_lines_of_shared_lists_are_not_written_twice(project: Path) -> None:
    first = scaffold(project)
    for path in set(first) - set(SHARED):
        (project / path).unlink()
    with pytest.raises(UsageError, match="row_destinations"):
        scaffold(project)


def test_the_command_names_every_file_it_writes_and_its_help_what_it_leaves_to_you(project: Path) -> None:
    shutil.copytree(PROJECT_ROOT / "contracts", project / "contracts")
    told = CliRunner().invoke(
        build_app(), ["contracts", "scaffold", "kpi_report", "--group", "programmes", "--project", str(project)]
    )
    assert told.exit_code == 0, told.output
    assert told.output.count("written: ") == 11
    assert (project / "dbt_project/models/marts/kpi_reports.yml").is_file()
    assert "exposures.yml" in CliRunner().invoke(build_app(), ["contracts", "scaffold", "--help"]).output


def test_a_group_that_is_not_declared_is_refused(project: Path) -> None:
    with pytest.raises(UsageError, match="no group 'wells'"):
        scaffold(project, group="wells")


@pytest.mark.parametrize("dataset", ["vulnerable_person", "household_visit"])
def test_rows_that_are_people_or_households_get_no_list(dataset: str) -> None:
    with pytest.raises(UsageError, match="no mart may list them"):
        plan_forms(load_contract(dataset), group="people")
