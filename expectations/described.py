"""What a mart says of itself (`meta` of its model), as far as the gate and the store go by it.

The build keeps it with the release (`ops.release_marts`), so that a release is judged by its own description.
"""

from dataclasses import dataclass
from typing import Literal, Self

from psycopg.rows import dict_row
from pydantic import BaseModel, ConfigDict, model_validator

from core import database

Kind = Literal["key", "label", "count", "official_count", "share", "sum", "score"]
Reader = Literal["cases"]


class TakenFrom(BaseModel):
    """A figure that another mart has: `column` of its row of the same area (`*`: how many rows).

    by: each further key of that mart → the column here that equals it, a constant in quotes ("'any'"), or `each`: its
    rows are added up. within: of all rows whose area lies in this one, for a mart that lists things at their place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mart: str
    column: str
    by: dict[str, str]
    within: bool = False
    counted_by: str | None = None  # with `*`: the column whose cells say that a row is there

    @model_validator(mode="after")
    def _counted_by_what(self) -> Self:
        if (self.column == "*") != (self.counted_by is not None):
            raise ValueError("counted_by goes with column: '*'")
        return self

    @property
    def figure(self) -> str:
        """SQL over rows of the other mart."""
        return "count(*)" if self.column == "*" else f"sum({self.column})"

    @property
    def rows(self) -> str:
        """SQL of the other mart, each row once for every area it counts in (`of_area`)."""
        if not self.within:
            return f"(select *, area_code as of_area from marts_exact.{self.mart})"
        return (
            f"(select s.*, n.of_area from marts_exact.{self.mart} as s"
            " left join marts_exact.areas as a on a.area_code = s.area_code"
            " cross join lateral (select distinct of_area from (values (s.area_code), (a.tambon_code), (a.amphoe_code),"
            " (s.province_code), ('SBP')) as v (of_area) where of_area is not null) as n)"
        )

    @property
    def constants(self) -> dict[str, str]:
        return {name: said[1:-1] for name, said in self.by.items() if said.startswith("'")}

    @property
    def columns(self) -> dict[str, str]:
        return {name: said for name, said in self.by.items() if said != "each" and not said.startswith("'")}


class DescribedColumn(BaseModel):
    """`depends_on`: the count a sum or score is hidden with. A share has columns as numerator and denominator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    numerator: str | None = None
    denominator: str | None = None
    depends_on: str | None = None
    taken_from: TakenFrom | None = None
    may_be_negative: bool = False
    may_exceed_100: bool = False


@dataclass(frozen=True, slots=True)
class DescribedMart:
    """grain: columns that together are one row. reader: None for everybody, who then have a safe twin of it.

    rests_on: the datasets without any of which it has no row. may_be_empty: the release has none of them.
    """

    name: str
    grain: tuple[str, ...]
    columns: tuple[DescribedColumn, ...]
    reader: Reader | None = None
    rests_on: tuple[str, ...] = ()
    may_be_empty: bool = False

    def of_kind(self, *kinds: Kind) -> list[DescribedColumn]:
        return [column for column in self.columns if column.kind in kinds]


def described_marts(release_id: int) -> list[DescribedMart]:
    """Every mart the release was built with."""
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select mart, grain, columns, reader, rests_on, exists (select from ops.release_marts_unsent as u"
            " where u.release_id = m.release_id and u.mart = m.mart) as may_be_empty"
            " from ops.release_marts as m where release_id = %s order by mart",
            [release_id],
        ).fetchall()
    return [
        DescribedMart(
            row["mart"],
            tuple(row["grain"]),
            tuple(DescribedColumn.model_validate(column) for column in row["columns"]),
            row["reader"],
            tuple(row["rests_on"]),
            row["may_be_empty"],
        )
        for row in rows
    ]
