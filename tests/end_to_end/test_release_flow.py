"""The whole second half of the way on the real dbt project: loaded submissions → candidate → gate → readers."""

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chaidaen.cli import build_app
from chaidaen.overview import overview
from core import clock, database
from core.errors import BuildFailed, GateFailed, Held
from core.settings import settings
from ingestion import life
from publication.build import LAYERS, build_layer
from publication.flow import build_and_publish
from publication.releases import list_releases, open_release, published_release
from publication.store import store_candidate
from publication.waiting import waiting_for_a_release
from tests.ledger_by_hand import record_states

PROVINCES = ("90", "91", "94", "95", "96")
SONGKHLA_HOUSES = 562_421  # what its tambon add up to; 562,422 was published


@pytest.fixture(scope="module")
def one_release(module_built_home: Path) -> Iterator[int]:
    """The real population of all five provinces, loaded, built, judged and published once."""
    with clock.fixed(datetime(2022, 2, 1, 3, tzinfo=UTC)):
        for province in PROVINCES:
            load_population(province)
        result = build_and_publish(actor="tests")
        assert result.ending == "published"
        assert result.gate == "warning"
        assert result.release_id is not None
        yield result.release_id


def load_population(province: str, *, more_people: int = 0) -> int:
    """A submission as intake leaves it, from the figures of 2564; the first tambon may gain people."""
    with (settings().project_root / "dbt_project/seeds/population_2564.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["tambon_code"].startswith(province)]
    rows[0]["male_persons"] = str(int(rows[0]["male_persons"]) + more_people)
    rows[0]["total_persons"] = str(int(rows[0]["total_persons"]) + more_people)
    fields = ("tambon_code", "male_persons", "female_persons", "total_persons", "houses")
    with database.connect() as connection, connection.cursor() as cursor:
        agency = f"registration_office_{province}"
        cursor.execute(
            "update ops.submissions set state = 'superseded' where agency_id = %s and state in ('loaded', 'released')",
            [agency],
        )
        made = cursor.execute(
            "insert into ops.submissions (agency_id, dataset_id, period, revision, sha256, size_bytes, file_name,"
            " landing_fingerprint, state, verdict, rows, accepted_rows, rejected_rows, received_at)"
            " values (%s, 'population', '2564', 1, %s, 1, 'f.csv', %s, 'loaded', 'accepted', %s, %s, 0, %s)"
            " returning submission_id",
            [agency, f"{province}-{more_people}", f"{province}-{more_people}", len(rows), len(rows), clock.now()],
        ).fetchone()
        assert made is not None
        record_states(connection)
        cursor.executemany(
            "insert into raw.population (_submission_id, _sheet, _row, data_status,"
            " tambon_code, male_persons, female_persons, total_persons, houses)"
            " values (%s, 'f.csv', %s, 'final', %s, %s, %s, %s, %s)",
            [(made[0], number, *(row[field] for field in fields)) for number, row in enumerate(rows, 2)],
        )
    return int(made[0])


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), arguments)


def readers_see(statement: str) -> list[tuple[object, ...]]:
    with database.connect("chaidaen_bi") as connection:
        return connection.execute(statement).fetchall()


def test_every_mart_can_be_read_safe_and_exact(one_release: int) -> None:
    for mart in ("areas", "submission_status", "release_notes"):
        assert readers_see(f"select count(*) > 0 from marts.{mart}") == [(True,)]
        with database.connect("chaidaen_analyst") as connection:
            assert connection.execute(f"select count(*) > 0 from marts_exact.{mart}").fetchone() == (True,)


def test_every_column_of_every_reader_view_is_described_in_thai_and_english(one_release: int) -> None:
    with database.connect() as connection:
        bare = connection.execute(
            "select c.relname, a.attname from pg_class as c"
            " join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0"
            " where c.relnamespace in ('marts'::regnamespace, 'marts_exact'::regnamespace) and c.relkind = 'v'"
            " and coalesce(col_description(c.oid, a.attnum), '') !~ '[ก-๛].*[|].*[A-Za-z]'"
        ).fetchall()
    assert bare == []


def test_the_gate_notices_the_published_total_of_songkhla_and_says_so_to_readers(one_release: int) -> None:
    with database.connect() as connection:
        found = connection.execute(
            "select severity, success, observed from ops.gate_results"
            " where release_id = %s and expectation_id = 'release_notes.published_houses_agree'",
            [one_release],
        ).fetchone()
    assert found is not None
    assert found[:2] == ("warning", False)
    assert f"{SONGKHLA_HOUSES:,}" in found[2]
    notes = readers_see("select message_th, message_en from marts.release_notes where note_code = 'gate_failure'")
    assert any("ยอดจังหวัดที่ประกาศ" in str(thai) and "Houses" in str(english) for thai, english in notes)


