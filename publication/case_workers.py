"""Who may see cases: rights of officers' own logins, with why and since when. Rights are ended, never deleted."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pyarrow as pa
from psycopg import Connection, sql
from psycopg.rows import TupleRow, dict_row

from core import clock, database
from core.errors import UsageError
from core.roles import LOGIN_ROLES, create_login
from ingestion.cleaning.identifiers import parse_person_id
from ingestion.contracts import load_contracts
from ingestion.pseudonyms import keys

READER = "chaidaen_case_worker"
LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,62}")
AREA = re.compile(r"SBP|9[01456](\d\d(\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Right:
    """What one right lets a login see: households that fit all it names. valid_to: the last day, None as long as it
    is not ended."""

    case_worker_id: int
    login: str
    official_key: UUID | None
    official_agency: str | None
    area_code: str | None
    valid_from: date
    valid_to: date | None
    allowed_by: str
    reason: str
    ended_by: str | None
    ended_reason: str | None
    is_in_force: bool

    def as_json(self) -> dict[str, Any]:
        return {name: None if (value := getattr(self, name)) is None else _plain(value) for name in self.__slots__}


def official_key(identifier: str) -> UUID:
    """The key under which the warehouse knows an official by the 13 digits. Raises UsageError for none."""
    parsed = parse_person_id(identifier)
    if parsed.value is None:
        raise UsageError("That is no identifier of a person.", cure="Thirteen digits, as in the list of assignments.")
    [key] = keys(pa.array([parsed.value]), "person").to_pylist()
    return UUID(bytes=bytes(key))


def add_right(
    login: str,
    *,
    allowed_by: str,
    reason: str,
    official: UUID | None = None,
    agency_kind: str | None = None,
    area_code: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> tuple[Right, str | None]:
    """Let a login see the cases that fit all that is given, by default from today on. The same again changes nothing.

    Returns the right, and the password of a login that had to be made: nobody can read it again. Raises UsageError.
    """
    _refuse_odd(login, official, agency_kind, area_code, reason)
    starts = valid_from or clock.today()
    if valid_to is not None and valid_to < starts:
        raise UsageError(f"The right would end on {valid_to}, before it begins.", cure="Give a later --until.")
    with database.connect(application="chaidaen case workers") as connection:
        secret = _ensure_login(connection, login)
        given = [login, official, agency_kind, area_code, starts, valid_to]
        row = (
            connection.execute(
                "select case_worker_id from ops.case_workers where ended_at is null and (login, official_key,"
                " official_agency, area_code, valid_from, valid_to) is not distinct from"
                " (%s, %s::uuid, %s, %s, %s::date, %s::date)",
                given,
            ).fetchone()
            or connection.execute(
                "insert into ops.case_workers (login, official_key, official_agency, area_code, valid_from, valid_to,"
                " allowed_at, allowed_by, reason) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning case_worker_id",
                [*given, clock.now(), allowed_by, reason],
            ).fetchone()
        )
        [right] = _rights(connection, "case_worker_id = %(number)s", {"number": row[0] if row else 0})
    return right, secret


def end_rights(login: str, *, ended_by: str, reason: str, number: int | None = None) -> list[Right]:
    """End all rights of a login, or one; from the next statement on it sees nothing by them. Returns those ended.

    A login without any right left can no longer log in. Raises UsageError when there is nothing to end.
    """
    with database.connect(application="chaidaen case workers") as connection:
        ended = connection.execute(
            "update ops.case_workers set ended_at = %s, ended_by = %s, ended_reason = %s"
            " where login = %s and ended_at is null and case_worker_id = coalesce(%s, case_worker_id)"
            " returning case_worker_id",
            [clock.now(), ended_by, reason, login, number],
        ).fetchall()
        if not ended:
            raise UsageError(
                f"{login} has no such right that could be ended.", cure="See `chaidaen case-workers list`."
            )
        left = _rights(connection, "login = %(login)s and ended_at is null", {"login": login})
        if not left and login not in LOGIN_ROLES:
            connection.execute(sql.SQL("alter role {} nologin").format(sql.Identifier(login)))
        return _rights(connection, "case_worker_id = any(%(ended)s)", {"ended": [row[0] for row in ended]})


def list_rights(*, login: str | None = None, ended: bool = False) -> list[Right]:
    """Rights in force or to come, by login; `ended`: those that are over, too."""
    with database.connect(application="chaidaen case workers") as connection:
        condition = (
            "login = coalesce(%(login)s, login)"
            " and (%(ended)s or (ended_at is null and today <= coalesce(valid_to, 'infinity')))"
        )
        return _rights(connection, condition, {"login": login, "ended": ended})


def _rights(connection: Connection[TupleRow], condition: str, given: dict[str, Any]) -> list[Right]:
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select case_worker_id, login, official_key, official_agency, area_code, valid_from, valid_to, allowed_by,"
            " reason, ended_by, ended_reason,"
            " ended_at is null and today between valid_from and coalesce(valid_to, 'infinity') as is_in_force"
            " from ops.case_workers, (select (now() at time zone 'Asia/Bangkok')::date as today) as t"
            f" where {condition} order by login, case_worker_id",
            given,
        ).fetchall()
    return [Right(**row) for row in rows]


def _ensure_login(connection: Connection[TupleRow], login: str) -> str | None:
    """The officer's login, able to log in. Returns the password of one just made."""
    found = connection.execute(
        "select pg_has_role(rolname, %s, 'member'), rolcanlogin from pg_roles where rolname = %s", [READER, login]
    ).fetchone()
    name = sql.Identifier(login)
    if found is None:
        secret = secrets.token_urlsafe(18)
        create_login(connection, login, secret)
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(READER), name))
        return secret
    if not found[0]:
        raise UsageError(
            f"The login {login} exists and is no case worker's.",
            cure=f"Choose another name, or let its owner be one: grant {READER} to {login}.",
        )
    if not found[1]:
        connection.execute(sql.SQL("alter role {} login").format(name))
    return None


def _refuse_odd(login: str, official: UUID | None, agency_kind: str | None, area_code: str | None, reason: str) -> None:
    if not LOGIN.fullmatch(login) or (login.startswith(("pg_", "chaidaen")) and login != READER):
        raise UsageError(
            f"{login} cannot be an officer's login.", cure="Small letters, digits, _ . -; not pg_… or chaidaen…."
        )
    if official is None and agency_kind is None and area_code is None:
        raise UsageError(
            "The right says nothing of what may be seen.",
            cure="Give --official, --agency or --area; what is given narrows the right, several rights add up.",
        )
    if area_code is not None and not AREA.fullmatch(area_code):
        raise UsageError(
            f"{area_code} is no area a right can be given for.",
            cure="SBP, or the code of a province (94), an amphoe (9401) or a tambon (940101).",
        )
    _refuse_unknown_agency(agency_kind)
    if not reason.strip():
        raise UsageError("A right needs a reason.", cure="Say why, and by whose decision: --reason.")


def _refuse_unknown_agency(kind: str | None) -> None:
    columns = [column for contract in load_contracts().values() for column in contract.columns]
    known = {code.value for column in columns if column.name == "official_agency" for code in column.codes}
    if kind is not None and kind not in known:
        raise UsageError(
            f"No official is of {kind}.", cure=f"As in the lists of assignments: {', '.join(sorted(known))}."
        )


def _plain(value: object) -> object:
    return str(value) if isinstance(value, (UUID, date)) else value
