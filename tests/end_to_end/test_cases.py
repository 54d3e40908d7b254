"""Households one by one, on a real PostgreSQL: who sees which, and that nobody learns of the others."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID, uuid5

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb
from typer.testing import CliRunner

from chaidaen.cli import build_app
from core import clock, database
from core.errors import UsageError
from expectations.gate import run_gate
from expectations.model import Expectation, Suite
from publication.case_workers import add_right, end_rights, list_rights, official_key
from publication.manifest import manifest_of
from publication.releases import open_release, publish, rollback
from publication.retention import drop_old_content
from publication.store import store_candidate
from tests.end_to_end.hand_made import mark_gated

pytestmark = pytest.mark.usefixtures("module_home")

MADE_UP = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
SOMCHAI, ANONG = uuid5(MADE_UP, "somchai"), uuid5(MADE_UP, "anong")
# Household, official, kind of agency, tambon, needs.
HOUSEHOLDS = (
    ("h1", SOMCHAI, "amphoe_office", "940101", "roof"),
    ("h2", SOMCHAI, "amphoe_office", "940102", "school"),
    ("h3", ANONG, "community_development", "940101", "SECRET illness"),
    ("h4", ANONG, "community_development", "950101", "water"),
)
PERSONS = (("p1", "h1"), ("p2", "h3"), ("p3", None))
WHY = {"allowed_by": "tests", "reason": "a test"}
COLUMNS = {
    "household_cases": ("household_key", "official_key", "official_agency", "province_code", "tambon_code", "needs"),
    "case_persons": ("person_id", "household_key", "province_code"),
}
secrets: dict[str, str] = {}


def make_candidate(needs: str) -> None:
    """Both restricted marts as dbt leaves them: no twin beside them."""
    with database.connect() as connection:
        connection.execute("create schema if not exists candidate; create schema if not exists candidate_safe")
        connection.execute("drop table if exists candidate.household_cases, candidate.case_persons")
        connection.execute(
            "create table candidate.household_cases (household_key text, official_key text, official_agency text,"
            " province_code text, tambon_code text, needs text)"
        )
        connection.execute(
            "create table candidate.case_persons (person_id text, household_key uuid, province_code text)"
        )
        connection.execute(
            "comment on table candidate.household_cases is 'ครัวเรือน | Households';"
            "comment on column candidate.household_cases.needs is 'ความต้องการ | Needs'"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into candidate.household_cases values (%s, %s, %s, left(%s, 2), %s, %s)",
                [(uuid5(MADE_UP, h), o, a, t, t, f"{n} {needs}") for h, o, a, t, n in HOUSEHOLDS],
            )
            cursor.executemany(
                "insert into candidate.case_persons values (%s, %s, '94')",
                [(p, h and uuid5(MADE_UP, h)) for p, h in PERSONS],
            )


def stored(needs: str) -> int:
    release_id = open_release(force=True)
    assert release_id is not None
    make_candidate(needs)
    with database.connect() as connection:
        for mart, columns in COLUMNS.items():
            connection.execute(
                "insert into ops.release_marts (release_id, mart, recipe, part_by, reader, grain, columns)"
                " values (%s, %s, %s, '{province_code}', 'cases', %s, %s)",
                [
                    release_id, mart, f"by hand {release_id}", [columns[0]],
                    Jsonb([{"name": name, "kind": "key" if name != "needs" else "label"} for name in columns]),
                ],
            )  # fmt: skip
    store_candidate(release_id)
    return release_id


def published(needs: str) -> int:
    release_id = stored(needs)
    mark_gated(release_id)
    publish(release_id, "tests")
    return release_id


@pytest.fixture(scope="module", autouse=True)
def releases(module_home: object) -> tuple[int, int]:
    first, second = published("in May"), published("in June")
    secrets["somchai.k"] = add_right("somchai.k", official=SOMCHAI, **WHY)[1] or ""
    secrets["anong.p"] = add_right("anong.p", official=ANONG, **WHY)[1] or ""
    return first, second


@contextmanager
def session(login: str) -> Iterator[psycopg.Connection[TupleRow]]:
    """Of an officer who logged in themselves."""
    parts = urlsplit(database.url())
    netloc = f"{quote(login)}:{quote(secrets[login])}@{parts.netloc.rpartition('@')[2]}"
    with psycopg.connect(urlunsplit(parts._replace(netloc=netloc))) as connection:
        yield connection


def sees(login: str) -> list[str]:
    with session(login) as connection:
        rows = connection.execute("select split_part(needs, ' ', 1) from cases.household_cases order by 1").fetchall()
    return [row[0] for row in rows]


@contextmanager
def officer(login: str, **right: Any) -> Iterator[str]:
    """Another officer with one right, which ends with the block."""
    secrets[login] = add_right(login, **WHY, **right)[1] or secrets.get(login, "")
    try:
        yield login
    finally:
        end_rights(login, ended_by="tests", reason="over")


def test_two_officials_see_their_own_households_only() -> None:
    assert (sees("somchai.k"), sees("anong.p")) == (["roof", "school"], ["SECRET", "water"])


@pytest.mark.parametrize(
    ("right", "seen"),
    [
        ({"area_code": "94"}, ["SECRET", "roof", "school"]),
        ({"area_code": "940101"}, ["SECRET", "roof"]),
        ({"area_code": "SBP"}, ["SECRET", "roof", "school", "water"]),
        ({"agency_kind": "amphoe_office"}, ["roof", "school"]),
        ({"agency_kind": "community_development", "area_code": "95"}, ["water"]),
        ({"official": SOMCHAI, "area_code": "940102"}, ["school"]),
        ({"official": SOMCHAI, "area_code": "95"}, []),
        ({"official": SOMCHAI, "valid_from": clock.today() + timedelta(days=2)}, []),
    ],
)
def test_a_right_shows_what_fits_all_that_it_names(right: dict[str, Any], seen: list[str]) -> None:
    with officer("manee.s", **right) as login:
        assert sees(login) == seen


def test_rights_add_up_and_end_at_once() -> None:
    with officer("manee.s", official=SOMCHAI, area_code="940101") as login:
        add_right(login, area_code="95", **WHY)
        with session(login) as connection:
            count = "select count(*) from cases.household_cases"
            assert connection.execute(count).fetchone() == (2,)
            end_rights(login, ended_by="tests", reason="moved")
            assert connection.execute(count).fetchone() == (0,), "also in a session that is open"
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"), session(login):
            pass
        add_right(login, area_code="95", **WHY)
        assert sees(login) == ["water"]
    [over] = list_rights(login="manee.s", ended=True)[-1:]
    assert (over.is_in_force, over.ended_by, over.ended_reason, over.allowed_by) == (False, "tests", "over", "tests")


def test_the_same_right_again_changes_nothing() -> None:
    before = list_rights(login="somchai.k")
    assert add_right("somchai.k", official=SOMCHAI, **WHY) == (before[0], None)
    assert list_rights(login="somchai.k") == before


def test_who_is_not_listed_sees_nothing() -> None:
    with database.connect("chaidaen_case_worker") as connection:
        assert connection.execute("select * from cases.household_cases").fetchall() == []
        assert connection.execute("select * from cases.case_persons").fetchall() == []


def test_people_are_seen_by_who_sees_their_household() -> None:
    """The mart does not say who looks after them; one without a household is seen by area alone."""
    people = "select person_id from cases.case_persons order by 1"
    with session("somchai.k") as connection:
        assert connection.execute(people).fetchall() == [("p1",)]
    with officer("manee.s", area_code="94") as login, session(login) as connection:
        assert connection.execute(people).fetchall() == [("p1",), ("p2",), ("p3",)]


@pytest.mark.parametrize("role", ["chaidaen_bi", "chaidaen_analyst"])
@pytest.mark.parametrize(
    "relation", ["cases.household_cases", "gate.household_cases", "store.household_cases__cases", "ops.case_workers"]
)
def test_other_readers_are_refused(role: str, relation: str) -> None:
    with database.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select * from {relation}")


@pytest.mark.parametrize(
    "statement",
    [
        "select * from store.household_cases__cases",
        "select * from gate.household_cases",
        "select * from ops.case_workers",
        "insert into ops.case_workers (login) values ('somchai.k')",
        "set role chaidaen_case_views",
        "set session authorization 'anong.p'",
        "update cases.household_cases set needs = 'none'",
        "create function public.mine() returns int language sql as 'select 1'",
    ],
)
def test_an_officer_can_do_nothing_else(statement: str) -> None:
    with session("somchai.k") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_neither_another_role_nor_a_setting_shows_more() -> None:
    with session("somchai.k") as connection:
        connection.execute("set role chaidaen_case_worker; set row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("select * from cases.household_cases")
        connection.rollback()
        connection.execute("set role chaidaen_case_worker")
        assert connection.execute("select count(*) from cases.household_cases").fetchone() == (2,)


LEAK = """
create function pg_temp.leak(seen text) returns boolean language plpgsql cost 0.0000000001 as $$
begin raise notice 'leaked %', seen; return true; end $$
"""
LEAKING = "create operator pg_temp.<<~ (leftarg = text, rightarg = text, function = pg_temp.leaks)"


def test_a_function_or_operator_of_a_reader_meets_no_hidden_row() -> None:
    told: list[str] = []
    with session("somchai.k") as connection:
        connection.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
        connection.execute(LEAK)
        rows = connection.execute("select needs from cases.household_cases where pg_temp.leak(needs)").fetchall()
        connection.execute(LEAK.replace("leak(seen text)", "leaks(seen text, other text)"))
        connection.execute(LEAKING)
        connection.execute("select from cases.household_cases where needs operator(pg_temp.<<~) 'x'")
        connection.execute("select from cases.case_persons where pg_temp.leak(person_id)")
    assert len(rows) == 2
    assert len(told) == 2 + 2 + 1
    assert not [one for one in told if "SECRET" in one or "water" in one or "p2" in one]


def test_an_error_tells_nothing_of_a_hidden_row() -> None:
    """A cast that fails shows the value it failed on: it never gets a hidden one."""
    with session("somchai.k") as connection, pytest.raises(psycopg.errors.DataError) as failed:
        connection.execute("select from cases.household_cases where needs::integer > 0")
    assert "SECRET" not in str(failed.value)


def test_plans_and_statistics_tell_nothing_of_hidden_rows() -> None:
    """The same guess for a tambon full of others' households and for one that is none; no index to count by."""

    def plan(tambon: str) -> dict[str, Any]:
        with session("somchai.k") as connection:
            row = connection.execute(
                sql.SQL("explain (format json) select from cases.household_cases where tambon_code = {}").format(tambon)
            ).fetchone()
        return dict(row[0][0]["Plan"]) if row else {}

    assert plan("950101")["Plan Rows"] == plan("999999")["Plan Rows"]
    with database.connect() as connection:
        told = connection.execute(
            "select distinct attname from pg_stats where tablename like '%\\_\\_cases'"
        ).fetchall()
        indexes = connection.execute("select indexdef from pg_indexes where tablename like '%\\_\\_cases'").fetchall()
    assert told == [("_part_id",)]
    assert indexes
    assert all(definition.endswith("(_part_id)") for (definition,) in indexes)


