"""Buddhist periods, their days, and when something is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.contracts import BadPeriod, load_contract, period_bounds
from ingestion.contracts.periods import PERIOD_KINDS, Duration, PeriodKind
from tests.contracts.conftest import CONTRACTS


@pytest.mark.parametrize(
    ("kind", "period", "first", "last"),
    [
        ("calendar_year", "2564", date(2021, 1, 1), date(2021, 12, 31)),
        ("survey_round", "2564", date(2021, 1, 1), date(2021, 12, 31)),
        ("fiscal_year", "2564", date(2020, 10, 1), date(2021, 9, 30)),
        ("fiscal_quarter", "2564-Q1", date(2020, 10, 1), date(2020, 12, 31)),
        ("fiscal_quarter", "2564-Q2", date(2021, 1, 1), date(2021, 3, 31)),
        ("fiscal_quarter", "2564-Q4", date(2021, 7, 1), date(2021, 9, 30)),
        ("calendar_month", "2564-08", date(2021, 8, 1), date(2021, 8, 31)),
        ("calendar_month", "2563-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("academic_year", "2564", date(2021, 5, 16), date(2022, 3, 31)),
        ("as_of_date", "2564-12-31", date(2021, 12, 31), date(2021, 12, 31)),
        ("as_of_date", "2563-02-29", date(2020, 2, 29), date(2020, 2, 29)),
        ("meeting", "2565-05", date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_period_covers_its_days(kind: PeriodKind, period: str, first: date, last: date) -> None:
    assert period_bounds(kind, period) == (first, last)


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("calendar_year", "2021"),
        ("calendar_year", "64"),
        ("calendar_year", "2564 "),
        ("calendar_year", "๒๕๖๔"),
        ("calendar_year", "2564-08"),
        ("fiscal_quarter", "2564-Q5"),
        ("fiscal_quarter", "2564"),
        ("calendar_month", "2564-13"),
        ("as_of_date", "2564-02-29"),
        ("meeting", "2565-00"),
        ("survey_round", "../2564"),
        ("survey_round", ""),
    ],
)
def test_what_is_no_period_of_the_kind_is_refused_with_an_example(kind: PeriodKind, period: str) -> None:
    with pytest.raises(BadPeriod) as caught:
        period_bounds(kind, period)
    assert caught.value.exit_code == 2
    assert "256" in str(caught.value.cure)


@given(st.sampled_from(PERIOD_KINDS), st.text(max_size=12))
def test_any_text_is_a_period_or_a_clear_error(kind: PeriodKind, period: str) -> None:
    try:
        first, last = period_bounds(kind, period)
    except BadPeriod:
        return
    assert first <= last


@given(st.integers(2400, 2690), st.integers(1, 4))
def test_quarters_tile_the_fiscal_year(year: int, quarter: int) -> None:
    first, last = period_bounds("fiscal_quarter", f"{year}-Q{quarter}")
    start, end = period_bounds("fiscal_year", str(year))
    assert start <= first < last <= end
    assert (last.toordinal() - first.toordinal() + 1) in {90, 91, 92}


def test_population_of_2564_is_due_on_31_january_2022() -> None:
    """31 December 2564 and one month; what was before the obligation began is due never."""
    population = load_contract("population", CONTRACTS)
    assert population.due("2564") == date(2022, 1, 31)
    assert population.due("2563") is None
    with pytest.raises(BadPeriod):
        population.due("2021")


@pytest.mark.parametrize(
    ("text", "day", "due"),
    [
        ("P1M", date(2021, 1, 31), date(2021, 2, 28)),
        ("P1M15D", date(2021, 12, 31), date(2022, 2, 15)),
        ("P2W", date(2021, 12, 31), date(2022, 1, 14)),
        ("P1Y", date(2020, 2, 29), date(2021, 2, 28)),
        ("P0D", date(2021, 9, 30), date(2021, 9, 30)),
    ],
)
def test_durations_are_added_months_first(text: str, day: date, due: date) -> None:
    assert Duration.parse(text).after(day) == due


@pytest.mark.parametrize("text", ["", "P", "1M", "P1H", "P-1D", "P1D1M", "one month"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        Duration.parse(text)
