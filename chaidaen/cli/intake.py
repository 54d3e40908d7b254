"""`chaidaen check`, `submit`, `ingest`, `submissions`, `receipt`: files in, answers out."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from ingestion.stages import State

if TYPE_CHECKING:
    from ingestion.checking import Scope
    from ingestion.ledger import Filter, Submission
    from ingestion.reports.model import Receipt, Report

JsonOption = Annotated[bool, typer.Option("--json", help="for programs: JSON on standard output")]
_EXIT_CODES = {"rejected": 10, "held": 11}


def register(root: typer.Typer) -> None:
    for command in (check, submit, ingest, submissions, receipt):
        root.command()(command)


def check(
    file: Annotated[Path, typer.Argument(help="the file to check: Excel or CSV, as you would send it")],
    *,
    dataset: Annotated[str, typer.Option(help="dataset id, for example population")],
    contracts: Annotated[Path | None, typer.Option(help="folder with other contracts (*.odcs.yaml)")] = None,
    report: Annotated[Path | None, typer.Option(help="folder for report.html, marked.xlsx and the rest")] = None,
    agency: Annotated[str | None, typer.Option(help="agency you send for, for example registration_office_94")] = None,
    period: Annotated[
        str | None, typer.Option(help="Buddhist period you send for, for example 2564 or 2564-Q1")
    ] = None,
    part: Annotated[str, typer.Option(help="only if you send in parts: for example the amphoe code")] = "all",
    as_json: JsonOption = False,
) -> None:
    """Check a file against its contract, without a database: the same verdict and cells as ingestion.

    With --agency and --period it is judged as in that folder: province, period, and names of places that only the
    province tells apart. Without them those checks are left out and named as skipped.

    Exit codes: 0 accepted (perhaps with points to look at), 10 rejected, 11 held.

    Example: chaidaen check ประชากร.xlsx --dataset population --agency registration_office_94 --period 2564
    """
    from chaidaen.cli import intake_words as words
    from ingestion.reports.from_check import check as check_now
    from ingestion.reports.writing import write_report

    result = check_now(file, dataset, contracts, _scope(dataset, contracts, agency, period, part))
    page = write_report(result, report) if report else None
    if as_json:
        words.print_json(_check_json(result))
    else:
        words.print_verdict(result.receipt)
        words.print_groups(result)
        words.print_skipped(result)
        if page:
            typer.echo(f"รายงาน | report: {page}")
    raise typer.Exit(_EXIT_CODES.get(result.receipt.verdict or "", 0))


def submit(
    file: Annotated[Path, typer.Argument(help="the file to send; yours stays where it is")],
    *,
    agency: Annotated[str, typer.Option(help="agency id, for example registration_office_94")],
    dataset: Annotated[str, typer.Option(help="dataset id, for example population")],
    period: Annotated[str, typer.Option(help="Buddhist period, for example 2564, 2564-Q1 or 2564-08")],
    part: Annotated[str | None, typer.Option(help="only if you send in parts: for example the amphoe code")] = None,
    as_json: JsonOption = False,
) -> None:
    """Put a file into landing and receive it at once; prints its receipt number. `chaidaen ingest` then checks it.

    Exit code 10 when it is refused at the door (unknown agency or dataset, bad period, empty file).
    """
    from ingestion import intake, landing

    drop = landing.put(file, [agency, dataset, period, *([part] if part else [])])
    show_receipt(intake.receive(drop), as_json)


def ingest(as_json: JsonOption = False) -> None:
    """Receive what lies in landing, check and load it, write the reports: what the scheduler does, by hand.

    Safe to repeat and to run beside the scheduler. What became of each file is in its report, so a rejected file
    does not change the exit code.
    """
    from chaidaen.cli import intake_words as words
    from ingestion import intake

    received = intake.receive_all()
    done = intake.process_all()
    if as_json:
        words.print_json({"received": received, "processed": _rows(done)})
        return
    new, decided = len(received), len(done)
    typer.echo(f"รับไฟล์ใหม่ {new} ไฟล์ ตรวจแล้ว {decided} ไฟล์ | {new} received, {decided} processed")
    if done:
        words.print_submissions([one for one in _all() if one.submission_id in {each.submission_id for each in done}])
    if waiting := _waiting():
        words.print_waiting(waiting)


def submissions(
    *,
    agency: Annotated[str | None, typer.Option(help="only of this agency")] = None,
    dataset: Annotated[str | None, typer.Option(help="only of this dataset")] = None,
    period: Annotated[str | None, typer.Option(help="only of this Buddhist period")] = None,
    state: Annotated[str | None, typer.Option(help=f"only in this state: {', '.join(get_args(State))}")] = None,
    limit: Annotated[int, typer.Option(help="how many of the newest; 0 for all", min=0)] = 50,
    as_json: JsonOption = False,
) -> None:
    """Every file received, newest first, and what became of it.

    Example: chaidaen submissions --state held --dataset population
    """
    from chaidaen.cli import intake_words as words
    from core.errors import UsageError
    from ingestion.ledger import Filter

    if state is not None and state not in get_args(State):
        raise UsageError(f"There is no state {state}.", cure=f"States are: {', '.join(get_args(State))}.")
    which = Filter(agency, dataset, period, state)
    found = _all(which, limit or None)
    if as_json:
        words.print_json([_receipt(one).as_json() for one in found])
        return
    words.print_submissions(found, none=words.NOTHING_YET if which == Filter() else words.NONE_LIKE_THAT)
    if which == Filter():
        words.print_waiting(_waiting())


def receipt(
    submission: Annotated[int, typer.Argument(help="number on the receipt")], as_json: JsonOption = False
) -> None:
    """The receipt of one submission, with what happened to it; writes its outbox folder again.

    Exit code 10 when it was rejected, 11 while it is held.
    """
    show_receipt(submission, as_json, rewrite=True)


def _scope(dataset: str, contracts: Path | None, agency: str | None, period: str | None, part: str) -> "Scope | None":
    from core.errors import UsageError
    from ingestion import door
    from ingestion.contracts import load_contract

    if agency is None and period is None:
        return None
    if agency is None or period is None:
        raise UsageError("--agency and --period say together where a file is meant for.", cure="Give both, or neither.")
    return door.meant_for(load_contract(dataset, contracts), agency, period, part)


def _all(which: "Filter | None" = None, limit: int | None = None) -> "list[Submission]":
    from core import database
    from ingestion import ledger

    with closing(database.connect()) as connection:
        return ledger.submissions(connection, which=which or ledger.Filter(), limit=limit)


def _waiting() -> list[dict[str, Any]]:
    from core import database
    from ingestion import ledger

    with closing(database.connect()) as connection:
        return ledger.waiting(connection)


def _receipt(submission: "Submission") -> "Receipt":
    from ingestion.reports.from_ledger import receipt_of

    return receipt_of(submission)


def show_receipt(submission_id: int, as_json: bool, *, rewrite: bool = False, exit_code: int | None = None) -> None:
    """The receipt with its history, then the exit code of its state (or `exit_code`). `rewrite`: its papers too."""
    from chaidaen.cli import intake_words as words
    from core import database
    from ingestion import explanations, ledger
    from ingestion.reports import from_ledger
    from ingestion.reports.writing import outbox_folder

    with closing(database.connect(autocommit=True)) as connection:
        found = from_ledger.known(connection, submission_id)
        if rewrite:
            from_ledger.write_papers(connection, found, afresh=True)
        events = ledger.events(connection, submission_id)
        queries = explanations.queries(connection, submission_id)
    shown = _receipt(found)
    folder = outbox_folder(shown)
    if as_json:
        words.print_json({**shown.as_json(), **queries, "outbox": str(folder), "events": events})
    else:
        words.print_receipt(shown, events, folder)
        words.print_queries(queries)
    raise typer.Exit(_EXIT_CODES.get(found.state, 0) if exit_code is None else exit_code)


def _check_json(report: "Report") -> dict[str, object]:
    from ingestion.reports.writing import issue_json

    receipt = report.receipt
    return {
        "verdict": receipt.verdict, "reason_code": receipt.reason_code, "rows": receipt.rows,
        "accepted_rows": receipt.accepted_rows, "rejected_rows": receipt.rejected_rows,
        "skipped_checks": list(report.skipped_checks), "issues": [issue_json(line) for line in report.issues()],
    }  # fmt: skip


def _rows(processed: Sequence[Any]) -> list[dict[str, object]]:
    from dataclasses import asdict

    return [asdict(one) for one in processed]
