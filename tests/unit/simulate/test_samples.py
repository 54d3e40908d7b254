"""The demo's submissions: the real figures to the person, and each file what its note says."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chaidaen.samples import Sample, write_samples
from chaidaen.samples.population import figures, rows_of
from core.errors import UsageError
from ingestion.checking import References
from ingestion.contracts import load_contracts
from ingestion.issues import catalogue
from tests.unit.simulate import reopening
from tests.unit.simulate.test_checked import check

INTAKE_S_OWN = {"unknown_agency"}  # judged by the folder before a file is opened
# Department of Provincial Administration, 31 December 2564: people and houses; Songkhla's tambon add up to one house
# less than the 562,422 published.
PUBLISHED = {
    "90": (1_431_536, 562_421),
    "91": (324_835, 107_562),
    "94": (729_581, 199_103),
    "95": (542_314, 173_226),
    "96": (809_660, 223_141),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("samples")
    write_samples(out / "landing", notes=out)
    return out


@pytest.fixture(scope="module")
def samples(folder: Path) -> list[Sample]:
    return [Sample(**entry) for entry in json.loads((folder / "samples.json").read_text(encoding="utf-8"))]


def cells_of(folder: Path, samples: list[Sample], province: str) -> list[list[object]]:
    file = next(s.file for s in samples if s.file.startswith(f"registration_office_{province}/population/2564"))
    path = folder / "landing" / file
    if path.suffix == ".xlsx":
        sheet = load_workbook(path).worksheets[-1]
        return [[value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)]
    delimiter = "\t" if province == "96" else ","
    style = reopening.STYLES["91" if province == "91" else "95"]
    text = path.read_bytes().decode(style.encoding)
    return [list(row) for row in reopening.csv.reader(text.splitlines(), delimiter=delimiter)]


@pytest.mark.parametrize("province", PUBLISHED)
def test_population_adds_up_to_the_published_figures(folder: Path, samples: list[Sample], province: str) -> None:
    """Men, women, all and houses read back from the file itself, whatever its columns, digits and commas."""
    data = []
    for row in cells_of(folder, samples, province):
        numbers = [int(str(v).replace(",", "")) for v in row if str(v).replace(",", "").isdigit()]
        if len(numbers) == 5:  # a code and four figures
            data.append(sorted(n for n in numbers if not str(n).startswith(province) or len(str(n)) != 6))
    assert len(data) == len(rows_of(province))
    assert sum(figures(row)[2] for row in rows_of(province)) == PUBLISHED[province][0]
    assert sum(figures(row)[3] for row in rows_of(province)) == PUBLISHED[province][1]
    assert sorted(data) == sorted(sorted(figures(row)) for row in rows_of(province))


def test_songkhla_s_total_row_carries_the_published_total_that_its_tambon_miss_by_one(
    folder: Path, samples: list[Sample]
) -> None:
    [total] = [row for row in cells_of(folder, samples, "90") if row[:1] == ["รวมทั้งสิ้น"]]
    assert total[-1] == 562_422
    assert sum(row.houses for row in rows_of("90")) == 562_421


def test_every_file_has_a_note_in_both_languages_and_every_note_a_file(folder: Path, samples: list[Sample]) -> None:
    assert {s.file for s in samples} == set(reopening.files_in(folder / "landing"))
    for sample in samples:
        assert sample.shows_en.isascii() and not sample.shows_th.isascii()
        assert (sample.reason_code in catalogue()) == (sample.verdict == "rejected")


def test_all_datasets_are_sent_for_their_years_by_all_provinces_or_the_centre(samples: list[Sample]) -> None:
    sent: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for sample in samples:
        agency, dataset, period = sample.file.split("/")[:3]
        if sample.verdict != "rejected":
            sent[dataset].add((agency.rpartition("_")[2] if agency[-1].isdigit() else "centre", period[:4]))
    assert sent.keys() == load_contracts().keys()
    for dataset, seen in sent.items():
        years = {"population": {"2564"}, "programme_area": {"2563", "2564", "2565"}}.get(dataset, {"2564", "2565"})
        assert {year for _, year in seen} == years
        assert {place for place, _ in seen} & {"centre"} or {place for place, _ in seen} == PUBLISHED.keys()


def test_the_survey_has_1500_households_a_year_and_few_defects(folder: Path, samples: list[Sample]) -> None:
    survey = [s for s in samples if "/household_survey/" in s.file]
    assert 3_000 <= sum(s.rows or 0 for s in survey) <= 3_020
    seeded = sum(s.defects for s in samples)
    assert seeded == len(reopening.truth(folder))
    assert 0.005 < seeded / sum(s.rows or 0 for s in samples) < 0.02


def test_the_samples_end_as_their_notes_say(folder: Path, samples: list[Sample]) -> None:
    noted = [sample for sample in samples if sample.reason_code not in INTAKE_S_OWN]
    references = References.load()
    ends = {}
    for sample in noted:
        _, verdict = check(folder / "landing" / sample.file, sample.file, references)
        ends[sample.file] = (verdict.verdict, verdict.reason_code)
    assert ends == {sample.file: (sample.verdict, sample.reason_code) for sample in noted}


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_samples(tmp_path)
    again = reopening.files_in(tmp_path)
    for file, path in reopening.files_in(folder / "landing").items():
        assert again[file].read_bytes() == path.read_bytes()
    assert not [path for path in tmp_path.iterdir() if path.is_file()], "landing itself holds no notes"


def test_notes_inside_landing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="inside"):
        write_samples(tmp_path, notes=tmp_path / "notes")
