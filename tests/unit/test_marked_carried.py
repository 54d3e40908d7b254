"""Pictures, charts, shapes and rules of a sender's workbook come back as they were; what can't is told."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from ingestion.own_marks import EXPLANATION_HEADER
from ingestion.reports.marked import kept_parts
from tests.unit import test_marked
from tests.unit.checking.helpers import POPULATION_HEADER, write_csv
from tests.unit.test_marked import ROWS, found, summary_texts

LACKS = "สิ่งที่ไม่มีในสมุดงานนี้"
Fill = Callable[[Any, Any], object]


def picture() -> io.BytesIO:
    """A red PNG of 8 × 8."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + b"\xc8\x10\x40" * 8 * 8)
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def send(path: Path, fill: Fill) -> Path:
    """A table of Yala with a wrong B3 and a total that is asked about; `fill(book, sheet)` adds the rest."""
    rows = [list(row) for row in ROWS]
    rows[1][1] = "หนึ่ง"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("ยะลา")
        for i, row in enumerate([POPULATION_HEADER, *rows, ["รวม", 9, 20, 30, 71]]):
            sheet.write_row(i, 0, row)
        fill(book, sheet)
    return path


def decorate(book: Any, sheet: Any) -> None:
    """What openpyxl drops or draws anew."""
    lists = book.add_worksheet("รายการ")
    lists.write_column(0, 0, ["บ้าน", "ชุมชน"])
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='ยะลา'!$E$2:$E$11"})
    chart.set_title({"name": "จำนวนบ้าน"})
    sheet.insert_chart("K6", chart)
    sheet.insert_image("K2", "ตรา.png", {"image_data": picture()})
    lists.insert_image("C2", "ตรา.png", {"image_data": picture()})  # the same picture, kept once in the package
    sheet.insert_textbox("K22", "ศาลากลางจังหวัดยะลา")
    sheet.add_sparkline("J2", {"range": "'ยะลา'!B2:E2"})
    sheet.conditional_format("C2:C11", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D2:D11", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("I2:I11", {"validate": "list", "source": "='รายการ'!$A$1:$A$2"})
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "='ยะลา'!$E$2:$E$11"})
    book.add_chartsheet("แผนภูมิ").set_chart(pie)


def drawn(path: Path) -> dict[str, bytes]:
    """Parts of drawings in the package; two of one name would be a damaged file."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        assert archive.testzip() is None
        wanted = [name for name in names if re.match(r"xl/(drawings/drawing|charts/|media/)", name)]
        return {name: archive.read(name) for name in wanted}


def marked(file: Path, folder: Path) -> Any:
    """The marked workbook; openpyxl warns of what it leaves out on reading, which is looked for in the package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return test_marked.marked(file, folder)


