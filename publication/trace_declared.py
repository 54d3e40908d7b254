"""How the columns of the marts say they are traced: `meta.trace` of a column, beside its kind and unit.

A list of entries. Each names the analysis (`dbt_project/analyses/`) whose rows are the rows of files behind the figure:

    rows:   the analysis; it has the key columns of the mart and `_submission_id, _sheet, _row`
    keys:   the key columns it has, where they are not all of the mart's
    where:  which of its rows count for this column; default: all
    cells:  text[] of contract columns whose cells speak; default: the analysis' own `_columns`
    says:   instead of cells: what a whole file says, for an analysis of files and not of rows
    value:  aggregate over the rows that gives the figure, so that every trace proves itself

A share is traced as its numerator and denominator. A figure that another mart has (`meta.taken_from`) is traced there.
A column with neither comes from no file of an agency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import UsageError
from expectations.described import TakenFrom
from publication.dbt import Manifest, Resource

PREFIX = "analysis.chaidaen."


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a column's lists of rows; the texts are SQL of the project."""

    rows: str
    where: str = "true"
    cells: str = "_columns"
    says: str | None = None
    value: str | None = None
    keys: Sequence[str] | None = None

    @property
    def analysis(self) -> str:
        """dbt's unique id."""
        return PREFIX + self.rows

    def keys_of(self, grain: Sequence[str]) -> tuple[str, ...]:
        """The mart's key columns by which the analysis' rows are found."""
        return tuple(grain if self.keys is None else self.keys)


@dataclass(frozen=True, slots=True)
class TracedColumn:
    """parts: of a share, its numerator and denominator."""

    name: str
    kind: str
    entries: tuple[Entry, ...]
    taken_from: TakenFrom | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedMart:
    """keys: columns one of whose combinations is one row; any column of kind `key` may be used to name a row."""

    name: str
    keys: tuple[str, ...]
    columns: Mapping[str, TracedColumn]

    def column(self, name: str) -> TracedColumn:
        """Raises UsageError when the mart has no such column."""
        if name not in self.columns:
            raise UsageError(
                f"{self.name} has no column {name}.",
                cure=f"Its figures: {', '.join(c.name for c in self.columns.values() if c.kind != 'key')}.",
            )
        return self.columns[name]


def traced_marts(manifest: Manifest) -> dict[str, TracedMart]:
    """Every mart that everybody may read, by name.

    Rows of one household or person have no trace: an answer would name the file and row of somebody whom the one who
    asks may not be in charge of. The figures that count them have one, with personal cells masked.
    """
    marts = [node for node in _marts(manifest) if not node.config.meta.get("reader")]
    return {node.alias: TracedMart(node.alias, tuple(node.config.meta["grain"]), _columns(node)) for node in marts}


def _marts(manifest: Manifest) -> list[Resource]:
    return [node for node in manifest.nodes.values() if node.resource_type == "model" and node.fqn[1:2] == ["marts"]]


def traced_mart(manifest: Manifest, name: str) -> TracedMart:
    """Raises UsageError when there is no such mart."""
    marts = traced_marts(manifest)
    if name in {node.alias for node in _marts(manifest)} - marts.keys():
        raise UsageError(
            f"{name} tells of single households and people, which are not traced.",
            cure="Trace a figure that counts them, for example of case_progress_by_area.",
        )
    if name not in marts:
        raise UsageError(f"There is no mart {name}.", cure=f"Marts: {', '.join(sorted(marts))}.")
    return marts[name]


def _columns(node: Resource) -> dict[str, TracedColumn]:
    meta = {name: column.config.meta for name, column in node.columns.items()}
    return {
        name: TracedColumn(
            name,
            said["kind"],
            _entries(said, meta),
            TakenFrom.model_validate(said["taken_from"]) if "taken_from" in said else None,
            (said["numerator"], said["denominator"]) if said["kind"] == "share" else (),
        )
        for name, said in meta.items()
    }


def _entries(said: Mapping[str, Any], meta: Mapping[str, Mapping[str, Any]]) -> tuple[Entry, ...]:
    if said["kind"] == "share":
        parts: Sequence[Entry] = [
            entry for part in ("numerator", "denominator") for entry in _entries(meta[said[part]], meta)
        ]
        return tuple(replace(part, value=None) for part in parts)
    return tuple(Entry(**entry) for entry in said.get("trace", ()))
