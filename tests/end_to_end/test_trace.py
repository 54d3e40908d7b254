"""Figures traced to cells: each sampled figure is computed anew from the cells as they stand in the archived files.

Two releases of three provinces, whose offices write alike in nothing; between them a survey is revised, a wrong row of
a population file comes back corrected, and a register is withdrawn. `TRACED_FIGURES=200` samples more.
"""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from chaidaen.cli import build_app
from core import database
from core.errors import UsageError, UserFacingError
from ingestion.contracts import load_contract
from ingestion.issues import mask
from publication.plan import plan_of
from publication.recipe import facts_of
from publication.releases import as_of_date, person
from publication.trace import trace
from publication.trace_declared import PREFIX, traced_marts
from publication.trace_impact import impact
from publication.trace_lineage import Lineage, lineage
from tests.end_to_end.dropping import query
from tests.end_to_end.recomputing import figure, in_file, rows_by_dataset, sheet_of
from tests.end_to_end.two_releases import GONE, MADE_POOR, YEAR, World, submissions, two_releases

SAMPLED = int(os.environ.get("TRACED_FIGURES", "20"))


@pytest.fixture(scope="module")
def world(module_built_home: Path) -> Iterator[World]:
    with two_releases(module_built_home) as both:
        yield both
    sheet_of.cache_clear()


@pytest.fixture(scope="module")
def sessions(world: World) -> Iterator[dict[int, Lineage]]:
    with lineage(world.before) as before, lineage(None) as after:
        assert after.release_id == world.after
        yield {world.before: before, world.after: after}


@pytest.fixture(scope="module")
def sha256(world: World) -> dict[int, str]:
    return {row["submission_id"]: row["sha256"] for row in submissions()}


def known_figures(session: Lineage) -> list[tuple[str, str, str]]:
    """(column, level, area) of every figure that is known and more than nothing; some zeros beside them."""
    columns = [c for c in traced_marts(session.manifest)["poverty_by_area"].columns.values() if c.entries]
    found = []
    for column in columns:
        rows = session.connection.execute(
            f"select area_level, area_code from marts_exact.poverty_by_area"
            f" where survey_year_be = %s and ({column.name} > 0 or {column.name} = 0 and area_level = 'province')"
            f" and surveyed_households > 0 and coalesce(surveyed_persons, 1) > 0 order by 1, 2",
            [YEAR],
        ).fetchall()
        found += [(column.name, *row) for row in rows]
    return found


def sample(known: list[tuple[str, str, str]], count: int, seed: int) -> list[tuple[str, str]]:
    """Columns in turn, a level by chance, an area by chance: villages are many, the region is one."""
    chance = random.Random(seed)  # noqa: S311
    columns = list(dict.fromkeys(column for column, _, _ in known))
    chance.shuffle(columns)
    chosen = []
    for at in range(count):
        column = columns[at % len(columns)]
        level = chance.choice(sorted({level for name, level, _ in known if name == column}))
        chosen.append(
            (column, chance.choice([area for name, at_level, area in known if (name, at_level) == (column, level)]))
        )
    return chosen


def key(area: str) -> dict[str, str]:
    return {"area_code": area, "survey_year_be": YEAR}


