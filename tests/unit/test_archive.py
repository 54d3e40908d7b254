"""The archive: bytes under their hash, whole or not at all, and only if they stood still while they were copied."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import reload as reload_settings
from ingestion import archive, landing
from ingestion.archive import StillBeingWritten
from ingestion.stages import Drop

CONTENT = "ตำบล,ชาย\n940101,12\n".encode()


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drop]:
    monkeypatch.setenv("CHAIDAEN_HOME", str(tmp_path))
    monkeypatch.setenv("CHAIDAEN_SETTLE_SECONDS", "0")
    landed = reload_settings().landing / "a" / "b" / "2564" / "f.csv"
    landed.parent.mkdir(parents=True)
    landed.write_bytes(CONTENT)
    [found] = landing.scan().drops
    yield found
    monkeypatch.undo()
    reload_settings()


def test_bytes_are_kept_under_their_sha256_readable_by_the_owner_only(drop: Drop) -> None:
    archived = archive.store(drop)
    kept = archive.path_of(archived.sha256)
    assert archived.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert kept.read_bytes() == CONTENT
    assert kept.parent.name == archived.sha256[:2]
    assert kept.stat().st_mode & 0o777 == 0o400
    assert kept.parent.stat().st_mode & 0o077 == 0


def test_storing_again_keeps_one_copy_and_leaves_nothing_beside_it(drop: Drop) -> None:
    kept = archive.path_of(archive.store(drop).sha256)
    before = kept.stat()
    archive.store(drop)
    assert kept.stat().st_ino == before.st_ino
    assert [path.name for path in kept.parents[1].rglob("*") if path.is_file()] == [kept.name]


def test_a_torn_copy_from_before_is_replaced(drop: Drop) -> None:
    kept = archive.path_of(hashlib.sha256(CONTENT).hexdigest())
    kept.parent.mkdir(parents=True)
    kept.write_bytes(CONTENT[:5])
    archive.store(drop)
    assert kept.read_bytes() == CONTENT


def test_a_file_changed_since_the_scan_is_still_being_written(drop: Drop) -> None:
    drop.path.write_bytes(CONTENT + b"more")
    with pytest.raises(StillBeingWritten):
        archive.store(drop)


def test_a_file_changed_during_the_copy_is_still_being_written(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def somebody_writes(handle: int) -> None:
        with drop.path.open("ab") as file:
            file.write(b"x")
        sync(handle)

    monkeypatch.setattr(archive.os, "fsync", somebody_writes)
    with pytest.raises(StillBeingWritten):
        archive.store(drop)
    assert [path for path in archive.settings().archive.rglob("*") if path.is_file()] == []


def test_a_file_taken_away_is_still_being_written(drop: Drop) -> None:
    drop.path.unlink()
    with pytest.raises(StillBeingWritten):
        archive.store(drop)


def test_a_link_put_in_place_of_the_file_is_not_followed(drop: Drop, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(CONTENT)
    drop.path.unlink()
    drop.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises((OSError, StillBeingWritten)):
        archive.store(drop)


def test_only_old_unfinished_copies_are_swept(drop: Drop) -> None:
    archive.store(drop)
    root = archive.settings().archive
    old, new = root / ".incoming-1-old", root / ".incoming-2-new"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (1, 1))
    archive.sweep_abandoned()
    assert (old.exists(), new.exists()) == (False, True)
