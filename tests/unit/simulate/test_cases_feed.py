"""Cases as simulated: officials stay, visits follow them, and help is given twice, or never. Everybody is invented."""

import numpy as np
import pytest

from chaidaen.simulate.feeds import cases
from chaidaen.simulate.people import Counter
from chaidaen.simulate.periods import each_month
from chaidaen.simulate.places import tambon_of
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town

FEEDS = {(feed.dataset, feed.sender): feed for feed in cases.FEEDS}


@pytest.fixture(scope="module")
def town() -> Town:
    place = next(place for place in tambon_of(["94"]) if not place.is_municipal)
    return Town.simulate(place, 2000, years=range(2564, 2566), counter=Counter(), seed=4)


def rows(town: Town, dataset: str, period: str, sender: str = "sbpac") -> Table:
    return FEEDS[dataset, sender].table(town, period)


def officials(table: Table) -> dict[str, str]:
    active = table.texts["assignment_status"] == "active"
    return dict(zip(table.texts["house_code"][active], table.texts["official_id"][active], strict=True))


def test_a_household_keeps_its_official_unless_the_list_says_that_it_ended(town: Town) -> None:
    before, after = (rows(town, "household_assignment", day) for day in ("2563-12-31", "2564-09-30"))
    then, now = officials(before), officials(after)
    ended = set(after.texts["house_code"][after.texts["assignment_status"] == "ended"])
    assert ended  # some were replaced
    assert {house for house in then.keys() & now.keys() if then[house] != now[house]} == ended & then.keys()
    assert (after.texts["assignment_status"] == "active").sum() == len(now)  # one active official a household


def test_visits_go_to_households_on_the_list_and_some_that_are_due_are_not_made(town: Town) -> None:
    listed = officials(rows(town, "household_assignment", "2564-09-30"))
    visits = rows(town, "household_visit", "2564-09")
    visited = dict(zip(visits.texts["house_code"], visits.texts["official_id"], strict=True))
    assert visited.items() <= listed.items()
    assert 0.5 < len(visited) / len(listed) < 0.9


def test_some_get_the_same_help_twice_in_a_month_and_some_in_need_never_any(town: Town) -> None:
    poor = set(town.round_of(2564).households.house_code[town.households_poor(2564)])
    helped, twice = set[str](), 0
    for month in each_month(range(2564, 2565), 12):
        cash = []
        for dataset, sender in FEEDS:
            if dataset == "assistance":
                table = rows(town, dataset, month, sender)
                helped |= set(table.texts["house_code"])
                cash.append(set(table.texts["house_code"][table.texts["assistance_kind"] == "cash"]) - {""})
        twice += len(cash[0] & cash[1])  # SBPAC and the social development office
    assert twice > 0
    assert 0 < len(poor - helped) / len(poor) < 0.9


def test_a_number_stands_for_one_record_of_a_months_file(town: Town) -> None:
    numbers = rows(town, "assistance", "2564-03", "social_development").numbers["record_no"]
    assert len(np.unique(numbers.astype(np.int64))) == len(numbers) > 0
