"""Programme areas, assessments of villages and directives: contracts and the centre's lists say the same."""

import csv

from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contract
from ingestion.contracts.model import Code

SEEDS = PROJECT_ROOT / "dbt_project/seeds"


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(dataset: str, column: str) -> tuple[Code, ...]:
    return load_contract(dataset).column(column).codes


def test_criteria_of_the_contract_are_those_of_the_seed_in_its_words_and_order() -> None:
    listed = {row["criterion_id"]: row for row in sorted(seed("village_criteria"), key=lambda r: r["criterion_order"])}
    assert [(code.value, code.label_th, code.label_en) for code in codes("village_assessment", "criterion")] == [
        (row["criterion_id"], row["label_th"], row["label_en"]) for row in listed.values()
    ]


def test_programmes_of_the_contract_are_those_of_the_seed() -> None:
    listed = sorted(seed("programmes_listed"), key=lambda row: int(row["programme_order"]))
    assert [(code.value, code.label_th) for code in codes("programme_area", "programme")] == [
        (row["programme_id"], row["name_th"]) for row in listed
    ]


def test_what_the_owner_has_not_confirmed_is_marked_provisional() -> None:
    for name in ("programmes_listed", "village_criteria", "village_levels"):
        assert {row["is_provisional"] for row in seed(name)} == {"true"}, name


def test_every_score_has_a_level_and_one_level_is_the_strong_one() -> None:
    levels = sorted(seed("village_levels"), key=lambda row: float(row["minimum_score"]))
    assert float(levels[0]["minimum_score"]) == 0
    assert [row["is_strong"] for row in levels] == ["false"] * (len(levels) - 1) + ["true"]


def test_texts_that_are_published_ask_for_no_personal_data() -> None:
    contract = load_contract("directive")
    for name in ("directive_text", "owner_name", "what_was_done"):
        column = contract.column(name)
        assert "ชื่อบุคคล" in str(column.help_th) and "name" in str(column.help_en), name
    for dataset in ("directive", "programme_area", "village_assessment"):
        assert not any(column.is_personal for column in load_contract(dataset).columns), dataset
