"""A file is what its content is; whatever can't be read is refused with a reason, never with a traceback."""

import zipfile
from pathlib import Path

import pytest

from core.settings import reload as reload_settings
from ingestion.contracts import load_contract
from tests.unit.checking.helpers import POPULATION_HEADER, check, csv_bytes, lenient, write_csv, write_xlsx

GOOD = [POPULATION_HEADER, ["950101", 10, 20, 30, 5], ["950102", 1, 2, 3, 4]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def sparse_workbook(path: Path) -> Path:
    """Two cells, the second in the last corner of the sheet: 1.4 KB that ask for 17 billion cells."""
    write_xlsx(path, {"Sheet1": [["รหัสตำบล"]]})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def truncated(path: Path) -> Path:
    whole = write_xlsx(path, {"Sheet1": GOOD}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def damaged_inside(path: Path) -> Path:
    """A whole zip whose sheet is cut short."""
    write_xlsx(path, {"Sheet1": GOOD})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"][:100]
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def bytes_file(content: bytes):
    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bytes_file(b""), "empty_file"),
        (bytes_file(b"  \r\n \n"), "empty_file"),
        (bytes_file(b"%PDF-1.7\n..."), "not_a_table"),
        (bytes_file(b"\x89PNG\r\n\x1a\n" + bytes(50)), "not_a_table"),
        (bytes_file(b"abc\0def,1\n"), "not_a_table"),
        (bytes_file(b"<?xml version='1.0'?><a/>"), "not_a_table"),
        (bytes_file(OLE), "damaged_file"),
        (bytes_file(OLE + "EncryptedPackage".encode("utf-16-le")), "encrypted_workbook"),
        (bytes_file(OLE + "Workbook".encode("utf-16-le") + bytes(600)), "damaged_file"),
        (bytes_file("<html><table><tr><td>รหัสตำบล</td></tr></table></html>".encode()), "web_page_as_workbook"),
        (bytes_file(b"PK\x05\x06" + bytes(18)), "not_a_table"),
        (truncated, "damaged_file"),
        (damaged_inside, "damaged_file"),
        (sparse_workbook, "workbook_too_large"),
        (lambda path: write_xlsx(path, {"Sheet1": []}), "empty_file"),
        (lambda path: write_xlsx(path, {"Sheet1": [POPULATION_HEADER]}), "no_data_rows"),
        (lambda path: write_csv(path, [POPULATION_HEADER]), "no_data_rows"),
        (lambda path: write_csv(path, [["a", "b"], [1, 2]]), "header_not_found"),
        (bytes_file(csv_bytes(GOOD).decode().encode("utf-8").decode("latin-1").encode()), "mojibake"),
        (bytes_file(csv_bytes(GOOD, "cp874").decode("latin-1").encode()), "mojibake"),
        (bytes_file(csv_bytes(GOOD) + b"\xff\xfe\xfd"), "encoding_unclear"),
        (bytes_file(csv_bytes(GOOD) + b'950103,"1,2,3,4\n' + b"x" * (5 << 20)), "broken_quotes"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, make, code: str) -> None:
    verdict = check(make(tmp_path / "ข้อมูล.xlsx"), load_contract("population")).verdict
    assert (verdict.verdict, verdict.reason_code) == ("rejected", code)


def test_the_reader_is_stopped_when_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAIDAEN_READER_SECONDS", "0")
    reload_settings()
    verdict = check(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": GOOD}), load_contract("population")).verdict
    monkeypatch.undo()
    reload_settings()
    assert verdict.reason_code == "reader_timeout"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_text_is_read_in_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    checked = check(write_csv(tmp_path / "x.dat", GOOD, encoding, delimiter), load_contract("population"))
    assert checked.verdict.verdict == "accepted"
    assert [row["_row"] for row in checked.accepted] == [2, 3]


def test_a_file_of_one_thai_row_is_not_guessed(tmp_path: Path) -> None:
    """Statistical guessers call such a file Greek or Vietnamese."""
    rows = [["รหัสตำบล", "ชาย", "หญิง", "รวม", "บ้าน (หลัง)"], ["950101", 1, 2, 3, 4]]
    assert check(write_csv(tmp_path / "a.csv", rows, "cp874"), lenient("population")).verdict.verdict == "accepted"


def test_thai_may_begin_after_a_million_plain_characters(tmp_path: Path) -> None:
    header = ["Tambon code", "Male", "Female", "Total", "Houses", "note"]
    rows = [header, ["950101", 1, 2, 3, 4, "x" * 1_200_000], ["950102", 1, 2, 3, 4, "บ้าน"]]
    checked = check(write_csv(tmp_path / "a.csv", rows, "cp874"), lenient("population"))
    assert checked.verdict.accepted_rows == 2
