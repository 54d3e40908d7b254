"""Levels by bands of a score, as their table of a year gives them; the warehouse reads the same list."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.settings import settings


@dataclass(frozen=True, slots=True)
class Bands:
    """Levels from the lowest up, each from its least score on."""

    levels: tuple[str, ...]
    minimums: tuple[float, ...]

    def levels_of(self, scores: pa.Array) -> pa.Array:
        """The level of each score; null for none, and below the lowest band."""
        figures = scores.cast(pa.float64())
        at = np.searchsorted(self.minimums, figures.fill_null(-np.inf).to_numpy(zero_copy_only=False), side="right") - 1
        return pa.array(self.levels, pa.string()).take(pc.if_else(pa.array(at >= 0), pa.array(at), None))


def bands_of(table: str, year: int) -> Bands:
    """The bands in force in a fiscal year (BE); before the first table that one counts."""
    path = settings().project_root / "dbt_project" / "seeds" / f"{table}.csv"
    rows = _read(path, path.stat().st_mtime_ns)
    years = sorted({first for first, _, _ in rows})
    chosen = max((first for first in years if first <= year), default=years[0])
    bands = sorted((minimum, level) for first, level, minimum in rows if first == chosen)
    return Bands(tuple(level for _, level in bands), tuple(minimum for minimum, _ in bands))


@lru_cache(maxsize=4)
def _read(path: Path, _mtime_ns: int) -> tuple[tuple[int, str, float], ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple((int(row["fiscal_year_from_be"]), row["level"], float(row["minimum_score"])) for row in rows)
