"""A text is read as what it is or asked about; what is garbled or lost for good is refused with its place."""

import json
from pathlib import Path

import pytest

from ingestion.cleaning.garbled import is_garbled
from ingestion.contracts import load_contract
from ingestion.reading.encoding import detect_encoding
from tests.unit.checking.helpers import POPULATION_HEADER, check, csv_bytes, lenient, write_csv, write_xlsx

ENGLISH = ["Tambon code", "Male", "Female", "Total", "Houses", "Data status"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("words", ["สก", "ลด", "วง รก", "เกณฑ์ ณ วันที่", "ตำบลสะเตง", "ปี ๒๕๖๔", "ก"])
def test_short_thai_is_read_right_or_asked_about(tmp_path: Path, encoding: str, words: str) -> None:
    """One row, English headers: some Thai words in Windows bytes are valid UTF-8 by chance (รก, ลด)."""
    (tmp_path / "a").write_bytes(f"Tambon code,Note\r\n950101,{words}\r\n".encode(encoding))
    found = detect_encoding(tmp_path / "a")
    read = (tmp_path / "a").read_bytes()[found.mark_bytes :].decode(found.name)
    assert words in read


@pytest.mark.parametrize("word", ["café", "Ça va", "Köln", "Ñandú"])
def test_western_text_in_utf8_is_read_and_asked_about_when_it_could_be_thai(tmp_path: Path, word: str) -> None:
    (tmp_path / "a").write_bytes(f"Tambon code,Note\n950101,{word}\n".encode())
    found = detect_encoding(tmp_path / "a")
    assert found.name == "utf-8" or found.doubtful


def test_a_doubtful_encoding_is_a_query(tmp_path: Path) -> None:
    rows = [ENGLISH, ["950101", 1, 2, 3, 4, "รก"]]
    checked = check(write_csv(tmp_path / "a.csv", rows, "cp874"), lenient("population"))
    query = next(i for i in checked.issues if i.code == "encoding_doubtful")
    assert (query.severity, query.value) == ("query", "4,รก")


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
@pytest.mark.parametrize("right", ["cp874", "utf-8"])
def test_thai_read_in_a_western_encoding_is_known(right: str, wrong: str) -> None:
    for word in ("รหัสตำบล", "ชาย", "สะเตงนอก"):
        try:
            garbled = word.encode(right).decode(wrong)
        except UnicodeDecodeError:
            continue
        assert is_garbled(garbled), garbled
    assert is_garbled("à¸£à¸«à¸±à¸ª")


def test_thai_utf8_read_as_thai_windows_is_known() -> None:
    assert is_garbled("เธฃเธซเธฑเธช")
    assert is_garbled("????? ????")
    assert is_garbled("ส\ufffd\ufffdตง")


@pytest.mark.parametrize(
    "text", ["ธนาคาร", "เนื้อเนียน", "เธอเนียน", "café", "Malaysia – Kelantan", "ใคร?", "อะไรนะ??", ""]
)
def test_sound_text_is_not_taken_for_garbled(text: str) -> None:
    assert not is_garbled(text)


def test_a_garbled_column_of_a_valid_workbook_is_refused_with_its_first_cell(tmp_path: Path) -> None:
    header = ["หมายเหตุ", *POPULATION_HEADER, "สถานะ"]
    garbled = "เบื้องต้น".encode("cp874").decode("latin-1")
    rows = [header, *[["ก", f"95010{i}", 1, 2, 3, 4, garbled] for i in range(1, 4)]]
    checked = check(write_xlsx(tmp_path / "a.xlsx", {"ก": rows}), load_contract("population"))
    assert (checked.verdict.verdict, checked.verdict.reason_code) == ("rejected", "mojibake")
    assert ("mojibake", "G2") in checked.found


def test_a_garbled_name_of_a_person_is_shown_masked(tmp_path: Path) -> None:
    contract = load_contract("household_member")
    header = [column.label_th for column in contract.columns]
    personal = next(
        i for i, c in enumerate(contract.columns) if c.is_personal and c.logical_type == "string" and not c.format
    )
    garbled = "สมมุติชื่อคน".encode("cp874").decode("latin-1")
    rows = [header, *[[garbled if i == personal else "" for i in range(len(header))] for _ in range(3)]]
    checked = check(write_xlsx(tmp_path / "a.xlsx", {"ก": rows}), contract)
    assert checked.verdict.reason_code == "mojibake"
    assert garbled not in json.dumps([i.as_json() for i in checked.issues], ensure_ascii=False)


PAGE = "<table><tr><td>รหัสตำบล</td><td>ชาย</td></tr></table>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xef\xbb\xbf" + PAGE.encode(), "web_page_as_workbook"),
        (b"\xff\xfe" + PAGE.encode("utf-16-le"), "web_page_as_workbook"),
        (b"<!-- export -->\n<div>" + PAGE.encode(), "web_page_as_workbook"),
        (
            b'<?xml version="1.0"?><html xmlns:x="urn:schemas-microsoft-com:office:excel"><body/>',
            "web_page_as_workbook",
        ),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web_page_as_workbook"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "not_a_table"),
        (csv_bytes([POPULATION_HEADER, ["950101", 1, 2, 3, 4]], "utf-16-le"), "encoding_unclear"),
        (b'[{"a": 1}, {"a": 2}]', "json_not_lines"),
        (b'{\n  "a": 1\n}\n', "json_not_lines"),
        (b'{"a": 1}\n{"b": 2}\n', "header_not_found"),
    ],
)
def test_what_only_looks_like_a_table_is_refused_with_its_reason(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "ข้อมูล.xls").write_bytes(content)
    verdict = check(tmp_path / "ข้อมูล.xls", load_contract("population")).verdict
    assert (verdict.verdict, verdict.reason_code) == ("rejected", code)
    assert verdict.file_issues[0].cure_th


