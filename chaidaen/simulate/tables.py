"""One round of one tambon as rows of the three datasets, in contract columns and still in canonical values."""

from dataclasses import dataclass

import numpy as np

from chaidaen.simulate import living as live
from chaidaen.simulate import names
from chaidaen.simulate.identifiers import Ints, Texts
from chaidaen.simulate.people import BE, RELATIONS, Bools, Dates, Floats, Households, Persons, titles

FIRST_SURVEY_DAY, LAST_SURVEY_DAY = 31, 150  # days after 1 January: the survey is done from February to May
FIRST_CARD_DAY, LAST_CARD_DAY = 212, 300
_VALIDATED_SHARE = 0.85
_SHARE_OF_NAMES_SPELLED_OTHERWISE = 0.05


@dataclass(slots=True)
class Table:
    """Columns of equal length by contract name. Dates come with a mask of those known to the day."""

    texts: dict[str, Texts]
    numbers: dict[str, Texts]
    dates: dict[str, tuple[Dates, Bools | None]]


@dataclass(frozen=True, slots=True)
class Round:
    """One survey year (BE) of a tambon: its households, who is there, their ages and the households' income."""

    year: int
    households: Households
    members: Persons
    ages: Ints
    income: Ints  # per household, baht per person per year

    @classmethod
    def of(cls, year: int, households: Households, members: Persons, income: Ints) -> "Round":
        return cls(year, households, members, members.ages(year), income)


@dataclass(frozen=True, slots=True)
class Registrants:
    """People on the welfare-card register of a tambon, with where they live and whether they were validated."""

    persons: Persons
    tambon_code: Texts
    is_validated: Bools


def household_survey(this: Round, living: live.Living, rng: np.random.Generator) -> Table:
    """One row per household."""
    households = this.households
    answers = live.item_answers(living, this.income, this.members, this.ages, this.year)
    texts = {
        "house_code": households.house_code.copy(),
        "tambon_code": households.tambon_code.copy(),
        "village_code": households.village_code.copy(),
    }
    texts |= {f"item_{item + 1:02d}": answers[:, item] for item in range(live.ITEM_COUNT)}
    size = np.bincount(this.members.household, minlength=len(households))
    day = _days(this.year, FIRST_SURVEY_DAY, LAST_SURVEY_DAY, len(households), rng)
    numbers = {"member_persons": size.astype(object), "income_per_person_baht": this.income.astype(object)}
    return Table(texts, numbers, {"survey_date": (day, None)})


def household_member(this: Round, draws: Floats) -> Table:
    """One row per person; `draws` are a person's two lasting uniform numbers, for schooling and for work."""
    people = this.members
    return Table(
        texts={
            "house_code": this.households.house_code[people.household],
            "person_id": people.person_id.copy(),
            "title": titles(people, this.ages),
            "first_name": names.first_names(people.is_muslim, people.is_male, people.name_family, people.name_spelling),
            "last_name": names.last_names(people.is_muslim, people.surname),
            "sex": np.where(people.is_male, "male", "female").astype(object),
            "relation": RELATIONS[people.relation],
            "education_level": live.schooling(this.ages, this.income[people.household], draws[:, 0]),
            "occupation": live.occupations(this.ages, draws[:, 1]),
        },
        numbers={"member_no": people.member_no.astype(object)},
        dates={"birth_date": (people.birth_date, people.birthday_known)},
    )


def welfare_card(registrants: Registrants, year_be: int, rng: np.random.Generator) -> Table:
    """One row per registrant; a few names are spelled otherwise than in the survey, as another clerk would."""
    people = registrants.persons
    otherwise = rng.random(len(people)) < _SHARE_OF_NAMES_SPELLED_OTHERWISE
    spelling = people.name_spelling + otherwise
    status = np.where(registrants.is_validated, "validated", "not_validated").astype(object)
    return Table(
        texts={
            "person_id": people.person_id.copy(),
            "first_name": names.first_names(people.is_muslim, people.is_male, people.name_family, spelling),
            "last_name": names.last_names(people.is_muslim, people.surname),
            "validation_status": status,
            "tambon_code": registrants.tambon_code,
        },
        numbers={},
        dates={"registered_date": (_days(year_be, FIRST_CARD_DAY, LAST_CARD_DAY, len(people), rng), None)},
    )


@dataclass(slots=True)
class CardHolding:
    """Lasting uniform numbers of each person that decide about the card, so that holders mostly stay holders."""

    wish: Floats
    validation: Floats

    @classmethod
    def begin(cls, count: int, rng: np.random.Generator) -> "CardHolding":
        return cls(rng.random(count), rng.random(count))

    def take(self, chosen: Ints) -> "CardHolding":
        return CardHolding(self.wish[chosen], self.validation[chosen])

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
