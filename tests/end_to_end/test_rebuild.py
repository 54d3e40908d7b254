"""A release built again from the archive is the same, row by row; what was tampered with since is named."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chaidaen.cli import build_app
from chaidaen.simulate import Simulation, simulate
from core import clock, database
from core.settings import PROJECT_ROOT, settings
from ingestion import life
from ingestion.stages import Processed
from publication.flow import build_and_publish
from tests.end_to_end.dropping import bad_rows, bad_rows_csv, csv_bytes, drop, query
from tests.end_to_end.test_intake import ingest, ingest_one

FIRST_DAY = datetime(2022, 1, 10, 3, tzinfo=UTC)
TAMPERED_TAMBON = "940104"


@dataclass(frozen=True)
class Story:
    """A release of many small submissions with everything that can happen to them, and what happened after it."""

    release_id: int
    listed: set[int]
    mended: set[int]  # submissions of which others took over rows
    tampered: int  # the submission with TAMPERED_TAMBON


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
def story(module_home: Path) -> Iterator[Story]:
    with clock.fixed(FIRST_DAY) as now:
        simulate(Simulation(40, seed=3, defects=0.02, provinces=("94", "95")), settings().landing,
                 truth_folder=module_home / "truth")  # fmt: skip
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
    assert submissions[story.tampered]["revision"] == 2
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
        view = f"{'marts_exact' if how == 'exact' else 'marts'}.{mart}"
        with database.connect("chaidaen_analyst") as connection:
            assert connection.execute(f"select count(*) from {view}").fetchone() == (one["rows"],)
    assert "poverty_by_area (safe)" in cli("manifest", str(story.release_id)).output


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
