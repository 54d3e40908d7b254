"""Two small hand-made marts standing in `candidate`, as dbt would have left them, and suites that judge them."""

from psycopg import sql
from psycopg.types.json import Jsonb

from core import clock, database
from expectations.model import Expectation, Suite
from publication.releases import open_release, publish
from publication.store import store_candidate
from tests.ledger_by_hand import record_states

MARTS = ("wells", "wells_by_area")
COMMENT = "บ่อน้ำรายพื้นที่ | Wells by area"
COLUMNS = [{"name": "area_code", "kind": "key"}, {"name": "wells", "kind": "official_count"}]
COLUMN_COMMENT = "จำนวนบ่อ | Number of wells"


def make_candidate(wells: int, *, rows: int = 3, extra_column: bool = False, schema_suffix: str = "") -> None:
    """Both marts carry the same figure in every row, so a reader that mixes releases sees two figures."""
    with database.connect() as connection:
        for schema in ("candidate", "candidate_safe"):
            connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
            for mart in MARTS:
                name = sql.Identifier(schema, mart)
                extra = sql.SQL(", 'new' as note" if extra_column else "")
                redacted = sql.SQL(", '{}'::text[] as _redacted" if schema == "candidate_safe" else "")
                connection.execute(sql.SQL("drop table if exists {}").format(name))
                connection.execute(
                    sql.SQL(
                        "create table {} as select (940100 + n)::text as area_code, {}::integer as wells {} {}"
                        " from generate_series(1, {}) as n"
                    ).format(name, sql.Literal(wells), extra, redacted, sql.Literal(rows))
                )
                connection.execute(sql.SQL("comment on table {} is {}").format(name, sql.Literal(COMMENT)))
                connection.execute(
                    sql.SQL("comment on column {}.wells is {}").format(name, sql.Literal(COLUMN_COMMENT))
                )


def pretend_built(release_id: int, marts: tuple[str, ...] = MARTS, *, part_by: tuple[str, ...] = ()) -> None:
    """As the build leaves it: marts of a recipe of their own, none of which counts days; each says what it is."""
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.release_marts values (%s, %s, %s, %s) on conflict do nothing",
            [(release_id, mart, f"by hand for {release_id}", list(part_by)) for mart in marts],
        )
        cursor.execute(
            "update ops.release_marts set grain = array['area_code'], columns = %s where release_id = %s",
            [Jsonb(COLUMNS), release_id],
        )
        cursor.execute("update ops.releases set calendar = calendar - 'day' where release_id = %s", [release_id])


def stored_release(wells: int, *, part_by: tuple[str, ...] = (), **shape: object) -> int:
    """A candidate release with both marts stored, not yet through the gate."""
    release_id = open_release(force=True)
    assert release_id is not None
    make_candidate(wells, **shape)  # type: ignore[arg-type]
    pretend_built(release_id, part_by=part_by)
    store_candidate(release_id)
    return release_id


def mark_gated(release_id: int, outcome: str = "passed") -> None:
    """For tests of what comes after the gate; the gate itself is tested as it is."""
    with database.connect() as connection:
        connection.execute("update ops.releases set gate = %s where release_id = %s", [outcome, release_id])


def expectation(name: str, *, severity: str = "critical", **how: object) -> Expectation:
    return Expectation.model_validate(
        {"id": name, "severity": severity, "title_th": "บ่อน้ำต้องมีจำนวน", "title_en": "Wells are counted", **how}
    )


def suites(*wells: Expectation) -> list[Suite]:
    """A suite for each of the two marts; the given expectations judge `wells`."""
    counted = expectation("wells_not_null", expect="expect_column_values_to_not_be_null", arguments={"column": "wells"})
    return [
        Suite(
            mart=mart, owner="tests", key=("area_code",),
            expectations=(counted, *(wells if mart == "wells" else ())),
        )
        for mart in MARTS
    ]  # fmt: skip


def empty_store() -> None:
    """Forget every release, mart and submission."""
    with database.connect() as connection:
        for schema in ("marts", "marts_exact"):
            views = connection.execute(
                "select format('%%I.%%I', schemaname, viewname) from pg_views where schemaname = %s", [schema]
            )
            for (view,) in views.fetchall():
                connection.execute(f"drop view {view}")
        for (table,) in connection.execute(
            "select format('store.%I', tablename) from pg_tables where schemaname = 'store'"
            " and tablename not in ('parts', 'release_parts', 'current')"
        ).fetchall():
            connection.execute(f"drop table {table}")
        connection.execute("update store.current set release_id = null")
        connection.execute(
            "truncate ops.releases, ops.release_events, store.parts, ops.submissions restart identity cascade"
        )
        connection.execute("insert into store.current default values on conflict do nothing")


def finish(release_id: int) -> None:
    make_candidate(release_id)
    pretend_built(release_id)
    store_candidate(release_id)
    mark_gated(release_id)
    publish(release_id, "tests")


def add_submission(sha256: str, period: str = "2564", state: str = "loaded", drop: str = "") -> int:
    """`drop` tells apart drops of the same bytes."""
    with database.connect() as connection:
        row = connection.execute(
            "insert into ops.submissions (agency_id, dataset_id, period, revision, sha256, size_bytes, file_name,"
            " landing_fingerprint, state, received_at)"
            " values ('registration_office_94', 'population', %s, 1, %s, 1, 'f.csv', %s, %s, %s)"
            " returning submission_id",
            [period, sha256, sha256 + drop, state, clock.now()],
        ).fetchone()
        record_states(connection)
    assert row is not None
    return int(row[0])
