"""The defect corpus as files: reproducible, and its truth names cells that exist."""

import json
from pathlib import Path

import typer
from openpyxl import load_workbook
from typer.testing import CliRunner

from chaidaen.cli.simulate import register
from chaidaen.simulate.corpus import Corpus
from chaidaen.simulate.layouts import ARRANGEMENTS
from chaidaen.simulate.pages import XLSX


def test_the_same_corpus_is_the_same_bytes() -> None:
    once, again = (list(Corpus().combination(XLSX, ARRANGEMENTS[-1])) for _ in range(2))
    assert [(case.file, case.content, case.told) for case in once] == [(c.file, c.content, c.told) for c in again]


def test_the_command_writes_files_and_their_truth(tmp_path: Path) -> None:
    """Opened by another program, the cell of a defect told there holds what the defect put in."""
    app = typer.Typer()
    register(app)
    outcome = CliRunner().invoke(app, ["defect-corpus", "--only", "xlsx header of 5 rows", "--out", str(tmp_path)])
    assert outcome.exit_code == 0, outcome.output
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["file"] for line in truth} <= {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")}
    masked = [line for line in truth if line["code"] == "id_masked" and line["file"].endswith(".xlsx")]
    assert masked
    for line in masked:
        value = str(load_workbook(tmp_path / line["file"])[line["sheet"]][line["cell"]].value)
        assert "x" in value or "*" in value
