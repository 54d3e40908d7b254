"""The items of the basic-needs survey: one text in the contract and in the warehouse, and asked in their own rounds."""

import csv
import re

import pytest

from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contract

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ITEMS = {(row["survey_round"], int(row["item_no"])): row for row in seed("survey_items")}


@pytest.mark.parametrize("number", range(1, 39))
def test_the_contract_says_of_each_item_what_the_warehouse_says_in_each_round(number: int) -> None:
    """Texts live in the seed; the description of the column repeats them, so that a template explains each round."""
    column = load_contract("household_survey").column(f"item_{number:02d}")
    early, late = ITEMS.get(("31_items", number)), ITEMS[("38_items", number)]
    said_th = f"ชุด 31 ข้อ (รอบ 2560–2564) {early['label_th']}" if early else "ไม่มีในชุด 31 ข้อ"
    said_en = f"31-item round (2560–2564) {early['label_en']}" if early else "not in the 31-item round"
    assert column.description_th == f"จปฐ ข้อ {number}: {said_th}; ชุด 38 ข้อ (รอบ 2565–2570) {late['label_th']}"
    assert column.description_en == f"BMN item {number}: {said_en}; 38-item round (2565–2570) {late['label_en']}"


def test_no_header_names_an_item_without_its_number() -> None:
    """The family is item 31 in one round and item 36 in the other: a text alone would be read as the wrong one."""
    for number in range(1, 39):
        for header in load_contract("household_survey").column(f"item_{number:02d}").headers:
            assert re.search(rf"(?<![0-9])0?{number}(?![0-9])", header), header


def test_each_round_has_as_many_items_as_it_says() -> None:
    for survey_round in seed("survey_rounds"):
        numbers = sorted(number for name, number in ITEMS if name == survey_round["survey_round"])
        assert numbers == list(range(1, int(survey_round["item_count"]) + 1))


def test_schemes_use_items_of_the_round_of_their_year() -> None:
    rounds = {row["survey_round"]: row for row in seed("survey_rounds")}
    for row in seed("poverty_scheme_items"):
        assert (row["survey_round"], int(row["item_no"])) in ITEMS
        first, last = (
            int(rounds[row["survey_round"]][name]) for name in ("first_survey_year_be", "last_survey_year_be")
        )
        assert first <= int(row["survey_year_be"]) <= last


def test_the_contract_asks_items_32_to_38_in_the_years_of_the_38_item_round() -> None:
    first_year = next(row["first_survey_year_be"] for row in seed("survey_rounds") if row["survey_round"] == "38_items")
    rules = [rule for rule in load_contract("household_survey").rules if rule.kind == "asked_in_periods"]
    assert {rule.arguments["first"] for rule in rules} == {first_year}
    assert {name for rule in rules for name in rule.arguments["columns"]} == {f"item_{n}" for n in range(32, 39)}
