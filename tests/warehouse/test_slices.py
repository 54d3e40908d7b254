"""Facts kept in slices hold, after any sequence of changes, the very rows that a build of everything gives."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from benchmarks import sent_rows
from benchmarks.nights import FIRST_NIGHT
from chaidaen.simulate import Simulation, simulate
from core import clock, database
from core.settings import settings
from ingestion import intake, life
from publication import dbt, standing
from publication.build import build_layer
from publication.parts import FIXED_TEXT
from publication.plan import LAYERS, Node, plan_of
from publication.recipe import facts_of
from publication.relations import Relation, shape_of, variants_for
from publication.releases import as_of_date, open_release
from publication.store import store_candidate
from publication.trace_lineage import lineage
from tests.warehouse import dbt_runs

YEARS = (2562, 2563, 2564)
HOUSEHOLDS, STEPS, SEED = 12, 6, 2564
PROVINCES = ("94", "95")
PEOPLE = 200
LISTS: dict[str, Any] = {
    "provinces": PROVINCES,
    "datasets": ("vulnerable_person", "malaysia_returnee", "graduate", "unregistered_person"),
    "months": 2,
}
HEAVY = (
    "int_households_located", "int_households_classified", "int_persons_linked", "int_persons_registered",
    "int_persons_classified", "int_households_by_area", "int_persons_by_area",
)  # fmt: skip
DIFFERING = sql.SQL("select count(*) from (({a} except all {b}) union all ({b} except all {a})) as differing")


class KilledError(BaseException):
    """As a killed process: nothing after it is done."""


@pytest.fixture(scope="module")
def whole_code(module_home: Path) -> dict[str, str]:
    """SQL of every model as it builds everything, by dbt's unique id; three years were sent and are built."""
    sent_rows.load(HOUSEHOLDS, YEARS)
    build(0)
    outcome = dbt_runs.invoke("compile", "--full-refresh", "--select", "intermediate", "staging", variables=named())
    assert outcome.success, outcome.exception
    nodes = [result.node for result in outcome.result.results]
    return {node.unique_id: node.compiled_code for node in nodes if node.resource_type == "model"}


def named() -> dict[str, object]:
    with database.connect() as connection:
        row = connection.execute("select release_id, as_of from ops.building").fetchone()
    assert row is not None
    return {"release_id": row[0], "as_of": row[1]}


def build(
    night: int, submissions: list[int] | None = None, *, force: bool = False, layers: Sequence[str] = LAYERS[:-1]
) -> int:
    """A candidate of what is effective, or of these submissions as a fallback is; by default up to its facts."""
    with clock.fixed(FIRST_NIGHT + timedelta(days=night)), without_tests():
        fallback_of = 1 if submissions else None
        release_id = open_release(actor="tests", submissions=submissions, fallback_of=fallback_of, force=force)
        assert release_id is not None, "nothing changed"
        for layer in layers:
            build_layer(release_id, layer)
    return release_id


@contextmanager
def without_tests() -> Iterator[None]:
    """Builds tables alone: the tests of the models take most of the time, and change no row."""
    outdated = standing.outdated

    def models(connection: Connection[TupleRow], nodes: Iterable[Node]) -> list[Node]:
        return [node for node in outdated(connection, nodes) if node.kind not in ("test", "unit_test")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "outdated", models)
        yield


def contents() -> dict[str, tuple[object, ...]]:
    """Every table of facts and marts, and its safe twin: a hash over its rows in whatever order, and their number."""
    with database.connect() as connection:
        connection.execute(FIXED_TEXT)
        tables = connection.execute(
            "select nspname, relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
            " where relkind in ('r', 'p') and not relispartition and relname <> 'release_notes'"  # it names its release
            " and nspname in ('intermediate', 'candidate', 'candidate_safe')"
        ).fetchall()
        query = sql.SQL("select sum(hashtextextended(t::text, 0)), count(*) from {} as t")
        return {
            ".".join(name): connection.execute(query.format(sql.Identifier(*name))).fetchone() or () for name in tables
        }


def stored_otherwise(release_id: int, mart: str, reader: str | None = None) -> list[str]:
    """Variants of a mart of which the release lists other rows than those that were built."""
    found = []
    with database.connect() as connection:
        for relation in (Relation(mart, variant) for variant in variants_for(reader)):
            shape = shape_of(connection, relation.source)
            assert shape is not None
            columns = sql.SQL(", ").join(map(sql.Identifier, shape.names))
            listed = sql.SQL(
                "select {} from {} where _part_id in (select part_id from store.release_parts"
                " where release_id = {} and relation = {})"
            ).format(columns, relation.table, sql.Literal(release_id), sql.Literal(relation.name))
            built = sql.SQL("select {} from {}").format(columns, relation.source)
            if connection.execute(DIFFERING.format(a=listed, b=built)).fetchone() != (0,):
                found.append(relation.name)
    return found


