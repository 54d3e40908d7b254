"""What the gate costs beside one hand-written SELECT that makes the same checks.

    python -m benchmarks.gate                          # 1,000,000 rows, 5 pairs
    python -m benchmarks.gate --rows 20000 --pairs 1   # the short form

Starts an embedded PostgreSQL of its own in a temporary folder and removes it. `poverty_by_area` is generated with as
many villages as the rows ask for, 51 survey years each, stored as a candidate release and read through the views,
pinned to it, as the role of the gate: by the reviewed suite through Great Expectations (imports, a second look at
failures and data docs left out; its context counts), and by the SELECT below. Both are run once before they are timed.
The run fails when either finds anything, and when one of them misses a row that is spoilt afterwards.
"""

import argparse
import json
import logging
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from benchmarks.nights import temporary_server
from core import database
from core.settings import settings
from expectations.base import complete
from expectations.carried import Standing
from expectations.described import described_marts
from expectations.judging import Judge
from expectations.model import load_suites
from publication import dbt
from publication.described import described_mart, keep_described
from publication.releases import open_release
from publication.store import store_candidate

SUITE = "poverty_by_area"
YEARS = range(2550, 2601)
AREAS_ABOVE = 1 + 5 + 56 + 413
TAMBON = 413
COUNTS = (
    "surveyed_households", "surveyed_persons", "surveyed_poor_persons", "registered_poor_persons",
    "target_poor_persons", "target_poor_households", "any_poor_households", "health_poor_households",
    "living_poor_households", "education_poor_households", "income_poor_households", "access_poor_households",
)  # fmt: skip
SHARES = tuple(f"{name}_pct" for name in COUNTS if name not in ("surveyed_households", "surveyed_persons"))
ADDITIVE = tuple(name for name in COUNTS if name.endswith("_households"))
DIMENSIONS = tuple(f"{name}_poor_households" for name in ("health", "living", "education", "income", "access"))

_ROWS = f"""
    select count(*) as all_rows,
        count(*) filter (where area_code is null) + count(*) filter (where survey_year_be is null)
        + count(*) filter (where not survey_year_be between 2550 and 2600)
        + count(*) filter (where area_level not in ('village', 'tambon', 'amphoe', 'province', 'region'))
        + count(*) filter (where least(population_persons, {", ".join(COUNTS)}) < 0)
        + count(*) filter (where least({", ".join(SHARES)}) < 0 or greatest({", ".join(SHARES)}) > 100)
        + count(*) filter (where target_poor_persons > registered_poor_persons
            or registered_poor_persons > surveyed_poor_persons or surveyed_poor_persons > surveyed_persons)
        + count(*) filter (where target_poor_households > any_poor_households
            or any_poor_households > surveyed_households)
        + count(*) filter (where any_poor_households < greatest({", ".join(DIMENSIONS)})
            or any_poor_households > {" + ".join(DIMENSIONS)})
        + count(*) filter (where area_level = 'village' and population_persons is not null)
        + count(*) filter (where surveyed_persons > population_persons) as broken
    from marts_exact.poverty_by_area"""
_TWICE = """
    select count(*) as broken from (
        select from marts_exact.poverty_by_area group by area_code, survey_year_be having count(*) > 1
    ) as t"""
_UNKNOWN = """
    select count(*) as broken from marts_exact.poverty_by_area as p left join marts_exact.areas as a
        on a.area_code = p.area_code and a.area_level = p.area_level
    where a.area_code is null"""
_NO_REGION = """
    select count(*) as broken from (
        select from marts_exact.poverty_by_area
        group by survey_year_be having count(*) filter (where area_code = 'SBP') <> 1
    ) as t"""
