"""Lists of people the centre works for: vulnerable people, people without civil registration, returnees, graduates.

Most are members of surveyed households under their real (invented) numbers, so that they can be found again; some are
outside the survey, some lists lack a number, some a house code, and a learner code becomes a number in time.
"""

import numpy as np

from chaidaen.simulate import names
from chaidaen.simulate.feed import Feed
from chaidaen.simulate.identifiers import Ints, Texts
from chaidaen.simulate.people import BE, RELATIONS, Bools, Dates, Floats, Persons, titles
from chaidaen.simulate.periods import each_month, each_quarter, each_year, fiscal_year
from chaidaen.simulate.places import tambon_of
from chaidaen.simulate.status import applicants, day_in, ids_in_use
from chaidaen.simulate.tables import NO_DAY, Table
from chaidaen.simulate.town import Round, Town
from ingestion.contracts.periods import period_bounds

_WITHOUT_NUMBER, _WITHOUT_HOUSE = 0.05, 0.15
_OUTSIDERS_PER_HOUSEHOLD = {"vulnerable_person": 0.02, "malaysia_returnee": 0.01, "graduate": 0.015}


def _people(town: Town, year: int, persons: Persons, ids: Texts, lasting: Floats) -> dict[str, Texts]:
    """Columns that every list has, of people in the round of a year; `lasting` (n, 2) decides what a list lacks."""
    here = town.round_of(year)
    homes, inside = persons.household, persons.household >= 0
    villages: Texts = np.array(town.place.villages or ("",), dtype=object)
    places = here.households
    house = np.where(inside, places.house_code[homes], "")
    return {
        "person_id": np.where(lasting[:, 0] < _WITHOUT_NUMBER, "", ids),
        "title": titles(persons, persons.ages(here.year)),
        "first_name": names.first_names(persons.is_muslim, persons.is_male, persons.name_family, persons.name_spelling),
        "last_name": names.last_names(persons.is_muslim, persons.surname),
        "sex": np.where(persons.is_male, "male", "female").astype(object),
        "house_code": np.where(lasting[:, 1] < _WITHOUT_HOUSE, "", house),
        "tambon_code": np.where(inside, places.tambon_code[homes], town.place.code),
        "village_code": np.where(
            inside, places.village_code[homes], villages[(lasting[:, 1] * len(villages)).astype(np.int64)]
        ),
    }


def _numbered(town: Town, count: int) -> Texts:
    return town.row_numbers(count, among=tambon_of([town.place.province_code]))


def _birth(persons: Persons) -> tuple[Dates, Bools]:
    return persons.birth_date, persons.birthday_known


def _lasting(town: Town, dataset: str, columns: int) -> Floats:
    """Uniform numbers of everyone that stay the same in every period; outsiders have rows of their own behind."""
    outsiders = _outsider_count(town, dataset)
    return town.once(
        f"{dataset} {columns}", lambda: town.rng(dataset, "lasting").random((len(town.everyone) + outsiders, columns))
    )


def _outsider_count(town: Town, dataset: str) -> int:
    return int(town.household_count * _OUTSIDERS_PER_HOUSEHOLD[dataset] + town.rng(dataset, "outsiders").random())


def _candidates(town: Town, dataset: str, here: Round, ages: tuple[int, int]) -> tuple[Persons, Ints, Texts]:
    """Members of the round, then the outsiders: who they are, their row among the lasting numbers, their numbers."""
    count = _outsider_count(town, dataset)
    outsiders = town.newcomers(dataset, count, ages)
    rows = np.concatenate([here.there, len(town.everyone) + np.arange(count)])
    ids = np.concatenate([ids_in_use(town, here.there, here.year), outsiders.person_id])
    return Persons.concatenate([here.members, outsiders]), rows, ids


def _poor(town: Town, year: int, persons: Persons) -> Bools:
    """From a poor household; outsiders are taken for poor."""
    poor: Bools = np.where(persons.household >= 0, town.households_poor(year)[persons.household], True)
    return poor


def _picked(draw: Floats, codes: list[str], shares: list[float]) -> Texts:
    """A code for each uniform number."""
    chosen: Texts = np.array(codes, dtype=object)[np.searchsorted(np.cumsum(shares[:-1]), draw, side="right")]
    return chosen


# ------------------------------------------------------------------------------------------------- vulnerable people

