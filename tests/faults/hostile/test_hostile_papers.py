"""What a sender writes into cells comes back as text in every paper, on the terminal and in the database."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from chaidaen.cli import build_app
from ingestion import intake
from tests.end_to_end.dropping import HEADER, csv_bytes, drop, outbox, query, tambon_rows
from tests.faults.hostile.packing import sheet_xml, xlsx
from tests.faults.hostile.test_hostile_names import CONTROL, Tags

pytestmark = pytest.mark.usefixtures("module_home")

TEXTS = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1/x","press")',
    "+1+1|cmd",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\u200b=1+1",
    "＝1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "]]><!--",
    "\x1b[31mred\x1b]0;owned\x07",
    "\u202egnp.exe",
    "{{7*7}}{{config}}",
    "{% for x in range(9) %}x{% endfor %}",
    "${7*7}#{7*7}",
    "'; drop table raw.population; --",
    "\\copy x to program 'id'",
    "%s%n{0}{row}{value!r}",
    "$(id)`id`",
    "javascript:alert(1)",
)
FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@＝＋－＠]")
XML_TAKES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def table() -> list[tuple[object, ...]]:
    """A hostile header beside the good ones; every hostile text once in a figure and once under that header."""
    good = tambon_rows(len(TEXTS))
    return [
        (*HEADER, TEXTS[0]),
        *((code, text, *rest, text) for (code, _, *rest), text in zip(good, TEXTS, strict=True)),
    ]


def as_csv() -> bytes:
    header, *rows = table()
    return csv_bytes(rows, header=tuple(map(str, header)))


def as_workbook() -> bytes:
    return xlsx(
        sheet_xml([[XML_TAKES.sub("", cell) if isinstance(cell, str) else cell for cell in row] for row in table()])
    )


def as_json_lines() -> bytes:
    header, *rows = table()
    return "".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows).encode()


@pytest.mark.parametrize("make", [as_csv, as_workbook, as_json_lines])
def test_hostile_text_in_headers_and_cells_is_inert_everywhere(make: Callable[[], bytes]) -> None:
    drop(make(), "a.dat", part=make.__name__)
    intake.receive_all()
    [done] = intake.process_all()
    assert (done.state, done.rejected_rows) == ("rejected", len(TEXTS))
    folder = outbox(done.submission_id)
    _no_live_tags(folder / "report.html")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert any("<script>" in str(one["value"]) for one in report["issues"])
    _neutral(folder / "bad_rows.csv")
    _no_formula(folder / "marked.xlsx")
    for command in (["receipt", str(done.submission_id)], ["submissions"]):
        assert not CONTROL.search(CliRunner().invoke(build_app(), command, catch_exceptions=False).output)
    kept = query(
        "select content::text as content from vault.rejected_rows where _submission_id = %s", done.submission_id
    )
    assert len(kept) == len(TEXTS)
    assert any("drop table" in row["content"] for row in kept)
    assert query("select count(*) from raw.population")[0]["count"] == 0


def test_the_terminal_shows_what_check_finds_without_its_escapes(tmp_path: Path) -> None:
    (tmp_path / "\x1b[31mx.csv").write_bytes(as_csv())
    shown = CliRunner().invoke(build_app(), ["check", str(tmp_path / "\x1b[31mx.csv"), "--dataset", "population"])
    assert shown.exit_code == 10
    assert "=cmd" in shown.output
    assert not CONTROL.search(shown.output)


def _no_live_tags(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    tags = Tags(page)
    assert not tags.names & {"script", "img", "svg", "iframe", "object", "form"}
    assert not [name for name in tags.attributes if name.startswith("on")]
    assert not CONTROL.search(page)
    assert "&lt;script&gt;" in page


def _neutral(path: Path) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == len(TEXTS) + 1
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if FORMULA.match(cell) and not re.fullmatch(r"[+-]?[\d.,]+", cell)]
    assert any(cell.startswith("'=cmd") for cell in cells)


def _no_formula(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert cells
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [cell.coordinate for cell in cells if cell.hyperlink and cell.hyperlink.target]
