"""What runs inside the containers: `init`, `airflow …`, `chaidaen …`, with everything they need in the environment.

Passwords come from files under /run/secrets and stay out of the compose file; keys that only the containers share are
made once in their common CHAIDAEN_HOME.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path
from urllib.parse import quote

SECRETS = Path("/run/secrets")
API_PORT = 8080


def environment() -> dict[str, str]:
    """Airflow's variables for Celery on the compose network; the rest is as on one machine."""
    from chaidaen.stack import airflow

    metadata = airflow.metadata_url()
    api = f"http://apiserver:{API_PORT}"
    options = {
        "CORE__EXECUTOR": "CeleryExecutor",
        "CORE__EXECUTION_API_SERVER_URL": f"{api}/execution/",
        "CELERY__BROKER_URL": f"redis://:{quote(_secret('redis_password'), safe='')}@redis:6379/0",
        "CELERY__RESULT_BACKEND": metadata.replace("postgresql://", "db+postgresql+psycopg2://", 1),
        "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": str(24 * 3600),  # longer than any task may take
        "CELERY__WORKER_CONCURRENCY": os.environ.get("CHAIDAEN_WORKER_CONCURRENCY", "2"),
        "API__HOST": "0.0.0.0",  # noqa: S104 - of the container; compose publishes it on 127.0.0.1 only
        "API__PORT": str(API_PORT),
        "API__BASE_URL": os.environ.get("CHAIDAEN_AIRFLOW_URL", f"http://127.0.0.1:{API_PORT}"),
    }
    return {**airflow.environment(), **{f"AIRFLOW__{name}": value for name, value in options.items()}}


def healthy(part: str) -> bool:
    """Whether `scheduler`, `triggerer` or `dag_processor` has told the API server lately that it lives.

    Asking over HTTP costs a tenth of a second; Airflow's own command for it costs four of processor time.
    """
    with urllib.request.urlopen(f"http://apiserver:{API_PORT}/api/v2/monitor/health", timeout=10) as answer:
        report = json.load(answer)
    return bool((report.get(part) or {}).get("status") == "healthy")


def main(arguments: list[str]) -> None:
    """Become what the arguments say.

    `init` makes or migrates the warehouse and Airflow's database; `samples` drops the demo's submissions, `summary`
    tells what came of all that was sent; `healthy PART` is for health checks.
    """
    if "CHAIDAEN_DATABASE_URL" not in os.environ:
        owner_password = quote(_secret("postgres_password"), safe="")
        os.environ["CHAIDAEN_DATABASE_URL"] = f"postgresql://chaidaen:{owner_password}@postgres:5432/chaidaen"
    if arguments == ["init"]:
        from chaidaen.stack import airflow

        airflow.migrate()
        return
    if arguments == ["samples"]:
        from chaidaen.samples import write_samples
        from core.settings import settings

        write_samples(settings().landing)
        return
    if arguments == ["summary"]:
        from rich.console import Console

        from chaidaen.summary import print_summary

        print_summary(Console(width=100), after=0)
        return
    if arguments[:1] == ["healthy"]:
        sys.exit(0 if healthy(arguments[1]) else 1)
    if arguments[:1] in (["airflow"], ["celery"]):
        os.environ.update(environment())
    os.execvp(arguments[0], arguments)  # noqa: S606 - the program asked for, with its own arguments


def _secret(name: str) -> str:
    return (SECRETS / name).read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    main(sys.argv[1:])
