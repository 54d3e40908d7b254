"""The report as data. `from_ledger` and `from_check` make it, `writing` turns it into the files of the outbox."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from ingestion.contracts import Contract
from ingestion.reports import words

LINES_SHOWN = 40  # addresses a page lists per kind of problem; report.json has all of them


@dataclass(frozen=True, slots=True)
class Receipt:
    """The facts of a submission, under the public names of its fields."""

    submission_id: int | None  # None where no ledger was asked (`chaidaen check`)
    agency_id: str
    dataset_id: str
    period: str
    part: str
    revision: int | None
    sha256: str
    file_name: str
    size_bytes: int
    state: str
    verdict: str | None
    reason_code: str | None
    rows: int | None
    accepted_rows: int | None
    rejected_rows: int | None
    contract_version: str | None
    duplicate_of: int | None
    superseded_by: int | None
    received_at: datetime
    base_submission_id: int | None = None  # the submission whose returned bad rows made this revision
    content_date: date | None = None  # the day (CE) the file says its content is of
    content_date_cell: str | None = None  # where it says so, sheet!A1

    def as_json(self) -> dict[str, object]:
        """`receipt.json`; `received_at` is ISO 8601 in UTC, `received_at_th` in Thai time of the Buddhist era."""
        thai, english, _ = words.headline(self.state, self.verdict)
        return {
            **asdict(self),
            "content_date": None if self.content_date is None else self.content_date.isoformat(),
            "received_at": self.received_at.isoformat(),
            "received_at_th": words.thai_instant(self.received_at),
            "status_th": thai,
            "status_en": english,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One problem at one address. `value` is already masked where the column is personal."""

    code: str
    severity: str
    sheet: str | None
    row: int | None
    column: str | None
    cell: str | None
    value: str | None
    message_th: str
    message_en: str
    cure_th: str
    cure_en: str
    explanation: str | None = None  # what the sender said to a query; then it is closed


@dataclass(frozen=True, slots=True)
class Group:
    """All problems of one kind in one column; `lines` are the first `LINES_SHOWN` of `count`."""

    code: str
    severity: str
    column: str | None
    column_th: str | None
    column_en: str | None
    title_th: str
    title_en: str
    count: int
    lines: tuple[Line, ...]
    open_queries: int = 0  # of `count`, those that still want an explanation


@dataclass(frozen=True, slots=True)
class Repair:
    """What was certain and so was mended without asking."""

    code: str
    title_th: str
    title_en: str
    column: str
    column_th: str
    repaired_cells: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row kept out, as it was sent: pairs of header and value, in the sender's order."""

    sheet: str
    row: int
    content: list[tuple[str, str | None]]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the papers of one submission say. The two callables stream: a huge file does not fill memory."""

    receipt: Receipt
    agency_th: str
    agency_en: str
    dataset_th: str
    dataset_en: str
    groups: tuple[Group, ...]
    repairs: tuple[Repair, ...]
    skipped_checks: tuple[str, ...]
    issues: Callable[[], Iterable[Line]]
    bad_rows: Callable[[], Iterable[BadRow]]
    source: Path | None = None  # the sender's bytes, to be marked
    contract: Contract | None = None
    withdrawn_because: str | None = None

    @property
    def open_queries(self) -> int:
        """Queries nobody has answered yet."""
        return sum(group.open_queries for group in self.groups)

    def count(self, severity: str) -> int:
        return sum(group.count for group in self.groups if group.severity == severity)
