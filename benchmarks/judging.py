"""A case of the defect corpus, checked and compared with its truth."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chaidaen.simulate.clean import contract_of
from chaidaen.simulate.corpus import Case
from chaidaen.simulate.layouts import Told
from ingestion.checking import FileVerdict, References, Scope, check_file
from ingestion.issues import entry


@dataclass(frozen=True, slots=True)
class Judged:
    """found and missed: truth by kind. misplaced: a missed code told at another cell. false: told, not in the truth."""

    case: Case
    found: list[tuple[Told, str]] = field(default_factory=list)
    missed: list[tuple[Told, str]] = field(default_factory=list)
    misplaced: list[Told] = field(default_factory=list)
    false: list[Told] = field(default_factory=list)
    verdict_wrong: str | None = None

    @property
    def is_right(self) -> bool:
        return not (self.missed or self.misplaced or self.false or self.verdict_wrong)


def checked(case: Case, folder: Path) -> tuple[set[Told], set[Told], FileVerdict]:
    """Issues (sheet, cell, code) and repaired cells of a case, and the verdict, as `check_file` gives them."""
    path = folder / f"case.{case.extension or case.form.extension}"
    path.write_bytes(case.content)
    scope = Scope(case.agency, case.dataset, case.period, case.part, case.province_code)
    issues: set[Told] = set()
    with check_file(path, contract_of(case.dataset), scope, References.load()) as run:
        for chunk in run:
            issues |= {(one.sheet, one.cell, one.code) for one in chunk.issues}
        verdict = run.verdict
    issues |= {(one.sheet if one.cell else None, one.cell, one.code) for one in verdict.file_issues}
    return issues, set(_repaired(verdict)), verdict


def _repaired(verdict: FileVerdict) -> Iterator[Told]:
    for repair in verdict.repairs:
        for cell in repair.cells:
            sheet, _, address = cell.rpartition("!")
            yield sheet or None, address, repair.code


def judge(case: Case, folder: Path) -> Judged:
    """Compare a case with its truth. Cells decide; of an issue about the whole file only the code does."""
    issues, repaired, verdict = checked(case, folder)
    told = issues | repaired
    expected = {_plain(place): kind for place, kind in case.told.items()}
    result = Judged(case, verdict_wrong=_verdict_difference(case, verdict))
    for place, kind in expected.items():
        (result.found if place in told else result.missed).append((place, kind))
    missed_codes = {code for (_, _, code), _ in result.missed}
    # What was tried on a cell before it was refused is counted as a repair too: no alarm beside the one it deserves.
    spoilt = {place[:2] for place in expected}
    beside = {place for place in repaired if place[:2] in spoilt}
    for place in sorted(told - expected.keys() - beside, key=str):
        (result.misplaced if place[2] in missed_codes else result.false).append(place)
    return result


def _plain(place: Told) -> Told:
    sheet, cell, code = place
    return (sheet if cell else None), cell, code


def _verdict_difference(case: Case, verdict: FileVerdict) -> str | None:
    expected = (case.verdict, case.rows or 0, case.rejected_rows)
    found = (verdict.verdict, verdict.rows, verdict.rejected_rows)
    if case.rows is None:  # rows before a break are counted or not, as far as the reader came
        expected, found = (case.verdict, 0, 0), (verdict.verdict, 0, 0)
    return None if expected == found else f"expected {expected}, found {found}"


def is_repair(code: str) -> bool:
    return entry(code).severity == "repaired"
