"""What goes into a check and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from ingestion.issues import Issue, Repair
from ingestion.stages import Verdict


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the file was dropped; `province_code` is the agency's, None for a regional one."""

    agency_id: str
    dataset_id: str
    period: str
    part: str = "all"
    province_code: str | None = None


@dataclass(frozen=True, slots=True)
class CheckedChunk:
    """Some rows of the file.

    accepted: `_sheet` text, `_row` int64, then every contract column typed (text, int64, decimal, date32, bool),
        identifiers normalised but still readable; beside a person identifier `<key_name>_kind`,
        beside a date of unsure precision `<name>_precision` (year, month, day).
    rejected: `_sheet`, `_row`, `content` (JSON text: header as sent → value as sent), `codes` list of text.
    issues: errors and queries of these rows, personal values masked.
    """

    accepted: pa.Table
    rejected: pa.Table
    issues: list[Issue]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender wrote beside a query of an earlier check: beside its row, or in the summary for all of a kind."""

    text: str
    sheet: str | None = None
    row: int | None = None
    code: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The result for the file: `rows` = `accepted_rows` + `rejected_rows`; blanks, totals and footnotes are no rows.

    `file_issues` are those about the file as a whole and its total rows, in no chunk; `reason_code` names the one that
    decided a rejection. Of a rejected file nothing may be loaded, `accepted_rows` then counts the rows without error.
    """

    verdict: Verdict
    rows: int
    accepted_rows: int
    rejected_rows: int
    reason_code: str | None = None
    file_issues: tuple[Issue, ...] = ()
    issues_by_code: Mapping[str, int] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    skipped_checks: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    content_date: date | None = None  # the day (CE) the file says its content is of
    content_date_cell: str | None = None  # where it says so, sheet!A1
    columns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # sheet → contract column → 0 = A
    returned: bool = False  # a bad-rows file: its share of errors says nothing, it is judged with the rows it mends
