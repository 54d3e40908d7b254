"""Registered population of 31 December 2564, real figures, in the style of each province's registration office.

Figures: Department of Provincial Administration, carried by the project as `dbt_project/seeds/population_2564.csv`
(provenance in the README beside it).
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from chaidaen.samples.sample import Sample
from chaidaen.simulate.files import CREATED, landed
from chaidaen.simulate.places import Population, all_tambon, population, reference_rows

YEAR = 2564
_FIGURES = ("male_persons", "female_persons", "total_persons", "houses")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
Row = tuple[object, ...]


def write_population(out: Path) -> list[Sample]:
    """One file per province; returns what each shows."""
    return [write(out) for write in (_songkhla, _satun, _pattani, _yala, _narathiwat)]


def rows_of(province_code: str) -> list[Population]:
    return [row for row in population() if row.tambon_code.startswith(province_code)]


def figures(row: Population) -> tuple[int, int, int, int]:
    return row.male_persons, row.female_persons, row.total_persons, row.houses


def delimited(rows: Sequence[Row], *, encoding: str, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def _published(province_code: str) -> tuple[int, int, int, int]:
    """The province's totals as published: men, women and all add up from the tambon, houses need not."""
    [row] = [r for r in reference_rows("published_population") if r["province_code"] == province_code]
    men, women = (sum(getattr(p, name) for p in rows_of(province_code)) for name in _FIGURES[:2])
    return men, women, int(row["total_persons"]), int(row["houses"])


def _path(province_code: str, name: str) -> str:
    return f"registration_office_{province_code}/population/{YEAR}/{name}"


def _tambon_names() -> dict[str, str]:
    return {tambon.code: tambon.name_th for tambon in all_tambon()}


def _songkhla(out: Path) -> Sample:
    """Title rows, units in the header, a total row with the published figures and a footnote."""
    file = _path("90", "ประชากรและบ้าน สงขลา ธ.ค. 2564.xlsx")
    rows = rows_of("90")

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("ตาราง 1")
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        sheet.write_string("A1", "ตารางที่ 1 จำนวนประชากรและบ้าน จำแนกตามเพศ รายตำบล จังหวัดสงขลา", bold)
        sheet.write_string("A2", "ณ วันที่ 31 ธันวาคม 2564")
        sheet.write_row("A4", ["รหัสตำบล", "ชาย (คน)", "หญิง (คน)", "รวม (คน)", "บ้าน (หลัง)"], bold)
        for index, row in enumerate(rows, start=4):
            sheet.write_string(index, 0, row.tambon_code)
            sheet.write_row(index, 1, figures(row), number)
        total = 4 + len(rows)
        sheet.write_string(total, 0, "รวมทั้งสิ้น", bold)
        sheet.write_row(total, 1, _published("90"), number)
        sheet.write_string(total + 2, 0, "ที่มา: กรมการปกครอง กระทรวงมหาดไทย")
        sheet.set_column(0, 4, 14)

    _workbook(out / file, fill)
    return Sample(
        file,
        "accepted_with_issues",
        None,
        "ไฟล์ Excel มีแถวชื่อตาราง หน่วยในหัวตาราง และแถวรวม "
        "ยอดบ้านที่เผยแพร่ 562,422 แต่รวมรายตำบลได้ 562,421 ระบบรับไว้และสอบถามกลับ",
        "Excel with title rows, units in the header and a total row. The published house total is 562,422, the tambon "
        "add up to 562,421: taken in, and asked about.",
        len(rows),
    )


def _satun(out: Path) -> Sample:
    """The plain CSV an old Windows program writes."""
    return _text_file(
        out,
        _path("91", "pop_satun_2564.csv"),
        {
            "รหัสตำบล": "tambon_code",
            "เพศชาย": "male_persons",
            "เพศหญิง": "female_persons",
            "ประชากรรวม": "total_persons",
            "หลังคาเรือน": "houses",
        },
        "CSV ภาษาไทยแบบเก่า (CP874) อ่านได้ถูกต้องโดยไม่ต้องแปลงไฟล์",
        "CSV in the old Thai encoding (CP874), read without conversion.",
        encoding="cp874",
    )


