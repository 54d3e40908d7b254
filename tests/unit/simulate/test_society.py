"""Invented organisations, activities and economic projects: each code of the contracts is among few months already."""

from functools import partial

import numpy as np
import pytest

from chaidaen.simulate.feed import AgencyFeed
from chaidaen.simulate.feeds import feeds_of
from chaidaen.simulate.outputs import offices
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table
from ingestion.contracts import load_contract

YEARS, MONTHS = range(2564, 2566), 2


def sent(dataset: str) -> dict[tuple[str, str], Table]:
    """By agency and period, files without a row left out, as `simulate` draws them with its first seed."""
    tables = {}
    for feed in feeds_of((dataset,)):
        assert isinstance(feed, AgencyFeed)
        for office in offices(feed.sender):
            draw = partial(stream, 1, "agency", dataset, office.agency_id)
            for period in feed.periods(YEARS, MONTHS):
                table = feed.table(office.agency_id, period, draw)
                if len(table):
                    tables[office.agency_id, period] = table
    return tables


def all_of(tables: dict[tuple[str, str], Table], column: str) -> set[str]:
    return {str(value) for table in tables.values() for value in table.texts.get(column, ()) if value}


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        ("civil_society_organisation", "organisation_kind"),
        ("civil_society_organisation", "area_group_code"),
        ("activity", "activity_kind"),
        ("economic_project", "initiative"),
    ],
)
def test_every_code_is_sent(dataset: str, column: str) -> None:
    codes = {code.value for code in load_contract(dataset).column(column).codes}
    assert all_of(sent(dataset), column) == codes


def test_the_lessons_learnt_workshop_of_the_small_peace_areas_had_160_attendees() -> None:
    table = sent("activity")["sbpac_strategy", "2564-09"]
    (at,) = np.flatnonzero(table.texts["activity_code"] == "STR64-27")
    assert table.texts["activity_kind"][at] == "lessons_learnt"
    assert table.numbers["participant_persons"][at] == 160
    assert table.numbers["male_persons"][at] + table.numbers["female_persons"][at] == 160


def test_an_organisation_keeps_its_code_and_place_and_some_are_new() -> None:
    before, after = sent("civil_society_organisation").values()
    codes = [list(table.texts["organisation_code"]) for table in (before, after)]
    assert set(codes[0]) < set(codes[1])
    at = [codes[1].index(code) for code in codes[0]]
    for name in ("organisation_kind", "tambon_code", "amphoe_code", "province_code", "area_group_code"):
        assert (before.texts[name] == after.texts[name][at]).all()
    assert (before.numbers["member_persons"] != after.numbers["member_persons"][at]).any()


def test_only_some_offices_have_economic_projects() -> None:
    senders = {agency_id for agency_id, _ in sent("economic_project")}
    assert {"fisheries_office_94", "commerce_office_90", "sbpac"} < senders
    assert not {"fisheries_office_95", "commerce_office_91", "agriculture_office_94"} & senders