_SUMMED = (*ADDITIVE, "surveyed_persons", "surveyed_poor_persons", "target_poor_persons", "population_persons")
_SUMS = f"""
    select count(*) filter (where case when s.area_level = 'amphoe'
            then s.surveyed_households > w.surveyed_households or s.any_poor_households > w.any_poor_households
                or s.target_poor_households > w.target_poor_households
            else {" or ".join(f"s.{name} <> w.{name}" for name in ADDITIVE)} end)
        + count(*) filter (where s.area_level = 'amphoe' and s.surveyed_households < w.surveyed_households)
        + count(*) filter (where s.area_level <> 'amphoe' and (s.surveyed_persons < w.surveyed_persons
            or s.surveyed_poor_persons < w.surveyed_poor_persons or s.target_poor_persons < w.target_poor_persons
            or s.most > w.surveyed_persons))
        + count(*) filter (where s.population_persons is distinct from w.population_persons) as broken
    from (
        select a.parent_code, p.survey_year_be, p.area_level, max(p.surveyed_persons) as most,
            {", ".join(f"sum(p.{name}) as {name}" for name in _SUMMED)}
        from marts_exact.poverty_by_area as p join marts_exact.areas as a on a.area_code = p.area_code
        where p.area_level in ('tambon', 'amphoe', 'province')
        group by a.parent_code, p.survey_year_be, p.area_level
    ) as s
    join marts_exact.poverty_by_area as w on w.area_code = s.parent_code and w.survey_year_be = s.survey_year_be"""
BY_HAND = f"""
    select r.all_rows, r.broken + t.broken + u.broken + n.broken + s.broken as broken
    from ({_ROWS}) as r, ({_TWICE}) as t, ({_UNKNOWN}) as u, ({_NO_REGION}) as n, ({_SUMS}) as s"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds."""

    gate: float
    by_hand: float

    @property
    def ratio(self) -> float:
        return self.gate / self.by_hand


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the mart, roughly")
    parser.add_argument("--pairs", type=int, default=5, help="timed runs of each")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    given = parser.parse_args(arguments)
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with temporary_server():
        release_id = _release(given.rows)
        rows = _sound(release_id)
        if not given.json:
            print(f"{rows:,} rows", flush=True)
        pairs = [_pair(release_id, quiet=given.json) for _ in range(given.pairs)]
        _spoil()
        if not _gate(release_id)[1] or not _by_hand(release_id)[2]:
            sys.exit("a spoilt row was not found")
    told = {
        "rows": rows,
        "gate_seconds": statistics.median(pair.gate for pair in pairs),
        "select_seconds": statistics.median(pair.by_hand for pair in pairs),
        "ratio": statistics.median(pair.ratio for pair in pairs),
    }
    if given.json:
        print(json.dumps(told))
    else:
        print(f"median gate {told['gate_seconds']:.2f} s, one SELECT {told['select_seconds']:.2f} s")
        print(f"median ratio of the gate to one SELECT: {told['ratio']:.2f}")
    return 0


def _sound(release_id: int) -> int:
    """Both once, to warm up; returns the number of rows."""
    _, failed = _gate(release_id)
    _, rows, broken = _by_hand(release_id)
    if failed or broken:
        sys.exit(f"generated rows break {failed or 'the SELECT'}")
    return rows


def _pair(release_id: int, *, quiet: bool) -> Pair:
    gate, _ = _gate(release_id)
    by_hand, _, _ = _by_hand(release_id)
    pair = Pair(gate, by_hand)
    if not quiet:
        print(f"gate {pair.gate:6.2f} s   SELECT {pair.by_hand:6.2f} s   ratio {pair.ratio:.2f}", flush=True)
    return pair


def _gate(release_id: int) -> tuple[float, list[str]]:
    """Seconds, and the expectations that are not met. A second look at failures is no part of a run without any."""
    [particular] = [suite for suite in load_suites() if suite.mart == SUITE]
    [mart] = [mart for mart in described_marts(release_id) if mart.name == SUITE]
    suite = complete(mart, particular)[0]
    began = time.perf_counter()
    judge = Judge(release_id)
    try:
        verdicts = judge.judge(suite, Standing())
    finally:
        judge.close()
    return time.perf_counter() - began, [verdict.expectation_id for verdict in verdicts if not verdict.success]


