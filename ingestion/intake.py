"""From a dropped file to a decided submission: receive, process, and the papers for whoever sent it.

Every function may be killed at any instant and run again: the ledger decides in one transaction, the landing file goes
only when the ledger knows it, and papers that the ledger says are owed are written by whoever comes next.
"""

import logging
import secrets
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import psycopg

from core import database
from core.errors import DatabaseUnavailable, UserFacingError
from ingestion import archive, door, explanations, landing, ledger
from ingestion.agencies import agencies
from ingestion.archive import StillBeingWritten
from ingestion.checking import FileVerdict, References, Scope, check_file, too_many_errors
from ingestion.contracts import Contract, load_contract
from ingestion.issues import Issue, issue
from ingestion.ledger import AnyConnection, Effective, Submission
from ingestion.loading import Loader
from ingestion.other_datasets import unmet_references
from ingestion.reports import from_ledger
from ingestion.returned import NotMerged, Returned
from ingestion.stages import Checked, Drop, Processed, Received, Verdict

TRIES = 3  # how often a file our reader fails on is read before somebody must look
SHARED_KEYS_LEAST = 0.5
GOOD = ("accepted", "accepted_with_issues")

log = logging.getLogger("chaidaen.intake")


def receive(drop: Drop) -> int:
    """Archive a settled drop, enter it into the ledger, give its receipt, take it out of landing. Returns its number.

    Raises StillBeingWritten when the file changed since the scan, OSError when it can't be read or archived.
    """
    with _connected("chaidaen receive") as connection:
        return _receive(connection, drop)


def receive_all() -> list[int]:
    """Receive every settled file in landing; what must wait is noted in `ops.landing_waiting`. Returns the numbers."""
    with _connected("chaidaen receive") as connection:
        sweep = landing.scan()
        archive.sweep_abandoned()
        waiting, received = list(sweep.waiting), []
        for drop in sweep.drops:
            try:
                received.append(_receive(connection, drop))
            except StillBeingWritten:
                waiting.append(landing.Waiting(drop.path, drop.size, drop.modified_ns, landing.STILL_BEING_WRITTEN))
            except PermissionError:
                waiting.append(landing.Waiting(drop.path, drop.size, drop.modified_ns, landing.NOT_READABLE))
            except OSError as error:
                raise UserFacingError(
                    f"{drop.file_name} could not be archived: {error.strerror}.",
                    cure="Free space or mend the disk, then run again. The file is still in landing.",
                ) from error
        with connection.transaction():
            ledger.note_waiting(connection, waiting)
        return received


def process(submission_id: int) -> Processed:
    """Check, decide, load and report one submission, and before it any earlier one of its scope.

    Run again, or by two workers at once, it has one effect: the second waits for the first and finds nothing to do.
    Raises UsageError for a number the ledger does not know, DatabaseUnavailable when the server goes away meanwhile.
    """
    with _connected("chaidaen process") as connection:
        from_ledger.known(connection, submission_id)
        for earlier in ledger.unfinished_before(connection, submission_id):
            _process(connection, earlier)
        if not ledger.unfinished_before(connection, submission_id):
            _process(connection, submission_id)
        return from_ledger.known(connection, submission_id).processed


def process_all() -> list[Processed]:
    """Drain the work list, each submission at most once per call, then write every paper that is owed."""
    done: list[Processed] = []
    tried: set[int] = set()
    with _connected("chaidaen process") as connection:
        while (submission_id := _process_next(connection, tried)) is not None:
            tried.add(submission_id)
            done.append(from_ledger.known(connection, submission_id).processed)
        write_papers_owed(connection)
    return done


def write_papers_owed(connection: AnyConnection) -> None:
    """Bring the outbox to what the ledger says. A folder that can't be written does not keep the others waiting."""
    _write(connection, ledger.papers_owed(connection))


def _write(connection: AnyConnection, owed: Iterable[Submission]) -> None:
    failed: OSError | None = None
    for submission in owed:
        try:
            from_ledger.write_papers(connection, submission)
        except OSError as error:
            failed = error
    if failed is not None:
        raise UserFacingError(
            f"Reports could not be written: {failed.strerror} ({failed.filename}).",
            cure="Free space or rights in the outbox; the next sweep writes what is owed. Nothing loaded is affected.",
        ) from failed


