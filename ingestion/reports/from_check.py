"""The same report without a database: what `chaidaen check` shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core import clock
from core.errors import UsageError
from ingestion import door
from ingestion.agencies import agencies
from ingestion.checking import References, Scope, check_file
from ingestion.contracts import load_contract
from ingestion.explanations import Said
from ingestion.issues import Issue
from ingestion.reports.labels import Labels
from ingestion.reports.model import BadRow, Line, Receipt, Report


def check(file: Path, dataset_id: str, contracts: Path | None = None, scope: Scope | None = None) -> Report:
    """Check a file against a contract and report it: with a scope exactly as ingestion would in that folder.

    Raises UsageError for a missing file, UnknownDataset.
    """
    if not file.is_file():
        raise UsageError(f"There is no file {file}.", cure="Give the path of the file to check.")
    contract = load_contract(dataset_id, contracts)
    lines: list[Line] = []
    bad_rows: list[BadRow] = []
    with check_file(file, contract, scope, References.load()) as run:
        for chunk in run:
            lines.extend(map(_line, chunk.issues))
            bad_rows.extend(_bad_row(row) for row in chunk.rejected.to_pylist())
        result = run.verdict
    asked = door.questions(scope, contract) if scope else []
    lines.extend(map(_line, (*result.file_issues, *asked)))
    verdict = "accepted_with_issues" if asked and result.verdict == "accepted" else result.verdict
    if result.answers:
        said = Said(result.answers)
        lines = [_answered(line, said) for line in lines]
    labels = Labels(contract)
    agency = agencies()[scope.agency_id] if scope else None
    receipt = Receipt(
        submission_id=None, agency_id=scope.agency_id if scope else "", dataset_id=dataset_id,
        period=scope.period if scope else "", part=scope.part if scope else "all", revision=None,
        sha256=_sha256(file), file_name=file.name, size_bytes=file.stat().st_size, state="checked",
        verdict=verdict, reason_code=result.reason_code,
        rows=result.rows, accepted_rows=result.accepted_rows, rejected_rows=result.rejected_rows,
        contract_version=contract.version, duplicate_of=None, superseded_by=None, received_at=clock.now(),
    )  # fmt: skip
    return Report(
        receipt=receipt, agency_th=agency.name_th if agency else "–", agency_en=agency.name_en if agency else "",
        dataset_th=contract.label_th, dataset_en=contract.label_en,
        groups=tuple(labels.group(len(found), found, _open(found)) for found in _by_kind(lines)),
        repairs=tuple(labels.repair(one.code, one.column, one.repaired_cells, one.cells) for one in result.repairs),
        skipped_checks=result.skipped_checks,
        issues=lambda: lines,
        bad_rows=lambda: bad_rows,
        source=file,
        contract=contract,
    )  # fmt: skip


def _by_kind(lines: Iterable[Line]) -> list[list[Line]]:
    """Errors first, the whole file before single rows, then the most frequent: as the ledger's report lists them."""
    kinds: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        kinds.setdefault((line.severity, line.code, line.column or ""), []).append(line)
    return sorted(kinds.values(), key=_place_in_report)


def _place_in_report(found: list[Line]) -> tuple[str, bool, int, str, str]:
    first = found[0]
    is_of_rows = any(line.row is not None for line in found)
    return (first.severity, is_of_rows, -len(found), first.code, first.column or "")


def _open(found: Iterable[Line]) -> int:
    return sum(line.severity == "query" and line.explanation is None for line in found)


def _answered(line: Line, said: Said) -> Line:
    """The line with what the sender said to it in the file itself."""
    if line.severity != "query":
        return line
    return replace(line, explanation=said.to(line.code, line.column, line.sheet, line.row))


def _line(found: Issue) -> Line:
    return Line(**found.as_json())


def _bad_row(row: Mapping[str, Any]) -> BadRow:
    content = json.loads(row["content"], object_pairs_hook=list)
    return BadRow(row["_sheet"], row["_row"], content, tuple(row["codes"]))


def _sha256(file: Path) -> str:
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()
