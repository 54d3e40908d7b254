"""The generated tables on a real PostgreSQL."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pyarrow as pa
import pytest
from psycopg.errors import UniqueViolation

from core import database
from ingestion.contracts import load_contracts, raw_columns, read_contract, vault_columns
from ingestion.contracts.ddl import table_sql
from ingestion.contracts.model import KEY_COLUMNS, PERSONAL_CLASSES
from ingestion.loading import copy_of
from tests.contracts.conftest import CONTRACTS, Edit, column_of
from tests.ledger_by_hand import record_states

Connection = psycopg.Connection[Any]


@pytest.fixture
def connection(module_home: Path) -> Iterator[Connection]:
    """A migrated database; what a test does is rolled back."""
    with database.connect() as opened:
        yield opened
        opened.rollback()


def columns_of(connection: Connection, schema: str, table: str) -> list[tuple[str, str]]:
    query = """
        select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
    """
    return connection.execute(query, [f"{schema}.{table}"]).fetchall()


def test_the_migrated_database_has_the_tables_of_every_contract(connection: Connection) -> None:
    for name, contract in load_contracts(CONTRACTS).items():
        assert columns_of(connection, "raw", name) == [*KEY_COLUMNS, *raw_columns(contract)]
        vault = vault_columns(contract)
        assert columns_of(connection, "vault", name) == ([*KEY_COLUMNS, *vault] if vault else [])


def test_raw_has_no_column_that_a_contract_calls_personal(connection: Connection) -> None:
    found = connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'raw'"
    )
    in_raw = set(found.fetchall())
    for name, contract in load_contracts(CONTRACTS).items():
        personal = {(name, column.name) for column in contract.columns if column.classification in PERSONAL_CLASSES}
        assert in_raw & personal == set()
        assert (name, raw_columns(contract)[0][0]) in in_raw


def test_applying_twice_keeps_rows_and_shape(connection: Connection) -> None:
    submission = _submission(connection)
    connection.execute("insert into raw.population (_submission_id, _sheet, _row) values (%s, '', 2)", [submission])
    for name, contract in load_contracts(CONTRACTS).items():
        before = columns_of(connection, "raw", name)
        connection.execute(table_sql(contract))
        connection.execute(table_sql(contract))
        assert columns_of(connection, "raw", name) == before
    assert connection.execute("select count(*) from raw.population").fetchone() == (1,)


def test_a_row_of_a_submission_is_stored_once(connection: Connection) -> None:
    submission = _submission(connection)
    insert = "insert into raw.population (_submission_id, _sheet, _row) values (%s, 'แผ่น1', 2)"
    connection.execute(insert, [submission])
    with pytest.raises(UniqueViolation):
        connection.execute(insert, [submission])


def test_every_table_and_column_is_described_in_both_languages(connection: Connection) -> None:
    query = """
        select relations.relname, attributes.attname, col_description(relations.oid, attributes.attnum)
        from pg_class as relations
        inner join pg_attribute as attributes on relations.oid = attributes.attrelid and attributes.attnum > 0
        where relations.oid = any(%s::regclass[])
        union all
        select relname, null, obj_description(oid, 'pg_class') from pg_class where oid = any(%s::regclass[])
    """
    tables = [f"raw.{name}" for name in load_contracts(CONTRACTS)]
    tables += [f"vault.{name}" for name, contract in load_contracts(CONTRACTS).items() if vault_columns(contract)]
    described = connection.execute(query, [tables, tables]).fetchall()
    assert len(described) > 50
    for table, column, description in described:
        thai, _, english = (description or "").partition(" | ")
        assert thai and english, (table, column)


def test_a_new_column_reaches_a_table_that_has_rows(connection: Connection, edit: Edit) -> None:
    def add(data: dict[str, Any]) -> None:
        new = {**column_of(data, "houses"), "name": "vacant", "businessName": "บ้านว่าง", "synonyms": []}
        new["customProperties"] = [{"property": "labelEn", "vendor": "chaidaen", "value": "Vacant houses"}]
        data["schema"][0]["properties"].append(new)

    submission = _submission(connection)
    connection.execute(
        "insert into raw.population (_submission_id, _sheet, _row, houses) values (%s, '', 2, 7)", [submission]
    )
    connection.execute(table_sql(read_contract(edit("population", add))))
    found = connection.execute("select houses, vacant from raw.population").fetchall()
    assert found == [(7, None)]


def test_a_new_major_version_sets_the_old_tables_aside_and_loses_nothing(connection: Connection, edit: Edit) -> None:
    def retype(data: dict[str, Any]) -> None:
        column_of(data, "houses").update(physicalType="bigint")
        data.update(version="2.0.0")

    submission = _submission(connection)
    connection.execute(
        "insert into raw.population (_submission_id, _sheet, _row, houses) values (%s, '', 2, 7)", [submission]
    )
    ddl = table_sql(read_contract(edit("population", retype)))
    connection.execute(ddl)
    connection.execute(ddl)
    assert dict(columns_of(connection, "raw", "population"))["houses"] == "bigint"
    assert connection.execute("select count(*) from raw.population").fetchone() == (0,)
    assert connection.execute("select houses from raw.population__v1").fetchall() == [(7,)]


def _submission(connection: Connection) -> int:
    row = connection.execute(
        "insert into ops.submissions (agency_id, dataset_id, period, sha256, size_bytes, file_name,"
        " landing_fingerprint, state, received_at)"
        " values ('registration_office_94', 'population', '2564', repeat('0', 64), 1, 'a.csv', 'tables-test',"
        " 'received', '2022-01-05 03:00+00') returning submission_id"
    ).fetchone()
    assert row is not None
    record_states(connection)
    return int(row[0])


def test_every_type_arrives_as_it_was_checked(connection: Connection) -> None:
    """The binary form of COPY is taken unconverted: extremes, nothing, Thai and what text forms would escape."""
    person = uuid4()
    columns: dict[str, tuple[str, pa.DataType, list[Any]]] = {
        "a_text": ("text", pa.string(), ["ยูโซะ", "", 'quote " comma, \\N \n line', None]),
        "a_smallint": ("smallint", pa.int16(), [-(2**15), 2**15 - 1, 0, None]),
        "an_integer": ("integer", pa.int32(), [-(2**31), 2**31 - 1, 0, None]),
        "a_bigint": ("bigint", pa.int64(), [-(2**63), 2**63 - 1, 0, None]),
        "money": (
            "numeric(14,2)",
            pa.decimal128(38, 2),
            [*map(Decimal, ("999999999999.99", "-999999999999.99", "0.01")), None],
        ),
        "wide": (
            "numeric(38,8)",
            pa.decimal128(38, 8),
            [*map(Decimal, ("123456789012345678901234567890.12345678", "-0.00000001", "100000000")), None],
        ),
        "whole": ("numeric(10,0)", pa.decimal128(38, 0), [*map(Decimal, ("9999999999", "10000", "0")), None]),
        "a_day": ("date", pa.date32(), [date(1857, 1, 1), date(2100, 12, 31), date(2000, 1, 1), None]),
        "is_so": ("boolean", pa.bool_(), [True, False, True, None]),
        "a_key": ("uuid", pa.binary(16), [person.bytes, bytes(16), b"\xff" * 16, None]),
        "codes": ("text[]", pa.list_(pa.string()), [["a", "b"], ["a,b", '"{'], [], ["c"]]),
        "content": ("json", pa.string(), ['{"ชื่อ": "ก"}', "{}", "[]", None]),
    }
    ddl = ", ".join(f"{name} {sql_type}" for name, (sql_type, _, _) in columns.items())
    connection.execute(f"create temporary table every_type ({ddl})")  # type: ignore[arg-type]
    copied = copy_of("pg_temp", "every_type", pa.table({n: pa.array(v, t) for n, (_, t, v) in columns.items()}))
    with connection.cursor() as cursor, cursor.copy(copied.statement) as copy:
        for piece in copied.pieces:
            copy.write(piece)
    found = connection.execute("select * from every_type").fetchall()
    as_python = {"a_key": lambda key: key and UUID(bytes=key), "content": lambda text: text and json.loads(text)}
    for name, stored in zip(columns, zip(*found, strict=True), strict=True):
        assert list(stored) == [as_python.get(name, lambda value: value)(value) for value in columns[name][2]], name
