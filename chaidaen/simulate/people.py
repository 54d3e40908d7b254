"""The invented people of one tambon: households, their members, and what becomes of them over the rounds."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from chaidaen.simulate import names
from chaidaen.simulate.identifiers import Ints, Texts, house_codes, person_ids
from chaidaen.simulate.places import Tambon, spread_over_villages
from core.errors import UsageError

Floats = npt.NDArray[np.float64]
Bools = names.Bools
Dates = npt.NDArray[np.datetime64]

BE = 543
FIRST_YEAR_OF_NUMBERED_BIRTHS_CE = 1984  # 2527: first digits 1 and 2 begin here
NEVER = 9999
FIRST_RESERVED = 7_000_000  # running numbers from here on are kept for people whom the survey does not reach
_SIZES = np.arange(1, 10)
_SIZE_SHARES = {
    False: np.array([0.15, 0.20, 0.22, 0.20, 0.12, 0.06, 0.03, 0.015, 0.005]),
    True: np.array([0.07, 0.12, 0.17, 0.21, 0.18, 0.12, 0.07, 0.04, 0.02]),
}
_SHARE_WHO_MOVE_HOUSE = 0.03
_SHARE_WITH_A_BIRTH = 0.05
_SHARE_OF_OLD_WHO_DIE = 0.03
_SHARE_OF_UNKNOWN_BIRTHDAYS = 0.04
RELATIONS = np.array(["head", "spouse", "child", "parent", "grandchild", "other_relative"], dtype=object)
_HEAD, _SPOUSE, _CHILD, _PARENT, _GRANDCHILD, _RELATIVE = range(6)


@dataclass(slots=True)
class Counter:
    """Running numbers given out so far in one province."""

    persons: int = 0
    houses: int = 0
    limit: int = FIRST_RESERVED

    def take_persons(self, count: int) -> Ints:
        self.persons += count
        self._refuse_overflow(self.persons, "people")
        return np.arange(self.persons - count, self.persons)

    def take_houses(self, count: int) -> Ints:
        self.houses += count
        self._refuse_overflow(self.houses, "houses")
        return np.arange(self.houses - count, self.houses)

    def _refuse_overflow(self, taken: int, what: str) -> None:
        if taken > self.limit:
            raise UsageError(
                f"A province needs more than {self.limit:,} invented {what}.",
                cure="Ask for fewer households or periods.",
            )


@dataclass(slots=True)
class Persons:
    """Columns of equal length, one entry per person; `household` is -1 for someone outside the survey."""

    household: Ints
    member_no: Ints
    relation: Ints
    is_male: Bools
    birth_date: Dates
    birthday_known: Bools
    is_muslim: Bools
    name_family: Ints
    name_spelling: Ints
    surname: Ints
    joins: Ints  # number of the first period in which the person is there
    leaves: Ints  # number of the first period in which the person is no longer there
    person_id: Texts = field(default_factory=lambda: np.empty(0, dtype=object))

    def __len__(self) -> int:
        return len(self.household)

    def take(self, chosen: Bools | Ints) -> "Persons":
        return Persons(*(getattr(self, name)[chosen] for name in self.__slots__))

    @staticmethod
    def concatenate(groups: list["Persons"]) -> "Persons":
        return Persons(*(np.concatenate([getattr(g, name) for g in groups]) for name in Persons.__slots__))

    def present(self, period: int) -> Bools:
        there: Bools = (self.joins <= period) & (period < self.leaves)
        return there

    def ages(self, year_be: int) -> Ints:
        """Completed years on the last day of the Buddhist year."""
        years: Ints = year_be - BE - (self.birth_date.astype("datetime64[Y]").astype(np.int64) + 1970)
        return years


@dataclass(slots=True)
class Households:
    """Columns of equal length, one entry per household; where it lives changes from round to round."""

    tambon_code: Texts
    village_code: Texts
    house_code: Texts
    is_muslim: Bools

    def __len__(self) -> int:
        return len(self.house_code)

    def copy(self) -> "Households":
        return Households(*(getattr(self, name).copy() for name in self.__slots__))


def settle(
    tambon: Tambon, count: int, *, first_year: int, periods: int, counter: Counter, rng: np.random.Generator
) -> tuple[Households, Persons]:
    """Households of one tambon and all who will ever belong to them in `periods` rounds from `first_year` (BE)."""
    is_muslim = rng.random(count) < names.muslim_share(tambon.code)
    households = Households(
        tambon_code=np.full(count, tambon.code, dtype=object),
        village_code=spread_over_villages(tambon, count, rng),
        house_code=house_codes(tambon.province_code, counter.take_houses(count)),
        is_muslim=is_muslim,
    )
    founders = _founders(households, first_year, rng)
    newborn = [_newborn(founders, count, period, first_year, rng) for period in range(1, periods)]
    everyone = Persons.concatenate([founders, *newborn])
    everyone = everyone.take(np.argsort(everyone.household, kind="stable"))
    everyone.member_no = _running_number(everyone.household)
    _let_the_old_die(everyone, first_year, periods, rng)
    give_identifiers(everyone, tambon.province_code, counter, rng)
    return households, everyone


def move_some(households: Households, nearby: tuple[Tambon, ...], counter: Counter, rng: np.random.Generator) -> None:
    """Let a few households move to another house of the same amphoe: the same people under another house code."""
    movers = np.flatnonzero(rng.random(len(households)) < _SHARE_WHO_MOVE_HOUSE)
    weights = np.array([t.houses for t in nearby], dtype=np.float64)
    for destination, group in enumerate(
        _split(movers, rng.choice(len(nearby), len(movers), p=weights / weights.sum()), len(nearby))
    ):
        tambon = nearby[destination]
        households.tambon_code[group] = tambon.code
        households.village_code[group] = spread_over_villages(tambon, len(group), rng)
        households.house_code[group] = house_codes(tambon.province_code, counter.take_houses(len(group)))


def outsiders(
    tambon: Tambon, count: int, *, first_year: int, counter: Counter, rng: np.random.Generator,
    ages: tuple[int, int] = (18, 85),
) -> Persons:  # fmt: skip
    """People whom the survey does not reach, of ages from … to before; they may hold welfare cards all the same."""
    alone = np.arange(count)
    people = _persons(
        household=np.full(count, -1), relation=np.zeros(count, dtype=np.int64), is_male=rng.random(count) < 0.5,
        ages=rng.integers(*ages, count), is_muslim=rng.random(count) < names.muslim_share(tambon.code),
        surname=rng.integers(0, 1_000_000, count), first_year=first_year, rng=rng,
    )  # fmt: skip
    people.member_no = alone + 1
    give_identifiers(people, tambon.province_code, counter, rng)
    return people


def titles(persons: Persons, ages: Ints) -> Texts:
    """Title by sex and age; a spouse, a parent or an older head who is a woman is called นาง."""
    is_child = ages < 15
    is_mrs = np.isin(persons.relation, (_SPOUSE, _PARENT)) | ((persons.relation == _HEAD) & (ages >= 30))
    women = np.where(is_child, "เด็กหญิง", np.where(is_mrs, "นาง", "นางสาว"))
    result: Texts = np.where(persons.is_male, np.where(is_child, "เด็กชาย", "นาย"), women).astype(object)
    return result


def _founders(households: Households, first_year: int, rng: np.random.Generator) -> Persons:
    count = len(households)
    sizes = np.where(
        households.is_muslim,
        rng.choice(_SIZES, count, p=_SIZE_SHARES[True]),
        rng.choice(_SIZES, count, p=_SIZE_SHARES[False]),
    )
    household = np.repeat(np.arange(count), sizes)
    slot = _running_number(household) - 1
    head_age = np.clip(rng.normal(51, 14, count), 20, 92).astype(np.int64)
    head_is_male = rng.random(count) < 0.68
    relation = _relations(slot, head_age[household], rng)
    # A spouse is of the other sex than the head; anyone else of either.
    is_male = np.where(slot == 0, head_is_male[household], rng.random(len(household)) < 0.5)
    is_male = np.where(relation == _SPOUSE, ~head_is_male[household], is_male)
    family = rng.integers(0, 1_000_000, count)
    is_other_family = np.isin(relation, (_RELATIVE, _PARENT)) & (rng.random(len(household)) < 0.5)
    surname = np.where(is_other_family, rng.integers(0, 1_000_000, len(household)), family[household])
    return _persons(
        household=household, relation=relation, is_male=is_male, ages=_ages(relation, head_age[household], rng),
        is_muslim=households.is_muslim[household], surname=surname, first_year=first_year, rng=rng,
    )  # fmt: skip


def _relations(slot: Ints, head_age: Ints, rng: np.random.Generator) -> Ints:
    count = len(slot)
    others = rng.choice([_CHILD, _GRANDCHILD, _PARENT, _RELATIVE], count, p=[0.74, 0.10, 0.08, 0.08])
    others = np.where((others == _GRANDCHILD) & (head_age < 48), _CHILD, others)
    others = np.where((others == _PARENT) & (head_age > 62), _RELATIVE, others)
    second = np.where((rng.random(count) < 0.75) & (head_age < 80), _SPOUSE, others)
    result: Ints = np.where(slot == 0, _HEAD, np.where(slot == 1, second, others))
    return result


def _ages(relation: Ints, head_age: Ints, rng: np.random.Generator) -> Ints:
    count = len(relation)
    by_relation = {
        _HEAD: head_age,
        _SPOUSE: head_age + rng.integers(-8, 6, count),
        _CHILD: head_age - rng.integers(19, 41, count),
        _PARENT: head_age + rng.integers(19, 34, count),
        _GRANDCHILD: head_age - rng.integers(44, 66, count),
        _RELATIVE: rng.integers(3, 80, count),
    }
    youngest = {_HEAD: 20, _SPOUSE: 18, _CHILD: 0, _PARENT: 38, _GRANDCHILD: 0, _RELATIVE: 3}
    ages = np.zeros(count, dtype=np.int64)
    for kind, values in by_relation.items():
        ages[relation == kind] = np.clip(values, youngest[kind], 99)[relation == kind]
    return ages


def _newborn(founders: Persons, households: int, period: int, first_year: int, rng: np.random.Generator) -> Persons:
    ages = founders.ages(first_year + period)
    has_young_spouse = np.zeros(households, dtype=np.bool_)
    has_young_spouse[founders.household[(founders.relation == _SPOUSE) & (ages < 42)]] = True
    chosen = np.flatnonzero(has_young_spouse & (rng.random(households) < _SHARE_WITH_A_BIRTH / 0.35))
    heads = founders.take(founders.relation == _HEAD)
    parents = heads.take(np.searchsorted(heads.household, chosen))
    count = len(chosen)
    babies = _persons(
        household=chosen, relation=np.full(count, _CHILD), is_male=rng.random(count) < 0.51,
        ages=np.zeros(count, dtype=np.int64), is_muslim=parents.is_muslim, surname=parents.surname,
        first_year=first_year + period, rng=rng,
    )  # fmt: skip
    babies.joins[:] = period
    return babies


def _persons(
    *, household: Ints, relation: Ints, is_male: Bools, ages: Ints, is_muslim: Bools, surname: Ints, first_year: int,
    rng: np.random.Generator,
) -> Persons:  # fmt: skip
    count = len(household)
    new_year: Dates = (first_year - BE - ages - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    # Nobody of the first round is born after the interviews begin, so no birth date lies after the survey's.
    birthday = rng.integers(0, np.where(ages == 0, 28, 365), count)
    return Persons(
        household=np.asarray(household), member_no=np.ones(count, dtype=np.int64), relation=relation, is_male=is_male,
        birth_date=new_year + birthday,
        birthday_known=(rng.random(count) >= _SHARE_OF_UNKNOWN_BIRTHDAYS) | (ages < 40),
        is_muslim=is_muslim, name_family=rng.integers(0, 1_000, count), name_spelling=rng.integers(0, 12, count),
        surname=surname, joins=np.zeros(count, dtype=np.int64), leaves=np.full(count, NEVER),
        person_id=np.full(count, "", dtype=object),
    )  # fmt: skip


def _let_the_old_die(persons: Persons, first_year: int, periods: int, rng: np.random.Generator) -> None:
    """A head never dies here: a household keeps its head, so that every round has one."""
    for period in range(1, periods):
        is_old = (persons.ages(first_year + period) > 65) & (persons.relation != _HEAD) & (persons.leaves == NEVER)
        persons.leaves[is_old & (rng.random(len(persons)) < _SHARE_OF_OLD_WHO_DIE)] = period


def give_identifiers(persons: Persons, province_code: str, counter: Counter, rng: np.random.Generator) -> None:
    """First digits by the year of birth, with the few legitimate 0, 6, 7, 8 and learner codes (-1)."""
    count = len(persons)
    born = persons.birth_date.astype("datetime64[Y]").astype(np.int64) + 1970
    young = rng.choice([1, 2], count, p=[0.96, 0.04])
    old = rng.choice([3, 4, 5], count, p=[0.92, 0.02, 0.06])
    first = np.where(born >= FIRST_YEAR_OF_NUMBERED_BIRTHS_CE, young, old)
    is_special = rng.random(count) < 0.015
    special = np.where(born >= 2003, rng.choice([-1, 7, 0], count), rng.choice([6, 8, 0], count))
    persons.person_id = person_ids(province_code, np.where(is_special, special, first), counter.take_persons(count))


def _running_number(groups: Ints) -> Ints:
    """1, 2, 3 … within each run of equal values."""
    index = np.arange(len(groups))
    starts = np.concatenate([[True], groups[1:] != groups[:-1]]) if len(groups) else np.empty(0, dtype=np.bool_)
    return index - np.maximum.accumulate(np.where(starts, index, 0)) + 1 if len(groups) else index


def _split(values: Ints, labels: Ints, count: int) -> list[Ints]:
    return [values[labels == label] for label in range(count)]
