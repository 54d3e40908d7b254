"""`chaidaen case-workers`: who may see households and people one by one."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from chaidaen.cli.intake import JsonOption

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from publication.case_workers import Right

app = typer.Typer(
    no_args_is_help=True,
    help="ใครเห็นครัวเรือนและคนรายตัวได้ | Who may see households and people one by one (the views in cases).\n\n"
    "Every officer has a login of their own. A right says which households it sees: those an official looks after, "
    "those officials of a kind of agency look after, those of an area; what is given together must all fit, several "
    "rights add up. A login without a right sees nothing. Rights that end are kept, with who gave them and why.",
)
Login = Annotated[str, typer.Argument(help="the officer's own login, for example somchai.k", show_default=False)]
Reason = Annotated[str, typer.Option(help="why, and by whose decision; kept with your name and the time")]


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="case-workers")


@app.command("list")
def list_(
    login: Annotated[str | None, typer.Argument(help="of this login only", show_default=False)] = None,
    *,
    ended: Annotated[bool, typer.Option("--ended", help="also those that are over")] = False,
    as_json: JsonOption = False,
) -> None:
    """Who may see what, since when, until when, and why."""
    from publication.case_workers import list_rights

    _show(list_rights(login=login, ended=ended), as_json)


@app.command()
def add(
    login: Login,
    *,
    reason: Reason,
    official: Annotated[
        str | None, typer.Option(metavar="KEY", help="official_key of the one whose households these are")
    ] = None,
    official_id: Annotated[
        bool,
        typer.Option("--official-id", help="ask for the official's 13 digits instead; they are neither shown nor kept"),
    ] = False,
    agency: Annotated[
        str | None, typer.Option(metavar="KIND", help="official_agency: households its officials look after")
    ] = None,
    area: Annotated[
        str | None, typer.Option(metavar="CODE", help="SBP, a province (94), an amphoe (9401) or a tambon (940101)")
    ] = None,
    starts: Annotated[str | None, typer.Option("--from", metavar="DATE", help="first day; default: today")] = None,
    ends: Annotated[str | None, typer.Option("--until", metavar="DATE", help="last day; default: until ended")] = None,
    as_json: JsonOption = False,
) -> None:
    """Let a login see cases. A login that does not exist is made, and its password shown once.

    Dates are CE, like 2022-01-31. The same right again changes nothing.

    Exit codes: 0 done, 2 it can't be, and why.

    Examples: chaidaen case-workers add somchai.k --official-id --reason "คำสั่ง ศอ.บต. 12/2565"
    · chaidaen case-workers add anong.p --agency community_development --area 94 --reason "หัวหน้ากลุ่ม"
    """
    from core import database
    from publication.case_workers import add_right
    from publication.releases import person

    right, secret = add_right(
        login,
        allowed_by=person(),
        reason=reason,
        official=_official(official, ask=official_id),
        agency_kind=agency,
        area_code=area,
        valid_from=_day(starts),
        valid_to=_day(ends),
    )
    if as_json:
        typer.echo(json.dumps({**right.as_json(), "password": secret}, ensure_ascii=False, indent=2))
        return
    typer.echo(_line(right))
    if secret is not None:
        where = database.url("chaidaen_case_worker").rpartition("@")[2]
        typer.echo("รหัสผ่านแสดงครั้งเดียว ให้เจ้าของเปลี่ยนเอง | The password is shown once; its owner should change it:")
        typer.echo(f"  postgresql://{login}:{secret}@{where}")


@app.command()
def remove(
    login: Login,
    *,
    reason: Reason,
    number: Annotated[int | None, typer.Option("--right", help="only this one, by its number in the list")] = None,
    as_json: JsonOption = False,
) -> None:
    """End the rights of a login, or one of them, at once. A login without any can no longer log in.

    Exit codes: 0 ended, 2 there was nothing to end.

    Example: chaidaen case-workers remove somchai.k --reason "ย้ายออกจากพื้นที่"
    """
    from publication.case_workers import end_rights
    from publication.releases import person

    _show(end_rights(login, ended_by=person(), reason=reason, number=number), as_json)


def _official(key: str | None, *, ask: bool) -> "UUID | None":
    from uuid import UUID

    from core.errors import UsageError
    from publication.case_workers import official_key

    if ask:
        if sys.stdin.isatty():
            return official_key(typer.prompt("เลขประจำตัวของเจ้าหน้าที่ | Official's 13 digits", hide_input=True))
        return official_key(sys.stdin.readline())
    try:
        return UUID(key) if key is not None else None
    except ValueError:
        raise UsageError(
            f"{key!r} is no official_key.",
            cure="It looks like 6f1c…-…; see official_key of cases.household_cases, or use --official-id.",
        ) from None


def _day(text: str | None) -> "date | None":
    from datetime import date

    from core.errors import UsageError

    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UsageError(f"{text!r} is no date.", cure="Write year, month and day of the CE: 2022-01-31.") from None


def _show(rights: "list[Right]", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([right.as_json() for right in rights], ensure_ascii=False, indent=2))
        return
    for right in rights:
        typer.echo(_line(right))
    if not rights:
        typer.echo("ไม่มีผู้มีสิทธิ์ | Nobody may see any case.")


def _line(right: "Right") -> str:
    named = (("official", right.official_key), ("agency", right.official_agency), ("area", right.area_code))
    what = ", ".join(f"{name} {value}" for name, value in named if value is not None)
    until = right.valid_to or "–"
    state = "มีผล | in force" if right.is_in_force else "ไม่มีผล | not in force"
    ended = f"; ended by {right.ended_by}: {right.ended_reason}" if right.ended_by else ""
    return (
        f"{right.case_worker_id:>4}  {right.login}  {what}  {right.valid_from} → {until}  {state}"
        f"  ({right.allowed_by}: {right.reason}{ended})"
    )
