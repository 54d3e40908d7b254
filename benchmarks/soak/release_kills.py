"""Kills the flow that builds, judges and publishes, at seeded instants; compares what readers see row by row.

    python -m benchmarks.soak.release_kills [--kills N] [--seed S]

The population of forty tambon is revised to and fro, so every round has something to build and there are just two
contents a release may have. The exit code is 1 when anything differs.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from psycopg import sql

from benchmarks.soak import world
from benchmarks.soak.release_worker import Warm
from benchmarks.soak.strikes import Kind
from benchmarks.soak.worker import Ended, Plan
from benchmarks.soak.world import POPULATION, Sent
from core import database
from ingestion import intake
from publication.parts import FIXED_TEXT
from publication.relations import relation_named, shape_of

KINDS = (Kind.WORKER, Kind.SESSION, Kind.BACKEND, Kind.SERVER)
STOPPED_CLOCK = "2022-02-01T03:00:00+00:00"
NAMES_RELEASES = ("release_notes",)  # speaks of its own release and tells apart equal content
RUNS_AFTER = 3
Digests = dict[str, str]


@dataclass(slots=True)
class Outcome:
    """One round. Every difference is a line."""

    plan: Plan
    struck: Ended
    differences: list[str] = field(default_factory=list)


class Rounds:
    """Rounds on one warehouse; the first four are undisturbed, the last two of them say what each content looks like.

    Of the same bytes sent again on a day the last counts, so from the third round on the counts of files repeat too.
    """

    def __init__(self) -> None:
        os.environ["CHAIDAEN_CLOCK"] = STOPPED_CLOCK
        self.warm = Warm()
        self.number = 0
        self.expected: dict[int, Digests] = {}
        for _ in range(4):
            ended = self._undisturbed()
        self.steps, self.seconds = ended.steps, ended.seconds

    def _undisturbed(self) -> Ended:
        content = self.revise()
        ended = self.warm.run()
        if (ended.how, ended.told) != ("done", "published"):
            raise AssertionError(f"an undisturbed run fails: {ended}")
        self.expected[content] = seen_by_readers()
        return ended

    def revise(self) -> int:
        """Let the registration office send the other figures, and take them in. Returns which they are."""
        self.number += 1
        content = self.number % 2
        world.drop([Sent(POPULATION, f"{self.number}.csv", world.population(10 + content))], "release")
        intake.receive_all()
        intake.process_all()
        return content

    def plans(self, number: int, seed: int) -> Iterator[Plan]:
        """Kinds in turn, instants spread over the whole run: two of three at a step, the third by the clock."""
        seeded = random.Random(seed)
        shares = [(place + seeded.random()) / number for place in range(number)]
        seeded.shuffle(shares)
        for place, share in enumerate(shares):
            kind = KINDS[place % len(KINDS)]
            if place % 3 == 2:
                yield Plan(kind, seconds=share * self.seconds)
            else:
                yield Plan(kind, step=max(1, round(share * self.steps)))

    def play(self, plan: Plan) -> Outcome:
        """Revise, strike, look at what readers see, run again as the scheduler would, compare everything."""
        before, seen_before = published(), seen_by_readers()
        content = self.revise()
        outcome = Outcome(plan, self.warm.run(plan))
        if outcome.struck.how == "fault":
            outcome.differences.append(f"a run that was not struck fails: {outcome.struck.told}")
        now = published()
        wanted = seen_before if now == before else self.expected[content]
        outcome.differences += different(wanted, seen_by_readers(), "right after the strike")
        for _ in range(RUNS_AFTER):
            again = self.warm.run()
            if again.told == "unchanged":
                break
            if again.how != "done":
                outcome.differences.append(f"the run after it: {again.how} {again.told}")
        else:
            outcome.differences.append(f"still something to do after {RUNS_AFTER} runs")
        if published() == before:
            outcome.differences.append("the revision was never published")
        outcome.differences += different(self.expected[content], seen_by_readers(), "after the next run")
        outcome.differences += unsound_store()
        return outcome

    def close(self) -> None:
        self.warm.close()
        del os.environ["CHAIDAEN_CLOCK"]


def different(wanted: Digests, found: Digests, when: str) -> Iterator[str]:
    for mart in sorted(wanted.keys() | found.keys()):
        if wanted.get(mart) != found.get(mart):
            yield f"readers of {mart} see something else {when}"


def published() -> int:
    [row] = world.query("select release_id from store.current")
    return int(row["release_id"])


def seen_by_readers() -> Digests:
    """What each reader view shows: a digest over all rows in a fixed order, as the reader's own role."""
    found = {}
    with database.connect("chaidaen_analyst") as connection:
        views = connection.execute(
            "select schemaname, viewname from pg_views where schemaname in ('marts', 'marts_exact')"
            " and viewname <> all(%s)",
            [list(NAMES_RELEASES)],
        ).fetchall()
        for schema, view in views:
            row = connection.execute(
                sql.SQL("select md5(string_agg(t::text, e'\\n' order by t::text)), count(*) from {} as t").format(
                    sql.Identifier(schema, view)
                )
            ).fetchone()
            found[f"{schema}.{view}"] = str(row)
    return found


