"""The real intake in a process of its own for every submission, with the limits of a small machine, measured.

    python -m tests.faults.hostile.sweeping MEMORY SECONDS      numbers of submissions on standard input

Started once and warmed; each submission is then processed by a fork of it. Prints one JSON line a submission.
"""

import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

MIB = 1 << 20


def measured(number: int, memory_bytes: int, seconds: int) -> dict[str, Any]:
    """Process one submission in a fork that may not use more memory or time; what it took, and how it ended."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _process_and_leave(number, memory_bytes, seconds)
    _, status, used = os.wait4(child, 0)
    return {
        "submission_id": number,
        "ended": os.waitstatus_to_exitcode(status),
        "seconds": round(time.monotonic() - began, 2),
        "cpu": round(used.ru_utime + used.ru_stime, 2),
        # The largest of the worker and of every child it waited for.
        "mib": used.ru_maxrss // 1024,
    }


def _process_and_leave(number: int, memory_bytes: int, seconds: int) -> None:
    from ingestion import intake

    ended = 70
    try:
        # What is written to, not mere address space: libraries reserve gigabytes of that.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        signal.alarm(seconds)
        intake.process(number)
        ended = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(ended)


def warm() -> None:
    """Everything a worker has loaded by its second file."""
    from core import database
    from ingestion.checking import References
    from ingestion.contracts import load_contracts

    for module in (
        "deciding",
        "loading",
        "reading",
        "reports.writing",
        "reports.from_ledger",
        "reports.marked.writing",
    ):
        importlib.import_module(f"ingestion.{module}")
    database.url()
    References.load()
    load_contracts()


def numbers() -> Iterator[int]:
    for line in sys.stdin:
        yield int(line)


def main() -> None:
    memory_bytes, seconds = map(int, sys.argv[1:3])
    warm()
    for number in numbers():
        print(json.dumps(measured(number, memory_bytes, seconds)), flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
