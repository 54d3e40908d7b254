"""What a newcomer wants to know after the demo, in Thai and English: what came in, what is published, where to look."""

import csv
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import shorten

from psycopg.rows import class_row
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chaidaen.pictures import PICTURES, figure, shown
from core import database
from core.settings import settings

STATES = {
    "loaded": "รับแล้ว\naccepted",
    "released": "รับแล้ว\naccepted",
    "rejected": "ไม่รับ\nrejected",
    "held": "รอพิจารณา\nheld",
    "duplicate": "ส่งซ้ำ\nsent before",
    "superseded": "แทนที่แล้ว\nreplaced",
    "received": "ยังไม่ตรวจ\nwaiting",
    "checked": "ยังไม่ตรวจ\nwaiting",
    "withdrawn": "ถอนแล้ว\nwithdrawn",
}
NEW = ("loaded", "released", "held", "received", "checked")
MOST_TOLD = 160  # letters of what a check observed; all of it is in the data docs
NOT_TAKEN = ("rejected", "held")


@dataclass(frozen=True, slots=True)
class _Outcome:
    submission_id: int
    agency_id: str
    dataset_id: str
    state: str
    accepted_rows: int | None
    rejected_rows: int | None
    reason_code: str | None
    codes: list[str]  # of its problems: errors before queries, commonest first


def print_summary(console: Console, *, after: int) -> None:
    """Print what became of the submissions numbered above `after`, the published release, and where things are."""
    outcomes = _outcomes(after)
    if outcomes and not any(outcome.state in NEW for outcome in outcomes):
        _print_nothing_new(console, outcomes)
    else:
        console.print(_datasets_table(outcomes))
        asked = [outcome for outcome in outcomes if outcome.state in NOT_TAKEN]
        if asked:
            console.print()
            console.print(_returned_table(asked))
    _print_release(console)
    _print_places(console)


def _print_nothing_new(console: Console, outcomes: list[_Outcome]) -> None:
    again = sum(outcome.state == "duplicate" for outcome in outcomes)
    wrong = len(outcomes) - again
    console.print(
        f"[bold]{again} ไฟล์เคยส่งมาแล้ว จึงไม่นำเข้าซ้ำ[/] · {again} files had been sent before, so nothing is loaded twice."
    )
    if wrong:
        console.print(f"อีก {wrong} ไฟล์ยังไม่ถูกต้องเหมือนเดิม · {wrong} others are as wrong as they were.")


def _outcomes(after: int) -> list[_Outcome]:
    with database.connect() as connection, connection.cursor(row_factory=class_row(_Outcome)) as cursor:
        return cursor.execute(
            "select s.submission_id, agency_id, dataset_id, state, accepted_rows, rejected_rows, reason_code,"
            " coalesce((select array_agg(code order by severity, n desc, code) from"
            "  (select code, severity, count(*) as n from ops.issues as i where i.submission_id = s.submission_id"
            "   group by code, severity) as counted), '{}') as codes"
            " from ops.submissions as s where s.submission_id > %s order by dataset_id, agency_id, s.submission_id",
            [after],
        ).fetchall()


