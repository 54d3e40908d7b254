"""References between datasets: files arrive in any order, so what is not found is asked about and never refused."""

from pathlib import Path

import numpy as np
import pytest

from chaidaen.simulate.identifiers import house_codes
from ingestion import intake
from ingestion.other_datasets import MAX_POINTED_AT
from tests.end_to_end.dropping import Row, bad_rows, bad_rows_csv, csv_bytes, drop, query, rows_of
from tests.unit.reading.writing import xlsx

pytestmark = pytest.mark.usefixtures("module_home")

HOUSES = [str(code) for code in house_codes("94", np.arange(3))]
MEMBER_HEADER = ("รหัสประจำบ้าน", "ลำดับสมาชิก", "ชื่อ", "เพศ", "ความสัมพันธ์กับหัวหน้าครัวเรือน")
ITEMS = tuple(f"ข้อ {number}" for number in range(1, 32))
SURVEY_HEADER = ("รหัสประจำบ้าน", "รหัสตำบล", "วันที่สำรวจ", "จำนวนสมาชิก", "รายได้เฉลี่ยต่อคนต่อปี", *ITEMS)


def members(part: str, houses: list[str]) -> int:
    rows: list[Row] = [(house, 1, "สมมุติ", "ชาย", "หัวหน้าครัวเรือน") for house in houses]
    return loaded(csv_bytes(rows, MEMBER_HEADER), part)


def loaded(content: bytes, part: str) -> int:
    drop(content, "m.csv", folders=("community_development_94", "household_member", "2564", part))
    [number] = intake.receive_all()
    assert intake.process(number).state == "loaded"
    return number


def asked(number: int) -> list[tuple[object, object, object, str]]:
    """Row, column, cell and message of what was not found."""
    found = query(
        "select row_no, column_name, cell, message_en from ops.issues"
        " where submission_id = %s and code = 'reference_not_found' order by row_no",
        number,
    )
    return [(row["row_no"], row["column_name"], row["cell"], str(row["message_en"])) for row in found]


def test_members_of_households_that_were_not_surveyed_are_asked_about_once_the_survey_is_there() -> None:
    assert asked(members("9401", HOUSES)) == []  # no survey has arrived: the build will judge
    rows: list[Row] = [(house, "940101", "15/3/2564", 1, 42000, *["ผ่าน"] * 31) for house in HOUSES[:2]]
    drop(csv_bytes(rows, SURVEY_HEADER), "s.csv", folders=("community_development_94", "household_survey", "2564"))
    [survey] = intake.receive_all()
    assert intake.process(survey).state == "loaded"
    late = members("9402", HOUSES)
    [(*place, message)] = asked(late)
    assert place == [4, "house_code", "A4"]
    assert "1 rows in all" in message
    assert len(rows_of("raw", "household_member", late)) == 3
    assert asked(members("9403", HOUSES[:2])) == []


def test_of_corrected_rows_the_other_dataset_is_asked_too() -> None:
    """One of 40 is the household the survey lacks, and only its row comes back mended."""
    houses = [HOUSES[0]] * 39 + [HOUSES[2]]
    rows: list[Row] = [(house, n, "สมมุติ", "ชาย", "บุตร") for n, house in enumerate(houses, start=1)]
    first = loaded(csv_bytes([*rows[:-1], (HOUSES[2], "สี่สิบ", *rows[-1][2:])], MEMBER_HEADER), "9404")
    assert asked(first) == []
    [back] = bad_rows(first)
    second = loaded(bad_rows_csv([back | {"ลำดับสมาชิก": "40"}]), "9404")
    # The row keeps its number in the file that was mended, of whose columns this one says nothing.
    [(*place, _)] = asked(second)
    assert place == [41, "house_code", None]
    assert query("select verdict from ops.submissions where submission_id = %s", second) == [
        {"verdict": "accepted_with_issues"}
    ]


def test_many_that_are_not_found_are_pointed_at_up_to_a_number_and_all_counted() -> None:
    others = [str(code) for code in house_codes("94", np.arange(1000, 1130))]
    found = asked(members("9405", others))
    assert [row for row, *_ in found] == list(range(2, 2 + MAX_POINTED_AT))
    assert all("130 rows in all" in message for *_, message in found)


def test_members_of_a_merged_household_are_all_in_the_warehouse_under_its_key(tmp_path: Path) -> None:
    """The house code stands in the first row only, merged over its members."""
    rows = [MEMBER_HEADER, *((HOUSES[0] if n == 1 else "", n, "สมมุติ", "ชาย", "บุตร") for n in (1, 2, 3))]
    content = xlsx(tmp_path / "m.xlsx", rows, [(2, 4, 0, 0)]).read_bytes()
    drop(content, "m.xlsx", folders=("community_development_94", "household_member", "2564", "9406"))
    [number] = intake.receive_all()
    assert intake.process(number).state == "loaded"
    loaded = rows_of("raw", "household_member", number)
    assert [row["member_no"] for row in loaded] == [1, 2, 3]
    assert len({row["household_key"] for row in loaded}) == 1
    assert asked(number) == []
