"""What a file is, by its content; its name says nothing."""

import re
import zipfile
from pathlib import Path
from typing import Literal

from ingestion.reading.problems import ReadProblem

Kind = Literal["workbook", "text"]

HEAD_BYTES = 65_536
MAX_UNPACKED_BYTES = 4 << 30  # a workbook of a million rows unpacks to about 1 GB of XML
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_HTML = re.compile(rb"^\s*(<!doctype html|<html|<table|<head|<meta|<body)", re.IGNORECASE)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"{\\rtf", "RTF (Word)"),
    (b"MZ", "EXE"),
)


def detect(path: Path) -> Kind:
    """`workbook` (xlsx, xlsm, xlsb, xls, ods) or `text`; raises ReadProblem for anything else, with what it is."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise ReadProblem("empty_file")
    for magic, name in _FOREIGN:
        if head.lstrip().startswith(magic):
            raise ReadProblem("not_a_table", found=name)
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    if head.startswith(_UTF16_BOMS):
        return "text"
    if _HTML.search(head.removeprefix(b"\xef\xbb\xbf")):
        raise ReadProblem("web_page_as_workbook")
    if head.lstrip().removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml"):
        raise ReadProblem("not_a_table", found="XML")
    if b"\0" in head:
        raise ReadProblem("not_a_table", found="binary")
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
