"""Invented projects stay themselves from the plan to the last month, and hold what the warehouse is to find."""

from functools import partial
from itertools import pairwise

from chaidaen.simulate.feeds.programmes import FEEDS
from chaidaen.simulate.outputs import offices
from chaidaen.simulate.periods import each_month, each_quarter
from chaidaen.simulate.plans import KPIS
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table

YEARS = range(2564, 2566)
AGENCIES = [one.agency_id for feed in FEEDS if feed.dataset == "project" for one in offices(feed.sender)]
BUDGET_LINES = ("personnel_baht", "operating_baht", "investment_baht", "subsidy_baht", "other_baht")


def _sent(dataset: str, agency_id: str, period: str) -> Table:
    feed = next(f for f in FEEDS if f.dataset == dataset and agency_id in {o.agency_id for o in offices(f.sender)})
    return feed.table(agency_id, period, partial(stream, 0))


def _budgets(agency_id: str, year: int) -> dict[str, int]:
    plan = _sent("project", agency_id, str(year))
    return {
        code: budget
        for code, budget in zip(plan.texts["project_code"], plan.numbers["budget_baht"], strict=True)
        if budget is not None
    }


def _reported(agency_id: str, year: int) -> list[tuple[str, int]]:
    """Project and cumulative disbursement, month by month."""
    months = each_month(range(year, year + 1), 12)
    tables = [_sent("project_progress", agency_id, month) for month in months]
    return [
        pair for t in tables
        for pair in zip(t.texts["project_code"], t.numbers["disbursed_cumulative_baht"], strict=True)
    ]  # fmt: skip


def test_money_stands_once_in_a_project_and_adds_up_by_lines_and_quarters() -> None:
    for agency_id in AGENCIES:
        plan = _sent("project", agency_id, "2564")
        assert len(_budgets(agency_id, 2564)) == len(set(plan.texts["project_code"]))
        first = plan.numbers["target_no"] == 1
        whole = plan.numbers["budget_baht"][first]
        assert (sum(plan.numbers[name][first] for name in BUDGET_LINES) == whole).all()
        assert (sum(plan.numbers[f"plan_q{quarter}_baht"][first] for quarter in range(1, 5)) == whole).all()


def test_disbursement_never_falls_and_the_month_is_its_difference() -> None:
    months = each_month(YEARS, 12)
    for agency_id in AGENCIES:
        for earlier, later in pairwise(months):
            before, now = (_sent("project_progress", agency_id, month) for month in (earlier, later))
            spent = dict(zip(before.texts["project_code"], before.numbers["disbursed_cumulative_baht"], strict=True))
            for code, total, month in zip(
                now.texts["project_code"],
                now.numbers["disbursed_cumulative_baht"],
                now.numbers["disbursed_month_baht"],
                strict=True,
            ):
                assert total >= month >= 0
                if code in spent:
                    assert total - spent[code] == month


def test_some_spend_too_much_some_are_silent_some_are_in_no_plan() -> None:
    over = silent = unplanned = 0
    for agency_id in AGENCIES:
        for year in YEARS:
            budgets = _budgets(agency_id, year)
            spent = dict(_reported(agency_id, year))
            over += sum(total > budgets[code] for code, total in spent.items() if code in budgets)
            silent += len(budgets.keys() - spent.keys())
            unplanned += len(spent.keys() - budgets.keys())
    assert over and silent and unplanned


def test_kpis_are_met_missed_and_not_reported_and_some_are_defined_anew() -> None:
    met, versions = set(), set()
    for division in KPIS:
        for period in each_quarter(YEARS, 12):
            table = _sent("kpi_report", division, period)
            defined = zip(table.texts["kpi_code"], table.numbers["definition_version"], strict=True)
            versions |= {(division, *pair) for pair in defined}
            for actual, target, direction in zip(
                table.numbers["actual_value"], table.numbers["target_value"], table.texts["direction"], strict=True
            ):
                met.add(None if actual is None else (actual >= target) == (direction == "more_is_better"))
    assert {None, True, False} <= met
    assert len({(division, code) for division, code, _ in versions}) < len(versions)
