"""A file that brings its reader down is refused at once; a reader that somebody else ended is started again later."""

import os
import signal
from pathlib import Path

import pytest

from ingestion.reading import ReaderGone, ReadProblem
from ingestion.reading.workbook import Workbook
from tests.faults.hostile.packing import xlsx


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "a.xlsx").write_bytes(xlsx())
    return tmp_path / "a.xlsx"


def ended_by(number: int, path: Path) -> Exception:
    """What reading on raises after the child got a signal."""
    with Workbook(path) as opened:
        os.kill(opened._child.pid, number)
        with pytest.raises((ReadProblem, ReaderGone)) as raised:
            opened.sheets[0].preview  # noqa: B018 - asks the child
    return raised.value


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGABRT, "workbook_too_large"), (signal.SIGSEGV, "damaged_file"), (signal.SIGXCPU, "reader_timeout")],
)
def test_a_reader_that_crashes_refuses_the_file_at_once(book: Path, number: int, code: str) -> None:
    problem = ended_by(number, book)
    assert isinstance(problem, ReadProblem)
    assert problem.code == code


def test_a_reader_killed_from_outside_says_nothing_against_the_file(book: Path) -> None:
    assert isinstance(ended_by(signal.SIGKILL, book), ReaderGone)


def test_a_reader_killed_for_want_of_memory_refuses_the_file(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter((3, 4))  # what the system tells before and after
    monkeypatch.setattr("ingestion.reading.workbook._killed_for_memory", lambda: next(counts))
    problem = ended_by(signal.SIGKILL, book)
    assert isinstance(problem, ReadProblem)
    assert problem.code == "workbook_too_large"


def test_the_reader_sees_no_address_of_the_database(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAIDAEN_DATABASE_URL", "postgresql://somebody:secret@127.0.0.1/nothing")
    with Workbook(book) as opened:
        seen = Path(f"/proc/{opened._child.pid}/environ").read_bytes()
    assert b"secret" not in seen
