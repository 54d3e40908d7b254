"""The simulator and the check agree: clean files raise nothing, and each seeded defect is found at its cell."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaidaen.samples import Sample, write_samples
from chaidaen.simulate import Simulation, simulate
from ingestion.checking import FileVerdict, References, Scope, check_file
from ingestion.contracts import load_contract
from ingestion.issues import Issue, catalogue
from tests.unit.simulate import reopening

Found = tuple[str | None, str, str]


@pytest.fixture(scope="module")
def references() -> References:
    return References.load()


def check(path: Path, file: str, references: References) -> tuple[list[Issue], FileVerdict]:
    agency, dataset, period = file.split("/")[:3]
    scope = Scope(agency, dataset, period, province_code=agency[-2:] if agency[-2:].isdigit() else None)
    issues: list[Issue] = []
    with check_file(path, load_contract(dataset), scope, references) as run:
        for chunk in run:
            issues += chunk.issues
        return [*issues, *run.verdict.file_issues], run.verdict


def repaired_cells(verdict: FileVerdict) -> Iterator[Found]:
    for repair in verdict.repairs:
        for cell in repair.cells:
            sheet, _, address = cell.rpartition("!")
            yield sheet or None, address, repair.code


def test_no_row_of_a_clean_simulation_raises_an_issue(tmp_path: Path, references: References) -> None:
    result = simulate(Simulation(240, periods=2, seed=21, months=1, provinces=("90", "95")), tmp_path)
    for file, rows in result.rows.items():
        issues, verdict = check(tmp_path / file, file, references)
        assert [(issue.code, issue.cell) for issue in issues] == []
        assert (verdict.verdict, verdict.rows, verdict.rejected_rows) == ("accepted", rows, 0)


def test_every_seeded_defect_is_found_at_its_cell_and_nothing_else(tmp_path: Path, references: References) -> None:
    """Errors and queries must match the truth exactly; certain repairs also occur by the office's habits."""
    result = simulate(Simulation(300, seed=22, defects=0.1, months=1, provinces=("91", "94", "95")), tmp_path)
    truth: dict[str, set[Found]] = defaultdict(set)
    for defect in reopening.truth(tmp_path):
        truth[defect.file].add((defect.sheet, defect.cell, defect.code))
    for file in result.rows:
        issues, verdict = check(tmp_path / file, file, references)
        told = {(issue.sheet, issue.cell, issue.code) for issue in issues if issue.cell is not None}
        mended = {found for found in truth[file] if catalogue()[found[2]].severity == "repaired"}
        assert told == truth[file] - mended
        assert mended <= set(repaired_cells(verdict))


def test_the_house_missing_from_songkhla_s_tambon_is_asked_about(tmp_path: Path, references: References) -> None:
    [songkhla] = [s for s in write_samples(tmp_path, datasets=("kpi_report",)) if "_90/population/2564" in s.file]
    issues, verdict = check(tmp_path / songkhla.file, songkhla.file, references)
    assert [(issue.code, issue.severity, issue.cell, issue.value) for issue in issues] == [
        ("control_total_differs", "query", "E132", "562,422")
    ]
    assert isinstance(songkhla, Sample) and verdict.accepted_rows == songkhla.rows == 127
