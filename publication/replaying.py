"""The files of a release read again from the archive into an empty warehouse, by the code that reads them at intake.

Which submission counts was decided by people and by what had come before; that, and when each came, is taken from the
ledger. What a file says is not: every row comes from the archived bytes. So only the submissions a release lists are
read, and those whose rows they took over, in the order of the ledger and under their own numbers (a returned file
names the submission it mends).
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from core import clock
from ingestion import ledger
from ingestion.archive import ArchiveDamaged
from ingestion.deciding import decide
from publication import dbt
from publication.manifest import MADE_OF
from publication.relations import shape_of

ARCHIVE_DAMAGED = "archive_damaged"
READER_FAILURE = "internal_reader_failure"

log = logging.getLogger("chaidaen.rebuild")

# What a model may read of a submission, and what intake needs to read its file again.
_RECEIVED = (
    "submission_id", "agency_id", "dataset_id", "period", "part", "sha256", "size_bytes", "file_name",
    "landing_fingerprint", "state", "received_at",
)  # fmt: skip
_FATE = ("verdict", "reason_code", "contract_version", "rows", "accepted_rows", "rejected_rows", "content_date")
# When it was decided: a file of that day could not speak of a later one.
_DECIDED = """
select m.submission_id, m.is_listed, coalesce(max(e.occurred_at), max(s.received_at))
from ({}) as m
inner join ops.submissions as s using (submission_id)
left join ops.submission_events as e on e.submission_id = m.submission_id and e.state in ('checked', 'rejected', 'held')
group by m.submission_id, m.is_listed order by m.submission_id
"""


def replay(
    real: Connection[TupleRow],
    scratch: Connection[TupleRow],
    manifest: Mapping[str, Any],
    progress: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Bring a scratch warehouse to where the release's build began. Returns the submissions that came out otherwise.

    Both connections are in autocommit mode.
    """
    release_id = manifest["release_id"]
    made_of = real.execute(_DECIDED.format(MADE_OF), {"release": release_id}).fetchall()
    numbers = [number for number, _, _ in made_of]
    with scratch.transaction():
        _carry_releases(real, scratch, release_id)
        read_again = sql.SQL("submission_id = any({}::bigint[])").format(sql.Literal(numbers))
        _carry_submissions(real, scratch, _RECEIVED, read_again, sql.SQL("'received'"))
    for place, (number, _, decided_at) in enumerate(made_of, 1):
        progress(f"{place}/{len(made_of)}")
        _read_again(scratch, number, decided_at)
    with scratch.transaction():
        others = _others(release_id, numbers)
        # As the release saw them: a file that waited then had been received.
        state = sql.SQL(
            "(select case l.state when 'waiting' then 'received' when 'overtaken' then 'superseded' else l.state end"
            " from ops.release_ledger as l"
            " where l.submission_id = s.submission_id and l.release_id = {})"
        ).format(sql.Literal(release_id))
        _carry_submissions(real, scratch, (*_RECEIVED, *_FATE), others, state)
        _carry_facts(real, scratch, release_id, others)
    return _otherwise(scratch, manifest["submissions"])


def _others(release_id: int, numbers: list[int]) -> sql.Composed:
    """Submissions that had come when the release was opened, and of which it has no row."""
    return sql.SQL(
        "submission_id in (select submission_id from ops.release_ledger where release_id = {})"
        " and submission_id <> all({}::bigint[])"
    ).format(sql.Literal(release_id), sql.Literal(numbers))


def _carry_releases(real: Connection[TupleRow], scratch: Connection[TupleRow], release_id: int) -> None:
    """The release as it was opened, and those before it, which its facts may speak of."""
    carry(
        real,
        scratch,
        sql.SQL(
            "select release_id, case release_id when {0} then 'candidate' else 'held' end, as_of, recipe,"
            " code_version, created_at from ops.releases where release_id <= {0}"
        ).format(sql.Literal(release_id)),
        sql.SQL("ops.releases (release_id, state, as_of, recipe, code_version, created_at)"),
    )


