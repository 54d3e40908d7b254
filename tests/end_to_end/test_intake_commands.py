"""The intake commands as an engineer types them: what they print, and the exit code they end with."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.settings import PROJECT_ROOT
from tests.end_to_end.dropping import csv_bytes, drop, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")


def chaidaen(*arguments: object, code: int = 0) -> str:
    command = [sys.executable, "-m", "chaidaen", *map(str, arguments)]
    wide = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=wide, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def as_json(*arguments: object, code: int = 0) -> Any:
    return json.loads(chaidaen(*arguments, "--json", code=code))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ประชากร.csv"
    path.write_bytes(csv_bytes(tambon_rows(30)))
    return path


def test_submit_receives_at_once_and_ingest_loads(file: Path) -> None:
    where = ("--agency", "registration_office_94", "--dataset", "population", "--period", "2564")
    receipt = as_json("submit", file, *where)
    number = receipt["submission_id"]
    assert (receipt["state"], receipt["file_name"]) == ("received", "ประชากร.csv")
    assert file.exists()
    assert [one["state"] for one in as_json("ingest")["processed"]] == ["loaded"]
    assert as_json("receipt", number)["accepted_rows"] == 30
    [listed] = [one for one in as_json("submissions") if one["submission_id"] == number]
    assert (listed["state"], listed["revision"]) == ("loaded", 1)
    assert "ประชากร.csv" in chaidaen("submissions")
    assert as_json("status")["submissions_by_state"]["loaded"] >= 1
    assert "loaded" in chaidaen("receipt", number)


def test_a_file_refused_at_the_door_ends_with_10_and_a_number(file: Path) -> None:
    receipt = as_json("submit", file, "--agency", "nobody", "--dataset", "population", "--period", "2564", code=10)
    assert receipt["reason_code"] == "unknown_agency"
    assert "unknown_agency" in chaidaen("receipt", receipt["submission_id"], code=10)


def test_a_held_submission_ends_with_11(tmp_path: Path) -> None:
    where = ("--agency", "registration_office_94", "--dataset", "population", "--period", "2563")
    for name, count in (("full", 30), ("few", 5)):
        (tmp_path / f"{name}.csv").write_bytes(csv_bytes(tambon_rows(count)))
        number = as_json("submit", tmp_path / f"{name}.csv", *where)["submission_id"]
        chaidaen("ingest")
    chaidaen("receipt", number, code=11)
    assert [one["submission_id"] for one in as_json("status")["held"]] == [number]


def test_mistakes_in_using_the_commands_end_with_2_and_a_cure(file: Path) -> None:
    chaidaen("check", "nowhere.csv", "--dataset", "population", code=2)
    chaidaen("check", file, "--dataset", "populations", code=2)
    for where in (
        ("--agency", "registration_office_94"),
        ("--agency", "registration_ofice_94", "--period", "2564"),
        ("--agency", "registration_office_94", "--period", "2021"),
    ):
        chaidaen("check", file, "--dataset", "population", *where, code=2)
    chaidaen("receipt", 999_999, code=2)
    chaidaen("submit", file, "--agency", "../..", "--dataset", "population", "--period", "2564", code=2)


def test_a_file_still_being_written_is_shown_by_status() -> None:
    path = drop(b"x", "b.csv.part")
    chaidaen("ingest")
    waiting = as_json("status")["waiting_in_landing"]
    assert [(one["path"], one["reason_code"]) for one in waiting] == [(str(path), "still_being_written")]
    assert "still_being_written" in chaidaen("submissions")
    path.unlink()


def test_check_says_what_ingestion_says_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(code, "x" if n == 3 else men, *rest) for n, (code, men, *rest) in enumerate(tambon_rows(40))]
    file = tmp_path / "a.csv"
    file.write_bytes(csv_bytes(rows))
    where = ("--agency", "registration_office_94", "--period", "2562")
    submitted = as_json("submit", file, "--dataset", "population", *where)
    chaidaen("ingest")
    outbox = Path(as_json("receipt", submitted["submission_id"])["outbox"])
    ingested = json.loads((outbox / "report.json").read_text(encoding="utf-8"))
    monkeypatch.setenv("CHAIDAEN_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")  # nobody answers there
    checked = as_json("check", file, "--dataset", "population", "--report", tmp_path / "report")
    for name in ("verdict", "rows", "accepted_rows", "rejected_rows", "issues"):
        assert checked[name] == ingested[name], name
    assert "wrong_province" in checked["skipped_checks"]
    in_folder = as_json("check", file, "--dataset", "population", *where)
    assert {**checked, "skipped_checks": []} == {**in_folder, "skipped_checks": []}
    assert "wrong_province" not in in_folder["skipped_checks"]
    assert "--agency" in chaidaen("check", file, "--dataset", "population")
    assert {path.name for path in (tmp_path / "report").iterdir()} == {path.name for path in outbox.iterdir()}


def test_check_of_a_rejected_file_ends_with_10_and_names_cells(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv_bytes([(code, "x", *rest) for code, _, *rest in tambon_rows(5)]))
    result = as_json("check", file, "--dataset", "population", code=10)
    assert result["verdict"] == "rejected"
    assert {"B2", "B3", "B4", "B5", "B6"} <= {one["cell"] for one in result["issues"]}
    assert "B2" in chaidaen("check", file, "--dataset", "population", code=10)
