"""Observations of indicators: a sample of households by the national index, and what services each tambon has."""

from functools import cache

import numpy as np

from chaidaen.simulate.feed import Feed
from chaidaen.simulate.identifiers import Ints, Texts
from chaidaen.simulate.people import Bools, Floats
from chaidaen.simulate.periods import each_year
from chaidaen.simulate.places import all_tambon, reference_rows
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town

_SAMPLED_SHARE = 0.05
_DEPRIVED_SHARE = 0.16  # of households in one indicator, at middling income
_PULL_OF_INCOME = 0.9  # log-odds for one standard deviation of income
_MIDDLING_INCOME_BAHT = 70_000
_NOT_APPLICABLE_SHARE = {"late_school_attendance": 0.55, "living_with_parents": 0.5, "pension": 0.6}
# Of a tambon: how much of each service it has, from the best to the worst.
_SERVICES = {"water_months": (12.0, 7.0), "clinic_km": (0.5, 18.0), "internet_pct": (96.0, 25.0)}


@cache
def _indicators(scheme: str) -> tuple[str, ...]:
    return tuple(row["indicator_id"] for row in reference_rows("observation_indicators") if row["scheme_id"] == scheme)


def _households(town: Town, period: str) -> Table:
    """A sample of households, the same in every year, and an answer of each to every indicator."""
    this = town.rounds[int(period)]
    indicators = _indicators("national_mpi")
    size: Ints = np.bincount(this.members.household, minlength=len(this.households))
    is_sampled: Bools = town.rng("observations", "sample").random(town.household_count)[: len(size)] < _SAMPLED_SHARE
    chosen = np.flatnonzero(is_sampled & (size > 0))
    deprived = _answers(town, this.income[chosen], chosen, indicators)
    rows = len(chosen) * len(indicators)
    return Table(
        texts={
            "scheme_id": np.full(rows, "national_mpi", dtype=object),
            "indicator_id": np.tile(np.array(indicators, dtype=object), len(chosen)),
            "unit_kind": np.full(rows, "household", dtype=object),
            "house_code": np.repeat(this.households.house_code[chosen], len(indicators)),
            "tambon_code": np.repeat(this.households.tambon_code[chosen], len(indicators)),
            "village_code": np.repeat(this.households.village_code[chosen], len(indicators)),
            "deprived": deprived.ravel(),
        },
        numbers={
            "record_no": town.row_numbers(rows, among=all_tambon()),
            "weight": np.repeat(size[chosen], len(indicators)).astype(object),
        },
    )


def _answers(town: Town, income: Ints, chosen: Ints, indicators: tuple[str, ...]) -> Texts:
    """yes, no or not_applicable, (households, indicators); a household's luck lasts, its income does not."""
    shape = (town.household_count, len(indicators))
    luck = town.rng("observations", "luck").random(shape)[chosen]
    concern = town.rng("observations", "concern").random(shape)[chosen]
    above = np.log(income / _MIDDLING_INCOME_BAHT) / 0.5
    odds = np.log(_DEPRIVED_SHARE / (1 - _DEPRIVED_SHARE)) - _PULL_OF_INCOME * above
    answers: Texts = np.where(luck < 1 / (1 + np.exp(-odds))[:, None], "yes", "no").astype(object)
    for place, indicator in enumerate(indicators):
        answers[concern[:, place] < _NOT_APPLICABLE_SHARE.get(indicator, 0), place] = "not_applicable"
    return answers


def _services(town: Town, period: str) -> Table:
    """Four observations of the tambon itself: three measured, one answered; the same in every year."""
    del period
    indicators = _indicators("tambon_services")
    luck: Floats = town.rng("observations", "services").random(len(indicators)) ** 2
    values = [
        round(_SERVICES[name][0] + (_SERVICES[name][1] - _SERVICES[name][0]) * float(draw), 1)
        if name in _SERVICES
        else None
        for name, draw in zip(indicators, luck, strict=True)
    ]
    answers = [
        "" if name in _SERVICES else "yes" if draw > 0.5 else "no" for name, draw in zip(indicators, luck, strict=True)
    ]
    rows = len(indicators)
    return Table(
        texts={
            "scheme_id": np.full(rows, "tambon_services", dtype=object),
            "indicator_id": np.array(indicators, dtype=object),
            "unit_kind": np.full(rows, "area", dtype=object),
            "tambon_code": np.full(rows, town.place.code, dtype=object),
            "deprived": np.array(answers, dtype=object),
        },
        numbers={"record_no": town.row_numbers(rows, among=all_tambon()), "value": np.array(values, dtype=object)},
    )


FEEDS = (
    Feed("indicator_observation", "social_development", "ผลสำรวจรายตัวชี้วัด", each_year, _households),
    Feed("indicator_observation", "sbpac_strategy", "บริการพื้นฐานรายตำบล", each_year, _services),
)
