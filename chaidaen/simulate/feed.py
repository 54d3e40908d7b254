"""What an agency sends: a dataset, from whom, for which periods, and its rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town

Periods = Callable[[range, int], Sequence[str]]
Draw = Callable[..., np.random.Generator]  # by purpose, each a stream of its own


@dataclass(frozen=True, slots=True)
class Feed:
    """Rows that come about tambon by tambon. An agency of a province sends the rows of its tambon, a regional one all.

    `periods` tells which periods are sent, from the years (BE) and the number of months a year (`simulate.periods`).
    `table` gives one tambon's rows of one period; none are fine. It draws from `town.rng(…)` only, so that no feed
    shifts another's numbers.
    """

    dataset: str
    sender: str  # kind of agency
    file_name: str  # Thai; province and period follow it
    periods: Periods
    table: Callable[[Town, str], Table]


@dataclass(frozen=True, slots=True)
class AgencyFeed:
    """Rows that concern the agency as a whole: `table` takes the agency's id, the period and random numbers by purpose.

    What lasts is drawn from a purpose without the period, what is new has the period in its purpose.
    """

    dataset: str
    sender: str
    file_name: str
    periods: Periods
    table: Callable[[str, str, Draw], Table]
