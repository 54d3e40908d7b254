"""Answers to queries: from the columns of a marked workbook that came back, or from the command line."""

import re
from collections.abc import Iterable, Sequence

from core import clock
from core.errors import UsageError
from ingestion.checking import Answer
from ingestion.issues import mask
from ingestion.ledger import AnyConnection

MAX_CHARACTERS = 2000
_IDENTIFIER = re.compile(r"(?<![0-9๐-๙])[0-9๐-๙](?:[\s\-–.]?[0-9๐-๙]){12}(?![0-9๐-๙])")

_KEEP = """
insert into ops.explanations (submission_id, sheet, row_no, code, column_name, text, given_by, given_at)
select %s, given.sheet, given.row_no, given.code, given.column_name, given.said, %s, %s
from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
    as given (sheet, row_no, code, column_name, said)
where not exists (  -- a held file is read again once somebody released it; what it said is kept already
    select from ops.explanations as e
    where e.submission_id = %s and e.given_by = %s
        and (e.sheet, e.row_no, e.code, e.column_name, e.text)
            is not distinct from (given.sheet, given.row_no, given.code, given.column_name, given.said)
)
"""
# What was said to a row goes before what was said to all of its kind; of two the later counts.
_CLOSE = """
update ops.issues as i set explanation_id = (
    select e.explanation_id from ops.explanations as e
    where e.submission_id = i.submission_id
        and (
            e.row_no = i.row_no and coalesce(e.sheet, '') = coalesce(i.sheet, '')
            or e.row_no is null and e.code = i.code
                and coalesce(e.column_name, i.column_name, '') = coalesce(i.column_name, '')
        )
    order by e.row_no nulls last, e.explanation_id desc
    limit 1
)
where i.submission_id = %s and i.severity = 'query'
"""


class Said:
    """Answers looked up by what they answer."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._by_row = {(one.sheet, one.row): one.text for one in answers if one.row is not None}
        self._by_kind = {(one.code, one.column): one.text for one in answers if one.row is None}

    def to(self, code: str, column: str | None, sheet: str | None, row: int | None) -> str | None:
        """The answer to a query; that of its row goes before that of its kind."""
        found = self._by_row.get((sheet, row)) if row is not None else None
        found = found or self._by_kind.get((code, column)) or self._by_kind.get((code, None))
        return None if found is None else storable(found)


def keep(connection: AnyConnection, submission_id: int, answers: Sequence[Answer], given_by: str) -> None:
    """Keep what a file said to its queries and close them; the submission's issues are in place already."""
    if answers:
        connection.execute(
            _KEEP,
            [
                submission_id,
                given_by,
                clock.now(),
                [one.sheet for one in answers],
                [one.row for one in answers],
                [one.code for one in answers],
                [one.column for one in answers],
                [storable(one.text) for one in answers],
                submission_id,
                given_by,
            ],
        )
    close(connection, submission_id)


def close(connection: AnyConnection, submission_id: int) -> None:
    """Close the queries that something was said to, now or before the file was read again."""
    row = connection.execute(
        "select exists (select from ops.explanations where submission_id = %s)", [submission_id]
    ).fetchone()
    if row == (True,):
        connection.execute(_CLOSE, [submission_id])


def explain(connection: AnyConnection, submission_id: int, code: str, text: str, given_by: str) -> int:
    """Answer every query of a code; returns how many it closes. Raises UsageError when there is none, or no text."""
    if not text.strip():
        raise UsageError("The explanation is empty.", cure="Say in a sentence why the values are right.")
    rows = connection.execute(
        "select code, count(*) from ops.issues where submission_id = %s and severity = 'query'"
        " group by code order by code",
        [submission_id],
    ).fetchall()
    counts = {str(found): int(str(count)) for found, count in rows}
    if code not in counts:
        raise UsageError(
            f"Submission {submission_id} has no query {code!r}.",
            cure=f"It asks about: {', '.join(counts)}." if counts else "It has no open question; see chaidaen receipt.",
        )
    keep(connection, submission_id, [Answer(text, code=code)], given_by)
    # Its papers are owed again, whoever comes to write them.
    connection.execute("update ops.submissions set outbox_state = null where submission_id = %s", [submission_id])
    return counts[code]


def queries(connection: AnyConnection, submission_id: int) -> dict[str, int]:
    """How many queries of a submission are open and how many explained."""
    row = connection.execute(
        "select count(*) filter (where explanation_id is null), count(explanation_id) from ops.issues"
        " where submission_id = %s and severity = 'query'",
        [submission_id],
    ).fetchone()
    unanswered, explained = row or (0, 0)
    return {"open_queries": int(str(unanswered)), "explained_queries": int(str(explained))}


def storable(text: str) -> str:
    """The text as it is kept: not endless, no NUL, national identifiers masked."""
    masked = _IDENTIFIER.sub(lambda found: mask(found[0]), text.replace("\0", "␀").strip())
    return masked if len(masked) <= MAX_CHARACTERS else f"{masked[:MAX_CHARACTERS]}…"
