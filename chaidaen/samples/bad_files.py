"""Files that can't be taken in, one per reason a newcomer should see."""

from pathlib import Path

from chaidaen.samples.population import delimited, figures, rows_of
from chaidaen.samples.sample import Sample
from chaidaen.simulate.files import landed

_HEADER = ("รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน")
# A valid one-page document, empty: what is left when a report is printed to PDF and renamed.
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def write_bad_files(out: Path) -> list[Sample]:
    """Write them all; returns what each shows. None of them holds figures of the year it is sent for."""
    return [
        _too_many_errors(out),
        _renamed_pdf(out),
        _without_a_column(out),
        _unknown_agency(out),
        _empty(out),
    ]


def _too_many_errors(out: Path) -> Sample:
    file = "registration_office_95/population/2565/ประชากรยะลา 2565 (ร่าง).csv"
    rows: list[tuple[object, ...]] = [_HEADER]
    for number, row in enumerate(rows_of("95")):
        men, women, total, houses = figures(row)
        # Every third row is a draft: the office still waits for the figures.
        rows.append((row.tambon_code, "รอข้อมูล" if number % 3 == 0 else men, women, total, houses))
    landed(out / file, delimited(rows, encoding="utf-8-sig"))
    return Sample(
        file,
        "rejected",
        "too_many_errors",
        "แถวที่ผิดเกินเกณฑ์ของชุดข้อมูล จึงไม่รับทั้งไฟล์ รายงานชี้ทุกช่องที่ต้องแก้",
        "More wrong rows than the dataset allows: the whole file is returned, every bad cell named.",
        len(rows) - 1,
    )


def _renamed_pdf(out: Path) -> Sample:
    file = "registration_office_91/population/2565/รายงานประชากร สตูล 2565.xlsx"
    landed(out / file, _PDF)
    return Sample(
        file,
        "rejected",
        "not_a_table",
        "ไฟล์ PDF ที่เปลี่ยนนามสกุลเป็น .xlsx",
        "A PDF whose name was changed to .xlsx.",
    )


def _without_a_column(out: Path) -> Sample:
    file = "registration_office_94/population/2565/ปัตตานี 2565 ไม่มีหญิง.csv"
    rows = [(row.tambon_code, row.male_persons, row.total_persons, row.houses) for row in rows_of("94")]
    landed(out / file, delimited([("รหัสตำบล", "ชาย", "รวม", "จำนวนบ้าน"), *rows], encoding="utf-8-sig"))
    return Sample(
        file,
        "rejected",
        "missing_column",
        "ขาดคอลัมน์ “หญิง” รายงานบอกชื่อหัวตารางที่ใช้ได้",
        "The column of women is missing; the report lists the headers that would be accepted.",
        len(rows),
    )


def _unknown_agency(out: Path) -> Sample:
    file = "ที่ว่าการอำเภอเมืองปัตตานี/population/2564/เมืองปัตตานี.csv"
    rows = [(row.tambon_code, *figures(row)) for row in rows_of("9401")]
    landed(out / file, delimited([_HEADER, *rows], encoding="utf-8-sig"))
    return Sample(
        file,
        "rejected",
        "unknown_agency",
        "วางไฟล์ในโฟลเดอร์ของหน่วยงานที่ไม่มีในทะเบียน",
        "Dropped into the folder of an agency that is not on the list.",
        len(rows),
    )


def _empty(out: Path) -> Sample:
    file = "registration_office_96/population/2565/นราธิวาส-ประชากร-2565.txt"
    landed(out / file, b"")
    return Sample(file, "rejected", "empty_file", "ไฟล์ว่าง ไม่มีข้อมูลเลย", "An empty file.", 0)
