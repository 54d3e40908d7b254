"""ITA scores of the centre and of agencies around it. The centre's of FY2564 and FY2565 are the published ones.

All other agencies and figures are invented. An agency keeps its standing from year to year and moves a little.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from chaidaen.simulate.feed import AgencyFeed, Draw
from chaidaen.simulate.periods import each_year
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table
from ingestion.bands import bands_of

PUBLISHED = {2564: 95.64, 2565: 95.98}  # of the centre
_PARTS = ("iit_score", "eit_score", "oit_score")
_WITHOUT_PARTS = 0.15


@dataclass(frozen=True, slots=True)
class _Assessed:
    """`agency_id`: of those on the centre's list."""

    code: str
    name: str
    agency_id: str = ""


_CENTRE = _Assessed("SBPAC", "ศูนย์อำนวยการบริหารจังหวัดชายแดนภาคใต้", "sbpac")
_ASSESSED = (
    _CENTRE,
    *(
        _Assessed(f"{province}-{number:02d}", f"องค์การสมมุติที่ {number} จังหวัด{name}")
        for province, name in (("90", "สงขลา"), ("91", "สตูล"), ("94", "ปัตตานี"), ("95", "ยะลา"), ("96", "นราธิวาส"))
        for number in range(1, 4)
    ),
)


def _ita_score(_agency_id: str, period: str, _draw: Draw) -> Table:
    """One row per assessed agency; some are known by their overall score alone."""
    year = int(period)
    scores = [_score(one, year) for one in _ASSESSED]
    levels = bands_of("ita_levels", year).levels_of(pa.array(scores)).to_pylist()
    parts = [_parts(one, score, year) for one, score in zip(_ASSESSED, scores, strict=True)]
    texts = {
        "assessed_code": [one.code for one in _ASSESSED],
        "assessed_name": [one.name for one in _ASSESSED],
        "assessed_agency_id": [one.agency_id for one in _ASSESSED],
        "level": levels,
    }
    numbers = {name: [of_one[at] for of_one in parts] for at, name in enumerate(_PARTS)} | {"score": scores}
    return Table(
        {name: np.array(values, dtype=object) for name, values in texts.items()},
        {name: np.array(values, dtype=object) for name, values in numbers.items()},
        {},
    )


def _score(assessed: _Assessed, year: int) -> float:
    if assessed is _CENTRE and year in PUBLISHED:
        return PUBLISHED[year]
    usual = 95.5 if assessed is _CENTRE else float(stream(0, "ita", assessed.code).uniform(62, 96))
    moved = float(stream(year, "ita", assessed.code).normal(0, 2.5))
    return round(min(99.9, max(45.0, usual + moved)), 2)


def _parts(assessed: _Assessed, score: float, year: int) -> tuple[float | None, float | None, float | None]:
    """Three tools around the overall score, which weighs the last one more."""
    rng = stream(year, "ita parts", assessed.code)
    if rng.random() < _WITHOUT_PARTS:
        return None, None, None
    up, down = (round(float(shift), 2) for shift in rng.uniform(0, min(3.0, 100 - score), 2))
    return round(score + up, 2), round(score - down, 2), round(score + min(3.0, 100 - score) / 2, 2)


FEEDS = (AgencyFeed("ita_score", "sbpac_strategy", "ผลการประเมิน ITA", each_year, _ita_score),)
