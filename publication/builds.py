"""What dbt did for each release: how many nodes, what failed, how long it took and what took longest."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from core import database

_SUMMARIES = """
select
    r.release_id, r.state as status, min(r.created_at) as opened_at,
    count(*) filter (where d.unique_id like 'model.%%') as models,
    count(*) filter (where d.unique_id like 'test.%%' or d.unique_id like 'unit_test.%%') as tests,
    count(*) filter (where d.unique_id like 'seed.%%') as seeds,
    count(*) filter (where d.status in ('error', 'fail', 'runtime error')) as failed,
    coalesce(sum(d.execution_seconds), 0)::float8 as seconds,
    (array_agg(d.unique_id order by d.execution_seconds desc))[1] as slowest,
    coalesce(max(d.execution_seconds), 0)::float8 as slowest_seconds
from ops.releases as r left join ops.dbt_results as d using (release_id)
group by 1, 2 order by 1 desc limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """One release. Counts are of nodes that were run, not of those that stood already; slowest: dbt's unique id."""

    release_id: int
    status: str
    opened_at: datetime
    models: int
    tests: int
    seeds: int
    failed: int
    seconds: float
    slowest: str | None
    slowest_seconds: float


def summaries(limit: int = 50) -> list[BuildSummary]:
    """The latest releases, newest first."""
    with database.connect() as connection, connection.cursor(row_factory=class_row(BuildSummary)) as cursor:
        return cursor.execute(_SUMMARIES, {"limit": limit}).fetchall()


def short_name(unique_id: str) -> tuple[str, str]:
    """('model', 'areas') of `model.chaidaen.areas`; a test's own hash is left out."""
    kind, _, rest = unique_id.partition(".")
    name = rest.partition(".")[2]
    return kind.replace("_", " "), name.partition(".")[0] if kind == "test" else name
