"""The archive: every byte ever received, for ever, under its SHA-256."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import time
from pathlib import Path

from core.settings import settings
from ingestion.stages import Archived, Drop

BLOCK = 1 << 20
_INCOMING = ".incoming-"
_ABANDONED_SECONDS = 60


class ArchiveDamaged(Exception):
    """What the archive keeps under a SHA-256 is gone or has other bytes by now: nothing may be loaded from it."""


class StillBeingWritten(Exception):
    """The file changed, moved or vanished while it was being copied; the next sweep looks again."""


def path_of(sha256: str) -> Path:
    """Where the bytes with this SHA-256 (64 hex digits) are or would be kept."""
    return settings().archive / sha256[:2] / sha256


def verified(sha256: str) -> Path:
    """Where these bytes are kept, once they are seen to be the ones that were hashed. Raises ArchiveDamaged."""
    path = path_of(sha256)
    if not _holds(path, sha256):
        raise ArchiveDamaged(sha256)
    return path


def store(drop: Drop) -> Archived:
    """Copy a drop into the archive while hashing it; the same bytes twice are kept once.

    Raises StillBeingWritten when the file is no longer the one the scan saw, OSError when it can't be read or the
    archive can't be written. Killed at any instant it leaves at most an `.incoming-` file for a later sweep.
    """
    root = settings().archive
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    incoming = root / f"{_INCOMING}{os.getpid()}-{secrets.token_hex(6)}"
    try:
        sha256 = _copy(drop, incoming)
        target = path_of(sha256)
        if not _holds(target, sha256):  # also mends a copy that the disk has spoilt since
            target.parent.mkdir(exist_ok=True, mode=0o700)
            incoming.chmod(0o400)
            incoming.replace(target)
            _sync_folder(target.parent)
            _sync_folder(root)
    finally:
        incoming.unlink(missing_ok=True)
    return Archived(drop, sha256, drop.size)


def sweep_abandoned() -> None:
    """Remove copies whose writer is dead: the kernel has let go of its lock. One of the last minute is left alone."""
    for path in settings().archive.glob(f"{_INCOMING}*"):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("rb") as copy:
            if time.time() - os.fstat(copy.fileno()).st_mtime > _ABANDONED_SECONDS:
                fcntl.flock(copy, fcntl.LOCK_SH | fcntl.LOCK_NB)
                path.unlink()


def _holds(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _copy(drop: Drop, incoming: Path) -> str:
    try:  # a link put in place of the file after the scan is not followed; a pipe does not block
        source = os.open(drop.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise StillBeingWritten(drop.path) from error
    digest = hashlib.sha256()
    with open(source, "rb", buffering=0) as reader, open(incoming, "xb", buffering=0) as writer:  # noqa: PTH123
        fcntl.flock(writer, fcntl.LOCK_EX)  # see sweep_abandoned
        _unchanged(drop, os.fstat(source))
        while block := reader.read(BLOCK):
            digest.update(block)
            rest = memoryview(block)
            while rest:  # a disk that gets full takes a part of it first
                rest = rest[writer.write(rest) :]
        os.fsync(writer.fileno())
        _unchanged(drop, os.fstat(source))
        if writer.tell() != drop.size:
            raise StillBeingWritten(drop.path)
    return digest.hexdigest()


def _unchanged(drop: Drop, seen: os.stat_result) -> None:
    now = (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)
    if now != (drop.size, drop.modified_ns, drop.changed_ns, drop.inode):
        raise StillBeingWritten(drop.path)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
