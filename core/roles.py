"""The login roles of those who read, each with a password of its own, and the role that owns what case workers see."""

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from core.secrets import password

LOGIN_ROLES = {
    "chaidaen_bi": "reads the safe marts",
    "chaidaen_analyst": "reads the safe and the exact marts",
    "chaidaen_case_worker": "reads the cases of its own area",
    "chaidaen_gate": "reads what the analyst reads, and candidate releases",
}
# Nobody can log in as it. A view reads with the rights of its owner, and the owner of tables stands above their
# policies: therefore not him.
CASE_VIEWS = "chaidaen_case_views"
_PURPOSES = LOGIN_ROLES | {CASE_VIEWS: "owns the views in cases and is subject to the policies of their tables"}


def ensure_roles(connection: psycopg.Connection[TupleRow]) -> None:
    """Create missing roles. Reader sessions get the memory full aggregates over the views need."""
    wanted = "select rolname from pg_roles where rolname = any(%s)"
    present = {row[0] for row in connection.execute(wanted, [list(_PURPOSES)])}
    if present == set(_PURPOSES):
        return
    connection.execute("select pg_advisory_xact_lock(hashtext('chaidaen roles'))")
    for role, purpose in _PURPOSES.items():
        if connection.execute("select from pg_roles where rolname = %s", [role]).fetchone() is None:
            name = sql.Identifier(role)
            if role in LOGIN_ROLES:
                create_login(connection, role, password(role))
            else:
                connection.execute(sql.SQL("create role {} nologin noinherit").format(name))
                connection.execute(sql.SQL("grant {} to current_user").format(name))  # to give it the views
            connection.execute(sql.SQL("comment on role {} is {}").format(name, sql.Literal(purpose)))
    connection.commit()


def create_login(connection: psycopg.Connection[TupleRow], name: str, secret: str) -> None:
    role = sql.Identifier(name)
    connection.execute(sql.SQL("create role {} login password {}").format(role, sql.Literal(secret)))
    connection.execute(sql.SQL("alter role {} set work_mem = '64MB'").format(role))
