"""`chaidaen check` and ingestion say the same of every file of the defect corpus: verdict, counts, cells and codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import defects
from benchmarks.judging import checked
from chaidaen.simulate.clean import EXAMPLE
from chaidaen.simulate.corpus import Case
from chaidaen.simulate.layouts import ARRANGEMENTS, Arrangement, Told
from chaidaen.simulate.pages import Format
from ingestion import intake
from ingestion.reports.from_check import check
from tests.end_to_end.dropping import drop, query
from tests.end_to_end.test_defects import takes_part as short_form_has

pytestmark = [pytest.mark.usefixtures("module_home"), pytest.mark.timeout(240)]


TOO_MANY: Told = (None, None, "too_many_errors")


@dataclass(frozen=True)
class Result:
    """What one of the two said of a file."""

    verdict: str
    rows: int
    accepted_rows: int
    rejected_rows: int
    issues: frozenset[Told]
    repairs: frozenset[tuple[str, str, int]]  # code, column, cells


def corpus() -> Iterator[Case]:
    """Every kind, a part of the layouts, formats taking turns."""

    def takes_part(form: Format, layout: Arrangement) -> bool:
        number = ARRANGEMENTS.index(layout)
        return (number == 0 and form.name == "UTF-8, comma") or (number % 4 == 1 and short_form_has(form, layout))

    # The example dataset has no table.
    return (case for case in defects.corpus().cases(takes_part) if case.dataset != EXAMPLE)


def ingested(cases: list[Case]) -> dict[int, Result]:
    """Drop every case into landing, receive and process, and read the ledger."""
    for case in cases:
        drop(case.content, Path(case.file).name, folders=tuple(case.file.split("/")[:-1]))
    intake.receive_all()
    intake.process_all()
    by_part = {case.part: case.number for case in cases}
    submissions = {
        row["submission_id"]: row
        for row in query("select submission_id, part, verdict, rows, accepted_rows, rejected_rows from ops.submissions")
    }
    issues: dict[int, set[Told]] = {number: set() for number in submissions}
    for row in query("select submission_id, sheet, cell, code from ops.issues"):
        issues[row["submission_id"]].add((row["sheet"] if row["cell"] else None, row["cell"], row["code"]))
    repairs: dict[int, set[tuple[str, str, int]]] = {number: set() for number in submissions}
    for row in query("select submission_id, code, column_name, repaired_cells from ops.repairs"):
        repairs[row["submission_id"]].add((row["code"], row["column_name"], row["repaired_cells"]))
    return {
        by_part[row["part"]]: Result(
            row["verdict"], row["rows"] or 0, row["accepted_rows"] or 0, row["rejected_rows"] or 0,
            frozenset(issues[number]), frozenset(repairs[number]),
        )
        for number, row in submissions.items()
    }  # fmt: skip


def checked_alone(case: Case, folder: Path) -> Result:
    issues, _, verdict = checked(case, folder)
    return Result(
        verdict.verdict, verdict.rows, verdict.accepted_rows, verdict.rejected_rows, frozenset(issues),
        frozenset((repair.code, repair.column, repair.repaired_cells) for repair in verdict.repairs),
    )  # fmt: skip


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    # A file of no bytes is turned away at the door, before any check.
    return [case for case in corpus() if case.content]


@pytest.fixture(scope="module")
def loaded(cases: list[Case], module_home: Path) -> dict[int, Result]:
    return ingested(cases)


def test_ingestion_says_of_every_file_what_the_check_says(
    cases: list[Case], loaded: dict[int, Result], tmp_path: Path
) -> None:
    """The same scope given, verdict, rows, every (sheet, cell, code) and every count of repairs are equal."""
    assert len(cases) == len(loaded) >= 80
    assert {case.verdict for case in cases} == {"accepted", "accepted_with_issues", "rejected"}
    for case in cases:
        assert loaded[case.number] == checked_alone(case, tmp_path), f"{case.form.name}, {case.layout}, {case.dataset}"


def test_the_command_without_a_folder_differs_only_in_what_it_says_it_skips(
    cases: list[Case], loaded: dict[int, Result], tmp_path: Path
) -> None:
    """`chaidaen check FILE --dataset ID` knows no agency and no period; it says which checks need them."""
    for case in cases:
        if case.form.kind == "workbook" and case.number % 5:
            continue  # each costs a process of its own; the test above has them all
        path = tmp_path / Path(case.file).name
        path.write_bytes(case.content)
        report = check(path, case.dataset)
        skipped = set(report.skipped_checks)
        told = {(line.sheet if line.cell else None, line.cell, line.code) for line in report.issues()}
        expected = loaded[case.number]
        left_open = {place for place in expected.issues if place[2] in skipped}
        # What was skipped may be what lifts the share of wrong rows above the limit.
        unsure = {TOO_MANY} if left_open else set()
        assert told - unsure <= expected.issues, case.file
        assert expected.issues - left_open - unsure <= told, case.file
        if told == expected.issues:
            assert report.receipt.verdict == expected.verdict, case.file
            assert report.receipt.rejected_rows == expected.rejected_rows, case.file
