"""One check of one file, from its bytes to the verdict."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from core.errors import UsageError
from ingestion.checking.filelevel import choose_layouts, hidden_unused, layout_issues
from ingestion.checking.model import CheckedChunk, FileVerdict, Scope
from ingestion.checking.own_columns import summary_answers
from ingestion.checking.references import References
from ingestion.checking.rules import unique_rules
from ingestion.checking.sheet import SheetCheck
from ingestion.checking.tally import Tally
from ingestion.checking.units import unit_issues
from ingestion.contracts import Contract, dataset_references
from ingestion.issues import issue, issue_from
from ingestion.reading import HeaderNames, ReadProblem, open_source

NEEDS_DATABASE = (
    "duplicate_submission", "fewer_rows_than_before", "other_keys_than_before", "older_than_current",
    "period_locked",
)  # fmt: skip
OTHER_DATASETS = "reference_not_found"
NEEDS_SCOPE = (
    "area_outside_province", "wrong_province", "wrong_period", "wrong_agency", "row_of_other_period",
    "row_of_other_agency", "date_before_period", "date_after_period", "area_outside_part", "wrong_part",
)  # fmt: skip
LEVELS_NEED_SCOPE = ("level_differs",)  # the table of levels is the year's
ITEMS_NEED_SCOPE = ("not_asked_in_period", "missing_column", "required_missing")  # what is asked differs by period
NAMES_NEED_SCOPE = ("area_name_ambiguous", "area_name_unknown")  # a name is looked for in the sender's province


def check_file(path: Path, contract: Contract, scope: Scope | None, references: References) -> "CheckRun":
    """Check a file against a contract. Use it with `with`, iterate the chunks, then read `verdict`.

    scope None: nothing is known of the folder, so what must agree with it, or is told by it, is skipped. Whatever is
    wrong with the file is an issue; only a fault of ours raises.
    """
    return CheckRun(path, contract, scope, references)


class CheckRun:
    """Iterator of CheckedChunk; once through."""

    def __init__(self, path: Path, contract: Contract, scope: Scope | None, references: References) -> None:
        self._path, self._scope, self._references = path, scope, references
        self._contract = contract = contract if scope is None else contract.of_period(scope.period)
        self._open = ExitStack()
        self._tally = Tally(contract, scope)
        self._columns: dict[str, Mapping[str, int]] = {}
        self._verdict: FileVerdict | None = None
        self._finished = False
        self._chunks = self._run()

    def __enter__(self) -> "CheckRun":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._chunks.close()
        self._open.close()

    def __iter__(self) -> Iterator[CheckedChunk]:
        return self._chunks

    @property
    def verdict(self) -> FileVerdict:
        """The result; chunks not yet read are read first."""
        for _ in self._chunks:
            pass
        if not self._finished:
            raise UsageError("The check was left before its end", cure="Read every chunk, then the verdict")
        if self._verdict is None:
            self._verdict = replace(self._tally.verdict(self._skipped_checks()), columns=self._columns)
        return self._verdict

    def _skipped_checks(self) -> tuple[str, ...]:
        """Codes that the folder or the database may add to what was found."""
        skipped: tuple[str, ...] = NEEDS_DATABASE
        if self._scope is None:
            takes_names = any(column.accept_names for column in self._contract.columns)
            has_levels = any(rule.kind == "level_of" for rule in self._contract.rules)
            asks_by_period = any(rule.kind == "asked_in_periods" for rule in self._contract.rules)
            skipped += NEEDS_SCOPE + (NAMES_NEED_SCOPE if takes_names else ())
            skipped += ITEMS_NEED_SCOPE if asks_by_period else ()
            skipped += LEVELS_NEED_SCOPE if has_levels else ()
        return skipped + ((OTHER_DATASETS,) if dataset_references(self._contract) else ())

    def _run(self) -> Generator[CheckedChunk, None, None]:
        with self._open:
            try:
                yield from self._sheets()
            except ReadProblem as problem:
                self._tally.file_issue(issue_from(problem.code, problem.params))
            self._finished = True

    def _sheets(self) -> Iterator[CheckedChunk]:
        source = self._open.enter_context(open_source(self._path))
        names = HeaderNames(self._contract)
        layouts, issues = choose_layouts(source, self._contract, names)
        self._columns = {layout.grid.name: layout.positions for layout in layouts}
        for found in issues:
            self._tally.file_issue(found)
        for repair in hidden_unused(source, names, layouts):
            self._tally.repaired(repair.column, repair.code, repair.repaired_cells, repair.cells)
        for layout in layouts:
            for found in (
                *layout_issues(layout, self._contract),
                *unit_issues(layout, self._contract),
                *self._tally.folder.title_issues(layout, self._references.provinces),
                *self._tally.dates.of_titles(layout),
            ):
                self._tally.file_issue(found)
        for found in self._tally.dates.of_own(source.own):
            self._tally.file_issue(found)
        if self._tally.refused:
            return
        self._tally.answers += summary_answers(source.own)
        uniques = unique_rules(self._contract)
        sheets = [layout.grid.name for layout in layouts]
        for number, layout in enumerate(layouts):
            sheet = SheetCheck(
                self._contract,
                layout,
                scope=self._scope,
                references=self._references,
                uniques=uniques,
                sheets=sheets,
                number=number,
                tally=self._tally,
            )
            yield from sheet.chunks()
        for found in self._tally.dates.differing():  # now that the footnotes are read too
            self._tally.file_issue(found)
        if not self._tally.rows:
            self._tally.file_issue(issue("no_data_rows"))