def test_the_views_belong_to_nobody_who_stands_above_the_policies() -> None:
    with database.connect() as connection:
        rows = connection.execute(
            "select v.relname, o.rolsuper or o.rolbypassrls or o.rolcanlogin, v.relowner = t.relowner,"
            " t.relrowsecurity, v.reloptions from pg_class as v join pg_roles as o on o.oid = v.relowner"
            " join pg_class as t on t.relname = v.relname || '__cases'"
            " where v.relnamespace = 'cases'::regnamespace order by 1"
        ).fetchall()
    protected = (False, False, True, ["security_barrier=true"])
    assert rows == [("case_persons", *protected), ("household_cases", *protected)]


def test_pins_rollback_and_retention_are_as_of_any_mart(releases: tuple[int, int]) -> None:
    first, second = releases
    months = "select distinct right(needs, 4) from cases.household_cases"
    with session("anong.p") as connection:
        assert connection.execute(months).fetchall() == [("June",)]
        connection.execute(f"set chaidaen.release = '{first}'")
        assert connection.execute(months).fetchall() == [(" May",)]
    rollback(first, "tests")
    with session("anong.p") as connection:
        assert connection.execute(months).fetchall() == [(" May",)]
        assert connection.execute("select count(*) from cases.household_cases").fetchone() == (2,)
    rollback(second, "tests")
    published("in July")
    drop_old_content("tests", keep=1)
    with database.connect() as connection:
        kept = connection.execute("select distinct right(needs, 4) from store.household_cases__cases").fetchall()
    assert kept == [("July",)]
    assert sees("somchai.k") == ["roof", "school"]