def unsound_store() -> Iterator[str]:
    """Where the store is not what its lists say: one published release, every part whole, no row without its part."""
    [row] = world.query(
        "select count(*) filter (where state = 'published') as published,"
        " count(*) filter (where state = 'published' and release_id = (select release_id from store.current)) as right"
        " from ops.releases"
    )
    if (row["published"], row["right"]) != (1, 1):
        yield f"the pointer and the states of releases disagree: {row}"
    with database.connect() as connection:
        connection.execute(FIXED_TEXT)
        for (name,) in connection.execute("select distinct relation from store.parts order by 1").fetchall():
            relation = relation_named(name)
            shape = shape_of(connection, relation.table)
            columns = sql.SQL(", ").join(map(sql.Identifier, shape.names if shape else []))
            bad = connection.execute(
                sql.SQL(
                    "select count(*) from (select _part_id, count(*) as n, sum(h) as h from (select _part_id,"
                    " hashtextextended((select t from (select {columns}) as t)::text, 0) as h from {table}) as r"
                    " group by 1) as s full join (select * from store.parts where relation = {name} and row_count > 0)"
                    " as p on p.part_id = s._part_id where (p.row_count, p.content_hash) is distinct from (s.n, s.h)"
                ).format(columns=columns, table=relation.table, name=sql.Literal(name))
            ).fetchone()
            if bad != (0,):
                yield f"store.{name}: {bad} parts are not what they were written as"


def main() -> int:
    from benchmarks.soak.home import temporary_home

    parser = argparse.ArgumentParser(prog="benchmarks.soak.release_kills", description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=100, metavar="N", help="kills that struck (%(default)s)")
    parser.add_argument("--seed", type=int, default=2564, metavar="S", help="same seed, same instants (%(default)s)")
    options = parser.parse_args()
    with temporary_home():
        return _soak(options.kills, options.seed)


def _soak(kills: int, seed: int) -> int:
    database.url()
    began = time.monotonic()
    struck: Counter[Kind] = Counter()
    differing: Counter[Kind] = Counter()
    rounds = Rounds()
    for plan in rounds.plans(kills * 2, seed):
        if struck.total() >= kills:
            break
        outcome = rounds.play(plan)
        struck[plan.kind] += outcome.struck.struck
        differing[plan.kind] += bool(outcome.differences)
        for line in outcome.differences:
            print(f"DIFFERENCE {plan}: {line}", flush=True)
        if struck.total() % 10 == 0:
            print(f"{struck.total()} kills, {differing.total()} rounds differ", flush=True)
    rounds.close()
    print("\n| killed | kills | rounds that differ |\n|---|---:|---:|")
    for kind in KINDS:
        print(f"| {kind} | {struck[kind]} | {differing[kind]} |")
    print(f"\n{struck.total()} kills of the flow, seed {seed}, {(time.monotonic() - began) / 60:.1f} minutes")
    return int(differing.total() > 0 or struck.total() < kills)


if __name__ == "__main__":
    sys.exit(main())
