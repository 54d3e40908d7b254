"""Offices merge a household's code over its members and a place over its households; every row gets what it spans.

Everybody in these files is invented.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.checking import Scope
from tests.unit.checking.helpers import check, lenient
from tests.unit.reading.writing import ods, xls, xlsx

WRITERS: dict[str, Callable[..., Path]] = {"xlsx": xlsx, "xls": xls, "ods": ods}
MEMBERS = [
    ["รหัสประจำบ้าน", "ลำดับสมาชิก", "ชื่อ", "เพศ", "ความสัมพันธ์กับหัวหน้าครัวเรือน"],
    ["95010000001", 1, "สมมุติ", "ชาย", "หัวหน้าครัวเรือน"],
    ["", 2, "ตัวอย่าง", "หญิง", "คู่สมรส"],
    ["", 3, "ทดลอง", "หญิง", "บุตร"],
    ["95010000002", 1, "จำลอง", "ชาย", "หัวหน้าครัวเรือน"],
]
ITEMS = [f"ข้อ {number}" for number in range(1, 32)]


@pytest.mark.parametrize("form", WRITERS)
def test_a_household_merged_over_its_members_is_the_household_of_each(tmp_path: Path, form: str) -> None:
    path = WRITERS[form](tmp_path / f"a.{form}", MEMBERS, [(2, 4, 0, 0)])
    scope = Scope("community_development_95", "household_member", "2564", "all", "95")
    checked = check(path, lenient("household_member"), scope)
    assert checked.issues == []
    assert [row["house_code"] for row in checked.accepted] == ["95010000001"] * 3 + ["95010000002"]
    [repair] = checked.verdict.repairs
    assert (repair.code, repair.column, repair.repaired_cells) == ("merged_cell_filled", "house_code", 2)
    assert [cell.rpartition("!")[2] for cell in repair.cells] == ["A3", "A4"]


def test_an_empty_cell_that_is_not_merged_stays_empty(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", MEMBERS, [(2, 3, 0, 0)])
    checked = check(path, lenient("household_member"))
    assert checked.found == {("required_missing", "A4")}


@pytest.mark.parametrize("form", WRITERS)
def test_an_amphoe_merged_over_its_tambon_tells_their_names_apart(tmp_path: Path, form: str) -> None:
    """Two tambon named สะกอม, one in จะนะ and one in เทพา; places merged over the houses in them."""
    places = [["จะนะ", "สะกอม"], ["", ""], ["", "ตลิ่งชัน"], ["เทพา", "สะกอม"]]
    houses = [
        [*place, f"9003000000{n}", "15/3/2564", 2, 42000, *["ผ่าน"] * 31] for n, place in enumerate(places, start=1)
    ]
    header = ["อำเภอ", "ตำบล", "รหัสประจำบ้าน", "วันที่สำรวจ", "จำนวนสมาชิก", "รายได้เฉลี่ยต่อคนต่อปี", *ITEMS]
    path = WRITERS[form](tmp_path / f"a.{form}", [header, *houses], [(2, 4, 0, 0), (2, 3, 1, 1)])
    scope = Scope("community_development_90", "household_survey", "2564", "all", "90")
    checked = check(path, lenient("household_survey"), scope)
    assert checked.issues == []
    assert [row["tambon_code"] for row in checked.accepted] == ["900304", "900304", "900314", "900507"]
