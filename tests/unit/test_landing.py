"""The landing folder: only settled, plain files are taken, names are data, nothing outside it is touched."""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.settings import reload as reload_settings
from ingestion import landing

SCOPE = ("registration_office_94", "population", "2564")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CHAIDAEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHAIDAEN_LANDING", str(tmp_path / "จุดวางไฟล์ landing"))
    monkeypatch.setenv("CHAIDAEN_SETTLE_SECONDS", "0")
    settings = reload_settings()
    settings.landing.mkdir(parents=True)
    yield settings.landing
    monkeypatch.undo()
    reload_settings()


def put(root: Path, *names: str, content: bytes = b"a,b\n1,2\n") -> Path:
    path = root.joinpath(*names)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_settled_file_is_a_drop_with_its_scope_from_the_folders(root: Path) -> None:
    put(root, *SCOPE, "ประชากร 2564.xlsx")
    put(root, *SCOPE, "940101", "b.csv")
    by_name = {drop.file_name: drop for drop in landing.scan().drops}
    whole, part = by_name["ประชากร 2564.xlsx"], by_name["b.csv"]
    assert (whole.agency_id, whole.dataset_id, whole.period, whole.part) == (*SCOPE, "all")
    assert part.part == "940101"


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4, 5, 9])
def test_a_file_at_any_depth_is_a_drop_so_that_it_can_be_answered(root: Path, depth: int) -> None:
    put(root, *(f"folder{n}" for n in range(depth)), "a.csv")
    [drop] = landing.scan().drops
    assert len(drop.folders) == depth
    assert drop.part == ("folder3" if depth > 3 else "all")


@pytest.mark.parametrize(
    "name", ["a.csv.part", "a.filepart", "a.tmp", "a.xlsx.crdownload", "~$a.xlsx", ".a.csv", ".~lock.a.ods#", "a.csv~"]
)
def test_names_of_unfinished_files_wait(root: Path, name: str) -> None:
    put(root, *SCOPE, name)
    sweep = landing.scan()
    assert sweep.drops == []
    assert [(one.path.name, one.reason_code) for one in sweep.waiting] == [(name, "still_being_written")]


def test_a_file_that_grows_while_we_watch_waits_and_the_others_do_not(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing, whole = put(root, *SCOPE, "growing.csv"), put(root, *SCOPE, "whole.csv")

    def somebody_writes(_: float) -> None:
        with growing.open("ab") as file:
            file.write(b"3,4\n")

    monkeypatch.setattr(landing.time, "sleep", somebody_writes)
    sweep = landing.scan()
    assert [drop.path for drop in sweep.drops] == [whole]
    assert [(one.path, one.reason_code) for one in sweep.waiting] == [(growing, "still_being_written")]


def test_a_file_replaced_by_one_of_the_same_size_while_we_watch_waits(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(root, *SCOPE, "a.csv")

    def somebody_replaces(_: float) -> None:
        other = put(root.parent, "other", content=b"a,b\n9,9\n")
        os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
        other.rename(path)

    monkeypatch.setattr(landing.time, "sleep", somebody_replaces)
    assert landing.scan().drops == []


def test_a_file_some_process_has_open_for_writing_waits_until_it_is_closed(root: Path) -> None:
    path = put(root, *SCOPE, "a.csv")
    with path.open("ab"):
        assert landing.scan().drops == []
    assert [drop.path for drop in landing.scan().drops] == [path]


def test_a_file_open_for_reading_is_taken(root: Path) -> None:
    path = put(root, *SCOPE, "a.csv")
    with path.open("rb"):
        assert [drop.path for drop in landing.scan().drops] == [path]


def test_links_and_pipes_are_shown_and_never_followed(root: Path) -> None:
    secret = put(root.parent, "secret", "salary.csv")
    folder = put(root, *SCOPE, "a.csv").parent
    (folder / "link.csv").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    os.mkfifo(folder / "pipe.csv")
    sweep = landing.scan()
    assert [drop.file_name for drop in sweep.drops] == ["a.csv"]
    assert {one.path.name: one.reason_code for one in sweep.waiting} == dict.fromkeys(
        ("link.csv", "folder", "pipe.csv"), "not_a_plain_file"
    )


def test_files_that_systems_leave_behind_are_nobodys_submission(root: Path) -> None:
    put(root, *SCOPE, "Thumbs.db")
    put(root, *SCOPE, ".DS_Store")
    put(root, ".sync", "a.csv")
    assert landing.scan() == landing.Sweep([], [])


def test_a_name_in_the_old_thai_encoding_is_read(root: Path) -> None:
    folder = put(root, *SCOPE, "a.csv").parent
    (folder / "a.csv").unlink()
    with open(os.fsencode(folder) + b"/" + "ประชากร.csv".encode("cp874"), "wb") as file:  # noqa: PTH123
        file.write(b"x")
    [drop] = landing.scan().drops
    assert drop.file_name == "ประชากร.csv"


def test_the_same_name_size_and_time_dropped_again_is_another_drop(root: Path) -> None:
    path = put(root, *SCOPE, "a.csv")
    os.utime(path, ns=(1, 1))
    [first] = landing.scan().drops
    path.unlink()
    put(root, *SCOPE, "a.csv")
    os.utime(path, ns=(1, 1))
    [second] = landing.scan().drops
    assert first.modified_ns == second.modified_ns
    assert first.fingerprint != second.fingerprint


def test_removing_leaves_a_file_that_came_meanwhile(root: Path) -> None:
    path = put(root, *SCOPE, "a.csv")
    [drop] = landing.scan().drops
    path.write_bytes(b"newer, longer")
    landing.remove(drop)
    assert path.read_bytes() == b"newer, longer"
    [drop] = landing.scan().drops
    landing.remove(drop)
    landing.remove(drop)
    assert not path.exists()


def test_put_copies_and_never_overwrites_what_waits_to_be_received(root: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "mine", "a.csv")
    first, second = landing.put(file, SCOPE), landing.put(file, SCOPE)
    assert first.path != second.path
    assert {drop.path for drop in landing.scan().drops} == {first.path, second.path}
    assert file.exists()


def test_put_takes_a_file_whatever_its_name(root: Path, tmp_path: Path) -> None:
    landing.put(put(tmp_path, "mine", "data.tmp"), SCOPE)
    assert len(landing.scan().drops) == 1


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "a\\b", "/etc"])
def test_put_refuses_folder_names_that_lead_elsewhere(root: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        landing.put(put(tmp_path, "mine", "a.csv"), [name, "population", "2564"])


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="/\0"), min_size=1))
def test_every_utf8_name_is_read_as_it_is(name: str) -> None:
    assert unicodedata.normalize("NFC", landing.readable(name)) == unicodedata.normalize("NFC", name)
