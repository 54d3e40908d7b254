"""What the calendar really changes: a night on which none of this has changed is no reason for a new release."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from core.settings import settings
from ingestion.contracts.periods import BE_MINUS_CE, PeriodKind, period_bounds

# What a model may name in `meta.calendar`. The last two are no reason to open a release: such a model speaks of the
# release itself, or counts up to the day of whichever release there is.
CALENDAR_FACTS = ("year", "obligations", "day")
OF_THE_RELEASE = "release"
ITS_DAY = "release_day"
PERIODS_OF_A_YEAR: Mapping[str, tuple[str, ...]] = {
    "calendar_year": ("{}",),
    "fiscal_year": ("{}",),
    "academic_year": ("{}",),
    "survey_round": ("{}",),
    "fiscal_quarter": tuple(f"{{}}-Q{quarter}" for quarter in range(1, 5)),
    # Lists as of a day are owed for the last day of each fiscal quarter.
    "as_of_date": ("{}-03-31", "{}-06-30", "{}-09-30", "{}-12-31"),
    "calendar_month": tuple(f"{{}}-{month:02d}" for month in range(1, 13)),
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the agencies of a kind owe for every period that ends on or after `since`."""

    period_kind: str
    days_after_period: int  # until the grace is over
    since: date


def calendar_facts(as_of: date, obligations: Iterable[Obligation] | None = None) -> dict[str, str]:
    """The value of every calendar fact on a day.

    `obligations` is the last day, up to that one, on which a report began to be owed or became overdue; `year` is its
    calendar year; `day` the day itself, for models whose figures count days.
    """
    changes = (day for owed in obligations or read_obligations() for day in _changes(owed, as_of))
    last = max((day for day in changes if day <= as_of), default=None)
    return {"year": str(as_of.year), "obligations": last.isoformat() if last else "none", "day": as_of.isoformat()}


def read_obligations() -> list[Obligation]:
    """From the seed the models read."""
    path = settings().project_root / "dbt_project" / "seeds" / "generated" / "obligations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Obligation(
                row["period_kind"],
                int(row["due_days"]) + int(row["grace_days"]),
                date.fromisoformat(row["obligation_from"]),
            )
            for row in csv.DictReader(file)
        ]


def _changes(owed: Obligation, as_of: date) -> Iterator[date]:
    """Days on which a report of this obligation begins to be owed, and on which it becomes overdue."""
    patterns = PERIODS_OF_A_YEAR.get(owed.period_kind, ())  # meetings come round by no calendar
    for year in range(owed.since.year - 1, as_of.year + 2):
        for pattern in patterns:
            period = pattern.format(year + BE_MINUS_CE)
            _, last = period_bounds(cast(PeriodKind, owed.period_kind), period)
            if last >= owed.since:
                yield last + timedelta(days=1)
                yield last + timedelta(days=owed.days_after_period + 1)
