"""Problems, incidents and complaints as agencies write them: places by name, states in words, days in order."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from ingestion.checking import Scope
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

PROBLEM = {
    "ปัญหาที่": "9401-0001",
    "อำเภอ": "หนองจิก",
    "ตำบล": "คอลอตันหยง",
    "หมู่ที่": "ม.2",
    "ปัญหาด้าน": "ราคาผลผลิตตกต่ำ",
    "ความรุนแรง": "มาก",
    "ครัวเรือนเดือดร้อน": "๑๒",
    "วันที่แจ้งครั้งแรก": "15 ม.ค. 2564",
    "สถานะ": "อยู่ระหว่างดำเนินการ",
    "โครงการที่รองรับ": "EC64-01",
    "เจ้าของโครงการ": "sbpac",
}
INCIDENT = {
    "จังหวัด": "ปัตตานี",
    "อำเภอ": "หนองจิก",
    "ตำบลที่เกิดเหตุ": "คอลอตันหยง",
    "ลักษณะเหตุการณ์": "ยิง",
    "จำนวนเหตุ": "2",
    "บาดเจ็บ": "0",
    "เสียชีวิต": "",
}
COMPLAINT = {
    "เลขที่รับเรื่อง": "94-00125",
    "วันที่รับเรื่อง": "1/3/2564",
    "ช่องทางรับเรื่อง": "1567",
    "หมวดเรื่อง": "ที่ดิน",
    "จังหวัด": "ปัตตานี",
    "อำเภอ": "",
    "ตำบล": "",
    "สถานะ": "ยุติ",
    "วันที่แจ้งผล": "20/3/2564",
    "วันที่ปิดเรื่อง": "25/3/2564",
}
SAID: Mapping[str, tuple[Mapping[str, str], Scope]] = {
    "community_problem": (PROBLEM, Scope("district_office_94", "community_problem", "2564-Q2", "all", "94")),
    "security_incident": (INCIDENT, Scope("security_command", "security_incident", "2564-03", "all", None)),
    "complaint": (COMPLAINT, Scope("damrongtham_centre_94", "complaint", "2564-03", "all", "94")),
}


def checked(tmp_path: Path, dataset: str, *changes: Mapping[str, str]) -> Checked:
    said, scope = SAID[dataset]
    rows = [list({**said, **change}.values()) for change in changes]
    return check(write_csv(tmp_path / "a.csv", [list(said), *rows]), lenient(dataset), scope)


@pytest.mark.parametrize(
    ("dataset", "read"),
    [
        (
            "community_problem",
            {
                "tambon_code": "940302", "village_code": "94030202", "problem_kind": "economic", "severity": "severe",
                "affected_households": 12, "problem_status": "being_solved", "project_agency_id": "sbpac",
            },
        ),
        ("security_incident", {"tambon_code": "940302", "incident_kind": "shooting", "incidents": 2,
                               "killed_persons": None}),
        (
            "complaint",
            {
                "channel": "telephone_1567", "category": "land", "province_code": "94", "amphoe_code": None,
                "tambon_code": None, "complaint_status": "closed",
            },
        ),
    ],
)  # fmt: skip
def test_what_an_officer_writes_is_understood(tmp_path: Path, dataset: str, read: Mapping[str, object]) -> None:
    result = checked(tmp_path, dataset, {})
    assert result.issues == []
    [row] = result.accepted
    assert {name: row[name] for name in read} == read


@pytest.mark.parametrize(
    ("dataset", "change", "found"),
    [
        ("community_problem", {"วันที่แจ้งครั้งแรก": "1/4/2564"}, {("date_after_period", "H2"): "error"}),
        ("community_problem", {"ความรุนแรง": "ระดับ 9"}, {("code_unknown", "F2"): "error"}),
        ("community_problem", {"ตำบล": "", "หมู่ที่": ""}, {("required_missing", "C2"): "error"}),
        ("security_incident", {"จำนวนเหตุ": "-3"}, {("number_too_small", "E2"): "error"}),
        ("complaint", {"จังหวัด": ""}, {("none_filled", "E2"): "error"}),
        ("complaint", {"วันที่แจ้งผล": ""}, {("required_if_missing", "I2"): "error"}),
        ("complaint", {"วันที่ปิดเรื่อง": ""}, {("required_if_missing", "J2"): "error"}),
        ("complaint", {"วันที่แจ้งผล": "28/2/2564"}, {("date_order_wrong", "I2"): "error"}),
        ("complaint", {"วันที่ปิดเรื่อง": "19/3/2564"}, {("date_order_wrong", "J2"): "error"}),
        ("complaint", {"วันที่ปิดเรื่อง": "1/4/2564"}, {("date_after_period", "J2"): "error"}),
    ],
)
def test_a_mistake_is_found_at_its_cell(
    tmp_path: Path, dataset: str, change: Mapping[str, str], found: Mapping[tuple[str, str], str]
) -> None:
    result = checked(tmp_path, dataset, change)
    assert {(issue.code, issue.cell): issue.severity for issue in result.issues} == found


@pytest.mark.parametrize("dataset", SAID)
def test_the_same_thing_twice_in_a_file_is_an_error(tmp_path: Path, dataset: str) -> None:
    assert {issue.code for issue in checked(tmp_path, dataset, {}, {}).issues} == {"duplicate_key"}
