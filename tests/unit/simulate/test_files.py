"""The files: reproducible to the byte, as agencies write them, every seeded defect at the address the truth says."""

import hashlib
import json
import re
from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from typer.testing import CliRunner

from chaidaen.cli.simulate import register
from chaidaen.simulate import SURVEY, Simulation, simulate
from chaidaen.simulate.defects import DEFECTS, DUPLICATE_KEY
from core.errors import UsageError
from ingestion.issues import catalogue
from tests.unit.simulate import reopening

WHAT = Simulation(400, periods=2, seed=3, datasets=SURVEY)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    simulate(WHAT, out)
    return out


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("spoilt")
    simulate(Simulation(400, periods=2, seed=3, defects=0.2, datasets=SURVEY), out)
    return out


def test_the_same_arguments_give_the_same_bytes_and_another_seed_does_not(clean: Path, tmp_path: Path) -> None:
    simulate(WHAT, tmp_path / "again")
    simulate(Simulation(400, periods=2, seed=4, datasets=SURVEY), tmp_path / "other")
    assert digests(tmp_path / "again") == digests(clean)
    assert len(digests(clean)) == 5 * 3 * 2 + 1
    same = digests(tmp_path / "other").items() & digests(clean).items()
    assert {name for name, _ in same} == {"truth.jsonl"}  # both empty


def test_without_defects_the_truth_is_empty(clean: Path) -> None:
    assert reopening.truth(clean) == []


def test_files_lie_as_in_landing_and_nothing_unfinished_is_left(clean: Path) -> None:
    for file in reopening.files_in(clean):
        agency, dataset, period, name = file.split("/")
        assert re.fullmatch(r"(community_development|provincial_treasury)_9[01456]", agency)
        assert dataset in {"household_survey", "household_member", "welfare_card"}
        assert period in {"2564", "2565"}
        assert not name.startswith(".")


def test_exactly_the_cells_of_the_truth_differ_from_the_clean_files(clean: Path, spoilt: Path) -> None:
    """Take the repeated rows out, and every other difference is one line of the truth, at its address."""
    defects = reopening.truth(spoilt)
    assert len(defects) > 500
    for file, path in reopening.files_in(spoilt).items():
        style = reopening.style_of(file)
        here = [d for d in defects if d.file == file]
        repeated = {int(re.sub(r"\D", "", d.cell)) - 1 for d in here if d.code == DUPLICATE_KEY}
        sheet = next((d.sheet for d in here), None)
        rows = enumerate(reopening.grid(path, style, sheet))
        kept = [(number, row) for number, row in rows if number not in repeated]
        before = reopening.grid(clean / file, style, sheet)
        assert len(kept) == len(before)
        differing = {
            reopening.address(number, column)
            for (number, row), old in zip(kept, before, strict=True)
            for column, (value, was) in enumerate(zip(row, old, strict=True))
            if value != was
        }
        assert differing == {d.cell for d in here if d.code != DUPLICATE_KEY}


def test_a_repeated_row_repeats_an_earlier_one(spoilt: Path) -> None:
    defects = [d for d in reopening.truth(spoilt) if d.code == DUPLICATE_KEY]
    assert defects
    for defect in defects:
        cells = reopening.grid(spoilt / defect.file, reopening.style_of(defect.file), defect.sheet)
        number = int(re.sub(r"\D", "", defect.cell)) - 1
        assert cells[number] in cells[:number]


def test_every_kind_of_defect_occurs_and_has_an_entry_in_the_catalogue(spoilt: Path) -> None:
    seeded = {d.code for d in reopening.truth(spoilt)}
    assert seeded == {code for d in DEFECTS for code in (d.code, *d.also)} | {DUPLICATE_KEY}
    assert seeded <= set(catalogue())
    assert len(DEFECTS) >= 40


def test_each_province_writes_in_its_own_way(clean: Path) -> None:
    files = reopening.files_in(clean)
    satun = next(path for file, path in files.items() if "_91/household_survey" in file)
    with pytest.raises(UnicodeDecodeError):
        satun.read_text(encoding="utf-8")
    assert "รหัส" in satun.read_bytes().decode("cp874")
    yala = next(path for file, path in files.items() if "_95/household_member" in file)
    assert yala.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "๑" in yala.read_text(encoding="utf-8-sig")
    pattani = next(path for file, path in files.items() if "_94/household_survey" in file)
    sheet = load_workbook(pattani).worksheets[0]
    assert [sheet.cell(row, 1).value for row in range(1, 20)] == [None] * 19, "the first column is blank"
    narathiwat = next(path for file, path in files.items() if "_96/household_survey" in file)
    assert ";" in narathiwat.read_text(encoding="utf-8").splitlines()[0]


def test_a_big_province_that_sends_workbooks_sends_one_per_amphoe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chaidaen.simulate.run._HOUSEHOLDS_IN_ONE_WORKBOOK", 50)
    result = simulate(Simulation(200, seed=1, provinces=("91", "94"), datasets=SURVEY), tmp_path)
    parts = {tuple(name.split("/")[3:-1]) for name in result.rows if "_94/household_survey" in name}
    assert parts == {(f"94{number:02d}",) for number in range(1, 13)}
    assert {tuple(name.split("/")[3:-1]) for name in result.rows if "_91/" in name} == {()}


@pytest.mark.parametrize(
    "what",
    [
        Simulation(0),
        Simulation(10, periods=0),
        Simulation(10, defects=1.5),
        Simulation(10, seed=-1),
        Simulation(10, first_period=2021),
        Simulation(10, provinces=("10",)),
        Simulation(10, months=0),
        Simulation(10, datasets=("no_such_dataset",)),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_cure(what: Simulation, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        simulate(what, tmp_path / "out")
    assert error.value.cure
    assert not (tmp_path / "out").exists()


def test_the_command_writes_what_it_lists(tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    asked = ["simulate", "--households", "60", "--defects", "0.1", "--provinces", "94, 95", "--out", str(tmp_path)]
    outcome = CliRunner().invoke(app, [*asked, "--json"])
    assert outcome.exit_code == 0, outcome.output
    told = json.loads(outcome.stdout)
    assert {f["file"] for f in told["files"]} == set(reopening.files_in(tmp_path))
    assert sum(f["defects"] for f in told["files"]) == len(reopening.truth(tmp_path)) > 0


def test_help_teaches() -> None:
    app = typer.Typer()
    register(app)
    outcome = CliRunner().invoke(app, ["simulate", "--help"], env={"COLUMNS": "120"})
    assert outcome.exit_code == 0, outcome.exception
    assert "truth.jsonl" in outcome.output and "Example" in outcome.output
