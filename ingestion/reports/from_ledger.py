"""Papers made from the ledger alone, so that they can be written again at any time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from psycopg import Cursor
from psycopg.rows import TupleRow, class_row

from core.errors import UsageError
from core.settings import private_folder, settings
from ingestion import archive, ledger
from ingestion.agencies import agencies
from ingestion.contracts import Contract, UnknownDataset, load_contract
from ingestion.ledger import AnyConnection, Submission, attempts
from ingestion.reports.labels import Labels
from ingestion.reports.model import LINES_SHOWN, BadRow, Group, Line, Receipt, Repair, Report
from ingestion.reports.writing import outbox_folder, write_receipt, write_report

_LINE = (
    "code, severity, sheet, row_no as row, column_name as column, cell, value_masked as value, message_th, message_en,"
    " cure_th, cure_en, explanation"
)
_ISSUES = (
    "(select i.*, e.text as explanation from ops.issues as i left join ops.explanations as e"
    " on e.explanation_id = i.explanation_id where i.submission_id = %s) as found"
)
# The first lines of every kind of problem, with how many there are of it: errors first, what concerns the whole file
# before single rows, then the most frequent.
_GROUPS = f"""
select {_LINE}, kind_count, kind_open
from (
    select *, count(*) over kind as kind_count, bool_or(row_no is not null) over kind as is_of_rows,
        count(*) filter (where severity = 'query' and explanation_id is null) over kind as kind_open,
        row_number() over (kind order by issue_no) as place
    from {_ISSUES}
    window kind as (partition by severity, code, column_name)
) as numbered
where place <= {LINES_SHOWN}
order by severity, is_of_rows, kind_count desc, code, column_name nulls first, issue_no
"""
_AFTER_LOADING = frozenset({"loaded", "released", "superseded"})  # the report says the same for all of them


def known(connection: AnyConnection, submission_id: int) -> Submission:
    """The submission; UsageError when the ledger has none of that number."""
    found = ledger.submission(connection, submission_id)
    if found is None:
        raise UsageError(f"There is no submission {submission_id}.", cure="See chaidaen submissions.")
    return found


def receipt_of(submission: Submission) -> Receipt:
    return Receipt(**{name: getattr(submission, name) for name in Receipt.__dataclass_fields__})


def write_papers(
    connection: AnyConnection,
    submission: Submission,
    *,
    afresh: bool = False,
    patient: bool = True,
    marked: bool = True,
) -> None:
    """Write what the outbox owes for the state the submission has by now (`afresh`: all of it), and note it.

    Without the marked workbook if not `marked`. While another worker writes in its folder this waits, or, not
    `patient`, leaves it to that one. Raises OSError when it can't be written.
    """
    private_folder(settings().outbox)  # papers name people to their sender, and to nobody else
    with connection.transaction():
        if not ledger.take_papers(connection, submission.submission_id, patient=patient):
            return
        submission = known(connection, submission.submission_id)
        if afresh or submission.outbox_state != submission.state:
            _write(connection, submission, afresh=afresh, marked=marked)
            ledger.papers_written(connection, submission.submission_id, submission.state)
        attempts.end(connection, submission.submission_id, "papers")


def _write(connection: AnyConnection, submission: Submission, *, afresh: bool, marked: bool) -> None:
    receipt = receipt_of(submission)
    folder = outbox_folder(receipt)
    only_moved_on = not afresh and submission.outbox_state in _AFTER_LOADING and submission.state in _AFTER_LOADING
    if submission.state == "received" or only_moved_on:
        write_receipt(receipt, folder)
    else:
        report = report_of(connection, submission)
        write_report(report if marked else replace(report, source=None), folder)


def report_of(connection: AnyConnection, submission: Submission) -> Report:
    """The report of a submission; its issues and bad rows are streamed from the database when they are asked for."""
    number = submission.submission_id
    try:
        contract: Contract | None = load_contract(submission.dataset_id)
    except UnknownDataset:
        contract = None
    agency = agencies().get(submission.agency_id)
    labels = Labels(contract)
    return Report(
        receipt=receipt_of(submission),
        agency_th=agency.name_th if agency else submission.agency_id or "–",
        agency_en=agency.name_en if agency else "",
        dataset_th=contract.label_th if contract else submission.dataset_id or "–",
        dataset_en=contract.label_en if contract else "",
        groups=tuple(_groups(connection, number, labels)),
        repairs=tuple(_repairs(connection, number, labels)),
        skipped_checks=(),
        issues=lambda: _issues(connection, number),
        bad_rows=lambda: _bad_rows(connection, number),
        source=archive.path_of(submission.sha256) if _may_be_marked(submission) else None,
        contract=contract,
        withdrawn_because=ledger.why_withdrawn(connection, number) if submission.state == "withdrawn" else None,
    )


def _may_be_marked(submission: Submission) -> bool:
    """There is something to mark, and what brought its readers down is not opened once more."""
    return submission.state != "duplicate" and submission.reason_code != "internal_reader_failure"


def _groups(connection: AnyConnection, number: int, labels: Labels) -> Iterator[Group]:
    lines: dict[tuple[str, str, str | None], tuple[int, int, list[Line]]] = {}
    for *fields, count, unanswered in connection.execute(_GROUPS, [number]).fetchall():
        line = Line(*fields)  # type: ignore[arg-type]  # in the order _GROUPS selects them
        kind = (line.severity, line.code, line.column)
        lines.setdefault(kind, (int(str(count)), int(str(unanswered)), []))[2].append(line)
    for count, unanswered, found in lines.values():
        yield labels.group(count, found, unanswered)


def _repairs(connection: AnyConnection, number: int, labels: Labels) -> Iterator[Repair]:
    rows = connection.execute(
        "select code, column_name, repaired_cells, cells from ops.repairs where submission_id = %s"
        " order by repaired_cells desc, code, column_name",
        [number],
    ).fetchall()
    for code, column, count, cells in rows:
        yield labels.repair(str(code), str(column), int(str(count)), tuple(cells))  # type: ignore[arg-type]


def _issues(connection: AnyConnection, number: int) -> Iterator[Line]:
    with connection.transaction(), connection.cursor("issues", row_factory=class_row(Line)) as cursor:
        cursor.itersize = 1000  # they are short, and may be many
        cursor.execute(f"select {_LINE} from {_ISSUES} order by issue_no", [number])
        yield from cursor


def _bad_rows(connection: AnyConnection, number: int) -> Iterator[BadRow]:
    with _streamed(connection, "bad_rows") as cursor:
        cursor.execute(
            "select _sheet, _row, content::text, codes from vault.rejected_rows where _submission_id = %s"
            " order by _sheet, _row",
            [number],
        )
        for sheet, row, content, codes in cursor:
            yield BadRow(sheet, row, json.loads(content, object_pairs_hook=list), tuple(codes))


@contextmanager
def _streamed(connection: AnyConnection, name: str) -> Iterator[Cursor[TupleRow]]:
    """A server-side cursor: rows come as they are read, not all at once."""
    with connection.transaction(), connection.cursor(name) as cursor:
        yield cursor
