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
    looked_at: dict[tuple[str, tuple[str, ...]], list[tuple[str, Entry]]] = {}
    for column in mart.columns.values():
        for entry in column.entries:
            looked_at.setdefault((entry.analysis, entry.keys_of(mart.keys)), []).append((column.name, entry))
    for (analysis, keys), entries in looked_at.items():
        behind = _Behind(analysis, keys, tuple(entries))
        for key, rows in _count(lineage, mart, behind, submission_id):
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


@dataclass(frozen=True, slots=True)
class _Behind:
    """An analysis, the mart's keys it has, and the entries that take their rows from it, each with its column."""

    analysis: str
    keys: tuple[str, ...]
    entries: tuple[tuple[str, Entry], ...]


def _count(
    lineage: Lineage, mart: TracedMart, behind: _Behind, submission_id: int
) -> list[tuple[tuple[Any, ...], Sequence[int]]]:
    """Per row of the mart the submission's rows behind each of these figures, unless the figure is empty.

    The mart's columns get names of their own beside those of the analysis, in which `where` is written.
    """
    grain = [sql.Identifier(f"_key_{name}") for name in mart.keys]
    figures = [
        sql.SQL("{} as {}").format(sql.Identifier(name), at) for name, at in zip(mart.keys, grain, strict=True)
    ] + [sql.SQL("{0} is not null as {1}").format(sql.Identifier(n), sql.Identifier(f"_known_{n}"))
         for n in dict.fromkeys(column for column, _ in behind.entries)]  # fmt: skip
    counts = [
        sql.SQL("count(distinct ({})) filter (where ({}) and {})").format(
            sql.SQL("_sheet, _row" if entry.says is None else "_submission_id, null"),
            sql.SQL(entry.where),
            sql.Identifier(f"_known_{column}"),
        )
        for column, entry in behind.entries
    ]
    same = [sql.SQL("{} = {}").format(sql.Identifier(f"_key_{n}"), sql.Identifier(n))
            for n in behind.keys]  # fmt: skip
    rows = lineage.connection.execute(
        sql.SQL(
            "select {grain}, {counts} from (select * from {rows} where _submission_id = {submission}) as behind"
            " join (select {figures} from marts_exact.{mart}) as shown on {same} group by {grain}"
        ).format(
            grain=sql.SQL(", ").join(grain),
            counts=sql.SQL(", ").join(counts),
            rows=lineage.have(behind.analysis),
            submission=submission_id,
            figures=sql.SQL(", ").join(figures),
            mart=sql.Identifier(mart.name),
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
