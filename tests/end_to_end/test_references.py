"""References between datasets: files arrive in any order, so what is not found is asked about and never refused."""

import numpy as np
import pytest

from chaidaen.simulate.identifiers import house_codes
from ingestion import intake
from tests.end_to_end.dropping import Row, bad_rows, bad_rows_csv, csv_bytes, drop, query, rows_of

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


def asked(number: int) -> list[str]:
    found = query("select message_en from ops.issues where submission_id = %s and code = 'reference_not_found'", number)
    return [str(row["message_en"]) for row in found]


def test_members_of_households_that_were_not_surveyed_are_asked_about_once_the_survey_is_there() -> None:
    assert asked(members("9401", HOUSES)) == []  # no survey has arrived: the build will judge
    rows: list[Row] = [(house, "940101", "15/3/2564", 1, 42000, *["ผ่าน"] * 31) for house in HOUSES[:2]]
    drop(csv_bytes(rows, SURVEY_HEADER), "s.csv", folders=("community_development_94", "household_survey", "2564"))
    [survey] = intake.receive_all()
    assert intake.process(survey).state == "loaded"
    late = members("9402", HOUSES)
    [message] = asked(late)
    assert "of 1 rows" in message
    assert "rows 4" in message
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
    [message] = asked(second)
    assert "rows 41" in message
    assert query("select verdict from ops.submissions where submission_id = %s", second) == [
        {"verdict": "accepted_with_issues"}
    ]
