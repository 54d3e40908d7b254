"""Rows of the ledger as values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from psycopg import Connection

from ingestion.stages import Processed, Received, State, Verdict

AnyConnection = Connection[tuple[object, ...]]

SAME_SCOPE: LiteralString = (
    "(agency_id, dataset_id, period, part) = (%(agency_id)s, %(dataset_id)s, %(period)s, %(part)s)"
)
SUBMISSION: LiteralString = (
    "submission_id, agency_id, dataset_id, period, part, revision, sha256, size_bytes, file_name, contract_version,"
    " state, verdict, reason_code, rows, accepted_rows, rejected_rows, duplicate_of, superseded_by, received_at,"
    " outbox_state, base_submission_id, content_date, content_date_cell"
)


@dataclass(frozen=True, slots=True)
class Effective:
    """The revision of a scope that counts now."""

    submission_id: int
    sha256: str
    accepted_rows: int
    content_date: date | None


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole row of `ops.submissions`."""

    submission_id: int
    agency_id: str
    dataset_id: str
    period: str
    part: str
    revision: int | None
    sha256: str
    size_bytes: int
    file_name: str
    contract_version: str | None
    state: State
    verdict: Verdict | None
    reason_code: str | None
    rows: int | None
    accepted_rows: int | None
    rejected_rows: int | None
    duplicate_of: int | None
    superseded_by: int | None
    received_at: datetime
    outbox_state: State | None
    base_submission_id: int | None
    content_date: date | None
    content_date_cell: str | None

    @property
    def processed(self) -> Processed:
        return Processed(
            self.submission_id,
            self.state,
            self.verdict,
            self.reason_code,
            self.revision,
            self.rows,
            self.accepted_rows,
            self.rejected_rows,
        )


def scope(of: Received | Submission) -> dict[str, str]:
    """Parameters of `SAME_SCOPE`."""
    return {"agency_id": of.agency_id, "dataset_id": of.dataset_id, "period": of.period, "part": of.part}
