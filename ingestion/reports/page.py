"""The page an officer reads: one HTML file that needs nothing else, on a phone, on a desk or on paper."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ingestion.reports import words
from ingestion.reports.model import Line, Report


def render(report: Report, *, has_bad_rows: bool, has_marked: bool = False) -> str:
    """The whole page. Everything a sender wrote is escaped and its invisible characters are shown."""
    receipt = report.receipt
    thai, english, tone = words.headline(receipt.state, receipt.verdict)
    return _template().render(
        report=report,
        receipt=receipt,
        headline_th=thai,
        headline_en=english,
        tone=tone,
        received_th=words.thai_instant(receipt.received_at),
        received_en=words.english_instant(receipt.received_at),
        severities=words.SEVERITIES,
        has_bad_rows=has_bad_rows,
        has_marked=has_marked,
        marked_link=_marked_link,
        accepted_share=_share(receipt.accepted_rows, receipt.rows),
    )


def _marked_link(line: Line) -> str:
    """The cell in the marked workbook; programs that know no places in a workbook open the workbook."""
    sheet = (line.sheet or "").replace("'", "''")
    return "marked.xlsx#" + quote(f"'{sheet}'!{line.cell}" if sheet else str(line.cell))


def _share(part: int | None, whole: int | None) -> float:
    return 100 * (part or 0) / whole if whole else 0.0


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = lambda text: words.shown(str(text))
    environment.filters["number"] = lambda number: "–" if number is None else f"{number:,}"
    return environment.get_template("report.html.jinja")
