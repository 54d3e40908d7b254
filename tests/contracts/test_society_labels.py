"""Kinds of organisations and activities, economic initiatives: one label in the contract and in the warehouse."""

import csv

import pytest

from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contract

LABELS = PROJECT_ROOT / "dbt_project" / "seeds" / "society_labels.csv"


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        ("civil_society_organisation", "organisation_kind"),
        ("activity", "activity_kind"),
        ("economic_project", "initiative"),
    ],
)
def test_the_warehouse_labels_codes_as_the_contract_does(dataset: str, column: str) -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["code_list"] == column]
    codes = load_contract(dataset).column(column).codes
    assert [(row["code"], row["label_th"], row["label_en"]) for row in listed] == [
        (code.value, code.label_th, code.label_en) for code in codes
    ]
    assert [row["code_order"] for row in listed] == [str(number) for number in range(1, len(codes) + 1)]
