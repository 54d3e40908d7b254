"""What the running stack says of itself: one small file, written whole, believed only while its process lives."""

import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import psutil

from core.settings import settings

Phase = Literal["database", "tables", "components", "ready", "failed"]
MARKER = "CHAIDAEN_STACK"  # in the environment of every Airflow process of ours; its value is the home


@dataclass(frozen=True, slots=True)
class StackState:
    """pid and started (seconds since the epoch, as the system tells) together name the supervisor for ever."""

    pid: int
    started: float
    phase: Phase
    url: str
    problem: str | None = None
    cure: str | None = None

    def moved_to(self, phase: Phase, *, problem: str | None = None, cure: str | None = None) -> "StackState":
        moved = replace(self, phase=phase, problem=problem, cure=cure)
        write(moved)
        return moved


def folder() -> Path:
    return settings().state_dir("stack")


def log_file() -> Path:
    return settings().state_dir("logs") / "stack.log"


def write(state: StackState) -> None:
    new = folder() / f"state.json.{os.getpid()}"
    new.write_text(json.dumps(asdict(state)), encoding="utf-8")
    new.replace(folder() / "state.json")


def read() -> StackState | None:
    try:
        return StackState(**json.loads((folder() / "state.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def forget() -> None:
    (folder() / "state.json").unlink(missing_ok=True)


def supervisor() -> psutil.Process | None:
    """The process that looks after the stack, if it lives."""
    state = read()
    if state is None:
        return None
    try:
        process = psutil.Process(state.pid)
        alive = abs(process.create_time() - state.started) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if alive else None


def working_folder() -> Path:
    """Where every Airflow process of ours has its working directory."""
    return settings().state_dir("airflow") / "run"


def members() -> list[psutil.Process]:
    """Every process of this home's Airflow, also those that left the group or lost their parent.

    Known by the marker in their environment, or, where a process has written its title over it, by Python working in
    our folder. Not the embedded PostgreSQL, which a task may have started: its own launcher stops it.
    """
    home, folder, python = str(settings().home), str(working_folder()), os.path.realpath(sys.executable)
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid == os.getpid() or process.name() == "postgres":
                continue
            if process.environ().get(MARKER) == home or (process.cwd() == folder and process.exe() == python):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return [process for process in found if process.is_running()]
