"""What a file is, by its content; its name says nothing."""

import re
from pathlib import Path
from typing import Literal

from ingestion.reading.problems import ReadProblem

Kind = Literal["workbook", "text", "json"]

HEAD_BYTES = 65_536
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What programs export as ".xls": a page, a bare table, a page within XML, an archive of a page.
_PAGE = re.compile(rb"<\s*(!doctype\s+html|html|table|head|meta|body|div|style)\b", re.IGNORECASE)
_MAIL_ARCHIVE = re.compile(rb"^\s*MIME-Version:", re.IGNORECASE)
_EXCEL_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
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
    """`workbook` (any zip or old Office container), `json` (lines) or `text`; raises ReadProblem for the rest."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.removeprefix(_UTF8_BOM).strip():
        raise ReadProblem("empty_file")
    for magic, name in _FOREIGN:
        if head.lstrip().startswith(magic):
            raise ReadProblem("not_a_table", found=name)
    if head.startswith((b"PK", _OLE)):  # what lies in it is looked at in the child process (`workbook_kinds`)
        return "workbook"
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
        raise _nul_bytes(text.rstrip(b"\0"))
    if _JSON_OBJECT.match(start):
        return "json"
    if _JSON_LIST.match(start):
        raise ReadProblem("json_not_lines")
    return "text"


def _nul_bytes(text: bytes) -> ReadProblem:
    """What is said of a text with NUL bytes in its head; far below they do no harm and are dropped from their cells."""
    # Every second byte 00 or 0E is UTF-16 that has lost its mark: Thai, but in which order of bytes is a guess.
    even, odd = (sum(text[start::2].count(mark) for mark in (b"\0", b"\x0e")) for start in (0, 1))
    if 5 * abs(even - odd) > max(len(text), 1):
        return ReadProblem("encoding_unclear")
    # A copy that stopped half way or lost a few bytes; programs and pictures hold many more.
    is_text = not text or (10 * text.count(b"\0") < len(text) and not _CONTROL.search(text))
    return ReadProblem("nul_bytes") if is_text else ReadProblem("not_a_table", found="binary")