def test_pictures_charts_shapes_and_rules_come_back_untouched(tmp_path: Path) -> None:
    sent = send(tmp_path / "ส่ง.xlsx", decorate)
    book = marked(sent, tmp_path / "out")
    before, after = drawn(sent), drawn(tmp_path / "out" / "marked.xlsx")
    assert after == before
    assert sum(name.endswith(".png") for name in after) == 1
    assert sum(name.startswith("xl/charts/chart") for name in after) == 2
    table = book["ยะลา"]
    assert [str(area) for rule in table.conditional_formatting for area in rule.cells.ranges] == ["C2:C11", "D2:D11"]
    assert [rule.formula1 for rule in table.data_validations.dataValidation] == ["'รายการ'!$A$1:$A$2"]
    with zipfile.ZipFile(tmp_path / "out" / "marked.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        for name in archive.namelist():  # every reference leads somewhere
            if name.endswith(".rels") and "TargetMode" not in (text := archive.read(name).decode()):
                for target in re.findall(r'Target="/?([^"]+)"', text):
                    folder = Path(name).parent.parent
                    known = {target, (folder / target).as_posix()}
                    assert known & set(archive.namelist()), (name, target)
    assert "'ยะลา'!B2:E2" in sheet[sheet.index("<extLst>") :]
    assert sheet.index("<drawing ") < sheet.index("<legacyDrawing ") < sheet.index("<extLst>")
    assert LACKS not in summary_texts(book)


def test_drop_downs_of_another_sheet_as_newer_programs_write_them_are_kept(tmp_path: Path) -> None:
    """Excel 2010 and later keep them in an extension of the sheet, beside data bars that only such programs draw."""
    sent = send(tmp_path / "ส่ง.xlsx", decorate)
    drop_down = (
        '<ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
        ' uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations count="1"'
        ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list">'
        "<x14:formula1><xm:f>รายการ!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>G2:G9</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext>"
    )
    rewritten = tmp_path / "แก้.xlsx"
    with zipfile.ZipFile(sent) as source, zipfile.ZipFile(rewritten, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b"<extLst>", b"<extLst>" + drop_down.encode())
            target.writestr(name, text)
    marked(rewritten, tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / "marked.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert re.search(r"<x14:dataValidation type=\"list\">.*รายการ!\$A\$1:\$A\$2.*G2:G9", sheet)
    assert 'type="dataBar" id=' not in sheet  # would be a second bar: its link to the first is not written


def test_macros_stay_behind_and_the_summary_says_so(tmp_path: Path) -> None:
    code = tmp_path / "vba.bin"
    code.write_bytes(b"\xd0\xcf\x11\xe0 no real macros")

    def with_macros(book: Any, sheet: Any) -> None:
        book.add_vba_project(str(code))
        sheet.insert_button("K2", {"macro": "ทำงาน", "caption": "กด"})
        sheet.insert_image("K6", "ตรา.png", {"image_data": picture()})
        sheet.set_header("&L&G", {"image_left": "ตรา.png", "image_data_left": picture()})

    book = marked(send(tmp_path / "ส่ง.xlsm", with_macros), tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / "marked.xlsx") as archive:
        assert not [name for name in archive.namelist() if "vba" in name]
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")
    said = summary_texts(book)
    assert LACKS in said
    for words in ("มาโคร (macros)", "หัวและท้ายกระดาษ", "All of it is in the file you sent"):
        assert words in said
    assert "xl/media/image1.png" in drawn(tmp_path / "out" / "marked.xlsx")


def test_the_place_for_answers_is_not_under_a_chart(tmp_path: Path) -> None:
    def chart_beside(book: Any, sheet: Any) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='ยะลา'!$E$2:$E$11"})
        sheet.insert_chart("F2", chart)  # 8 columns wide, from row 2 down

    table = marked(send(tmp_path / "ส่ง.xlsx", chart_beside), tmp_path / "first")["ยะลา"]
    [header] = [cell for cell in table[1] if cell.value == EXPLANATION_HEADER]
    assert header.column > 6 + 6
    marked(tmp_path / "first" / "marked.xlsx", tmp_path / "second")  # far from the table, and still known as ours
    assert found(tmp_path / "second") == found(tmp_path / "first")


def test_of_a_workbook_made_anew_the_summary_says_that_formats_stay_behind_but_not_of_text(tmp_path: Path) -> None:
    import xlwt  # type: ignore[import-untyped]

    old = xlwt.Workbook()
    sheet = old.add_sheet("ยะลา")
    for i, row in enumerate([POPULATION_HEADER, *ROWS]):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    old.save(str(tmp_path / "เก่า.xls"))
    assert "this is a new workbook" in summary_texts(marked(tmp_path / "เก่า.xls", tmp_path / "old"))
    text = write_csv(tmp_path / "ส่ง.csv", [POPULATION_HEADER, *ROWS])
    assert LACKS not in summary_texts(marked(text, tmp_path / "text"))


BUTTON = (
    b'<mc:AlternateContent><mc:Choice Requires="a14"><xdr:twoCellAnchor><xdr:sp macro="[0]!Go">'
    b'<a14:compatExt spid="_x0000_s1025"/></xdr:sp></xdr:twoCellAnchor></mc:Choice></mc:AlternateContent>'
)
SLICER = (
    b"<xdr:twoCellAnchor><mc:AlternateContent><mc:Choice><sle:slicer name='x'/></mc:Choice></mc:AlternateContent>"
    b"</xdr:twoCellAnchor>"
)
SHAPE = b'<xdr:twoCellAnchor><xdr:sp macro="Go" textlink=""/></xdr:twoCellAnchor>'


def test_a_drawing_loses_what_needs_parts_that_stay_behind_and_nothing_else() -> None:
    """Buttons, slicers and calls of macros; the names of shapes and pictures stay."""
    found = kept_parts._alone(b"<xdr:wsDr>" + BUTTON + SHAPE + SLICER + SHAPE + b"</xdr:wsDr>")
    assert found == b"<xdr:wsDr>" + 2 * SHAPE.replace(b'"Go"', b'""') + b"</xdr:wsDr>"
