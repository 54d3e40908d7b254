"""What schemes measure of the small survey, added up by hand (small_survey.py)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

Query = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("area", "units", "people", "measures"),
    [
        # Items 8 and 4 weigh 1/20 each: of 40 people 18 have score 0.1 and 8 have 0.05, so scores of the poor are 2.2.
        ("94010401", (20, 13), (40, 26), ("0.085", "0.055")),
        # Five of six people fail item 22, which weighs 1/10.
        ("940101", (6, 5), (6, 5), ("0.100", "0.083")),
        # Everybody fails item 19, which weighs 1/20.
        ("95", (10, 10), (10, 10), ("0.050", "0.050")),
        # 2.2 + 0.5 + 0.5 = 3.2 over 41 poor and 56 people.
        ("SBP", (36, 28), (56, 41), ("0.078", "0.057")),
    ],
)
def test_measures_are_what_can_be_added_up_by_hand(
    query: Query, area: str, units: tuple[int, int], people: tuple[int, int], measures: tuple[str, str]
) -> None:
    (row,) = query(
        f"select * from candidate.poverty_measures_by_area where area_code = '{area}' and scheme_id = 'tpmap'"
    )
    assert (row["measured_units"], row["poor_units"]) == units
    assert (row["measured_persons"], row["poor_persons"]) == people
    assert (row["intensity"], row["adjusted_headcount"]) == tuple(Decimal(text) for text in measures)


def test_nobody_reaches_the_cutoff_of_the_index_so_intensity_is_unknown(query: Query) -> None:
    """The worst score is 0.1 and k is 0.26."""
    (row,) = query("select * from candidate.poverty_measures_by_area where area_code = 'SBP' and scheme_id = 'bmn_mpi'")
    assert (row["poor_units"], row["headcount_pct"], row["adjusted_headcount"]) == (0, 0, 0)
    assert row["intensity"] is None


def test_an_item_is_counted_whether_or_not_a_scheme_looks_at_it(query: Query) -> None:
    """Three households fail item 2, which no scheme has; nobody is concerned by item 27, so it has no row."""
    rows = query(
        "select scheme_id, indicator_id, asked_units, deprived_units, deprived_poor_units"
        " from candidate.poverty_indicators_by_area where area_code = '940104'"
        " and indicator_id in ('bmn31_02', 'bmn31_08', 'bmn31_27') order by indicator_id, scheme_id"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("bmn", "bmn31_02", 20, 3, None),
        ("bmn", "bmn31_08", 20, 13, None),
        ("bmn_mpi", "bmn31_08", 20, 13, 0),
        ("tpmap", "bmn31_08", 20, 13, 13),
    ]


def test_a_single_round_is_compared_with_nothing(query: Query) -> None:
    (row,) = query("select * from candidate.poverty_transitions_by_area where area_code = 'SBP'")
    assert (row["earlier_survey_year_be"], row["later_survey_year_be"]) == (2563, 2564)
    assert (row["earlier_households"], row["later_households"]) == (0, 36)
    assert row["matched_households"] is row["poor_in_both_households"] is row["fell_back_households"] is None


def test_what_few_households_show_is_hidden_with_what_rests_on_it(query: Query) -> None:
    """Five poor households of a tambon of six: neither they nor how poor they are is told."""
    (row,) = query(
        "select * from candidate_safe.poverty_measures_by_area where area_code = '940101' and scheme_id = 'tpmap'"
    )
    hidden = {"measured_units", "poor_units", "poor_persons", "headcount_pct", "intensity", "adjusted_headcount"}
    assert hidden <= set(row["_redacted"])
    assert all(row[name] is None for name in hidden)
