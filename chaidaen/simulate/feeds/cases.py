"""One official, one poor household: lists of who looks after whom, monthly visits, and help by several agencies.

Most target-poor households get an official and visits, some are late or never come; help reaches many, some twice in a
month from two agencies, and a lasting share of those in need nobody helps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chaidaen.simulate.feed import Feed
from chaidaen.simulate.identifiers import Ints, Texts, house_codes, person_ids
from chaidaen.simulate.people import BE, Bools, Dates, Floats
from chaidaen.simulate.periods import each_month, each_quarter_end, fiscal_month, fiscal_year
from chaidaen.simulate.places import all_tambon
from chaidaen.simulate.status import ids_in_use
from chaidaen.simulate.tables import NO_DAY, Table
from chaidaen.simulate.town import Town
from ingestion.contracts.periods import period_bounds

_NEVER = 9999
_SHARE_LOOKED_AFTER, _SHARE_OF_POOR_LOOKED_AFTER = 0.8, 0.05
_SHARE_REPLACED, _DAYS_UNTIL_REPLACED = 0.06, 200
_OUTSIDE_THE_SURVEY_PER_HOUSEHOLD = 0.002
_SHARE_VISITED_WHEN_DUE, _DAYS_BETWEEN_VISITS = 0.7, 30
_SHARE_NEGLECTED = 0.25  # of the poor: nobody ever helps them
_SHARE_HELPED_TWICE = 0.02  # of the poor, in a month: cash by two agencies
_SHARE_GIVEN_TO_A_PERSON, _SHARE_OF_STRANGERS = 0.25, 0.05
_HELPED_IN_A_MONTH = {True: 0.06, False: 0.003}  # of poor and other households, by one agency
_AGENCIES = np.array(
    ["amphoe_office", "community_development", "local_government", "education_office", "public_health", "sbpac"],
    dtype=object,
)
_OUTCOMES = np.array(["met", "absent", "moved_away", "declined"], dtype=object)
_STAGES = np.array(["survival", "sufficient", "sustainable"], dtype=object)
_SOURCES = np.array(["agency_budget", "integrated_plan", "fund", "donation", "local_budget"], dtype=object)
_DIMENSIONS = {"health": 0.3, "living": 0.4, "education": 0.25, "income": 0.7, "access": 0.15}
# What each sender gives, with a usual value in baht.
_GIVES: dict[str, dict[str, int]] = {
    "sbpac": {"cash": 3000, "livelihood": 8000, "housing": 40000},
    "social_development": {"cash": 3000, "supplies": 800, "assistive_device": 5000, "welfare_right": 0},
    "community_development": {"livelihood": 6000, "training": 1500},
    "employment_office": {"job_placement": 0, "training": 2500},
    "education_office": {"scholarship": 2000, "supplies": 500},
}
_GIVE_THE_SAME = ("sbpac", "social_development")


@dataclass(frozen=True, slots=True)
class _Care:
    """Lasting facts per household of a town; officials by their place in `official_id`."""

    first_year: Ints  # fiscal year in which somebody takes over, _NEVER if nobody does
    start: Dates
    official: Ints
    replaced_by: Ints  # -1 when nobody else takes over
    progress: Floats  # 0…1: how far the household comes
    is_neglected: Bools
    official_id: Texts
    official_agency: Texts
    outside: Texts  # house codes of households on the list that no survey knows

    @property
    def replaced(self) -> Dates:
        """First day of the second official."""
        return np.where(self.replaced_by >= 0, self.start + _DAYS_UNTIL_REPLACED, NO_DAY)


def _care(town: Town) -> _Care:
    return town.once("care", lambda: _begin(town))


def _begin(town: Town) -> _Care:
    count, rng = town.household_count, town.rng("assignment")
    wish, first_year = rng.random(count), np.full(count, _NEVER)
    for year in reversed(town.years):
        taken = (town.households_target(year) & (wish < _SHARE_LOOKED_AFTER)) | (
            town.households_poor(year) & (wish > 1 - _SHARE_OF_POOR_LOOKED_AFTER)
        )
        first_year[taken] = year
    officials = count // 30 + 2
    october = (np.minimum(first_year, town.years[-1]) - BE - 1 - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    start = (october + 9).astype("datetime64[D]") + rng.integers(0, 80, count)
    official = rng.integers(0, officials, count)
    is_replaced = rng.random(count) < _SHARE_REPLACED
    province = town.place.province_code
    return _Care(
        first_year=first_year,
        start=start,
        official=official,
        replaced_by=np.where(is_replaced, (official + 1) % officials, -1),
        progress=rng.random(count),
        is_neglected=rng.random(count) < _SHARE_NEGLECTED,
        official_id=person_ids(province, np.full(officials, 3), town.serials("official", officials)),
        official_agency=rng.choice(_AGENCIES, officials),
        outside=_outside(town, rng),
    )


def _outside(town: Town, rng: np.random.Generator) -> Texts:
    count = int(rng.binomial(town.household_count, _OUTSIDE_THE_SURVEY_PER_HOUSEHOLD))
    return house_codes(town.place.province_code, town.serials("household_assignment", count))


def _days_of(period: str, rng: np.random.Generator, count: int) -> Dates:
    """Days of a month, 2564-12."""
    first, last = period_bounds("calendar_month", period)
    days: Dates = np.datetime64(first, "D") + rng.integers(0, last.day, count)
    return days


def _places(town: Town, period: str, at: Ints) -> dict[str, Texts]:
    """House code and tambon of households as the survey of the period's calendar year knows them."""
    households = town.round_of(int(period[:4])).households
    return {"house_code": households.house_code[at], "tambon_code": households.tambon_code[at]}


