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

from core.errors import UsageError
from core.settings import private_folder, settings
from ingestion.stages import Drop
from ingestion.writers import open_for_writing

STILL_BEING_WRITTEN = "still_being_written"
NOT_A_PLAIN_FILE = "not_a_plain_file"
NOT_READABLE = "not_readable"
MAX_DEPTH = 64
_UNFINISHED_NAME = re.compile(
    r"^(?:\.|~\$|~lock|\.~)|\.(?:part|partial|filepart|tmp|temp|crdownload|download|swp|lock)$|~$", re.IGNORECASE
)
# A file on its way out of landing: inode, size and modification time of what was received.
_TAKEN = re.compile(r"\.received-(\d+)-(\d+)-(\d+)-[0-9a-f]{8}\.part")
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


class Looks:
    """Repeated looks at landing by one watcher, which remembers since when each file has not changed.

    A file is settled when size, times and identity stayed the same from one look to a later one, for `settle_seconds`
    at least (by the clock that is never set), its name is not one that copying programs give to unfinished files, and
    nobody has it open for writing, as far as we may see (`writers`).
    """

    def __init__(self) -> None:
        self._unchanged_since: dict[Path, tuple[Drop, float]] = {}

    @property
    def is_any_unsettled(self) -> bool:
        """Whether the last look met a file that changed lately: it may be whole soon."""
        now = time.monotonic()
        return any(now - since < 2 * settings().settle_seconds + 1 for _, since in self._unchanged_since.values())

    def look(self) -> Sweep:
        """Settled files, and those that must wait. Within a scope files come in order of arrival; else small first."""
        root = private_folder(settings().landing).resolve()
        plain, waiting = _look(root)
        before, now = self._unchanged_since, time.monotonic()
        self._unchanged_since = {}
        settled = []
        for drop in plain:
            seen, since = before.get(drop.path, (None, now))
            self._unchanged_since[drop.path] = (drop, since if seen == drop else now)
            if seen == drop and now - since >= settings().settle_seconds:
                settled.append(drop)
        written = open_for_writing([drop.path for drop in settled])
        drops = [drop for drop in settled if drop.path not in written and _drop(root, drop.path) == drop]
        whole = {drop.path for drop in drops}
        waiting += [
            Waiting(drop.path, drop.size, drop.modified_ns, STILL_BEING_WRITTEN)
            for drop in plain
            if drop.path not in whole
        ]
        return Sweep(_small_scopes_first(drops), waiting)


def scan() -> Sweep:
    """Two looks, `settle_seconds` apart: what has settled by now."""
    looks = Looks()
    first = looks.look()
    if not any(one.reason_code == STILL_BEING_WRITTEN for one in first.waiting):
        return first
    time.sleep(settings().settle_seconds)
    return looks.look()


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
    """Take a received file out of landing, and never anything else.

    The name is moved aside first, so that nobody opens the file by it any more; what then turns out to be another file,
    changed, or open for writing goes back and is looked at again.
    """
    root = settings().landing.resolve()
    if _drop(root, drop.path) != drop:
        return
    facts = f"{drop.inode}-{drop.size}-{drop.modified_ns}"
    aside = drop.path.with_name(f".received-{facts}-{secrets.token_hex(4)}.part")
    with contextlib.suppress(FileNotFoundError):  # another worker removes it
        drop.path.rename(aside)
    _remove_or_put_back(root, aside, drop.path.name)


def put_back_taken() -> None:
    """Finish what a killed `remove` left: take the received files away, give any other one a name to be seen by."""
    root = settings().landing.resolve()
    for path in _files(root, 0):
        if _TAKEN.fullmatch(path.name):
            _remove_or_put_back(root, path, "put back.file")


def _remove_or_put_back(root: Path, aside: Path, name: str) -> None:
    now, received = _drop(root, aside), _TAKEN.fullmatch(aside.name)
    if now is None or received is None:
        return
    is_the_same = (now.inode, now.size, now.modified_ns) == tuple(map(int, received.groups()))
    if is_the_same and not open_for_writing([aside]):
        aside.unlink(missing_ok=True)
    else:
        with contextlib.suppress(FileNotFoundError):  # another worker put it back
            aside.rename(_free_name(aside.parent, name))


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
        if path.name.lower() in _SYSTEM_NAMES or _TAKEN.fullmatch(path.name):
            continue
        if not stat.S_ISREG(seen.st_mode):
            waiting.append(Waiting(path, seen.st_size, seen.st_mtime_ns, NOT_A_PLAIN_FILE))
        elif _UNFINISHED_NAME.search(path.name):
            waiting.append(Waiting(path, seen.st_size, seen.st_mtime_ns, STILL_BEING_WRITTEN))
        elif (drop := _drop(root, path)) is not None:
            drops.append(drop)
    return drops, waiting


def _small_scopes_first(drops: list[Drop]) -> list[Drop]:
    """In order of arrival within a scope (when the file came to rest here, not when its sender last edited it).

    Between scopes a file waits only for smaller ones: nobody's receipt stands behind somebody else's huge file.
    """
    ordered = sorted(drops, key=lambda drop: (drop.changed_ns, str(drop.path)))
    largest: dict[tuple[str, ...], int] = {}
    waits_for: dict[Path, int] = {}
    for drop in ordered:
        largest[drop.folders] = waits_for[drop.path] = max(drop.size, largest.get(drop.folders, 0))
    return sorted(ordered, key=lambda drop: waits_for[drop.path])


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
