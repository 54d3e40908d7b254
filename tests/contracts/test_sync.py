"""`contracts sync`: generated files are fresh, stable in order, and never follow a breaking change silently."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from chaidaen.cli.contracts import app
from core.errors import ContractInvalid
from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contracts, period_bounds, raw_columns
from ingestion.contracts.model import KEY_COLUMNS
from ingestion.contracts.sync import sync
from tests.contracts.conftest import CONTRACTS, DATASETS, Edit, column_of

runner = CliRunner()


def test_the_generated_files_of_the_project_are_fresh() -> None:
    """When this fails, a contract was changed without: chaidaen contracts sync."""
    result = sync(CONTRACTS, check=True)
    assert result.stale == ()
    assert {path.relative_to(PROJECT_ROOT).as_posix() for path in result.files} == {
        *(f"contracts/generated/{dataset}.sql" for dataset in DATASETS),
        "dbt_project/models/staging/_sources.yml",
        "dbt_project/seeds/generated/datasets.csv",
        "dbt_project/seeds/generated/obligations.csv",
        "docs/data-dictionary.md",
    }


def test_another_folder_keeps_what_is_generated_from_it(folder: Path) -> None:
    result = sync(folder)
    assert {path.parent for path in result.files} == {folder / "generated"}
    assert sync(CONTRACTS, check=True).stale == ()


def test_syncing_again_changes_nothing(folder: Path) -> None:
    first = sync(folder)
    texts = {path: path.read_bytes() for path in first.files}
    second = sync(folder)
    assert second.stale == ()
    assert {path: path.read_bytes() for path in second.files} == texts


def test_check_names_what_is_stale_and_writes_nothing(folder: Path) -> None:
    sync(folder)
    table = folder / "generated" / "population.sql"
    table.write_text(table.read_text(encoding="utf-8") + "-- by hand\n", encoding="utf-8")
    before = table.read_bytes()
    assert sync(folder, check=True).stale == (table,)
    assert table.read_bytes() == before
    sync(folder)
    assert sync(folder, check=True).stale == ()


def new_column(data: dict[str, Any]) -> None:
    column = {
        **column_of(data, "houses"),
        "name": "vacant_houses",
        "businessName": "บ้านว่าง",
        "required": False,
        "synonyms": [],
        "customProperties": [
            {"property": "labelEn", "vendor": "chaidaen", "value": "Vacant houses"},
            {"property": "unit", "vendor": "chaidaen", "value": "houses"},
        ],
    }
    data["schema"][0]["properties"].append(column)


def drop_houses(data: dict[str, Any]) -> None:
    data["schema"][0]["properties"] = [c for c in data["schema"][0]["properties"] if c["name"] != "houses"]
    columns = data["schema"][0]["quality"][2]["implementation"]["columns"]
    columns.remove("houses")


def narrow_houses(data: dict[str, Any]) -> None:
    column_of(data, "houses").update(physicalType="smallint")
    column_of(data, "houses")["logicalTypeOptions"].update(maximum=30000)


def hide_houses(data: dict[str, Any]) -> None:
    column_of(data, "houses").update(classification="personal")


def test_a_new_column_is_added(folder: Path, edit: Edit) -> None:
    sync(folder)
    edit("population", new_column)
    sync(folder)
    table = (folder / "generated" / "population.sql").read_text(encoding="utf-8")
    assert "alter table raw.population add column if not exists vacant_houses integer;" in table


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (drop_houses, "raw.population.houses integer → dropped"),
        (narrow_houses, "raw.population.houses integer → smallint"),
        (hide_houses, "raw.population.houses integer → dropped"),
    ],
)
def test_a_breaking_change_needs_a_new_major_version(folder: Path, edit: Edit, change: Any, named: str) -> None:
    sync(folder)
    before = {path: path.read_bytes() for path in (folder / "generated").iterdir()}

    def minor(data: dict[str, Any]) -> None:
        change(data)
        data.update(version="1.1.0")

    edit("population", minor)
    for check in (False, True):
        with pytest.raises(ContractInvalid, match=named) as caught:
            sync(folder, check=check)
        assert "2.0.0" in str(caught.value.cure)
    assert {path: path.read_bytes() for path in (folder / "generated").iterdir()} == before

    def major(data: dict[str, Any]) -> None:
        change(data)
        data.update(version="2.0.0")

    edit("population", major)
    assert folder / "generated" / "population.sql" in sync(folder).stale


def test_a_version_does_not_go_back(folder: Path, edit: Edit) -> None:
    edit("population", lambda data: data.update(version="1.2.0"))
    sync(folder)
    edit("population", lambda data: data.update(version="1.1.9"))
    with pytest.raises(ContractInvalid, match=r"1\.1\.9 is older than 1\.2\.0"):
        sync(folder)


def test_a_contract_that_disappears_leaves_its_tables_described(folder: Path) -> None:
    sync(folder)
    (folder / "welfare_card.odcs.yaml").unlink()
    with pytest.raises(ContractInvalid, match=r"welfare_card\.sql has no contract"):
        sync(folder)


def test_dbt_knows_every_raw_column_with_its_type_and_both_languages() -> None:
    document = yaml.safe_load((PROJECT_ROOT / "dbt_project/models/staging/_sources.yml").read_text(encoding="utf-8"))
    tables = {table["name"]: table for source in document["sources"] for table in source["tables"]}
    for name, contract in load_contracts(CONTRACTS).items():
        columns = [(column["name"], column["data_type"]) for column in tables[name]["columns"]]
        assert columns == [*KEY_COLUMNS, *raw_columns(contract)]
        for described in [tables[name], *tables[name]["columns"]]:
            assert " | " in described["description"]


A_PERIOD = {
    "fiscal_quarter": "2566-Q1", "calendar_month": "2566-02", "as_of_date": "2565-12-31", "meeting": "2566-05",
}  # fmt: skip  # else a year


def test_obligations_count_days_after_the_period() -> None:
    """31 December + P1M is 31 January: 31 days, as dbt adds them."""
    path = PROJECT_ROOT / "dbt_project/seeds/generated/obligations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["dataset_id"]: row for row in csv.DictReader(file)}
    contracts = load_contracts(CONTRACTS)
    assert set(rows) == {name for name, contract in contracts.items() if contract.owed_by}
    population = rows["population"]
    expected = {
        "agency_kind": "registration_office",
        "period_kind": "calendar_year",
        "due_days": "31",
        "grace_days": "15",
        "obligation_from": "2021-12-31",
    }
    assert {key: population[key] for key in expected} == expected
    for name, row in rows.items():
        period = A_PERIOD.get(contracts[name].period_kind, "2566")
        due = contracts[name].due(period)
        assert due is not None
        assert (due - period_bounds(contracts[name].period_kind, period)[1]).days == int(row["due_days"])


def test_a_due_day_in_months_after_a_month_is_refused(folder: Path, edit: Edit) -> None:
    """One month after January is 28 to 31 days: dbt could not know."""

    def monthly(data: dict[str, Any]) -> None:
        next(p for p in data["customProperties"] if p["property"] == "periodKind").update(value="calendar_month")

    edit("population", monthly)
    with pytest.raises(ContractInvalid, match="not always the same number of days"):
        sync(folder)


def test_the_dictionary_shows_headers_codes_and_rules_in_both_languages() -> None:
    page = runner.invoke(app, ["dictionary", "population"])
    assert page.exit_code == 0
    for shown in ("ชาย (คน)", "Registered men", "เบื้องต้น", "Provisional", "ชาย + หญิง ต้องเท่ากับรวม", "15 วัน"):
        assert shown in page.output
    assert "บัตรสวัสดิการ" not in page.output


def test_lint_reports_as_lines_and_as_json(folder: Path, edit: Edit) -> None:
    assert runner.invoke(app, ["lint", "--contracts", str(folder)]).exit_code == 0
    file = edit("population", lambda data: column_of(data, "houses").update(classification="secret"))
    lines = runner.invoke(app, ["lint", str(file)])
    assert lines.exit_code == 1
    assert "population.odcs.yaml: schema.houses: classification 'secret'" in lines.output
    as_json = runner.invoke(app, ["lint", str(file), "--json"])
    assert as_json.exit_code == 1
    findings = json.loads(as_json.output)
    assert [(f["file"], f["found_by"], f["where"]) for f in findings] == [
        ("population.odcs.yaml", "chaidaen", "schema.houses")
    ]


def test_sync_check_exits_1_when_stale_and_says_what_to_run(folder: Path) -> None:
    stale = runner.invoke(app, ["sync", "--check", "--contracts", str(folder)])
    assert stale.exit_code == 1
    assert "population.sql" in stale.output
    assert "chaidaen contracts sync" in stale.output
    assert runner.invoke(app, ["sync", "--contracts", str(folder)]).exit_code == 0
    fresh = runner.invoke(app, ["sync", "--check", "--contracts", str(folder)])
    assert fresh.exit_code == 0
    assert "fresh" in fresh.output
