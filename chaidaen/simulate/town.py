"""One tambon over all survey rounds: who lives there and what changes. Every feed draws its rows from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import numpy as np

from chaidaen.simulate import living as live
from chaidaen.simulate import people
from chaidaen.simulate.identifiers import CAPACITY_PER_OFFICE, Ints, Texts
from chaidaen.simulate.living import Living
from chaidaen.simulate.people import BE, Bools, Counter, Dates, Floats, Households, Persons
from chaidaen.simulate.places import Tambon, tambon_of
from chaidaen.simulate.randomness import stream
from core.errors import UsageError

T = TypeVar("T")

FIRST_SURVEY_DAY, LAST_SURVEY_DAY = 31, 150  # days after 1 January: the survey is done from February to May
FIRST_CARD_DAY, LAST_CARD_DAY = 212, 300
_VALIDATED_SHARE = 0.85
_SHARE_OF_NAMES_SPELLED_OTHERWISE = 0.05
_OUTSIDERS_PER_HOUSEHOLD = 0.15
_ROWS_OF_A_TAMBON = 100_000
# Who comes from outside the survey has numbers of their own, so that no feed shifts the numbers of another.
_LANES = (
    "unregistered_person", "malaysia_returnee", "graduate", "vulnerable_person", "official", "assistance",
    "household_assignment", "household_visit", "project",
)  # fmt: skip
_LANE_SIZE = (CAPACITY_PER_OFFICE - people.FIRST_RESERVED) // 16


@dataclass(frozen=True, slots=True)
class Registrants:
    """People on the welfare-card register of a tambon: members first, then people whom the survey does not reach."""

    persons: Persons
    tambon_code: Texts
    is_validated: Bools
    name_spelling: Ints
    registered_date: Dates


@dataclass(frozen=True, slots=True)
class Round:
    """One survey year (BE) of a tambon. Members point at households by their place (`members.household`)."""

    year: int
    households: Households
    members: Persons
    ages: Ints  # of members, completed years at the end of the year
    income: Ints  # per household, baht per person per year
    answers: Texts  # (households, items): pass, fail, not_applicable
    survey_date: Dates  # per household
    there: Ints  # place of each member among `Town.everyone`, the same in all rounds
    draws: Floats  # (members, 2): a person's lasting uniform numbers, for schooling and for work
    registrants: Registrants


@dataclass(slots=True)
class Town:
    """A tambon and all its rounds. `everyone` are all who ever belong to its households, `living` what stays with
    these (disabled or ill members; income and answers as after the last round)."""

    place: Tambon
    years: range
    seed: int
    everyone: Persons
    living: Living
    rounds: dict[int, Round]
    _kept: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def simulate(cls, place: Tambon, count: int, *, years: range, counter: Counter, seed: int) -> "Town":
        """All rounds (Buddhist years, in order) of `count` households of the tambon."""
        return _simulated(place, count, years=years, counter=counter, seed=seed)

    @property
    def household_count(self) -> int:
        return len(self.living.deviation)

    def rng(self, *purpose: object) -> np.random.Generator:
        """A stream of its own for each purpose. What lasts is drawn in every period from the same purpose; what is
        new has the period in its purpose."""
        return stream(self.seed, "town", self.place.code, *purpose)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this town: lasting facts that many periods ask for."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def round_of(self, year: int) -> Round:
        """The round of a year, or the nearest simulated one."""
        return self.rounds[min(max(year, self.years[0]), self.years[-1])]

    def households_poor(self, year: int) -> Bools:
        """Households below the income line of that round, so poor in at least one dimension."""
        this = self.round_of(year)
        poor: Bools = this.income < live.income_line(this.year)
        return poor

    def households_target(self, year: int) -> Bools:
        """Poor households with a member on the welfare-card register whose need was confirmed."""
        this = self.round_of(year)
        people = this.registrants
        holders = people.persons.household[people.is_validated]
        has_card = np.zeros(len(this.households), dtype=np.bool_)
        has_card[holders[holders >= 0]] = True
        target: Bools = self.households_poor(year) & has_card
        return target

    def serials(self, purpose: str, count: int) -> Ints:
        """Running numbers for identifiers of persons or houses outside the survey, the same at every call.

        For `identifiers.person_ids` and `identifiers.house_codes`. Purposes are a closed list; KeyError beyond it.
        """
        if purpose not in _LANES:
            raise KeyError(f"{purpose} has no numbers reserved; add it to the lanes in {__name__}")
        first, capacity = _numbers_of(self.place)
        if count > capacity:
            raise UsageError(
                f"Tambon {self.place.code} needs more than {capacity:,} invented people for {purpose}.",
                cure="Ask for fewer households.",
            )
        return people.FIRST_RESERVED + _LANES.index(purpose) * _LANE_SIZE + first + np.arange(count)

    def row_numbers(self, count: int, among: Sequence[Tambon]) -> Texts:
        """Running numbers of rows that no other tambon of `among` has: all of them stand in one file."""
        first = [other.code for other in among].index(self.place.code) * _ROWS_OF_A_TAMBON + 1
        numbers: Texts = (first + np.arange(count)).astype(object)
        return numbers

    def newcomers(self, purpose: str, count: int, ages: tuple[int, int] = (18, 85)) -> Persons:
        """`count` people of the tambon (ages from … to before, in the first year) whom no survey reached.

        The same at every call of a purpose with the same count; `household` is -1.
        """
        serials = self.serials(purpose, count)
        counter = Counter(persons=int(serials[0]) if count else 0, limit=CAPACITY_PER_OFFICE)
        return people.outsiders(
            self.place, count, first_year=self.years[0], counter=counter, rng=self.rng("newcomers", purpose), ages=ages
        )


@cache
def _numbers_of(place: Tambon) -> tuple[int, int]:
    """First number, and how many, of a tambon within a lane of its province, in proportion to its houses."""
    province = tambon_of([place.province_code])
    total, here = sum(other.houses for other in province), place.houses
    before = sum(other.houses for other in province if other.code < place.code)
    first, end = (_LANE_SIZE * before) // total, (_LANE_SIZE * (before + here)) // total
    return first, end - first


def _simulated(place: Tambon, count: int, *, years: range, counter: Counter, seed: int) -> Town:
    rng = stream(seed, "people", place.code)
    nearby = tuple(t for t in tambon_of([place.province_code]) if t.amphoe_code == place.amphoe_code)
    households, everyone = people.settle(
        place, count, first_year=years[0], periods=len(years), counter=counter, rng=rng
    )
    strangers = people.outsiders(
        place, int(rng.poisson(count * _OUTSIDERS_PER_HOUSEHOLD)), first_year=years[0], counter=counter, rng=rng
    )
    living = live.begin(place, count, rng)
    draws = rng.random((len(everyone), 2))
    cards, strangers_cards = _CardHolding.begin(len(everyone), rng), _CardHolding.begin(len(strangers), rng)
    town = Town(place, years, seed, everyone, living, {})
    for number, year in enumerate(years):
        if number:
            live.go_on(living, rng)
            people.move_some(households, nearby, counter, rng)
        there = np.flatnonzero(everyone.present(number))
        members, income = everyone.take(there), live.incomes(living)
        ages = members.ages(year)
        survey_date = _days(year, FIRST_SURVEY_DAY, LAST_SURVEY_DAY, count, rng)
        here = cards.take(there)
        holders = np.flatnonzero(here.registered(members, ages, income))
        homes = np.concatenate(
            [households.tambon_code[members.household[holders]], np.full(len(strangers), place.code, object)]
        )
        registered = Persons.concatenate([members.take(holders), strangers])
        is_validated = np.concatenate([here.take(holders).validated(), strangers_cards.validated()])
        town.rounds[year] = Round(
            year=year, households=households.copy(), members=members, ages=ages, income=income,
            answers=live.item_answers(living, income, members, ages, year), survey_date=survey_date,
            there=there, draws=draws[there], registrants=_registrants(registered, homes, is_validated, year, rng),
        )  # fmt: skip
    return town


def _registrants(
    persons: Persons, tambon_code: Texts, is_validated: Bools, year: int, rng: np.random.Generator
) -> Registrants:
    """A few names are spelled otherwise than in the survey, as another clerk would."""
    otherwise = rng.random(len(persons)) < _SHARE_OF_NAMES_SPELLED_OTHERWISE
    days = _days(year, FIRST_CARD_DAY, LAST_CARD_DAY, len(persons), rng)
    return Registrants(persons, tambon_code, is_validated, persons.name_spelling + otherwise, days)


@dataclass(slots=True)
class _CardHolding:
    """Lasting uniform numbers of each person that decide about the card, so that holders mostly stay holders."""

    wish: Floats
    validation: Floats

    @classmethod
    def begin(cls, count: int, rng: np.random.Generator) -> "_CardHolding":
        return cls(rng.random(count), rng.random(count))

    def take(self, chosen: Ints) -> "_CardHolding":
        return _CardHolding(self.wish[chosen], self.validation[chosen])

    def registered(self, persons: Persons, ages: Ints, income: Ints) -> Bools:
        """Grown-ups with a citizen's number whose household's income makes them register."""
        is_citizen = np.isin(np.array([text[0] for text in persons.person_id], dtype="U1"), list("12345"))
        chosen: Bools = is_citizen & (ages >= 18) & (self.wish < live.card_chance(income[persons.household]))
        return chosen

    def validated(self) -> Bools:
        return self.validation < _VALIDATED_SHARE


def _days(year_be: int, first: int, last: int, count: int, rng: np.random.Generator) -> Dates:
    days: Dates = np.datetime64(f"{year_be - BE:04d}-01-01", "D") + rng.integers(first, last, count)
    return days
