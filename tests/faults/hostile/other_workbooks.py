"""Hostile `.xls` and `.ods` workbooks."""

import io
import struct
from collections.abc import Callable, Mapping
from functools import cache

import xlwt

from tests.faults.hostile.packing import GOOD, PROLOG, biff, compound, deflated, raw_zip, repeated_deflate, xlsx, zipped
from tests.faults.hostile.workbooks import LAUGHS

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


@cache
def old_workbook() -> bytes:
    """A good `.xls`, as xlwt writes it."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("ข้อมูล")
    for i, row in enumerate(GOOD):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


BOF = (0x809, struct.pack("<HHHHII", 0x600, 5, 0x1000, 0x07CC, 0, 0))
BOF_SHEET = (0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x1000, 0x07CC, 0, 0))
END = (0x0A, b"")


def old_encrypted() -> bytes:
    return compound({"Workbook": biff(BOF, (0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)), END)})


def old_with_sheet(*records: tuple[int, bytes]) -> bytes:
    """An `.xls` whose one sheet holds these records."""
    name = b"\x06\0Sheet1"
    globals_ = biff(BOF, (0x85, struct.pack("<IH", 0, 0) + name), END)
    at = len(globals_)
    globals_ = biff(BOF, (0x85, struct.pack("<IH", at, 0) + name), END)
    return compound({"Workbook": globals_ + biff(BOF_SHEET, *records, END)})


def old_sparse() -> bytes:
    """Two figures in opposite corners of the sheet."""

    def number(row: int, column: int) -> tuple[int, bytes]:
        return 0x203, struct.pack("<HHHd", row, column, 0, 1.0)

    return old_with_sheet((0x200, struct.pack("<IIHHH", 0, 0x10000, 0, 0x4000, 0)), number(0, 0), number(65535, 16383))


def old_looping_chain() -> bytes:
    """A sector chain that runs in a circle."""
    content = bytearray(old_workbook())
    fat = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    directory = 512 * (1 + struct.unpack_from("<I", content, 48)[0])
    for entry in range(directory, directory + 512, 128):
        if content[entry + 66] == 2:
            start = struct.unpack_from("<I", content, entry + 116)[0]
            struct.pack_into("<I", content, fat + 4 * start, start)
            struct.pack_into("<Q", content, entry + 120, 1 << 30)
    return bytes(content)


def old_shared_strings_lie() -> bytes:
    """A table of four billion shared strings in sixteen bytes."""
    globals_ = biff(BOF, (0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"\x01\0\0a"), END)
    return compound({"Workbook": globals_})


def ods(body: str, doctype: str = "") -> bytes:
    """An OpenDocument spreadsheet with this table."""
    content = (
        f'{PROLOG}{doctype}<office:document-content {ODS_NAMES} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="ข้อมูล">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        f'{PROLOG}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
    )
    return zipped({"mimetype": ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_row(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def ods_cell(text: object, repeated: int = 1) -> str:
    value = (
        f'office:value-type="float" office:value="{text}"' if isinstance(text, int) else 'office:value-type="string"'
    )
    repeats = f'table:number-columns-repeated="{repeated}"'
    return f"<table:table-cell {value} {repeats}><text:p>{text}</text:p></table:table-cell>"


def ods_table() -> str:
    return "".join(ods_row("".join(map(ods_cell, row))) for row in GOOD)


def ods_repeated_rows() -> bytes:
    """One row that says it stands there two billion times."""
    return ods(ods_table() + ods_row(ods_cell("ก") * 5, repeated=2_000_000_000))


def ods_repeated_cells() -> bytes:
    return ods(ods_table() + ods_row(ods_cell(1, repeated=1 << 24), repeated=1 << 20))


def ods_repeated_errors() -> bytes:
    return ods(ods_table() + ods_row(ods_cell("#N/A", repeated=1 << 14), repeated=1 << 20))


def ods_entity(address: str) -> bytes:
    return ods(ods_table() + ods_row(ods_cell("&stolen;")), f'<!DOCTYPE x [<!ENTITY stolen SYSTEM "{address}">]>')


def ods_laughs() -> bytes:
    return ods(ods_table() + ods_row(ods_cell("&a11;")), LAUGHS)


def ods_mimetype_bomb() -> bytes:
    """The small part that tells what the file is unpacks to a gigabyte."""
    stream, crc, size = repeated_deflate(ODS_TYPE.encode() * 20_000, 1024)
    return raw_zip([("mimetype", stream, crc, size), deflated("content.xml", "<a/>")])


GOOD_FILES: Mapping[str, Callable[[], bytes]] = {"xlsx": xlsx, "xls": old_workbook, "ods": lambda: ods(ods_table())}
