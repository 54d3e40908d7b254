"""`chaidaen withdraw`, `release-hold`, `lock`, `unlock`, `locks`, `explain`: what people decide about submissions."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from chaidaen.cli.intake import JsonOption, show_receipt

if TYPE_CHECKING:
    from ingestion.ledger import PeriodLock

Number = Annotated[int, typer.Argument(help="number on the receipt", min=1)]
Reason = Annotated[str, typer.Option(help="why; kept with your name and the time, and told to the agency")]
Dataset = Annotated[str, typer.Argument(help="dataset id, for example population")]
Period = Annotated[str, typer.Argument(help="Buddhist period, for example 2564 or 2564-Q1")]


def register(root: typer.Typer) -> None:
    root.command()(withdraw)
    root.command("release-hold")(release_hold)
    for command in (lock, unlock, locks, explain):
        root.command()(command)


def withdraw(
    submission: Number,
    *,
    reason: Reason,
    undo: Annotated[bool, typer.Option("--undo", help="make a withdrawn submission what it was before")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a submission out of force; its scope is then empty and still owed. Of a held one: refuse it.

    No earlier revision comes back, and the next release is built without it. The same file sent again is a new
    revision. --undo brings it back as long as nothing else counts in its place. Nothing is withdrawn, nor brought
    back, in a locked period.

    Exit codes: 0 done (also when it was so already), 2 it can't be, and why.

    Example: chaidaen withdraw 17 --reason "ส่งผิดอำเภอ"
    """
    from ingestion import life

    (life.undo_withdrawal if undo else life.withdraw)(submission, reason)
    show_receipt(submission, as_json, exit_code=0)


def release_hold(submission: Number, *, reason: Reason, as_json: JsonOption = False) -> None:
    """Decide that a held submission is right: it is processed again now, and the doubts its report told do not count.

    It then replaces what counts in its scope. That is refused when a newer revision counts already: the newest wins,
    so the older file has to be sent again. To refuse the held one instead: chaidaen withdraw.

    Exit codes: 0 loaded, 10 rejected after all, 11 held again for a new doubt, 2 it is not held.

    Example: chaidaen release-hold 17 --reason "ยุบรวมตำบล แถวลดลงจริง"
    """
    from ingestion import life

    life.release_hold(submission, reason)
    show_receipt(submission, as_json)


def lock(dataset: Dataset, period: Period, *, reason: Reason, as_json: JsonOption = False) -> None:
    """Close a period of a dataset: whatever arrives, or is not decided yet, is held until the lock is lifted.

    What counts stays; nothing of the period can be withdrawn. A single file is let in by chaidaen release-hold.
    Locking twice changes nothing. Submissions being checked at this moment are waited for.

    Example: chaidaen lock population 2564 --reason "ปิดงวดประจำปี"
    """
    from ingestion import life

    _show([life.lock(dataset, period, reason)], as_json)


def unlock(dataset: Dataset, period: Period, *, reason: Reason, as_json: JsonOption = False) -> None:
    """Lift the lock of a period; what nothing but the lock held goes back to work by itself.

    The scheduler takes it from there, or chaidaen ingest by hand.

    Exit codes: 0 lifted, 2 it was not locked.
    """
    from chaidaen.cli import intake_words as words
    from ingestion import life

    freed = life.unlock(dataset, period, reason)
    if as_json:
        words.print_json({"dataset_id": dataset, "period": period, "back_to_work": freed})
        return
    numbers = ", ".join(map(str, freed)) or "–"
    typer.echo(f"เปิดงวด {dataset} {period} แล้ว กลับมาตรวจต่อ: {numbers} | unlocked; back to work: {numbers}")
    if freed:
        typer.echo("→ chaidaen ingest")


def locks(
    history: Annotated[bool, typer.Option("--all", help="lifted ones too: who, when, why")] = False,
    as_json: JsonOption = False,
) -> None:
    """The periods that are locked, by whom, since when and why."""
    from core import database
    from ingestion import ledger

    with closing(database.connect()) as connection:
        found = ledger.period_locks(connection, lifted_too=history)
    _show(found, as_json, many=True)


def explain(
    submission: Number,
    code: Annotated[str, typer.Argument(help="code of the query, as in report.json, for example village_code_unknown")],
    text: Annotated[str, typer.Argument(help="why the values are right, in a sentence")],
    as_json: JsonOption = False,
) -> None:
    """Answer a query of a submission for its agency; the query is closed and the report written again.

    Officers answer in the marked workbook; this is for answers that come by telephone.

    Example: chaidaen explain 17 village_code_unknown "หมู่บ้านตั้งใหม่ ตามประกาศจังหวัด"
    """
    from core import database
    from ingestion import explanations, ledger
    from ingestion.reports import from_ledger

    with closing(database.connect(autocommit=True)) as connection:
        found = from_ledger.known(connection, submission)
        with connection.transaction():
            closed = explanations.explain(connection, submission, code, text, ledger.actor())
    if not as_json:
        typer.echo(f"ปิดข้อซักถาม {closed} จุด | {closed} queries closed")
    show_receipt(found.submission_id, as_json, rewrite=True)


def _show(found: "list[PeriodLock]", as_json: bool, *, many: bool = False) -> None:
    from dataclasses import asdict

    from chaidaen.cli import intake_words as words

    if as_json:
        rows = [asdict(one) for one in found]
        words.print_json(rows if many else rows[0])
    else:
        words.print_locks(found)
