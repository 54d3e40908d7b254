"""Everything at once: two fiscal years of simulated submissions of all five provinces, released, and added up.

What a mart says of a whole must follow from what it says of its parts, for every measure of every mart; and each
question of docs/marts.md has an answer.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, LiteralString, NamedTuple

import pytest
from psycopg import sql
from psycopg.rows import dict_row
from typer.testing import CliRunner

from chaidaen.cli import build_app
from chaidaen.report import choose, snapshot
from chaidaen.report.sections import SECTIONS
from chaidaen.samples import population
from chaidaen.simulate import Simulation, simulate
from core import clock, database
from core.errors import UsageError
from core.settings import PROJECT_ROOT, settings
from expectations.model import load_suites
from ingestion import intake
from ingestion.contracts import load_contracts
from publication import dbt
from publication.case_workers import add_right
from publication.flow import FlowResult, build_and_publish
from tests.end_to_end.dropping import query as of_the_owner
from tests.warehouse.reading_reports import Page, fetched_by, unlike_the_marts

pytestmark = [pytest.mark.timeout(900), pytest.mark.usefixtures("released")]
AS_OF = datetime(2022, 12, 1, 3, tzinfo=UTC)
YEARS = 2
HOUSEHOLDS = 500  # enough for every mart to have rows in every province
Rows = list[dict[str, Any]]


class Measure(NamedTuple):
    mart: str
    column: str
    keys: tuple[str, ...]  # beside the area
    adds_up: bool  # distinct persons don't: each level counts them anew


class Question(NamedTuple):
    title: str
    is_restricted: bool
    statement: str


@pytest.fixture(scope="module")
def released(module_built_home: Path) -> Iterator[FlowResult]:
    with clock.fixed(AS_OF):
        population.write_population(settings().landing)
        simulate(Simulation(HOUSEHOLDS, periods=YEARS, months=2), settings().landing, truth_folder=settings().home)
        the_year_before = Simulation(HOUSEHOLDS, first_period=2563, datasets=("programme_area",))
        simulate(the_year_before, settings().landing, truth_folder=settings().home)
        intake.receive_all()
        intake.process_all()
        yield build_and_publish(actor="tests")


def query(statement: sql.Composable | str) -> Rows:
    """As an analyst reads."""
    with database.connect("chaidaen_analyst") as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement).fetchall()  # type: ignore[arg-type]  # psycopg wants literals


def test_every_dataset_came_from_every_province_and_was_taken_in_whole() -> None:
    states = of_the_owner(
        "select dataset_id, count(*) as files, count(*) filter (where state <> 'released' or verdict <> 'accepted')"
        " as others from ops.submissions group by dataset_id"
    )
    assert {row["dataset_id"] for row in states} == set(load_contracts())
    others = {row["dataset_id"] for row in states if row["others"]}
    assert others == {"population"}  # real figures: a published total does not add up, one column is unknown


def test_it_passes_the_gate(released: FlowResult) -> None:
    assert (released.ending, released.held_back) == ("published", ())
    assert released.gate == "warning"


def test_every_mart_is_filled() -> None:
    empty = [
        f"{schema}.{name}"
        for schema, name in _views()
        if not query(sql.SQL("select 1 from {} limit 1").format(sql.Identifier(schema, name)))
    ]
    assert empty == []


def test_parts_add_up_to_wholes_in_every_mart_by_area() -> None:
    """Households, money and events are the sum of the next level; distinct persons lie between largest part and sum."""
    wrong = [f"{one.mart}.{one.column}" for one in _measures_by_area() if query(_wholes_unlike_parts(one))]
    assert wrong == []


def test_there_is_something_to_add_up() -> None:
    """The comparison above would also pass if it compared nothing."""
    measures = _measures_by_area()
    assert len({one.mart for one in measures}) >= 7
    assert {one.adds_up for one in measures} == {True, False}


def test_people_in_groups_are_at_most_the_people_there_are() -> None:
    """Of each kind of period, the largest group lies within all of them together, and these within their sum."""
    apart = query(
        "select area_code, period_kind, period from marts_exact.target_groups_by_area group by 1, 2, 3"
        " having max(group_persons) filter (where target_group_id <> 'any_group')"
        " > max(group_persons) filter (where target_group_id = 'any_group')"
    )
    assert apart == []
    assert query("select 1 from marts_exact.target_groups_by_area where target_group_id = 'any_group' limit 1")


@pytest.mark.parametrize("expectation", ["groups_within_population", "groups_within_population_of_tambon"])
def test_no_group_has_more_people_than_are_registered_and_the_gate_would_notice(expectation: str) -> None:
    """The gate's own query finds nothing; beside a population of a few it finds groups."""
    [within] = [
        one.sql
        for suite in load_suites()
        for one in suite.expectations
        if suite.mart == "target_groups_by_area" and one.id == expectation
    ]
    assert within is not None
    asked = within.format(batch="marts_exact.target_groups_by_area")
    assert query(asked) == []
    assert query(asked.replace("max(population_persons)", "max(population_persons) / 10000"))


