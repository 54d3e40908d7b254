"""Wall time, processor time of client and server together, and the resident peak of this process."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

REAPING_SECONDS = 0.3  # a backend whose connection was closed is on its way from the living to the reaped
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(slots=True)
class Cost:
    """Seconds; filled when the block ends."""

    wall: float = 0.0
    client_cpu: float = 0.0
    server_cpu: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.client_cpu + other.client_cpu, self.server_cpu + other.server_cpu)

    @property
    def cpu(self) -> float:
        return self.client_cpu + self.server_cpu


@contextmanager
def measured(server: psutil.Process) -> Iterator[Cost]:
    """What the block costs; `server` is the postmaster, whose other clients must be at rest."""
    cost = Cost()
    own, servers, began = _own_seconds(), _server_seconds(server), time.perf_counter()
    yield cost
    cost.wall = time.perf_counter() - began
    time.sleep(REAPING_SECONDS)
    cost.client_cpu = _own_seconds() - own
    cost.server_cpu = _server_seconds(server) - servers


def forget_peak() -> None:
    """Let the resident peak count from now on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mib() -> float:
    """Highest resident size since `forget_peak`, in MiB."""
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _server_seconds(server: psutil.Process) -> float:
    """The postmaster, its children that live, and those it has reaped."""
    times = server.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in server.children():
        try:
            spent = child.cpu_times()
        except psutil.NoSuchProcess:  # counted by the postmaster at the next look
            continue
        total += spent.user + spent.system
    return float(total)
