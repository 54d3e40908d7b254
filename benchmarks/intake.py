"""How long a whole intake takes, as a ratio to raw COPY of the same rows as text, run beside it on one server.

    python -m benchmarks.intake --rows 1000000 --pairs 5

A pair is one COPY of the rows (UTF-8, no check) into a table of text columns, then one intake of the same rows from the
dropped CP874 file to the committed submission: receipt, archive, decoding, contract checks, issues, rejected rows,
keyed hashes, raw and vault. The report, written after the commit, is told beside it. Every seeded defect must be found
at its row and column, or the run fails.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree, rmtree
from typing import TYPE_CHECKING
from unittest.mock import patch

import psutil

from benchmarks.measuring import Cost, forget_peak, measured, peak_mib
from benchmarks.people_file import COLUMNS, Truth, write_people
from core import database
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings
from core.settings import settings

if TYPE_CHECKING:
    from ingestion.stages import Drop

CONTRACTS = Path(__file__).with_name("contracts")
DATASET, AGENCY, PERIOD = "benchmark_person", "community_development_94", "2564"
DEFECT_SHARE = 0.005
PIECE = 1 << 20


class WrongResult(Exception):
    """The intake did not find what was seeded: its speed means nothing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One COPY and the intake that followed it."""

    copy: Cost
    receive: Cost
    load: Cost
    papers: Cost
    peak_mib: float

    @property
    def intake(self) -> Cost:
        """From the dropped file to the committed rows, issues, rejected rows and ledger."""
        return self.receive + self.load

    @property
    def wall_ratio(self) -> float:
        return self.intake.wall / self.copy.wall

    @property
    def cpu_ratio(self) -> float:
        return self.intake.cpu / self.copy.cpu if self.copy.cpu else float("nan")


def run(rows: int, pairs: int, *, every_row_needs_repair: bool, folder: Path, contracts: Path) -> list[Pair]:
    """Measure in an empty warehouse below `folder`. Raises WrongResult when an issue is missing or made up."""
    with warehouse(folder, contracts) as server:
        file = folder / "people.csv"
        # Written by another process, so that this one's resident peak is that of the intake.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
            truth = other.submit(
                write_people,
                file,
                rows,
                defect_share=DEFECT_SHARE,
                every_row_needs_repair=every_row_needs_repair,
            ).result()
        plain = file.with_name(f"{file.name}.utf8")
        _create_text_table()
        measurements = []
        for number in range(1, pairs + 1):
            _rest()
            copied = _raw_copy(plain, server)
            _rest()
            measurements.append(_intake(file, f"run{number}", truth, copied, server))
        return measurements


@contextmanager
def warehouse(folder: Path, contracts: Path) -> Iterator[psutil.Process]:
    """An embedded server with the tables of the benchmark's contract, stopped and removed afterwards."""
    from ingestion.contracts.sync import sync

    home = folder / "home"
    copytree(contracts, folder / "contracts")
    os.environ.update(
        CHAIDAEN_HOME=str(home), CHAIDAEN_CONTRACTS=str(folder / "contracts"), CHAIDAEN_SETTLE_SECONDS="0"
    )
    for name in ("DATABASE_URL", "LANDING", "ARCHIVE", "OUTBOX", "PSEUDONYM_KEY_FILE"):
        os.environ.pop(f"CHAIDAEN_{name}", None)
    reload_settings()
    database.forget()
    sync(folder / "contracts")
    embedded = EmbeddedServer(home)
    try:
        database.url()
        server = embedded.running()
        if server is None:
            raise WrongResult("the embedded server did not start")
        yield server
    finally:
        embedded.stop()
        rmtree(embedded.data_folder().parent, ignore_errors=True)


def _create_text_table() -> None:
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    with database.connect() as connection:
        connection.execute(f"create schema benchmark; create table benchmark.rows_as_text ({columns})")


def _rest() -> None:
    """Empty tables and a written-out server before each measurement, so that none pays for another."""
    with database.connect(autocommit=True) as connection:
        connection.execute(f"truncate benchmark.rows_as_text, raw.{DATASET}, vault.{DATASET}")
        connection.execute("checkpoint")


def _raw_copy(plain: Path, server: psutil.Process) -> Cost:
    with measured(server) as cost, database.connect(application="benchmark copy") as connection:
        with (
            connection.cursor() as cursor,
            cursor.copy("copy benchmark.rows_as_text from stdin (format csv)") as into,
            plain.open("rb") as file,
        ):
            while piece := file.read(PIECE):
                into.write(piece)
        connection.commit()
    return cost


def dropped(file: Path, part: str) -> "Drop":
    """The file put into landing, as an agency does, as a scope of its own."""
    from ingestion import landing

    path = settings().landing / AGENCY / DATASET / PERIOD / part / file.name
    path.parent.mkdir(parents=True)
    copy(file, path)
    [drop] = landing.scan().drops
    return drop


