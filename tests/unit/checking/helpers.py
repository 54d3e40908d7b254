"""Small files and what the check says of them. Everybody in them is invented."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

from ingestion.checking import FileVerdict, References, Scope, check_file
from ingestion.contracts import Contract, load_contract
from ingestion.issues import Issue

POPULATION_HEADER = ["รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน"]
YALA = Scope("registration_office_95", "population", "2564", "all", "95")


@dataclass(frozen=True)
class Checked:
    accepted: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    issues: list[Issue]  # of the rows, then of the file
    verdict: FileVerdict

    @property
    def found(self) -> set[tuple[str, str | None]]:
        """(code, address) of every issue."""
        return {(issue.code, issue.cell) for issue in self.issues}


def lenient(dataset: str) -> Contract:
    """A contract that takes any share of wrong rows, so that tests of single cells can use tiny files."""
    return replace(load_contract(dataset), reject_above_error_share_pct=100.0)


def check(path: Path, contract: Contract, scope: Scope | None = YALA) -> Checked:
    with check_file(path, contract, scope, References.load()) as run:
        chunks = list(run)
        verdict = run.verdict
    accepted = pa.concat_tables([chunk.accepted for chunk in chunks]).to_pylist() if chunks else []
    rejected = pa.concat_tables([chunk.rejected for chunk in chunks]).to_pylist() if chunks else []
    issues = [issue for chunk in chunks for issue in chunk.issues] + list(verdict.file_issues)
    for issue in issues:
        assert issue.as_json()["message_th"]
    assert verdict.rows == verdict.accepted_rows + verdict.rejected_rows == len(accepted) + len(rejected)
    return Checked(accepted, rejected, issues, verdict)


def csv_bytes(rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes(csv_bytes(rows, encoding, delimiter))
    return path


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]], *, top: int = 1, left: int = 1) -> Path:
    """Each sheet's rows from cell (top, left); None leaves a cell empty."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value is not None:
                    sheet.cell(top + i, left + j, value)
    book.save(path)
    return path
