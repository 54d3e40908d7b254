"""Organisations, activities and economic projects as agencies write them; every figure but the 160 is invented."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from ingestion.checking import Scope
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

ORGANISATION = {
    "เลขทะเบียนองค์กร": "CSO-0012",
    "ชื่อเครือข่าย": "เครือข่ายสมมุติชายแดนใต้",
    "ประเภท": "เครือข่ายภาคประชาสังคม",
    "จังหวัด": "",
    "อำเภอ": "",
    "ตำบล": "",
    "กลุ่มพื้นที่": "3 จังหวัด",
    "สมาชิก (คน)": "1,250",
    "ผู้ประสานงานพื้นที่": "๑๒",
    "ศูนย์ประสานงานเด็กและสตรี": "ไม่ใช่",
    "ดำเนินงานอยู่": "ใช่",
    "ประเด็นงาน": "เยียวยา",
}
ACTIVITY = {
    "เลขที่กิจกรรม": "STR64-27",
    "กิจกรรม": "ถอดบทเรียนพื้นที่สันติสุขขนาดเล็ก",
    "รูปแบบกิจกรรม": "เวทีถอดบทเรียน",
    "สถานที่": "โรงแรมสมมุติ",
    "จังหวัด": "ปัตตานี",
    "อำเภอ": "เมืองปัตตานี",
    "วันที่จัด": "8 ก.ย. 2564",
    "ถึงวันที่": "9/9/2564",
    "จำนวนผู้เข้าร่วม": "160",
    "ชาย": "96",
    "หญิง": "64",
    "ผู้นำท้องที่": "52",
    "เด็กและเยาวชน": "14",
    "งบประมาณ (บาท)": "320,000",
    "ใช้จ่ายจริง": "304,000",
    "บทเรียนที่ได้รับ": "เริ่มจากเวทีชุมชน",
    "แนวปฏิบัติที่ดี": "ใช่",
}
PROJECT = {
    "ที่": "1",
    "โครงการหลัก": "เมืองปู",
    "รหัสโครงการตามแผน": "EC64-01",
    "จังหวัด": "ปัตตานี",
    "อำเภอ": "หนองจิก",
    "ตำบล": "",
    "ผู้เข้าร่วมโครงการ (คน)": "45",
    "คนจนที่เข้าร่วม": "18",
    "ผลผลิต": "1,200",
    "หน่วยนับ": "กิโลกรัม",
    "รายได้ประจำเดือน": "135,000.50",
}
ROWS = {"civil_society_organisation": ORGANISATION, "activity": ACTIVITY, "economic_project": PROJECT}
SCOPES = {
    "civil_society_organisation": Scope("sbpac", "civil_society_organisation", "2564", "all", None),
    "activity": Scope("sbpac_strategy", "activity", "2564-09", "all", None),
    "economic_project": Scope("fisheries_office_94", "economic_project", "2564-09", "all", "94"),
}


def checked(tmp_path: Path, dataset: str, *changes: Mapping[str, str]) -> Checked:
    rows = [list({**ROWS[dataset], **change}.values()) for change in changes]
    path = write_csv(tmp_path / "a.csv", [list(ROWS[dataset]), *rows])
    return check(path, lenient(dataset), SCOPES[dataset])


def test_a_network_is_read_as_one_of_a_group_of_areas(tmp_path: Path) -> None:
    result = checked(tmp_path, "civil_society_organisation", {})
    assert result.issues == []
    (row,) = result.accepted
    assert (row["organisation_kind"], row["area_group_code"], row["tambon_code"]) == ("network", "southern_three", None)
    assert (row["member_persons"], row["coordinator_persons"]) == (1250, 12)
    assert (row["is_children_women_centre"], row["is_active"]) == (False, True)


def test_the_workshop_of_160_is_read_with_its_days_and_groups(tmp_path: Path) -> None:
    result = checked(tmp_path, "activity", {})
    assert result.issues == []
    (row,) = result.accepted
    assert (row["activity_kind"], row["participant_persons"], row["amphoe_code"]) == ("lessons_learnt", 160, "9401")
    assert (row["first_date"], row["last_date"]) == (date(2021, 9, 8), date(2021, 9, 9))
    assert (row["community_leader_persons"], row["youth_persons"]) == (52, 14)
    assert row["is_best_practice"] is True


def test_an_office_that_owes_nothing_reports_its_economic_project(tmp_path: Path) -> None:
    result = checked(tmp_path, "economic_project", {})
    assert result.issues == []
    (row,) = result.accepted
    assert (row["initiative"], row["amphoe_code"], row["poor_member_persons"]) == ("crab_city", "9403", 18)
    assert (str(row["income_baht"]), row["output_unit"]) == ("135000.50", "กิโลกรัม")


@pytest.mark.parametrize(
    ("dataset", "change", "found"),
    [
        ("civil_society_organisation", {"กลุ่มพื้นที่": ""}, {("none_filled", "D2"): "query"}),
        ("civil_society_organisation", {"ประเภท": "บริษัท"}, {("code_unknown", "C2"): "error"}),
        ("civil_society_organisation", {"ดำเนินงานอยู่": ""}, {("required_missing", "K2"): "error"}),
        ("activity", {"หญิง": "65"}, {("sum_exceeds", "I2"): "error"}),
        ("activity", {"หญิง": "60"}, {}),
        ("activity", {"ผู้นำท้องที่": "147"}, {("sum_exceeds", "I2"): "error"}),
        ("activity", {"ผู้นำท้องที่": "146"}, {}),
        ("activity", {"ใช้จ่ายจริง": "320,000.01"}, {("sum_exceeds", "N2"): "query"}),
        ("activity", {"บทเรียนที่ได้รับ": ""}, {("required_if_missing", "P2"): "query"}),
        ("activity", {"รูปแบบกิจกรรม": "ประชุม", "บทเรียนที่ได้รับ": ""}, {}),
        ("activity", {"ถึงวันที่": "7/9/2564"}, {("date_order_wrong", "H2"): "error"}),
        ("activity", {"วันที่จัด": "31/8/2564"}, {}),
        ("economic_project", {"คนจนที่เข้าร่วม": "46"}, {("sum_exceeds", "G2"): "error"}),
        ("economic_project", {"คนจนที่เข้าร่วม": "45"}, {}),
        ("economic_project", {"จังหวัด": "", "อำเภอ": ""}, {("none_filled", "D2"): "query"}),
    ],
)
def test_a_mistake_is_found_at_its_cell(
    tmp_path: Path, dataset: str, change: Mapping[str, str], found: Mapping[tuple[str, str], str]
) -> None:
    result = checked(tmp_path, dataset, change)
    assert {(issue.code, issue.cell): issue.severity for issue in result.issues} == found
    assert len(result.accepted) == (0 if "error" in found.values() else 1)


def test_an_activity_is_reported_in_the_month_it_ended(tmp_path: Path) -> None:
    """It may have begun in the month before; one that ended in the next month is asked about."""
    one: dict[str, str] = {"เลขที่กิจกรรม": "1", "วันที่จัด": "31/8/2564", "ถึงวันที่": "1/9/2564"}
    result = checked(tmp_path, "activity", one, {}, {"เลขที่กิจกรรม": "3", "ถึงวันที่": "1/10/2564"})
    assert result.found == {("date_after_period", "H4")}
    assert len(result.accepted) == 3
