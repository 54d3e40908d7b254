"""The ledger: every statement on `ops.submissions` and what hangs on it. PostgreSQL is the only memory.

Functions take an open connection and never commit; the caller decides what belongs into one transaction. Every change
of state is a row in `ops.submission_events`: who, when, why (`moves`).
"""

from ingestion.ledger.deciding import (
    effective,
    effective_submissions,
    hold,
    load,
    mark_duplicate,
    note_failure,
    note_issue,
    reject,
    turn_away,
)  # fmt: skip
from ingestion.ledger.locks import (
    PeriodLock,
    held_by_lock,
    lock_period,
    period_lock,
    period_locks,
    unlock_period,
)  # fmt: skip
from ingestion.ledger.looking import Filter, events, papers_owed, papers_written, submission, submissions, take_papers
from ingestion.ledger.moves import ForbiddenMove, actor
from ingestion.ledger.receiving import note_waiting, receive, received_before, waiting
from ingestion.ledger.rows import AnyConnection, Effective, Submission
from ingestion.ledger.undoing import (
    forget_first_look,
    mark_released,
    put_to_work_again,
    state_before_withdrawal,
    told,
    undo_withdrawal,
    waive,
    waived,
    why_withdrawn,
    withdraw,
)  # fmt: skip
from ingestion.ledger.work import claim, claim_next, lock_scope, newest_unfinished, share_period, unfinished_before

__all__ = [
    "AnyConnection",
    "Effective",
    "Filter",
    "ForbiddenMove",
    "PeriodLock",
    "Submission",
    "actor",
    "claim",
    "claim_next",
    "effective",
    "effective_submissions",
    "events",
    "forget_first_look",
    "held_by_lock",
    "hold",
    "load",
    "lock_period",
    "lock_scope",
    "mark_duplicate",
    "mark_released",
    "newest_unfinished",
    "note_failure",
    "note_issue",
    "note_waiting",
    "papers_owed",
    "papers_written",
    "period_lock",
    "period_locks",
    "put_to_work_again",
    "receive",
    "received_before",
    "reject",
    "share_period",
    "state_before_withdrawal",
    "submission",
    "submissions",
    "take_papers",
    "told",
    "turn_away",
    "undo_withdrawal",
    "unfinished_before",
    "unlock_period",
    "waiting",
    "waive",
    "waived",
    "why_withdrawn",
    "withdraw",
]  # fmt: skip
