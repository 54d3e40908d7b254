"""The page itself: one HTML file that needs nothing else, on a phone, on a desk or on paper."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chaidaen.report import wording
from chaidaen.report.rows import Row
from chaidaen.report.scope import Scope
from chaidaen.report.section import fill
from chaidaen.report.sections import SECTIONS
from chaidaen.report.snapshot import Snapshot
from core import clock
from ingestion.reports.words import shown

HERE = Path(__file__).parent
WEIGHTS = (400, 600)
SUBSETS = (("thai", "U+0E01-0E5B,U+200C-200D,U+25CC"), ("latin", "U+0000-00FF,U+2010-2027,U+2030-205E,U+2212"))


KINDS = (
    ("gate", "เกณฑ์ตรวจคุณภาพที่ยังไม่ผ่าน", "Quality expectations not met"),
    ("completeness", "ข้อมูลที่ยังไม่ครบ", "Incomplete data"),
    ("quality", "คุณภาพข้อมูล", "Data quality"),
    ("method", "วิธีคิด", "Method"),
    ("fact", "ข้อเท็จจริง", "Facts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Row):
    MART: ClassVar[str] = "release_notes"
    note_code: str
    kind: str
    dataset_id: str | None
    severity: str
    message_th: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Release:
    """What readers should know of the release before they quote it."""

    release_id: int
    as_of: date
    days: int
    notes: list[Note]

    def of_kind(self, kind: str) -> list[Note]:
        return [one for one in self.notes if one.kind == kind]

    def alike(self, kind: str) -> list[list[Note]]:
        """Notes of a kind, those that say the same of one dataset's many periods together."""
        together = groupby(self.of_kind(kind), key=lambda one: (one.note_code, one.dataset_id))
        return [list(notes) for _, notes in together]


def render(marts: Snapshot, scope: Scope) -> str:
    """The whole page. Everything that comes from data is escaped, and its invisible characters are shown."""
    release = Release(marts.release_id, marts.as_of, (clock.today() - marts.as_of).days, _notes(marts, scope))
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            scope=scope,
            release=release,
            sections=fill(SECTIONS, marts, scope),
            fonts=_fonts(),
            age=wording.age(release.days),
            kinds=KINDS,
        )
    )


def _notes(marts: Snapshot, scope: Scope) -> list[Note]:
    """Warnings about the area, or about none in particular."""
    return marts.rows(
        Note,
        "where m.severity <> 'info' and (m.area_code is null or m.area_code = %(area_code)s"
        " or %(province_code)s::text is null or m.area_code like %(province_code)s || '%%') order by m.note_no",
        scope.parameters,
    )


@cache
def _fonts() -> list[dict[str, str]]:
    return [
        {
            "weight": str(weight),
            "range": letters,
            "data": b64encode((HERE / "fonts" / f"sarabun-{subset}-{weight}-normal.woff2").read_bytes()).decode(
                "ascii"
            ),
        }
        for subset, letters in SUBSETS
        for weight in WEIGHTS
    ]


@cache
def environment() -> Environment:
    """Everything put into a template is escaped."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "said": lambda text: wording.UNKNOWN if text is None or text == "" else shown(str(text)),
        "number": wording.number,
        "measured": wording.measured,
        "million": wording.million,
        "thai_day": wording.thai_day,
        "short_thai_day": wording.short_thai_day,
        "english_day": wording.english_day,
        "thai_month": wording.thai_month,
    }
    templates.globals |= {"STATES": wording.STATES, "PERIODS": wording.PERIODS}
    return templates
