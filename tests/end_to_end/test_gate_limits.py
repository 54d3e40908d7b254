"""What the gate measures and compares: every limit breaks where it must, and not a step before."""

from collections.abc import Sequence
from typing import Any

import pytest
from psycopg.rows import dict_row

from core import database
from expectations.measures import Limit, Measure, Thresholds, collect_measures, load_thresholds, measures_suite
from expectations.model import load_suites
from publication.releases import publish
from tests.end_to_end.dropping import query
from tests.end_to_end.hand_made import mark_gated, stored_release

pytestmark = pytest.mark.usefixtures("module_home")
BEFORE = 10_000_000
PER_CENT = BEFORE / 100
LIMITS = [(measure, limit) for measure in load_thresholds().measures for limit in measure.expectations]
POPULATION_DAYS = 412  # a year, a month until it is due, fifteen days of grace
Figure = tuple[float | None, float | None]  # of the release, and of the published one


def allowed(limit: Limit) -> list[Figure]:
    """Just within the limit; and for a comparison without anything to compare with, or of too little to be judged."""
    if limit.at_most is not None:
        return [(POPULATION_DAYS if limit.at_most == "contract" else limit.at_most, None)]
    if limit.at_least is not None:
        return [(limit.at_least, None), (100, None)]
    if limit.stays:
        return [(1, 1), (1, None)]
    small = limit.from_value - 1
    if limit.falls_at_most is not None:
        return [(BEFORE - limit.falls_at_most * PER_CENT, BEFORE), (BEFORE * 9, BEFORE), (1, None), (0, small)]
    change = (limit.changes_at_most or 0) * PER_CENT
    return [(BEFORE + change, BEFORE), (BEFORE - change, BEFORE), (1, None), (small * 9, small)]


def beyond(limit: Limit) -> list[Figure]:
    """Just past it."""
    if limit.at_most is not None:
        return [((POPULATION_DAYS if limit.at_most == "contract" else limit.at_most) + 0.01, None)]
    if limit.at_least is not None:
        return [(limit.at_least - 0.1, None), (0, None)]
    if limit.stays:
        return [(None, 1)]
    if limit.falls_at_most is not None:
        return [(BEFORE - limit.falls_at_most * PER_CENT - 1, BEFORE), (0, limit.from_value)]
    change = (limit.changes_at_most or 0) * PER_CENT
    return [(BEFORE + change + 1, BEFORE), (BEFORE - change - 1, BEFORE), (limit.from_value * 9, limit.from_value)]


@pytest.mark.parametrize(("measure", "limit"), LIMITS, ids=[limit.id for _, limit in LIMITS])
def test_each_limit_breaks_just_past_it_and_names_dataset_province_and_period(measure: Measure, limit: Limit) -> None:
    [expectation] = [one for one in measures_suite().expectations if one.id == limit.id]
    assert expectation.sql is not None
    told = [(measure.id, f"within {at}", *figure) for at, figure in enumerate(allowed(limit))]
    told += [(measure.id, f"beyond {at}", *figure) for at, figure in enumerate(beyond(limit))]
    told += [("another measure", f"beyond {at}", *figure) for at, figure in enumerate(beyond(limit))]
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("create temp table figures (like ops.gate_measures)")
        cursor.executemany("insert into figures values (1, %s, 'population', '94', %s, %s, %s)", told)
        broken = cursor.execute(expectation.sql.format(batch="figures")).fetchall()  # as Great Expectations fills it in
    assert [row[:3] for row in broken] == [("population", "94", f"beyond {at}") for at in range(len(beyond(limit)))]


def wells(basis: str) -> Thresholds:
    limit = Limit(id="alike", severity="warning", title_th="ไทย", title_en="English", changes_at_most=10)
    sql = f"select 'population', '94', area_code, wells, {basis} from marts_exact.wells"
    return Thresholds(owner="tests", measures=(Measure(id="wells", compared=True, sql=sql, expectations=(limit,)),))