_GROUPS = [
    "orphaned_child", "lone_mother", "elderly", "disabled", "bedridden", "chronically_ill", "destitute",
    "no_civil_status", "affected_by_unrest", "affected_by_drugs", "out_of_work",
]  # fmt: skip
_NEEDS = [
    "none", "money", "food_and_goods", "housing", "health_care", "carer", "education", "work", "status_and_rights",
    "protection",
]  # fmt: skip
_NEED_SHARES = [.08, .34, .12, .10, .14, .06, .06, .06, .02, .02]  # fmt: skip


def _vulnerable_person(town: Town, period: str) -> Table:
    """The list as it stands at the end of the quarter, one row per person and group."""
    year, quarter = fiscal_year(period), int(period[-1])
    here = town.round_of(year)
    persons, rows, ids = _candidates(town, "vulnerable_person", here, (18, 85))
    groups = len(_GROUPS)
    lasting = _lasting(town, "vulnerable_person", 2 * groups + 4)[rows]
    # Who gets into a list does so in some quarter, and stays.
    since = (town.years[0] * 4 - 12 + lasting[:, 2 * groups] * 16).astype(np.int64)
    there = (lasting[:, :groups] < _chances(town, here, persons)) & (since <= year * 4 + quarter)[:, None]
    who, group = np.nonzero(there)
    of_group = lasting[who, groups + group]  # a uniform number for each person and group
    elapsed = year * 4 + quarter - since[who]
    need = _picked(of_group, _NEEDS, _NEED_SHARES)
    care = _care(lasting[who, 2 * groups + 1], elapsed, need)
    has_care = np.isin(care, ("received", "continuing"))
    people = persons.take(who)
    day = np.datetime64(period_bounds("fiscal_quarter", period)[0], "D") + (of_group * 85).astype(np.int64)
    texts = _people(town, year, people, ids[who], lasting[who][:, -2:]) | {
        "group_code": np.array(_GROUPS, dtype=object)[group],
        "main_need": need,
        "second_need": np.where((of_group * 97) % 1 < 0.25, "health_care", "").astype(object),
        "care_status": care,
        "care_kind": np.where(has_care, np.where(need == "none", "money", need), "").astype(object),
    }
    dates = {"birth_date": _birth(people), "care_date": (np.where(has_care, day, NO_DAY), None)}
    return Table(texts, {"record_no": _numbered(town, len(people))}, dates)


def _chances(town: Town, here: Round, persons: Persons) -> Floats:
    """How likely each person is of each group, shape (persons, groups)."""
    ages, inside = persons.ages(here.year), persons.household >= 0
    household = persons.household
    poor = _poor(town, here.year, persons)
    disabled = inside & town.living.has_disabled[household]
    ill = inside & town.living.has_chronically_ill[household]
    relation = RELATIONS[persons.relation]
    has_no_status = np.array([text[:1] in {"0", "G"} for text in persons.person_id], dtype=np.bool_)
    grown = (ages >= 18) & (ages < 60)
    head = inside & (relation == "head")
    return np.column_stack([
        np.where((ages >= 1) & (ages < 18) & np.isin(relation, ("grandchild", "other_relative")), .25, 0),
        np.where(head & ~persons.is_male & grown, .30, 0),
        np.where((ages >= 60) & poor, .50, 0),
        np.where(disabled & (ages >= 1), .28, 0),
        np.where(ages >= 75, .08, 0),
        np.where(ill & (ages >= 30), .12, 0),
        np.where(~inside, .60, np.where(head & poor, .02, 0)),
        np.where(has_no_status & (ages >= 1), .50, 0),
        np.where(ages >= 1, .004, 0),
        np.where(persons.is_male & (ages >= 15) & (ages < 45), .006, 0),
        np.where(grown, np.where(poor, .04, .008), 0),
    ])  # fmt: skip


def _care(draw: Floats, elapsed: Ints, need: Texts) -> Texts:
    """Care comes with the quarters; a third never gets any."""
    care = np.select(
        [draw < 0.34, elapsed < draw * 4, draw < 0.55, draw < 0.92], ["none", "referred", "continuing", "received"],
        default="",
    )  # fmt: skip
    result: Texts = np.where(need == "none", "none", care).astype(object)
    return result


# --------------------------------------------------------------------------------------- without civil registration


