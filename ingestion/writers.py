"""Who has a file open for writing: asked of the kernel, which knows of all its processes, else of the process list."""

import contextlib
import errno
import fcntl
import os
import signal
from collections.abc import Collection
from pathlib import Path

import psutil


def open_for_writing(paths: Collection[Path]) -> set[Path]:
    """Those of `paths` that somebody has open for writing, as far as this machine can know.

    A writer on another machine, behind a network file system, is invisible; whoever owns neither the file nor the
    machine sees only their own processes.
    """
    answers = {path: _refuses_lease(path) for path in paths}
    written = {path for path, answer in answers.items() if answer}
    unknown = {path for path, answer in answers.items() if answer is None}
    return written | (_in_process_list(unknown) if unknown else set())


def _refuses_lease(path: Path) -> bool | None:
    """Whether the kernel refuses a read lease, as it does while any process of any user or container can write.

    None: it does not tell (a file of somebody else's, a file system without leases).
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        # A writer that comes in this very moment is announced by a signal; this one is ignored unless asked for.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    finally:
        os.close(handle)
    return False


def _in_process_list(paths: Collection[Path]) -> set[Path]:
    wanted = {str(path): path for path in paths}
    found: set[Path] = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            found.update(
                wanted[opened.path]
                for opened in process.open_files()
                if opened.path in wanted and getattr(opened, "mode", "r") != "r"
            )
    return found
