"""How long a small file waits for its receipt, and for its verdict, while others' huge files are at work.

    python -m benchmarks.fairness --rows 1000000 --large 3 --every 2

Starts the whole local stack (PostgreSQL and Airflow with its scheduler) in a home of its own, drops the large files of
as many agencies, and then a small file of another agency every few seconds until the large ones are decided. Times run
from the moment a file lies whole in landing to the moment its `receipt.json` is in the outbox.
"""

import argparse
import csv
import json
import multiprocessing
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from rich.console import Console

from benchmarks.intake import AGENCY, DATASET, DEFECT_SHARE, PERIOD
from benchmarks.people_file import write_people
from core import database
from core.postgres import EmbeddedServer
from core.settings import PROJECT_ROOT, settings
from core.settings import reload as reload_settings

BENCHMARK_CONTRACTS = Path(__file__).with_name("contracts")
SMALL_AGENCIES = [f"registration_office_{province}" for province in (90, 91, 94, 95, 96)]
LOOK_EVERY_SECONDS = 0.05
TELL_EVERY_LOOKS = 200
PATIENCE_SECONDS = 900
WANTED_P95_SECONDS = 10.0


@dataclass(slots=True)
class Small:
    """One small file; seconds of the clock that nobody sets."""

    dropped_at: float
    receipt_after: float | None = None
    verdict_after: float | None = None


def run(rows: int, large: int, every: float, folder: Path) -> tuple[list[Small], float]:
    """The small files dropped while large ones were at work, and how many seconds those took."""
    with _stack(folder):
        file = folder / "people.csv"
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
            other.submit(write_people, file, rows, defect_share=DEFECT_SHARE, every_row_needs_repair=False).result()
        begun = time.monotonic()
        for number in range(large):
            _drop(file, AGENCY, DATASET, PERIOD, f"large{number}")
        smalls: dict[str, Small] = {}
        agencies = cycle(SMALL_AGENCIES)
        while (at_work := _unfinished_large(large)) or any(one.verdict_after is None for one in smalls.values()):
            if at_work and time.monotonic() >= begun + every * (len(smalls) + 1):
                name = f"small{len(smalls)}"
                _drop(_small_file(folder, len(smalls)), next(agencies), "population", "2564", name)
                smalls[name] = Small(time.monotonic())
            if at_work:
                finished = time.monotonic()
            _look(smalls)
            _tell(at_work, smalls, time.monotonic() - begun)
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise TimeoutError(f"{at_work} large files are undecided after {PATIENCE_SECONDS} seconds")
            time.sleep(LOOK_EVERY_SECONDS)
        return list(smalls.values()), finished - begun


@contextmanager
def _stack(folder: Path) -> Iterator[None]:
    from chaidaen.stack import local
    from ingestion.contracts.sync import sync

    contracts = folder / "contracts"
    shutil.copytree(PROJECT_ROOT / "contracts", contracts)
    shutil.copytree(BENCHMARK_CONTRACTS, contracts, dirs_exist_ok=True)
    os.environ.update(CHAIDAEN_HOME=str(folder / "home"), CHAIDAEN_CONTRACTS=str(contracts))
    for name in ("DATABASE_URL", "LANDING", "ARCHIVE", "OUTBOX", "PSEUDONYM_KEY_FILE", "SETTLE_SECONDS", "CLOCK"):
        os.environ.pop(f"CHAIDAEN_{name}", None)
    reload_settings()
    database.forget()
    sync(contracts)
    local.up(Console(quiet=True))
    try:
        yield
    finally:
        local.down()
        shutil.rmtree(EmbeddedServer(settings().home).data_folder().parent, ignore_errors=True)


def _drop(file: Path, *folders: str) -> None:
    """Under an unfinished name first, as copying programs do; whole in landing when this returns."""
    target = settings().landing.joinpath(*folders, file.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    shutil.copy(file, unfinished)
    unfinished.rename(target)


def _small_file(folder: Path, number: int) -> Path:
    """Twenty tambon of Pattani with figures of their own."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "tambon.csv").open(encoding="utf-8") as lines:
        codes = [row["tambon_code"] for row in csv.DictReader(lines)][:20]
    path = folder / "small.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน"])
        writer.writerows([code, 10 + number, 12, 22 + number, 7] for code in codes)
    return path


def _unfinished_large(large: int) -> int:
    with database.connect(autocommit=True) as connection:
        row = connection.execute(
            "select count(*) from ops.submissions where dataset_id = %s and state <> 'received'", [DATASET]
        ).fetchone()
    return large - int(row[0] if row else 0)


def _look(smalls: dict[str, Small]) -> None:
    """Note which receipts and verdicts have come since the last look."""
    now = time.monotonic()
    for path in settings().outbox.glob("*/population/*/*/receipt.json"):
        receipt = json.loads(path.read_text(encoding="utf-8"))
        small = smalls[receipt["part"]]
        if small.receipt_after is None:
            small.receipt_after = now - small.dropped_at
        if small.verdict_after is None and receipt["state"] != "received":
            small.verdict_after = now - small.dropped_at


def _tell(at_work: int, smalls: dict[str, Small], seconds: float) -> None:
    if sys.stderr.isatty() or int(seconds / LOOK_EVERY_SECONDS) % TELL_EVERY_LOOKS == 0:
        answered = sum(one.receipt_after is not None for one in smalls.values())
        decided = sum(one.verdict_after is not None for one in smalls.values())
        said = (
            f"{seconds:4.0f} s: {at_work} large at work; {len(smalls)} small, {answered} receipts, {decided} verdicts"
        )
        print(said, file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n")


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile (the value that 95 % do not exceed) and maximum, in seconds."""
    ordered = sorted(seconds)
    p95 = ordered[-(-95 * len(ordered) // 100) - 1]
    return {"p50": round(statistics.median(ordered), 1), "p95": round(p95, 1), "max": round(ordered[-1], 1)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, or 1 when the 95th percentile of the receipts is beyond what is promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of each large file")
    parser.add_argument("--large", type=int, default=3, help="how many large files")
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two small files")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the stack is taken down whoever ends this
    with tempfile.TemporaryDirectory(prefix="chaidaen-benchmark-") as folder:
        smalls, seconds = run(chosen.rows, chosen.large, chosen.every, Path(folder))
    receipts = summary([one.receipt_after for one in smalls if one.receipt_after is not None])
    verdicts = summary([one.verdict_after for one in smalls if one.verdict_after is not None])
    print(
        f"{chosen.large} file(s) of {chosen.rows:,} rows at work for {seconds:.0f} s, {len(smalls)} small files beside"
        f" them; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(f"  receipt: p50 {receipts['p50']} s, p95 {receipts['p95']} s, max {receipts['max']} s")
    print(f"  verdict: p50 {verdicts['p50']} s, p95 {verdicts['p95']} s, max {verdicts['max']} s")
    return 0 if receipts["p95"] <= WANTED_P95_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
