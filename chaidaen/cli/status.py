"""`chaidaen status`: what an engineer needs at eight in the morning, once or live."""

import time
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from chaidaen.cli.intake import JsonOption

if TYPE_CHECKING:
    from rich.console import RenderableType

    from chaidaen.overview import Overview


def register(root: typer.Typer) -> None:
    root.command()(status)


def status(
    live: Annotated[bool, typer.Option("--live", "--watch", help="stay and show changes until Ctrl+C")] = False,
    every: Annotated[float, typer.Option(help="with --live: seconds between looks", min=0.2)] = 2.0,
    as_json: JsonOption = False,
) -> None:
    """What an engineer needs at eight in the morning.

    Work waiting and for how long; what is held, why and since when; agencies that are silent or were late, by the
    published release; the release readers see and its age; failures and refusals of the last 24 hours; locked periods;
    files that lie in landing unread.

    What to do: held → chaidaen receipt N, then release-hold or withdraw; locked → chaidaen unlock.
    """
    from chaidaen.cli import intake_words as words
    from core.errors import UsageError

    if live and as_json:
        raise UsageError("--live shows a screen, --json one document.", cure="Give one of them.")
    if live:
        _watch(every)
    elif as_json:
        words.print_json(_look().as_json())
    else:
        from rich.console import Console

        from chaidaen.cli.status_words import screen

        Console().print(screen(_look()))


def _look() -> "Overview":
    from chaidaen.overview import overview
    from core import database

    with closing(database.connect(application="chaidaen status", autocommit=True)) as connection:
        return overview(connection)


def _watch(every: float) -> None:
    """Look again and again; a database that is away is shown as that, until it is back."""
    from rich.live import Live

    try:
        with Live(_picture(), auto_refresh=False) as picture:
            while True:
                time.sleep(every)
                picture.update(_picture(), refresh=True)
    except KeyboardInterrupt:
        return


def _picture() -> "RenderableType":
    import psycopg
    from rich.text import Text

    from chaidaen.cli.status_words import screen
    from core.errors import UserFacingError

    try:
        return screen(_look())
    except (UserFacingError, psycopg.OperationalError) as error:
        return Text(str(error).strip(), style="bold red")
