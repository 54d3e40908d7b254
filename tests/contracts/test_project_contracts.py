"""The project's own contracts: valid three ways, cheap to load, and fit to keep personal data apart."""

import subprocess
import sys
import time

import pytest
from pytest_socket import disable_socket, enable_socket

from core.settings import PROJECT_ROOT
from ingestion.agencies import agencies
from ingestion.contracts import load_contract, load_contracts, raw_columns, vault_columns
from ingestion.contracts.lint import lint_file
from ingestion.contracts.reading import contract_from_data, parse_yaml
from tests.contracts.conftest import CONTRACTS, DATASETS

PERSONAL = {
    "house_code", "person_id", "title", "first_name", "last_name", "birth_date", "birth_date_precision", "religion",
    "official_id", "earlier_person_id",
}  # fmt: skip


def test_the_four_datasets_of_this_step_are_described() -> None:
    assert {"population", "household_survey", "household_member", "welfare_card"} <= set(DATASETS)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_contract_passes_all_three_checks_without_any_network(dataset: str) -> None:
    disable_socket()
    try:
        assert lint_file(CONTRACTS / f"{dataset}.odcs.yaml") == []
    finally:
        enable_socket()


def test_loading_is_fast_and_takes_no_heavy_library() -> None:
    """The check and every intake worker load contracts; datacontract-cli alone would cost them seconds."""
    code = (
        "import sys; from ingestion.contracts import load_contracts; load_contracts();"
        "print([m for m in ('datacontract', 'jsonschema', 'duckdb', 'pandas') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("dataset", DATASETS)
def test_reading_a_contract_takes_under_100_ms(dataset: str) -> None:
    from ingestion.contracts.problems import Problems

    text = (CONTRACTS / f"{dataset}.odcs.yaml").read_text(encoding="utf-8")
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        data = parse_yaml(text, Problems())
        assert data is not None
        assert contract_from_data(data, Problems()) is not None
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.1


def test_a_contract_is_loaded_once() -> None:
    assert load_contract("population") is load_contract("population")


@pytest.mark.parametrize("dataset", DATASETS)
def test_raw_holds_no_personal_column_and_vault_nothing_else(dataset: str) -> None:
    contract = load_contract(dataset)
    raw, vault = {name for name, _ in raw_columns(contract)}, {name for name, _ in vault_columns(contract)}
    personal = {column.name for column in contract.columns if column.is_personal}
    assert raw & vault == set()
    assert personal <= vault
    assert raw & PERSONAL == set()
    assert vault <= PERSONAL
    identifiers = [column for column in contract.columns if column.identifier]
    assert {column.key_name for column in identifiers} <= raw


def test_the_columns_the_warehouse_builds_on() -> None:
    columns = {name: raw_columns(contract) for name, contract in load_contracts().items()}
    assert columns["population"] == [
        ("tambon_code", "text"),
        ("data_status", "text"),
        ("male_persons", "integer"),
        ("female_persons", "integer"),
        ("total_persons", "integer"),
        ("houses", "integer"),
    ]
    assert columns["household_survey"] == [
        ("household_key", "uuid"),
        ("tambon_code", "text"),
        ("village_code", "text"),
        ("survey_date", "date"),
        ("member_persons", "integer"),
        ("income_per_person_baht", "numeric(12,2)"),
        *((f"item_{number:02d}", "text") for number in range(1, 39)),
    ]
    assert columns["household_member"] == [
        ("household_key", "uuid"),
        ("member_no", "integer"),
        ("person_key", "uuid"),
        ("person_key_kind", "text"),
        ("sex", "text"),
        ("relation", "text"),
        ("education_level", "text"),
        ("occupation", "text"),
    ]
    assert columns["welfare_card"] == [
        ("person_key", "uuid"),
        ("person_key_kind", "text"),
        ("validation_status", "text"),
        ("registered_date", "date"),
        ("tambon_code", "text"),
    ]


def test_every_survey_item_can_be_written_by_number_and_answered_by_word_or_digit() -> None:
    survey = load_contract("household_survey")
    for number in range(1, 39):
        column = survey.column(f"item_{number:02d}")
        assert {f"ข้อ {number}", f"ตชว.{number}", f"Item {number}"} <= set(column.headers)
        spellings = {spelling: code.value for code in column.codes for spelling in code.spellings}
        assert [spellings[written] for written in ("ผ่าน", "1", "ไม่ผ่าน", "0", "ไม่มี", "-")] == [
            "pass",
            "pass",
            "fail",
            "fail",
            "not_applicable",
            "not_applicable",
        ]


def test_a_dataset_is_owed_by_an_agency_of_every_province_or_a_regional_one() -> None:
    by_kind: dict[str, set[str | None]] = {}
    for agency in agencies().values():
        by_kind.setdefault(agency.agency_kind, set()).add(agency.province_code)
    for contract in load_contracts().values():
        for kind in contract.owed_by:
            assert by_kind[kind] in ({"90", "91", "94", "95", "96"}, {None}), f"{contract.id}: {kind}"


def test_agency_ids_follow_the_rule() -> None:
    for agency_id, agency in agencies().items():
        expected = f"{agency.agency_kind}_{agency.province_code}" if agency.province_code else agency.agency_kind
        assert agency_id == expected
        assert agency.name_th
        assert agency.name_en
