"""From a submission up: which figures of a release rest on it, and on how many of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from core.errors import UsageError
from ingestion import ledger
from ingestion.ledger import Submission
from publication.trace_declared import Entry, TracedMart, traced_marts
from publication.trace_lineage import Lineage

REGION = "SBP"


@dataclass(frozen=True, slots=True)
class Impact:
    """One row of a mart. figures: column → rows of the submission behind it (1 where the whole file is meant).

    name_th, name_en: of the area or agency the row is about, where it is about one.
    """

    mart: str
    key: dict[str, Any]
    name_th: str | None
    name_en: str | None
    figures: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {
            "mart": self.mart,
            "key": self.key,
            "name_th": self.name_th,
            "name_en": self.name_en,
            "figures": [{"column": name, "rows": rows} for name, rows in self.figures.items()],
        }


@dataclass(frozen=True, slots=True)
class Impacts:
    """rows: of the submission in the warehouse that the release is made of; 0 when it is not in the release."""

    submission: Submission
    release_id: int
    in_release: bool
    impacts: list[Impact]

    def as_json(self) -> dict[str, Any]:
        return {
            "submission_id": self.submission.submission_id,
            "file_name": self.submission.file_name,
            "state": self.submission.state,
            "release_id": self.release_id,
            "in_release": self.in_release,
            "impact": [one.as_json() for one in self.impacts],
        }


def impact(lineage: Lineage, submission_id: int) -> Impacts:
    """Figures that are known in the release (not empty) and rest on the submission, mart by mart, wider areas first.

    Raises UsageError when there is no such submission.
    """
    submission = ledger.submission(lineage.connection, submission_id)
    if submission is None:
        raise UsageError(f"There is no submission {submission_id}.", cure="See `chaidaen submissions`.")
    row = lineage.connection.execute(
        "select from ops.release_submissions where release_id = %s and submission_id = %s",
        [lineage.release_id, submission_id],
    ).fetchone()
    marts = [mart for mart in traced_marts(lineage.manifest).values() if _is_read(lineage, mart)]
    found = [one for mart in marts for one in _of_mart(lineage, mart, submission_id)]
    return Impacts(submission, lineage.release_id, row is not None, found)


def _is_read(lineage: Lineage, mart: TracedMart) -> bool:
    row = lineage.connection.execute(
        "select from store.release_parts where release_id = %s and relation = %s limit 1",
        [lineage.release_id, mart.name],
    ).fetchone()
    return row is not None


def _of_mart(lineage: Lineage, mart: TracedMart, submission_id: int) -> list[Impact]:
    figures: dict[tuple[Any, ...], dict[str, int]] = {}
    by_analysis: dict[str, list[tuple[str, Entry]]] = {}
    for column in mart.columns.values():
        for entry in column.entries:
            by_analysis.setdefault(entry.analysis, []).append((column.name, entry))
    for analysis, entries in by_analysis.items():
        for key, rows in _count(lineage, mart, analysis, entries, submission_id):
            had = figures.setdefault(key, {})
            for (column_name, _), count in zip(entries, rows, strict=True):
                if count:
                    had[column_name] = max(had.get(column_name, 0), count)
    names = _names(lineage)
    made = []
    for key, had in figures.items():
        if had:
            thai, english = names.get(str(key[0]), (None, None))
            in_order = {name: had[name] for name in mart.columns if name in had}
            made.append(Impact(mart.name, dict(zip(mart.keys, key, strict=True)), thai, english, in_order))
    return sorted(made, key=_wider_first)


def _wider_first(one: Impact) -> tuple[tuple[int, str], ...]:
    """Codes of wider areas are shorter; the region's own is the widest."""
    texts = map(str, one.key.values())
    return tuple((0, "") if text == REGION else (len(text), text) for text in texts)


def _count(
    lineage: Lineage, mart: TracedMart, analysis: str, entries: Sequence[tuple[str, Entry]], submission_id: int
) -> list[tuple[tuple[Any, ...], Sequence[int]]]:
    """Per row of the mart the submission's rows behind each of these figures, unless the figure is empty."""
    counts = [
        sql.SQL("count(distinct ({})) filter (where ({}) and m.{} is not null)").format(
            sql.SQL("r._sheet, r._row" if entry.says is None else "r._submission_id, null"),
            sql.SQL(entry.where),
            sql.Identifier(column),
        )
        for column, entry in entries
    ]
    same = [sql.SQL("m.{0} is not distinct from r.{0}").format(sql.Identifier(name)) for name in mart.keys]
    keys = sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(name)) for name in mart.keys)
    figures = dict.fromkeys([*mart.keys, *(column for column, _ in entries)])
    rows = lineage.connection.execute(
        sql.SQL(
            "select {keys}, {counts} from (select * from {rows} where _submission_id = {submission}) as r"
            " join (select {figures} from marts_exact.{mart}) as m on {same} group by {keys}"
        ).format(
            keys=keys,
            counts=sql.SQL(", ").join(counts),
            rows=lineage.have(analysis),
            submission=submission_id,
            mart=sql.Identifier(mart.name),
            figures=sql.SQL(", ").join(map(sql.Identifier, figures)),
            same=sql.SQL(" and ").join(same),
        )
    ).fetchall()
    width = len(mart.keys)
    return [(tuple(row[:width]), row[width:]) for row in rows]


def _names(lineage: Lineage) -> Mapping[str, tuple[str, str]]:
    rows = lineage.connection.execute(
        "select area_code, name_th, name_en from marts_exact.areas union all"
        " select distinct agency_id, agency_name_th, agency_name_en from marts_exact.submission_status"
    ).fetchall()
    return {code: (thai, english) for code, thai, english in rows}