def test_sampled_figures_are_what_the_traced_cells_of_the_archived_files_come_to(
    sessions: dict[int, Lineage], sha256: dict[int, str]
) -> None:
    """Half of them in the release before the revision and the withdrawal, half in the one after."""
    for release_id, session in sessions.items():
        for column, area in sample(known_figures(session), SAMPLED // 2, release_id):
            traced = trace(session, "poverty_by_area", key(area), column, limit=None, masked=False)
            cells = list(traced.cells)
            assert traced.release_id == release_id
            for cell in cells:
                assert cell.value == in_file(cell, sha256[cell.submission_id]), (column, area, cell.cell)
            assert figure(column, rows_by_dataset(cells, sha256)) == traced.value, (release_id, column, area)


def test_an_earlier_release_is_traced_to_the_file_it_was_made_of(sessions: dict[int, Lineage], world: World) -> None:
    seen = {}
    for release_id, session in sessions.items():
        traced = trace(session, "poverty_by_area", key("94"), "income_poor_households", limit=None)
        seen[release_id] = (traced.value, {cell.submission_id for cell in traced.cells})
    assert seen[world.before][1] == {world.survey}
    assert seen[world.after][1] == {world.revised_survey}
    assert seen[world.after][0] >= max(MADE_POOR, seen[world.before][0] - GONE)


def test_a_figure_lost_by_a_withdrawal_rests_on_nothing_and_the_one_before_still_does(
    sessions: dict[int, Lineage], world: World
) -> None:
    before = trace(sessions[world.before], "poverty_by_area", key("96"), "target_poor_persons")
    after = trace(sessions[world.after], "poverty_by_area", key("96"), "target_poor_persons")
    assert world.withdrawn_register in {cell.submission_id for cell in before.cells}
    assert (after.value, after.rows, list(after.cells)) == (None, 0, [])


def test_a_row_that_came_back_corrected_is_found_in_the_file_it_came_back_in(
    sessions: dict[int, Lineage], world: World, sha256: dict[int, str]
) -> None:
    traced = trace(sessions[world.after], "poverty_by_area", key("94"), "population_persons", limit=None)
    cells = list(traced.cells)
    assert traced.value == 41 * 22
    assert sum(int(in_file(cell, sha256[cell.submission_id])) for cell in cells) == traced.value
    [mended] = [cell for cell in cells if cell.submission_id == world.mended_population]
    assert mended.file_name == "bad_rows.csv"
    assert {cell.submission_id for cell in cells if cell is not mended} == {world.population}


def test_more_cells_than_the_limit_are_counted_and_said_to_be_left_out(
    sessions: dict[int, Lineage], world: World
) -> None:
    traced = trace(sessions[world.after], "poverty_by_area", key("SBP"), "surveyed_households", limit=7)
    assert len(list(traced.cells)) == 7
    assert traced.truncated
    assert traced.rows == traced.value == 60 - GONE


def test_reports_are_traced_to_whole_files_and_places_to_no_file(sessions: dict[int, Lineage], world: World) -> None:
    status = {"agency_id": "registration_office_94", "dataset_id": "population", "period": YEAR}
    rows = trace(sessions[world.after], "submission_status", status, "accepted_rows")
    [cell] = rows.cells
    assert (rows.value, cell.submission_id, cell.cell, cell.value) == (41, world.mended_population, None, "41")
    name = trace(sessions[world.after], "areas", {"area_code": "94"}, "name_th")
    assert (name.value, name.from_files, list(name.cells)) == ("ปัตตานี", False, [])
    note = query("select note_no from marts_exact.release_notes where dataset_id = 'welfare_card'"
                 " and note_code = 'submissions_used'")[0]["note_no"]  # fmt: skip
    noted = list(trace(sessions[world.after], "release_notes", {"note_no": str(note)}, "message_th").cells)
    assert {one.dataset_id for one in noted} == {"welfare_card"}
    assert world.withdrawn_register not in {one.submission_id for one in noted}


def test_how_clean_a_report_came_and_is_rests_on_the_files_of_then_and_now(
    sessions: dict[int, Lineage], world: World
) -> None:
    """41 rows came with one wrong, which came back corrected. Every figure is counted again from its files."""
    report = {"agency_id": "registration_office_94", "dataset_id": "population", "period": YEAR}
    session = sessions[world.after]
    wrong = {**report, "issue_code": "not_a_number"}
    expected = {"files": (1, {world.population}), "first_error_rows": (1, {world.population}),
                "error_rows": (0, set()), "first_rows": (41, {world.population}),
                "sent_rows": (41, {world.mended_population})}  # fmt: skip
    for column, (figure_now, files) in expected.items():
        traced = trace(session, "data_quality_by_agency", wrong, column)
        assert (traced.value, {cell.submission_id for cell in traced.cells}) == (figure_now, files), column
    measures = [c.name for c in traced_marts(session.manifest)["data_quality_by_agency"].columns.values() if c.entries]
    assert len(measures) > 20
    for row in query("select agency_id, dataset_id, period, issue_code from marts_exact.data_quality_by_agency"
                     " where right(agency_id, 2) = '94' order by 1, 2, 3, 4"):  # fmt: skip
        for column in measures:
            trace(session, "data_quality_by_agency", row, column)


def test_every_measure_of_every_mart_says_how_it_is_traced(sessions: dict[int, Lineage], world: World) -> None:
    """But of those of one household or person: an answer would lead anybody to the file and row of somebody."""
    session = sessions[world.after]
    marts = {n.alias: n.config.meta for n in session.manifest.nodes.values() if n.fqn[1:2] == ["marts"]
             and n.resource_type == "model"}  # fmt: skip
    assert {name for name, meta in marts.items() if not meta.get("reader")} == set(traced_marts(session.manifest))
    for restricted in marts.keys() - traced_marts(session.manifest).keys():
        with pytest.raises(UsageError, match="not traced"):
            trace(session, restricted, {}, "household_key")
    for mart in traced_marts(session.manifest).values():
        for column in mart.columns.values():
            if (
                column.kind in ("count", "official_count", "share", "sum", "score")
                # Contracts and calendar, and the list of areas, say these.
                and column.name not in ("expected_reports", "expected_months", "villages")
            ):
                told = [column, *(mart.column(part) for part in column.parts)]
                assert any(c.entries or c.taken_from for c in told), f"{mart.name}.{column.name} has no meta.trace"
            for entry in column.entries:
                assert entry.analysis.removeprefix(PREFIX) in {n.name for n in session.manifest.nodes.values()}
                session.connection.execute(f"select {entry.cells if not entry.says else entry.says}"
                                           f" from {session.have(entry.analysis).as_string()}"
                                           f" where {entry.where} limit 0")  # fmt: skip


def test_tracing_changes_nothing_that_a_build_decides_by(sessions: dict[int, Lineage], world: World) -> None:
    """dbt compiled the very project that a build in this process would go by: every recipe is as it was built."""
    with database.connect() as connection:
        facts = facts_of(connection, world.after, as_of_date(world.after))
        plan = plan_of(sessions[world.after].manifest, facts)
        built = dict(connection.execute("select unique_id, recipe from ops.built_nodes").fetchall())
    recipes = {name: node.recipe for name, node in plan.nodes.items() if name in built}
    assert len(built) > 100
    assert recipes == built


def test_rows_that_do_not_give_the_figure_are_refused(sessions: dict[int, Lineage], world: World) -> None:
    """As when the release was built by other code: the trace says so instead of pointing at wrong cells."""
    session = sessions[world.before]
    assert trace(session, "poverty_by_area", key("94"), "population_persons").value == 40 * 22
    with session.connection.transaction(force_rollback=True):
        session.connection.execute(
            "update store.poverty_by_area set population_persons = population_persons + 1 where area_code = '94'"
        )
        with pytest.raises(UserFacingError, match="built by other code"):
            trace(session, "poverty_by_area", key("94"), "population_persons")


# ---- the commands ------------------------------------------------------------------------------------------------


def chaidaen(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), arguments)


