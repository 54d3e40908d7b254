"""Both rounds of the survey and the observations: believable, of their own round, and the same households each year."""

import csv

import numpy as np
import pytest

from chaidaen.simulate.feeds import observations, survey
from chaidaen.simulate.living import income_line
from chaidaen.simulate.people import Counter
from chaidaen.simulate.places import tambon_of
from chaidaen.simulate.town import Town
from core.settings import PROJECT_ROOT
from ingestion.contracts import load_contract


@pytest.fixture(scope="module")
def town() -> Town:
    """A tambon from the last 31-item round into the first two of 38."""
    place = next(place for place in tambon_of(["94"]) if not place.is_municipal)
    return Town.simulate(place, 400, years=range(2564, 2567), counter=Counter(), seed=9)


def test_each_round_answers_its_own_items(town: Town) -> None:
    answered = {year: set(survey.FEEDS[0].table(town, str(year)).names) for year in (2564, 2565)}
    assert {name for name in answered[2564] if name.startswith("item_")} == {f"item_{n:02d}" for n in range(1, 32)}
    assert {name for name in answered[2565] if name.startswith("item_")} == {f"item_{n:02d}" for n in range(1, 39)}


def test_income_is_item_22_in_one_round_and_29_in_the_other(town: Town) -> None:
    for year, item in ((2564, 22), (2565, 29)):
        this = town.rounds[year]
        passes = this.answers[:, item - 1] == "pass"
        assert (passes == (this.income >= income_line(year))).all()


def test_nobody_answers_the_item_whose_text_is_unknown_and_everybody_the_others(town: Town) -> None:
    answers = town.rounds[2565].answers
    assert set(answers[:, 36]) == {""}
    assert set(np.delete(answers, 36, axis=1).ravel()) == {"pass", "fail", "not_applicable"}


def test_what_both_rounds_ask_a_household_mostly_answers_alike(town: Town) -> None:
    """Secure housing is item 8 in one round and 13 in the other; somebody who has a house keeps it."""
    before, after = town.rounds[2564], town.rounds[2565]
    count = min(len(before.households), len(after.households))
    same = before.answers[:count, 7] == after.answers[:count, 12]
    assert same.mean() > 0.9


def test_every_observation_names_an_indicator_of_the_list_and_a_unit_of_its_scheme(town: Town) -> None:
    seeds = PROJECT_ROOT / "dbt_project" / "seeds"
    with (seeds / "observation_indicators.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["scheme_id"], row["indicator_id"]) for row in csv.DictReader(file)}
    codes = {code.value for code in load_contract("indicator_observation").column("deprived").codes}
    for feed in observations.FEEDS:
        table = feed.table(town, "2565")
        assert len(table) > 0
        assert set(zip(table.texts["scheme_id"], table.texts["indicator_id"], strict=True)) <= known
        assert set(table.texts["deprived"]) <= codes | {""}


def test_the_same_households_are_asked_every_year_and_each_answers_everything(town: Town) -> None:
    sampled = [set(observations.FEEDS[0].table(town, str(year)).texts["house_code"]) for year in (2565, 2566)]
    assert sampled[0] & sampled[1] and len(sampled[0] & sampled[1]) > 0.8 * len(sampled[0])
    table = observations.FEEDS[0].table(town, "2565")
    _, times = np.unique(table.texts["house_code"].astype(str), return_counts=True)
    assert set(times) == {12}


def test_record_numbers_of_two_tambon_never_meet(town: Town) -> None:
    other = Town.simulate(tambon_of(["95"])[0], 400, years=range(2564, 2567), counter=Counter(), seed=9)
    numbers = [
        set(feed.table(place, "2565").numbers["record_no"]) for feed in observations.FEEDS for place in (town, other)
    ]
    assert not numbers[0] & numbers[1] and not numbers[2] & numbers[3]
