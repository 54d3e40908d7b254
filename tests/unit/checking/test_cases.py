"""Who looks after whom, visits and help: what the files of one official, one household are asked. All invented."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ingestion.checking import Scope
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

ASSIGNMENT = {
    "รหัสประจำบ้าน": "95010000001",
    "เลขประจำตัวเจ้าหน้าที่": "1234567890121",
    "หน่วยงานต้นสังกัด": "พช.",
    "ตำบล": "950102",
    "สถานะการดูแล": "กำลังดูแล",
    "วันที่เริ่มดูแล": "1/10/2564",
    "วันที่สิ้นสุดการดูแล": "",
}
VISIT = {
    "รหัสประจำบ้าน": "95010000001",
    "ครั้งที่เยี่ยม": "1",
    "วันที่เยี่ยม": "15/12/2564",
    "เลขประจำตัวเจ้าหน้าที่": "1234567890121",
    "ผลการเยี่ยม": "พบครัวเรือน",
    "ปัญหาด้านสุขภาพ": "ใช่",
    "แผนช่วยเหลือ 1": "ถุงยังชีพ",
    "ระดับการดำรงชีพ": "พอเพียง",
    "ลงพื้นที่แล้วไม่ยากจน": "ไม่ใช่",
    "วันนัดเยี่ยมครั้งต่อไป": "15/3/2565",
}
HELP = {
    "ลำดับที่": "1",
    "ผู้รับ": "ครัวเรือน",
    "รหัสประจำบ้าน": "95010000001",
    "เลขประจำตัวประชาชน": "",
    "ประเภทความช่วยเหลือ": "ซ่อมบ้าน",
    "จำนวนเงิน (บาท)": "20,000.00",
    "วันที่ให้ความช่วยเหลือ": "20/12/2564",
    "แหล่งเงิน": "งบบูรณาการ",
}
OTHER_OFFICIAL = {"เลขประจำตัวเจ้าหน้าที่": "1234567890139"}


def checked(tmp_path: Path, dataset: str, period: str, row: Mapping[str, str], *changes: Mapping[str, str]) -> Checked:
    rows = [list({**row, **change}.values()) for change in changes or [{}]]
    scope = Scope("sbpac", dataset, period, "all", None)
    return check(write_csv(tmp_path / "a.csv", [list(row), *rows]), lenient(dataset), scope)


def severities(result: Checked) -> dict[tuple[str, str | None], str]:
    return {(issue.code, issue.cell): issue.severity for issue in result.issues}


def test_two_active_officials_of_a_household_are_a_query_and_both_rows_go_in(tmp_path: Path) -> None:
    result = checked(tmp_path, "household_assignment", "2564-12-31", ASSIGNMENT, {}, OTHER_OFFICIAL)
    assert severities(result) == {("duplicate_key", "A3"): "query"}
    assert len(result.accepted) == 2
    [issue] = result.issues
    assert "กำลังดูแล" in issue.as_json()["message_th"]
    assert "Status: Active" in issue.as_json()["message_en"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"สถานะการดูแล": "สิ้นสุดแล้ว", "วันที่สิ้นสุดการดูแล": "30/11/2564"}, {}),  # a new official after another
        ({"สถานะการดูแล": "สิ้นสุดแล้ว"}, {("required_if_missing", "G3"): "query"}),
        ({"สถานะการดูแล": "สิ้นสุด", "วันที่สิ้นสุดการดูแล": "30/9/2564"}, {("date_order_wrong", "G3"): "error"}),
        ({"รหัสประจำบ้าน": "95010000002", "วันที่เริ่มดูแล": "1/1/2565"}, {("date_after_period", "F3"): "query"}),
    ],
)
def test_an_assignment_beside_an_active_one(
    tmp_path: Path, change: Mapping[str, str], found: Mapping[tuple[str, str], str]
) -> None:
    result = checked(tmp_path, "household_assignment", "2564-12-31", ASSIGNMENT, {}, {**OTHER_OFFICIAL, **change})
    assert severities(result) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"วันที่เยี่ยม": "30/11/2564"}, {("date_before_period", "C2"): "query", ("wrong_period", None): "error"}),
        ({"ระดับการดำรงชีพ": ""}, {("required_if_missing", "H2"): "query"}),
        ({"ผลการเยี่ยม": "ไม่อยู่บ้าน", "ระดับการดำรงชีพ": "", "เลขประจำตัวเจ้าหน้าที่": ""}, {}),
        ({"วันนัดเยี่ยมครั้งต่อไป": "14/12/2564"}, {("date_order_wrong", "J2"): "error"}),
        ({"แผนช่วยเหลือ 1": "เรือประมง"}, {("code_unknown", "G2"): "error"}),
    ],
)
def test_a_visit_is_judged_at_its_cell(
    tmp_path: Path, change: Mapping[str, str], found: Mapping[tuple[str, str], str]
) -> None:
    assert severities(checked(tmp_path, "household_visit", "2564-12", VISIT, change)) == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        ({"รหัสประจำบ้าน": ""}, {("required_if_missing", "C2"): "query"}),
        ({"ผู้รับ": "บุคคล", "รหัสประจำบ้าน": ""}, {("required_if_missing", "D2"): "query"}),
        ({"ผู้รับ": "บุคคล", "รหัสประจำบ้าน": "", "เลขประจำตัวประชาชน": "1234567890121"}, {}),
        ({"จำนวนเงิน (บาท)": "-5"}, {("number_too_small", "F2"): "error"}),
    ],
)
def test_help_says_who_got_it(tmp_path: Path, change: Mapping[str, str], found: Mapping[tuple[str, str], str]) -> None:
    result = checked(tmp_path, "assistance", "2564-12", HELP, change)
    assert severities(result) == found


def test_help_goes_on_with_keys_and_never_with_numbers(tmp_path: Path) -> None:
    result = checked(tmp_path, "assistance", "2564-12", HELP, {"เลขประจำตัวประชาชน": "1234567890121"})
    [row] = result.accepted
    assert (row["assistance_kind"], str(row["amount_baht"]), row["money_source"]) == (
        "housing", "20000.00", "integrated_plan",
    )  # fmt: skip
    assert row["person_key_kind"] == "citizen"