def test_the_manifest_names_restricted_marts() -> None:
    release_id = stored("in August")
    variants = {(one["mart"], one["variant"], one["rows"]) for one in manifest_of(release_id)["marts"]}
    assert variants == {("household_cases", "cases", 4), ("case_persons", "cases", 3)}


def suites(breaks: str) -> list[Suite]:
    one = Expectation(id="odd", severity="critical", title_th="แปลก", title_en="Odd", breaks=breaks)
    none = one.model_copy(update={"breaks": "household_key <> household_key"})
    return [
        Suite(mart="household_cases", owner="tests", key=("household_key",), expectations=(one,)),
        Suite(mart="case_persons", owner="tests", key=("person_id",), expectations=(none,)),
    ]


def test_the_gate_judges_them_whole_and_shows_no_need() -> None:
    """Through a view of its own that shows every row of the candidate; case workers see no candidate."""
    release_id = stored("in September")
    assert run_gate(release_id, suites("needs = 'none'")) == "passed"
    assert run_gate(release_id, suites("needs like 'SECRET%'")) == "failed"
    with database.connect() as connection:
        observed = connection.execute(
            "select observed from ops.gate_results where release_id = %s and expectation_id = 'household_cases.odd'",
            [release_id],
        ).fetchone()
        connection.execute(
            "update candidate.household_cases set household_key = (select min(household_key)"
            " from candidate.household_cases)"
        )
    assert observed is not None
    assert "1 row(s)" in observed[0]
    assert "SECRET" not in observed[0]
    store_candidate(release_id)
    assert run_gate(release_id, suites("needs = 'none'")) == "failed"


