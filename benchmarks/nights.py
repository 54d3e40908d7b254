"""What thirty nights cost, each with one revised file of one agency: seconds, models built, parts and storage.

    python -m benchmarks.nights                            # 1,000,000 raw rows, 30 nights
    python -m benchmarks.nights --rows 20000 --nights 3    # the short form

Starts an embedded PostgreSQL of its own in a temporary folder and removes it. Five provinces sent population, survey,
members and welfare cards for five years; the rows are generated in SQL and every person in them is invented. Each night
builds, judges, publishes and tidies with the functions of the nightly flow, which keep the latest ten releases
(`CHAIDAEN_KEEP_RELEASES=100` keeps all). The run fails when storage ends above 2.5 times that of the first release,
when a part of a province and year that was not revised is stored anew, or when a night without news builds anything.
"""

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.sent_rows import GENERATED, PROVINCES, load, revise
from core import clock, database
from core.postgres import EmbeddedServer
from core.settings import reload as reload_settings
from publication.flow import FlowResult, build_and_publish

YEARS = range(2560, 2565)
FIRST_NIGHT = datetime(2022, 3, 10, 19, tzinfo=UTC)  # after every grace of 2564, so that the calendar changes nothing
MOST_STORAGE = 2.5
ROWS_OF_A_HOUSEHOLD = 4.5  # itself, three members, and cards of half of these


@dataclass(frozen=True, slots=True)
class Night:
    """storage_ratio: bytes of all parts kept over those of the first release; disk_ratio: of the tables they lie in."""

    dataset: str
    province: str
    year: int
    seconds: float
    models_built: int
    parts_added: int
    parts_shared: int
    storage_ratio: float
    disk_ratio: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="raw rows of the base, roughly")
    parser.add_argument("--nights", type=int, default=30, help="nights, each with one revised file")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    given = parser.parse_args(arguments)
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with temporary_server():
        told = _run(given.rows, given.nights, quiet=given.json)
    if given.json:
        print(json.dumps(told))
    return 0


def _run(rows: int, nights: int, *, quiet: bool) -> dict[str, object]:
    with clock.fixed(FIRST_NIGHT):
        households = max(int(rows / ROWS_OF_A_HOUSEHOLD / len(PROVINCES) / len(YEARS)), 20)
        raw_rows = load(households, YEARS)
        before, base_seconds = _night()
        base, disk = _storage()
        _say(quiet, f"{raw_rows:,} raw rows; the first release took {base_seconds:.1f} s and {base / 1e6:.1f} MB")
    done = []
    for number in range(nights):
        with clock.fixed(FIRST_NIGHT + timedelta(days=number + 1)):
            dataset = list(GENERATED)[number % len(GENERATED)]
            province, year = PROVINCES[number % 5], YEARS[(number // 5) % 5]
            revise(dataset, province, year)
            result, seconds = _night()
            parts = _parts(result, before)
            _refuse_parts_stored_without_need(parts, province, year)
            shared = sum(is_shared for _, _, is_shared in parts)
            size, on_disk = _storage()
            done.append(
                Night(
                    dataset, province, year, round(seconds, 1), _models_built(result), len(parts) - shared, shared,
                    round(size / base, 3), round(on_disk / disk, 3),
                )
            )  # fmt: skip
            _say(quiet, _line(number + 1, done[-1]))
            before = result
    with clock.fixed(FIRST_NIGHT + timedelta(days=nights + 1)):
        idle = _without_news()
    _say(quiet, f"a night without news: {idle:.2f} s, nothing built")
    if done and done[-1].storage_ratio > MOST_STORAGE:
        sys.exit(f"storage is {done[-1].storage_ratio:.2f} times the base; wanted are at most {MOST_STORAGE}")
    return {
        "raw_rows": raw_rows, "base_seconds": base_seconds, "idle_seconds": idle, "nights": [asdict(n) for n in done],
    }  # fmt: skip


def _night() -> tuple[FlowResult, float]:
    began = time.perf_counter()
    result = build_and_publish(actor="benchmark")
    if result.ending != "published":
        sys.exit(f"the release was {result.ending} (gate: {result.gate}), not published")
    return result, time.perf_counter() - began


def _without_news() -> float:
    began = time.perf_counter()
    if (result := build_and_publish(actor="benchmark")).ending != "unchanged":
        sys.exit(f"a night without news ended {result.ending}")
    return time.perf_counter() - began


def _models_built(result: FlowResult) -> int:
    with database.connect() as connection:
        row = connection.execute(
            "select count(distinct unique_id) from ops.dbt_results where release_id = %s and unique_id like 'model.%%'",
            [result.release_id],
        ).fetchone()
    return int(row[0]) if row else 0


def _parts(result: FlowResult, before: FlowResult) -> list[tuple[str, dict[str, Any], bool]]:
    """Store table, key, and whether the release before has the very part."""
    with database.connect() as connection:
        return connection.execute(
            "select p.relation, p.part_key, exists (select from store.release_parts as b"
            " where b.release_id = %s and b.part_id = p.part_id)"
            " from store.release_parts as n join store.parts as p using (part_id) where n.release_id = %s",
            [before.release_id, result.release_id],
        ).fetchall()


def _refuse_parts_stored_without_need(parts: list[tuple[str, dict[str, Any], bool]], province: str, year: int) -> None:
    """A revision can change the figures of its province and of the region, in its year and, for registers, later."""
    wrong = [
        (relation, key) for relation, key, is_shared in parts
        if not is_shared and "survey_year_be" in key
        and (key["survey_year_be"] < year or key["province_code"] not in (province, None))
    ]  # fmt: skip
    if wrong:
        sys.exit(f"A file of {province} in {year} was revised, and these parts were stored anew: {wrong}")


def _storage() -> tuple[int, int]:
    """Bytes of the rows of all parts, and of the store's tables with their indexes on disk."""
    with database.connect() as connection:
        row = connection.execute(
            "select (select sum(size_bytes)::bigint from store.parts), sum(pg_total_relation_size(oid))::bigint"
            " from pg_class where relnamespace = 'store'::regnamespace and relkind = 'r'"
        ).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _line(number: int, night: Night) -> str:
    return (
        f"night {number:2}: {night.dataset} of {night.province} in {night.year}: {night.seconds:5.1f} s,"
        f" {night.models_built} models built, {night.parts_added} parts new, {night.parts_shared} shared,"
        f" storage {night.storage_ratio:.2f} × (on disk {night.disk_ratio:.2f} ×)"
    )


def _say(quiet: bool, line: str) -> None:
    if not quiet:
        print(line, flush=True)


@contextmanager
def temporary_server() -> Iterator[None]:
    """A home and an embedded PostgreSQL of its own, both gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="chaidaen-benchmark-"))
    os.environ["CHAIDAEN_HOME"] = str(folder)
    reload_settings()
    server = EmbeddedServer(folder)
    try:
        yield
    finally:
        server.stop()
        shutil.rmtree(server.data_folder().parent, ignore_errors=True)  # not always inside the folder
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