def test_small_peace_areas_are_as_many_as_published_and_those_of_a_year_stay() -> None:
    """40 in fiscal year 2563, 60 in 2564: the same 40 and 20 more, some a tambon and some a community."""
    areas = query(
        "select fiscal_year_be, area_code, community_name, area_kind, is_new_in_year"
        " from marts_exact.programme_areas where programme_id = 'small_peace_area'"
    )
    listed = {
        year: {(row["area_code"], row["community_name"]) for row in areas if row["fiscal_year_be"] == year}
        for year in (2563, 2564, 2565)
    }
    assert [len(listed[year]) for year in listed] == [40, 60, 60]
    assert listed[2563] < listed[2564] == listed[2565]
    assert {row["area_kind"] for row in areas} == {"tambon", "community"}
    new = [row for row in areas if row["is_new_in_year"]]
    assert {row["fiscal_year_be"] for row in new} == {2564} and len(new) == 20


def test_overdue_directives_count_up_to_the_release() -> None:
    """A release tells its own day; and meetings follow no calendar, so nobody owes their reports by it."""
    overdue = query(
        "select origin_meeting, directive_no, due_date, days_overdue from marts_exact.directive_followups"
        " where is_overdue order by days_overdue desc"
    )
    assert {"2565-05"} < {row["origin_meeting"] for row in overdue}
    assert [row["days_overdue"] for row in overdue] == [(AS_OF.date() - row["due_date"]).days for row in overdue]
    owed = query("select count(*) filter (where expected_reports > 0) as owed, count(*) as sent"
                 " from marts_exact.submission_status where dataset_id = 'directive'")[0]  # fmt: skip
    assert owed == {"owed": 0, "sent": 4}


def test_disbursed_beyond_the_budget_is_told() -> None:
    """The simulator overspends on purpose; readers are warned, and no other project is accused."""
    beyond = query("select count(*) as projects from marts_exact.project_status where disbursed_baht > budget_baht")
    assert beyond[0]["projects"] > 0
    wrong = query(
        "select 1 from marts_exact.project_status where is_over_budget is distinct from (disbursed_baht > budget_baht)"
        " and disbursed_baht is not null and budget_baht is not null"
    )
    assert wrong == []
    told = of_the_owner("select expectation_id from ops.gate_results where not success and severity = 'warning'")
    assert {"project_status.disbursed_within_budget"} <= {row["expectation_id"] for row in told}


def _views() -> list[tuple[str, str]]:
    found = query("select schemaname as s, viewname as v from pg_views where schemaname in ('marts', 'marts_exact')")
    return sorted((row["s"], row["v"]) for row in found)


def _measures_by_area() -> list[Measure]:
    """Counts and sums of marts that have an area and its level, as dbt knows them."""
    found = []
    for node in dbt.parse().nodes.values():
        columns = getattr(node, "columns", {})
        if node.resource_type != "model" or node.fqn[1] != "marts" or not {"area_code", "area_level"} <= set(columns):
            continue
        if "portion" in columns:  # what lies in no smaller area has a row of its own; its suite adds that up
            continue
        keys = tuple(
            name
            for name in node.config.meta.get("grain", [])
            if name not in ("area_code", "area_level", "province_code")
        )
        for name, column in columns.items():
            meta = column.config.meta
            if meta["kind"] in ("count", "official_count", "sum") and meta.get("is_additive", True):
                is_distinct = meta["kind"] == "count" and meta["unit"] == "persons"
                found.append(Measure(node.alias, name, keys, not is_distinct))
    return found


