"""`chaidaen doctor`: what this machine lacks, and the cure for each."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from core.errors import UserFacingError
from core.settings import settings

NEEDED_DISK_GB = 3
SUPPORTED = ((3, 11), (3, 13))

Health = Literal["fine", "advice", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `cure` is there unless it is fine."""

    what: str
    health: Health
    found: str
    cure: str | None = None


def report(*, as_json: bool) -> int:
    """Print every finding; returns the exit code: 1 when something is broken."""
    findings = list(examine())
    if as_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n")
    else:
        _print(findings)
    return int(any(finding.health == "broken" for finding in findings))


def examine() -> Iterator[Finding]:
    """Look at everything; one thing that cannot be looked at does not keep the others from it."""
    for what, look in LOOKS.items():
        try:
            yield look(what)
        except UserFacingError as error:
            yield Finding(what, "broken", error.message, error.cure)
        except OSError as error:
            yield Finding(what, "broken", str(error), "Give this account the rights to it, or move CHAIDAEN_HOME.")


def _python(what: str) -> Finding:
    found = sys.version.split()[0]
    if SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        return Finding(what, "fine", found)
    return Finding(what, "broken", found, "Install Python 3.11, 3.12 or 3.13, then run make again.")


def _disk(what: str) -> Finding:
    folder = settings().state_dir("")
    free = shutil.disk_usage(folder).free / 1e9
    if free >= NEEDED_DISK_GB:
        return Finding(what, "fine", f"{free:.0f} GB free at {folder}")
    return Finding(what, "broken", f"{free:.1f} GB free at {folder}", f"Free at least {NEEDED_DISK_GB} GB.")


def _folders(what: str) -> Finding:
    home = settings()
    for folder in (home.home, home.landing, home.archive, home.outbox):
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return Finding(what, "broken", f"{folder} cannot be written", "Give this account write rights to it.")
    return Finding(what, "fine", f"home {home.home}, landing {home.landing}")


def _database(what: str) -> Finding:
    from core import database

    with database.connect() as connection:
        row = connection.execute("select current_setting('server_version_num')::int / 10000").fetchone()
    major = int(row[0]) if row else 0
    kind = "yours (CHAIDAEN_DATABASE_URL)" if settings().database_url else "embedded"
    if 15 <= major <= 18:
        return Finding(what, "fine", f"PostgreSQL {major}, {kind}")
    return Finding(what, "advice", f"PostgreSQL {major}, {kind}", "Tried with 15 to 18; use one of those.")


def _contracts(what: str) -> Finding:
    from ingestion.contracts import load_contracts

    return Finding(what, "fine", ", ".join(sorted(load_contracts())))


def _key(what: str) -> Finding:
    path = settings().pseudonym_key_file
    if not path.exists():
        return Finding(what, "fine", "not made yet; the first load makes it")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(what, "broken", f"{path} can be read by others", f"chmod 600 {path}")
    return Finding(
        what, "advice", str(path), "Keep a copy in a safe place: without it people can't be linked any more."
    )


def _airflow(what: str) -> Finding:
    from chaidaen.stack import airflow, local

    if local.is_ready():
        return Finding(what, "fine", f"runs at {airflow.api_url()}")
    port = airflow.api_port()
    if airflow.free_port(port):
        return Finding(what, "fine", f"not running; port {port} is free for it")
    return Finding(what, "advice", f"not running; port {port} is taken", "`chaidaen up` will choose another port.")


LOOKS: dict[str, Callable[[str], Finding]] = {
    "Python": _python,
    "disk": _disk,
    "folders": _folders,
    "database": _database,
    "contracts": _contracts,
    "pseudonym key": _key,
    "Airflow": _airflow,
}


def _print(findings: list[Finding]) -> None:
    from rich.console import Console

    marks = {"fine": "[green]✓[/]", "advice": "[yellow]![/]", "broken": "[red]✗[/]"}
    console = Console()
    for finding in findings:
        console.print(f"{marks[finding.health]} [bold]{finding.what}[/]  {finding.found}", highlight=False)
        if finding.cure:
            console.print(f"    → {finding.cure}", highlight=False)