def _carry_submissions(
    real: Connection[TupleRow],
    scratch: Connection[TupleRow],
    columns: Iterable[str],
    which: sql.Composed,
    state: sql.Composable,
) -> None:
    """Rows of the ledger, with the event that the ledger wants for each."""
    names = list(columns)
    values = [state if name == "state" else sql.Identifier("s", name) for name in names]
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    carry(
        real,
        scratch,
        sql.SQL("select {} from ops.submissions as s where {}").format(sql.SQL(", ").join(values), which),
        sql.SQL("ops.submissions ({})").format(listed),
    )
    scratch.execute(
        "insert into ops.submission_events (submission_id, state, occurred_at, actor)"
        " select submission_id, state, received_at, 'rebuild' from ops.submissions as s"
        " where not exists (select from ops.submission_events as e where e.submission_id = s.submission_id)"
    )


def _read_again(scratch: Connection[TupleRow], submission_id: int, decided_at: datetime) -> None:
    with clock.fixed(decided_at), scratch.transaction():
        received = ledger.claim(scratch, submission_id)
        if received is not None:
            try:
                with scratch.transaction():
                    decide(scratch, received)
            except ArchiveDamaged:
                ledger.turn_away(scratch, submission_id, ARCHIVE_DAMAGED)
            except psycopg.OperationalError:
                raise
            except Exception:  # told as a difference; what it says might quote the file
                log.error("submission %s can't be read any more", submission_id)  # noqa: TRY400
                ledger.turn_away(scratch, submission_id, READER_FAILURE)


def _carry_facts(
    real: Connection[TupleRow], scratch: Connection[TupleRow], release_id: int, others: sql.Composed
) -> None:
    """Whatever else of `ops` the models read: of the release, and of submissions that were not read again."""
    parsed = dbt.parse()
    for table in sorted({found.identifier for found in parsed.sources.values() if found.schema == "ops"}):
        name = sql.Identifier("ops", table)
        shape = shape_of(real, name)
        columns = shape.names if shape else []
        if "release_id" in columns:
            which = sql.SQL("release_id = {}").format(sql.Literal(release_id))
        elif "submission_id" in columns and table != "submissions":
            which = others
        else:
            continue
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        carry(
            real,
            scratch,
            sql.SQL("select {} from {} where {}").format(listed, name, which),
            sql.SQL("{} ({})").format(name, listed),
        )


def carry(
    source: Connection[TupleRow], target: Connection[TupleRow], select: sql.Composable, into: sql.Composable
) -> None:
    """Rows from one database into another, in PostgreSQL's own binary form, never as Python values."""
    with (
        source.cursor().copy(sql.SQL("copy ({}) to stdout (format binary)").format(select)) as rows,
        target.cursor().copy(sql.SQL("copy {} from stdin (format binary)").format(into)) as copy,
    ):
        for block in rows:
            copy.write(block)


def _otherwise(scratch: Connection[TupleRow], submissions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Submissions that are not in force now, or of which other rows are good, as the ledger says."""
    now = {
        row[0]: row[1:]
        for row in scratch.execute(
            "select submission_id, state, accepted_rows, rejected_rows, reason_code from ops.submissions"
        ).fetchall()
    }
    found = []
    for then in submissions:
        state, accepted, rejected, reason = now[then["submission_id"]]
        rows_then = (then["accepted_rows"], then["rejected_rows"])
        is_gone = then["is_listed"] and state != "loaded"
        if is_gone or (accepted, rejected) != rows_then:
            where = {name: then[name] for name in ("submission_id", "agency_id", "dataset_id", "period", "part")}
            found.append({
                **where, "state": state, "reason_code": reason, "accepted_rows": accepted, "rejected_rows": rejected,
                "accepted_rows_then": rows_then[0], "rejected_rows_then": rows_then[1],
            })  # fmt: skip
    return found
