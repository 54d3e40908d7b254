"""`chaidaen db`: the warehouse's server."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The warehouse's PostgreSQL: start, stop, how to connect.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="db")


@app.command()
def start() -> None:
    """Start the embedded PostgreSQL (if CHAIDAEN_DATABASE_URL is not set) and migrate the warehouse. Safe to repeat."""
    from core import database
    from core.settings import settings

    database.url()
    typer.echo("PostgreSQL of CHAIDAEN_DATABASE_URL is ready." if settings().database_url else _where())


@app.command()
def stop() -> None:
    """Stop the embedded PostgreSQL, after a checkpoint. The data stay."""
    from core.postgres import EmbeddedServer
    from core.settings import settings

    stopped = EmbeddedServer(settings().home).stop()
    typer.echo("The embedded PostgreSQL has stopped." if stopped else "The embedded PostgreSQL was not running.")


@app.command()
def url(
    role: Annotated[str | None, typer.Option(help="a reader role, for example chaidaen_bi; none: the owner")] = None,
) -> None:
    """Print a plain postgresql:// URL, for psql, Superset, Excel or Python; starts the server if need be."""
    from core import database

    typer.echo(database.url(role))


def _where() -> str:
    from core.postgres import EmbeddedServer
    from core.settings import settings

    server = EmbeddedServer(settings().home)
    process = server.running()
    return f"The embedded PostgreSQL runs as process {process.pid if process else '?'}; see `chaidaen db url`."