WHO_IS_POOR = ("trace", "poverty_by_area", "area_code=SBP", f"survey_year_be={YEAR}", "target_poor_households")


def personal_values(world: World) -> set[str]:
    """Every ID, name and house code that stands in an archived file of people."""
    values = set()
    for row in query("select sha256, dataset_id from ops.submissions where dataset_id <> 'population'"):
        columns = [column for column in load_contract(row["dataset_id"]).columns if column.is_personal]
        headers = {header for column in columns if column.name != "title" for header in column.headers}
        cells = sheet_of(row["sha256"], None)
        personal = {column for (_, column), text in cells.items() if text in headers}
        values |= {text for (_, column), text in cells.items() if column in personal and len(text) > 3} - headers
    return values


def test_the_answer_is_one_document_and_shows_no_id_or_name(world: World) -> None:
    answer = chaidaen(*WHO_IS_POOR, "--json", "--limit", "0")
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["release_id"] == world.after
    assert said["value"] > 0
    assert said["truncated"] is False
    assert {"submission_id", "file_name", "sheet", "cell", "value"} <= said["cells"][0].keys()
    assert {cell["dataset_id"] for cell in said["cells"]} == {"household_survey", "household_member", "welfare_card"}
    personal = personal_values(world)
    assert len(personal) > 400
    shown = answer.stdout + chaidaen(*WHO_IS_POOR, "--limit", "0").output
    assert not [value for value in personal if value in shown]


