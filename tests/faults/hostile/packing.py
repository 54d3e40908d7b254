"""The containers hostile files come in, byte by byte: zip, workbook, old Office. Small on disk, made in memory."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from ingestion.reading.grid import address
from tests.end_to_end.dropping import HEADER, tambon_rows

MIB = 1 << 20
GOOD = [HEADER, *tambon_rows(12)]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Parts = Mapping[str, bytes | str]
Rows = Sequence[Sequence[object]]


def zipped(parts: Parts, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts, in order; names are taken as they are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return target.getvalue()


def cell(column: int, row: int, value: object) -> str:
    """A cell of a sheet: a number, or text as inline string."""
    at = address(column, row)
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def sheet_rows(rows: Rows, first: int = 1) -> str:
    return "".join(
        f'<row r="{number}">{"".join(cell(i, number, value) for i, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=first)
    )


def sheet_xml(rows: Rows = GOOD, *, more: str = "", head: str = "", before: str = "", doctype: str = "") -> str:
    """A sheet. more: XML behind its rows; head: ahead of them; before: behind the sheet data."""
    return (
        f'{PROLOG}{doctype}<worksheet xmlns="{MAIN}" xmlns:r="{RELATED}">{head}'
        f"<sheetData>{sheet_rows(rows)}{more}</sheetData>{before}</worksheet>"
    )


def workbook_parts(*sheets: str, names: Sequence[str] | None = None) -> dict[str, bytes | str]:
    """The parts of a whole `.xlsx` with these sheets."""
    names = names or [f"Sheet{i}" for i in range(1, len(sheets) + 1)]
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{i}" r:id="rId{i}"/>'
        for i, name in enumerate(names, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATED}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    return {
        "[Content_Types].xml": f'{PROLOG}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        f'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'{PROLOG}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{PROLOG}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'{PROLOG}<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
        ),
        **{f"xl/worksheets/sheet{i}.xml": sheet for i, sheet in enumerate(sheets, start=1)},
    }


def xlsx(*sheets: str, names: Sequence[str] | None = None, **_: object) -> bytes:
    return zipped(workbook_parts(*(sheets or (sheet_xml(),)), names=names))


def with_parts(extra: Parts, *sheets: str) -> bytes:
    """A whole workbook with parts added or replaced."""
    return zipped({**workbook_parts(*(sheets or (sheet_xml(),))), **extra})


# ---------------------------------------------------------------------------- zips that lie


def repeated_deflate(unit: bytes, times: int) -> tuple[bytes, int, int]:
    """Deflated `unit` × `times` without ever holding it: (stream, CRC, size). A gigabyte costs a few milliseconds."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = press.compress(unit) + press.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(unit, crc)
    return whole * times + press.flush(), crc, len(unit) * times


def raw_zip(entries: Sequence[tuple[str, bytes, int, int]], *, copies: int = 1) -> bytes:
    """A zip of deflated streams (name, stream, CRC, size as told); `copies`: entries of the directory per stream."""
    body, directory, count = bytearray(), bytearray(), 0
    for name, stream, crc, size in entries:
        at = len(body)
        encoded = name.encode()
        fields = struct.pack("<HHHHHIII", 20, 0x800, 8, 0, 33, crc, len(stream), min(size, 0xFFFFFFFF))
        body += b"PK\3\4" + fields + struct.pack("<HH", len(encoded), 0) + encoded + stream
        for number in range(copies):
            called = encoded if copies == 1 else f"{name}{number}".encode()
            directory += b"PK\1\2" + struct.pack("<H", 20) + fields
            directory += struct.pack("<HHHHHII", len(called), 0, 0, 0, 0, 0, at) + called
            count += 1
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), len(directory), len(body), 0)
    return bytes(body + directory + end)


def deflated(name: str, content: bytes | str, told: int | None = None) -> tuple[str, bytes, int, int]:
    """An entry for `raw_zip`; `told`: the size it claims."""
    content = content.encode() if isinstance(content, str) else content
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    return name, press.compress(content) + press.flush(), zlib.crc32(content), len(content) if told is None else told


# ---------------------------------------------------------------------------- old Office


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container of streams, each padded to 4096 bytes so that none is a mini stream."""
    sector, free, end_of_chain, fat_mark = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    padded = {name: content.ljust(4096, b"\0") + b"\0" * (-len(content.ljust(4096)) % sector)
              for name, content in streams.items()}  # fmt: skip
    directory_sectors = (len(padded) + 1 + 3) // 4
    data_sectors = sum(len(content) // sector for content in padded.values())
    fat_sectors = 1
    while fat_sectors * 128 < fat_sectors + directory_sectors + data_sectors:
        fat_sectors += 1
    fat = [fat_mark] * fat_sectors
    fat += [len(fat) + i + 1 for i in range(directory_sectors - 1)] + [end_of_chain]
    entries = [_entry("Root Entry", 5, end_of_chain, 0, child=1)]
    for number, (name, content) in enumerate(padded.items(), start=1):
        start, sectors = len(fat), len(content) // sector
        fat += [start + i + 1 for i in range(sectors - 1)] + [end_of_chain]
        right = number + 1 if number < len(padded) else free
        entries.append(_entry(name, 2, start, max(len(content), 4096), right=right))
    entries += [bytes(128)] * (-len(entries) % 4)
    fat += [free] * (fat_sectors * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, fat_sectors, 0, 4096, end_of_chain, 0, end_of_chain, 0)
    header += struct.pack("<109I", *range(fat_sectors), *[free] * (109 - fat_sectors))
    return header + struct.pack(f"<{len(fat)}I", *fat) + b"".join(entries) + b"".join(padded.values())


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + struct.pack("<III", 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def biff(*records: tuple[int, bytes]) -> bytes:
    """A stream of BIFF records."""
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)
