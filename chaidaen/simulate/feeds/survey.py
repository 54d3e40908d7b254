"""The yearly survey of basic minimum needs, household by household and person by person, and the welfare card."""

import numpy as np

from chaidaen.simulate import living, names
from chaidaen.simulate.feed import Feed
from chaidaen.simulate.people import RELATIONS, titles
from chaidaen.simulate.periods import each_year
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town


def _household_survey(town: Town, period: str) -> Table:
    """One row per household."""
    this = town.rounds[int(period)]
    households = this.households
    texts = {
        "house_code": households.house_code,
        "tambon_code": households.tambon_code,
        "village_code": households.village_code,
    }
    texts |= {f"item_{item + 1:02d}": this.answers[:, item] for item in range(this.answers.shape[1])}
    size = np.bincount(this.members.household, minlength=len(households))
    numbers = {"member_persons": size.astype(object), "income_per_person_baht": this.income.astype(object)}
    return Table(texts, numbers, {"survey_date": (this.survey_date, None)})


def _household_member(town: Town, period: str) -> Table:
    """One row per person."""
    this = town.rounds[int(period)]
    people = this.members
    return Table(
        texts={
            "house_code": this.households.house_code[people.household],
            "person_id": people.person_id,
            "title": titles(people, this.ages),
            "first_name": names.first_names(people.is_muslim, people.is_male, people.name_family, people.name_spelling),
            "last_name": names.last_names(people.is_muslim, people.surname),
            "sex": np.where(people.is_male, "male", "female").astype(object),
            "relation": RELATIONS[people.relation],
            "education_level": living.schooling(this.ages, this.income[people.household], this.draws[:, 0]),
            "occupation": living.occupations(this.ages, this.draws[:, 1]),
        },
        numbers={"member_no": people.member_no.astype(object)},
        dates={"birth_date": (people.birth_date, people.birthday_known)},
    )


def _welfare_card(town: Town, period: str) -> Table:
    """One row per registrant."""
    register = town.rounds[int(period)].registrants
    people = register.persons
    status = np.where(register.is_validated, "validated", "not_validated").astype(object)
    return Table(
        texts={
            "person_id": people.person_id,
            "first_name": names.first_names(
                people.is_muslim, people.is_male, people.name_family, register.name_spelling
            ),
            "last_name": names.last_names(people.is_muslim, people.surname),
            "validation_status": status,
            "tambon_code": register.tambon_code,
        },
        dates={"registered_date": (register.registered_date, None)},
    )


FEEDS = (
    Feed("household_survey", "community_development", "จปฐ ครัวเรือน", each_year, _household_survey),
    Feed("household_member", "community_development", "จปฐ รายบุคคล", each_year, _household_member),
    Feed("welfare_card", "provincial_treasury", "บัตรสวัสดิการ", each_year, _welfare_card),
)
