"""The simulated lists of people: the survey's own persons, others outside it, and numbers that change in time."""

from collections import Counter

import numpy as np
import pytest

from chaidaen.simulate.feeds.people import FEEDS
from chaidaen.simulate.identifiers import is_invented
from chaidaen.simulate.people import Counter as Numbers
from chaidaen.simulate.places import tambon_of
from chaidaen.simulate.status import applicants
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town
from ingestion.contracts import load_contract

YEARS = range(2564, 2567)
LISTS = {feed.dataset: feed for feed in FEEDS}
PERIODS = {
    "vulnerable_person": "2565-Q2", "unregistered_person": "2565", "malaysia_returnee": "2565-03", "graduate": "2565",
}  # fmt: skip


@pytest.fixture(scope="module")
def town() -> Town:
    place = next(tambon for tambon in tambon_of(["96"]) if tambon.villages)
    return Town.simulate(place, 1_500, years=YEARS, counter=Numbers(), seed=7)


def of(town: Town, dataset: str, period: str = "") -> Table:
    return LISTS[dataset].table(town, period or PERIODS[dataset])


@pytest.mark.parametrize("dataset", LISTS)
def test_every_cell_is_one_of_the_contract_and_every_number_invented(town: Town, dataset: str) -> None:
    table, contract = of(town, dataset), load_contract(dataset)
    assert len(table) > 5
    assert table.names == {column.name for column in contract.columns}
    for column in contract.columns:
        if column.codes:
            allowed = {code.value for code in column.codes} | (set() if column.required else {""})
            assert set(table.texts[column.name]) <= allowed, column.name
        if column.identifier:
            assert all(is_invented(text) for text in table.texts[column.name] if text), column.name
    numbers = table.numbers["record_no"].tolist()
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("dataset", LISTS)
def test_the_same_list_is_written_every_time_it_is_asked_for(town: Town, dataset: str) -> None:
    first, again = of(town, dataset), of(town, dataset)
    for name, values in first.texts.items():
        assert values.tolist() == again.texts[name].tolist(), name


@pytest.mark.parametrize("dataset", ["vulnerable_person", "malaysia_returnee", "graduate"])
def test_most_are_the_surveys_own_persons_some_lack_a_number_and_some_are_outside(town: Town, dataset: str) -> None:
    ids = np.concatenate([
        of(town, dataset, period).texts["person_id"]
        for period in ([f"2565-{month:02d}" for month in range(1, 10)] if dataset == "malaysia_returnee" else [""])
    ]).tolist()  # fmt: skip
    members = set(town.round_of(2565).members.person_id)
    inside = sum(text in members for text in ids)
    assert inside > len(ids) / 2
    assert any(text and text not in members for text in ids)
    if len(ids) > 100:
        assert 0 < ids.count("") < len(ids) / 5


def test_one_person_is_in_several_groups_but_never_twice_in_one(town: Town) -> None:
    texts = of(town, "vulnerable_person").texts
    listed = [pair for pair in zip(texts["person_id"], texts["group_code"], strict=True) if pair[0]]
    assert max(Counter(listed).values()) == 1
    assert max(Counter(person for person, _ in listed).values()) > 1


def test_a_number_changes_once_and_every_later_list_bears_the_new_one(town: Town) -> None:
    changes: dict[str, tuple[str, int]] = {}
    for year in YEARS:
        texts = of(town, "unregistered_person", str(year)).texts
        granted = texts["proof_stage"] == "granted"
        assert all(texts["person_id"][granted])
        pairs = zip(texts["earlier_person_id"][granted], texts["person_id"][granted], strict=True)
        changes |= {earlier: (later, year) for earlier, later in pairs if earlier}
    assert changes
    assert all(earlier[0] in "0G" and later[0] in "58" for earlier, (later, _) in changes.items())
    for year in YEARS:
        survey = set(town.round_of(year).members.person_id)
        listed = set(of(town, "vulnerable_person", f"{year}-Q4").texts["person_id"])
        for earlier, (later, since) in changes.items():
            assert later not in survey  # the survey keeps to the number it knows
            assert (earlier if since <= year else later) not in listed


def test_proof_goes_on_from_year_to_year_and_ends_with_the_grant(town: Town) -> None:
    everybody = applicants(town)
    assert (everybody.applied_year < everybody.granted_year)[everybody.applied_year < 9999].all()
    by_year = [of(town, "unregistered_person", str(year)) for year in YEARS]
    stages = set().union(*(table.texts["proof_stage"].tolist() for table in by_year))
    assert stages == {"not_applied", "application", "witness", "dna", "granted"}
    done: set[str] = set()
    for table in by_year:
        earlier = table.texts["earlier_person_id"].tolist()
        assert not done & {text for text in [*earlier, *table.texts["person_id"].tolist()] if text}
        done |= {text for text in earlier if text}
