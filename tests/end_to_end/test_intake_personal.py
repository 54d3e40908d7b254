"""Personal data: in the vault only, as keys everywhere else, masked on every paper. All people here are invented."""

import json
import uuid

import numpy as np
import pytest

from chaidaen.simulate.identifiers import house_codes, person_ids
from core import database
from core.settings import settings
from ingestion import intake
from ingestion.pseudonyms import keys
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, rows_of

pytestmark = pytest.mark.usefixtures("module_home")

PEOPLE = [str(one) for one in person_ids("94", np.array([1, 3, 5, 8, 1]), np.arange(5))]
HOUSE = str(house_codes("94", np.arange(1))[0])
MEMBER_HEADER = ("รหัสประจำบ้าน", "ลำดับสมาชิก", "เลขประจำตัวประชาชน", "ชื่อ", "วันเกิด", "เพศ", "ความสัมพันธ์กับหัวหน้าครัวเรือน")
NAME = "สมมุติชื่อ"


def member_rows() -> list[tuple[object, ...]]:
    return [
        (HOUSE, n, person, f"{NAME}{n}", "15/8/2530", "ชาย" if n % 2 else "หญิง", "หัวหน้าครัวเรือน" if n == 1 else "บุตร")
        for n, person in enumerate(PEOPLE, 1)
    ]


def members(rows: list[tuple[object, ...]], part: str) -> int:
    folders = ("community_development_94", "household_member", "2564", part)
    drop(csv_bytes(rows, MEMBER_HEADER), "สมาชิก.csv", folders=folders)
    [submission_id] = intake.receive_all()
    done = intake.process(submission_id)
    assert done.state == "loaded", query("select code, cell, message_en from ops.issues")
    return submission_id


def test_raw_has_keys_and_the_vault_has_the_people() -> None:
    number = members(member_rows(), "keys")
    raw, vault = rows_of("raw", "household_member", number), rows_of("vault", "household_member", number)
    assert [row["person_id"] for row in vault] == PEOPLE
    assert [row["_row"] for row in vault] == [row["_row"] for row in raw]
    assert [row["person_key"] for row in raw] == [uuid.UUID(key) for key in keys_of(PEOPLE, "person")]
    assert {row["household_key"] for row in raw} == {uuid.UUID(keys_of([HOUSE], "household")[0])}
    assert raw[0]["person_key_kind"] == "citizen"
    assert not {"person_id", "first_name", "birth_date", "house_code"} & raw[0].keys()


def test_the_same_person_has_the_same_key_in_another_dataset() -> None:
    number = members(member_rows(), "linked")
    rows = [(person, NAME, "ผ่าน", "1/8/2565") for person in PEOPLE]
    drop(
        csv_bytes(rows, ("เลขประจำตัวประชาชน", "ชื่อ", "ผลการตรวจสอบคุณสมบัติ", "วันที่ลงทะเบียน")), "บัตร.csv",
        folders=("provincial_treasury_94", "welfare_card", "2565"),
    )  # fmt: skip
    [card] = intake.receive_all()
    assert intake.process(card).state == "loaded", query("select code, cell, message_en from ops.issues")
    linked = query(
        "select count(*) from raw.welfare_card as c join raw.household_member as m using (person_key)"
        " where c._submission_id = %s and m._submission_id = %s",
        card, number,
    )  # fmt: skip
    assert linked == [{"count": len(PEOPLE)}]


def test_no_identifier_or_name_is_in_ledger_raw_or_report() -> None:
    rows = [*member_rows() * 1]
    rows += [(HOUSE, n, "", f"{NAME}{n}", "1/1/2540", "ชาย", "บุตร") for n in range(6, 60)]
    rows.append((HOUSE, "หก", PEOPLE[0], f"{NAME}หก", "99/99/9999", "ไม่รู้", "บุตร"))
    number = members(rows, "masked")
    assert query("select count(*) as n from vault.rejected_rows where _submission_id = %s", number) == [{"n": 1}]
    papers = [
        (outbox(number) / name).read_text(encoding="utf-8") for name in ("receipt.json", "report.json", "report.html")
    ]
    everything = [*papers, *(everything_in(table) for table in TABLES)]
    for secret in (*PEOPLE, HOUSE, NAME):
        assert [text for text in everything if secret in text] == []
    assert json.loads(papers[1])["issues"]


TABLES = ("ops.issues", "ops.submission_events", "ops.submissions", "ops.repairs", "raw.household_member")


def everything_in(table: str) -> str:
    with database.connect() as connection:
        row = connection.execute(f"select string_agg(t::text, ' ') from {table} as t").fetchone()  # type: ignore[arg-type]
    return str(row)


def keys_of(identifiers: list[str], kind: str) -> list[str]:
    import pyarrow as pa

    return [str(uuid.UUID(bytes=key)) for key in keys(pa.array(identifiers), kind).to_pylist()]


def test_nobody_else_on_the_machine_can_look_into_what_is_sent_and_sent_back() -> None:
    members(member_rows(), "folders")
    folders = (settings().landing, settings().outbox, settings().archive)
    assert [oct(folder.stat().st_mode & 0o077) for folder in folders] == ["0o0"] * 3
