"""Readers of many kinds in processes of their own, and what they saw while releases were switched under them.

Every release gives another figure to one province of two marts and shares the parts of the others, so what a reader
gets tells which release it read, and two at once are told from one.
"""

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from core import clock, database
from publication.releases import open_release
from publication.store import store_candidate

MARTS = ("wells", "wells_by_area")
PROVINCES = ("90", "91", "94", "95", "96")
AREAS = 200  # rows of each province
FORMS = ("joined", "two_statements", "prepared", "pooled")
SUMS = "select province_code, sum(wells)::bigint, count(*) from marts.{} group by 1 order by 1"
JOINED = (
    "select a.province_code, sum(a.wells)::bigint, sum(b.wells)::bigint, count(*) from marts.wells as a"
    " join marts.wells_by_area as b using (area_code) group by 1 order by 1"
)
Figures = tuple[tuple[str, int], ...]


def store_release(figure: int, *, changes: Sequence[str] = (), marts: Sequence[str] = MARTS) -> int:
    """A stored and gated release whose figure stands in one province; the content of the others never changes.

    changes: statements run for each schema of the build, named `{schema}` in them; marts: those there are then.
    """
    release_id = open_release(force=True, actor="soak")
    assert release_id is not None
    with database.connect() as connection:
        for schema in ("candidate", "candidate_safe"):
            connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
            for mart in MARTS:
                _make(connection, sql.Identifier(schema, mart), figure, safe=schema.endswith("safe"))
            for change in changes:
                connection.execute(change.format(schema=schema))  # type: ignore[arg-type]  # ours
        for mart in marts:
            connection.execute(
                "insert into ops.release_marts (release_id, mart, recipe, part_by) values (%s, %s, %s, %s)",
                [release_id, mart, f"figure {figure} {release_id}", ["province_code"]],
            )
    store_candidate(release_id)
    with database.connect() as connection:
        connection.execute(
            "update ops.releases set gate = 'passed', created_at = %s where release_id = %s", [clock.now(), release_id]
        )
    return release_id


def _make(connection: psycopg.Connection[Any], name: sql.Identifier, figure: int, *, safe: bool) -> None:
    connection.execute(sql.SQL("drop table if exists {}").format(name))
    connection.execute(
        sql.SQL(
            "create table {} as select p.code as province_code, p.code || lpad(n::text, 4, '0') as area_code,"
            " case when p.code = {} then {} else 1 end as wells {}"
            " from unnest({}::text[]) as p (code) cross join generate_series(1, {}) as n"
        ).format(
            name, sql.Literal(changed_province(figure)), sql.Literal(figure + 2),
            sql.SQL(", '{}'::text[] as _redacted" if safe else ""), sql.Literal(list(PROVINCES)), sql.Literal(AREAS),
        )
    )  # fmt: skip


def changed_province(figure: int) -> str:
    return PROVINCES[figure % len(PROVINCES)]


def figures_of(figure: int) -> Figures:
    """What every reader must see of a release, for each of the two marts."""
    return tuple((code, AREAS * (figure + 2 if code == changed_province(figure) else 1)) for code in PROVINCES)


@dataclass
class Seen:
    """What readers saw. waits: the longest a statement took, in seconds, by form of reading."""

    reads: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    mixed: list[str] = field(default_factory=list)
    empty: int = 0
    errors: list[str] = field(default_factory=list)
    releases: set[Figures] = field(default_factory=set)
    counter: Any = None  # shared with the process that switches

    def add(self, other: "Seen") -> None:
        self.reads += other.reads
        self.longest = {form: max(self.longest.get(form, 0.0), other.longest.get(form, 0.0)) for form in FORMS}
        self.mixed += other.mixed
        self.empty += other.empty
        self.errors += other.errors
        self.releases |= other.releases

    def judge(self, form: str, known: set[Figures], *readings: Figures) -> None:
        """One read of one or two marts or moments, which must be the same release, and one that was published."""
        self.reads[form] += 1
        if self.counter is not None:
            self.counter.value += 1
        if any(not reading for reading in readings):
            self.empty += 1
        elif len(set(readings)) != 1 or readings[0] not in known:
            self.mixed.append(f"{form}: {readings}"[:500])
        else:
            self.releases.add(readings[0])

    def timed(self, form: str, began: float) -> None:
        self.longest[form] = max(self.longest.get(form, 0.0), time.monotonic() - began)


def figures(rows: Sequence[Any], place: int = 1) -> Figures:
    return tuple((row[0], int(row[place])) for row in rows if row[-1] == AREAS)


