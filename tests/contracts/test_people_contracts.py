"""The lists of people: their groups are those of the seed, and nobody is refused for want of a number."""

import csv

import pytest

from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contract, raw_columns

SEEDS = PROJECT_ROOT / "dbt_project/seeds"
LISTS = ("vulnerable_person", "unregistered_person", "malaysia_returnee", "graduate")


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_groups_of_the_contract_are_those_of_the_seed_in_its_words_and_order() -> None:
    codes = load_contract("vulnerable_person").column("group_code").codes
    listed = sorted(seed("vulnerable_groups"), key=lambda row: int(row["group_order"]))
    assert [(code.value, code.label_th, code.label_en) for code in codes] == [
        (row["group_code"], row["label_th"], row["label_en"]) for row in listed
    ]


def test_the_eleven_groups_are_marked_provisional_until_their_owner_confirms_them() -> None:
    groups = seed("vulnerable_groups")
    assert len(groups) == 11
    assert {row["is_provisional"] for row in groups} == {"true"}


@pytest.mark.parametrize("dataset", LISTS)
def test_a_person_without_a_number_house_or_place_stays_on_the_list(dataset: str) -> None:
    contract = load_contract(dataset)
    assert contract.primary_key == ("record_no",)
    for name in ("person_id", "house_code", "tambon_code", "village_code", "birth_date"):
        assert not contract.column(name).required, name


def test_the_number_before_the_proof_is_kept_as_a_key_of_its_own_and_its_kind() -> None:
    columns = dict(raw_columns(load_contract("unregistered_person")))
    assert columns["earlier_person_key"] == columns["person_key"] == "uuid"
    assert columns["earlier_person_key_kind"] == columns["person_key_kind"] == "text"


def test_every_target_group_is_fed_by_a_dataset_of_its_kind_of_period() -> None:
    """Months and quarters are parts of a fiscal year; no other kind of period turns into another."""
    year_of = {"fiscal_quarter": "fiscal_year", "calendar_month": "fiscal_year"}
    for row in seed("target_groups_listed"):
        if row["source_dataset_id"]:
            kind = load_contract(row["source_dataset_id"]).period_kind
            assert year_of.get(kind, kind) == row["period_kind"], row["target_group_id"]
