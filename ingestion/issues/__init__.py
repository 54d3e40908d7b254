"""The catalogue of problems a file can have, and the problems found.

A problem is a row, not a log line: it has a code of `catalogue.yaml`, the exact place as the sender's program shows it,
and a message with its cure in Thai and English. Values of personal columns are masked when the issue is made.
"""

from ingestion.issues.catalogue import Entry, Severity, catalogue, entry, issue_codes_csv
from ingestion.issues.masking import mask
from ingestion.issues.model import Issue, Repair, issue, issue_from

__all__ = [
    "Entry", "Issue", "Repair", "Severity", "catalogue", "entry", "issue", "issue_codes_csv", "issue_from", "mask",
]  # fmt: skip
