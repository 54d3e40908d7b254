"""Write simulated submissions tambon by tambon: what is in memory never exceeds one tambon, whatever the size."""

import json
from collections import Counter as CodeCounts
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TextIO

from chaidaen.simulate.cell_defects import DEFECTS, Defect
from chaidaen.simulate.feed import AgencyFeed, Feed
from chaidaen.simulate.feeds import feeds_of
from chaidaen.simulate.outputs import AnyFeed, Office, Output, Spoiling, kept_when_whole, offices
from chaidaen.simulate.people import Counter
from chaidaen.simulate.periods import MONTHS_A_YEAR
from chaidaen.simulate.places import PROVINCES, Tambon, share_out, tambon_of
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.styles import STYLES
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town
from core.errors import UsageError

TRUTH_FILE = "truth.jsonl"
_HOUSEHOLDS_IN_ONE_WORKBOOK = 60_000  # above it, a province that sends workbooks sends one per amphoe
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to write. The same values give the same bytes."""

    households: int
    periods: int = 1  # years
    seed: int = 1
    defects: float = 0.0  # share of rows with one seeded defect
    provinces: tuple[str, ...] = tuple(PROVINCES)
    first_period: int = 2564
    kinds: tuple[Defect, ...] = DEFECTS
    months: int = MONTHS_A_YEAR  # a year, of monthly datasets; quarterly ones follow
    datasets: tuple[str, ...] | None = None  # None: all
    feeds: tuple[AnyFeed, ...] | None = None  # instead of those of the datasets
    spoilt: tuple[str, ...] | None = None  # datasets that get defects; None: all

    @property
    def years(self) -> range:
        return range(self.first_period, self.first_period + self.periods)

    def checked(self) -> "Simulation":
        """Itself; raises UsageError when a value can't be simulated."""
        problems = [
            (self.households < 1, "--households must be at least 1."),
            (not 1 <= self.periods <= 20, "--periods must be between 1 and 20."),
            (not 1 <= self.months <= MONTHS_A_YEAR, f"--months must be between 1 and {MONTHS_A_YEAR}."),
            (self.seed < 0, "--seed must not be negative."),
            (not 0 <= self.defects <= 1, "--defects is a share between 0 and 1, for example 0.01."),
            (not 2560 <= self.first_period <= 2600, "--first-period is a Buddhist year from 2560, for example 2564."),
        ]
        for is_wrong, message in problems:
            if is_wrong:
                raise UsageError(message, cure="See chaidaen simulate --help.")
        return self


@dataclass(slots=True)
class SimulationResult:
    """What was written: rows, and seeded defects by code, of each file (path relative to the output folder)."""

    truth: Path
    rows: dict[str, int] = field(default_factory=dict)
    defects: dict[str, CodeCounts[str]] = field(default_factory=dict)

    def count(self, outputs: Iterable[Output]) -> None:
        """Note the rows of finished files."""
        for output in outputs:
            if output.rows:
                self.rows[output.name] = output.rows
                self.defects.setdefault(output.name, CodeCounts())


