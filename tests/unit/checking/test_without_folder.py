"""A check that does not know for whom a file is meant says less than ingestion, and never anything else."""

from pathlib import Path

import pytest

from core.errors import UsageError
from ingestion import door
from ingestion.checking import Scope
from ingestion.contracts import load_contract
from ingestion.reports.from_check import check as report_of
from tests.unit.checking.helpers import Checked, check, lenient, write_csv

HEADER = ["เลขประจำตัวประชาชน", "ผลการตรวจสอบคุณสมบัติ", "วันที่ลงทะเบียน", "ตำบล"]
PLACES = ["ต.ท่าข้าม", "ต.บานา", "ต.สะกอม", "900101", "ต.ไม่มีอยู่จริง", "ต.ท่าข้าม อ.หาดใหญ่ จ.สงขลา"]


def checked(tmp_path: Path, scope: Scope | None) -> Checked:
    """People of invented numbers, each in one of the places."""
    rows = [[f"{n}", "ผ่าน", "15/08/2564", place] for n, place in zip(NUMBERS, PLACES, strict=True)]
    return check(write_csv(tmp_path / "a.csv", [HEADER, *rows]), lenient("welfare_card"), scope)


NUMBERS = ["1234567890121", "1111222233331", "1111222233340", "1111222233358", "1111222233366", "1111222233374"]


@pytest.mark.parametrize("province", ["90", "94", None])
def test_what_is_told_without_a_folder_is_told_in_every_folder(tmp_path: Path, province: str | None) -> None:
    contract = load_contract("welfare_card")
    agency = f"provincial_treasury_{province}" if province else "sbpac"
    scope = door.meant_for(contract, agency, "2564") if province else Scope(agency, contract.id, "2564")
    alone, in_folder = checked(tmp_path, None), checked(tmp_path, scope)
    assert alone.found <= in_folder.found
    assert ("area_name_unknown", "D6") in alone.found
    assert {code for code, _ in in_folder.found - alone.found} <= set(alone.verdict.skipped_checks)
    assert {code for code, _ in in_folder.found}.isdisjoint(in_folder.verdict.skipped_checks)


def test_names_in_the_folder_are_those_of_its_province(tmp_path: Path) -> None:
    """Songkhla's and Pattani's ท่าข้าม are one each in their province; of สะกอม Songkhla has two."""
    contract = load_contract("welfare_card")
    songkhla = checked(tmp_path, door.meant_for(contract, "provincial_treasury_90", "2564"))
    assert {found for found in songkhla.found if found[0].startswith("area")} == {
        ("area_name_unknown", "D3"), ("area_name_ambiguous", "D4"), ("area_name_unknown", "D6"),
    }  # fmt: skip
    pattani = checked(tmp_path, door.meant_for(contract, "provincial_treasury_94", "2564"))
    assert pattani.accepted[0]["tambon_code"] == "940402"


def test_a_folder_that_does_not_owe_the_dataset_is_asked_about_as_by_ingestion(tmp_path: Path) -> None:
    contract = load_contract("welfare_card")
    file = write_csv(tmp_path / "a.csv", [HEADER, ["1234567890121", "ผ่าน", "15/08/2564", "940104"]])
    owed, not_owed = (
        report_of(file, "welfare_card", scope=door.meant_for(contract, agency, "2564"))
        for agency in ("provincial_treasury_94", "registration_office_94")
    )
    assert (owed.receipt.verdict, owed.receipt.agency_id) == ("accepted", "provincial_treasury_94")
    assert not_owed.receipt.verdict == "accepted_with_issues"
    assert [line.code for line in not_owed.issues()] == ["agency_does_not_owe"]


@pytest.mark.parametrize(
    ("agency", "period", "cure"),
    [
        ("provincial_tresury_94", "2564", "provincial_treasury_94"),
        ("x", "2564", "registration_office"),
        ("sbpac", "2021", "2564"),
    ],
)
def test_a_folder_that_intake_would_turn_away_is_a_mistake_in_using_the_command(
    agency: str, period: str, cure: str
) -> None:
    with pytest.raises(UsageError) as raised:
        door.meant_for(load_contract("welfare_card"), agency, period)
    assert cure in str(raised.value.cure)