def test_no_critical_expectation_fails_and_none_raises(one_release: int) -> None:
    with database.connect() as connection:
        bad = connection.execute(
            "select expectation_id, observed from ops.gate_results"
            " where release_id = %s and (raised or (severity = 'critical' and not success))",
            [one_release],
        ).fetchall()
    assert bad == []


def test_nothing_changed_builds_nothing(one_release: int) -> None:
    assert build_and_publish().ending == "unchanged"
    assert published_release() == one_release


def test_the_commands_tell_what_happened(one_release: int) -> None:
    listed = json.loads(cli("releases", "--json").output)
    assert [release["status"] for release in listed if release["release_id"] == one_release] == ["published"]
    assert set(listed[0]) >= {"release_id", "status", "published_at", "gate", "approved_by", "size_bytes"}
    assert listed[0]["size_bytes"] > 0
    assert "Nothing changed" in cli("build").output
    nodes = {node["unique_id"]: node for node in json.loads(cli("builds", "--json").output)}
    assert nodes["model.chaidaen.poverty_by_area"]["status"] == "success"
    assert nodes["model.chaidaen.poverty_by_area"]["rows_affected"] > 0
    shown = cli("builds", str(one_release)).output
    assert f"Release {one_release}: " in shown
    assert "poverty_by_area" in shown
    builds = json.loads(cli("builds", "--all", "--json").output)
    assert [(b["release_id"], b["failed"], b["models"] > 5, b["seconds"] > 0) for b in builds] == [
        (one_release, 0, True, True)
    ]
    assert "published" in cli("releases").output
    for command in ("build", "gate", "publish", "releases", "rollback", "tidy", "builds"):
        assert cli(command, "--help").exit_code == 0


def test_a_build_that_fails_names_the_nodes_and_leaves_readers_alone(one_release: int) -> None:
    """A tambon twice in one file, past the check. What had been built by then stands for no other release."""
    submission = load_population("96", more_people=5)
    with database.connect() as connection:
        connection.execute(
            "insert into raw.population (_submission_id, _sheet, _row, data_status, tambon_code, male_persons,"
            " female_persons, total_persons, houses) select _submission_id, _sheet, 9999, data_status, tambon_code,"
            " male_persons, female_persons, total_persons, houses from raw.population"
            " where _submission_id = %s and _row = 2",
            [submission],
        )
    try:
        with pytest.raises(BuildFailed, match=r"unique_combination_stg_registration_office__populations"):
            build_and_publish()
    finally:
        with database.connect() as connection:
            connection.execute("delete from raw.population where _row = 9999")
    assert published_release() == one_release


def test_a_revision_changes_its_figure_and_only_what_depends_on_it_is_built_and_stored(one_release: int) -> None:
    """Rolled back, readers see the old figure, and the next run does not undo that decision."""
    figure = "select population_persons from marts.poverty_by_area where area_code = '95' and survey_year_be = 2564"
    (before,) = readers_see(figure)[0]
    load_population("95", more_people=7)
    result = build_and_publish()
    assert result.ending == "published"
    assert result.release_id is not None
    assert readers_see(figure) == [(int(str(before)) + 7,)]
    assert models_built(result.release_id) == {
        "int_populations_located", "int_populations_by_area", "int_reports_received", "int_release_findings",
        "int_population_rows_accounted", "int_rows_accounted", "poverty_by_area", "submission_status", "row_accounts",
        "release_notes", "int_submissions_known", "int_files_judged", "int_files_findings", "int_quality_by_rule",
        "int_quality_compared", "data_quality_by_agency", "area_profiles",
    }  # fmt: skip
    assert parts_stored(one_release, "areas") == parts_stored(result.release_id, "areas")
    old, new = (parts_stored(release, "poverty_by_area") for release in (one_release, result.release_id))
    assert {key for key in old if old[key] == new[key]} == {"90", "91", "94"}
    assert {key for key in old if old[key] != new[key]} == {"95", "96", None}  # the region has no province

    assert cli("rollback", str(one_release)).exit_code == 0
    assert readers_see(figure) == [(before,)]
    assert build_and_publish().ending == "unchanged"
    assert cli("rollback", str(result.release_id)).exit_code == 0


