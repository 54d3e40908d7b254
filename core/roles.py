"""The login roles of those who read, each with a password of its own."""

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


def ensure_roles(connection: psycopg.Connection[TupleRow]) -> None:
    """Create missing roles. Reader sessions get the memory full aggregates over the views need."""
    wanted = "select rolname from pg_roles where rolname = any(%s)"
    present = {row[0] for row in connection.execute(wanted, [list(LOGIN_ROLES)])}
    if present == set(LOGIN_ROLES):
        return
    connection.execute("select pg_advisory_xact_lock(hashtext('chaidaen roles'))")
    for role, purpose in LOGIN_ROLES.items():
        if connection.execute("select from pg_roles where rolname = %s", [role]).fetchone() is None:
            name = sql.Identifier(role)
            connection.execute(sql.SQL("create role {} login password {}").format(name, sql.Literal(password(role))))
            connection.execute(sql.SQL("alter role {} set work_mem = '64MB'").format(name))
            connection.execute(sql.SQL("comment on role {} is {}").format(name, sql.Literal(purpose)))
    connection.commit()
