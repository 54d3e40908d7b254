"""A file somebody still writes is not touched, the bytes that were hashed are the bytes that are loaded, none is lost.

The writers are processes of their own that write, pause, close, rename and copy as file managers and transfer programs
do; they act when they are told to, so that a pause lasts as long as the test wants and no test has to sleep.
"""

import hashlib
import multiprocessing
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.settings import settings
from ingestion import archive, intake, landing, ledger, writers
from ingestion.archive import ArchiveDamaged
from tests.end_to_end.dropping import AGENCY, csv_bytes, query, rows_of, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")
LONG_AGO_NS = 1_600_000_000_000_000_000


class Writer:
    """Another process at `path`; each call is done there when it returns."""

    def __init__(self, path: Path) -> None:
        context = multiprocessing.get_context("fork")
        self._orders, there = context.Pipe()
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._process = context.Process(target=_obey, args=(path, there), daemon=True)
        self._process.start()

    def __getattr__(self, order: str) -> Callable[..., None]:
        def give(*arguments: Any) -> None:
            self._orders.send((order, arguments))
            assert self._orders.recv() == "done"

        return give

    def stop(self) -> None:
        self._orders.close()
        self._process.kill()
        self._process.join()


def _obey(path: Path, orders: Any) -> None:
    handle = -1
    while True:
        order, arguments = orders.recv()
        if order == "open":
            handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        elif order == "preallocate":
            os.ftruncate(handle, *arguments)
        elif order == "write":
            os.write(handle, *arguments)
        elif order == "set_time":
            os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
        elif order == "close":
            os.close(handle)
        elif order == "rename":
            path.rename(*arguments)
        orders.send("done")


@contextmanager
def writing(name: str, part: str) -> Iterator[Writer]:
    writer = Writer(settings().landing / AGENCY / "population" / "2564" / part / name)
    try:
        yield writer
    finally:
        writer.stop()


def content(version: int, tambon: int = 40) -> bytes:
    return csv_bytes(tambon_rows(tambon, men=100 + version))


def received(part: str) -> list[str]:
    """SHA-256 of what was received for a part, in order of arrival."""
    found = query("select sha256 from ops.submissions where part = %s order by submission_id", part)
    return [row["sha256"] for row in found]


def sha256(*contents: bytes) -> list[str]:
    return [hashlib.sha256(one).hexdigest() for one in contents]


def test_a_writer_that_pauses_with_the_file_open_is_waited_for_however_long_it_pauses() -> None:
    whole = content(1)
    with writing("slow.csv", "slow") as writer:
        writer.open()
        for start in range(0, len(whole), 500):
            writer.write(whole[start : start + 500])
            intake.receive_all()
            assert received("slow") == []
        waits = query("select reason_code from ops.landing_waiting where path like %s", "%slow.csv")
        assert waits == [{"reason_code": "still_being_written"}]
        writer.close()
        intake.receive_all()
    assert received("slow") == sha256(whole)
    assert query("select 1 from ops.landing_waiting where path like %s", "%slow.csv") == []


def test_a_file_that_has_its_full_size_and_an_old_date_before_it_has_its_content_waits() -> None:
    """As file managers copy to a share: the size first, then the bytes, the sender's date at every step."""
    whole = content(2)
    with writing("explorer.csv", "explorer") as writer:
        writer.open()
        writer.preallocate(len(whole))
        writer.set_time()
        for start in range(0, len(whole), 700):
            intake.receive_all()
            writer.write(whole[start : start + 700])
            writer.set_time()
        intake.receive_all()
        assert received("explorer") == []
        writer.close()
        intake.receive_all()
    assert received("explorer") == sha256(whole)


@pytest.mark.parametrize("unfinished", ["w.csv.filepart", "w.csv.part", ".w.csv.Xa81bQ", "w.csv.crdownload", "w.tmp"])
def test_a_name_given_while_copying_is_left_alone_until_the_file_is_renamed(unfinished: str) -> None:
    """Also when the program closes the file, or dies, before the name is final, and keeps the sender's date."""
    part = f"renamed{unfinished.strip('.').replace('.', '_')}"
    whole = content(3)
    with writing(unfinished, part) as writer:
        writer.open()
        writer.write(whole[:800])
        writer.close()
        intake.receive_all()
        assert received(part) == []
        writer.open()
        writer.write(whole)
        writer.set_time()
        writer.close()
        writer.rename(writer.path.with_name("w.csv"))
        intake.receive_all()
    assert received(part) == sha256(whole)


