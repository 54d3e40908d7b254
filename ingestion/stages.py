"""One frozen type per stage of a submission, so that no function can be given a file at the wrong one.

Drop ─► Archived ─► Received ─► Checked ─► Processed
landing  archive     ledger      loading    ledger and outbox
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

State = Literal["received", "checked", "loaded", "released", "rejected", "duplicate", "held", "superseded", "withdrawn"]
Verdict = Literal["accepted", "accepted_with_issues", "rejected", "held"]

DEFAULT_PART = "all"
FOLDERS = ("agency", "dataset", "period", "part")


@dataclass(frozen=True, slots=True)
class Drop:
    """A settled file in landing. `folders` and `file_name` are what the sender wrote: data, never a path to follow."""

    path: Path
    folders: tuple[str, ...]
    file_name: str
    size: int
    modified_ns: int
    changed_ns: int
    inode: int

    @property
    def agency_id(self) -> str:
        return self._folder(0)

    @property
    def dataset_id(self) -> str:
        return self._folder(1)

    @property
    def period(self) -> str:
        return self._folder(2)

    @property
    def part(self) -> str:
        return self._folder(3) or DEFAULT_PART

    @property
    def fingerprint(self) -> str:
        """Names this drop: the same one is received once, whatever is killed between receiving and removing it.

        The change time is in it because copying programs keep the modification time: A, then B, then the very same A
        again are three drops.
        """
        folders = "/".join((*self.folders, self.file_name)).encode("utf-8", "surrogateescape")
        return f"{hashlib.sha256(folders).hexdigest()[:32]}:{self.size}:{self.modified_ns}:{self.changed_ns}"

    def _folder(self, depth: int) -> str:
        return self.folders[depth] if len(self.folders) > depth else ""


@dataclass(frozen=True, slots=True)
class Archived:
    """A drop whose bytes are safe in the archive, unchanged while they were read."""

    drop: Drop
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Received:
    """A submission that the ledger knows and nobody has judged yet."""

    submission_id: int
    agency_id: str
    dataset_id: str
    period: str
    part: str
    sha256: str
    file_name: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """A received submission whose rows lie in raw and vault of an open transaction; the ledger has not decided yet."""

    received: Received
    contract_version: str
    verdict: Verdict
    reason_code: str | None
    rows: int
    accepted_rows: int
    rejected_rows: int
    base_submission_id: int | None = None  # the submission whose bad rows came back corrected
    mended_rows: int = 0
    content_date: date | None = None  # the day (CE) its content is of, where the file says so
    content_date_cell: str | None = None  # where it says so, sheet!A1


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of a submission. `state` is `received` only when reading failed and will be tried again."""

    submission_id: int
    state: State
    verdict: Verdict | None
    reason_code: str | None
    revision: int | None
    rows: int | None
    accepted_rows: int | None
    rejected_rows: int | None