def different_tables(release_id: int, code: dict[str, str]) -> list[str]:
    """Tables whose rows are not those of a build of everything, made beside them as temporary tables."""
    manifest = dbt.parse()
    found = []
    with lineage(release_id) as session:
        session.code = code
        for unique_id in code:
            node = manifest.nodes[unique_id]
            if node.config.materialized == "view":
                continue
            whole = session.have(unique_id)
            stands = sql.Identifier(node.schema, node.alias)
            [differing] = session.connection.execute(
                DIFFERING.format(
                    a=sql.SQL("select * from {}").format(stands), b=sql.SQL("select * from {}").format(whole)
                )
            ).fetchone() or (0,)
            if differing:
                found.append(f"{node.name}: {differing} rows")
    return found


def built_slices(release_id: int) -> dict[str, set[str]]:
    """Slices of each model that the next build of the release would make anew."""
    with database.connect() as connection:
        plan = plan_of(dbt.parse(), facts_of(connection, release_id, as_of_date(release_id)))
        rows = connection.execute("select unique_id, slice, recipe from ops.built_slices").fetchall()
    known = {(unique_id, year): recipe for unique_id, year, recipe in rows}
    return {
        node.name: {year for year, recipe in node.slices.items() if known.get((node.unique_id, year)) != recipe}
        for node in plan.nodes.values()
        if node.kind == "table"
    }


# ------------------------------------------------------------------------------------------------- changes, by chance


def a_revision(chance: random.Random) -> None:
    sent_rows.revise(chance.choice(list(sent_rows.GENERATED)), chance.choice(PROVINCES), chance.choice(YEARS))


def a_withdrawal(chance: random.Random) -> None:
    dataset, province = (
        chance.choice(("household_survey", "household_member", "welfare_card")),
        chance.choice(PROVINCES),
    )
    with database.connect() as connection:
        sent_rows.retire(connection, dataset, province, chance.choice(YEARS), "withdrawn")


def a_household_in_two_provinces(chance: random.Random) -> None:
    """94's file lists households of 95, and its people: the one received last counts, and 95's own does no longer."""
    year = chance.choice(YEARS)
    for dataset in ("household_survey", "household_member"):
        listed = f"select distinct household_key from raw.{dataset} order by household_key limit 3"
        sent_rows.revise(
            dataset, "94", year,
            f"update revised set household_key = md5('95h' || _row % {HOUSEHOLDS})::uuid"
            f" where household_key in ({listed}) and not exists (select from revised as r"
            f" where r.household_key = md5('95h' || revised._row % {HOUSEHOLDS})::uuid)",
        )  # fmt: skip


def a_retired_code(chance: random.Random) -> None:
    sent_rows.revise(
        "household_survey", "90", chance.choice(YEARS),
        "update revised set tambon_code = '900107', village_code = null where _row % 3 = 0",
        "update revised set tambon_code = '999999', village_code = null where _row % 3 = 1",
    )  # fmt: skip


def an_earlier_register_that_serves_later_years(chance: random.Random) -> None:
    """Without the registers of later rounds, the revised one of the first year is that of every survey since."""
    with database.connect() as connection:
        for year in YEARS[1:]:
            sent_rows.retire(connection, "welfare_card", "94", year, "withdrawn")
    sent_rows.revise("welfare_card", "94", YEARS[0])


def a_person_moves(chance: random.Random) -> None:
    """Somebody of 95 is listed in a household of 94 too, under the same number."""
    sent_rows.revise(
        "household_member", "94", chance.choice(YEARS),
        "update revised set person_key = md5('95p1-1')::uuid where _row % 7 = 2",
        "update revised set person_key = null, person_key_kind = 'missing' where _row % 7 = 3",
    )  # fmt: skip


CHANGES: tuple[Callable[[random.Random], None], ...] = (
    a_revision, a_withdrawal, a_household_in_two_provinces, a_retired_code,
    an_earlier_register_that_serves_later_years, a_person_moves,
)  # fmt: skip


@contextmanager
def killed_before_slices_are_recorded() -> Iterator[None]:
    """dbt has committed its rows, and nobody has written down that they stand."""

    def kill(*_: object) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "set_built", kill)
        yield


# ---------------------------------------------------------------------------------------------------------------- tests


@pytest.mark.timeout(600)
def test_after_any_sequence_of_changes_every_table_is_that_of_a_whole_build(whole_code: dict[str, str]) -> None:
    """Every kind of change comes, in an order by chance; some builds are killed first, one is a fallback's."""
    chance = random.Random(SEED)  # noqa: S311  # nobody is to be surprised
    order = [*CHANGES, *(chance.choice(CHANGES) for _ in range(STEPS - len(CHANGES)))]
    chance.shuffle(order)
    for night, change in enumerate(order, start=1):
        with clock.fixed(FIRST_NIGHT + timedelta(days=night)):
            change(chance)
        if night % 3 == 0:
            with killed_before_slices_are_recorded(), pytest.raises(KilledError):
                build(night)
        release_id = build(night)
        assert different_tables(release_id, whole_code) == [], f"night {night}: {change.__name__}"
    with database.connect() as connection:
        rows = connection.execute("select submission_id from ops.release_submissions where release_id = 1").fetchall()
    release_id = build(STEPS + 1, [number for (number,) in rows])
    assert different_tables(release_id, whole_code) == [], "a release of the submissions of the first night"
    sent_rows.load(HOUSEHOLDS, [2565])
    release_id = build(STEPS + 2)
    assert different_tables(release_id, whole_code) == [], "another year comes in"


