"""Where simulated households live: real tambon and villages, in proportion to the houses registered there."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from chaidaen.simulate.identifiers import Ints, Texts
from core.errors import UsageError
from core.settings import settings

PROVINCES: dict[str, str] = {"90": "สงขลา", "91": "สตูล", "94": "ปัตตานี", "95": "ยะลา", "96": "นราธิวาส"}


@dataclass(frozen=True, slots=True)
class Tambon:
    """A tambon with its registered houses (31 December 2564) and villages; a municipal tambon has no village."""

    code: str
    name_th: str
    houses: int
    villages: tuple[str, ...]

    @property
    def province_code(self) -> str:
        return self.code[:2]

    @property
    def amphoe_code(self) -> str:
        return self.code[:4]

    @property
    def is_municipal(self) -> bool:
        return not self.villages


@dataclass(frozen=True, slots=True)
class Population:
    """Registered people and houses of one tambon on 31 December 2564 (Department of Provincial Administration)."""

    tambon_code: str
    male_persons: int
    female_persons: int
    total_persons: int
    houses: int


def reference_rows(name: str) -> list[dict[str, str]]:
    """Rows of a reference list the project carries as a dbt seed."""
    path: Path = settings().project_root / "dbt_project" / "seeds" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def population() -> tuple[Population, ...]:
    """The official figures of every tambon of the five provinces, ordered by code."""
    figures = ("male_persons", "female_persons", "total_persons", "houses")
    rows = (
        Population(row["tambon_code"], *(int(row[name]) for name in figures))
        for row in reference_rows("population_2564")
    )
    return tuple(sorted(rows, key=lambda row: row.tambon_code))


@cache
def all_tambon() -> tuple[Tambon, ...]:
    """Every tambon of the five provinces, ordered by code."""
    villages: dict[str, list[str]] = {}
    for row in reference_rows("villages"):
        villages.setdefault(row["tambon_code"], []).append(row["village_code"])
    names = {row["tambon_code"]: row["name_th"] for row in reference_rows("tambon")}
    return tuple(
        Tambon(p.tambon_code, names[p.tambon_code], p.houses, tuple(sorted(villages.get(p.tambon_code, ()))))
        for p in population()
    )


def tambon_of(province_codes: Sequence[str]) -> tuple[Tambon, ...]:
    """Every tambon of the given provinces. Raises UsageError for a province that is not ours."""
    unknown = [code for code in province_codes if code not in PROVINCES]
    if unknown:
        known = ", ".join(f"{code} {name}" for code, name in PROVINCES.items())
        raise UsageError(f"Unknown province: {', '.join(unknown)}.", cure=f"Choose from {known}.")
    return _tambon_of(frozenset(province_codes))


@cache
def _tambon_of(province_codes: frozenset[str]) -> tuple[Tambon, ...]:
    return tuple(tambon for tambon in all_tambon() if tambon.province_code in province_codes)


def share_out(total: int, weights: Sequence[int]) -> Ints:
    """Split `total` in proportion to `weights` by largest remainder: whole numbers that add up exactly."""
    exact = total * np.asarray(weights, dtype=np.float64) / sum(weights)
    parts: Ints = np.floor(exact).astype(np.int64)
    left_over = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:left_over]] += 1
    return parts


def spread_over_villages(tambon: Tambon, households: int, rng: np.random.Generator) -> Texts:
    """Village code of each household, "" in a municipal tambon; villages differ in size, as real ones do."""
    if tambon.is_municipal:
        return np.full(households, "", dtype=object)
    sizes = rng.gamma(4.0, size=len(tambon.villages))
    chosen = np.sort(rng.choice(len(tambon.villages), size=households, p=sizes / sizes.sum()))
    villages: Texts = np.array(tambon.villages, dtype=object)
    return villages[chosen]
