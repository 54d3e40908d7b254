"""From a dropped file to a decided submission: receive, process, and the papers for whoever sent it.

Every function may be killed at any instant and run again: the ledger decides in one transaction, the landing file goes
only when the ledger knows it, and papers that the ledger says are owed are written by whoever comes next.
"""

import logging
import secrets
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import psycopg

from core import database
from core.errors import UserFacingError
from ingestion import archive, door, landing, ledger
from ingestion.archive import StillBeingWritten
from ingestion.deciding import decide
from ingestion.issues import issue
from ingestion.landing import Sweep, Waiting
from ingestion.ledger import AnyConnection, Submission, attempts
from ingestion.reading import ReaderGone
from ingestion.reports import from_ledger
from ingestion.stages import Drop, Processed, Received

TRIES = 3  # how often a file our reader fails on is read before somebody must look

# The worker lives and knows why it stops: a server that says no, a person or scheduler that ends the run.
_NO_FAULT_OF_THE_FILE = (psycopg.OperationalError, KeyboardInterrupt, SystemExit)

log = logging.getLogger("chaidaen.intake")


def receive(drop: Drop) -> int:
    """Archive a settled drop, enter it into the ledger, give its receipt, take it out of landing. Returns its number.

    Raises StillBeingWritten when the file changed since the scan, OSError when it can't be read or archived.
    """
    with connected("chaidaen receive") as connection:
        return _receive(connection, drop)


def receive_all() -> list[int]:
    """Receive every settled file in landing; what must wait is noted in `ops.landing_waiting`. Returns the numbers."""
    with connected("chaidaen receive") as connection:
        landing.put_back_taken()
        sweep = landing.scan()
        archive.sweep_abandoned()
        waiting, received = receive_settled(connection, sweep)
        with connection.transaction():
            ledger.note_waiting(connection, waiting)
        return received


def receive_settled(connection: AnyConnection, sweep: Sweep) -> tuple[list[Waiting], list[int]]:
    """Receive the drops of a sweep. Returns what must wait, those among the drops included, and the numbers given.

    Raises UserFacingError when a file can't be archived.
    """
    waiting, received = list(sweep.waiting), []
    failed: list[tuple[Drop, OSError]] = []
    for drop in sweep.drops:
        try:
            received.append(_receive(connection, drop))
        except StillBeingWritten:
            waiting.append(Waiting(drop.path, drop.size, drop.modified_ns, landing.STILL_BEING_WRITTEN))
        except PermissionError:
            waiting.append(Waiting(drop.path, drop.size, drop.modified_ns, landing.NOT_READABLE))
        except OSError as error:  # what can't be read or kept does not keep the others waiting
            failed.append((drop, error))
    for drop, cause in failed[:1]:
        raise UserFacingError(
            f"{drop.file_name} could not be archived: {cause.strerror}.",
            cure="Free space or mend the disk, then run again. The file is still in landing.",
        ) from cause
    return waiting, received


def process(submission_id: int) -> Processed:
    """Check, decide, load and report one submission, and before it any earlier one of its scope.

    Run again, or by two workers at once, it has one effect: the second waits for the first and finds nothing to do.
    Raises UsageError for a number the ledger does not know, DatabaseUnavailable when the server goes away meanwhile.
    """
    with connected("chaidaen process") as connection, connected("chaidaen attempts") as apart:
        from_ledger.known(connection, submission_id)
        for earlier in ledger.unfinished_before(connection, submission_id):
            _process(connection, apart, earlier)
        if not ledger.unfinished_before(connection, submission_id):
            _process(connection, apart, submission_id)
        return from_ledger.known(connection, submission_id).processed


def process_all() -> list[Processed]:
    """Drain the work list, each submission at most once per call, then write every paper that is owed."""
    done: list[Processed] = []
    tried: set[int] = set()
    with connected("chaidaen process") as connection, connected("chaidaen attempts") as apart:
        while (submission_id := _process_next(connection, apart, tried)) is not None:
            tried.add(submission_id)
            submission = from_ledger.known(connection, submission_id)
            with suppress(OSError):  # told at the end, when everybody's file is decided
                _tell(connection, apart, submission, patient=True)
            done.append(submission.processed)
        write_papers_owed(connection)
    return done