def _intake(file: Path, part: str, truth: Truth, copied: Cost, server: psutil.Process) -> Pair:
    from ingestion import intake
    from ingestion.reports import from_ledger

    drop = dropped(file, part)
    forget_peak()
    with measured(server) as receive:
        submission_id = intake.receive(drop)
    # What is owed when a worker dies after the commit is written by the next one: here too, to be told apart.
    with patch.object(from_ledger, "write_papers"), measured(server) as load:
        processed = intake.process(submission_id)
    peak = peak_mib()
    with database.connect(autocommit=True) as connection, measured(server) as papers:
        intake.write_papers_owed(connection)
    if processed.state != "loaded" or processed.rows != truth.rows:
        raise WrongResult(f"expected {truth.rows} rows loaded, got {processed}")
    compare(submission_id, truth)
    return Pair(copied, receive, load, papers, peak)


def compare(submission_id: int, truth: Truth) -> None:
    """Raises WrongResult unless exactly the seeded issues and repairs were found and no row was lost."""
    with database.connect() as connection:
        found = connection.execute(
            "select row_no, column_name, code from ops.issues where submission_id = %s", [submission_id]
        ).fetchall()
        mended = connection.execute(
            "select column_name, code, repaired_cells from ops.repairs where submission_id = %s", [submission_id]
        ).fetchall()
        # Fresh tables have no statistics yet; without them this check may choose to loop over a million rows a row.
        connection.execute(f"analyze raw.{DATASET}, vault.{DATASET}")
        loaded, kept = connection.execute(
            f"select (select count(*) from raw.{DATASET} join vault.{DATASET} using (_submission_id, _sheet, _row)),"
            " (select count(*) from vault.rejected_rows where _submission_id = %s)",
            [submission_id],
        ).fetchall()[0]
    missing, made_up = truth.issues - set(found), set(found) - truth.issues
    if missing or made_up:
        raise WrongResult(f"{len(missing)} issues not found, {len(made_up)} made up")
    if loaded + kept != truth.rows:
        raise WrongResult(f"{truth.rows} rows sent, {loaded} loaded, {kept} kept as rejected")
    if {(column, code): cells for column, code, cells in mended} != truth.repairs:
        raise WrongResult(f"mended {sorted(mended)}, but {truth.repairs} were to mend")


def summary(rows: int, pairs: Sequence[Pair]) -> dict[str, float | int]:
    """Medians over the pairs; seconds, ratios, MiB."""

    def median(values: Iterator[float]) -> float:
        return round(statistics.median(values), 3)

    return {
        "rows": rows,
        "pairs": len(pairs),
        "wall_ratio": median(pair.wall_ratio for pair in pairs),
        "cpu_ratio": median(pair.cpu_ratio for pair in pairs),
        "copy_wall_seconds": median(pair.copy.wall for pair in pairs),
        "copy_cpu_seconds": median(pair.copy.cpu for pair in pairs),
        "receive_wall_seconds": median(pair.receive.wall for pair in pairs),
        "load_wall_seconds": median(pair.load.wall for pair in pairs),
        "papers_wall_seconds": median(pair.papers.wall for pair in pairs),
        "papers_cpu_seconds": median(pair.papers.cpu for pair in pairs),
        "intake_client_cpu_seconds": median(pair.intake.client_cpu for pair in pairs),
        "intake_server_cpu_seconds": median(pair.intake.server_cpu for pair in pairs),
        "peak_resident_mib": round(max(pair.peak_mib for pair in pairs), 1),
    }


def _print(rows: int, pairs: Sequence[Pair]) -> None:
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{rows:,} rows × {len(COLUMNS)} columns, {len(pairs)} pair(s); {cores} cores, load {load:.1f}")
    for number, pair in enumerate(pairs, start=1):
        whole, copied = pair.intake, pair.copy
        print(
            f"  pair {number}: COPY {copied.wall:.2f} s (CPU {copied.cpu:.2f}), intake {whole.wall:.2f} s"
            f" (CPU {whole.cpu:.2f}: client {whole.client_cpu:.2f}, server {whole.server_cpu:.2f}),"
            f" of it receipt {pair.receive.wall:.2f} s; ratio {pair.wall_ratio:.2f} wall, {pair.cpu_ratio:.2f} CPU;"
            f" papers {pair.papers.wall:.2f} s more"
        )
    found = summary(rows, pairs)
    print(f"median wall ratio to raw COPY: {found['wall_ratio']:.2f}")
    print(f"median CPU ratio to raw COPY:  {found['cpu_ratio']:.2f}")
    print(f"resident peak: {found['peak_resident_mib']:.0f} MiB")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 when the intake found something else than was seeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--every-row-needs-repair", action="store_true", help="four cells to mend in each row")
    parser.add_argument("--contracts", type=Path, default=CONTRACTS, help="folder with the benchmark's contract")
    parser.add_argument("--json", action="store_true", help="the medians as JSON")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="chaidaen-benchmark-") as folder:
        try:
            pairs = run(
                chosen.rows,
                chosen.pairs,
                every_row_needs_repair=chosen.every_row_needs_repair,
                folder=Path(folder),
                contracts=chosen.contracts,
            )
        except WrongResult as wrong:
            print(f"wrong result: {wrong}", file=sys.stderr)
            return 1
    if chosen.json:
        print(json.dumps(summary(chosen.rows, pairs)))
    else:
        _print(chosen.rows, pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
