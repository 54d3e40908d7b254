"""The command `chaidaen`. Each file beside this one adds its commands; heavy libraries load only when one runs."""

import importlib
import sys
from typing import NoReturn

import typer

from core.errors import UserFacingError

MODULES = (
    "stack", "intake", "life", "cases", "status", "template", "release", "rebuild", "trace", "report", "contracts",
    "simulate", "db",
)  # fmt: skip


def build_app() -> typer.Typer:
    app = typer.Typer(
        name="chaidaen",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Chaidaen ชายแดน: from the files agencies drop to marts that can be trusted.\n\n"
        "Exit codes: 0 fine, 1 internal error or difference found, 2 usage, 10 rejected, 11 held, 12 gate failed.",
    )
    for name in MODULES:
        importlib.import_module(f"chaidaen.cli.{name}").register(app)
    return app


def main() -> None:
    """Run a command; an error the user can act on is shown as message and cure."""
    try:
        build_app()()
    except UserFacingError as error:
        _tell(error)
    except Exception as error:
        if (failed := _failure_of_the_database(error)) is None:
            raise
        _tell(failed)


def _tell(error: UserFacingError) -> NoReturn:
    typer.secho(error.message, fg="red", err=True)
    if error.cure:
        typer.echo(f"→ {error.cure}", err=True)
    sys.exit(error.exit_code)


def _failure_of_the_database(error: Exception) -> UserFacingError | None:
    """What to tell of a server that went away midway; None for any other error."""
    psycopg = sys.modules.get("psycopg")
    if psycopg is None or not isinstance(error, psycopg.OperationalError):
        return None
    from core.database import lost

    return lost(error)