def _by_hand(release_id: int) -> tuple[float, int, int]:
    """Seconds, rows, and how many checks of how many rows are broken."""
    began = time.perf_counter()
    with database.connect("chaidaen_gate") as connection:
        connection.execute("select set_config('chaidaen.release', %s, false)", [str(release_id)])
        row = connection.execute(BY_HAND).fetchone()
    return time.perf_counter() - began, *(row or (0, 1))


def _spoil() -> None:
    with database.connect() as connection:
        connection.execute("update store.poverty_by_area set any_poor_households = -1 where area_code = '940101'")


def _release(rows: int) -> int:
    """A stored candidate of generated marts, in parts by province as in real use."""
    release_id = open_release(force=True)
    if release_id is None:
        sys.exit("no release could be opened")
    manifest = dbt.parse()
    villages = max(round((rows / len(YEARS) - AREAS_ABOVE) / TAMBON), 1)
    with database.connect() as connection:
        _areas(connection, villages)
        _poverty(connection)
        for mart in ("areas", SUITE):
            connection.execute(f"create table candidate_safe.{mart} as select *, '{{}}'::text[] as _redacted"
                               f" from candidate.{mart} limit 1")  # fmt: skip
            connection.execute(
                "insert into ops.release_marts values (%s, %s, 'by hand', %s)",
                [release_id, mart, ["province_code"]],
            )
            keep_described(connection, release_id, described_mart(manifest, f"model.chaidaen.{mart}"))
    store_candidate(release_id)
    return release_id


def _areas(connection: Connection[TupleRow], villages: int) -> None:
    connection.execute("create schema candidate; create schema candidate_safe")
    connection.execute("create temp table tambon (tambon_code text)")
    path = settings().project_root / "dbt_project" / "seeds" / "tambon.csv"
    codes = [line.split(",", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    connection.execute("insert into tambon select unnest(%s::text[])", [codes])
    connection.execute(
        "create table candidate.areas as"
        " select 'SBP' as area_code, 'region' as area_level, null::text as parent_code, null::text as province_code"
        " union select left(tambon_code, 2), 'province', 'SBP', left(tambon_code, 2) from tambon"
        " union select left(tambon_code, 4), 'amphoe', left(tambon_code, 2), left(tambon_code, 2) from tambon"
        " union select tambon_code, 'tambon', left(tambon_code, 4), left(tambon_code, 2) from tambon"
        " union select tambon_code || lpad(n::text, 4, '0'), 'village', tambon_code, left(tambon_code, 2)"
        f" from tambon cross join generate_series(1, {villages}) as n"
    )


def _poverty(connection: Connection[TupleRow]) -> None:
    """Every area has as many times the figures of one tambon as it has tambon; a village has them once."""
    figures = {
        "surveyed_households": 120, "surveyed_persons": 400, "surveyed_poor_persons": 90,
        "registered_poor_persons": 60, "target_poor_persons": 40, "target_poor_households": 20,
        "any_poor_households": 45, "health_poor_households": 15, "living_poor_households": 25,
        "education_poor_households": 10, "income_poor_households": 12, "access_poor_households": 5,
    }  # fmt: skip
    columns = [f"coalesce(tambon, 1) * {figure}::bigint as {name}" for name, figure in figures.items()]
    columns += [f"cast(12.5 as numeric(5, 1)) as {name}" for name in SHARES]
    connection.execute(
        "create table candidate.poverty_by_area as"
        " select area_code, survey_year_be, area_level, province_code,"
        " case when area_level <> 'village' then coalesce(tambon, 1) * 700::bigint end as population_persons,"
        f" {', '.join(columns)}"
        " from candidate.areas left join ("
        " select code, count(*) as tambon from tambon cross join lateral (values (left(tambon_code, 2)),"
        " (left(tambon_code, 4)), ('SBP')) as containing (code) group by code) as t on t.code = area_code"
        f" cross join generate_series({YEARS[0]}, {YEARS[-1]}) as survey_year_be"
    )


if __name__ == "__main__":
    sys.exit(main())
