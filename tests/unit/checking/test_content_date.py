"""The day a file says its content is of: read where it is sure, asked about where it is not, never guessed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from ingestion.checking import FileVerdict, References, Scope, check_file
from ingestion.cleaning.dates import BE_MINUS_CE
from ingestion.contracts import load_contract
from ingestion.own_marks import CONTENT_DATE_LABEL, GUIDE_SHEET
from ingestion.templates import write_template

HEADER = "รหัสตำบล,ชาย,หญิง,รวม,จำนวนบ้าน"
ROW = "940101,10,12,22,7"
END_OF_2564 = date(2021, 12, 31)
THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน",
    "ธันวาคม",
)  # fmt: skip


@pytest.fixture(autouse=True)
def day_of_check() -> Iterator[None]:
    with clock.fixed(datetime(2022, 3, 31, 3, tzinfo=UTC)):
        yield


def check(path: Path, scope: Scope | None = None) -> FileVerdict:
    with check_file(path, load_contract("population"), scope, References.load()) as run:
        return run.verdict


def titled(folder: Path, *titles: str) -> FileVerdict:
    path = folder / "a.csv"
    path.write_text("\n".join((*titles, HEADER, ROW)), encoding="utf-8")
    return check(path)


def codes(verdict: FileVerdict) -> set[str]:
    return {one.code for one in verdict.file_issues}


@pytest.mark.parametrize(
    "title",
    [
        "ข้อมูล ณ วันที่ 31 ธันวาคม 2564",
        "จำนวนประชากรจังหวัดปัตตานี ณ วันที่ ๓๑ ธ.ค. ๒๕๖๔",
        "ข้อมูล ณ 31 ธันวาคม พ.ศ. 2564",
        "ข้อมูล ณ วันที่ 31/12/2564 (เบื้องต้น)",
        "ข้อมูล ณ วันที่ : 31-12-64",
        "ณ วันที่ 2021-12-31",
        "Population as of 31 December 2021",
    ],
)
def test_titles_say_the_day_and_the_cell(tmp_path: Path, title: str) -> None:
    verdict = titled(tmp_path, "ตารางที่ 1", title)
    assert (verdict.content_date, verdict.content_date_cell) == (END_OF_2564, "A2")
    assert codes(verdict).isdisjoint({"content_date_unclear", "content_dates_differ"})


@pytest.mark.parametrize(
    "title",
    [
        "ข้อมูลปี 2564",
        "พิมพ์ ณ วันที่ 5 มกราคม 2565",
        "ตามประกาศ ณ วันที่ 5 มกราคม 2560",
        "ข้อมูล ณ สิ้นปี 2564",
        "ตำบล ณ ปัตตานี 12 แห่ง",
    ],
)
def test_other_days_are_none_of_the_content(tmp_path: Path, title: str) -> None:
    verdict = titled(tmp_path, title)
    assert verdict.content_date is None
    assert "content_date_unclear" not in codes(verdict)


@pytest.mark.parametrize(
    "written",
    [
        "31 พฤศจิกายน 2564",  # in no calendar
        "29/02/2564",  # 2021 was no leap year
        "31 ธันวาคม 2300",  # of no era we know
        "12/31/2564",  # day and month swapped, or another day
        "31 ธันวาคม 2565",  # yet to come on the day of the check
    ],
)
def test_what_is_not_sure_is_asked_and_not_used(tmp_path: Path, written: str) -> None:
    verdict = titled(tmp_path, f"ข้อมูล ณ วันที่ {written}")
    [asked] = [one for one in verdict.file_issues if one.code == "content_date_unclear"]
    assert (verdict.content_date, asked.cell, asked.value, asked.severity) == (None, "A1", written, "query")
    assert verdict.verdict == "accepted_with_issues"


def test_two_days_are_asked_about_and_none_is_used(tmp_path: Path) -> None:
    verdict = titled(tmp_path, "ข้อมูล ณ วันที่ 31 ธันวาคม 2564", "ณ วันที่ 30 กันยายน 2564")
    assert verdict.content_date is None
    [asked] = [one for one in verdict.file_issues if one.code == "content_dates_differ"]
    assert "31/12/2564 (A1), 30/09/2564 (A2)" in asked.message_en


@pytest.mark.parametrize("note", ["หมายเหตุ: ข้อมูล ณ วันที่ 31 ธันวาคม 2564", "ที่มา: สำนักทะเบียน ข้อมูล ณ วันที่ 31/12/2564,,,,"])
def test_a_footnote_says_the_day_as_a_title_does(tmp_path: Path, note: str) -> None:
    """Whether its line has as many commas as the table or not; in a workbook it is a row like any other."""
    path = tmp_path / "a.csv"
    path.write_text("\n".join((HEADER, ROW, note)), encoding="utf-8")
    verdict = check(path)
    assert (verdict.content_date, verdict.content_date_cell, verdict.rows) == (END_OF_2564, "A3", 1)


def test_a_title_and_a_footnote_of_two_days_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join(("ข้อมูล ณ วันที่ 30 กันยายน 2564", HEADER, ROW, "ข้อมูล ณ วันที่ 31 ธันวาคม 2564")), encoding="utf-8"
    )
    verdict = check(path)
    assert verdict.content_date is None
    assert "content_dates_differ" in codes(verdict)


@given(day=st.dates(date(2000, 1, 1), date(2022, 3, 31)), spoken=st.booleans())
def test_every_day_written_either_way_is_read_as_that_day(
    tmp_path_factory: pytest.TempPathFactory, day: date, spoken: bool
) -> None:
    be = day.year + BE_MINUS_CE
    written = f"{day.day} {THAI_MONTHS[day.month - 1]} {be}" if spoken else f"{day.day}/{day.month}/{be}"
    folder = tmp_path_factory.mktemp("day")
    with clock.fixed(datetime(2022, 3, 31, 3, tzinfo=UTC)):
        assert titled(folder, f"ข้อมูล ณ วันที่ {written}").content_date == day


def test_the_template_has_a_place_for_it_that_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "แบบฟอร์ม.xlsx"
    write_template(load_contract("population"), path)
    book = openpyxl.load_workbook(path)
    guide, table = book[GUIDE_SHEET], book.worksheets[1]
    [label] = [cell for row in guide.iter_rows() for cell in row if cell.value == CONTENT_DATE_LABEL]
    filled = {"รหัสตำบล": "940101", "ชาย": 10, "หญิง": 12, "รวม": 22, "จำนวนบ้าน": 7}
    for header, cell in zip(table[1], table[2], strict=True):
        cell.value = filled.get(header.value)
    book.save(path)
    undated = check(path)
    assert (undated.verdict, undated.content_date) == ("accepted", None)
    guide.cell(label.row, label.column + 1).value = "31/12/2564"
    book.save(path)
    dated = check(path)
    assert (dated.verdict, dated.content_date) == ("accepted", END_OF_2564)
    assert dated.content_date_cell == f"{GUIDE_SHEET}!B{label.row}"
