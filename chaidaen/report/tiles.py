"""Tambon as a map without boundaries: one tile a tambon in the order of codes, under its amphoe and province.

Which class a share falls into is decided here too, for tiles and polygons alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import ClassVar

from chaidaen.report.rows import Figures, of

CLASSES = 5
STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(20))

# From light to dark: told apart by people who see red and green alike, and on a grey printer.
COLORS = ("#e3eef7", "#b5d3ea", "#74abd6", "#2f76b3", "#0c3f73")
HIDDEN_COLOR, UNKNOWN_COLOR = "#f1e6cf", "#d4d4d4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tambon(Figures):
    """A tambon and its share of target-poor people, from `areas` as `a` with its amphoe and province beside it."""

    MART: ClassVar[str] = "poverty_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "survey_year_be")
    redacted: list[str] = of("coalesce(m._redacted, '{}')")
    area_code: str = of("a.area_code")
    name_th: str = of("a.name_th")
    amphoe_code: str = of("amphoe.area_code")
    amphoe_th: str = of("amphoe.name_th")
    province_code: str = of("province.area_code")
    province_th: str = of("province.name_th")
    survey_year_be: int | None
    surveyed_persons: int | None
    target_poor_persons: int | None
    target_poor_persons_pct: Decimal | None


@dataclass(frozen=True, slots=True)
class Amphoe:
    code: str
    name_th: str
    tiles: tuple[Tambon, ...]


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name_th: str
    amphoe: tuple[Amphoe, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Five classes of equal width from zero; the last one is open."""

    step: Decimal

    def level(self, share: Decimal) -> int:
        """0 for the lowest class. A share on a bound belongs to the class above it."""
        return min(int(share / self.step), CLASSES - 1)

    @property
    def labels(self) -> tuple[str, ...]:
        bounds = [self.step * at for at in range(CLASSES)]
        closed = (f"{low} ถึงต่ำกว่า {high}" for low, high in pairwise(bounds))
        return (*closed, f"{bounds[-1]} ขึ้นไป")

    def color(self, tambon: Tambon) -> str:
        share = tambon.target_poor_persons_pct
        if share is not None:
            return COLORS[self.level(share)]
        return HIDDEN_COLOR if tambon.shown("target_poor_persons_pct").kind == "hidden" else UNKNOWN_COLOR

    def style(self, tambon: Tambon) -> str:
        """The class of its tile in the style sheet."""
        share = tambon.target_poor_persons_pct
        return tambon.shown("target_poor_persons_pct").kind if share is None else f"level{self.level(share)}"


def scale_for(shares: Iterable[Decimal | None]) -> Scale:
    """The narrowest classes of a round width of which the fifth need not be stretched; at most 20 wide."""
    top = max((share for share in shares if share is not None), default=Decimal(0))
    return Scale(next((step for step in STEPS if step * CLASSES >= top), STEPS[-1]))


def lay_out(tambon: Sequence[Tambon]) -> tuple[Province, ...]:
    """Provinces, their amphoe and the tiles of these, each in the order of codes, which is how officers know them."""
    ordered = sorted(tambon, key=lambda one: one.area_code)
    return tuple(
        Province(code, name, tuple(_amphoe(list(of_province))))
        for (code, name), of_province in groupby(ordered, key=lambda one: (one.province_code, one.province_th))
    )


def _amphoe(tambon: Sequence[Tambon]) -> Iterable[Amphoe]:
    for (code, name), tiles in groupby(tambon, key=lambda one: (one.amphoe_code, one.amphoe_th)):
        yield Amphoe(code, name, tuple(tiles))
