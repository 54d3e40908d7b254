"""What people decide about submissions: release a hold, withdraw and undo it, lock a period and lift the lock.

Every decision is one transaction, may be killed and made again, and wants a reason, kept with who and when. The rules:

* A revision replaces everything earlier of its scope, held ones too. So a hold can be released only while nothing later
  counts; later ones that wait are decided after it.
* What was decided once holds for the doubts its report told, not for new ones.
* A withdrawn scope is empty and still owed; no earlier revision comes back. Undoing needs the scope still empty.
* Nothing changes in a locked period, but for a submission that the lock holds and somebody releases by its number.
"""

from core.errors import UsageError
from ingestion import explanations, ledger
from ingestion.checking import Answer
from ingestion.contracts import load_contract, period_bounds
from ingestion.explanations import storable
from ingestion.intake import connected, process, write_papers
from ingestion.ledger import AnyConnection, Submission
from ingestion.reports.from_ledger import known
from ingestion.stages import Processed

OWN_HOLDS = frozenset({"older_than_current", "fewer_rows_than_before", "other_keys_than_before", "period_locked"})
_WHY_NOT: dict[str, tuple[str, str]] = {
    "received": ("is not decided yet", "Wait until it is checked (chaidaen ingest), then withdraw it."),
    "rejected": ("was rejected: nothing of it is in the warehouse", "There is nothing to withdraw."),
    "duplicate": (
        "is a duplicate: nothing of it is in the warehouse",
        "Withdraw the one it repeats: chaidaen withdraw {duplicate_of} --reason …",
    ),
    "superseded": (
        "was replaced by submission {superseded_by}: it counts no more",
        "If the scope shall be empty, withdraw the one that counts: chaidaen withdraw {superseded_by} --reason …",
    ),
}


def withdraw(submission_id: int, reason: str) -> Submission:
    """Take an effective submission out of force, or refuse a held one. Withdrawing it twice changes nothing.

    Raises UsageError, with the cure, for one that can't be withdrawn, in a locked period, or without a reason.
    """
    why = _reason(reason)
    with connected("chaidaen withdraw") as connection:
        with connection.transaction():
            found = _taken(connection, submission_id)
            if found.state in _WHY_NOT:
                what, cure = (text.format_map(_facts(found)) for text in _WHY_NOT[found.state])
                raise UsageError(f"Submission {submission_id} {what}.", cure=cure)
            if found.state != "withdrawn":
                _refuse_in_locked_period(connection, found)
                ledger.withdraw(connection, submission_id, why)
        return _with_papers(connection, submission_id)


def undo_withdrawal(submission_id: int, reason: str) -> Submission:
    """Make a withdrawn submission what it was. Undoing it twice changes nothing.

    Raises UsageError, with the cure, when it was never withdrawn, when another one counts by now, in a locked period.
    """
    why = _reason(reason)
    with connected("chaidaen withdraw") as connection:
        with connection.transaction():
            found = _taken(connection, submission_id)
            before = ledger.state_before_withdrawal(connection, submission_id)
            if before is None or (found.state != "withdrawn" and found.state not in ("loaded", "released", "held")):
                raise UsageError(
                    f"Submission {submission_id} is not withdrawn but {found.state}.",
                    cure=f"See what happened to it: chaidaen receipt {submission_id}",
                )
            if found.state == "withdrawn":
                _refuse_in_locked_period(connection, found)
                _refuse_when_another_counts(connection, found, held=before == "held")
                ledger.undo_withdrawal(connection, submission_id, why)
        return _with_papers(connection, submission_id)


def release_hold(submission_id: int, reason: str) -> Processed:
    """Somebody decided that a held submission is right: it is processed again, from the archive, without those doubts.

    The decision is made in one transaction, the processing in another: killed between them, the next sweep goes on.
    Raises UsageError, with the cure, when it is not held.
    """
    why = _reason(reason)
    with connected("chaidaen release-hold") as connection, connection.transaction():
        found = _taken(connection, submission_id)
        if found.state != "held":
            what, cure = _not_held(found)
            raise UsageError(f"Submission {submission_id} {what}.", cure=cure)
        _refuse_when_another_counts(connection, found, held=True)
        if found.reason_code != "period_locked" and "period_locked" not in ledger.waived(connection, submission_id):
            _refuse_in_locked_period(connection, found)
        doubts = ledger.told(connection, submission_id) & OWN_HOLDS
        ledger.waive(connection, submission_id, doubts)
        said = [Answer(why, code=code) for code in sorted(doubts)]
        explanations.keep(connection, submission_id, said, ledger.actor())
        ledger.put_to_work_again(connection, [submission_id], why)
    return process(submission_id)