def test_a_huge_cell_is_refused_within_bounds(tmp_path: Path) -> None:
    """Ten million letters in one cell: below the head of the file, and in it."""
    good = csv_bytes([POPULATION_HEADER, *[["950101", 1, 2, 3, 4]] * 100])
    for before in (good, csv_bytes([POPULATION_HEADER])):
        (tmp_path / "a.csv").write_bytes(before + b'950102,"' + b"x" * 10_000_000 + b'",1,1,1\n')
        assert check(tmp_path / "a.csv", lenient("population")).verdict.reason_code == "line_too_long"
    (tmp_path / "a.jsonl").write_bytes(b'{"a": 1}\n{"a": "' + b"x" * 10_000_000 + b'"}\n')
    verdict = check(tmp_path / "a.jsonl", lenient("population")).verdict
    assert (verdict.reason_code, verdict.file_issues[0].row) == ("line_too_long", 2)


def test_sixteen_thousand_columns_are_refused_with_the_cure(tmp_path: Path) -> None:
    wide = [[*POPULATION_HEADER, *(f"x{i}" for i in range(16_379))], ["950101", 1, 2, 3, 4, *["y"] * 16_379]]
    text = check(write_csv(tmp_path / "a.csv", wide), lenient("population")).verdict
    book = check(write_xlsx(tmp_path / "a.xlsx", {"ก": wide}), lenient("population")).verdict
    assert text.reason_code == book.reason_code == "too_many_columns"
    assert "16,384" in book.file_issues[-1].message_th


def test_nul_bytes_far_down_a_text_harm_nothing(tmp_path: Path) -> None:
    rows = [POPULATION_HEADER, *[["950101", 1, 1, 2, 1]] * 5000]
    (tmp_path / "a.csv").write_bytes(csv_bytes(rows) + b"950102,1\0,2,3,4\r\n\0\0,,,,\r\n")
    checked = check(tmp_path / "a.csv", lenient("population"))
    assert checked.accepted[-1]["tambon_code"] == "950102"
    assert "\0" not in json.dumps(checked.rejected, ensure_ascii=False)
