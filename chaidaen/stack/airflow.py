"""Everything Airflow is told, as environment variables computed in one place; no file of Airflow's is ever edited."""

import base64
import json
import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from core import database
from core.errors import DatabaseUnavailable, UserFacingError
from core.secrets import password, secret_file
from core.settings import settings

METADATA_DATABASE = "airflow"
BUNDLE = "chaidaen"
USER = "chaidaen"
PREFERRED_PORT = 8080

# Task logs tell what our functions did; Airflow itself speaks only when something is wrong.
CALM = "core=INFO ingestion=INFO publication=INFO expectations=INFO dags=INFO"


def home() -> Path:
    """AIRFLOW_HOME of this CHAIDAEN_HOME."""
    return settings().state_dir("airflow")


def passwords_file() -> Path:
    """Where the user's generated password is kept, mode 0600."""
    return settings().home / "secrets" / "airflow_passwords.json"


def user_password() -> str:
    """The password of the one user of the local Airflow, made at the first call."""
    content = secret_file(passwords_file(), json.dumps({USER: password("airflow")}))
    return str(json.loads(content)[USER])


def metadata_url() -> str:
    """`postgresql://` URL of Airflow's own database, beside the warehouse on the same server."""
    return database.server_url(METADATA_DATABASE)


def environment() -> dict[str, str]:
    """Variables for every Airflow process: the components of the local stack, the demo and the tests.

    Starts the database if need be. Raises DatabaseUnavailable when there is none.
    """
    user_password()
    root = settings().project_root
    options = {
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "4",
        "CORE__DAGS_FOLDER": str(root / "dags"),
        "CORE__PLUGINS_FOLDER": str(home() / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__FERNET_KEY": _secret("airflow_fernet", base64.urlsafe_b64encode(os.urandom(32)).decode()),
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file()),
        "CORE__EXECUTION_API_SERVER_URL": f"{api_url()}/execution/",
        "DATABASE__SQL_ALCHEMY_CONN": metadata_url().replace("postgresql://", "postgresql+psycopg2://", 1),
        "DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps([_bundle(root / "dags")]),
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(api_port()),
        "API__BASE_URL": api_url(),
        "API__INSTANCE_NAME": "Chaidaen",
        "API__SECRET_KEY": password("airflow_api"),
        "API_AUTH__JWT_SECRET": password("airflow_jwt"),
        "LOGGING__BASE_LOG_FOLDER": str(settings().state_dir("logs") / "airflow"),
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(settings().state_dir("logs") / "dag_processor"),
        "LOGGING__LOGGING_LEVEL": "WARNING",
        "LOGGING__NAMESPACE_LEVELS": CALM,
        "LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
        "LOGGING__COLORED_CONSOLE_LOG": "False",
    }
    return {
        **{f"AIRFLOW__{name}": value for name, value in options.items()},
        "AIRFLOW_HOME": str(home()),
        "CHAIDAEN_ACTOR": "airflow",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])),
        "PYTHONWARNINGS": "ignore",
        # Nobody outside learns that this runs.
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
    }


def migrate() -> bool:
    """Make Airflow's database and bring its tables up to this Airflow. Returns whether there was something to do.

    `airflow db migrate` costs seconds, so the version it was done for is kept as the comment of the database itself.
    """
    _create_metadata_database()
    wanted = f"Airflow {version('apache-airflow-core')}"
    with _connect(metadata_url()) as connection:
        found = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()"
        ).fetchone()
        if found == (wanted,):
            return False
        _run_airflow("db", "migrate")
        comment = sql.SQL("comment on database {} is {}").format(sql.Identifier(METADATA_DATABASE), sql.Literal(wanted))
        connection.execute(comment)
    return True


def api_port() -> int:
    """The port of the local Airflow: the one of last time, else 8080, else any that is free."""
    remembered = home() / "port"
    if remembered.exists():
        return int(remembered.read_text(encoding="ascii"))
    return choose_api_port()


def api_url() -> str:
    """Where the local Airflow is looked at."""
    return f"http://127.0.0.1:{api_port()}"


def choose_api_port() -> int:
    """Choose again, before a start: the remembered port may be taken by somebody else now."""
    remembered = home() / "port"
    known = [int(remembered.read_text(encoding="ascii"))] if remembered.exists() else []
    port = next(found for wanted in [*known, PREFERRED_PORT, 0] if (found := free_port(wanted)))
    remembered.write_text(str(port), encoding="ascii")
    return port


def free_port(wanted: int) -> int | None:
    """`wanted` if a server could listen there on 127.0.0.1; 0 asks for any port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return None
        return int(probe.getsockname()[1])


def _bundle(folder: Path) -> dict[str, object]:
    return {
        "name": BUNDLE,
        "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
        "kwargs": {"path": str(folder), "refresh_interval": 30},
    }


def _secret(name: str, fresh: str) -> str:
    return secret_file(settings().home / "secrets" / f"{name}.key", fresh)


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True, connect_timeout=10, application_name="chaidaen")


def _create_metadata_database() -> None:
    with _connect(database.url()) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [METADATA_DATABASE]).fetchone():
            return
        try:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(METADATA_DATABASE)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return  # another start was faster
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseUnavailable(
                f"The owner of the warehouse may not create the database “{METADATA_DATABASE}” for Airflow.",
                cure=f"Let an administrator run: create database {METADATA_DATABASE} owner <the warehouse's owner>;",
            ) from error


def _run_airflow(*arguments: str) -> None:
    """Run one `airflow` command to its end. Raises UserFacingError with the end of what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "airflow", *arguments],
        env={**os.environ, **environment()},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        tail = "\n  ".join((done.stderr + done.stdout).strip().splitlines()[-8:])
        raise UserFacingError(
            f"`airflow {' '.join(arguments)}` failed:\n  {tail}",
            cure="Run it again; if the database came from another Airflow version, see `chaidaen doctor`.",
        )
