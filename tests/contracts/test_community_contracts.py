"""Problems, incidents, complaints: kinds are those of the seeds, and nobody who complains is described."""

import csv

import pytest

from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contract

SEEDS = PROJECT_ROOT / "dbt_project/seeds"
# dataset, its column, the seed and the seed's order; the column has the seed's name for it too
LISTS = (
    ("community_problem", "problem_kind", "problem_kinds", "kind_order"),
    ("security_incident", "incident_kind", "incident_kinds", "kind_order"),
    ("complaint", "category", "complaint_standards", "category_order"),
)
ALL_OF_THEM = "any"


def seed(name: str, order: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row[order]))


@pytest.mark.parametrize(("dataset", "column", "name", "order"), LISTS)
def test_kinds_of_the_contract_are_those_of_the_seed_in_its_words_and_order(
    dataset: str, column: str, name: str, order: str
) -> None:
    every, *kinds = seed(name, order)
    codes = load_contract(dataset).column(column).codes
    assert (every[column], every["is_provisional"]) == (ALL_OF_THEM, "false")
    assert [(code.value, code.label_th, code.label_en) for code in codes] == [
        (row[column], row["label_th"], row["label_en"]) for row in kinds
    ]
    assert {row["is_provisional"] for row in kinds} == {"true"}


def test_every_category_has_a_standard_and_all_of_them_together_none() -> None:
    every, *categories = seed("complaint_standards", "category_order")
    assert every["due_days"] == ""
    assert all(1 <= int(row["due_days"]) <= 365 for row in categories)


def test_nothing_of_who_complained_is_asked_and_the_help_says_so() -> None:
    contract = load_contract("complaint")
    assert {column.name for column in contract.columns} == {
        "complaint_no", "received_date", "channel", "category", "province_code", "amphoe_code", "tambon_code",
        "complaint_status", "answered_date", "closed_date",
    }  # fmt: skip
    assert not any(column.is_personal or column.identifier for column in contract.columns)
    number = contract.column("complaint_no")
    assert "ห้ามใส่ชื่อ" in (number.help_th or "") and "never write the complainant's name" in (number.help_en or "")


@pytest.mark.parametrize(("dataset", "key"), [("community_problem", "problem_no"), ("complaint", "complaint_no")])
def test_what_lasts_is_known_by_its_number_alone(dataset: str, key: str) -> None:
    assert load_contract(dataset).primary_key == (key,)


def test_the_centre_may_send_complaints_of_its_mobile_days_and_owes_none() -> None:
    contract = load_contract("complaint")
    assert contract.owed_by == ("damrongtham_centre",) and contract.accepted_from_everybody
