"""The marts say what the small survey says, added up by hand (small_survey.py)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ingestion.contracts import load_contracts
from ingestion.contracts.periods import period_bounds

Query = Callable[[str], list[dict[str, Any]]]

PEOPLE = ("surveyed_persons", "surveyed_poor_persons", "registered_poor_persons", "target_poor_persons")
HOUSEHOLDS = (
    "surveyed_households", "any_poor_households", "health_poor_households", "living_poor_households",
    "education_poor_households", "income_poor_households", "access_poor_households", "target_poor_households",
)  # fmt: skip


@pytest.mark.parametrize(
    ("area", "population", "people", "households"),
    [
        ("94010401", None, (40, 26, 12, 8), (20, 13, 9, 13, 0, 0, 0, 8)),
        ("940104", 500, (40, 26, 12, 8), (20, 13, 9, 13, 0, 0, 0, 8)),
        ("940101", 1000, (6, 5, 0, 0), (6, 5, 0, 0, 0, 5, 0, 0)),
        ("9401", 1500, (45, 31, 12, 8), (26, 18, 9, 13, 0, 5, 0, 8)),  # 40 + 6 people, one of them twice
        ("94", 1500, (45, 31, 12, 8), (26, 18, 9, 13, 0, 5, 0, 8)),
        ("95", 300, (10, 10, None, None), (10, 10, 0, 0, 10, 0, 0, None)),  # no register: unknown, not zero
        ("SBP", 1800, (55, 41, 12, 8), (36, 28, 9, 13, 10, 5, 0, 8)),
        ("90", None, (None, None, None, None), (0, None, None, None, None, None, None, None)),  # not surveyed
    ],
)
def test_poverty_by_area_is_what_can_be_added_up_by_hand(
    query: Query, area: str, population: int | None, people: tuple[int, ...], households: tuple[int, ...]
) -> None:
    (row,) = query(f"select * from candidate.poverty_by_area where area_code = '{area}'")
    assert row["survey_year_be"] == 2564
    assert row["population_persons"] == population
    assert tuple(row[name] for name in PEOPLE) == people
    assert tuple(row[name] for name in HOUSEHOLDS) == households


def test_additive_measures_add_up_from_tambon_to_region(query: Query) -> None:
    measures = ("population_persons", *HOUSEHOLDS)
    sums = ", ".join(f"sum({name}) as {name}" for name in measures)
    by_level = {
        row.pop("area_level"): row
        for row in query(f"select area_level, {sums} from candidate.poverty_by_area group by area_level")
    }
    assert by_level["tambon"] == by_level["amphoe"] == by_level["province"] == by_level["region"]


def test_a_tambon_without_villages_has_no_village_row(query: Query) -> None:
    assert (
        query("select from candidate.poverty_by_area where area_level = 'village' and area_code like '940101%'") == []
    )


def test_areas_has_every_level_once(query: Query) -> None:
    levels = {
        row["area_level"]: row["n"] for row in query("select area_level, count(*) as n from candidate.areas group by 1")
    }
    assert levels == {"region": 1, "province": 5, "amphoe": 56, "tambon": 413, "village": 2933}
    (province,) = query("select * from candidate.areas where area_code = '94'")
    assert (province["name_th"], province["parent_code"]) == ("ปัตตานี", "SBP")


def test_periods_cover_the_days_that_intake_says_they_cover(query: Query) -> None:
    periods = query("select period_kind, period, first_date, last_date from intermediate.int_periods")
    assert {row["period_kind"] for row in periods} >= {"calendar_year", "fiscal_year", "fiscal_quarter", "survey_round"}
    for row in periods:
        assert (row["first_date"], row["last_date"]) == period_bounds(row["period_kind"], row["period"])


def test_every_agency_that_owes_a_report_is_listed(query: Query) -> None:
    rows = query(
        "select dataset_id, sum(expected_reports) as owed from candidate.submission_status group by dataset_id"
    )
    owed = {row["dataset_id"]: row["owed"] for row in rows}
    assert owed.keys() <= {contract.id for contract in load_contracts().values() if contract.owed_by}
    yearly = ("population", "household_survey", "household_member", "welfare_card")
    assert {name: owed.get(name) for name in yearly} == dict.fromkeys(yearly, 5)
    divisions = 4
    assert owed["kpi_report"] == divisions, "of the one quarter that is over and due"


@pytest.mark.parametrize(
    ("agency", "dataset", "measures", "last_state"),
    [
        (
            "registration_office_94",
            "population",
            (1, 1, 100, 1, 100),
            "in_release",
        ),  # on time; its revision came in March
        (
            "registration_office_95",
            "population",
            (1, 1, 100, 0, 0),
            "in_release",
        ),  # grace ended on 15 February, Thai time
        ("registration_office_96", "population", (1, 0, 0, 0, 0), "not_received"),
        ("provincial_treasury_95", "welfare_card", (1, 0, 0, 0, 0), "rejected"),
    ],
)
def test_reporting_rates(query: Query, agency: str, dataset: str, measures: tuple[int, ...], last_state: str) -> None:
    (row,) = query(
        f"select * from candidate.submission_status where agency_id = '{agency}' and dataset_id = '{dataset}'"
    )
    assert (
        row["expected_reports"], row["actual_reports"], row["reporting_rate_pct"],
        row["actual_reports_on_time"], row["reporting_rate_on_time_pct"],
    ) == measures  # fmt: skip
    assert row["last_state"] == last_state


def test_notes_tell_what_the_figures_leave_out(query: Query) -> None:
    notes = {
        (row["note_code"], row["area_code"]): row["message_en"]
        for row in query("select * from candidate.release_notes")
    }
    assert notes["as_of", None] == "This release counts up to 31 March 2022"
    assert (
        notes["members_without_household", None]
        == "2564: 7 or fewer person(s) whose household was not surveyed are not in the figures"
    )
    assert notes["households_repeated", None].startswith("2564: 7 or fewer household(s) listed in several files")
    assert notes["persons_unidentified", None].startswith("2564: about 10 record(s) without a usable identifier")
    assert notes["no_register", "95"].startswith("Yala 2564: no welfare-card register")
    assert notes["population_incomplete", "94"].startswith("Pattani 2564: population of 2 of 115 tambon only")


def test_thai_notes_are_thai_and_leave_no_placeholder(query: Query) -> None:
    for row in query("select message_th, message_en from candidate.release_notes"):
        assert "{" not in row["message_th"] + row["message_en"]
        assert any("ก" <= letter <= "๛" for letter in row["message_th"])


class TestSafeTwin:
    """Counts up to 7 are hidden, others rounded to 5, shares recomputed from the rounded counts."""

    def test_rounds_counts_and_recomputes_shares(self, query: Query) -> None:
        (row,) = query("select * from candidate_safe.poverty_by_area where area_code = '94010401'")
        assert [row[name] for name in PEOPLE] == [40, 25, 10, 10]
        assert row["surveyed_poor_persons_pct"] == Decimal("62.5")  # 25 of 40; exactly it is 26 of 40, 65.0
        assert (row["any_poor_households"], row["any_poor_households_pct"]) == (15, Decimal("75.0"))

    def test_hides_small_counts_and_names_them(self, query: Query) -> None:
        (row,) = query("select * from candidate_safe.poverty_by_area where area_code = '94010401'")
        hidden = {f"{name}_poor_households{end}" for name in ("education", "income", "access") for end in ("", "_pct")}
        assert set(row["_redacted"]) == hidden
        assert all(row[name] is None for name in hidden)

    def test_keeps_official_counts_where_everything_else_is_hidden(self, query: Query) -> None:
        (row,) = query("select * from candidate_safe.poverty_by_area where area_code = '940101'")
        assert row["population_persons"] == 1000
        assert row["surveyed_households"] is None
        assert "surveyed_households" in row["_redacted"]
        assert "population_persons" not in row["_redacted"]

    def test_unknown_is_not_called_hidden(self, query: Query) -> None:
        (row,) = query("select * from candidate_safe.poverty_by_area where area_code = '95'")
        assert row["target_poor_persons"] is None
        assert "target_poor_persons" not in row["_redacted"]

    @pytest.mark.parametrize("mart", ["areas", "poverty_by_area", "submission_status", "release_notes"])
    def test_has_every_row_and_every_comment(self, query: Query, mart: str) -> None:
        counts = query(
            f"select (select count(*) from candidate.{mart}) as exact,"
            f" (select count(*) from candidate_safe.{mart}) as safe"
        )
        assert counts[0]["exact"] == counts[0]["safe"] > 0
        comments = query(
            "select attname, col_description(attrelid, attnum) as comment from pg_attribute"
            f" where attrelid = 'candidate_safe.{mart}'::regclass and attnum > 0"
        )
        assert all(" | " in row["comment"] for row in comments)