def test_the_kernel_tells_of_writers_that_no_list_of_processes_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another container, another user: their processes can't be looked into, but they can't hide an open file."""
    monkeypatch.setattr(psutil, "process_iter", lambda: iter(()))
    with writing("hidden.csv", "hidden") as writer:
        writer.open()
        writer.write(content(4))
        intake.receive_all()
        assert received("hidden") == []
        writer.close()
        intake.receive_all()
    assert received("hidden") == sha256(content(4))


def test_where_the_kernel_does_not_tell_the_list_of_processes_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of another owner, file systems without leases."""
    monkeypatch.setattr(writers, "_refuses_lease", lambda _: None)
    with writing("foreign.csv", "foreign") as writer:
        writer.open()
        writer.write(content(5))
        intake.receive_all()
        assert received("foreign") == []
        writer.close()
        intake.receive_all()
    assert received("foreign") == sha256(content(5))


def test_asking_who_writes_neither_hurts_nor_holds_up_a_writer_that_opens_the_file_meanwhile() -> None:
    """A lease ends with a signal to its holder that kills by default; ours must not, and no writer may be kept."""
    with writing("busy.csv", "busy") as writer:
        writer.open()
        writer.close()
        for _ in range(200):
            writer._orders.send(("open", ()))
            writers.open_for_writing([writer.path])
            assert writer._orders.recv() == "done"
            writer.close()
    writer.path.unlink()


# ---- anything may happen at any step ------------------------------------------------------------------------------

STEPS: tuple[tuple[Any, str], ...] = (
    (landing, "_look"), (landing, "open_for_writing"), (landing, "_drop"), (archive, "_unchanged"),
    (archive, "_sync_folder"), (archive, "_holds"), (ledger, "receive"), (ledger, "papers_written"),
)  # fmt: skip


def appends(path: Path, version: int) -> bytes:
    with path.open("ab") as file:
        file.write(b"940101,1,1,2,1\n")
    return path.read_bytes()


def overwrites_in_place_keeping_size_and_date(path: Path, version: int) -> bytes:
    before = path.stat() if path.exists() else None
    with path.open("r+b" if before else "wb") as file:
        file.write(content(version))
    if before:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return path.read_bytes()


def replaces_by_renaming(path: Path, version: int) -> bytes:
    fresh = path.with_name("fresh.csv.part")
    fresh.write_bytes(content(version, tambon=30))
    os.utime(fresh, ns=(LONG_AGO_NS, LONG_AGO_NS))
    fresh.rename(path)
    return content(version, tambon=30)


def truncates_and_writes_anew(path: Path, version: int) -> bytes:
    path.write_bytes(content(version, tambon=35))
    return content(version, tambon=35)


ACTS = (appends, overwrites_in_place_keeping_size_and_date, replaces_by_renaming, truncates_and_writes_anew)


class Interleaving:
    """Calls `act` before the n-th of the steps that intake takes."""

    def __init__(self, act_at: int, act: Callable[[], None]) -> None:
        self.steps, self.act_at, self.act = 0, act_at, act

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            self.steps += 1
            if self.steps == self.act_at:
                self.act()
            return function(*arguments, **options)

        return step


def intake_with(part: str, act_at: int, act: Callable[[Path, int], bytes], version: int) -> tuple[list[bytes], int]:
    """Drop a file, receive it while `act` happens at a step. Returns the versions that were whole, and the steps."""
    path = settings().landing / AGENCY / "population" / "2564" / part / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(content(version))
    versions = [content(version)]
    happening = Interleaving(act_at, lambda: versions.append(act(path, version + 1)))
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, happening.before(getattr(owner, name)))
        intake.receive_all()
    intake.receive_all()  # whoever writes has stopped by now
    assert not path.exists()
    return versions, happening.steps


