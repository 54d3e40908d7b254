"""The landing folder: `<agency>/<dataset>/<period>[/<part>]/<any file name>`, written by others while we look.

Only settled files are read. Names are data: no link is followed, no name is trusted, no depth is assumed.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.errors import UsageError
from core.settings import private_folder, settings
from ingestion.stages import Drop

STILL_BEING_WRITTEN = "still_being_written"
NOT_A_PLAIN_FILE = "not_a_plain_file"
NOT_READABLE = "not_readable"
MAX_DEPTH = 64
_UNFINISHED_NAME = re.compile(
    r"^(?:\.|~\$|~lock|\.~)|\.(?:part|partial|filepart|tmp|temp|crdownload|download|swp|lock)$|~$", re.IGNORECASE
)
_SYSTEM_NAMES = frozenset({"desktop.ini", "thumbs.db", ".ds_store", ".gitkeep", ".directory"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in landing that is not read yet, and why."""

    path: Path
    size: int
    modified_ns: int
    reason_code: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """One look at the landing folder."""

    drops: list[Drop]
    waiting: list[Waiting]


def scan() -> Sweep:
    """Settled files in name order, and those that must wait.

    A file is settled when size, times and identity stay the same for `settle_seconds`, its name is not one that copying
    programs give to unfinished files, and no process here has it open for writing (as far as we may see).
    """
    root = private_folder(settings().landing).resolve()
    first, waiting = _look(root)
    if not first:
        return Sweep([], waiting)
    time.sleep(settings().settle_seconds)
    written = _open_for_writing(root)
    drops = []
    for drop in first:
        now = _drop(root, drop.path)
        if now is None:
            continue  # taken away again
        if now != drop or str(now.path) in written:
            waiting.append(Waiting(now.path, now.size, now.modified_ns, STILL_BEING_WRITTEN))
        else:
            drops.append(now)
    return Sweep(drops, waiting)


def put(file: Path, folders: Iterable[str]) -> Drop:
    """Copy `file` into landing under `folders`, whole or not at all, and return it as a settled drop.

    Raises UsageError when the file does not exist or a folder name can't be one.
    """
    folders = tuple(folders)
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", cure="Give the path of the file to submit.")
    for name in folders:
        if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
            raise UsageError(f"{name!r} can't be the name of a folder in landing.", cure="Use the ids as listed.")
    root = private_folder(settings().landing).resolve()
    folder = root.joinpath(*folders)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{secrets.token_hex(8)}.part"
    try:
        shutil.copyfile(file, unfinished)
        target = _free_name(folder, file.name)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    drop = _drop(root, target)
    if drop is None:
        raise UsageError(f"{file.name} was taken from landing at once.", cure="See chaidaen submissions.")
    return drop


def remove(drop: Drop) -> None:
    """Take a received file out of landing, unless something else lies under its name by now."""
    if _drop(settings().landing.resolve(), drop.path) == drop:
        drop.path.unlink(missing_ok=True)


def readable(name: str) -> str:
    """A file name as text. Bytes that are not UTF-8 are read as CP874, the way old Thai systems write names."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "cp874"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "replace")


def _free_name(folder: Path, name: str) -> Path:
    """`name`, or `name` in a way that does not overwrite what already lies there and is waiting to be received."""
    target = folder / name
    if _UNFINISHED_NAME.search(name):
        target = folder / f"submitted {name.lstrip('.~$')}.file"
    while target.exists() or target.is_symlink():
        target = folder / f"{target.stem} {secrets.token_hex(2)}{target.suffix}"
    return target


def _look(root: Path) -> tuple[list[Drop], list[Waiting]]:
    drops: list[Drop] = []
    waiting: list[Waiting] = []
    for path in _files(root, 0):
        try:
            seen = path.lstat()
        except FileNotFoundError:
            continue
        if path.name.lower() in _SYSTEM_NAMES:
            continue
        if not stat.S_ISREG(seen.st_mode):
            waiting.append(Waiting(path, seen.st_size, seen.st_mtime_ns, NOT_A_PLAIN_FILE))
        elif _UNFINISHED_NAME.search(path.name):
            waiting.append(Waiting(path, seen.st_size, seen.st_mtime_ns, STILL_BEING_WRITTEN))
        elif (drop := _drop(root, path)) is not None:
            drops.append(drop)
    return sorted(drops, key=lambda drop: (drop.modified_ns, str(drop.path))), waiting


def _files(folder: Path, depth: int) -> Iterator[Path]:
    """Everything that is not a folder, without following links; hidden folders belong to programs, not to senders."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return
    for entry in entries:
        if not entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)
        elif depth < MAX_DEPTH and not entry.name.startswith("."):
            yield from _files(Path(entry.path), depth + 1)


def _drop(root: Path, path: Path) -> Drop | None:
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return None
    folders = tuple(readable(part) for part in path.relative_to(root).parts[:-1])
    return Drop(path, folders, readable(path.name), seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino)


def _open_for_writing(root: Path) -> set[str]:
    """Paths under `root` that a process on this machine, and visible to this user, has open for writing."""
    inside = f"{root}{os.sep}"
    found: set[str] = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            found.update(
                opened.path
                for opened in process.open_files()
                if opened.path.startswith(inside) and getattr(opened, "mode", "r") != "r"
            )
    return found
