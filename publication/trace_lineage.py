"""The way from raw rows to figures of one release, gone once more inside a session of its own.

Models are the project's, compiled by dbt; each becomes a temporary table that ends with the session, made of the raw
rows of the release's submissions. So the answer is the release's, whatever is being built meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from psycopg import Connection, IsolationLevel, sql
from psycopg.rows import TupleRow

from core import database
from core.errors import UsageError
from publication import dbt
from publication.dbt import Manifest

BUILDING = "ops.building"  # what the models read which release it is from; see dbt_project/macros/release.sql
Progress = Callable[[str], None]


@dataclass
class Lineage:
    """A session in which the models of a release can be had. `made`: those that stand already."""

    connection: Connection[TupleRow]
    release_id: int
    manifest: Manifest
    code: Mapping[str, str]  # SQL of models and analyses, by dbt's unique id
    progress: Progress
    made: set[str] = field(default_factory=set)

    def have(self, unique_id: str) -> sql.Identifier:
        """The temporary relation of a model or analysis; what it is made of is made first, once."""
        node = self.manifest.nodes[unique_id]
        name = sql.Identifier("pg_temp", node.name)
        if unique_id not in self.made:
            for parent in node.depends_on.nodes:
                if parent in self.code:
                    self.have(parent)
            self._make(node, name)
            self.made.add(unique_id)
        return name

    def _make(self, node: dbt.Resource, name: sql.Identifier) -> None:
        if node.resource_type == "model" and node.config.materialized != "view":
            self.progress(node.name)
            self._run(sql.SQL("create temporary table {} as {}").format(name, self._code_of(node)))
            self._run(sql.SQL("analyze {}").format(name))
        else:
            self._run(sql.SQL("create temporary view {} as {}").format(name, self._code_of(node)))

    def _code_of(self, node: dbt.Resource) -> sql.SQL:
        text = self.code[node.unique_id].replace(BUILDING, "pg_temp.building")
        for parent in node.depends_on.nodes:
            if parent in self.code:
                found = self.manifest.nodes[parent]
                text = text.replace(found.relation_name, f'pg_temp."{found.name}"')
        return sql.SQL(text)  # the project's own code, as it is built

    def _run(self, statement: sql.Composed) -> None:
        self.connection.execute(statement)


@contextmanager
def lineage(release_id: int | None, progress: Progress = lambda _: None) -> Iterator[Lineage]:
    """A session for the release, by default the published one. Nothing it makes outlives it.

    Raises UsageError when there is no such release.
    """
    manifest = dbt.parse()
    code = dbt.compiled_code()
    with closing(database.connect(application="chaidaen trace")) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        number = _release(connection, release_id)
        # The release's rows are found through views over all of raw, whose size the planner underrates by far.
        connection.execute("set local work_mem = '64MB'; set local enable_nestloop = off")
        connection.execute(
            "create temporary table building on commit drop as"
            " select release_id, as_of from ops.releases where release_id = %s",
            [number],
        )
        connection.execute("select set_config('chaidaen.release', %s, true)", [str(number)])
        yield Lineage(connection, number, manifest, code, progress)


def _release(connection: Connection[TupleRow], wanted: int | None) -> int:
    row = connection.execute(
        "select r.release_id, r.content_dropped_at from ops.releases as r where r.release_id ="
        " coalesce(%s::bigint, (select release_id from store.current))",
        [wanted],
    ).fetchone()
    if row is None:
        what = "No release is published yet." if wanted is None else f"There is no release {wanted}."
        raise UsageError(what, cure="See `chaidaen releases`.")
    if row[1] is not None:
        raise UsageError(
            f"The content of release {row[0]} is no longer kept; it was deleted on {row[1]:%Y-%m-%d}.",
            cure="`chaidaen releases` shows which are kept: the latest ones and the last of every month.",
        )
    return int(row[0])
