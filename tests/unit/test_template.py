"""The template an agency fills in: made from the contract, and accepted by the check of the same contract."""

import csv
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from chaidaen.cli import build_app
from core.errors import UsageError
from core.settings import PROJECT_ROOT
from ingestion.contracts import Contract, contract_files, load_contract
from ingestion.contracts.examples import example_row
from ingestion.own_marks import EXAMPLE_HEADER, EXAMPLE_MARK, GUIDE_SHEET, LISTS_SHEET
from ingestion.templates import write_template
from tests.unit.checking.helpers import check, lenient, write_xlsx

DATASETS = sorted(contract_files())


def template(dataset: str, folder: Path) -> tuple[Path, Any, Any]:
    path = folder / f"{dataset}.xlsx"
    write_template(load_contract(dataset), path)
    book = openpyxl.load_workbook(path)
    return path, book, book[book.sheetnames[1]]


def rule_of(sheet: Any, column: int) -> Any:
    letter = openpyxl.utils.get_column_letter(column)
    return next(rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in rule.sqref)


def pattani_codes() -> list[str]:
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "tambon.csv").open(encoding="utf-8") as lines:
        return [row["tambon_code"] for row in csv.DictReader(lines) if row["tambon_code"].startswith("94")]


@pytest.mark.parametrize("dataset", DATASETS)
def test_headers_are_the_contracts_labels_and_required_ones_stand_out(dataset: str, tmp_path: Path) -> None:
    _, _, sheet = template(dataset, tmp_path)
    columns = load_contract(dataset).columns
    assert [cell.value for cell in sheet[1]] == [*(column.label_th for column in columns), EXAMPLE_HEADER]
    colours = {column.required: sheet.cell(1, i).fill.fgColor.rgb for i, column in enumerate(columns, start=1)}
    assert len(set(colours.values())) == len(colours)
    assert all(column.label_en in sheet.cell(1, i).comment.text for i, column in enumerate(columns, start=1))


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_column_has_help_a_format_and_its_drop_down(dataset: str, tmp_path: Path) -> None:
    _, book, sheet = template(dataset, tmp_path)
    for i, column in enumerate(load_contract(dataset).columns, start=1):
        rule = rule_of(sheet, i)
        assert rule.prompt
        assert len(rule.prompt) <= 255
        if column.logical_type == "string":
            letter = openpyxl.utils.get_column_letter(i)
            assert sheet.column_dimensions[letter]._style is not None
            assert sheet.cell(2, i).number_format == "@"
        if column.codes:
            assert rule.type == "list"
            listed = rule.formula1.strip('"')
            if LISTS_SHEET in listed:
                place = listed.split("!")[1].replace("$", "")
                offered = [cell.value for row in book[LISTS_SHEET][place] for cell in row]
            else:
                offered = listed.split(",")
            assert offered == [code.label_th for code in column.codes]


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_untouched_example_is_no_data_but_would_be_good_data(dataset: str, tmp_path: Path) -> None:
    path, _, _ = template(dataset, tmp_path)
    found = check(path, load_contract(dataset), None)
    assert (found.verdict.rows, found.verdict.reason_code) == (0, "no_data_rows")
    contract = lenient(dataset)
    example = example_row(contract)
    plain = write_xlsx(
        tmp_path / "plain.xlsx",
        {"ก": [[c.label_th for c in contract.columns], [example[c.name] for c in contract.columns]]},
    )
    assert [one for one in check(plain, contract, None).issues if one.severity == "error"] == []


def fill(sheet: Any, contract: Contract, rows: int) -> None:
    example = example_row(contract)
    key = contract.primary_key[-1]
    for number, code in enumerate(pattani_codes()[:rows], start=3):
        for i, column in enumerate(contract.columns, start=1):
            text = example[column.name]
            if column.name == key and column.area_level == "tambon":
                text = code
            is_number = column.logical_type in ("integer", "number") and not column.codes
            sheet.cell(number, i).value = float(text) if is_number else text


def test_a_filled_template_passes_the_check(tmp_path: Path) -> None:
    path, book, sheet = template("population", tmp_path)
    contract = load_contract("population")
    fill(sheet, contract, 30)
    book.save(path)
    found = check(path, contract, None)
    assert found.issues == []
    assert (found.verdict.verdict, found.verdict.accepted_rows) == ("accepted", 30)


def test_a_template_filled_and_saved_by_a_spreadsheet_program_passes_too(tmp_path: Path) -> None:
    """By LibreOffice where it is installed; elsewhere by openpyxl once more."""
    path, book, sheet = template("population", tmp_path)
    contract = load_contract("population")
    fill(sheet, contract, 30)
    book.save(path)
    saved = tmp_path / "saved" / path.name
    saved.parent.mkdir()
    if office := shutil.which("soffice"):
        form = ["--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "xlsx"]
        subprocess.run([office, *form, "--outdir", saved.parent, path], check=True, capture_output=True, timeout=120)
    else:
        openpyxl.load_workbook(path).save(saved)
    found = check(saved, contract, None)
    assert (found.issues, found.verdict.accepted_rows) == ([], 30)


def test_an_example_row_typed_over_is_a_row_of_data_even_with_its_mark(tmp_path: Path) -> None:
    path, book, sheet = template("population", tmp_path)
    contract = load_contract("population")
    fill(sheet, contract, 3)
    sheet["A2"].value = pattani_codes()[40]
    assert sheet.cell(2, len(contract.columns) + 1).value == EXAMPLE_MARK
    book.save(path)
    assert check(path, contract, None).verdict.accepted_rows == 4


def test_instructions_are_in_thai_and_name_every_column(tmp_path: Path) -> None:
    _, book, sheet = template("household_member", tmp_path)
    text = "\n".join(str(cell.value) for row in book[GUIDE_SHEET] for cell in row if cell.value)
    assert book.sheetnames[0] == GUIDE_SHEET
    assert sheet.title in text
    assert all(column.label_th in text for column in load_contract("household_member").columns)


def test_a_filled_template_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    """An untouched one is, and so is an empty file: nothing is lost."""
    path = tmp_path / "แบบฟอร์ม.xlsx"
    path.touch()
    for _ in range(2):
        assert CliRunner().invoke(build_app(), ["template", "population", str(path)]).exit_code == 0
    book = openpyxl.load_workbook(path)
    book.worksheets[1]["A2"] = "950101"
    book.save(path)
    filled = path.read_bytes()
    refused = CliRunner().invoke(build_app(), ["template", "population", str(path)])
    assert isinstance(refused.exception, UsageError)
    assert path.read_bytes() == filled
    assert CliRunner().invoke(build_app(), ["template", "population", str(path), "--replace"]).exit_code == 0
    assert path.read_bytes() != filled
