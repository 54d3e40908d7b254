"""The process beside ours that has openpyxl loaded and forks for each workbook: loading costs more than most work."""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any

# openpyxl takes numpy along where it is there, needs it for nothing here, and starts in half the time without.
_START = (
    "import runpy, sys; sys.modules['numpy'] = None; del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
)
_CHILD = Path(__file__).with_name("openpyxl_child.py")


class _Carrier:
    """Carries one workbook after the other; ends when it is closed or nobody is left to ask it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it can be ended together with what it forked
        )
        atexit.register(self.close)

    def carry(self, plan: Mapping[str, Any]) -> str | None:
        """None when the plan was carried out, or else what became of it."""
        assert self._child.stdin is not None and self._child.stdout is not None  # noqa: S101 - opened with pipes above
        with self._lock:
            watchdog = Timer(plan["seconds"], self._kill)
            watchdog.start()
            try:
                self._child.stdin.write(json.dumps(plan).encode() + b"\n")
                self._child.stdin.flush()
                answer = self._child.stdout.readline()
            except OSError:
                answer = b""
            finally:
                watchdog.cancel()
        if not answer.endswith(b"\n"):
            self._kill()
            self._child.wait()
            return f"it ended, or took longer than {plan['seconds']} seconds"
        ended = json.loads(answer)
        return f"{ended['raised'] or 'ended'}, exit {ended['code']}" if ended["code"] else None

    @property
    def lives(self) -> bool:
        return self._child.poll() is None

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)

    def close(self) -> None:
        """Let it end, and wait until it has."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._child.wait()


# By process: one that was forked does not talk through its parent's pipes. Those of a parent are kept, not closed.
_carriers: dict[int, _Carrier] = {}


def carry(plan: Mapping[str, Any]) -> str | None:
    """Carry out a plan of `openpyxl_child`; None when that was done, or else why not, without a value of the workbook.

    One at a time in each process of ours. Its limit of seconds counts by the clock too: after that it is given up.
    """
    ours = _carriers.get(os.getpid())
    if ours is None or not ours.lives:
        if ours is not None:
            ours.close()
        ours = _carriers[os.getpid()] = _Carrier()
    return ours.carry(plan)
