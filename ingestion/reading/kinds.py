"""What a file is, by its content; its name says nothing."""

import re
import zipfile
from pathlib import Path
from typing import Literal

from ingestion.reading.problems import ReadProblem

Kind = Literal["workbook", "text", "json"]

HEAD_BYTES = 65_536
MAX_UNPACKED_BYTES = 4 << 30  # a workbook of a million rows unpacks to about 1 GB of XML
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# What programs export as ".xls": a page, a bare table, a page within XML, an archive of a page.
_PAGE = re.compile(rb"<\s*(!doctype\s+html|html|table|head|meta|body|div|style)\b", re.IGNORECASE)
_MAIL_ARCHIVE = re.compile(rb"^\s*MIME-Version:", re.IGNORECASE)
_EXCEL_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_JSON_OBJECT = re.compile(rb'^\s*\{\s*("|\}|$)')
_JSON_LIST = re.compile(rb"^\s*\[\s*(\{|\[|\]|$)")
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF (Word)"),
    (b"MZ\x90", "EXE"),
)


def detect(path: Path) -> Kind:
    """`workbook` (xlsx, xlsm, xls, ods), `json` (lines) or `text`; raises ReadProblem for the rest, with what it is."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.removeprefix(_UTF8_BOM).strip():
        raise ReadProblem("empty_file")
    for magic, name in _FOREIGN:
        if head.lstrip().startswith(magic):
            raise ReadProblem("not_a_table", found=name)
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    return _text_kind(head)


def _text_kind(head: bytes) -> Kind:
    wide = _UTF16_BOMS.get(head[:2])
    text = head[2:].decode(wide, "ignore").encode() if wide else head.removeprefix(_UTF8_BOM)
    start = text.lstrip()[:4096]
    if (start.startswith(b"<") and _PAGE.search(start)) or _MAIL_ARCHIVE.match(start):
        raise ReadProblem("web_page_as_workbook")
    if start.startswith(b"<?xml"):
        raise ReadProblem("not_a_table", found="XML (Excel 2003)" if _EXCEL_XML in text else "XML")
    if b"\0" in text:
        # Every second byte 00 or 0E is UTF-16 that has lost its mark: Thai, but in which order of bytes is a guess.
        wide_bytes = max(sum(text[start::2].count(mark) for mark in (b"\0", b"\x0e")) for start in (0, 1))
        raise (
            ReadProblem("encoding_unclear")
            if 5 * wide_bytes > len(text)
            else ReadProblem("not_a_table", found="binary")
        )
    if _JSON_OBJECT.match(start):
        return "json"
    if _JSON_LIST.match(start):
        raise ReadProblem("json_not_lines")
    return "text"


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename for info in archive.infolist()}
            unpacked = sum(info.file_size for info in archive.infolist())
            mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        raise ReadProblem("damaged_file") from None
    if unpacked > MAX_UNPACKED_BYTES:
        raise ReadProblem("workbook_too_large")
    if "xl/workbook.bin" in names:  # its error values could not be told from empty cells
        raise ReadProblem("not_a_table", found="Excel Binary (.xlsb)")
    if any(name.startswith("xl/") for name in names) or mimetype.startswith(_ODS):
        return "workbook"
    found = "Word" if any(name.startswith("word/") for name in names) else "ZIP"
    raise ReadProblem("not_a_table", found=found)


def _ole_kind(path: Path) -> Kind:
    """Old Office container: a workbook, an encrypted new one, or something else, by the names in its directory."""
    content = path.read_bytes() if path.stat().st_size <= 256 << 20 else b""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ReadProblem("encrypted_workbook")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "workbook"
    raise ReadProblem("not_a_table", found="Word/OLE")
