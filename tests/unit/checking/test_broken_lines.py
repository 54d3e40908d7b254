"""A line of JSON that could not be read: nobody can tell what in it is personal, so no paper shows any of it."""

import json
from pathlib import Path

import pytest

from ingestion.reports.from_check import check
from ingestion.reports.writing import write_report

PERSON, NAME = "1909800123453", "ฟาตีเมาะ"  # invented
GOOD = {"ผลการตรวจสอบคุณสมบัติ": "ผ่าน", "วันที่ลงทะเบียน": "15/08/2564", "รหัสตำบล": "950101"}
BROKEN = (
    f'{{"ผลการตรวจสอบคุณสมบัติ": "ผ่าน", "เลขประจำตัวประชาชน": "{PERSON}", "ชื่อ": "{NAME}"',
    f"{PERSON} {NAME}",
    f'["{PERSON}", "{NAME}"]',
)


@pytest.mark.parametrize("broken", BROKEN)
def test_nothing_of_a_line_that_could_not_be_read_is_shown(tmp_path: Path, broken: str) -> None:
    """The first key of the file is no personal column, and the raw text stands under it."""
    people = [GOOD | {"เลขประจำตัวประชาชน": f"11112222{number:05d}"} for number in range(40)]
    lines = [json.dumps(person, ensure_ascii=False) for person in people]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join([*lines, broken]) + "\n", encoding="utf-8")
    report = check(file, "welfare_card")
    assert {line.cell for line in report.issues() if line.code == "json_line_broken"} == {"A41"}
    write_report(report, tmp_path / "papers")
    papers = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "papers").glob("*.[chj]*")}
    assert papers.keys() == {"bad_rows.csv", "receipt.json", "report.html", "report.json"}
    for name, text in papers.items():
        assert PERSON not in text, name
        assert NAME not in text, name
    assert "json_line_broken" in papers["bad_rows.csv"]
