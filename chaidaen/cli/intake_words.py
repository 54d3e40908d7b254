"""How the intake commands speak: Thai first, English beside, nothing a sender wrote can steer the terminal."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from ingestion.reports.words import STATES, headline, short_thai_instant, shown, thai_instant

if TYPE_CHECKING:
    from ingestion.ledger import PeriodLock, Submission
    from ingestion.reports.model import Receipt, Report

NONE_LIKE_THAT = "ไม่มีไฟล์ที่ตรงกับเงื่อนไข | no file like that"
NOTHING_YET = "ยังไม่มีไฟล์ | nothing received yet"
_COLOURS = {"accepted": "green", "accepted_with_issues": "yellow", "rejected": "red", "held": "yellow"}
_COLUMNS: tuple[tuple[str, int, Literal["left", "right"]], ...] = (
    ("No.", 3, "right"),
    ("รับเมื่อ\nreceived", 14, "left"),
    ("ไฟล์\nfile", 20, "left"),
    ("สถานะ\nstate", 14, "left"),
    ("รับ\nin", 5, "right"),
    ("ไม่รับ\nout", 5, "right"),
)
_LINES = 5


def print_verdict(receipt: "Receipt") -> None:
    thai, english, _ = headline(receipt.state, receipt.verdict)
    typer.secho(f"{thai} | {english}", fg=_COLOURS.get(receipt.verdict or "", "blue"), bold=True)
    if receipt.rows is not None:
        typer.echo(
            f"แถวในไฟล์ {receipt.rows:,} รับ {receipt.accepted_rows:,} ต้องแก้ไข {receipt.rejected_rows:,}"
            f" | rows {receipt.rows:,}, accepted {receipt.accepted_rows:,}, rejected {receipt.rejected_rows:,}"
        )


def print_groups(report: "Report") -> None:
    colours = {"error": "red", "query": "yellow"}
    for group in report.groups:
        where = f" “{group.column_th or group.column}”" if group.column else ""
        typer.secho(f"\n{group.title_th}{where} | {group.title_en}: {group.count:,}", fg=colours.get(group.severity))
        for line in group.lines[:_LINES]:
            place = "!".join(shown(part) for part in (line.sheet, line.cell or (line.row and str(line.row))) if part)
            typer.echo(f"  {place:<14} {shown(line.message_th)} | {shown(line.message_en)}")
        if group.count > len(group.lines[:_LINES]):
            typer.echo(f"  … {group.count - len(group.lines[:_LINES]):,}")
        typer.echo(f"  → {shown(group.lines[0].cure_th)} | {shown(group.lines[0].cure_en)}")


def print_skipped(report: "Report") -> None:
    """What a check alone leaves open, and how to have more of it checked."""
    if not report.skipped_checks:
        return
    typer.secho(f"\nยังไม่ได้ตรวจ | not checked here: {', '.join(report.skipped_checks)}", dim=True)
    if not report.receipt.agency_id:
        typer.secho(
            "  → ระบุ --agency และ --period เพื่อตรวจกับโฟลเดอร์ | give --agency and --period to check more", dim=True
        )


def print_submissions(found: "Sequence[Submission]", *, none: str = NOTHING_YET) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not found:
        typer.echo(none)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading, width, justify in _COLUMNS:
        table.add_column(heading, overflow="fold", min_width=width, justify=justify)
    for one in found:
        part = "" if one.part == "all" else f"/{one.part}"
        scope = shown(f"{one.agency_id}/{one.dataset_id}/{one.period}{part}")
        state = one.state + (f" ({one.reason_code})" if one.reason_code else "")
        table.add_row(
            str(one.submission_id),
            short_thai_instant(one.received_at),
            Text.assemble(shown(one.file_name), "\n", (scope, "dim")),
            Text.assemble((STATES[one.state][0], _COLOURS.get(one.verdict or "", "")), "\n", (state, "dim")),
            _count(one.accepted_rows),
            _count(one.rejected_rows),
        )
    Console().print(table)


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def print_receipt(receipt: "Receipt", events: Sequence[dict[str, Any]], folder: Path) -> None:
    typer.secho(f"เลขที่รับ | receipt {receipt.submission_id}", bold=True)
    typer.echo(shown(f"{receipt.agency_id}/{receipt.dataset_id}/{receipt.period}  {receipt.file_name}"))
    typer.echo(f"SHA-256 {receipt.sha256}")
    if receipt.content_date is not None:
        day = f"{receipt.content_date:%d/%m}/{receipt.content_date.year + 543}"
        typer.echo(f"ข้อมูล ณ วันที่ {day} ({shown(receipt.content_date_cell or '')}) | data as of {receipt.content_date}")
    print_verdict(receipt)
    for event in events:
        reason = f"  {shown(event['reason'])}" if event["reason"] else ""
        typer.echo(f"  {thai_instant(event['occurred_at'])}  {event['state']:<10}  {event['actor']}{reason}")
    typer.echo(f"รายงาน | report: {folder}")


def print_queries(queries: Mapping[str, int]) -> None:
    waiting, explained = queries["open_queries"], queries["explained_queries"]
    if waiting or explained:
        typer.secho(
            f"ข้อซักถาม รอคำชี้แจง {waiting:,} ชี้แจงแล้ว {explained:,} | queries: {waiting:,} open, {explained:,} explained",
            fg="yellow" if waiting else "green",
        )


def print_locks(locks: "Sequence[PeriodLock]") -> None:
    if not locks:
        typer.echo("ไม่มีงวดที่ปิดอยู่ | no period is locked")
    for one in locks:
        colour = "yellow" if one.unlocked_at is None else None
        typer.secho(f"{one.dataset_id} {one.period}", fg=colour, bold=True)
        typer.echo(f"  ปิด | locked    {thai_instant(one.locked_at)}  {one.locked_by}  {shown(one.lock_reason)}")
        if one.unlocked_at is not None:
            typer.echo(
                f"  เปิด | unlocked  {thai_instant(one.unlocked_at)}  {one.unlocked_by}"
                f"  {shown(one.unlock_reason or '')}"
            )


def print_waiting(waiting: Sequence[dict[str, Any]]) -> None:
    for one in waiting:
        seen = thai_instant(one["first_seen_at"])
        typer.secho(f"  {one['reason_code']}: {shown(one['path'])} ({one['size_bytes']:,} bytes, {seen})", fg="yellow")


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_as_text))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
