"""A release built again from the archive is the same, row by row; what was tampered with since is named."""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner, Result

from chaidaen.cli import build_app
from chaidaen.cli.rebuild import summary_lines
from chaidaen.simulate import SURVEY, Simulation, simulate
from core import clock, database
from core.errors import UserFacingError
from core.postgres import EmbeddedServer
from core.settings import PROJECT_ROOT, Settings, settings
from core.settings import reload as reload_settings
from ingestion import life
from ingestion.archive import path_of
from ingestion.stages import Processed
from publication.build import build
from publication.flow import build_and_publish
from publication.manifest import read_manifest
from publication.rebuild import Rebuilt, rebuild
from publication.releases import open_release, published_release
from publication.replaying import replay
from publication.scratch import REBUILDING, scratch_warehouse
from tests.end_to_end.dropping import bad_rows, bad_rows_csv, csv_bytes, drop, query
from tests.end_to_end.test_intake import ingest, ingest_one
from tests.killing import die, killed

FIRST_DAY = datetime(2022, 1, 10, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """A release of many small submissions with everything that can happen to them, and what happened after it."""

    release_id: int
    listed: set[int]
    mended: set[int]  # submissions of which others took over rows
    revised: int  # the second revision of its scope


def figures(prefix: str, men: int = 10) -> list[tuple[object, ...]]:
    """A row for every tambon whose code begins so."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "tambon.csv").open(encoding="utf-8") as lines:
        codes = [row["tambon_code"] for row in csv.DictReader(lines) if row["tambon_code"].startswith(prefix)]
    return [(code, men + place, 12, men + place + 12, 7) for place, code in enumerate(codes)]


def send(part: str, rows: list[tuple[object, ...]] | None = None) -> Processed:
    """A file of an amphoe, as its province sends it."""
    return send_bytes(part, csv_bytes(figures(part) if rows is None else rows))


def send_bytes(part: str, content: bytes) -> Processed:
    put(part, content)
    return ingest_one()


def put(part: str, content: bytes) -> None:
    """`part`: an amphoe, or a whole province."""
    is_whole = len(part) == 2
    drop(
        content, "a.csv", folders=(f"registration_office_{part[:2]}", "population", "2564", *([part] * (not is_whole)))
    )


def with_a_wrong_row(part: str) -> list[tuple[object, ...]]:
    rows = figures(part)
    return [*rows[:-1], (rows[-1][0], "สิบ", *rows[-1][2:])]


def mend(part: str, submission_id: int) -> Processed:
    back = bad_rows(submission_id)
    for row in back:
        row["ชาย"] = str(int(row["รวม"]) - int(row["หญิง"]))
    return send_bytes(part, bad_rows_csv(back))


@pytest.fixture(scope="module")
def story(module_built_home: Path) -> Iterator[Story]:
    with clock.fixed(FIRST_DAY) as now:
        what = Simulation(40, seed=3, defects=0.02, provinces=("94", "95"), datasets=SURVEY)
        simulate(what, settings().landing, truth_folder=module_built_home / "truth")
        for part in map(str, (*range(9401, 9413), *range(9501, 9506))):
            put(part, csv_bytes(with_a_wrong_row(part) if part == "9405" else figures(part)))
        put("90", csv_bytes(with_a_wrong_row("90")))
        put("91", "ไม่ใช่ตาราง".encode())
        ingest()
        first = {
            row["part"] if row["part"] != "all" else row["agency_id"][-2:]: row["submission_id"]
            for row in query("select * from ops.submissions where dataset_id = 'population'")
        }
        states = [query("select state from ops.submissions where submission_id = %s", first[part])[0]["state"]
                  for part in ("9405", "90", "9401", "91")]  # fmt: skip
        assert states == ["rejected", "loaded", "loaded", "rejected"]

        now.step(timedelta(days=60))  # late
        revised = send("9401", figures("9401", men=20))
        smaller = send("9402", figures("9402")[:2])
        assert smaller.state == "held"
        assert life.release_hold(smaller.submission_id, "ยุบรวมตำบล (invented)").state == "loaded"
        life.withdraw(first["9403"], "ส่งผิดปี (invented)")
        assert send("9404").state == "duplicate"
        of_refused = mend("9405", first["9405"])
        of_loaded = mend("90", first["90"])
        assert (of_refused.state, of_loaded.state) == ("loaded", "loaded")
        assert send("9406", figures("9406")[:1]).state == "held"  # nobody decides
        result = build_and_publish(actor="tests")
        assert result.ending == "published"
        assert result.release_id is not None

        now.step(timedelta(days=1))
        send("9401", figures("9401", men=30))
        life.withdraw(first["9407"], "ส่งผิดปี (invented)")
    listed = query("select submission_id from ops.release_submissions where release_id = %s", result.release_id)
    yield Story(
        result.release_id,
        {row["submission_id"] for row in listed},
        {first["9405"], first["90"]},
        revised.submission_id,
    )


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), arguments)


def left_behind() -> list[str]:
    databases = [row["datname"] for row in query("select datname from pg_database where datname like '%%rebuild%%'")]
    return databases + [str(path) for path in settings().home.glob("rebuild*")]


def test_the_manifest_names_everything_a_release_was_made_of(story: Story) -> None:
    found = json.loads(cli("manifest", str(story.release_id), "--json").output)
    submissions = {one["submission_id"]: one for one in found["submissions"]}
    assert len(story.listed) >= 20
    assert {number for number, one in submissions.items() if one["is_listed"]} == story.listed
    assert {number for number, one in submissions.items() if not one["is_listed"]} == story.mended
    assert all(len(one["sha256"]) == 64 for one in submissions.values())
    assert submissions[story.revised]["revision"] == 2
    assert found["gate"] in ("passed", "warning")
    assert found["as_of"] == "2022-03-11"
    assert set(found["seeds"]) > {"agencies.csv", "generated/obligations.csv"}
    assert found["contracts"]["population"]["version"]
    assert found["packages"]["dbt-core"]
    assert found["variables"] == {"poverty_scheme": "tpmap"}
    secret = settings().pseudonym_key_file.read_text()
    assert len(found["pseudonym_key"]) == 16
    assert found["pseudonym_key"] not in secret
    marts = {(one["mart"], one["variant"]): one for one in found["marts"]}
    assert set(marts) >= {(mart, how) for mart in ("areas", "poverty_by_area") for how in ("exact", "safe")}
    for (mart, how), one in marts.items():  # what the manifest says is what readers count
        schema = {"exact": "marts_exact", "safe": "marts", "cases": "gate"}[how]
        view, role = f"{schema}.{mart}", "chaidaen_gate" if how == "cases" else "chaidaen_analyst"
        with database.connect(role) as connection:
            assert connection.execute(f"select count(*) from {view}").fetchone() == (one["rows"],)
    assert "poverty_by_area (safe)" in cli("manifest", str(story.release_id)).output


def test_a_release_tells_how_clean_each_office_s_files_came_and_are(story: Story) -> None:
    """Pattani sent 12 amphoe, two of them anew, one with a row corrected after its file was returned; one file was
    withdrawn, one waits for a decision, and one came twice. So of the 12 first files 11 are looked into, with one wrong
    row, which counts no more. Satun has sent what is no table: nothing is known of its rows."""
    quality = {
        (row["agency_id"], row["issue_code"]): row
        for row in query("select * from marts_exact.data_quality_by_agency where dataset_id = 'population'")
    }
    pattani = quality["registration_office_94", "any"]
    files = ("files", "accepted_files", "rejected_files", "held_files", "withdrawn_files")
    assert [pattani[name] for name in files] == [16, 13, 1, 1, 1]
    tambon = len(figures("94")) - len(figures("9403"))
    assert (pattani["first_rows"], pattani["first_error_rows"]) == (tambon, 1)
    counting = tambon - len(figures("9402")) + 2  # the revision that was held and released
    assert [pattani[name] for name in ("sent_rows", "accepted_rows", "error_rows")] == [counting, counting, 0]
    wrong = quality["registration_office_94", "not_a_number"]
    assert [wrong[name] for name in (*files, "first_error_rows", "error_rows")] == [1, 0, 1, None, None, 1, 0]
    assert ("registration_office_94", "fewer_rows_than_before") not in quality
    satun = quality["registration_office_91", "any"]
    assert [satun[name] for name in ("files", "rejected_files", "first_rows", "sent_rows", "error_rows")] == [
        1, 1, None, None, None,
    ]  # fmt: skip


def test_a_release_of_revisions_a_withdrawal_a_hold_and_corrections_is_rebuilt_identical(story: Story) -> None:
    done = cli("rebuild", str(story.release_id), "--json")
    assert done.exception is None, done.output
    found = json.loads(done.stdout)
    assert found["marts"] == []
    assert found["submissions"] == []
    assert found["identical"] is True
    assert found["changed"] == []
    assert found["submissions_read"] == len(story.listed | story.mended)
    assert found["marts_compared"] >= 8
    assert "reading archived files" in done.stderr
    assert left_behind() == []
    assert query("select count(*) as releases from ops.releases") == [{"releases": 1}]


def test_a_rebuild_that_is_killed_harms_nobody_and_the_next_one_clears_what_it_left(story: Story) -> None:
    """Killed over its third file. What it left is cleared before the next one begins anything of its own."""

    def die_over_the_third(step: str, detail: str) -> None:
        if step == "read" and detail.startswith("3/"):
            die()

    killed(lambda: rebuild(story.release_id, progress=die_over_the_third))
    assert left_behind() == [f"chaidaen_rebuild_{story.release_id}"]
    assert published_release() == story.release_id
    with scratch_warehouse(story.release_id), database.connect() as scratch:
        assert scratch.execute("select count(*) from ops.submissions").fetchone() == (0,)
    assert left_behind() == []


def test_a_second_rebuild_at_the_same_time_is_refused(story: Story) -> None:
    with database.connect() as other:
        other.execute("select pg_advisory_lock(%s)", [REBUILDING])
        refused = cli("rebuild", str(story.release_id))
    assert isinstance(refused.exception, UserFacingError)
    assert "Another rebuild is running" in refused.exception.message


@pytest.mark.parametrize("command", ["manifest", "rebuild"])
def test_a_release_that_does_not_exist_is_a_mistake_of_usage(story: Story, command: str) -> None:
    refused = cli(command, "99")
    assert isinstance(refused.exception, UserFacingError)
    assert (refused.exception.exit_code, refused.exception.message) == (2, "There is no release 99.")


def test_a_file_that_the_archive_no_longer_has_is_told_with_what_was_made_of_it(story: Story) -> None:
    """The refused file whose corrected rows came back: neither it nor the revision made of it can be read again."""
    [base] = query(
        "select s.submission_id, s.sha256, m.submission_id as mended from ops.submissions as s"
        " join ops.submissions as m on m.base_submission_id = s.submission_id where s.state = 'rejected'"
    )
    archived = path_of(base["sha256"])
    aside = archived.rename(archived.with_name("aside"))
    try:
        with scratch_warehouse(story.release_id) as real, database.connect(autocommit=True) as scratch:
            manifest = read_manifest(real, story.release_id)
            otherwise = {one["submission_id"]: one for one in replay(real, scratch, manifest, lambda _: None)}
    finally:
        aside.rename(archived)
    assert {number: (one["state"], one["reason_code"]) for number, one in otherwise.items()} == {
        base["submission_id"]: ("rejected", "archive_damaged"),
        base["mended"]: ("rejected", "returned_base_not_usable"),
    }


def test_an_owner_without_the_right_to_create_databases_gets_a_server_of_its_own(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.connect(autocommit=True) as connection:
        connection.execute("create role humble login password 'invented'")
        connection.execute("create database humble owner humble")
    where = urlsplit(database.url())
    monkeypatch.setenv("CHAIDAEN_DATABASE_URL", f"postgresql://humble:invented@127.0.0.1:{where.port}/humble")
    reload_settings()
    try:
        with scratch_warehouse(1):
            assert urlsplit(database.url()).port != where.port
            assert query("select count(*) as n from ops.releases") == [{"n": 0}]
            server = EmbeddedServer(settings().home)
            assert server.running() is not None
        assert not server.folder.exists()
        assert query("select current_user as me") == [{"me": "humble"}]
    finally:
        monkeypatch.undo()
        reload_settings()
        database.forget()
    assert left_behind() == []


def test_what_was_tampered_with_is_named_mart_by_mart_and_row_by_row(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more man in a row of the warehouse, another name in a list, another figure in a model: three marts, three
    causes, none of which is taken for another."""
    with database.connect() as connection:
        row = connection.execute(
            "update raw.population as r set male_persons = male_persons + 1, total_persons = total_persons + 1"
            " from ops.submissions as s where s.submission_id = r._submission_id and s.state in ('loaded', 'released')"
            " and r.tambon_code = '940104' returning r._submission_id, r._row, r.total_persons"
        ).fetchone()
    assert row is not None
    submission, line, persons = row
    tampered = open_release()  # of what came since; the rest keeps its parts
    assert tampered is not None
    with database.connect() as connection:  # what the notes say of datasets held back is a fact of the release
        connection.execute(
            "insert into ops.release_held_back values (%s, 'welfare_card', %s, %s)",
            [tampered, FIRST_DAY, story.release_id],
        )
    build(tampered)

    copied = tmp_path / "dbt_project"
    edit(copied, "models/marts/submission_status.sql", "reports.parts,", "reports.parts + 1 as parts,")
    edit(copied, "seeds/tambon.csv", "บ่อยาง,Bo Yang,", "บ่อยาง,Bo Yang (renamed),")
    for name in ("core", "ingestion", "expectations", "publication", "contracts", "pyproject.toml"):
        (tmp_path / name).symlink_to(PROJECT_ROOT / name)
    monkeypatch.setattr(Settings, "project_root", property(lambda _: tmp_path))

    done = cli("rebuild", str(tampered), "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert found["identical"] is False
    marts = {(one["mart"], one["variant"]): one for one in found["marts"]}
    assert set(marts) >= {(mart, how) for mart in ("areas", "poverty_by_area", "submission_status")
                          for how in ("exact", "safe")}  # fmt: skip

    [renamed] = marts["areas", "safe"]["sample"]
    assert renamed["key"] == {"area_code": "900101"}
    assert renamed["values"]["name_en"] == ["Bo Yang", "Bo Yang (renamed)"]
    changed = marts["poverty_by_area", "exact"]["sample"]
    assert [one["key"]["area_code"] for one in changed] == ["94", "9401", "940104", "SBP"]
    assert all(one["in"] == "both" and "population_persons" in one["columns"] for one in changed)
    assert not any("values" in one for one in changed)  # exact figures stay where they are
    figure = {one["key"]["area_code"]: one["values"]["population_persons"]
              for one in marts["poverty_by_area", "safe"]["sample"]}  # fmt: skip
    assert figure["940104"] == [persons, persons - 1]
    assert ("release_notes", "exact") not in marts
    statuses = marts["submission_status", "exact"]
    assert statuses["rows_only_in_rebuild"] == statuses["rows_then"] == statuses["rows_now"]

    [raw] = found["raw_rows"]
    assert (raw["submission_id"], [one["key"]["_row"] for one in raw["sample"]]) == (submission, [str(line)])
    names = {one["name"] for one in found["changed"]}
    assert names >= {"tambon.csv", "dbt_project/models/marts/submission_status.sql"}
    assert "dbt_project/models/marts/areas.sql" not in names
    people = query("select person_id from vault.household_member where person_id is not null")
    assert len(people) > 20
    assert not any(str(person["person_id"]) in done.stdout for person in people)
    assert left_behind() == []

    told = "\n".join(summary_lines(Rebuilt(**{name: found[name] for name in found if name != "identical"})))
    assert "สร้างซ้ำแล้วต่างจากเดิม" in told
    assert "area_code=900101: name_en Bo Yang → Bo Yang (renamed)" in told
    assert f"submission {submission}: rows of raw.population are not what its file gives" in told
    assert "seed tambon.csv" in told


def edit(copy: Path, file: str, before: str, after: str) -> None:
    """Change the project's copy, made if need be."""
    if not copy.exists():
        shutil.copytree(PROJECT_ROOT / "dbt_project", copy, ignore=shutil.ignore_patterns("target", "logs"))
    text = (copy / file).read_text(encoding="utf-8")
    assert before in text
    (copy / file).write_text(text.replace(before, after, 1), encoding="utf-8")
