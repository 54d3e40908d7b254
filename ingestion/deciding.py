"""What becomes of a received submission: read, checked, weighed against what counts now, loaded or not.

Everything happens in the caller's transaction.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from core.clock import BANGKOK
from ingestion import archive, door, explanations, ledger
from ingestion.agencies import agencies
from ingestion.checking import FileVerdict, References, Scope, check_file, too_many_errors
from ingestion.contracts import load_contract
from ingestion.contracts.periods import BE_MINUS_CE
from ingestion.issues import Issue, issue
from ingestion.ledger import AnyConnection, Effective
from ingestion.loading import Loader
from ingestion.other_datasets import unmet_references
from ingestion.returned import NotMerged, Returned
from ingestion.stages import Checked, Received, Verdict

SHARED_KEYS_LEAST = 0.5
GOOD = ("accepted", "accepted_with_issues")


def decide(connection: AnyConnection, received: Received) -> None:
    """Duplicate, loaded, rejected or held; nothing yet when an earlier one of the scope was put to work meanwhile."""
    ledger.share_period(connection, received)
    ledger.lock_scope(connection, received)
    if ledger.unfinished_before(connection, received.submission_id):
        return
    ledger.forget_first_look(connection, received.submission_id)
    earlier = ledger.effective(connection, received)
    if earlier is not None and earlier.sha256 == received.sha256:
        ledger.mark_duplicate(connection, received, earlier)
    elif (locked := _locked(connection, received)) is not None:
        ledger.note_issue(connection, received.submission_id, locked)
        ledger.turn_away(connection, received.submission_id, locked.code, "held")
        explanations.close(connection, received.submission_id)
    else:
        _Decision(connection, received, earlier).make()


def _locked(connection: AnyConnection, received: Received) -> Issue | None:
    lock = ledger.period_lock(connection, received.dataset_id, received.period)
    if lock is None or "period_locked" in ledger.waived(connection, received.submission_id):
        return None
    return issue("period_locked", period=received.period, since=_buddhist(lock.locked_at.astimezone(BANGKOK).date()))


class _Decision:
    """One submission that has to be read, with what counts in its scope until then."""

    def __init__(self, connection: AnyConnection, received: Received, earlier: Effective | None) -> None:
        self._connection, self._received, self._earlier = connection, received, earlier
        self._contract = load_contract(received.dataset_id)
        self._loader = Loader(connection, self._contract, received.submission_id)

    def make(self) -> None:
        with self._loader:
            checked = self._check_and_load()
        if checked.verdict == "rejected":
            self._loader.take_back()
            ledger.reject(self._connection, checked)
        elif checked.verdict == "held":
            self._loader.take_back()
            ledger.hold(self._connection, checked)
        else:
            ledger.load(self._connection, checked, self._earlier)

    def _check_and_load(self) -> Checked:
        received, loader = self._received, self._loader
        agency = agencies()[received.agency_id]
        scope = Scope(
            received.agency_id, received.dataset_id, received.period, received.part, province_code=agency.province_code
        )
        path = archive.verified(received.sha256)
        back = Returned(self._connection, self._contract, received, scope)
        with check_file(path, self._contract, scope, References.load()) as run:
            for chunk in run:
                if back.add(chunk):
                    loader.found(chunk.issues)
                else:
                    loader.chunk(chunk)
            result = run.verdict
        loader.found(result.file_issues)
        loader.repaired(result.repairs)
        is_mending = result.returned and result.verdict in GOOD
        checked = self._merge(back, result) if is_mending else self._weigh(result)
        loader.settle()
        explanations.keep(self._connection, received.submission_id, result.answers, received.agency_id)
        return checked

    def _weigh(self, result: FileVerdict) -> Checked:
        """The file's own verdict, with what the folder, the earlier revision and other datasets have to say to it."""
        verdict, reason_code = result.verdict, result.reason_code
        self._loader.settle()
        questions = self._questions(result.columns, is_loaded=verdict in GOOD)
        if verdict in GOOD and self._earlier is not None:
            doubts = list(self._doubts(result, self._earlier))
            waived = ledger.waived(self._connection, self._received.submission_id)
            if holding := [doubt.code for doubt in doubts if doubt.code not in waived]:
                verdict, reason_code = "held", holding[0]
            questions += doubts
        self._loader.found(questions)
        if questions and verdict == "accepted":
            verdict = "accepted_with_issues"
        return self._checked(result, verdict, reason_code)

    def _merge(self, back: Returned, result: FileVerdict) -> Checked:
        """A bad-rows file made into a revision, judged as a whole; refused when its rows fit nowhere."""
        checked = self._checked(result, result.verdict, None)
        try:
            merged = back.merge(self._loader, self._earlier)
        except NotMerged as refusal:
            self._loader.found(refusal.issues)
            return replace(checked, verdict="rejected", reason_code=refusal.issues[0].code)
        rows = merged.accepted_rows + merged.rejected_rows
        base = ledger.submission(self._connection, merged.base_submission_id)
        checked = replace(
            checked,
            rows=rows,
            accepted_rows=merged.accepted_rows,
            rejected_rows=merged.rejected_rows,
            base_submission_id=merged.base_submission_id,
            mended_rows=merged.mended_rows,
            content_date=base.content_date if base else None,
            content_date_cell=base.content_date_cell if base else None,
        )
        refused = too_many_errors(self._contract, rows, merged.rejected_rows)
        if refused is not None:
            self._loader.found([refused])
            return replace(checked, verdict="rejected", reason_code=refused.code)
        questions = self._questions({})  # the rows have the addresses of the file they mend
        self._loader.found(questions)
        return replace(checked, verdict="accepted_with_issues") if merged.rejected_rows or questions else checked

    def _questions(self, columns: Mapping[str, Mapping[str, int]], *, is_loaded: bool = True) -> list[Issue]:
        """What to ask about the folder and, of rows that lie in raw, about other datasets.

        columns: sheet → contract column → its place.
        """
        asked = door.questions(self._received, self._contract)
        if is_loaded:
            asked += unmet_references(self._connection, self._contract, self._received, columns)
        return asked

    def _doubts(self, result: FileVerdict, earlier: Effective) -> Iterator[Issue]:
        """Why a revision looks like a mistake: older content, far fewer rows than before, mostly other keys."""
        if result.content_date and earlier.content_date and result.content_date < earlier.content_date:
            yield issue(
                "older_than_current",
                date_now=_buddhist(result.content_date),
                date_before=_buddhist(earlier.content_date),
                submission_id=earlier.submission_id,
                place=result.content_date_cell or "–",
            )
        before, now = earlier.accepted_rows, result.accepted_rows
        fall_pct = 100 * (before - now) / before if before else 0.0
        if fall_pct >= self._contract.hold_when_rows_fall_by_pct:
            yield issue("fewer_rows_than_before", rows_before=before, rows_now=now, fall_pct=round(fall_pct))
        elif (shared := self._loader.keys_shared_with(earlier.submission_id)) < SHARED_KEYS_LEAST:
            yield issue("other_keys_than_before", submission_id=earlier.submission_id, shared_pct=round(100 * shared))

    def _checked(self, result: FileVerdict, verdict: Verdict, reason_code: str | None) -> Checked:
        return Checked(
            received=self._received,
            contract_version=self._contract.version,
            verdict=verdict,
            reason_code=reason_code,
            rows=result.rows,
            accepted_rows=result.accepted_rows,
            rejected_rows=result.rejected_rows,
            content_date=result.content_date,
            content_date_cell=result.content_date_cell,
        )


def _buddhist(day: date) -> str:
    return f"{day:%d/%m}/{day.year + BE_MINUS_CE}"