def simulate(
    what: Simulation, out: Path, progress: Progress | None = None, *, truth_folder: Path | None = None
) -> SimulationResult:
    """Write every file of `what` under `out` as `<agency>/<dataset>/<period>[/<part>]/<file>`, and `truth.jsonl`
    beside them or in `truth_folder`.

    Every defect is one line of the truth: file, sheet (null in text files), cell in A1, code of the issue catalogue.
    Raises UsageError for values that can't be simulated.
    """
    feeds = what.checked().feeds or feeds_of(what.datasets)
    tambon = tambon_of(what.provinces)
    out.mkdir(parents=True, exist_ok=True)
    result = SimulationResult((truth_folder or out) / TRUTH_FILE)
    result.truth.parent.mkdir(parents=True, exist_ok=True)
    unfinished = result.truth.with_name(f".{TRUTH_FILE}.part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as truth:
        writing = _Writing(what, feeds, out, result, truth)
        writing.towns(tambon, progress)
        writing.agencies()
    unfinished.replace(result.truth)
    return result


@dataclass(frozen=True, slots=True)
class _Writing:
    """A simulation at work."""

    what: Simulation
    feeds: Sequence[AnyFeed]
    out: Path
    result: SimulationResult
    truth: TextIO

    def towns(self, tambon: Sequence[Tambon], progress: Progress | None) -> None:
        """What comes about tambon by tambon: files of a province are finished with it, regional ones at the end."""
        done, households = 0, share_out(self.what.households, [t.houses for t in tambon])
        settled = [(place, count) for place, count in zip(tambon, households.tolist(), strict=True) if count]
        regional = self._outputs(None, None)
        with kept_when_whole(regional):
            for province, places in groupby(settled, key=lambda pair: pair[0].province_code):
                counter = Counter()
                for part, group in _parts(list(places)):
                    own = self._outputs(province, part)
                    with kept_when_whole(own):
                        for place, count in group:
                            self._town(place, count, counter, (*own, *regional))
                            done += count
                            if progress:
                                progress(f"{PROVINCES[province]} {place.name_th}", done, self.what.households)
                    self.result.count(own)
        self.result.count(regional)

    def agencies(self) -> None:
        """What concerns an agency as a whole."""
        for feed in self.feeds:
            if isinstance(feed, AgencyFeed):
                for output in self._outputs_of(feed, self._offices(feed), None):
                    draw = partial(stream, self.what.seed, "agency", feed.dataset, output.office.agency_id)
                    with kept_when_whole([output]):
                        self._add(output, feed.table(output.office.agency_id, output.period, draw))
                    self.result.count([output])

    def _town(self, place: Tambon, count: int, counter: Counter, outputs: Iterable[Output]) -> None:
        town = Town.simulate(place, count, years=self.what.years, counter=counter, seed=self.what.seed)
        for output in outputs:
            if isinstance(output.feed, Feed):
                self._add(output, output.feed.table(town, output.period))

    def _add(self, output: Output, table: Table) -> None:
        for defect in output.add(table):
            self.truth.write(json.dumps(defect, ensure_ascii=False) + "\n")
            self.result.defects.setdefault(output.name, CodeCounts())[str(defect["code"])] += 1

    def _outputs(self, province: str | None, part: str | None) -> list[Output]:
        """Files of the offices of a province (None: of the regional ones), earlier periods first."""
        outputs: list[Output] = []
        for feed in self.feeds:
            if isinstance(feed, Feed):
                there = (office for office in self._offices(feed) if office.province_code == province)
                outputs += self._outputs_of(feed, there, part)
        return sorted(outputs, key=lambda output: output.period)

    def _outputs_of(self, feed: AnyFeed, senders: Iterable[Office], part: str | None) -> list[Output]:
        is_spoilt = self.what.spoilt is None or feed.dataset in self.what.spoilt
        spoil = Spoiling(self.what.seed, self.what.defects if is_spoilt else 0.0, self.what.kinds)
        periods = feed.periods(self.what.years, self.what.months)
        return [
            Output(feed, period, one, part=part, out=self.out, spoil=spoil) for one in senders for period in periods
        ]

    def _offices(self, feed: AnyFeed) -> list[Office]:
        return [one for one in offices(feed.sender) if one.province_code in (None, *self.what.provinces)]


def _parts(places: Sequence[tuple[Tambon, int]]) -> list[tuple[str | None, list[tuple[Tambon, int]]]]:
    """The whole province as one file, or one per amphoe where a single workbook would hold too many rows."""
    is_workbook = STYLES[places[0][0].province_code].kind == "xlsx"
    if not is_workbook or sum(count for _, count in places) <= _HOUSEHOLDS_IN_ONE_WORKBOOK:
        return [(None, list(places))]
    return [(amphoe, list(group)) for amphoe, group in groupby(places, key=lambda pair: pair[0].amphoe_code)]
