"""Every kind of rule a contract can state, on the example contract that states them all."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.checking import Scope
from ingestion.contracts import Contract, read_contract
from ingestion.examples import page
from ingestion.examples.cases import GOOD
from tests.unit.checking.helpers import Checked, check, write_csv

YALA = Scope("registration_office_95", "example_activity", "2564", "all", "95")
ROW = GOOD["example_activity"]


@pytest.fixture(scope="module")
def activity() -> Contract:
    return read_contract(Path(page.__file__).with_name("example_activity.odcs.yaml"))


def checked(
    tmp_path: Path, contract: Contract, *changes: Mapping[str, str], scope: Scope | None = YALA, above: str = ""
) -> Checked:
    header = list({**ROW, **(changes[0] if changes else {})})
    rows = [list({**dict.fromkeys(header, ""), **ROW, **change}.values()) for change in changes or [{}]]
    titles = [[above]] if above else []
    return check(write_csv(tmp_path / "a.csv", [*titles, header, *rows]), contract, scope)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, {}),
        # conditional
        ({"ประเภท": "จัดร่วม"}, {("required_if_missing", "H2"): "error"}),
        ({"ประเภท": "02"}, {("required_if_missing", "H2"): "error"}),
        ({"ประเภท": "จัดร่วม", "ผู้ร่วมจัด": "มูลนิธิ"}, {}),
        ({"ประเภท": "จัดร่วม", "ผู้ร่วมจัด": "ก"}, {("text_too_short", "H2"): "error"}),  # not missing too
        ({"ประเภท": ""}, {}),
        # dates among themselves
        ({"วันสิ้นสุด": "14/08/2564"}, {("date_order_wrong", "F2"): "error"}),
        ({"วันสิ้นสุด": "15/08/2564"}, {}),
        ({"วันสิ้นสุด": ""}, {}),
        # dates and the period
        ({"วันเริ่ม": "31/12/2563"}, {("date_before_period", "E2"): "query"}),
        ({"วันเริ่ม": "01/01/2564"}, {}),
        ({"วันสิ้นสุด": "31/12/2564"}, {}),
        ({"วันสิ้นสุด": "01/01/2565"}, {("date_after_period", "F2"): "query"}),
        # range of dates
        ({"วันเริ่ม": "31/12/2557"}, {("date_too_early", "E2"): "error"}),
        ({"วันเริ่ม": "01/01/2558"}, {("date_before_period", "E2"): "query"}),
        ({"วันเริ่ม": "01/01/2574", "วันสิ้นสุด": ""}, {("date_too_late", "E2"): "error"}),
        # sums
        ({"ผู้เข้าร่วม": "31"}, {("sum_differs", "K2"): "error"}),
        ({"ชาย": "", "ผู้เข้าร่วม": "31"}, {}),
        ({"เยาวชน": "30"}, {}),
        ({"เยาวชน": "31"}, {("sum_exceeds", "K2"): "error"}),
        ({"ชาย": "", "ผู้เข้าร่วม": "", "เยาวชน": "31"}, {}),
        # references
        ({"หน่วยงาน": "Registration_Office_95"}, {}),
        ({"หน่วยงาน": "registration_ofice_95"}, {("agency_unknown", "C2"): "error"}),
        ({"ตำบล": "ต.สะเตง", "อำเภอ": "เมืองยะลา"}, {}),
        ({"ตำบล": "ต.สะเตง", "อำเภอ": "อ.เบตง"}, {("area_name_unknown", "D2"): "error"}),
        # patterns that begin with zeros
        ({"เลขที่กิจกรรม": "12345"}, {}),
        ({"เลขที่กิจกรรม": "1234567"}, {("text_too_long", "A2"): "error"}),
    ],
)
def test_a_rule_is_judged_at_its_cell(
    tmp_path: Path, activity: Contract, change: Mapping[str, str], found: Mapping[tuple[str, str], str]
) -> None:
    result = checked(tmp_path, activity, change)
    assert {(issue.code, issue.cell): issue.severity for issue in result.issues} == found
    assert len(result.accepted) == (0 if "error" in found.values() else 1)


def test_a_rule_may_allow_a_tolerance(tmp_path: Path, activity: Contract) -> None:
    rules = [
        replace(r, arguments={**r.arguments, "tolerance": 1}) if r.kind == "sum_equals" else r for r in activity.rules
    ]
    lenient = replace(activity, rules=tuple(rules))
    assert checked(tmp_path, lenient, {"ผู้เข้าร่วม": "31"}).issues == []
    assert checked(tmp_path, lenient, {"ผู้เข้าร่วม": "32"}).found == {("sum_differs", "K2")}


def test_parts_left_empty_still_leave_the_others_within_the_whole(tmp_path: Path, activity: Contract) -> None:
    """Some of the groups are counted, others not: those counted are together at most everybody."""
    groups = {"rule": "sum_at_most", "parts": ("male_persons", "youth_persons"), "total": "all_persons"}
    rule = next(rule for rule in activity.rules if rule.kind == "sum_at_most")
    together = replace(activity, rules=(replace(rule, arguments=groups),))
    assert checked(tmp_path, together, {"ชาย": "10", "เยาวชน": "20"}).issues == []
    assert checked(tmp_path, together, {"ชาย": "", "เยาวชน": "31"}).found == {("sum_exceeds", "K2")}
    (issue,) = checked(tmp_path, together, {"ชาย": "11", "เยาวชน": "20"}).issues
    assert "ชาย + เยาวชน = 31" in issue.message_th


def test_mended_values_are_what_goes_in(tmp_path: Path, activity: Contract) -> None:
    result = checked(tmp_path, activity, {"เลขที่กิจกรรม": "12345", "ตำบล": "ต.สะเตง", "ประเภท": "1"})
    assert result.accepted[0]["activity_no"] == "012345"
    assert result.accepted[0]["tambon_code"] == "950101"
    assert result.accepted[0]["activity_kind"] == "own"
    repairs = {(repair.code, repair.column, repair.cells) for repair in result.verdict.repairs}
    assert repairs == {
        ("leading_zeros_restored", "activity_no", ("A2",)),
        ("area_name_matched", "tambon_code", ("D2",)),
        ("leading_zeros_restored", "activity_kind", ("G2",)),
    }


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("กิจกรรมของจังหวัดปัตตานี ปี 2564", "wrong_province"),
        ("กิจกรรมของจังหวัดยะลา ปี 2563", "wrong_period"),
        ("กิจกรรม ปี ๒๕๖๓", "wrong_period"),
        ("กิจกรรม ณ วันที่ 31 ธันวาคม 2562", "wrong_period"),
        ("กิจกรรมของจังหวัดยะลา ประจำปี พ.ศ. 2564", None),
        ("จังหวัดยะลาและจังหวัดปัตตานี ปี 2563-2565", None),
        ("กิจกรรม ณ วันที่ 15 มกราคม 2565", None),  # figures of a year are dated the year after
        ("ตามระเบียบว่าด้วยการรายงาน พ.ศ. 2550", None),
        ("ศูนย์อำนวยการบริหารจังหวัดชายแดนภาคใต้", None),
    ],
)
def test_a_title_must_not_contradict_the_folder(
    tmp_path: Path, activity: Contract, title: str, code: str | None
) -> None:
    result = checked(tmp_path, activity, {}, above=title)
    assert result.found == ({(code, "A1")} if code else set())
    assert result.verdict.reason_code == code


def test_a_row_of_another_period_is_an_error_and_most_of_them_refuse_the_file(
    tmp_path: Path, activity: Contract
) -> None:
    numbers = [{"เลขที่กิจกรรม": f"00000{i}"} for i in range(4)]
    other = {"ปี": "2563", "วันเริ่ม": "", "วันสิ้นสุด": ""}
    one = checked(tmp_path, activity, numbers[0] | other, *numbers[1:])
    assert one.found == {("row_of_other_period", "B2")}
    assert one.verdict.verdict == "accepted_with_issues"
    most = checked(tmp_path, activity, *(number | other for number in numbers[:3]), numbers[3])
    assert most.verdict.reason_code == "wrong_period"
    assert "3 จาก 4 แถว" in most.verdict.file_issues[0].message_th


def test_without_a_folder_nothing_is_compared_with_it(tmp_path: Path, activity: Contract) -> None:
    change = {"ปี": "2563", "หน่วยงาน": "registration_office_94", "ตำบล": "940101", "วันเริ่ม": "15/08/2563"}
    result = checked(tmp_path, activity, change, scope=None, above="จังหวัดปัตตานี ปี 2560")
    assert result.issues == []
    assert {"wrong_province", "wrong_period", "wrong_agency"} <= set(result.verdict.skipped_checks)


@pytest.mark.parametrize(
    ("header", "stated"),
    [
        ("งบประมาณ (พันบาท)", "พันบาท"),
        ("งบประมาณ (ล้านบาท)", "ล้านบาท"),
        ("งบประมาณ (คน)", "คน"),
        ("งบประมาณ (บาท)", None),
        ("งบประมาณ (2564)", None),
    ],
)
def test_a_header_in_another_unit_refuses_the_file(
    tmp_path: Path, activity: Contract, header: str, stated: str | None
) -> None:
    names = [header if name == "งบประมาณ" else name for name in ROW]
    result = check(write_csv(tmp_path / "a.csv", [names, list(ROW.values())]), activity, YALA)
    assert result.verdict.reason_code == ("unit_differs" if stated else None)
    assert result.found == ({("unit_differs", "L1")} if stated else set())


def test_a_column_that_only_says_where_a_place_lies_is_not_unknown(tmp_path: Path, activity: Contract) -> None:
    assert checked(tmp_path, activity, {"อำเภอ": "เมืองยะลา"}).issues == []
    assert checked(tmp_path, activity, {"แขวง": "x"}).found == {("unknown_column", "N1")}
