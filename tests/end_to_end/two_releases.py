"""Two releases of three provinces: between them a survey is revised, a row comes back, a register is withdrawn."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from chaidaen.simulate import SURVEY, Simulation, simulate
from core import clock
from core.settings import private_folder, settings
from ingestion import life
from ingestion.contracts import load_contract
from ingestion.intake import process_all, receive_all
from publication.flow import build_and_publish
from tests.end_to_end.dropping import bad_rows, bad_rows_csv, csv_bytes, drop, query, tambon_rows

YEAR = "2564"
MADE_POOR, GONE = 4, 1  # households of Pattani whose answers the revision changes; and that it leaves out


@dataclass(frozen=True, slots=True)
class World:
    """Numbers of the releases and of the submissions the tests speak of."""

    before: int
    after: int
    survey: int
    revised_survey: int
    population: int
    mended_population: int
    withdrawn_register: int


@contextmanager
def two_releases(truth_folder: Path) -> Iterator[World]:
    """Both published in the home of now; the clock stands still as long as they are looked at."""
    with clock.fixed(datetime(2022, 2, 1, 3, tzinfo=UTC)):
        landing = private_folder(settings().landing)
        what = Simulation(60, provinces=("94", "95", "96"), seed=5, datasets=SURVEY)
        simulate(what, landing, truth_folder=truth_folder)
        [survey] = landing.glob("community_development_94/household_survey/**/*.xlsx")
        revised = revise(survey.read_bytes())
        drop(csv_bytes([("940101", "สิบ", 12, 22, 7), *tambon_rows(40, first=1)]), "ประชากร.csv")
        ingest()
        numbers = {(row["agency_id"], row["dataset_id"]): row["submission_id"] for row in submissions()}
        population = numbers["registration_office_94", "population"]
        first = build_and_publish()
        drop(revised, "แก้ไข.xlsx", folders=("community_development_94", "household_survey", YEAR))
        [bad] = bad_rows(population)
        drop(bad_rows_csv([{**bad, "ชาย": "10"}]), "bad_rows.csv")
        ingest()
        life.withdraw(numbers["provincial_treasury_96", "welfare_card"], "ส่งผิดปี")
        second = build_and_publish()
        assert first.release_id is not None
        assert second.release_id is not None
        newer = {(row["agency_id"], row["dataset_id"]): row["submission_id"] for row in submissions()}
        yield World(
            first.release_id,
            second.release_id,
            numbers["community_development_94", "household_survey"],
            newer["community_development_94", "household_survey"],
            population,
            newer["registration_office_94", "population"],
            numbers["provincial_treasury_96", "welfare_card"],
        )


def ingest() -> None:
    receive_all()
    assert {one.state for one in process_all()} == {"loaded"}


def submissions() -> list[dict[str, Any]]:
    return query("select submission_id, agency_id, dataset_id, sha256 from ops.submissions order by submission_id")


def revise(content: bytes) -> bytes:
    """The survey again: some households fall below the income line without saying so, one is left out."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    contract = load_contract("household_survey")
    [(top, at)] = [
        (row[0].row, {name: cell.column for cell in row for name in ("item_22", "income_per_person_baht")
                      if str(cell.value) in contract.column(name).headers})
        for row in sheet.iter_rows() if any(str(cell.value) in contract.column("item_22").headers for cell in row)
    ]  # fmt: skip
    for row in range(top + 1, top + 1 + MADE_POOR):
        sheet.cell(row, at["item_22"]).value = "ไม่ผ่าน"
        sheet.cell(row, at["income_per_person_baht"]).value = 1_000
    sheet.delete_rows(sheet.max_row, GONE)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
