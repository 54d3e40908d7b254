"""Write every sample of the demo."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from chaidaen.samples.bad_files import write_bad_files
from chaidaen.samples.population import write_population
from chaidaen.samples.sample import Sample, Verdict
from chaidaen.simulate import SURVEY, Simulation, simulate
from chaidaen.simulate.cell_defects import SAMPLED
from core.errors import UsageError
from ingestion.issues import entry

HOUSEHOLDS = 2_500
DEFECT_SHARE = 0.01
SAMPLES_FILE = "samples.json"
_SHOWS = {
    "household_survey": (
        "แบบสำรวจ จปฐ รายครัวเรือน (ข้อมูลสมมุติ) มีข้อผิดพลาดเล็กน้อยตามที่จดไว้",
        "Household survey (invented), with a few seeded mistakes.",
    ),
    "household_member": (
        "แบบสำรวจ จปฐ รายบุคคล (บุคคลสมมุติ) มีข้อผิดพลาดเล็กน้อยตามที่จดไว้",
        "Household members (invented people), with a few seeded mistakes.",
    ),
    "welfare_card": (
        "ผู้ลงทะเบียนบัตรสวัสดิการแห่งรัฐ (บุคคลสมมุติ) เชื่อมกับแบบสำรวจด้วยเลขประจำตัว",
        "Welfare-card registrants (invented people), linked to the survey by their IDs.",
    ),
}


def write_samples(out: Path, seed: int = 2564, notes: Path | None = None) -> list[Sample]:
    """Write the submissions of all five provinces under `out`, which may be the landing folder itself.

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
        survey = _write_survey(out, seed, notes or Path(nowhere))
    written = [*write_population(out), *survey, *write_bad_files(out)]
    if notes is not None:
        text = json.dumps([asdict(sample) for sample in written], ensure_ascii=False, indent=2)
        (notes / SAMPLES_FILE).write_text(text + "\n", encoding="utf-8")
    return written


def _write_survey(out: Path, seed: int, truth_folder: Path) -> list[Sample]:
    what = Simulation(HOUSEHOLDS, seed=seed, defects=DEFECT_SHARE, kinds=SAMPLED, datasets=SURVEY)
    result = simulate(what, out, truth_folder=truth_folder)
    samples = []
    for name, rows in result.rows.items():
        shows_th, shows_en = _SHOWS[name.split("/")[1]]
        codes = result.defects[name]
        verdict: Verdict = "accepted_with_issues" if any(map(_is_reported, codes)) else "accepted"
        samples.append(Sample(name, verdict, None, shows_th, shows_en, rows, codes.total()))
    return samples


def _is_reported(code: str) -> bool:
    """Whether an issue is told to the sender one by one; what was mended with certainty is only counted."""
    return entry(code).severity != "repaired"
