"""Projects and KPIs as agencies write them: money once a project, targets at any level, columns in any order."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ingestion.checking import Scope
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

PROJECT = {
    "รหัสโครงการ": "EC64-01",
    "ลำดับเป้าหมาย": "1",
    "โครงการ": "เมืองปูทะเล",
    "ด้าน": "เศรษฐกิจ",
    "งบบุคลากร (บาท)": "0",
    "งบดำเนินงาน": "400,000",
    "งบลงทุน": "500,000.50",
    "งบอุดหนุน": "0",
    "รายจ่ายอื่น": "99,999.50",
    "วงเงินงบประมาณ": "1,000,000",
    "จังหวัด": "ปัตตานี",
    "อำเภอ": "หนองจิก",
    "ตำบล": "",
    "กลุ่มพื้นที่": "",
    "กลุ่มเป้าหมาย": "เกษตรกร",
    "เริ่มต้น": "1 ต.ค. 2563",
    "สิ้นสุด": "30/9/2564",
}
SECOND = {"ลำดับเป้าหมาย": "2", "จังหวัด": "", "อำเภอ": "", "กลุ่มพื้นที่": "4 อำเภอของจังหวัดสงขลา"} | dict.fromkeys(
    [name for name in PROJECT if "งบ" in name or "รายจ่าย" in name], ""
)


def checked(tmp_path: Path, *changes: Mapping[str, str]) -> Checked:
    rows = [list({**PROJECT, **change}.values()) for change in changes]
    path = write_csv(tmp_path / "a.csv", [list(PROJECT), *rows])
    return check(path, lenient("project"), Scope("sbpac", "project", "2564", "all", None))


def test_money_may_stand_once_and_each_target_at_its_own_level(tmp_path: Path) -> None:
    result = checked(tmp_path, {}, SECOND)
    assert result.issues == []
    first, second = result.accepted
    assert (str(first["budget_baht"]), first["amphoe_code"], first["tambon_code"]) == ("1000000.00", "9403", None)
    assert (second["budget_baht"], second["area_group_code"], second["plan_line"]) == (
        None,
        "songkhla_4_amphoe",
        "economy",
    )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"วงเงินงบประมาณ": "999,999"}, {("sum_differs", "J2"): "query"}),
        ({"วงเงินงบประมาณ": "-1"}, {("number_too_small", "J2"): "error"}),
        ({"ด้าน": "อวกาศ"}, {("code_unknown", "D2"): "error"}),
        ({"สิ้นสุด": "30/9/2563"}, {("date_order_wrong", "Q2"): "error"}),
        ({"เริ่มต้น": "1/10/2564", "สิ้นสุด": "30/9/2565"}, {("date_after_period", "P2"): "query"}),
        ({"รหัสโครงการ": ""}, {("required_missing", "A2"): "error"}),
    ],
)
def test_a_mistake_in_a_plan_is_found_at_its_cell(
    tmp_path: Path, change: Mapping[str, str], found: Mapping[tuple[str, str], str]
) -> None:
    result = checked(tmp_path, change)
    assert {(issue.code, issue.cell): issue.severity for issue in result.issues} == found
    assert len(result.accepted) == (0 if "error" in found.values() else 1)


def test_the_same_target_twice_is_an_error(tmp_path: Path) -> None:
    assert {issue.code for issue in checked(tmp_path, {}, {}).issues} == {"duplicate_key"}