def models_built(release_id: int) -> set[str]:
    with database.connect() as connection:
        rows = connection.execute(
            "select distinct split_part(unique_id, '.', 3) from ops.dbt_results"
            " where release_id = %s and unique_id like 'model.%%'",
            [release_id],
        ).fetchall()
    return {row[0] for row in rows}


def parts_stored(release_id: int, mart: str) -> dict[str | None, int]:
    """Province -> part of the exact mart."""
    with database.connect() as connection:
        rows = connection.execute(
            "select part_key ->> 'province_code', part_id from store.release_parts as rp join store.parts as p"
            " using (part_id) where rp.release_id = %s and rp.relation = %s",
            [release_id, mart],
        ).fetchall()
    return dict(rows)


def test_an_approval_is_waited_for_and_kept(one_release: int) -> None:
    """`publish` without --approve ends with 11, with it the approver's name is kept."""
    load_population("91", more_people=3)
    published_before = published_release()
    result = build_and_publish(wait_for_approval=True)
    assert result.ending == "held"
    assert published_release() == published_before
    refused = cli("publish", str(result.release_id))
    assert isinstance(refused.exception, Held)
    assert refused.exception.exit_code == 11
    assert cli("publish", str(result.release_id), "--approve").exit_code == 0
    newest = list_releases()[0]
    assert (newest.release_id, newest.status) == (result.release_id, "published")
    assert newest.approved_by


def test_figures_that_do_not_add_up_are_held_and_the_old_ones_stay(one_release: int) -> None:
    """The gate is given a mart whose province no longer equals the sum of its amphoe, through the real steps."""
    published_before = published_release()
    load_population("94", more_people=11)
    release_id = open_release()
    assert release_id is not None
    for layer in LAYERS:
        build_layer(release_id, layer)
    with database.connect() as connection:
        for schema in ("candidate", "candidate_safe"):
            connection.execute(
                f"update {schema}.poverty_by_area set population_persons = population_persons + 1"
                " where area_code = '94'"
            )
    store_candidate(release_id)
    refused = cli("gate", str(release_id))
    assert isinstance(refused.exception, GateFailed)
    assert refused.exception.exit_code == 12
    assert published_release() == published_before
    assert list_releases()[0].status == "held"
    with database.connect() as connection:
        failed = connection.execute(
            "select expectation_id, observed from ops.gate_results"
            " where release_id = %s and not success and severity = 'critical'",
            [release_id],
        ).fetchall()
    assert sorted(row[0] for row in failed) == [
        "area_profiles.agrees_with_poverty_by_area", "poverty_by_area.population_adds_up"
    ]  # fmt: skip
    assert "area_code=94" in failed[0][1]
    assert isinstance(cli("publish", str(release_id), "--approve").exception, GateFailed)


def test_a_withdrawn_submission_is_in_no_new_figure_and_its_agency_is_silent_again(one_release: int) -> None:
    """Once the grace is over; bringing it back puts it into the release after."""
    with database.connect() as connection:
        row = connection.execute(
            "select submission_id from ops.submissions"
            " where agency_id = 'registration_office_95' and state = 'released'"
        ).fetchone()
    assert row is not None
    with clock.fixed(datetime(2022, 3, 31, 3, tzinfo=UTC)):
        assert waiting_for_a_release() == []
        life.withdraw(row[0], "ส่งผิดปี")
        assert waiting_for_a_release() == [row[0]]
        release_id = open_release(actor="tests")
        assert release_id is not None
        for layer in LAYERS:
            build_layer(release_id, layer)
    with database.connect() as connection:
        measures = connection.execute(
            "select expected_reports, actual_reports, actual_reports_on_time, last_state"
            " from candidate.submission_status"
            " where agency_id = 'registration_office_95' and dataset_id = 'population' and period = '2564'"
        ).fetchone()
    assert measures == (1, 0, 0, "withdrawn")
    assert life.undo_withdrawal(row[0], "ถูกแล้ว").state == "released"  # readers still see the release it is in


def test_status_names_the_silent_by_the_published_release(one_release: int) -> None:
    with closing(database.connect(autocommit=True)) as connection:
        seen = overview(connection)
    assert seen.release is not None
    assert seen.release.release_id == published_release()
    with database.connect() as connection:
        row = connection.execute(
            "select sum(expected_reports) - sum(actual_reports) filter (where expected_reports = 1)"
            " from marts_exact.submission_status"
        ).fetchone()
    assert row == (len(seen.silent),)
