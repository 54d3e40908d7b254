"""One source of "now", which tests and whole processes can stop and move; Thai days and Buddhist years from it."""

import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.settings import PROJECT_ROOT
from ingestion.contracts.periods import BE_MINUS_CE, Duration, PeriodKind, period_bounds
from ingestion.reports.words import english_instant, short_thai_instant, thai_instant

NEW_YEARS_EVE = datetime(2021, 12, 31, 16, 30, tzinfo=UTC)  # 23:30 in Thailand, the last evening of 2564
FISCAL_TURN = datetime(2021, 9, 30, 17, 0, tzinfo=UTC)  # midnight in Thailand, the first moment of fiscal year 2565


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (NEW_YEARS_EVE, date(2021, 12, 31)),
        (NEW_YEARS_EVE + timedelta(minutes=30), date(2022, 1, 1)),
        (FISCAL_TURN - timedelta(microseconds=1), date(2021, 9, 30)),
        (FISCAL_TURN, date(2021, 10, 1)),
        (datetime(2024, 2, 28, 17, 0, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 16, 59, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 17, 0, tzinfo=UTC), date(2024, 3, 1)),
    ],
)
def test_today_is_the_day_in_thailand_whatever_utc_says(instant: datetime, day: date) -> None:
    with clock.fixed(instant):
        assert clock.today() == day


def test_the_last_evening_of_a_buddhist_year_is_still_that_year_on_paper() -> None:
    assert thai_instant(NEW_YEARS_EVE) == "31 ธันวาคม 2564 เวลา 23.30 น."
    assert thai_instant(NEW_YEARS_EVE + timedelta(minutes=30)) == "1 มกราคม 2565 เวลา 00.00 น."
    assert short_thai_instant(NEW_YEARS_EVE) == "31/12/64 23.30"
    assert english_instant(NEW_YEARS_EVE) == "31 Dec 2021, 23:30 (Thai time)"


def test_the_leap_day_is_written_in_the_buddhist_year_that_has_it() -> None:
    """2567 is a leap year because 2024 is; 2567 itself is no multiple of four."""
    assert thai_instant(datetime(2024, 2, 29, 12, tzinfo=UTC)) == "29 กุมภาพันธ์ 2567 เวลา 19.00 น."


def test_a_stopped_clock_can_be_moved_both_ways_and_every_thread_sees_it() -> None:
    seen: list[datetime] = []
    with clock.fixed(NEW_YEARS_EVE) as moved:
        moved.step(timedelta(hours=-1))
        reader = threading.Thread(target=lambda: seen.append(clock.now()))
        reader.start()
        reader.join()
        moved.move_to(FISCAL_TURN)
        assert clock.now() == FISCAL_TURN
        with clock.fixed(FISCAL_TURN):
            pass
        assert clock.now() == FISCAL_TURN
    assert seen == [NEW_YEARS_EVE - timedelta(hours=1)]
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(minutes=1)


def test_the_clock_of_another_process_is_moved_while_it_runs(tmp_path: Path) -> None:
    told = tmp_path / "clock"
    told.write_text(NEW_YEARS_EVE.isoformat(), encoding="ascii")
    program = "import sys; from core import clock\nfor _ in sys.stdin: print(clock.today(), flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={"CHAIDAEN_CLOCK": f"@{told}", "PYTHONPATH": str(PROJECT_ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("\n")
        assert process.stdout.readline() == "2021-12-31\n"
        told.write_text(FISCAL_TURN.isoformat(), encoding="ascii")
        process.stdin.write("\n")
        assert process.stdout.readline() == "2021-10-01\n"
        process.stdin.close()


@pytest.mark.parametrize("kind", ["calendar_year", "fiscal_year", "fiscal_quarter", "calendar_month"])
def test_every_day_of_twenty_years_is_in_exactly_one_period(kind: PeriodKind) -> None:
    """No day is missed and none doubled, leap days and the turns of both kinds of year included."""
    endings = {
        "calendar_year": [""], "fiscal_year": [""], "fiscal_quarter": [f"-Q{q}" for q in range(1, 5)],
        "calendar_month": [f"-{month:02d}" for month in range(1, 13)],
    }[kind]  # fmt: skip
    periods = [period_bounds(kind, f"{year}{ending}") for year in range(2555, 2575) for ending in endings]
    covered = [first + timedelta(days=n) for first, last in periods for n in range((last - first).days + 1)]
    assert covered == [periods[0][0] + timedelta(days=n) for n in range(len(covered))]


def test_the_fiscal_year_turns_between_the_last_of_september_and_the_first_of_october() -> None:
    with clock.fixed(FISCAL_TURN) as moved:
        new_year = period_bounds("fiscal_year", "2565")
        assert clock.today() == new_year[0] == period_bounds("fiscal_quarter", "2565-Q1")[0]
        moved.step(timedelta(hours=-1))
        assert clock.today() == period_bounds("fiscal_year", "2564")[1] == period_bounds("fiscal_quarter", "2564-Q4")[1]


@given(st.integers(2400, 2699), st.integers(1, 12))
def test_a_buddhist_month_has_the_days_of_its_month(year: int, month: int) -> None:
    first, last = period_bounds("calendar_month", f"{year}-{month:02d}")
    assert (first.year + BE_MINUS_CE, first.month, first.day) == (year, month, 1)
    assert (last + timedelta(days=1)).day == 1 and last.month == month


def test_only_leap_years_have_a_29th_of_february_and_a_due_day_a_year_later_is_the_28th() -> None:
    from ingestion.contracts import BadPeriod

    assert period_bounds("as_of_date", "2567-02-29")[0] == date(2024, 2, 29)
    for no_leap_year in ("2566-02-29", "2568-02-29", "2443-02-29"):  # 1900 was none either
        with pytest.raises(BadPeriod):
            period_bounds("as_of_date", no_leap_year)
    assert Duration.parse("P1Y").after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert Duration.parse("P1M").after(date(2024, 1, 31)) == date(2024, 2, 29)
