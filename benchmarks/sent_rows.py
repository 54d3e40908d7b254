"""Population, survey, members and welfare cards of the five provinces, generated in SQL: what intake would have left.

Every person in them is invented. The rows go straight into `raw` and the ledger, for benchmarks of what comes after.
"""

from collections.abc import Iterable

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core import clock, database
from core.settings import settings
from tests.ledger_by_hand import record_states

PROVINCES = ("90", "91", "94", "95", "96")

# What a dataset holds for one province and year: columns, and a query over its villages (v) or tambon and numbers (n).
GENERATED = {
    "population": (
        "registration_office",
        "tambon_code, data_status, male_persons, female_persons, total_persons, houses",
        "select tambon_code, 'final', 1000 + n, 1100 + n, 2100 + 2 * n, 700 from"
        " (select tambon_code, row_number() over (order by tambon_code) as n from v group by tambon_code) as t",
    ),
    "household_survey": (
        "community_development",
        "household_key, tambon_code, village_code, survey_date, member_persons, income_per_person_baht, {items}",
        "select md5(%(province)s || 'h' || n)::uuid, tambon_code, village_code,"
        " make_date(%(year)s - 543, 6, 1), 3, 20000 + n %% 50000, {answers}",
    ),
    "household_member": (
        "community_development",
        "household_key, member_no, person_key, person_key_kind, sex, relation",
        "select md5(%(province)s || 'h' || n)::uuid, m, md5(%(province)s || 'p' || n || '-' || m)::uuid, 'citizen',"
        " 'male', 'head'",
    ),
    "welfare_card": (
        "provincial_treasury",
        "person_key, person_key_kind, validation_status, registered_date",
        "select md5(%(province)s || 'p' || n || '-' || m)::uuid, 'citizen',"
        " case when n %% 3 = 0 then 'not_validated' else 'validated' end, make_date(%(year)s - 543, 5, 1)",
    ),
}  # fmt: skip
# What the revision of a night changes in the copied rows.
REVISED = {
    "population": "total_persons = total_persons + 1, male_persons = male_persons + 1",
    "household_survey": "item_08 = case item_08 when 'pass' then 'fail' else 'pass' end",
    "household_member": "person_key = md5(person_key::text)::uuid",
    "welfare_card": "validation_status = case validation_status when 'validated' then 'not_validated'"
    " else 'validated' end",
}
ONE_ROW_IN = {"population": 20, "household_survey": 50, "household_member": 200, "welfare_card": 50}


def load(households: int, years: Iterable[int]) -> int:
    """The ledger and raw rows of every province for these years; `households` of each province and year.

    Returns the number of raw rows there are now.
    """
    with database.connect() as connection:
        _villages(connection)
        for dataset in GENERATED:
            for year in years:
                for province in PROVINCES:
                    _generate(connection, dataset, province, year, households)
        record_states(connection)
        connection.commit()
        total = 0
        for dataset in GENERATED:
            table = sql.Identifier("raw", dataset)
            connection.execute(sql.SQL("analyze {}").format(table))
            counted = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
            total += counted[0] if counted else 0
    return total


def revise(dataset: str, province: str, year: int, *changes: str) -> None:
    """The effective submission again with a few rows changed, as intake would have left it.

    changes: statements on the copied rows, the temporary table `revised`; by default what REVISED says.
    """
    default = f"update revised set {REVISED[dataset]} where _row % {ONE_ROW_IN[dataset]} = 2"
    with database.connect() as connection:
        old = retire(connection, dataset, province, year, "superseded")
        new = _submission(connection, _agency(dataset, province), dataset, year, clock.now().isoformat())
        record_states(connection)
        connection.execute(f"create temp table revised on commit drop as select * from raw.{dataset} where false")
        connection.execute(f"insert into revised select * from raw.{dataset} where _submission_id = %s", [old])
        connection.execute(f"update revised set _submission_id = {new}")
        for change in changes or (default,):
            connection.execute(change)
        connection.execute(f"insert into raw.{dataset} select * from revised")
        _count_rows(connection, dataset, new)


def retire(connection: Connection[TupleRow], dataset: str, province: str, year: int, state: str) -> int:
    """Let the effective submission count no longer: `superseded` or `withdrawn`. Returns its number, 0 without one."""
    row = connection.execute(
        "update ops.submissions set state = %s where agency_id = %s and dataset_id = %s and period = %s"
        " and state in ('loaded', 'released') returning submission_id",
        [state, _agency(dataset, province), dataset, str(year)],
    ).fetchone()
    record_states(connection)
    return int(row[0]) if row else 0


def _agency(dataset: str, province: str) -> str:
    return f"{GENERATED[dataset][0]}_{province}"


def _villages(connection: Connection[TupleRow]) -> None:
    connection.execute(
        "create temp table all_villages (village_code text, th text, en text, tambon_code text, moo int)"
    )
    path = settings().project_root / "dbt_project" / "seeds" / "villages.csv"
    with connection.cursor().copy("copy all_villages from stdin (format csv, header)") as copy:
        copy.write(path.read_bytes())


def _generate(connection: Connection[TupleRow], dataset: str, province: str, year: int, households: int) -> None:
    _, columns, query = GENERATED[dataset]
    items = ", ".join(f"item_{number:02d}" for number in range(1, 32))
    answers = ", ".join(
        f"case when (n * {number + 7}) %% 23 = 0 then 'fail' else 'pass' end" for number in range(1, 32)
    )
    if dataset != "population":
        query += " from numbered join generate_series(1, %(households)s) as n on place = n %% villages"
    if dataset in ("household_member", "welfare_card"):
        query += " cross join generate_series(1, 3) as m"
    if dataset == "welfare_card":
        query += " where (n + m) %% 2 = 0"
    given = {
        "province": province, "year": year, "households": households,
        "submission": _submission(connection, _agency(dataset, province), dataset, year, "first"),
    }  # fmt: skip
    connection.execute(
        f"with v as (select * from all_villages where left(village_code, 2) = %(province)s),"
        " numbered as (select *, row_number() over (order by village_code) - 1 as place, count(*) over () as villages"
        f" from v), made ({columns.format(items=items)}) as ({query.format(answers=answers)})"
        f" insert into raw.{dataset} (_submission_id, _sheet, _row, {columns.format(items=items)})"
        " select %(submission)s, 'f.csv', row_number() over () + 1, made.* from made",
        given,
    )
    _count_rows(connection, dataset, given["submission"])


def _submission(connection: Connection[TupleRow], agency: str, dataset: str, year: int, content: str) -> int:
    row = connection.execute(
        "insert into ops.submissions (agency_id, dataset_id, period, revision, sha256, size_bytes, file_name,"
        " landing_fingerprint, state, verdict, rows, accepted_rows, rejected_rows, received_at)"
        " values (%s, %s, %s, 1, %s, 1, 'f.csv', %s, 'loaded', 'accepted', 1, 1, 0, %s) returning submission_id",
        [agency, dataset, str(year), content, f"{agency}/{dataset}/{year}/{content}", clock.now()],
    ).fetchone()
    return int(row[0]) if row else 0


def _count_rows(connection: Connection[TupleRow], dataset: str, submission: object) -> None:
    """Into the ledger, as loading does; the gate reconciles the marts with it."""
    connection.execute(
        "update ops.submissions set (rows, accepted_rows) ="
        f" (select count(*), count(*) from raw.{dataset} where _submission_id = %(submission)s)"
        " where submission_id = %(submission)s",
        {"submission": submission},
    )
