"""What a sample submission is meant to show."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["accepted", "accepted_with_issues", "rejected"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the demo: path under landing (agency/dataset/period/file), what it shows, and how it must end."""

    file: str
    verdict: Verdict
    reason_code: str | None  # why a rejected one is rejected
    shows_th: str
    shows_en: str
    rows: int | None = None  # data rows in the file, where it holds a table
    defects: int = 0  # seeded ones, each a line of the truth