@pytest.mark.parametrize(("basis", "compared"), [("1", [1, 1, 1]), ("wells", [None, None, None])])
def test_figures_are_compared_with_the_published_ones_where_both_rest_on_as_much(
    basis: str, compared: Sequence[int | None]
) -> None:
    published = stored_release(1)
    mark_gated(published)
    publish(published, "tests")
    candidate = stored_release(5)
    collect_measures(candidate, wells(basis))
    rows = query(
        "select period, value, compared_with from ops.gate_measures where release_id = %s order by 1", candidate
    )
    assert [(row["value"], row["compared_with"]) for row in rows] == [(5, before) for before in compared]


PEOPLE = """
create temp table areas on commit drop as select * from (values
    ('9401', 'tambon', '94'), ('9402', 'tambon', '94'), ('9501', 'tambon', '95'), ('9502', 'tambon', '95')
) as areas (area_code, area_level, province_code);
create temp table poverty_by_area on commit drop as select * from (values
    ('9401', 'tambon', '94', 2564, 100), ('9402', 'tambon', '94', 2564, 50), ('9401', 'tambon', '94', 2565, 90),
    ('9402', 'tambon', '94', 2565, null), ('9501', 'tambon', '95', 2564, 10), ('9502', 'tambon', '95', 2564, null)
) as registered (area_code, area_level, province_code, survey_year_be, population_persons);
create temp table target_groups on commit drop as select * from (values
    ('any_group', null, null), ('graduate', 'graduate', 'academic_year'),
    ('vulnerable', 'vulnerable_person', 'fiscal_year'), ('surveyed_poor', 'household_member', 'survey_round'),
    ('unregistered', 'unregistered_person', 'calendar_year')
) as known (target_group_id, source_dataset_id, period_kind);
create temp table groups on commit drop as select * from (values
    ('94', 'graduate', 'academic_year', '2564', 150), ('94', 'vulnerable', 'fiscal_year', '2565', 151),
    ('94', 'any_group', 'fiscal_year', '2565', 151), ('94', 'surveyed_poor', 'survey_round', '2564', 151),
    ('94', 'unregistered', 'calendar_year', '2564', 999), ('95', 'graduate', 'academic_year', '2564', 999),
    ('9401', 'graduate', 'academic_year', '2564', 101), ('9402', 'graduate', 'academic_year', '2564', 50)
) as groups (area_code, target_group_id, period_kind, period, group_persons);
"""


def broken_by_groups(expectation: str, severity: str) -> list[dict[str, Any]]:
    [suite] = [suite for suite in load_suites() if suite.mart == "target_groups_by_area"]
    [judged] = [one for one in suite.expectations if one.id == expectation]
    assert judged.severity == severity
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(PEOPLE, prepare=False)
        return cursor.execute(str(judged.sql).replace("marts_exact.", "pg_temp.").format(batch="groups")).fetchall()


def test_a_group_of_more_people_than_its_province_registers_is_critical_and_names_whose_fault_it_may_be() -> None:
    """Not where a tambon's population is unknown, nor of those who are in no register."""
    broken = broken_by_groups("groups_within_population", "critical")
    assert {row["area_code"] for row in broken} == {"94"}
    suspected = {
        group: {row["dataset_id"] for row in broken if row["target_group_id"] == group}
        for group in (row["target_group_id"] for row in broken)
    }
    assert suspected == {
        "vulnerable": {"vulnerable_person", "population"},
        "any_group": {"vulnerable_person", "population"},
        "surveyed_poor": {"household_member", "household_survey", "population"},
    }


def test_a_group_of_more_people_than_its_tambon_registers_is_told_without_figures() -> None:
    """Notes are read by everybody: an exact count would tell what the safe mart hides."""
    [row] = broken_by_groups("groups_within_population_of_tambon", "warning")
    assert row == {
        "area_code": "9401", "target_group_id": "graduate", "period_kind": "academic_year", "period": "2564",
    }  # fmt: skip
