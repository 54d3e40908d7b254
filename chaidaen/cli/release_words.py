"""How releases and builds look in the terminal."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from core import clock

if TYPE_CHECKING:
    from publication.builds import BuildSummary
    from publication.releases import Release

WIDTH_IN_A_FILE = 200
COLOURS = {
    "published": "bold green", "held": "yellow", "superseded": "dim", "candidate": "cyan",
    "success": "green", "pass": "green", "passed": "green", "warn": "yellow", "warning": "yellow",
    "error": "bold red", "fail": "bold red", "runtime error": "bold red", "failed": "bold red", "crashed": "bold red",
}  # fmt: skip


def print_releases(found: "Sequence[Release]") -> None:
    columns = (
        "release", "status", "age", "as of", "gate", "decided by", "submissions", ">MB", ">own MB", "content",
    )  # fmt: skip
    print_table(columns, [
        (f"{'→ ' if r.status == 'published' else ''}{r.release_id}", coloured(r.status),
         _age(r.published_at or r.created_at), r.as_of.isoformat(), coloured(r.gate), _decided(r),
         str(r.submissions), f"{r.size_bytes / 1e6:.1f}", f"{r.own_bytes / 1e6:.1f}",
         "deleted" if r.content_dropped_at else "kept" if r.size_bytes else "–")
        for r in found
    ])  # fmt: skip


def _decided(release: "Release") -> str:
    if release.decision == "rejected":
        return f"[yellow]refused[/] by {text(release.decided_by)}: {text(release.decision_reason)}"
    return text(release.approved_by)


def _age(since: datetime) -> str:
    hours = max(0.0, (clock.now() - since).total_seconds() / 3600)
    return f"{hours * 60:.0f} min" if hours < 1 else f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.0f} d"


def print_nodes(release_id: int, nodes: Sequence[dict[str, Any]]) -> None:
    from publication.builds import short_name

    seconds = sum(node["execution_seconds"] for node in nodes)
    rows = []
    for node in nodes:
        kind, name = short_name(node["unique_id"])
        share = node["execution_seconds"] / seconds if seconds else 0.0
        rows.append((
            kind, name, coloured(node["status"]), f"{node['execution_seconds']:.2f}", f"{share:.0%}",
            "–" if node["rows_affected"] is None else f"{node['rows_affected']:,}", text(node["message"]),
        ))  # fmt: skip
    print_table(("kind", "node", "status", ">seconds", ">share", ">rows", "message"), rows)
    bad = sum(node["status"] in ("error", "fail", "runtime error") for node in nodes)
    sys.stdout.write(
        f"Release {release_id}: {len(nodes)} nodes were run in {seconds:.1f} s of dbt, {bad} failed;"
        " what stood already was not run.\n"
    )


def print_builds(found: "Sequence[BuildSummary]") -> None:
    from publication.builds import short_name

    columns = ("release", "status", "age", ">models", ">tests", ">seeds", ">failed", ">seconds", "slowest")
    print_table(columns, [
        (str(b.release_id), coloured(b.status), _age(b.opened_at), str(b.models), str(b.tests), str(b.seeds),
         f"[bold red]{b.failed}[/]" if b.failed else "0", f"{b.seconds:.1f}",
         f"{short_name(b.slowest)[1]} {b.slowest_seconds:.1f} s" if b.slowest else "–")
        for b in found
    ])  # fmt: skip


def print_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A column whose name begins with `>` is set to the right."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column.lstrip(">"), overflow="fold", justify="right" if column.startswith(">") else "left")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE).print(table)


def coloured(word: str | None) -> str:
    return "–" if word is None else f"[{COLOURS[word]}]{word}[/]" if word in COLOURS else word


def text(value: object) -> str:
    from rich.markup import escape

    return "–" if value is None else escape(str(value))
