"""Issues and repairs as they leave the check."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import UserFacingError
from ingestion.issues.catalogue import Entry, Severity, entry, required_params


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem at one place. `row` counts from 1 as the sender's program does; `value` is masked if personal."""

    code: str
    severity: Severity
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = None
    params: Mapping[str, str] | None = None

    @property
    def entry(self) -> Entry:
        """The catalogue's entry of this code."""
        return entry(self.code)

    def _fill(self, template: str) -> str:
        own = {"row": self.row, "cell": self.cell, "value": self.value, "sheet": self.sheet}
        return template.format(**own | dict(self.params or {}))

    @property
    def message_th(self) -> str:
        """What is wrong, in Thai."""
        return self._fill(self.entry.message.th)

    @property
    def message_en(self) -> str:
        """What is wrong, in English."""
        return self._fill(self.entry.message.en)

    @property
    def cure_th(self) -> str:
        """What to do, in Thai."""
        return self._fill(self.entry.cure.th)

    @property
    def cure_en(self) -> str:
        """What to do, in English."""
        return self._fill(self.entry.cure.en)

    def as_json(self) -> dict[str, Any]:
        """The public form of an issue in reports and `check --json`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "value": self.value,
            "message_th": self.message_th,
            "message_en": self.message_en,
            "cure_th": self.cure_th,
            "cure_en": self.cure_en,
        }


@dataclass(frozen=True, slots=True)
class Repair:
    """How often a kind of repair was made in a column, with the first addresses (`sheet!A1`; `A1` in a text file)."""

    code: str
    column: str
    repaired_cells: int
    cells: tuple[str, ...]


def issue(
    code: str,
    *,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    cell: str | None = None,
    value: str | None = None,
    severity: Severity | None = None,
    **params: object,
) -> Issue:
    """Make an issue of the catalogue; a contract's rule may set another severity.

    Raises UserFacingError for an unknown code or a placeholder left empty.

    The caller masks `value` and any other personal text beforehand.
    """
    missing = required_params(code) - params.keys()
    if missing:
        raise UserFacingError(
            f"Issue “{code}” needs {', '.join(sorted(missing))}", cure="Pass every placeholder of its messages"
        )
    texts = {name: str(text) for name, text in params.items()}
    return Issue(code, severity or entry(code).severity, sheet, row, column, cell, value, texts)


def issue_from(code: str, params: Mapping[str, object]) -> Issue:
    """An issue about the whole file, from a problem that only carries its code, placeholders and perhaps its place."""
    texts = {name: str(text) for name, text in params.items()}
    row, cell = texts.pop("row", None), texts.pop("cell", None)
    found = issue(code, **texts)  # type: ignore[arg-type]  # the placeholders are none of the named arguments
    return replace(found, row=None if row is None else int(row), cell=cell)