def _receive(connection: AnyConnection, drop: Drop) -> int:
    try:
        archived = archive.store(drop)
    except StillBeingWritten:
        # Another worker may have received and removed it between our scan and now.
        found = ledger.received_before(connection, drop.fingerprint)
        if found is None:
            raise
        return found
    with connection.transaction():
        submission_id, is_new = ledger.receive(connection, archived)
        if is_new and (problem := door.refusal(drop)) is not None:
            ledger.note_issue(connection, submission_id, problem)
            ledger.turn_away(connection, submission_id, problem.code)
    with suppress(OSError):  # an outbox that can't be written: the papers stay owed, process_all says so
        from_ledger.write_papers(connection, from_ledger.known(connection, submission_id))
    landing.remove(drop)
    return submission_id


def _process_next(connection: AnyConnection, tried: set[int]) -> int | None:
    received = None
    try:
        with connection.transaction():
            received = ledger.claim_next(connection, tried)
            if received is not None:
                _decide(connection, received)
    except psycopg.OperationalError:
        raise
    except Exception as error:  # a fault on one file must not stop the others
        if received is None:
            raise
        _fail(connection, received.submission_id, error)
    return None if received is None else received.submission_id


def _process(connection: AnyConnection, submission_id: int) -> None:
    try:
        with connection.transaction():
            received = ledger.claim(connection, submission_id)
            if received is not None:
                _decide(connection, received)
    except psycopg.OperationalError:
        raise
    except Exception as error:  # recorded for a retry; the caller sees the state
        _fail(connection, submission_id, error)
    submission = from_ledger.known(connection, submission_id)
    if submission.outbox_state != submission.state:
        _write(connection, [submission])


def _decide(connection: AnyConnection, received: Received) -> None:
    """Duplicate, loaded, rejected or held: all within the caller's transaction."""
    ledger.lock_scope(connection, received)
    earlier = ledger.effective(connection, received)
    if earlier is not None and earlier.sha256 == received.sha256:
        ledger.mark_duplicate(connection, received, earlier)
        return
    contract = load_contract(received.dataset_id)
    loader = Loader(connection, contract, received.submission_id)
    with loader:
        checked = _check_and_load(connection, loader, received, contract, earlier)
    if checked.verdict == "rejected":
        loader.take_back()
        ledger.reject(connection, checked)
    elif checked.verdict == "held":
        loader.take_back()
        ledger.hold(connection, checked)
    else:
        ledger.load(connection, checked, earlier)


def _check_and_load(
    connection: AnyConnection, loader: Loader, received: Received, contract: Contract, earlier: Effective | None
) -> Checked:
    agency = agencies()[received.agency_id]
    scope = Scope(
        received.agency_id, received.dataset_id, received.period, received.part, province_code=agency.province_code
    )
    path = archive.path_of(received.sha256)
    back = Returned(connection, contract, received, scope)
    with check_file(path, contract, scope, References.load()) as run:
        for chunk in run:
            if back.add(chunk):
                loader.found(chunk.issues)
            else:
                loader.chunk(chunk)
        result = run.verdict
    loader.found(result.file_issues)
    loader.repaired(result.repairs)
    if result.returned and result.verdict in GOOD:
        judged = _checked(received, contract, result, result.verdict, None)
        checked = _merge(connection, loader, back, judged, contract, earlier)
    else:
        checked = _weigh(connection, loader, received, contract, result, earlier)
    loader.settle()
    explanations.keep(connection, received.submission_id, result.answers, received.agency_id)
    return checked


def _weigh(  # noqa: PLR0917 - every one of them has a say
    connection: AnyConnection,
    loader: Loader,
    received: Received,
    contract: Contract,
    result: FileVerdict,
    earlier: Effective | None,
) -> Checked:
    """The file's own verdict, with what the folder, the earlier revision and other datasets have to say to it."""
    verdict, reason_code = result.verdict, result.reason_code
    loader.settle()
    questions = _questions(connection, received, contract, is_loaded=verdict in GOOD)
    doubt = _doubt(loader, contract, result, earlier) if verdict in GOOD and earlier is not None else None
    if doubt is not None:
        verdict, reason_code = "held", doubt.code
        questions.append(doubt)
    loader.found(questions)
    if questions and verdict == "accepted":
        verdict = "accepted_with_issues"
    return _checked(received, contract, result, verdict, reason_code)


