"""Reference lists a check needs, read from the seeds so that the warehouse and the check can never disagree."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.settings import settings


@dataclass(frozen=True, slots=True)
class References:
    """Area codes in force by level, and retired codes with their successor (None where there is no single one)."""

    areas: Mapping[str, frozenset[str]]
    retired: Mapping[str, str | None]

    @staticmethod
    @cache
    def load(seeds: Path | None = None) -> "References":
        """Read `dbt_project/seeds`, or another folder of the same shape."""
        folder = seeds or settings().project_root / "dbt_project" / "seeds"
        files = {"province": "provinces", "amphoe": "amphoe", "tambon": "tambon", "village": "villages"}
        areas = {
            level: frozenset(row[f"{level}_code"] for row in _rows(folder / f"{name}.csv"))
            for level, name in files.items()
        }
        retired: dict[str, str | None] = {}
        for row in _rows(folder / "retired_codes.csv"):
            code, successor = row["retired_code"], row["replaced_by"] or None
            # A code that split has several successors: which one is meant can't be known from the code.
            retired[code] = successor if code not in retired else None
        return References(areas, retired)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