def _pattani(out: Path) -> Sample:
    """Two sheets, the second one with blank rows and a blank column before the table and a merged title."""
    file = _path("94", "ทะเบียนราษฎร ปัตตานี 2564.xlsx")
    rows, names = rows_of("94"), _tambon_names()

    def fill(book: xlsxwriter.Workbook) -> None:
        about = book.add_worksheet("คำอธิบาย")
        about.write_string("A1", "ข้อมูลประชากรและบ้านจากทะเบียนราษฎร จังหวัดปัตตานี")
        about.write_string("A2", "สำนักทะเบียนจังหวัดปัตตานี จัดทำเมื่อเดือนมกราคม 2565")
        sheet = book.add_worksheet("ข้อมูล")
        title = book.add_format({"bold": True, "align": "center"})
        sheet.merge_range("B3:G3", "จำนวนประชากรและบ้านรายตำบล จังหวัดปัตตานี ณ 31 ธันวาคม 2564", title)
        sheet.write_row("B5", ["ตำบล", "รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน"], title)
        for index, row in enumerate(rows, start=5):
            sheet.write_row(index, 1, [names[row.tambon_code], row.tambon_code, *figures(row)])
        sheet.set_column(1, 6, 14)

    _workbook(out / file, fill)
    return Sample(
        file,
        "accepted_with_issues",
        None,
        "ไฟล์ Excel สองแผ่น มีแถวและคอลัมน์ว่างก่อนตาราง หัวเรื่องผสานเซลล์ และคอลัมน์ชื่อตำบลที่ระบบไม่ใช้",
        "Excel with two sheets, blank rows and a blank column before the table, a merged title, and a column of tambon "
        "names that the dataset does not have.",
        len(rows),
    )


def _yala(out: Path) -> Sample:
    """Thai digits and thousands commas, as the printed report has them."""
    return _text_file(
        out,
        _path("95", "ประชากรยะลา ๒๕๖๔.csv"),
        {
            "รหัสพื้นที่": "tambon_code",
            "ประชากรชาย": "male_persons",
            "ประชากรหญิง": "female_persons",
            "รวมประชากร": "total_persons",
            "จำนวนหลังคาเรือน": "houses",
        },
        "CSV แบบ UTF-8 ใช้เลขไทยและจุลภาคคั่นหลักพัน ระบบแปลงให้และนับไว้",
        "UTF-8 CSV with Thai digits and thousands commas, which are mended and counted.",
        encoding="utf-8-sig",
        spelt=lambda value: (f"{value:,}" if isinstance(value, int) else str(value)).translate(_THAI_DIGITS),
    )


def _narathiwat(out: Path) -> Sample:
    """Tab-separated text with its columns in another order."""
    return _text_file(
        out,
        _path("96", "นราธิวาส-ประชากร-2564.txt"),
        {
            "จำนวนบ้าน": "houses",
            "รหัสตำบล": "tambon_code",
            "จำนวนประชากร": "total_persons",
            "จำนวนชาย": "male_persons",
            "จำนวนหญิง": "female_persons",
        },
        "ไฟล์ข้อความคั่นด้วยแท็บ ลำดับคอลัมน์ต่างจากที่อื่น จับคู่ด้วยชื่อหัวตาราง",
        "Tab-separated text with its columns in another order: they are found by their headers.",
        delimiter="\t",
    )


def _text_file(
    out: Path,
    file: str,
    columns: Mapping[str, str],
    shows_th: str,
    shows_en: str,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    spelt: Callable[[object], object] = lambda value: value,
) -> Sample:
    """One table of delimited text; `columns`: header to field, in the file's order, `spelt` writes a value."""
    province_code = file.partition("/")[0].rpartition("_")[2]
    rows = [tuple(spelt(getattr(row, field)) for field in columns.values()) for row in rows_of(province_code)]
    landed(out / file, delimited([tuple(columns), *rows], encoding=encoding, delimiter=delimiter))
    return Sample(file, "accepted", None, shows_th, shows_en, len(rows))


def _workbook(path: Path, fill: Callable[[xlsxwriter.Workbook], None]) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": CREATED})
    fill(book)
    book.close()
    landed(path, content.getvalue())
