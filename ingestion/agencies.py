"""The one list of agencies, `dbt_project/seeds/agencies.csv`: intake and the warehouse read the same file."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.settings import settings


@dataclass(frozen=True, slots=True)
class Agency:
    """`province_code` is None for a regional agency."""

    agency_id: str
    agency_kind: str
    province_code: str | None
    name_th: str
    name_en: str


def agencies() -> dict[str, Agency]:
    """Every agency by its id; an edited list is seen by a worker that lives long."""
    path = settings().project_root / "dbt_project" / "seeds" / "agencies.csv"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _mtime_ns: int) -> dict[str, Agency]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["agency_id"]: Agency(
                row["agency_id"], row["agency_kind"], row["province_code"] or None, row["name_th"], row["name_en"]
            )
            for row in csv.DictReader(lines)
        }