def _household_assignment(town: Town, period: str) -> Table:
    """One row per household and official who has begun by the day of the list."""
    care, day = _care(town), np.datetime64(period_bounds("as_of_date", period)[0], "D")
    first = np.flatnonzero((care.first_year <= fiscal_year(period)) & (care.start <= day))
    replaced = care.replaced[first] <= day
    second = first[replaced]
    at = np.concatenate([first, second])
    who = np.concatenate([care.official[first], care.replaced_by[second]])
    end = np.concatenate([np.where(replaced, care.replaced[first] - 1, NO_DAY), np.full(len(second), NO_DAY)])
    start = np.concatenate([care.start[first], care.replaced[second]])
    places = _places(town, period, at)
    new = len(care.outside) if len(at) else 0
    outside = np.arange(new) % max(len(care.official_id), 1)
    return Table(
        texts={
            "house_code": np.concatenate([places["house_code"], care.outside[:new]]),
            "tambon_code": np.concatenate([places["tambon_code"], np.full(new, town.place.code, object)]),
            "official_id": care.official_id[np.concatenate([who, outside])],
            "official_agency": care.official_agency[np.concatenate([who, outside])],
            "assignment_status": np.where(
                np.isnat(np.concatenate([end, np.full(new, NO_DAY)])), "active", "ended"
            ).astype(object),
        },
        dates={
            "start_date": (np.concatenate([start, np.full(new, care.start.min() if new else NO_DAY)]), None),
            "end_date": (np.concatenate([end, np.full(new, NO_DAY)]), None),
        },
    )


def _household_visit(town: Town, period: str) -> Table:
    """Every month a visit is due; some are not made, and so become overdue."""
    care, rng = _care(town), town.rng("visit", period)
    months = (fiscal_year(period) - care.first_year) * 12 + fiscal_month(period) - 1
    made = rng.random(town.household_count) < _SHARE_VISITED_WHEN_DUE
    visited = rng.permuted(_days_of(period, rng, town.household_count))
    due = (care.first_year <= fiscal_year(period)) & (care.start <= visited)
    at = np.flatnonzero(due & made)
    day, count = visited[at], len(at)
    who = np.where(care.replaced[at] <= day, care.replaced_by[at], care.official[at])
    outcome = rng.choice(_OUTCOMES, count, p=[0.92, 0.06, 0.01, 0.01])
    is_met = outcome == "met"
    reached = np.clip(care.progress[at] * 2 + months[at] / 24 - 0.5, 0, 2.99).astype(np.int64)
    is_not_poor = care.progress[at] > 0.97
    texts = {
        **_places(town, period, at),
        "official_id": care.official_id[who],
        "visit_outcome": outcome,
        "living_stage": np.where(is_met, _STAGES[reached], ""),
        "is_not_poor": np.where(is_met, np.where(is_not_poor, "true", "false"), ""),
        "help_planned_1": np.where(is_met, rng.choice(_kinds_of("sbpac"), count), ""),
        "help_planned_2": np.where(
            is_met & (rng.random(count) < 0.3), rng.choice(_kinds_of("social_development"), count), ""
        ),
    }
    for dimension, share in _DIMENSIONS.items():
        texts[f"has_{dimension}_problem"] = np.where(is_met, np.where(rng.random(count) < share, "true", "false"), "")
    following = np.where(np.isin(outcome, ["met", "absent"]), day + _DAYS_BETWEEN_VISITS, NO_DAY)
    return Table(
        texts={name: values.astype(object) for name, values in texts.items()},
        numbers={"visit_no": (months[at] + 1).astype(object)},
        dates={"visit_date": (day, None), "next_visit_date": (following, None)},
    )


