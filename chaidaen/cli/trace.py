"""`chaidaen trace` and `chaidaen impact`: from a figure down to cells, from a submission up to figures."""

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chaidaen.cli.intake import JsonOption

if TYPE_CHECKING:
    from publication.trace import Traced
    from publication.trace_impact import Impacts

WIDTH_IN_A_FILE = 200
SHOWN_ROWS = 60
Release = Annotated[int | None, typer.Option(help="number of a release; default: the published one", min=1)]


def register(root: typer.Typer) -> None:
    root.command()(trace)
    root.command()(impact)


def trace(
    mart: Annotated[str, typer.Argument(help="a mart, for example poverty_by_area", show_default=False)],
    words: Annotated[
        list[str],
        typer.Argument(metavar="KEY=VALUE… COLUMN", help="which row of the mart, and which of its figures"),
    ],
    *,
    release: Release = None,
    limit: Annotated[int, typer.Option(help="most cells to show; 0: all of them", min=0)] = 1000,
    show_personal: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="show personal values, if you are allowed to; the reason is kept"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Follow a figure of a release down to submission, file, sheet and cell of every row behind it.

    A share is followed as its numerator and denominator; a count of people or households to every row that lists one.
    The rows are counted again on the way: exit code 1 when they do not give the figure. Personal values are masked.

    Example: chaidaen trace poverty_by_area area_code=940101 survey_year_be=2564 target_poor_households
    """
    from publication import trace as tracing
    from publication.releases import person
    from publication.trace_lineage import lineage

    key, column = _split(words)
    with lineage(release, _say) as session:
        figure = " ".join([mart, *(f"{name}={value}" for name, value in key.items()), column])
        if show_personal is not None:
            tracing.see_personal(person(), figure, session.release_id, show_personal)
        traced = tracing.trace(
            session, mart, key, column, limit=limit or None, masked=show_personal is None, progress=_say
        )
        if as_json:
            _stream(traced)
        else:
            _print_trace(traced)


def impact(
    submission: Annotated[int, typer.Argument(help="number on the receipt", min=1)],
    *,
    release: Release = None,
    limit: Annotated[int, typer.Option(help="most lines to show; 0: all of them. --json always has all", min=0)] = (
        SHOWN_ROWS
    ),
    as_json: JsonOption = False,
) -> None:
    """List the marts, areas and figures of a release that rest on a submission, and on how many of its rows.

    Shares follow from their counts and are listed by --json only.

    Example: chaidaen impact 42
    """
    from publication.trace_impact import impact as impact_of
    from publication.trace_lineage import lineage

    with lineage(release, _say) as session:
        found = impact_of(session, submission)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        _print_impact(found, limit)


def _split(words: list[str]) -> tuple[dict[str, str], str]:
    from core.errors import UsageError

    columns = [word for word in words if "=" not in word]
    if len(columns) != 1:
        raise UsageError(
            f"Name one column, not {len(columns)}{': ' if columns else ''}{', '.join(columns)}.",
            cure="For example: chaidaen trace poverty_by_area area_code=94 survey_year_be=2564 surveyed_households",
        )
    return dict(word.split("=", 1) for word in words if "=" in word), columns[0]


def _say(step: str) -> None:
    """Progress, for people only."""
    from ingestion.reports.words import shown

    if sys.stderr.isatty():
        typer.secho(f"… {shown(step)}", dim=True, err=True)


def _stream(traced: "Traced") -> None:
    """One JSON document, written cell by cell: nothing is held, however many there are."""
    typer.echo(json.dumps(traced.head(), ensure_ascii=False)[:-1] + ', "cells": [', nl=False)
    for number, cell in enumerate(traced.cells):
        typer.echo((", " if number else "") + json.dumps(cell.as_json(), ensure_ascii=False), nl=False)
    typer.echo(f'], "truncated": {json.dumps(traced.truncated)}}}')


def _print_trace(traced: "Traced") -> None:
    head = traced.head()
    key = ", ".join(f"{name}={value}" for name, value in head["key"].items())
    value = "ไม่ทราบ · unknown" if traced.value is None else head["value"]
    typer.secho(f"{traced.mart} · {key} · {traced.column} = {value}", bold=True)
    release = traced.release_id
    typer.echo(f"รุ่น {release} จาก {traced.rows:,} แถว | release {release}, from {traced.rows:,} rows")
    if not traced.from_files:
        typer.echo(
            "มาจากรายการอ้างอิง ปฏิทิน หรือหน้าที่ส่งรายงาน ไม่ได้มาจากไฟล์ของหน่วยงาน"
            " | It comes from reference lists, the calendar or obligations, not from a file of an agency."
        )
        return
    _print_table(
        ("No.", "ไฟล์\nfile", "แผ่นงาน\nsheet", "ช่อง\ncell", "คอลัมน์\ncolumn", "ค่า\nvalue"),
        ((c.submission_id, c.file_name, c.sheet, c.cell, c.column, c.value) for c in traced.cells),
    )
    if traced.truncated:
        typer.echo("… ยังมีอีก ดูทั้งหมดด้วย --limit 0 | there are more: --limit 0 shows all of them")


def _print_impact(found: "Impacts", limit: int) -> None:
    from ingestion.reports.words import shown

    one = found.submission
    scope = (one.agency_id, one.dataset_id, one.period, one.part)
    typer.secho(" · ".join(map(shown, (str(one.submission_id), one.file_name, *scope))), bold=True)
    if not found.in_release:
        typer.echo(
            f"รุ่น {found.release_id} ไม่ได้ใช้ไฟล์นี้ (สถานะ {one.state})"
            f" | release {found.release_id} is not made of it (state {one.state})"
        )
    figures = sum(len(row.figures) for row in found.impacts)
    typer.echo(
        f"รุ่น {found.release_id}: {figures:,} ตัวเลขใน {len(found.impacts):,} แถว"
        f" | release {found.release_id}: {figures:,} figures in {len(found.impacts):,} rows of marts"
    )
    listed = found.impacts[: limit or None]
    _print_table(
        ("mart", "แถว\nrow", "ชื่อ", "name", "ตัวเลข (แถวของไฟล์)\nfigures (rows of the file)"),
        (
            (
                row.mart,
                ", ".join(str(value) for value in row.key.values()),
                row.name_th,
                row.name_en,
                ", ".join(f"{name} ({rows:,})" for name, rows in row.figures.items() if not name.endswith("_pct")),
            )
            for row in listed
        ),
    )
    if len(listed) < len(found.impacts):
        typer.echo(f"… {len(found.impacts) - len(listed):,} (--limit 0 แสดงทั้งหมด | shows all of them)")


def _print_table(columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from ingestion.reports.words import shown

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else escape(shown(str(value))) for value in row))
    Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE).print(table)