def joined(url: str, known: set[Figures], stop: Event, seen: Seen) -> None:
    """Two marts joined in one statement."""
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.is_set():
            began = time.monotonic()
            rows = connection.execute(JOINED, prepare=False).fetchall()
            seen.timed("joined", began)
            seen.judge("joined", known, figures(rows, 1), figures(rows, 2))


def two_statements(url: str, known: set[Figures], stop: Event, seen: Seen) -> None:
    """Two statements in one REPEATABLE READ transaction."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        while not stop.is_set():
            readings = []
            for mart in MARTS:
                began = time.monotonic()
                rows = connection.execute(SUMS.format(mart), prepare=False).fetchall()  # type: ignore[arg-type]  # ours
                seen.timed("two_statements", began)
                readings.append(figures(rows))
            connection.commit()
            seen.judge("two_statements", known, *readings)


def prepared(url: str, known: set[Figures], stop: Event, seen: Seen) -> None:
    """A statement prepared once, whose plan outlives every switch: the generic one, and one made for its values."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"prepare sums (text) as {JOINED.replace(' group by', ' where a.area_code > $1 group by')}")
        turn = 0
        while not stop.is_set():
            plan = ("force_generic_plan", "force_custom_plan")[turn % 2]
            turn += 1
            connection.execute(f"set plan_cache_mode = '{plan}'")  # type: ignore[arg-type]  # ours
            began = time.monotonic()
            rows = connection.execute("execute sums ('')", prepare=False).fetchall()
            seen.timed("prepared", began)
            seen.judge("prepared", known, figures(rows, 1), figures(rows, 2))
            began = time.monotonic()
            rows = connection.execute(JOINED, prepare=True).fetchall()  # psycopg's own
            seen.timed("prepared", began)
            seen.judge("prepared", known, figures(rows, 1), figures(rows, 2))


def pooled(url: str, known: set[Figures], stop: Event, seen: Seen) -> None:
    """As Superset reads: SQLAlchemy with psycopg2, a pool that is pinged, the query wrapped and limited."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"), poolclass=QueuePool, pool_size=3, max_overflow=2,
        pool_pre_ping=True,
    )  # fmt: skip
    query = text(f"select * from ({SUMS.format('wells')}) as virtual_table limit 1001")
    mine = [Seen(counter=seen.counter), Seen()]  # who counts counts alone

    def draw(own: Seen) -> None:
        try:
            while not stop.is_set():
                began = time.monotonic()
                with engine.connect() as connection:
                    rows = connection.execute(query).fetchall()
                own.timed("pooled", began)
                own.judge("pooled", known, figures(rows))
        except Exception as error:
            own.errors.append(f"pooled: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=draw, args=(own,)) for own in mine]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    for own in mine:
        seen.add(own)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What a reading process has in common with the one that switches."""

    stop: Event
    ready: Any
    results: Any
    counter: Any


def _read(form: str, url: str, known: set[Figures], shared: _Shared) -> None:
    seen = Seen(counter=shared.counter)
    shared.ready.release()
    try:
        reading: Callable[..., None] = {
            "joined": joined, "two_statements": two_statements, "prepared": prepared, "pooled": pooled,
        }[form]  # fmt: skip
        reading(url, known, shared.stop, seen)
    except Exception as error:
        seen.errors.append(f"{form}: {type(error).__name__}: {error}")
    seen.counter = None
    shared.results.put(seen)


@dataclass(frozen=True, slots=True)
class Readers:
    """Processes at work. reads: how many so far, about. end: stop them and learn what they saw."""

    reads: Callable[[], int]
    end: Callable[[], Seen]


@contextmanager
def readers(known: set[Figures]) -> Iterator[Readers]:
    """One process for each form of reading, each as fast as it can. `known`: what any release may show."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "benchmarks.soak.reading"])
    stop, ready, results = context.Event(), context.Semaphore(0), context.Queue()
    url = database.url("chaidaen_bi")
    counters = [context.Value("q", 0, lock=False) for _ in FORMS]
    processes = [
        context.Process(target=_read, args=(form, url, known, _Shared(stop, ready, results, counter)))
        for form, counter in zip(FORMS, counters, strict=True)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        ready.acquire()
    total = Seen()

    def end() -> Seen:
        stop.set()
        while processes:
            total.add(results.get(timeout=60))
            processes.pop()
        return total

    try:
        yield Readers(lambda: sum(counter.value for counter in counters), end)
    finally:
        stop.set()
        for process in processes:
            process.join(10)
            process.kill()
