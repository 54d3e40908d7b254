"""Write every sample of the demo."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from chaidaen.samples.bad_files import write_bad_files
from chaidaen.samples.population import write_population
from chaidaen.samples.sample import Sample, Verdict
from chaidaen.simulate import SURVEY, Simulation, simulate
from chaidaen.simulate.cell_defects import SAMPLED
from chaidaen.simulate.feeds import feeds_of
from chaidaen.simulate.outputs import AnyFeed, offices
from core.errors import UsageError
from ingestion.contracts import load_contract
from ingestion.issues import entry

HOUSEHOLDS = 1_500
YEARS = 2
DEFECT_SHARE = 0.01
SAMPLES_FILE = "samples.json"
# Mistakes go where rows are many: a few of them never refuse a file.
_WITH_MISTAKES = (*SURVEY, "vulnerable_person", "indicator_observation")
# Help, projects and their progress come from every kind of agency; two kinds are enough to see help given twice. Of
# activities those suffice that tell of the mobile SBPAC and of lessons learnt.
_SENT_BY_MANY = {
    "assistance": ("sbpac", "social_development"), "project": ("sbpac",), "project_progress": ("sbpac",),
    "activity": ("sbpac", "sbpac_strategy"),
}  # fmt: skip
_SENT_SINCE = {"programme_area": 2563}  # 40 small peace areas then, 60 a year later


def write_samples(
    out: Path, seed: int = 2564, notes: Path | None = None, datasets: tuple[str, ...] | None = None
) -> list[Sample]:
    """Write the submissions of all five provinces under `out`, which may be the landing folder itself.

    With `datasets`, of the invented files only these.

    With `notes`, a folder outside landing, also `samples.json` (what each file shows) and `truth.jsonl` (every seeded
    mistake) there. The same seed gives the same bytes. Raises UsageError when `notes` lies where intake would take
    its files for submissions.
    """
    if notes is not None and notes.resolve().is_relative_to(out.resolve()):
        raise UsageError(
            f"{notes} lies inside {out}, where intake would take the notes for submissions.",
            cure="Give a folder beside it.",
        )
    with tempfile.TemporaryDirectory() as nowhere:
        simulated = _write_simulated(out, seed, notes or Path(nowhere), datasets)
    written = [*write_population(out), *simulated, *write_bad_files(out)]
    if notes is not None:
        text = json.dumps([asdict(sample) for sample in written], ensure_ascii=False, indent=2)
        (notes / SAMPLES_FILE).write_text(text + "\n", encoding="utf-8")
    return written


def _write_simulated(out: Path, seed: int, truth_folder: Path, datasets: tuple[str, ...] | None) -> list[Sample]:
    what = Simulation(
        HOUSEHOLDS, YEARS, seed, DEFECT_SHARE, kinds=SAMPLED, feeds=_few_files(datasets), spoilt=_WITH_MISTAKES
    )  # fmt: skip
    result = simulate(what, out, truth_folder=truth_folder)
    samples = []
    for name, rows in result.rows.items():
        codes = result.defects[name]
        verdict: Verdict = "accepted_with_issues" if any(map(_is_reported, codes)) else "accepted"
        shows_th, shows_en = _shows(name.split("/")[1], has_mistakes=bool(codes))
        samples.append(Sample(name, verdict, None, shows_th, shows_en, rows, codes.total()))
    return samples


def _few_files(datasets: tuple[str, ...] | None) -> tuple[AnyFeed, ...]:
    """The feeds of the demo: once a year from a province, twice from the regional centre and its divisions."""

    def few(feed: AnyFeed) -> AnyFeed:
        is_regional = any(office.province_code is None for office in offices(feed.sender))
        months = 2 if is_regional else 1

        def periods(years: range, _: int) -> Sequence[str]:
            return feed.periods(range(_SENT_SINCE.get(feed.dataset, years.start), years.stop), months)

        return replace(feed, periods=periods)

    return tuple(
        few(feed) for feed in feeds_of(datasets) if feed.sender in _SENT_BY_MANY.get(feed.dataset, (feed.sender,))
    )


def _shows(dataset: str, *, has_mistakes: bool) -> tuple[str, str]:
    contract = load_contract(dataset)
    th, en = f"{contract.label_th} (ข้อมูลสมมุติ)", f"{contract.label_en} (invented)"
    if has_mistakes:
        return f"{th} มีข้อผิดพลาดเล็กน้อยตามที่จดไว้", f"{en}, with a few seeded mistakes."
    return th, f"{en}."


def _is_reported(code: str) -> bool:
    """Whether an issue is told to the sender one by one; what was mended with certainty is only counted."""
    return entry(code).severity != "repaired"