def _merge(  # noqa: PLR0917 - every one of them has a say
    connection: AnyConnection,
    loader: Loader,
    back: Returned,
    checked: Checked,
    contract: Contract,
    earlier: Effective | None,
) -> Checked:
    """A bad-rows file made into a revision, judged as a whole; refused when its rows fit nowhere."""
    try:
        merged = back.merge(loader, earlier)
    except NotMerged as refusal:
        loader.found(refusal.issues)
        return replace(checked, verdict="rejected", reason_code=refusal.issues[0].code)
    rows = merged.accepted_rows + merged.rejected_rows
    checked = replace(
        checked,
        rows=rows,
        accepted_rows=merged.accepted_rows,
        rejected_rows=merged.rejected_rows,
        base_submission_id=merged.base_submission_id,
        mended_rows=merged.mended_rows,
    )
    refused = too_many_errors(contract, rows, merged.rejected_rows)
    if refused is not None:
        loader.found([refused])
        return replace(checked, verdict="rejected", reason_code=refused.code)
    questions = _questions(connection, checked.received, contract)
    loader.found(questions)
    return replace(checked, verdict="accepted_with_issues") if merged.rejected_rows or questions else checked


def _questions(
    connection: AnyConnection, received: Received, contract: Contract, *, is_loaded: bool = True
) -> list[Issue]:
    """What to ask about the folder and, of rows that lie in raw, about other datasets."""
    asked = door.questions(received, contract)
    return asked + unmet_references(connection, contract, received) if is_loaded else asked


def _checked(
    received: Received, contract: Contract, result: FileVerdict, verdict: Verdict, reason_code: str | None
) -> Checked:
    return Checked(
        received=received,
        contract_version=contract.version,
        verdict=verdict,
        reason_code=reason_code,
        rows=result.rows,
        accepted_rows=result.accepted_rows,
        rejected_rows=result.rejected_rows,
    )


def _doubt(loader: Loader, contract: Contract, result: FileVerdict, earlier: Effective) -> Issue | None:
    """Why a revision looks like a mistake: far fewer rows than the earlier one, or mostly other keys."""
    before, now = earlier.accepted_rows, result.accepted_rows
    fall_pct = 100 * (before - now) / before if before else 0.0
    if fall_pct >= contract.hold_when_rows_fall_by_pct:
        return issue("fewer_rows_than_before", rows_before=before, rows_now=now, fall_pct=round(fall_pct))
    shared = loader.keys_shared_with(earlier.submission_id)
    if shared < SHARED_KEYS_LEAST:
        return issue("other_keys_than_before", submission_id=earlier.submission_id, shared_pct=round(100 * shared))
    return None


def _fail(connection: AnyConnection, submission_id: int, error: Exception) -> None:
    """Record a fault of ours. What the exception says may quote a file, so only where it happened is logged."""
    failure_id = secrets.token_hex(4)
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("submission %s: failure %s, %s\n%s", submission_id, failure_id, type(error).__name__, where)
    with connection.transaction():
        if ledger.note_failure(connection, submission_id, failure_id) >= TRIES:
            problem = issue("internal_reader_failure")
            ledger.note_issue(connection, submission_id, problem)
            ledger.turn_away(connection, submission_id, problem.code, "held", f"failure {failure_id}")


@contextmanager
def _connected(application: str) -> Iterator[AnyConnection]:
    """A connection; a server that goes away meanwhile becomes an error the user can act on."""
    connection = database.connect(application=application, autocommit=True)
    try:
        yield connection
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The database failed or went away in the middle: {type(error).__name__}.",
            cure="Nothing is half loaded. Start again when it is back: chaidaen ingest.",
        ) from error
    finally:
        connection.close()