def write_papers_owed(connection: AnyConnection) -> None:
    """Bring the outbox to what the ledger says. A folder that can't be written does not keep the others waiting."""
    write_papers(connection, ledger.papers_owed(connection))


def write_papers(connection: AnyConnection, owed: Iterable[Submission]) -> None:
    """Write the papers of these. Raises UserFacingError at the end when a folder can't be written."""
    failed: OSError | None = None
    with connected("chaidaen attempts") as apart:
        for submission in owed:
            try:
                _tell(connection, apart, submission, patient=False)
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


def _tell(connection: AnyConnection, apart: AnyConnection, submission: Submission, *, patient: bool) -> None:
    """Write papers; where the marked workbook seems to bring its writers down, without that. Raises OSError."""
    deaths = attempts.begin(apart, submission.submission_id, "papers")
    try:
        from_ledger.write_papers(connection, submission, patient=patient, marked=deaths < attempts.DEATHS)
    finally:
        if not connection.closed:
            attempts.end(connection, submission.submission_id, "papers")


def _process_next(connection: AnyConnection, apart: AnyConnection, tried: set[int]) -> int | None:
    received = None
    try:
        with connection.transaction():
            received = ledger.claim_next(connection, tried)
            if received is not None:
                _try(connection, apart, received)
    except _NO_FAULT_OF_THE_FILE:
        if received is not None and not connection.closed:
            attempts.end(connection, received.submission_id, "decide")
        raise
    except ReaderGone as gone:  # killed from outside, or with the file to blame: as if the worker had died over it
        log.warning("submission %s: %s", received and received.submission_id, gone.strerror)
    except Exception as error:  # a fault on one file must not stop the others
        if received is None:
            raise
        _fail(connection, received.submission_id, error)
    return None if received is None else received.submission_id


def _process(connection: AnyConnection, apart: AnyConnection, submission_id: int) -> None:
    try:
        with connection.transaction():
            received = ledger.claim(connection, submission_id)
            if received is not None:
                _try(connection, apart, received)
    except _NO_FAULT_OF_THE_FILE:
        if not connection.closed:
            attempts.end(connection, submission_id, "decide")
        raise
    except ReaderGone as gone:  # its try stays counted as one that never ended; the next sweep goes on
        log.warning("submission %s: %s", submission_id, gone.strerror)
    except Exception as error:  # recorded for a retry; the caller sees the state
        _fail(connection, submission_id, error)
    submission = from_ledger.known(connection, submission_id)
    if submission.outbox_state != submission.state:
        write_papers(connection, [submission])


def _try(connection: AnyConnection, apart: AnyConnection, received: Received) -> None:
    """Decide, in the caller's transaction, unless too many died over it before."""
    deaths = attempts.begin(apart, received.submission_id, "decide")
    if deaths < attempts.DEATHS:
        decide(connection, received)
    else:
        _give_up(connection, received.submission_id, f"{deaths} tries in a row never ended")
    attempts.end(connection, received.submission_id, "decide")


def _give_up(connection: AnyConnection, submission_id: int, why: str) -> None:
    problem = issue("internal_reader_failure")
    ledger.note_issue(connection, submission_id, problem)
    ledger.turn_away(connection, submission_id, problem.code, "held", why)


def _fail(connection: AnyConnection, submission_id: int, error: Exception) -> None:
    """Record a fault of ours. What the exception says may quote a file, so only where it happened is logged."""
    failure_id = secrets.token_hex(4)
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("submission %s: failure %s, %s\n%s", submission_id, failure_id, type(error).__name__, where)
    with connection.transaction():
        if ledger.claim(connection, submission_id) is None:
            return  # another worker came through with it meanwhile
        attempts.end(connection, submission_id, "decide")
        if ledger.note_failure(connection, submission_id, failure_id) >= TRIES:
            _give_up(connection, submission_id, f"failure {failure_id}")


@contextmanager
def connected(application: str) -> Iterator[AnyConnection]:
    """A connection; a server that goes away meanwhile becomes an error the user can act on."""
    connection = database.connect(application=application, autocommit=True)
    try:
        yield connection
    except psycopg.OperationalError as error:
        raise database.lost(error) from error
    finally:
        connection.close()
