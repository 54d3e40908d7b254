"""Counts of one check, and the verdict they lead to."""

from collections import Counter
from collections.abc import Sequence

from ingestion.checking.content_date import ContentDates
from ingestion.checking.folder import FolderAgreement
from ingestion.checking.model import Answer, CheckedChunk, FileVerdict, Scope
from ingestion.checking.own_columns import OwnColumns
from ingestion.contracts import Contract
from ingestion.issues import Issue, Repair, issue
from ingestion.reading import ReadProblem
from ingestion.stages import Verdict

KEPT_ADDRESSES = 100
HOPELESS_ROWS = 20_000  # so many wrong ones, and more than half of all: nobody reads a longer list
NEEDS_BASE = "returned_rows"  # the rows that a bad-rows file mends lie in the database


class Tally:
    """Filled while chunks go by."""

    def __init__(self, contract: Contract, scope: Scope | None) -> None:
        self._contract = contract
        self._file_issues: list[Issue] = []
        self._by_code: Counter[str] = Counter()
        self._severities: set[str] = set()
        self._repaired: Counter[tuple[str, str]] = Counter()
        self._repaired_at: dict[tuple[str, str], list[str]] = {}
        self.rows = 0
        self.rejected_rows = 0
        self.folder = FolderAgreement(contract, scope)
        self.dates = ContentDates()
        self.answers: list[Answer] = []
        self.returned = False

    @property
    def refused(self) -> bool:
        """An error about the whole file was found."""
        return any(found.severity == "error" for found in self._file_issues)

    def stop_when_hopeless(self) -> None:
        """Raises ReadProblem when so much is wrong that the rest of the file would tell nothing more."""
        limit_pct = self._contract.reject_above_error_share_pct
        if self.rejected_rows >= HOPELESS_ROWS and 2 * self.rejected_rows > self.rows and limit_pct < 50:
            raise ReadProblem("mostly_wrong_rows", rejected_rows=f"{self.rejected_rows:,}", rows=f"{self.rows:,}")

    def file_issue(self, found: Issue) -> None:
        """Take in an issue about the file or one of its total rows."""
        self._file_issues.append(found)
        self._count(found)

    def chunk(self, chunk: CheckedChunk) -> None:
        """Take in the rows and issues of a chunk."""
        self.rows += chunk.accepted.num_rows + chunk.rejected.num_rows
        self.rejected_rows += chunk.rejected.num_rows
        for found in chunk.issues:
            self._count(found)

    def _count(self, found: Issue) -> None:
        self._by_code[found.code] += 1
        self._severities.add(found.severity)

    def repaired(self, column: str, code: str, cells: int, addresses: Sequence[str]) -> None:
        """Take in repaired cells: how many, and some of their addresses."""
        self._repaired[column, code] += cells
        kept = self._repaired_at.setdefault((column, code), [])
        kept += addresses[: KEPT_ADDRESSES - len(kept)]

    def came_back(self, own: OwnColumns) -> None:
        """Take in what our own columns of a sheet said."""
        self.answers += own.answers
        self.returned |= own.returned

    def wanted_addresses(self, column: str, code: str) -> int:
        """How many more addresses are worth passing."""
        return KEPT_ADDRESSES - len(self._repaired_at.get((column, code), ()))

    def verdict(self, skipped: tuple[str, ...]) -> FileVerdict:
        """Weigh everything: an error about the whole file refuses it, and so does too large a share of wrong rows."""
        if not self.refused:
            for refusal in self.folder.refusals(self.rows) or self._share_refusals():
                self.file_issue(refusal)
        reason = next((found.code for found in self._file_issues if found.severity == "error"), None)
        content_date, content_date_cell = self.dates.settled or (None, None)
        good: Verdict = "accepted_with_issues" if self._severities else "accepted"
        return FileVerdict(
            verdict="rejected" if reason else good,
            rows=self.rows,
            accepted_rows=self.rows - self.rejected_rows,
            rejected_rows=self.rejected_rows,
            reason_code=reason,
            file_issues=tuple(self._file_issues),
            issues_by_code=dict(self._by_code),
            repairs=tuple(
                Repair(code, column, cells, tuple(self._repaired_at[column, code]))
                for (column, code), cells in self._repaired.items()
            ),
            skipped_checks=(*skipped, NEEDS_BASE) if self.returned else skipped,
            answers=tuple(self.answers),
            content_date=content_date,
            content_date_cell=content_date_cell,
            returned=self.returned,
        )

    def _share_refusals(self) -> list[Issue]:
        refusal = None if self.returned else too_many_errors(self._contract, self.rows, self.rejected_rows)
        return [] if refusal is None else [refusal]


def too_many_errors(contract: Contract, rows: int, rejected_rows: int) -> Issue | None:
    """The refusal of a whole submission whose share of wrong rows is above the contract's."""
    share, limit = 100 * rejected_rows / max(rows, 1), contract.reject_above_error_share_pct
    if share <= limit:
        return None
    return issue(
        "too_many_errors",
        rejected_rows=f"{rejected_rows:,}",
        rows=f"{rows:,}",
        share_pct=f"{share:.1f}",
        limit_pct=f"{limit:g}",
    )
