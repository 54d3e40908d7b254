"""One tambon over all survey rounds: who lives there, what changes, and the three tables of each round."""

from collections.abc import Iterator

import numpy as np

from chaidaen.simulate import living as live
from chaidaen.simulate import people, tables
from chaidaen.simulate.people import Counter
from chaidaen.simulate.places import Tambon, tambon_of
from chaidaen.simulate.tables import CardHolding, Round, Table

_OUTSIDERS_PER_HOUSEHOLD = 0.15


def simulate_rounds(
    place: Tambon, count: int, *, years: range, counter: Counter, rng: np.random.Generator
) -> Iterator[tuple[int, dict[str, Table]]]:
    """Tables by dataset of each round (Buddhist years, in order) of `count` households of the tambon."""
    nearby = tuple(t for t in tambon_of([place.province_code]) if t.amphoe_code == place.amphoe_code)
    households, everyone = people.settle(
        place, count, first_year=years[0], periods=len(years), counter=counter, rng=rng
    )
    strangers = people.outsiders(
        place, int(rng.poisson(count * _OUTSIDERS_PER_HOUSEHOLD)), first_year=years[0], counter=counter, rng=rng
    )
    living = live.begin(place, count, rng)
    draws = rng.random((len(everyone), 2))
    cards, strangers_cards = CardHolding.begin(len(everyone), rng), CardHolding.begin(len(strangers), rng)
    for number, year in enumerate(years):
        if number:
            live.go_on(living, rng)
            people.move_some(households, nearby, counter, rng)
        there = np.flatnonzero(everyone.present(number))
        this = Round.of(year, households, everyone.take(there), live.incomes(living))
        cards_there = cards.take(there)
        holders = np.flatnonzero(cards_there.registered(this.members, this.ages, this.income))
        registrants = tables.Registrants(
            persons=people.Persons.concatenate([this.members.take(holders), strangers]),
            tambon_code=np.concatenate(
                [households.tambon_code[this.members.household[holders]], np.full(len(strangers), place.code, object)]
            ),
            is_validated=np.concatenate([cards_there.take(holders).validated(), strangers_cards.validated()]),
        )
        yield (
            year,
            {
                "household_survey": tables.household_survey(this, living, rng),
                "household_member": tables.household_member(this, draws[there]),
                "welfare_card": tables.welfare_card(registrants, year, rng),
            },
        )
