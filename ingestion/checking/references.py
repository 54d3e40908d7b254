"""Reference lists a check needs, read from the seeds so that the warehouse and the check can never disagree."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.settings import settings
from ingestion.cleaning.places import LEVELS, Gazetteer, Place

FILES: Mapping[str, str] = {"province": "provinces", "amphoe": "amphoe", "tambon": "tambon", "village": "villages"}


@dataclass(frozen=True, slots=True)
class References:
    """Area codes in force by level, and retired codes with their successor (None where there is no single one)."""

    areas: Mapping[str, frozenset[str]]
    retired: Mapping[str, str | None]
    folder: Path

    @staticmethod
    @cache
    def load(seeds: Path | None = None) -> "References":
        """Read `dbt_project/seeds`, or another folder of the same shape."""
        folder = seeds or settings().project_root / "dbt_project" / "seeds"
        areas = {
            level: frozenset(row[f"{level}_code"] for row in _rows(folder / f"{name}.csv"))
            for level, name in FILES.items()
        }
        retired: dict[str, str | None] = {}
        for row in _rows(folder / "retired_codes.csv"):
            code, successor = row["retired_code"], row["replaced_by"] or None
            # A code that split has several successors: which one is meant can't be known from the code.
            retired[code] = successor if code not in retired else None
        return References(areas, retired, folder)

    @property
    def gazetteer(self) -> Gazetteer:
        """Thai names of the areas; read when a contract takes names."""
        return _gazetteer(self.folder)

    @property
    def provinces(self) -> Mapping[str, str]:
        """Thai name of each province → its code."""
        return _provinces(self.folder)

    @property
    def agencies(self) -> frozenset[str]:
        """Ids of all agencies."""
        return _agencies(self.folder)


@cache
def _gazetteer(folder: Path) -> Gazetteer:
    return Gazetteer([place for level in LEVELS for place in _places(level, folder)])


def _places(level: str, folder: Path) -> Iterator[Place]:
    for row in _rows(folder / f"{FILES[level]}.csv"):
        name = row["name_th"]
        others = [other.strip() for other in row.get("alt_th", "").split(";") if other.strip()]
        # The capital's amphoe is written without the province's name more often than with it.
        short = ["เมือง"] if level == "amphoe" and name.startswith("เมือง") else []
        yield Place(row[f"{level}_code"], level, (name, *others, *short))


@cache
def _provinces(folder: Path) -> Mapping[str, str]:
    return {row["name_th"]: row["province_code"] for row in _rows(folder / "provinces.csv")}


@cache
def _agencies(folder: Path) -> frozenset[str]:
    return frozenset(row["agency_id"] for row in _rows(folder / "agencies.csv"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
