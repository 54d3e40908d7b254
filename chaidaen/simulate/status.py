"""People of a tambon without civil registration, how the proof of their status goes, and the number it ends with.

They are those whom the survey lists under a learner code or a number that begins with 0, and others whom no survey
reached, half of them without any number. Facts last: every list of every year tells the same of the same person.
"""

from dataclasses import dataclass

import numpy as np

from chaidaen.simulate.identifiers import Ints, Texts, person_ids
from chaidaen.simulate.people import BE, Bools, Dates, Floats, Persons
from chaidaen.simulate.town import Town

NOT_APPLIED = 9999
_LANE = "unregistered_person"
_OUTSIDERS_PER_HOUSEHOLD = 0.01
_ZERO, _LEARNER, _CITIZEN, _LAWFUL_ALIEN = 0, -1, 5, 8


@dataclass(frozen=True, slots=True)
class Applicants:
    """Columns of equal length. `everyone` is a person's place in `Town.everyone`, -1 outside the survey."""

    persons: Persons  # under the number before the proof, "" for none
    everyone: Ints
    later_id: Texts  # the number the proof ends with
    applied_year: Ints  # Buddhist; NOT_APPLIED for who never does
    granted_year: Ints  # NOT_APPLIED for who is never granted one
    is_dna: Bools  # proved by DNA rather than by witnesses
    day: Floats  # uniform, of the dates

    def __len__(self) -> int:
        return len(self.everyone)


def applicants(town: Town) -> Applicants:
    """All who are without civil registration at some time in the years of the town."""
    return town.once("applicants", lambda: _applicants(town))


def ids_in_use(town: Town, everyone: Ints, year_be: int) -> Texts:
    """What offices other than the survey know these of `Town.everyone` by in a year: after the grant the new number."""
    ids: Texts = town.everyone.person_id.copy()
    found = applicants(town)
    changed = (found.everyone >= 0) & (found.granted_year <= year_be)
    ids[found.everyone[changed]] = found.later_id[changed]
    return ids[everyone]


def day_in(year_be: int, draws: Floats) -> Dates:
    """A day of each Buddhist year's calendar year by a uniform number."""
    days: Dates = np.datetime64(f"{year_be - BE:04d}-01-01", "D") + (draws * 360).astype(np.int64)
    return days


def _applicants(town: Town) -> Applicants:
    rng = town.rng("status")
    members = np.flatnonzero(_first(town.everyone.person_id, "G0"))
    count = int(rng.poisson(town.household_count * _OUTSIDERS_PER_HOUSEHOLD))
    outsiders = town.newcomers(_LANE, count, ages=(1, 60))
    total = len(members) + count
    # The first `count` of the lane's numbers are the outsiders' own, the next are given by the proof.
    serials = town.serials(_LANE, count + total)
    province = town.place.province_code
    first = rng.choice([_ZERO, _LEARNER], count, p=[0.7, 0.3])
    outsiders.person_id = np.where(rng.random(count) < 0.5, "", person_ids(province, first, serials[:count]))
    applied = town.years[0] - 3 + rng.integers(0, 5, total)
    granted = applied + rng.integers(1, 6, total)
    never = rng.random(total)
    return Applicants(
        persons=Persons.concatenate([town.everyone.take(members), outsiders]),
        everyone=np.concatenate([members, np.full(count, -1)]),
        later_id=person_ids(
            province, rng.choice([_CITIZEN, _LAWFUL_ALIEN], total, p=[0.7, 0.3]), serials[count:]
        ),
        applied_year=np.where(never < 0.2, NOT_APPLIED, applied),
        granted_year=np.where(never < 0.45, NOT_APPLIED, granted),
        is_dna=rng.random(total) < 0.4,
        day=rng.random(total),
    )  # fmt: skip


def _first(ids: Texts, characters: str) -> Bools:
    found: Bools = np.isin(np.array([text[:1] for text in ids], dtype="U1"), list(characters))
    return found