def test_whatever_a_writer_does_at_whatever_step_only_whole_versions_are_received_and_the_last_one_is() -> None:
    """Every step is met by some writer; which one, and with what, is seeded."""
    _, steps = intake_with("undisturbed", 0, appends, 0)
    assert steps >= 15
    choice = random.Random(2564)  # noqa: S311 - not secret
    for act_at in range(1, steps + 1):
        part = f"step{act_at}"
        versions, _ = intake_with(part, act_at, choice.choice(ACTS), 10 * act_at)
        got = received(part)
        assert set(got) <= set(sha256(*versions)), f"step {act_at}: half a version was taken for whole"
        assert got[-1] == sha256(versions[-1])[0], f"step {act_at}: the last version is lost"


def test_a_writer_that_opens_the_file_at_any_step_and_finishes_later_loses_nothing_and_no_half_is_taken() -> None:
    _, steps = intake_with("quiet", 0, appends, 1)
    for act_at in range(1, steps + 1):
        part = f"open{act_at}"
        opened: list[Any] = []

        def begins_to_append(path: Path, _: int, opened: list[Any] = opened) -> bytes:
            opened.append(path.open("ab", buffering=0))
            opened[0].write(b"940101,1,")
            return b"half a row more"

        path = settings().landing / AGENCY / "population" / "2564" / part / "a.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(content(act_at))
        happening = Interleaving(act_at, lambda path=path, act=begins_to_append: act(path, 0))  # type: ignore[misc]
        with pytest.MonkeyPatch.context() as patch:
            for owner, name in STEPS:
                patch.setattr(owner, name, happening.before(getattr(owner, name)))
            intake.receive_all()
        intake.receive_all()
        was_new = os.fstat(opened[0].fileno()).st_size < len(content(act_at))
        opened[0].write(b"1,2,1\n")
        opened[0].close()
        intake.receive_all()
        added = b"940101,1,1,2,1\n"
        whole = sha256(content(act_at), added if was_new else content(act_at) + added)
        assert set(received(part)) <= set(whole), f"step {act_at}"
        assert received(part)[-1] == whole[1], f"step {act_at}: what was written last is lost"


def test_what_lies_in_landing_after_the_receipt_has_no_say_in_what_is_loaded() -> None:
    """The archive's copy is loaded, whatever its sender does to the file meanwhile."""
    path = settings().landing / AGENCY / "population" / "2564" / "later" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(content(6))
    [number] = intake.receive_all()
    path.write_bytes(content(7, tambon=3))
    assert intake.process(number).rows == 40
    assert {row["male_persons"] for row in rows_of("raw", "population", number)} == {106}
    path.unlink()


def test_an_archived_file_that_is_not_what_was_hashed_any_more_is_never_loaded() -> None:
    path = settings().landing / AGENCY / "population" / "2564" / "spoilt" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(content(8))
    [number] = intake.receive_all()
    kept = archive.path_of(sha256(content(8))[0])
    kept.chmod(0o600)
    kept.write_bytes(content(9))
    with pytest.raises(ArchiveDamaged):
        archive.verified(kept.name)
    for _ in range(intake.TRIES):
        intake.process(number)
    assert query("select state, reason_code from ops.submissions where submission_id = %s", number) == [
        {"state": "held", "reason_code": "internal_reader_failure"}
    ]
    assert rows_of("raw", "population", number) == []
    path.write_bytes(content(8))  # sent again: the archive mends its copy
    intake.receive_all()
    assert archive.verified(kept.name) == kept


def test_a_removal_cut_short_is_finished_and_never_takes_another_file_with_it() -> None:
    folder = settings().landing / AGENCY / "population" / "2564" / "cut"
    folder.mkdir(parents=True)
    [ours, others] = folder / "ours.csv", folder / "others.csv"
    ours.write_bytes(content(20))
    others.write_bytes(content(21))
    facts = ours.stat()
    ours.rename(folder / f".received-{facts.st_ino}-{facts.st_size}-{facts.st_mtime_ns}-00000000.part")
    others.rename(folder / f".received-{facts.st_ino}-{facts.st_size}-{facts.st_mtime_ns}-00000001.part")
    intake.receive_all()
    assert received("cut") == sha256(content(21))
    assert list(folder.iterdir()) == []