def test_personal_values_are_shown_to_those_who_are_allowed_and_every_look_is_kept(world: World) -> None:
    asked = (*WHO_IS_POOR, "--json", "--limit", "1", "--show-personal", "ตรวจซ้ำกับต้นฉบับ")
    assert isinstance(chaidaen(*asked).exception, UsageError)
    with database.connect() as connection:
        connection.execute(
            "insert into ops.personal_data_readers (person, allowed_at, allowed_by, reason)"
            " values (%s, now(), 'tests', 'ทดสอบ')",
            [person()],
        )
    [cell] = json.loads(chaidaen(*asked).stdout)["cells"]
    [masked] = json.loads(chaidaen(*asked[:-2]).stdout)["cells"]
    assert cell["column"] == masked["column"]
    assert cell["value"] != masked["value"] == mask(cell["value"], masked_format(cell))
    [kept] = query("select person, release_id, figure, reason from ops.personal_data_views")
    assert kept == {
        "person": person(),
        "release_id": world.after,
        "figure": " ".join(WHO_IS_POOR[1:]),
        "reason": "ตรวจซ้ำกับต้นฉบับ",
    }


def masked_format(cell: dict[str, Any]) -> str | None:
    return load_contract(cell["dataset_id"]).column(cell["column"]).format


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("no_such_mart", "a=1", "x"), "There is no mart"),
        (("poverty_by_area", "area_code=94", "no_such_column"), "has no column no_such_column"),
        (("poverty_by_area", "no_key=94", "surveyed_persons"), "has no column no_key"),
        (("poverty_by_area", "area_code=94"), "Name one column"),
        (("poverty_by_area", "survey_year_be=2564", "surveyed_persons"), "more than one row"),
        (("poverty_by_area", "area_code=77", "survey_year_be=2564", "surveyed_persons"), "has no row"),
        (
            ("poverty_by_area", "area_code=94", "survey_year_be=2564", "surveyed_persons", "--release", "99"),
            "no release",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_the_cure(
    world: World, words: tuple[str, ...], says: str
) -> None:
    refused = chaidaen("trace", *words).exception
    assert isinstance(refused, UsageError)
    assert says in refused.message
    assert refused.cure


# ---- from a submission up ----------------------------------------------------------------------------------------


def test_impact_lists_what_tracing_those_figures_finds_of_the_submission(
    sessions: dict[int, Lineage], world: World
) -> None:
    session = sessions[world.after]
    found = impact(session, world.revised_survey)
    assert found.in_release
    assert {one.mart for one in found.impacts} >= {"poverty_by_area", "submission_status", "release_notes"}
    chance = random.Random(1)  # noqa: S311
    areas = [one for one in found.impacts if one.mart == "poverty_by_area"]
    for one in [areas[0], *chance.sample(areas, 3)]:
        column = chance.choice([name for name in one.figures if name.endswith("_households")])
        cells = trace(session, "poverty_by_area", key(str(one.key["area_code"])), column, limit=None).cells
        rows = {cell.row for cell in cells if cell.submission_id == world.revised_survey}
        assert len(rows) == one.figures[column]
        assert one.name_th
        assert one.name_en


def test_nothing_rests_on_a_file_that_was_replaced_or_withdrawn(sessions: dict[int, Lineage], world: World) -> None:
    """Its agency's report of the period is late or missing because of it, and as clean as it came: that is all."""
    for number in (world.survey, world.withdrawn_register):
        found = impact(sessions[world.after], number)
        assert not found.in_release
        assert {one.mart for one in found.impacts} <= {"submission_status", "data_quality_by_agency"}
    assert "poverty_by_area" in {one.mart for one in impact(sessions[world.before], world.survey).impacts}


def test_impact_is_one_table_or_one_document(world: World) -> None:
    said = json.loads(chaidaen("impact", str(world.revised_survey), "--json").stdout)
    assert (said["submission_id"], said["release_id"], said["in_release"]) == (world.revised_survey, world.after, True)
    [province] = [o for o in said["impact"] if o["mart"] == "poverty_by_area" and o["key"]["area_code"] == "94"]
    assert {"column": "surveyed_households", "rows": province["figures"][0]["rows"]} in province["figures"]
    table = chaidaen("impact", str(world.revised_survey), "--limit", "0").output
    assert "ปัตตานี" in table
    assert "Pattani" in table
    gone = chaidaen("impact", str(world.withdrawn_register)).output
    assert "is not made of it (state withdrawn)" in gone
    assert isinstance(chaidaen("impact", "999").exception, UsageError)