def partitions(table: str) -> dict[str, int]:
    """The table behind each slice, as the database numbers them."""
    with database.connect() as connection:
        return dict(
            connection.execute(
                "select pg_get_expr(relpartbound, oid), oid::bigint from pg_class"
                " where oid in (select inhrelid from pg_inherits where inhparent = %s::regclass)",
                [f"intermediate.{table}"],
            ).fetchall()
        )


def test_only_slices_with_other_submissions_are_built(whole_code: dict[str, str]) -> None:
    """A survey of a year is of that year alone; a register serves its own year and every later one."""
    before = partitions("int_households_classified")
    sent_rows.revise("household_survey", "95", 2563)
    after_survey = built_slices(release_of_now(STEPS + 3))
    assert {name: after_survey[name] for name in HEAVY if after_survey[name] - {"2563"}} == {}
    assert after_survey["int_households_classified"] == {"2563"}
    build(STEPS + 3)
    after = partitions("int_households_classified")
    assert after.keys() == before.keys()
    assert [bound for bound in after if after[bound] != before[bound]] == ["FOR VALUES IN (2563)"]
    sent_rows.revise("welfare_card", "95", 2563)
    after_register = built_slices(release_of_now(STEPS + 4))
    assert after_register["int_households_classified"] == set()
    assert after_register["int_persons_classified"] == {"2563", "2564", "2565"}


@pytest.mark.timeout(600)
def test_marts_and_what_is_stored_of_them_are_those_of_a_whole_build(whole_code: dict[str, str]) -> None:
    """The slices kept of a mart, its safe twin and its stored parts beside those that were made anew."""
    show_to_readers(build(STEPS + 5, layers=LAYERS))
    sent_rows.revise("household_survey", "95", 2563)
    sent_rows.revise("population", "94", 2564)
    release_id = build(STEPS + 6, layers=LAYERS)
    parts = store_candidate(release_id)
    anew = {part.key["survey_year_be"] for part in parts if part.relation == "poverty_by_area" and not part.shared}
    assert anew == {2563, 2564}
    for mart in ("poverty_by_area", "poverty_indicators_by_area", "poverty_measures_by_area"):
        assert stored_otherwise(release_id, mart) == []
    assert unlike_a_whole_build(STEPS + 6) == set()


@pytest.mark.timeout(600)
def test_a_late_revision_of_lists_of_people_gives_what_a_whole_build_gives(whole_code: dict[str, str]) -> None:
    """Lists of two years are known; those of the earlier year are sent anew, with other people on them."""
    send_lists_of_people(STEPS + 7, Simulation(PEOPLE, periods=2, first_period=2564, **LISTS))
    show_to_readers(build(STEPS + 7, layers=LAYERS))
    listed = rows_by_period("target_group_persons")
    assert min(listed["2564"], listed["2565"]) > 0
    send_lists_of_people(STEPS + 8, Simulation(PEOPLE, seed=2, first_period=2564, **LISTS))
    release_id = build(STEPS + 8, layers=LAYERS)
    parts = store_candidate(release_id)
    assert different_tables(release_id, whole_code) == []
    assert rows_by_period("target_group_persons")["2564"] != listed["2564"]
    for mart, reader in (("target_group_persons", "cases"), ("target_groups_by_area", None)):
        relation = Relation(mart, variants_for(reader)[0]).name
        assert "2564" in {part.key["period"] for part in parts if part.relation == relation and not part.shared}
        assert stored_otherwise(release_id, mart, reader) == []
    assert unlike_a_whole_build(STEPS + 8) == set()


def show_to_readers(release_id: int) -> None:
    """As if it were published; that only what passed the gate may be is not asked here."""
    store_candidate(release_id)
    with database.connect() as connection:
        connection.execute("update store.current set release_id = %s", [release_id])


def unlike_a_whole_build(night: int) -> set[str]:
    """Tables that stand otherwise than, or are not there in, a build of everything on the same night."""
    incremental = contents()
    build(night, force=True, layers=LAYERS)
    whole = contents()
    return {name for name in whole.keys() | incremental.keys() if whole.get(name) != incremental.get(name)}


def send_lists_of_people(night: int, what: Simulation) -> None:
    with clock.fixed(FIRST_NIGHT + timedelta(days=night)):
        simulate(what, settings().landing, truth_folder=settings().home)
        intake.receive_all()
        done = intake.process_all()
        held = [life.release_hold(one.submission_id, "other people indeed") for one in done if one.state == "held"]
    assert {one.state for one in (*done, *held)} - {"held"} == {"loaded"}


def rows_by_period(mart: str) -> dict[str, int]:
    with database.connect() as connection:
        statement = sql.SQL("select period, count(*) from candidate.{} group by period").format(sql.Identifier(mart))
        return dict(connection.execute(statement).fetchall())


def release_of_now(night: int) -> int:
    with clock.fixed(FIRST_NIGHT + timedelta(days=night)):
        release_id = open_release(actor="tests")
    assert release_id is not None
    return release_id
