"""What a newcomer wants to know after the demo, in Thai and English: what came in, what is published, where to look."""

import csv
import shutil
import sys
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from psycopg.rows import class_row, dict_row
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

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
SHOWN_AREAS = ("region", "province")


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
        for dataset_id in dict.fromkeys(outcome.dataset_id for outcome in outcomes):
            console.print(_submission_table(dataset_id, [o for o in outcomes if o.dataset_id == dataset_id]))
            console.print()
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


def _submission_table(dataset_id: str, outcomes: list[_Outcome]) -> Table:
    table = Table(title=_dataset(dataset_id), title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("ผล\nresult", no_wrap=True)
    table.add_column("หน่วยงาน\nagency", no_wrap=True)
    table.add_column("แถวที่รับ\nrows in", justify="right", no_wrap=True)
    table.add_column("ไม่รับ\nout", justify="right", no_wrap=True)
    table.add_column("เพราะ\nwhy")
    for outcome in outcomes:
        table.add_row(
            f"[{_colour(outcome)}]{STATES[outcome.state]}[/]",
            f"{_agency(outcome.agency_id)}\n[dim]{escape(outcome.agency_id)}[/]",
            _figure(outcome.accepted_rows),
            _figure(outcome.rejected_rows),
            _reason(outcome),
        )
    return table


def _reason(outcome: _Outcome) -> str:
    """The reason that decided, or the commonest problem of its rows; how many other kinds there were."""
    from ingestion.issues.catalogue import catalogue

    codes = list(dict.fromkeys(([outcome.reason_code] if outcome.reason_code else []) + outcome.codes))
    if not codes:
        return ""
    title = catalogue()[codes[0]].title
    more = f" [dim](+{len(codes) - 1})[/]" if len(codes) > 1 else ""
    return f"{title.th}\n[dim]{title.en}[/]{more}"


def _colour(outcome: _Outcome) -> str:
    return {"rejected": "red", "held": "yellow", "duplicate": "dim"}.get(outcome.state, "green")


def _figure(number: int | Decimal | None) -> str:
    return "–" if number is None else f"{number:,}"


@cache
def _agencies() -> dict[str, str]:
    with (settings().project_root / "dbt_project/seeds/agencies.csv").open(encoding="utf-8", newline="") as file:
        return {row["agency_id"]: row["name_th"] for row in csv.DictReader(file)}


def _agency(agency_id: str) -> str:
    return _agencies().get(agency_id, "ไม่รู้จัก · unknown")


def _dataset(dataset_id: str) -> str:
    from ingestion.contracts import load_contracts

    contract = load_contracts().get(dataset_id)
    return f"{contract.label_th} · {contract.label_en}" if contract else escape(dataset_id)


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
    console.print(_poverty_table())


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
            console.print(f"    [dim]{escape(observed)}[/]", highlight=False)
    if findings:
        console.print()


def _poverty_table() -> Table:
    """Read as any BI tool would: its role, its view."""
    with database.connect("chaidaen_bi") as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select a.name_th, a.name_en, p.* from marts.poverty_by_area as p join marts.areas as a using (area_code)"
            " where p.area_level = any(%s) order by p.survey_year_be, p.area_code",
            [list(SHOWN_AREAS)],
        ).fetchall()
    table = Table(
        title="marts.poverty_by_area", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    table.caption = (
        "ครัวเรือนที่สำรวจ ยากจนอย่างน้อยหนึ่งมิติ และยากจนเป้าหมาย · households surveyed, poor in any way, target poor\n"
        "นับได้ไม่เกิน 7 ไม่แสดง นอกนั้นปัดเป็น 5 · counts up to 7 are not shown, others are rounded to 5"
    )
    table.caption_justify = "left"
    table.add_column("พื้นที่\narea", max_width=20)
    table.add_column("ปี พ.ศ.\nyear BE", justify="right", no_wrap=True)
    columns = {
        "population_persons": "ประชากร\npeople",
        "surveyed_households": "ครัวเรือน\nsurveyed",
        "any_poor_households": "ยากจน\npoor",
        "target_poor_households": "เป้าหมาย\ntarget",
    }
    for title in columns.values():
        table.add_column(title, justify="right", no_wrap=True)
    for row in rows:
        figures = (_figure(row[column]) for column in columns)
        table.add_row(f"{row['name_th']}\n[dim]{row['name_en']}[/]", str(row["survey_year_be"]), *figures)
    return table


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