def lock(dataset_id: str, period: str, reason: str) -> ledger.PeriodLock:
    """Hold whatever arrives, or waits, for a period of a dataset. Returns the lock, that of earlier if there is one.

    Waits for submissions that are being decided. Raises UsageError for an unknown dataset or period.
    """
    why = _reason(reason)
    _refuse_unknown(dataset_id, period)
    with connected("chaidaen lock") as connection, connection.transaction():
        ledger.lock_period(connection, dataset_id, period, why)
        found = ledger.period_lock(connection, dataset_id, period)
    assert found is not None  # noqa: S101 - it was made, or found, within this transaction
    return found


def unlock(dataset_id: str, period: str, reason: str) -> list[int]:
    """Lift the lock and put to work what nothing but the lock held. Returns the numbers of those submissions.

    They are processed by whoever comes next. Raises UsageError when the period is not locked.
    """
    why = _reason(reason)
    _refuse_unknown(dataset_id, period)
    with connected("chaidaen unlock") as connection, connection.transaction():
        if not ledger.unlock_period(connection, dataset_id, period, why):
            raise UsageError(f"{dataset_id} {period} is not locked.", cure="See which periods are: chaidaen locks")
        freed = ledger.held_by_lock(connection, dataset_id, period)
        ledger.put_to_work_again(connection, freed, f"period unlocked: {why}")
    return freed


def _taken(connection: AnyConnection, submission_id: int) -> Submission:
    """The submission as it stays until the transaction ends, unless it is still to be decided by a worker."""
    found = known(connection, submission_id)
    ledger.share_period(connection, found)
    ledger.lock_scope(connection, found)
    return known(connection, submission_id)


def _refuse_in_locked_period(connection: AnyConnection, found: Submission) -> None:
    if (lock := ledger.period_lock(connection, found.dataset_id, found.period)) is not None:
        raise UsageError(
            f"{found.dataset_id} {found.period} is locked by {lock.locked_by}: {lock.lock_reason}",
            cure=f"Lift the lock first: chaidaen unlock {found.dataset_id} {found.period} --reason …",
        )


def _refuse_when_another_counts(connection: AnyConnection, found: Submission, *, held: bool) -> None:
    """For a held one only a later one stands in the way: an earlier one is what it shall replace."""
    other = ledger.effective(connection, found)
    if other is not None and (not held or other.submission_id > found.submission_id):
        raise UsageError(
            f"Submission {other.submission_id} counts in its place by now.",
            cure=f"Withdraw that one first (chaidaen withdraw {other.submission_id} --reason …), or let the agency send"
            " the file again: the newest counts.",
        )


def _not_held(found: Submission) -> tuple[str, str]:
    if found.state == "superseded":
        return (
            f"was replaced by submission {found.superseded_by}, which is newer",
            "Nothing waits for a decision. If the older file is right, let it be sent again: the newest counts.",
        )
    if found.state == "withdrawn":
        return "was withdrawn", f"Undo that first: chaidaen withdraw {found.submission_id} --undo --reason …"
    return f"is not held but {found.state}", "Held ones are listed by: chaidaen submissions --state held"


def _refuse_unknown(dataset_id: str, period: str) -> None:
    period_bounds(load_contract(dataset_id).period_kind, period)


def _reason(text: str) -> str:
    if not text.strip():
        raise UsageError("The reason is empty.", cure="Say in a sentence why; it is kept with your name and the time.")
    return storable(text)


def _facts(found: Submission) -> dict[str, object]:
    return {"duplicate_of": found.duplicate_of, "superseded_by": found.superseded_by}


def _with_papers(connection: AnyConnection, submission_id: int) -> Submission:
    """The submission as it is now, its agency told so."""
    found = known(connection, submission_id)
    if found.outbox_state != found.state:
        write_papers(connection, [found])
    return known(connection, submission_id)