def _unregistered_person(town: Town, period: str) -> Table:
    """The list at the end of the year: who was granted a status in it is on it for the last time."""
    year = int(period)
    found = applicants(town)
    present = (found.everyone < 0) | np.isin(found.everyone, town.round_of(year).there)
    chosen = np.flatnonzero(present & (found.granted_year >= year) & (found.persons.ages(year) >= 1))
    persons, day = found.persons.take(chosen), found.day[chosen]
    is_granted = found.granted_year[chosen] == year
    has_applied = found.applied_year[chosen] <= year
    has_waited = found.applied_year[chosen] < year
    stage = np.select(
        [is_granted, ~has_applied, ~has_waited, found.is_dna[chosen]], ["granted", "not_applied", "application", "dna"],
        default="witness",
    )  # fmt: skip
    lasting = town.once("unregistered_person", lambda: town.rng("unregistered_person").random((len(found), 2)))[chosen]
    texts = _people(town, year, persons, persons.person_id, lasting)
    texts |= {
        "person_id": np.where(is_granted, found.later_id[chosen], persons.person_id),
        "earlier_person_id": np.where(is_granted, persons.person_id, ""),
        "document_kind": np.where(
            is_granted, _documents(found.later_id[chosen], lasting[:, 0]), _documents(persons.person_id, lasting[:, 0])
        ),
        "proof_stage": stage.astype(object),
    }
    applied = np.full(len(chosen), NO_DAY)
    for known in np.unique(found.applied_year[chosen][has_applied]).tolist():
        of_year = found.applied_year[chosen] == known
        applied[of_year] = day_in(known, day[of_year])
    dates = {
        "birth_date": _birth(persons),
        "application_date": (applied, None),
        "granted_date": (np.where(is_granted, day_in(year, day), NO_DAY), None),
    }
    return Table(texts, {"record_no": _numbered(town, len(chosen))}, dates)


def _documents(ids: Texts, draw: Floats) -> Texts:
    first = np.array([text[:1] for text in ids], dtype="U1")
    kinds: Texts = np.select(
        [first == "G", first == "0", first == "8", first == "5"],
        ["learner_code", "no_status_card", "alien_card", "citizen_card"],
        default=np.where(draw < 0.6, "none", "birth_paper"),
    ).astype(object)  # fmt: skip
    return kinds


# --------------------------------------------------------------------------------------------------------- returnees

_CROSSINGS = [
    "sungai_kolok",
    "sadao",
    "padang_besar",
    "betong",
    "tak_bai",
    "buketa",
    "wang_prachan",
    "unofficial",
    "airport",
]
_CROSSINGS_NEAR = {
    "90": [.06, .52, .30, .02, .01, .01, .03, .03, .02],
    "91": [.02, .15, .20, .01, .01, .01, .54, .04, .02],
    "94": [.42, .22, .16, .06, .04, .02, .01, .05, .02],
    "95": [.30, .16, .08, .36, .02, .02, .01, .03, .02],
    "96": [.60, .06, .04, .02, .14, .07, .00, .06, .01],
}  # fmt: skip
_WORK_THERE = ["restaurant", "plantation", "construction", "fishery", "trade", "services", "factory", "none", "other"]
_WORK_THERE_SHARES = [.52, .10, .09, .06, .06, .07, .03, .05, .02]  # fmt: skip
_SKILLS = {
    "restaurant": "ทำอาหาร", "plantation": "กรีดยาง", "construction": "งานปูน", "fishery": "งานเรือประมง",
    "trade": "ค้าขาย", "services": "ขับรถ", "factory": "ควบคุมเครื่องจักร",
}  # fmt: skip
_RETURN_SHARE = 0.0025  # of grown-ups up to 55, in a month


def _malaysia_returnee(town: Town, period: str) -> Table:
    """Who came back in the month."""
    year = fiscal_year(period)
    here = town.round_of(year)
    persons, rows, ids = _candidates(town, "malaysia_returnee", here, (18, 50))
    rng, ages = town.rng("malaysia_returnee", period), persons.ages(here.year)
    chance = np.where((ages >= 19) & (ages < 55), np.where(persons.is_muslim, 2, 0.4) * _RETURN_SHARE, 0)
    chance[persons.household < 0] = 0.08
    who = np.flatnonzero(rng.random(len(persons)) < chance)
    people, draws = persons.take(who), rng.random((len(who), 5))
    work = _picked(draws[:, 0], _WORK_THERE, _WORK_THERE_SHARES)
    wants = _picked(
        draws[:, 1], ["work", "training", "own_business", "return", "nothing"], [0.40, 0.16, 0.12, 0.26, 0.06]
    )
    is_served = np.isin(wants, ("work", "training", "own_business"))
    placement = np.where(
        is_served & (draws[:, 2] < 0.4), np.where(wants == "work", "placed", "in_training"),
        np.where(draws[:, 2] > 0.95, "", "not_placed"),
    )  # fmt: skip
    back = np.datetime64(period_bounds("calendar_month", period)[0], "D") + (draws[:, 3] * 28).astype(np.int64)
    texts = _people(town, year, people, ids[who], _lasting(town, "malaysia_returnee", 2)[rows[who]]) | {
        "crossing_point": _picked(draws[:, 4], _CROSSINGS, _CROSSINGS_NEAR[town.place.province_code]),
        "occupation_there": work,
        "skills": np.array([_SKILLS.get(one, "") for one in work], dtype=object),
        "wants": wants,
        "placement": placement.astype(object),
    }
    placed = np.where(np.isin(placement, ("placed", "in_training")), back + 14, NO_DAY)
    dates = {"birth_date": _birth(people), "return_date": (back, None), "placed_date": (placed, None)}
    return Table(texts, {"record_no": _numbered(town, len(people))}, dates)


