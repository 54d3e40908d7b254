"""Names of files and folders are data: whatever they spell, they lead nowhere, steer nothing and come back as text."""

import json
import os
import re
import socket
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chaidaen.cli import build_app
from core.settings import private_folder, settings
from ingestion import intake
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")

NAMES = {
    "path": "x\\..\\..\\evil.csv",
    "absolute": "C:\\Windows\\system32\\evil.csv",
    "RTL mark": "ประชากร\u202evsc.exe",
    "ANSI escapes": "\x1b[2J\x1b]0;owned\x07.csv",
    "line ends": "a\nb\r\nc.csv",
    "NUL as text": "a%00.csv\\0",
    "255 bytes": "ก" * 83 + ".csv" + "xx",
    "emoji": "🏴‍☠️📊.csv",
    "leading dash": "-rf --no-preserve-root.csv",
    "device": "CON",
    "trailing dot": "ข้อมูล.csv.",
    "trailing space": "ข้อมูล.csv ",
    "HTML": "<img src=x onerror=alert(1)>.csv",
    "template": "{{7*7}}{% raw %}${7*7}.csv",
    "SQL": "'; drop table raw.population; --.csv",
    "format": "%s%n{0}{received}.csv",
    "formula": "=cmd|' C calc'!A0.csv",
    "shell": "$(touch evil)`id`;&.csv",
}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Tags(HTMLParser):
    """Every tag of a page and its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


def ingest() -> list[int]:
    intake.receive_all()
    return [one.submission_id for one in intake.process_all()]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_of_any_name_is_read_and_its_name_comes_back_as_text(name: str) -> None:
    before = set(settings().home.parent.rglob("*evil*"))
    drop(csv_bytes(tambon_rows(12)), name, part=f"n{abs(hash(name))}")
    [number] = ingest()
    [row] = query("select state, file_name from ops.submissions where submission_id = %s", number)
    assert row == {"state": "loaded", "file_name": name}
    assert json.loads((outbox(number) / "receipt.json").read_text(encoding="utf-8"))["file_name"] == name
    page = (outbox(number) / "report.html").read_text(encoding="utf-8")
    assert not CONTROL.search(page)
    tags = Tags(page)
    assert not tags.names & {"script", "img", "iframe", "object", "form"}
    assert not [one for one in tags.attributes if one.startswith("on")]
    assert set(settings().home.parent.rglob("*evil*")) == before
    for command in (["submissions"], ["receipt", str(number)]):
        shown = CliRunner().invoke(build_app(), command, catch_exceptions=False).output
        assert not CONTROL.search(shown)


@pytest.mark.parametrize("folder", [*NAMES.values(), "~", "\u2024\u2024"])
def test_a_folder_of_any_name_is_refused_as_unknown_and_its_papers_stay_in_the_outbox(folder: str) -> None:
    drop(csv_bytes(tambon_rows(2)), "a.csv", folders=(folder, folder, folder))
    [number] = intake.receive_all()
    intake.process_all()
    [row] = query("select state, reason_code, agency_id from ops.submissions where submission_id = %s", number)
    assert (row["state"], row["reason_code"]) == ("rejected", "unknown_agency")
    papers = [path for path in settings().outbox.rglob(str(number)) if path.is_dir()]
    assert len(papers) == 1
    assert papers[0].resolve().is_relative_to(settings().outbox.resolve())
    assert len(papers[0].relative_to(settings().outbox).parts) == 4
    assert not CONTROL.search(str(papers[0]))


@pytest.mark.parametrize("folder", ["...", ".. ", ".git", "..\\..\\evil"])
def test_a_hidden_folder_is_left_alone(folder: str) -> None:
    path = drop(csv_bytes(tambon_rows(2)), "a.csv", folders=(folder, "population", "2564"))
    assert ingest() == []
    assert path.exists()


def test_a_name_that_is_no_text_is_shown_and_waits_without_stopping_the_others() -> None:
    folder = drop(csv_bytes(tambon_rows(12)), "a.csv", part="bytes").parent
    os.mkfifo(os.fsencode(folder) + b"/\xff\xfe pipe")
    with open(os.fsencode(folder) + b"/\xff\xfd\xfc.part", "wb"):  # noqa: PTH123
        pass
    assert len(ingest()) == 1
    waiting = query("select path, reason_code from ops.landing_waiting where path like '%%/bytes/%%'")
    assert {row["reason_code"] for row in waiting} == {"not_a_plain_file", "still_being_written"}
    shown = CliRunner().invoke(build_app(), ["status"], catch_exceptions=False).output
    assert not CONTROL.search(shown)
    for path in folder.iterdir():
        path.unlink()


def test_links_pipes_devices_and_sockets_are_never_opened() -> None:
    folder = drop(csv_bytes(tambon_rows(12)), "good.csv", part="special").parent
    secret = private_folder(settings().home / "elsewhere") / "secret.csv"
    secret.write_bytes(csv_bytes(tambon_rows(3)))
    (folder / "link.csv").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.csv").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.csv")
    kinds = {"link.csv", "loop", "dangling.csv", "pipe.csv"}
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(folder)  # the name of a socket may not be long
        try:
            listener.bind("socket.csv")
        finally:
            os.chdir(settings().project_root)
        kinds.add("socket.csv")
        if os.geteuid() == 0:
            os.mknod(folder / "device.csv", 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # endless zeros
            kinds.add("device.csv")
        assert len(ingest()) == 1
    waiting = query("select path, reason_code from ops.landing_waiting where path like '%%/special/%%'")
    assert {Path(row["path"]).name: row["reason_code"] for row in waiting} == dict.fromkeys(kinds, "not_a_plain_file")
    for path in folder.iterdir():
        path.unlink()


def test_a_hard_link_is_read_and_the_other_name_keeps_its_file() -> None:
    other = private_folder(settings().home / "theirs") / "mine.csv"
    other.write_bytes(csv_bytes(tambon_rows(12, men=77)))
    folder = private_folder(settings().landing) / "registration_office_94" / "population" / "2564" / "hard"
    folder.mkdir(parents=True)
    (folder / "a.csv").hardlink_to(other)
    [number] = ingest()
    assert query("select state from ops.submissions where submission_id = %s", number) == [{"state": "loaded"}]
    assert other.read_bytes() == csv_bytes(tambon_rows(12, men=77))
    assert not (folder / "a.csv").exists()


def test_rights_to_run_are_not_kept() -> None:
    path = drop(csv_bytes(tambon_rows(12, men=78)), "run.csv", part="setuid")
    path.chmod(0o6777)
    [number] = ingest()
    [row] = query("select sha256 from ops.submissions where submission_id = %s", number)
    kept = settings().archive / row["sha256"][:2] / row["sha256"]
    for file in (kept, *outbox(number).iterdir()):
        assert not stat.S_IMODE(file.stat().st_mode) & 0o7111
