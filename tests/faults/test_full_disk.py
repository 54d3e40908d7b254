"""A full disk under archive, outbox or database: nothing half loaded, a cure is told, the next run ends the work."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from core import database
from core.errors import DatabaseUnavailable, UserFacingError
from core.settings import settings
from ingestion import intake
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, receipt, rows_of, tambon_rows
from tests.faults.small_disks import Disk, file_size_limit, full_table, full_tablespace, may_mount, small_file_system

pytestmark = pytest.mark.usefixtures("module_home")
DISKS = [file_size_limit, *([small_file_system] if may_mount() else [])]
# What the server itself takes for a fault of its own is tried again like any of ours.
DATABASES = [(full_table, "received")]
DATABASES += [(full_tablespace, "The disk of the database is full.")] if may_mount() else []
LARGE = csv_bytes([*tambon_rows(100), ("940101", "ไม่ทราบ", 1, 1, 1)]) + b"\r\n" * 8000


def submissions(part: str) -> list[dict[str, object]]:
    return query("select submission_id, state, outbox_state from ops.submissions where part = %s", part)


@pytest.mark.parametrize("disk", DISKS)
def test_the_archive_is_full(disk: Disk) -> None:
    """The file stays in landing, nobody else's waits for it, no rest of it stays in the archive."""
    database.url()
    name = disk.__name__
    large = drop(LARGE, "large.csv", part=name)
    with disk(settings().archive), pytest.raises(UserFacingError, match=r"large.csv could not be archived") as told:
        intake.receive_all()
    assert "Free space" in str(told.value.cure)
    assert large.exists()
    assert submissions(name) == []
    assert list(settings().archive.glob(".incoming-*")) == []
    intake.receive_all()
    intake.process_all()
    [one] = submissions(name)
    assert one["state"] == "loaded"
    assert not large.exists()


@pytest.mark.parametrize("disk", DISKS)
def test_the_outbox_is_full(disk: Disk) -> None:
    """What is loaded stays loaded; the papers are owed until they can be written whole."""
    name = f"papers {disk.__name__}"
    drop(LARGE, "a.csv", part=name)
    [number] = intake.receive_all()
    with disk(settings().outbox), pytest.raises(UserFacingError, match="Reports could not be written") as told:
        intake.process_all()
    assert "Free space" in str(told.value.cure)
    [one] = submissions(name)
    assert (one["state"], one["outbox_state"] == "loaded") == ("loaded", False)
    intake.process_all()
    [one] = submissions(name)
    assert one["outbox_state"] == "loaded"
    assert receipt(number)["state"] == "loaded"
    assert {"bad_rows.csv", "marked.xlsx", "report.html", "report.json"} <= {p.name for p in outbox(number).iterdir()}


@pytest.mark.parametrize(("disk", "told"), DATABASES)
def test_the_disk_of_the_database_is_full(disk: Callable[[str], AbstractContextManager[None]], told: str) -> None:
    """The server says no in the middle of loading: nothing of the file is there, and its try counts as no death."""
    rows, part = tambon_rows(100), f"rows {disk.__name__}"
    drop(csv_bytes(rows), "a.csv", part=f"before {part}")
    intake.receive_all()
    intake.process_all()
    drop(csv_bytes(rows), "a.csv", part=part)
    [number] = intake.receive_all()
    with disk("raw.population"):
        assert processed() == told
        assert submissions(part)[0]["state"] == "received"
        assert rows_of("raw", "population", number) == []
    intake.process_all()
    assert submissions(part)[0]["state"] == "loaded"
    assert len(rows_of("raw", "population", number)) == len(rows)
    assert query("select * from ops.attempts") == []


def processed() -> str:
    """The state of the only submission at work, or what the user is told."""
    try:
        [done] = intake.process_all()
    except DatabaseUnavailable as error:
        return error.message
    return done.state
