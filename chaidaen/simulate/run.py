"""Write simulated submissions tambon by tambon: what is in memory never exceeds one tambon, whatever the size."""

import contextlib
import hashlib
import json
from collections import Counter as CodeCounts
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TextIO

import numpy as np

from chaidaen.simulate.cell_defects import DEFECTS, Defect
from chaidaen.simulate.defects import Seeder
from chaidaen.simulate.files import TableFile, create
from chaidaen.simulate.identifiers import Ints
from chaidaen.simulate.people import Counter
from chaidaen.simulate.places import PROVINCES, Tambon, share_out, tambon_of
from chaidaen.simulate.rendering import Layout, layout, render, rows_of
from chaidaen.simulate.rounds import simulate_rounds
from chaidaen.simulate.styles import STYLES
from chaidaen.simulate.tables import Table
from core.errors import UsageError
from ingestion.contracts import load_contract

SENDERS = {
    "household_survey": "community_development",
    "household_member": "community_development",
    "welfare_card": "provincial_treasury",
}
TRUTH_FILE = "truth.jsonl"
_FILE_NAMES = {"household_survey": "จปฐ ครัวเรือน", "household_member": "จปฐ รายบุคคล", "welfare_card": "บัตรสวัสดิการ"}
_HOUSEHOLDS_IN_ONE_WORKBOOK = 60_000  # above it, a province that sends workbooks sends one per amphoe
Truth = dict[str, str | None]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to write. The same values give the same bytes."""

    households: int
    periods: int = 1
    seed: int = 1
    defects: float = 0.0  # share of rows with one seeded defect
    provinces: tuple[str, ...] = tuple(PROVINCES)
    first_period: int = 2564
    kinds: tuple[Defect, ...] = DEFECTS

    def checked(self) -> "Simulation":
        """Itself; raises UsageError when a value can't be simulated."""
        problems = [
            (self.households < 1, "--households must be at least 1."),
            (not 1 <= self.periods <= 20, "--periods must be between 1 and 20."),
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

    def record(self, truth: TextIO, defects: Iterable[Truth]) -> None:
        """Append defects to the open truth file and count them."""
        for defect in defects:
            truth.write(json.dumps(defect, ensure_ascii=False) + "\n")
            self.defects[str(defect["file"])][str(defect["code"])] += 1


@dataclass(slots=True)
class _Output:
    """One file being written, with the defects going into it."""

    file: TableFile
    layout: Layout
    seeder: Seeder
    name: str
    rows: int = 0

    def add(self, table: Table, share: float) -> list[Truth]:
        columns, seeded = self.seeder.seed(render(table, self.layout), share)
        rows = rows_of(columns)
        first = self.file.write(rows)
        self.rows += len(rows)
        return [
            {"file": self.name, "sheet": self.file.sheet, "cell": self.file.cell(first + defect.row, defect.column),
             "code": defect.code}
            for defect in seeded
        ]  # fmt: skip


def simulate(
    what: Simulation, out: Path, progress: Progress | None = None, *, truth_folder: Path | None = None
) -> SimulationResult:
    """Write every file of `what` under `out` as `<agency>/<dataset>/<period>[/<part>]/<file>`, and `truth.jsonl`
    beside them or in `truth_folder`.

    Every defect is one line of the truth: file, sheet (null in text files), cell in A1, code of the issue catalogue.
    Raises UsageError for values that can't be simulated.
    """
    what.checked()
    tambon = tambon_of(what.provinces)
    households = share_out(what.households, [t.houses for t in tambon])
    out.mkdir(parents=True, exist_ok=True)
    result = SimulationResult((truth_folder or out) / TRUTH_FILE)
    result.truth.parent.mkdir(parents=True, exist_ok=True)
    unfinished = result.truth.with_name(f".{TRUTH_FILE}.part")
    done = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as truth:
        for province, places in groupby(_settled(tambon, households), key=lambda pair: pair[0].province_code):
            counter = Counter()
            for part, group in _parts(list(places)):
                with _open_outputs(what, province, part, out) as outputs:
                    result.defects |= {output.name: CodeCounts() for output in outputs.values()}
                    for place, count in group:
                        result.record(truth, _write_tambon(what, place, count, counter, outputs))
                        done += count
                        if progress:
                            progress(f"{PROVINCES[province]} {place.name_th}", done, what.households)
                result.rows |= {output.name: output.rows for output in outputs.values()}
    unfinished.replace(result.truth)
    return result


def _settled(tambon: Sequence[Tambon], households: Ints) -> list[tuple[Tambon, int]]:
    return [(place, count) for place, count in zip(tambon, households.tolist(), strict=True) if count]


def _parts(places: Sequence[tuple[Tambon, int]]) -> list[tuple[str | None, list[tuple[Tambon, int]]]]:
    """The whole province as one file, or one per amphoe where a single workbook would hold too many rows."""
    is_workbook = STYLES[places[0][0].province_code].kind == "xlsx"
    if not is_workbook or sum(count for _, count in places) <= _HOUSEHOLDS_IN_ONE_WORKBOOK:
        return [(None, list(places))]
    return [(amphoe, list(group)) for amphoe, group in groupby(places, key=lambda pair: pair[0].amphoe_code)]


@contextlib.contextmanager
def _open_outputs(
    what: Simulation, province: str, part: str | None, out: Path
) -> Iterator[dict[tuple[str, int], _Output]]:
    outputs: dict[tuple[str, int], _Output] = {}
    try:
        for dataset, sender in SENDERS.items():
            for year in range(what.first_period, what.first_period + what.periods):
                outputs[dataset, year] = _open_output(
                    what, dataset=dataset, sender=sender, province=province, year=year, part=part, out=out
                )
        yield outputs
    except BaseException:
        for output in outputs.values():
            output.file.discard()
        raise
    for output in outputs.values():
        output.file.close()


def _open_output(
    what: Simulation, *, dataset: str, sender: str, province: str, year: int, part: str | None, out: Path
) -> _Output:
    style = STYLES[province]
    contract = load_contract(dataset)
    planned = layout(contract, style)
    folder = Path(f"{sender}_{province}", dataset, str(year), *([part] if part else []))
    name = folder / f"{_FILE_NAMES[dataset]} {PROVINCES[province]} {year}.{style.extension}"
    title = f"{contract.label_th} จังหวัด{PROVINCES[province]} ปี {year}"
    seeder = Seeder(province, planned, _rng(what.seed, "defects", dataset, province, year, part), what.kinds)
    return _Output(create(out / name, style, title, planned.headers), planned, seeder, name.as_posix())


def _write_tambon(
    what: Simulation, place: Tambon, count: int, counter: Counter, outputs: dict[tuple[str, int], _Output]
) -> Iterator[Truth]:
    """Simulate all rounds of one tambon and append them to the open files; yields the truth of each seeded defect."""
    years = range(what.first_period, what.first_period + what.periods)
    rng = _rng(what.seed, "people", place.code)
    for year, by_dataset in simulate_rounds(place, count, years=years, counter=counter, rng=rng):
        for dataset, table in by_dataset.items():
            yield from outputs[dataset, year].add(table, what.defects)


def _rng(seed: int, *purpose: object) -> np.random.Generator:
    """An independent stream of random numbers for each purpose: what one part draws never shifts another's."""
    digest = hashlib.blake2b(repr(purpose).encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest)])
