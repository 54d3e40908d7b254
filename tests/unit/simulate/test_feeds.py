"""The feeds: every dataset has one, each draws its own numbers, periods are those of the years, and little is held."""

import csv
import gc
import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from chaidaen.simulate import Simulation, periods, simulate
from chaidaen.simulate.feeds import all_feeds, feeds_of
from chaidaen.simulate.identifiers import is_invented
from chaidaen.simulate.outputs import offices
from chaidaen.simulate.people import FIRST_RESERVED, Counter
from chaidaen.simulate.places import all_tambon, tambon_of
from chaidaen.simulate.town import Town
from core.errors import UsageError
from ingestion.contracts import load_contract, load_contracts, period_bounds
from tests.unit.simulate import reopening

SEED = 77_001  # of nothing else in these tests
NOT_INVENTED = {"population"}  # real figures; see the samples


@pytest.fixture(scope="module")
def town() -> Town:
    place = next(place for place in tambon_of(["94"]) if not place.is_municipal)
    return Town.simulate(place, 500, years=range(2564, 2567), counter=Counter(), seed=4)


def test_every_dataset_is_simulated_by_agencies_that_may_send_it() -> None:
    assert {feed.dataset for feed in all_feeds()} == load_contracts().keys() - NOT_INVENTED
    for feed in all_feeds():
        contract = load_contract(feed.dataset)
        assert offices(feed.sender), f"{feed.sender} is on no list"
        assert feed.sender in contract.owed_by or not contract.owed_by or contract.accepted_from_everybody


def test_periods_are_of_the_kind_the_contract_names_and_lie_in_the_years_asked_for() -> None:
    for feed in all_feeds():
        kind = load_contract(feed.dataset).period_kind
        sent = [(*period_bounds(kind, period), period) for period in feed.periods(range(2564, 2566), 12)]
        assert sent == sorted(set(sent)), feed.dataset
        assert all(str(first) >= "2020-10-01" and str(last) <= "2023-03-31" for first, last, _ in sent)


def test_a_fiscal_year_has_its_months_and_quarters_and_fewer_months_keep_the_ends_of_quarters() -> None:
    year = range(2564, 2565)
    months = periods.each_month(year, 12)
    assert (months[0], months[-1], len(months)) == ("2563-10", "2564-09", 12)
    assert periods.each_month(year, 2) == ["2564-03", "2564-09"]
    assert periods.each_month(year, 4) == ["2563-12", "2564-03", "2564-06", "2564-09"]
    assert periods.each_quarter(year, 12) == ["2564-Q1", "2564-Q2", "2564-Q3", "2564-Q4"]
    assert periods.each_quarter(year, 1) == ["2564-Q4"]
    assert periods.each_quarter_end(year, 12) == ["2563-12-31", "2564-03-31", "2564-06-30", "2564-09-30"]
    assert [periods.fiscal_year(period) for period in ("2563-10", "2564-09-30", "2564-Q1", "2564")] == [2564] * 4
    assert [periods.fiscal_month(period) for period in ("2563-10", "2563-12-31", "2564-09")] == [1, 3, 12]


def test_what_one_feed_draws_never_shifts_another(tmp_path: Path) -> None:
    """Each dataset written alone is the same bytes as beside all others."""
    what = Simulation(160, periods=2, seed=6, months=1, provinces=("91", "95"))
    together = _digests(tmp_path / "all", what)
    assert len({file.split("/")[1] for file in together}) == len({feed.dataset for feed in all_feeds()})
    for dataset in {feed.dataset for feed in all_feeds()}:
        alone = _digests(tmp_path / dataset, replace(what, datasets=(dataset,)))
        assert alone and alone.items() <= together.items(), dataset


def test_while_hundreds_of_files_grow_none_is_open_and_no_tambon_stays_in_memory(tmp_path: Path) -> None:
    """A year of all datasets; looked at whenever a tambon is done."""
    before, seen = _open_files(), list[int]()

    def look(place: str, done: int, total: int) -> None:
        seen.append(done)
        if len(seen) % 20 == 0:
            towns = [thing for thing in gc.get_objects() if isinstance(thing, Town)]
            assert _open_files() <= before + 4
            assert not [town for town in towns if town.seed == SEED]

    result = simulate(Simulation(60, seed=SEED, provinces=("91", "94"), months=6), tmp_path, look)
    assert seen[-1] == 60
    assert len(result.rows) > 80
    assert not list(tmp_path.rglob("*.part"))


def test_a_regional_agency_sends_one_file_for_all_provinces_in_a_style_of_its_own(tmp_path: Path) -> None:
    what = Simulation(150, seed=2, months=1, provinces=("94", "95", "96"), datasets=("household_assignment",))
    simulate(what, tmp_path)
    [(name, path)] = reopening.files_in(tmp_path).items()
    assert name.split("/")[:3] == ["sbpac", "household_assignment", "2564-09-30"]
    with path.open(encoding="utf-16", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert len({len(row) for row in rows}) == 1
    codes = {cell[:2] for row in rows[1:] for cell in row if cell in {place.code for place in all_tambon()}}
    assert codes == {"94", "95", "96"}


def test_newcomers_stay_the_same_people_and_are_nobody_of_the_survey(town: Town) -> None:
    first, again = (town.newcomers("graduate", 12, ages=(18, 25)) for _ in range(2))
    others = town.newcomers("malaysia_returnee", 12)
    assert first.person_id.tolist() == again.person_id.tolist()
    groups = [set(people.person_id) for people in (first, others, town.everyone)]
    assert sum(map(len, groups)) == len(set.union(*groups))
    assert all(is_invented(identifier) for identifier in set.union(*groups))
    assert first.ages(2564).min() >= 18 and first.ages(2564).max() < 25


def test_numbers_of_newcomers_never_meet_those_of_another_tambon() -> None:
    """Neighbours in the list of tambon take up where the other ends."""
    places = tambon_of(["95"])
    towns = [Town.simulate(p, 1, years=range(2564, 2565), counter=Counter(), seed=1) for p in places]
    firsts = [int(town.serials("official", 1)[0]) for town in towns]
    assert firsts == sorted(set(firsts)) and firsts[0] >= FIRST_RESERVED
    for (town, first), (_, following) in pairwise(zip(towns, firsts, strict=True)):
        assert int(town.serials("official", following - first)[-1]) == following - 1
        with pytest.raises(UsageError, match="invented people"):
            town.serials("official", following - first + 1)


def test_lasting_facts_are_drawn_alike_in_every_period_and_made_once(town: Town) -> None:
    assert town.rng("assignment").random() == town.rng("assignment").random()
    assert town.rng("visit", "2564-01").random() != town.rng("visit", "2564-02").random()
    made = [town.once("officials", object) for _ in range(2)]
    assert made[0] is made[1]


def test_target_households_are_poor_ones_with_a_confirmed_card(town: Town) -> None:
    for year in (2564, 2566):
        poor, target = town.households_poor(year), town.households_target(year)
        assert 0 < target.sum() < poor.sum() < len(poor)
        assert not (target & ~poor).any()


def test_a_dataset_nobody_simulates_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="population") as error:
        feeds_of(("population", "household_survey"))
    assert "household_member" in str(error.value.cure)


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _digests(folder: Path, what: Simulation) -> dict[str, str]:
    simulate(what, folder)
    return {file: hashlib.sha256(path.read_bytes()).hexdigest() for file, path in reopening.files_in(folder).items()}