def _kinds_of(sender: str) -> Texts:
    return np.array(list(_GIVES[sender]), dtype=object)


def _assistance(sender: str) -> Callable[[Town, str], Table]:
    """What one kind of agency gives in a month."""

    def table(town: Town, period: str) -> Table:
        care, rng = _care(town), town.rng("assistance", sender, period)
        poor = town.households_poor(fiscal_year(period))
        chance = np.where(poor, _HELPED_IN_A_MONTH[True], _HELPED_IN_A_MONTH[False])
        helped = (rng.random(len(poor)) < chance) & ~(poor & care.is_neglected)
        own = np.flatnonzero(helped)
        same = _given_the_same(town, period) if sender in _GIVE_THE_SAME else own[:0]
        at = np.concatenate([own, same])
        kinds = _kinds_of(sender)
        kind = np.concatenate([rng.choice(kinds, len(own)), np.full(len(same), "cash", dtype=object)])
        return _helps(town, period, sender, at=at, kind=kind, rng=rng)

    return table


def _given_the_same(town: Town, period: str) -> Ints:
    """Poor households that two agencies give cash in one month, neither knowing of the other."""
    care, rng = _care(town), town.rng("assistance", "the same", period)
    poor = town.households_poor(fiscal_year(period)) & ~care.is_neglected
    return np.flatnonzero(poor & (rng.random(len(poor)) < _SHARE_HELPED_TWICE))


def _helps(town: Town, period: str, sender: str, *, at: Ints, kind: Texts, rng: np.random.Generator) -> Table:
    """One row per help to the households `at`; some name a member, and a few somebody whom no survey knows."""
    places, heads = _places(town, period, at), _heads(town, int(period[:4]))[at]
    by_person = (rng.random(len(at)) < _SHARE_GIVEN_TO_A_PERSON) & (heads != "")
    strangers = int(rng.binomial(len(at), _SHARE_OF_STRANGERS))
    unknown = person_ids(town.place.province_code, np.full(strangers, 3), town.serials("assistance", strangers))
    kind = np.concatenate([kind, rng.choice(_kinds_of(sender), strangers)])
    count = len(at) + strangers
    value = np.array([_GIVES[sender][one] for one in kind], dtype=np.int64)
    amount = ((value * rng.lognormal(0, 0.3, count) / 100).astype(np.int64) * 100).astype(object)
    amount[value == 0] = None
    texts = {
        "recipient_kind": np.concatenate([np.where(by_person, "person", "household"), np.full(strangers, "person")]),
        "house_code": np.concatenate([np.where(by_person, "", places["house_code"]), np.full(strangers, "", object)]),
        "person_id": np.concatenate([np.where(by_person, heads, ""), unknown]),
        "tambon_code": np.concatenate([places["tambon_code"], np.full(strangers, town.place.code, object)]),
        "assistance_kind": kind,
        "money_source": rng.choice(_SOURCES, count),
    }
    return Table(
        texts={name: values.astype(object) for name, values in texts.items()},
        numbers={
            "record_no": town.row_numbers(count, among=all_tambon()),
            "amount_baht": amount,
        },
        dates={"given_date": (_days_of(period, rng, count), None)},
    )


def _heads(town: Town, year: int) -> Texts:
    """A grown-up of each household with a citizen's number, "" where there is none."""
    here = town.round_of(year)
    ids = ids_in_use(town, here.there, here.year)
    fit = np.flatnonzero((here.ages >= 18) & np.isin([text[:1] for text in ids], list("12345")))
    heads: Texts = np.full(len(here.households), "", dtype=object)
    heads[here.members.household[fit[::-1]]] = ids[fit[::-1]]
    return heads


FEEDS = (
    Feed("household_assignment", "sbpac", "ผู้ดูแลครัวเรือนยากจน", each_quarter_end, _household_assignment),
    Feed("household_visit", "sbpac", "บันทึกเยี่ยมครัวเรือนยากจน", each_month, _household_visit),
    *(Feed("assistance", sender, "ความช่วยเหลือ", each_month, _assistance(sender)) for sender in _GIVES),
)
