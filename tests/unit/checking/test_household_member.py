"""People: identifiers are judged, kept apart by kind, and never shown. All of them are invented."""

from pathlib import Path
from typing import Any

from ingestion.checking import Scope
from tests.unit.checking.helpers import Checked, check, lenient, write_csv, write_xlsx

SCOPE = Scope("community_development_95", "household_member", "2564", "all", "95")
PERSON = {
    "house_code": "95010000001",
    "member_no": "1",
    "person_id": "1234567890121",
    "first_name": "สมมุติ",
    "last_name": "ตัวอย่าง",
    "birth_date": "15 ส.ค. 2530",
    "sex": "ชาย",
    "relation": "หัวหน้าครัวเรือน",
}


def members(tmp_path: Path, *changes: dict[str, Any]) -> Checked:
    rows = [PERSON | {"member_no": str(i)} | change for i, change in enumerate(changes, start=1)]
    path = write_csv(tmp_path / "a.csv", [list(PERSON), *[list(row.values()) for row in rows]], "cp874")
    return check(path, lenient("household_member"), SCOPE)


def test_kinds_of_people_are_told_apart(tmp_path: Path) -> None:
    ids = ["1-2345-67890-12-1", "6234567890121", "G123456789012", "1234567890122", "", "1111111111119"]
    checked = members(tmp_path, *({"person_id": sent} for sent in ids))
    assert [row["person_key_kind"] for row in checked.accepted] == [
        "citizen",
        "alien_or_unregistered",
        "learner_code",
        "unverified",
        "missing",
        "missing",
    ]
    assert [row["person_id"] for row in checked.accepted][:2] == ["1234567890121", "6234567890121"]
    assert checked.found == {("id_checksum", "C5"), ("id_no_person", "C7")}


def test_the_same_person_twice_is_a_query_the_same_member_twice_an_error(tmp_path: Path) -> None:
    checked = members(tmp_path, {}, {}, {"member_no": "1", "person_id": ""})
    severities = {(issue.code, issue.cell): issue.severity for issue in checked.issues}
    assert severities == {("duplicate_key", "C3"): "query", ("duplicate_key", "A4"): "error"}
    assert [row["_row"] for row in checked.accepted] == [2, 3]


def test_dates_keep_their_precision(tmp_path: Path) -> None:
    checked = members(tmp_path, {}, {"birth_date": "2530", "person_id": ""}, {"birth_date": "", "person_id": ""})
    assert [row["birth_date_precision"] for row in checked.accepted] == ["day", "year", None]
    assert checked.accepted[0]["birth_date"].isoformat() == "1987-08-15"


def test_no_issue_and_no_repair_shows_a_personal_value(tmp_path: Path) -> None:
    changes = [
        {"person_id": "1234567890122"},
        {"person_id": "123456789012"},
        {"person_id": "ABC987654"},
        {"house_code": "9501123"},
        {"birth_date": "31/02/2530", "person_id": ""},
        {"birth_date": "08/15/2530", "person_id": ""},
        {"first_name": "", "person_id": ""},
        {"first_name": "ส" * 500, "person_id": ""},
        {"house_code": "95010000001", "member_no": "1", "person_id": ""},
    ]
    checked = members(tmp_path, *changes)
    assert len(checked.issues) >= len(changes)
    told = "\n".join(str(issue.as_json()) for issue in checked.issues) + str(checked.verdict)
    for secret in (
        "1234567890122",
        "123456789012",
        "ABC987654",
        "9501123",
        "31/02/2530",
        "1987-08-15",
        "ส" * 9,
        "สมมุติ",
    ):
        assert secret not in told
    assert "1-2xxx-xxxxx-xx-2" in told


def test_identifiers_stored_as_numbers_in_excel_keep_every_digit(tmp_path: Path) -> None:
    row = PERSON | {"house_code": 95010000001, "person_id": 1234567890121, "member_no": 1.0}
    path = write_xlsx(tmp_path / "a.xlsx", {"a": [list(row), list(row.values())]})
    checked = check(path, lenient("household_member"), SCOPE)
    assert (checked.accepted[0]["person_id"], checked.accepted[0]["house_code"]) == ("1234567890121", "95010000001")
    assert checked.verdict.verdict == "accepted"
