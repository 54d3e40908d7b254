"""What a newcomer wants to know after the demo, in Thai and English: what came in, what is published, where to look."""

import csv
from dataclasses import dataclass
from functools import cache

from psycopg.rows import class_row, dict_row
from rich.console import Console
from rich.table import Table

from core import database
from core.settings import settings

STATES = {
    "loaded": "รับแล้ว · accepted",
    "released": "รับแล้ว · accepted",
    "rejected": "ไม่รับ · rejected",
    "held": "รอพิจารณา · held",
    "duplicate": "ส่งซ้ำ · sent before",
    "superseded": "แทนที่แล้ว · replaced",
    "received": "ยังไม่ตรวจ · waiting",
    "checked": "ยังไม่ตรวจ · waiting",
    "withdrawn": "ถอนแล้ว · withdrawn",
}
SHOWN_REASONS = 2
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
    codes: list[str]  # of its problems, commonest first


def print_summary(console: Console, *, after: int) -> None:
    """Print what became of the submissions numbered above `after`, the published release, and where things are."""
    outcomes = _outcomes(after)
    if outcomes and all(outcome.state == "duplicate" for outcome in outcomes):
        console.print(
            f"[bold]ไฟล์ทั้ง {len(outcomes)} ไฟล์เคยส่งมาแล้ว จึงไม่นำเข้าซ้ำ[/] · "
            f"All {len(outcomes)} files had been sent before, so nothing was loaded twice.\n"
        )
    elif outcomes:
        console.print(_submission_table(outcomes))
    _print_release(console)
    _print_places(console)


def _outcomes(after: int) -> list[_Outcome]:
    with database.connect() as connection, connection.cursor(row_factory=class_row(_Outcome)) as cursor:
        return cursor.execute(
            "select s.submission_id, agency_id, dataset_id, state, accepted_rows, rejected_rows, reason_code,"
            " coalesce((select array_agg(code order by n desc, code) from"
            "  (select code, count(*) as n from ops.issues as i where i.submission_id = s.submission_id"
            "   group by code) as counted), '{}') as codes"
            " from ops.submissions as s where s.submission_id > %s order by dataset_id, agency_id, s.submission_id",
            [after],
        ).fetchall()


def _submission_table(outcomes: list[_Outcome]) -> Table:
    table = Table(title="สิ่งที่ส่งมา · What was sent", title_justify="left", expand=True, pad_edge=False)
    table.add_column("หน่วยงาน · agency", ratio=3)
    table.add_column("ชุดข้อมูล · dataset", ratio=2)
    table.add_column("ผล · result", ratio=2)
    table.add_column("แถวที่รับ\nrows in", justify="right", no_wrap=True)
    table.add_column("ไม่รับ\nrows out", justify="right", no_wrap=True)
    table.add_column("เพราะ · why", ratio=4)
    dataset = None
    for outcome in outcomes:
        if dataset not in (None, outcome.dataset_id):
            table.add_section()
        dataset = outcome.dataset_id
        table.add_row(
            _agency(outcome.agency_id),
            _dataset(outcome.dataset_id),
            f"[{_colour(outcome)}]{STATES[outcome.state]}[/]",
            _figure(outcome.accepted_rows),
            _figure(outcome.rejected_rows),
            "\n".join(_reasons(outcome)),
        )
    return table


def _reasons(outcome: _Outcome) -> list[str]:
    from ingestion.issues.catalogue import catalogue

    codes = list(dict.fromkeys(([outcome.reason_code] if outcome.reason_code else []) + outcome.codes))
    known = catalogue()
    told = [f"{known[c].title.th} · {known[c].title.en}" for c in codes[:SHOWN_REASONS] if c in known]
    return told + ([f"… +{len(codes) - SHOWN_REASONS}"] if len(codes) > SHOWN_REASONS else [])


def _colour(outcome: _Outcome) -> str:
    return {"rejected": "red", "held": "yellow", "duplicate": "dim"}.get(outcome.state, "green")


def _figure(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


@cache
def _agencies() -> dict[str, str]:
    with (settings().project_root / "dbt_project/seeds/agencies.csv").open(encoding="utf-8", newline="") as file:
        return {row["agency_id"]: f"{row['name_th']}\n[dim]{row['name_en']}[/]" for row in csv.DictReader(file)}


def _agency(agency_id: str) -> str:
    return _agencies().get(agency_id, agency_id)


@cache
def _dataset(dataset_id: str) -> str:
    from ingestion.contracts import load_contracts

    contract = load_contracts().get(dataset_id)
    return f"{contract.label_th}\n[dim]{contract.label_en}[/]" if contract else dataset_id


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
    console.print(_poverty_table())


def _poverty_table() -> Table:
    """Read as any BI tool would: its role, its view."""
    with database.connect("chaidaen_bi") as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select a.name_th, a.name_en, p.* from marts.poverty_by_area as p join marts.areas as a using (area_code)"
            " where p.area_level = any(%s) order by p.survey_year_be, p.area_code",
            [list(SHOWN_AREAS)],
        ).fetchall()
    table = Table(
        title="marts.poverty_by_area  (ปัดเป็น 5 · ค่าไม่เกิน 7 ไม่แสดง · rounded to 5, counts up to 7 not shown)",
        title_justify="left", pad_edge=False,
    )  # fmt: skip
    table.add_column("พื้นที่ · area")
    table.add_column("ปี · year", justify="right")
    columns = {
        "population_persons": "ประชากร\npopulation",
        "surveyed_households": "ครัวเรือนสำรวจ\nsurveyed",
        "any_poor_households": "ยากจนด้านใดด้านหนึ่ง\npoor in any",
        "target_poor_households": "ยากจนเป้าหมาย\ntarget poor",
    }
    for title in columns.values():
        table.add_column(title, justify="right")
    for row in rows:
        figures = (_figure(row[column]) for column in columns)
        table.add_row(f"{row['name_th']} · {row['name_en']}", str(row["survey_year_be"]), *figures)
    return table


def _print_places(console: Console) -> None:
    places = {
        "ใบรับและรายงานของหน่วยงาน · receipts and reports": str(settings().outbox),
        "ผลตรวจคุณภาพ · data docs": str(settings().home / "data_docs"),
        "ฐานข้อมูลสำหรับ BI · database for BI tools": "chaidaen db url --role chaidaen_bi",
        "เริ่มใช้งานจริงบนเครื่องนี้ · start to work": "make up",
    }
    console.print("\n[bold]ดูต่อได้ที่ · Where to look[/]")
    for what, where in places.items():
        console.print(f"  {what}: {where}", highlight=False, soft_wrap=True)
