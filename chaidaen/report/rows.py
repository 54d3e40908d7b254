"""Rows of safe marts as plain dataclasses: a field is a column of the mart, or SQL of its own.

@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Figures):
    MART: ClassVar[str] = "assistance_coverage_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be")
    area_code: str
    fiscal_year_be: int
    helps: int | None                     # m.helps
    name_th: str = of("a.name_th")        # of a list that the query joins
"""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, ClassVar, Literal

from chaidaen.report.wording import HIDDEN_COUNT, HIDDEN_OTHER, UNKNOWN, number

Kind = Literal["known", "hidden", "unknown"]


def of(sql: str) -> Any:  # noqa: ANN401  # as `dataclasses.field`
    """A field that is not simply the mart's column of that name; the mart is `m` in every query."""
    return field(metadata={"sql": sql})


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as readers see it."""

    text: str
    kind: Kind
    value: int | Decimal | None
    trace: str  # what `chaidaen trace` wants to be told to follow it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a query over one mart gives; aggregates too."""

    MART: ClassVar[str]

    @classmethod
    def columns(cls) -> str:
        return ", ".join(f"{one.metadata.get('sql', f'm.{one.name}')} as {one.name}" for one in fields(cls))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures(Row):
    """One row of a mart, by its key. Empty is hidden where the mart says so, else unknown; never zero."""

    KEY: ClassVar[tuple[str, ...]]
    redacted: list[str] = of("m._redacted")

    def shown(self, column: str, places: int | None = None) -> Shown:
        value = getattr(self, column)
        key = " ".join(f"{name}={getattr(self, name)}" for name in self.KEY)
        trace = f"{self.MART} {key} {column}"
        if value is not None:
            return Shown(number(value, places), "known", value, trace)
        if column in self.redacted:
            return Shown(HIDDEN_COUNT if self._counts(column) else HIDDEN_OTHER, "hidden", None, trace)
        return Shown(UNKNOWN, "unknown", None, trace)

    @classmethod
    def _counts(cls, column: str) -> bool:
        """Whether it is a number of people or cases; a share, money or a mean of few is not itself small."""
        return any(one.name == column and one.type == int | None for one in fields(cls))