def _datasets_table(outcomes: list[_Outcome]) -> Table:
    """One line per dataset: files and rows taken in and not, and what was wrong most often."""
    table = Table(
        title="ไฟล์ที่ส่ง · files sent", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("ชุดข้อมูล\ndataset", max_width=40)
    for heading in ("ไฟล์\nfiles", "รับ\naccepted", "ไม่รับ\nreturned", "แถวที่รับ\nrows in", "ไม่รับ\nout"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("พบบ่อยสุด\nmost often", max_width=36)
    for dataset_id in sorted({outcome.dataset_id for outcome in outcomes}):
        sent = [outcome for outcome in outcomes if outcome.dataset_id == dataset_id]
        returned = sum(outcome.state in NOT_TAKEN for outcome in sent)
        commonest = Counter(outcome.codes[0] for outcome in sent if outcome.codes).most_common(1)
        th, en = _dataset(dataset_id)
        table.add_row(
            f"{th}\n[dim]{en}[/]",
            figure(len(sent)),
            f"[green]{len(sent) - returned}[/]",
            f"[red]{returned}[/]" if returned else "–",
            figure(sum(outcome.accepted_rows or 0 for outcome in sent)),
            figure(sum(outcome.rejected_rows or 0 for outcome in sent)),
            _title(commonest[0][0]) if commonest else "",
        )
    return table


def _returned_table(outcomes: list[_Outcome]) -> Table:
    """Files that were not taken in, with the reason."""
    title = "ส่งคืนหรือรอพิจารณา · returned or waiting for a decision"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("ผล\nresult", no_wrap=True)
    table.add_column("หน่วยงาน\nagency", max_width=44)
    table.add_column("เพราะ\nwhy")
    for outcome in outcomes:
        table.add_row(
            f"[{'yellow' if outcome.state == 'held' else 'red'}]{STATES[outcome.state]}[/]",
            f"{_agency(outcome.agency_id)}\n[dim]{escape(outcome.agency_id)} · {escape(outcome.dataset_id)}[/]",
            _reason(outcome),
        )
    return table


def _reason(outcome: _Outcome) -> str:
    """The reason that decided, or the commonest problem of its rows; how many other kinds there were."""
    codes = list(dict.fromkeys(([outcome.reason_code] if outcome.reason_code else []) + outcome.codes))
    if not codes:
        return ""
    more = f" [dim](+{len(codes) - 1})[/]" if len(codes) > 1 else ""
    return f"{_title(codes[0])}{more}"


def _title(code: str) -> str:
    from ingestion.issues.catalogue import catalogue

    title = catalogue()[code].title
    return f"{title.th}\n[dim]{title.en}[/]"


@cache
def _agencies() -> dict[str, str]:
    with (settings().project_root / "dbt_project/seeds/agencies.csv").open(encoding="utf-8", newline="") as file:
        return {row["agency_id"]: row["name_th"] for row in csv.DictReader(file)}


def _agency(agency_id: str) -> str:
    return _agencies().get(agency_id, "ไม่รู้จัก · unknown")


def _dataset(dataset_id: str) -> tuple[str, str]:
    from ingestion.contracts import load_contracts

    contract = load_contracts().get(dataset_id)
    return (contract.label_th, contract.label_en) if contract else ("ไม่รู้จัก", escape(dataset_id))


def _print_release(console: Console) -> None:
    from publication.releases import list_releases

    published = next((release for release in list_releases() if release.status == "published"), None)
    if published is None:
        console.print("\n[yellow]ยังไม่มีชุดข้อมูลที่เผยแพร่ · Nothing is published yet.[/]")
        return
    console.print(
        f"\n[bold]ชุดข้อมูลที่เผยแพร่ · Published release {published.release_id}[/]"
        f"  ณ วันที่ · as of {published.as_of}  ·  ตรวจคุณภาพ · gate: {published.gate}"
        f"  ·  จาก {published.submissions} รายการ · made of {published.submissions} submissions\n",
        highlight=False,
    )
    _print_gate_findings(console, published.release_id)
    for picture in PICTURES:
        if table := shown(picture):
            console.print(table)
            console.print()


def _print_gate_findings(console: Console, release_id: int) -> None:
    with database.connect() as connection:
        findings = connection.execute(
            "select title_th, title_en, observed from ops.gate_results"
            " where release_id = %s and not success order by expectation_id",
            [release_id],
        ).fetchall()
    for title_th, title_en, observed in findings:
        console.print(f"  [yellow]![/] {escape(title_th)} · {escape(title_en)}", highlight=False)
        if observed:
            console.print(f"    [dim]{escape(shorten(observed, MOST_TOLD, placeholder=' …'))}[/]", highlight=False)
    if findings:
        console.print()


def _print_places(console: Console) -> None:
    command = _command()
    places = {
        "ใบรับและรายงานของหน่วยงาน · receipts and reports": str(settings().outbox),
        "ผลตรวจคุณภาพ · data docs": str(settings().home / "data_docs"),
        "ฐานข้อมูลสำหรับ BI · database for BI tools": f"{command} db url --role chaidaen_bi",
        "เริ่มใช้งานจริงบนเครื่องนี้ · start to work": "make up",
        "ฐานข้อมูลยังเปิดอยู่ หยุดด้วย · the database still runs; stop it": f"{command} db stop",
    }
    console.print("\n[bold]ดูต่อได้ที่ · Where to look[/]")
    for what, where in places.items():
        console.print(f"  {what}: {where}", highlight=False, soft_wrap=True)


def _command() -> str:
    """How this person calls `chaidaen` from where they stand."""
    if shutil.which("chaidaen"):
        return "chaidaen"
    here = Path(sys.executable).with_name("chaidaen")
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)