def test_a_new_column_keeps_the_policy_in_force() -> None:
    """The view is made again with its column, and still shows each official their own."""
    with database.connect() as connection:
        connection.execute("drop policy case_rights on store.household_cases__cases")
    assert sees("somchai.k") == [], "without a policy nobody sees anything"
    published("in October")
    assert sees("somchai.k") == ["roof", "school"]


@pytest.mark.parametrize(
    ("login", "right", "told"),
    [
        ("chaidaen_bi", {"area_code": "94"}, "cannot be an officer's login"),
        ("Somchai", {"area_code": "94"}, "cannot be an officer's login"),
        ("manee.s", {}, "says nothing"),
        ("manee.s", {"area_code": "9"}, "no area"),
        ("manee.s", {"area_code": "94010101"}, "no area"),
        ("manee.s", {"agency_kind": "astrologers"}, "No official"),
        ("manee.s", {"area_code": "94", "valid_to": clock.today() - timedelta(days=1)}, "before it begins"),
        ("manee.s", {"area_code": "94", "reason": " "}, "needs a reason"),
    ],
)
def test_what_cannot_be_meant_is_refused(login: str, right: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        add_right(login, **(WHY | right))


def test_a_login_that_is_somebody_elses_is_refused() -> None:
    with database.connect() as connection:
        connection.execute("create role reporting login")
    with pytest.raises(UsageError, match="no case worker's"):
        add_right("reporting", area_code="94", **WHY)


def test_the_commands() -> None:
    """An official is named by key, or by an identifier that is asked for and appears nowhere."""
    runner, app = CliRunner(), build_app()
    identifier = "3100000000019"[:12]
    identifier += str((11 - sum((13 - i) * int(d) for i, d in enumerate(identifier)) % 11) % 10)
    added = runner.invoke(
        app, ["case-workers", "add", "wipa.t", "--official-id", "--reason", "คำสั่ง", "--json"], input=f"{identifier}\n"
    )
    assert added.exit_code == 0, added.output
    told = json.loads(added.stdout)
    assert told["official_key"] == str(official_key(identifier))
    assert told["password"]
    assert identifier not in added.output
    listed = runner.invoke(app, ["case-workers", "list", "wipa.t"])
    assert "in force" in listed.stdout
    assert runner.invoke(app, ["case-workers", "remove", "wipa.t", "--reason", "ย้าย"]).exit_code == 0
    assert "Nobody" in runner.invoke(app, ["case-workers", "list", "wipa.t"]).stdout
    assert "ย้าย" in runner.invoke(app, ["case-workers", "list", "wipa.t", "--ended"]).stdout