def _wholes_unlike_parts(one: Measure) -> sql.Composed:
    """Rows of wholes that disagree with their parts, from tambon to region."""
    keys = [sql.Identifier(key) for key in one.keys]
    return sql.SQL(
        "with figures as (select a.area_code, a.parent_code, a.area_level, m.{column} as figure {of_rows}"
        " from marts_exact.{mart} as m join marts_exact.areas as a using (area_code)),"
        " parts as (select parent_code, sum(figure) as total, max(figure) as largest {names} from figures"
        " where area_level in ('tambon', 'amphoe', 'province') group by parent_code {names})"
        " select w.area_code from figures as w join parts as p on p.parent_code = w.area_code {same} where {wrong}"
    ).format(
        column=sql.Identifier(one.column),
        mart=sql.Identifier(one.mart),
        of_rows=_each(", m.{}", keys),
        names=_each(", {}", keys),
        same=_each(" and w.{0} is not distinct from p.{0}", keys),
        wrong=sql.SQL("p.total <> w.figure" if one.adds_up else "w.figure > p.total or w.figure < p.largest"),
    )


def _each(template: LiteralString, keys: list[sql.Identifier]) -> sql.Composed:
    return sql.SQL("").join(sql.SQL(template).format(key) for key in keys)


def _questions() -> list[Question]:
    text = (PROJECT_ROOT / "docs" / "marts.md").read_text(encoding="utf-8")
    found = re.findall(r"^### (\d+\. .+?)$(.*?)^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [Question(title, "Restricted:" in said, statement) for title, said, statement in found]


def test_there_are_enough_questions() -> None:
    assert len(_questions()) >= 30


@pytest.mark.parametrize("question", _questions(), ids=lambda question: question.title)
def test_a_question_of_the_handbook_has_an_answer(question: Question) -> None:
    if question.is_restricted:
        add_right("tester", area_code="SBP", allowed_by="tests", reason="a test")
        with database.connect() as connection:
            connection.execute("set session authorization tester")
            assert connection.execute(question.statement).fetchall() != []  # type: ignore[arg-type]  # of our own docs
    else:
        assert query(question.statement) != []


# ---------------------------------------------------------------------------------------------- the executives' report


@pytest.fixture(scope="module", params=["94", None], ids=["province", "region"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, released: FlowResult) -> str:
    """The page `chaidaen report` writes for the last quarter of 2565."""
    out = tmp_path_factory.mktemp("report") / "report.html"
    province = [] if request.param is None else ["--province", request.param]
    command = ["report", "--fiscal-year", "2565", "--quarter", "4", *province, "--out", str(out)]
    said = CliRunner().invoke(build_app(), command, catch_exceptions=False)
    assert said.exit_code == 0
    assert str(out) in said.output.splitlines()[-1]
    return out.read_text(encoding="utf-8")


def test_every_figure_of_the_report_is_that_of_the_safe_mart(report: str) -> None:
    figures = Page(report).with_attribute("data-trace")
    assert unlike_the_marts(figures) == []
    assert {"ไม่เกิน 7", "ไม่แสดง", "–"} <= {text for _, text in figures}
    assert {trace.split(" ")[0] for trace, _ in figures} >= {
        "poverty_by_area", "poverty_transitions_by_area", "target_groups_by_area", "case_progress_by_area",
        "assistance_coverage_by_area", "budgets_by_area", "project_status", "kpi_scorecards",
    }  # fmt: skip


def test_what_the_report_counts_is_what_the_marts_list(report: str) -> None:
    counted = dict(Page(report).with_attribute("data-counted"))
    is_region = "เปรียบเทียบห้าจังหวัด" in report
    area, of_province = ("SBP", "") if is_region else ("94", " and province_code = '94'")
    [kpis] = query(
        "select count(*) as kpis, count(*) filter (where outcome = 'met') as met, count(*) filter (where outcome = "
        "'missed') as missed from marts.kpi_scorecards where fiscal_year_be = 2565 and fiscal_quarter = 4"
    )
    [projects] = query(
        "select count(*) as projects, count(*) filter (where is_late) as late, count(*) filter (where is_over_budget)"
        f" as over_budget from marts.project_status where fiscal_year_be = 2565{of_province}"
    )
    [money] = query(
        "select sum(projects) as projects, round(sum(budget_baht) / 1000000, 2) as budget_baht from"
        " marts.budgets_by_area where fiscal_year_be = 2565 and fiscal_quarter = 4 and portion = 'whole'"
        f" and area_code = '{area}'"
    )
    for mart, row in (("kpi_scorecards", kpis), ("project_status", projects), ("budgets_by_area", money)):
        assert {name: counted[f"{mart} {name}"] for name in row} == {name: f"{value:,}" for name, value in row.items()}


def test_the_report_tells_who_has_not_sent_what_is_due(report: str) -> None:
    counted = dict(Page(report).with_attribute("data-counted"))
    of_province = "" if "เปรียบเทียบห้าจังหวัด" in report else " and province_code = '94'"
    owed = query(
        "select agency_name_th, dataset_id, period from marts.submission_status where expected_reports > actual_reports"
        f"{of_province} and (dataset_id, period) in (('project_progress', '2565-06'), ('project_progress', '2565-08'))"
    )
    assert owed
    assert all(row["agency_name_th"] in report for row in owed)
    assert int(counted["submission_status expected"].replace(",", "")) >= len(owed)


def test_the_report_needs_nothing_but_itself(report: str) -> None:
    page = Page(report)
    assert fetched_by(page, report) == []
    assert page.misnested == []
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {str(one.attributes["href"])[1:] for one in page.those("a")} <= set(ids)


def test_the_report_can_be_read_by_who_can_not_see_it(report: str) -> None:
    page = Page(report)
    assert all(one.attributes.get("aria-label") and one.attributes.get("role") == "img" for one in page.those("svg"))
    assert all(one.attributes.get("scope") in ("col", "row") for one in page.those("th"))
    levels = [int(one.tag[1]) for one in page.elements if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == levels.count(1) == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))
    assert {one.name for one in SECTIONS if not one.is_for_region_only} <= {
        one.attributes["id"] for one in page.those("section")
    }


def test_every_tambon_has_a_tile_and_every_warning_of_the_release_can_be_read(report: str) -> None:
    page = Page(report)
    is_region = "เปรียบเทียบห้าจังหวัด" in report
    where = "" if is_region else " and province_code = '94'"
    tambon = {row["name_th"] for row in query(f"select name_th from marts.areas where area_level = 'tambon'{where}")}
    assert {
        str(one.attributes["title"]).removeprefix("ตำบล") for one in page.those("li") if "title" in one.attributes
    } == (tambon)
    concerning = "" if is_region else " and (area_code is null or area_code like '94%')"
    warnings = query(f"select message_th from marts.release_notes where severity <> 'info'{concerning}")
    text = " ".join(one.text for one in page.those("section") if one.attributes["id"] == "notes")
    assert warnings
    assert [row for row in warnings if " ".join(row["message_th"].split()) not in " ".join(text.split())] == []


def test_a_report_is_of_one_release_which_it_names(released: FlowResult, report: str) -> None:
    assert f"ข้อมูลรุ่นที่ {released.release_id} " in report
    with snapshot(released.release_id) as marts:
        assert marts.release_id == released.release_id
        assert marts.as_of == AS_OF.date()


@pytest.mark.parametrize(
    ("asked", "says", "cure"),
    [
        ({"fiscal_year": 2560, "quarter": 1}, "no reports for quarter 1 of fiscal year 2560", "2565: "),
        ({"fiscal_year": 2565, "quarter": 4, "province": "เชียงใหม่"}, "no province", "94 ปัตตานี"),
    ],
)
def test_what_there_is_no_report_of_is_refused_with_what_there_is(asked: dict[str, Any], says: str, cure: str) -> None:
    with snapshot() as marts, pytest.raises(UsageError, match=says) as refused:
        choose(marts, **asked)
    assert cure in str(refused.value.cure)


def test_a_release_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="was never published"), snapshot(10_000):
        pass


def test_boundaries_take_the_place_of_no_tile(tmp_path: Path, released: FlowResult) -> None:
    """The map is drawn beside the tiles; tambon without a polygon are named."""
    square = [[[101.2, 6.8], [101.3, 6.8], [101.3, 6.9], [101.2, 6.8]]]
    feature = {"type": "Feature", "properties": {"TAMBON_IDN": 940101},
               "geometry": {"type": "Polygon", "coordinates": square}}  # fmt: skip
    boundaries = tmp_path / "tambon.geojson"
    boundaries.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    out = tmp_path / "with map.html"
    command = ["report", "--fiscal-year", "2565", "--quarter", "4", "--province", "Pattani", "--out", str(out)]
    assert CliRunner().invoke(build_app(), [*command, "--boundaries", str(boundaries)]).exit_code == 0
    html = out.read_text(encoding="utf-8")
    [count] = query(
        "select count(*) - 1 as others from marts.areas where area_level = 'tambon' and province_code = '94'"
    )
    assert f"ไม่มีขอบเขตในไฟล์ {count['others']} ตำบล" in html
    assert "(940102)" in html
    assert "(940101)" not in html