# --------------------------------------------------------------------------------------------------------- graduates

_FIELDS = ["การบัญชี", "คอมพิวเตอร์ธุรกิจ", "อิสลามศึกษา", "การศึกษาปฐมวัย", "พยาบาลศาสตร์", "ช่างยนต์", "รัฐศาสตร์", "เกษตรศาสตร์"]
_SCHOOLS = {"degree": "มหาวิทยาลัย (สมมติ)", "trade": "วิทยาลัยอาชีวศึกษา (สมมติ)", "school": "โรงเรียน (สมมติ)"}


def _graduate(town: Town, period: str) -> Table:
    """Who finished a level in the academic year."""
    year = int(period)
    here = town.round_of(year)
    persons, rows, ids = _candidates(town, "graduate", here, (18, 25))
    lasting, ages = _lasting(town, "graduate", 6)[rows], persons.ages(year)
    draw = lasting[:, 0]
    finishes = np.select(
        [ages == 15, ages == 18, ages == 20, ages == 22, ages == 26],
        [draw < .85, draw < .75, draw < .22, draw < .34, draw < .02],
    ).astype(np.bool_)  # fmt: skip
    who = np.flatnonzero(finishes)
    people, ages, lasting = persons.take(who), ages[who], lasting[who]
    school = _picked(lasting[:, 1], ["upper_secondary", "vocational_certificate", "religious"], [0.66, 0.22, 0.12])
    level = np.select(
        [ages == 15, ages == 18, ages == 20, ages == 22], ["lower_secondary", school, "diploma", "bachelor"],
        default="postgraduate",
    )  # fmt: skip
    status = np.where(
        ages <= 18,
        _picked(lasting[:, 2], ["studying", "working", "seeking_work", "not_seeking"], [.78, .08, .10, .04]),
        _picked(lasting[:, 2], ["working", "seeking_work", "studying", "not_seeking"], [.38, .46, .10, .06]),
    )  # fmt: skip
    helped = _picked(
        lasting[:, 3],
        ["none", "job_matching", "training", "paid_work", "start_up_fund"],
        [0.64, 0.16, 0.10, 0.08, 0.02],
    )
    in_degree, in_trade = (
        np.isin(level, ("bachelor", "postgraduate")),
        np.isin(level, ("diploma", "vocational_certificate")),
    )
    field = np.array(_FIELDS, dtype=object)[(lasting[:, 3] * 997).astype(np.int64) % len(_FIELDS)]
    asked = np.datetime64(f"{year - BE + 1:04d}-03-01", "D") + (lasting[:, 4] * 28).astype(np.int64)
    texts = _people(town, year, people, ids[who], lasting[:, -2:]) | {
        "level": level.astype(object),
        "institution": np.where(
            in_degree, _SCHOOLS["degree"], np.where(in_trade, _SCHOOLS["trade"], _SCHOOLS["school"])
        ).astype(object),
        "field_of_study": np.where(in_degree | in_trade, field, "").astype(object),
        "current_status": status.astype(object),
        "help_received": np.where(status == "seeking_work", helped, "none").astype(object),
    }
    dates = {"birth_date": _birth(people), "asked_date": (asked, None)}
    return Table(texts, {"record_no": _numbered(town, len(people))}, dates)


FEEDS: tuple[Feed, ...] = (
    Feed("vulnerable_person", "social_development", "กลุ่มเปราะบาง", each_quarter, _vulnerable_person),
    Feed("unregistered_person", "registration_office", "บุคคลไม่มีสถานะทางทะเบียน", each_year, _unregistered_person),
    Feed("malaysia_returnee", "employment_office", "ผู้กลับจากมาเลเซีย", each_month, _malaysia_returnee),
    Feed("graduate", "education_office", "ผู้สำเร็จการศึกษา", each_year, _graduate),
)
