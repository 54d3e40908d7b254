"""Invented problems, incidents and complaints go on from period to period, and show every code there is."""

from functools import cache, partial

import numpy as np
import pytest

from chaidaen.simulate.feeds.declared import FEEDS
from chaidaen.simulate.outputs import offices
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table
from ingestion.contracts import load_contract

YEARS, MONTHS = range(2564, 2566), 2
LASTING = {
    "community_problem": ("problem_no", "tambon_code", "problem_kind", "severity"),
    "complaint": ("complaint_no", "tambon_code", "category", "channel"),
}


@cache
def sent(dataset: str) -> dict[tuple[str, str], Table]:
    """Tables by agency and period, earlier periods first."""
    return {
        (office.agency_id, period): feed.table(
            office.agency_id, period, partial(stream, 1, "agency", dataset, office.agency_id)
        )
        for feed in FEEDS
        if feed.dataset == dataset
        for office in offices(feed.sender)
        for period in feed.periods(YEARS, MONTHS)
    }


@pytest.mark.parametrize("dataset", ["community_problem", "security_incident", "complaint"])
def test_every_code_is_shown_in_two_periods_a_year(dataset: str) -> None:
    for column in load_contract(dataset).columns:
        if column.codes:
            seen = {value for table in sent(dataset).values() for value in table.texts[column.name]}
            assert seen == {code.value for code in column.codes}, column.name


@pytest.mark.parametrize("dataset", LASTING)
def test_what_has_a_number_is_the_same_thing_whenever_it_is_told_of(dataset: str) -> None:
    known: dict[tuple[str, str], tuple[str, ...]] = {}
    told_again = 0
    for (agency, _), table in sent(dataset).items():
        number, *rest = (table.texts[name] for name in LASTING[dataset])
        assert len(set(number)) == len(number)
        for one, *what in zip(number, *rest, strict=True):
            told_again += (agency, one) in known
            assert known.setdefault((agency, one), tuple(what)) == tuple(what)
    assert told_again > 100


def test_a_solved_problem_is_never_unsolved_again() -> None:
    solved: set[tuple[str, str]] = set()
    for (agency, _), table in sent("community_problem").items():
        status = table.texts["problem_status"]
        numbers = [(agency, number) for number in table.texts["problem_no"]]
        assert not solved & {one for one, state in zip(numbers, status, strict=True) if state != "solved"}
        solved |= {one for one, state in zip(numbers, status, strict=True) if state == "solved"}
    assert len(solved) > 50


def test_complaints_name_their_tambon_and_are_answered_after_they_are_received() -> None:
    for table in sent("complaint").values():
        assert all(table.texts["tambon_code"])
        received, answered, closed = (
            table.dates[f"{name}_date"][0] for name in ("received", "answered", "closed")
        )  # fmt: skip
        has_answer = ~np.isnat(answered)
        assert (answered[has_answer] > received[has_answer]).all()
        assert (np.isin(table.texts["complaint_status"], ["answered", "closed"]) == has_answer).all()
        assert ((table.texts["complaint_status"] == "closed") == ~np.isnat(closed)).all()
