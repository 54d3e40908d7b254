"""What a zip or an old Office container is, and whether it may be opened at all. Run in the child process."""

import zipfile
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is an exception
from struct import unpack_from

Problem = dict[str, str]

MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 4 << 30  # a workbook of a million rows unpacks to about 1 GB of XML
# Excel's own parts pack to a tenth, at most to a thirtieth.
MAX_RATIO = 100
LARGE_BYTES = 16 << 20
DEFLATE_GROWS = 1_024  # what packing may add to a part that can't be packed
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_GLOBALS_BYTES = 1 << 16  # FILEPASS stands right behind the first record
_FILEPASS, _EOF = 0x2F, 0x0A
TOO_LARGE, DAMAGED = {"problem": "workbook_too_large"}, {"problem": "damaged_file"}


def problem_of(path: Path) -> Problem | None:
    """Why the file can't be opened as a workbook, with the code of the issue; None when it may be tried."""
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    return _zip_problem(path) if is_zip else _ole_problem(path)


def _zip_problem(path: Path) -> Problem | None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if (refused := _bomb(entries, path.stat().st_size)) is not None:
                return refused
            mimetype = b""
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    mimetype = part.read(len(ODS_TYPE))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError, StructError):
        return DAMAGED
    if "xl/workbook.bin" in names:  # its error values could not be told from empty cells
        return _not_a_table("Excel Binary (.xlsb)")
    if any(name.startswith("xl/") for name in names) or mimetype == ODS_TYPE:
        return None
    return _not_a_table("Word" if any(name.startswith("word/") for name in names) else "ZIP")


def _bomb(entries: list[zipfile.ZipInfo], size: int) -> Problem | None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        return TOO_LARGE
    if any(entry.file_size > max(LARGE_BYTES, MAX_RATIO * entry.compress_size) for entry in entries):
        return TOO_LARGE
    # Parts that share their bytes, or hold more than they tell: no program packs so.
    if sum(entry.compress_size for entry in entries) > size or any(
        entry.compress_size > entry.file_size + entry.file_size // 100 + DEFLATE_GROWS for entry in entries
    ):
        return DAMAGED
    return None


def _ole_problem(path: Path) -> Problem | None:
    """Old Office container: a workbook, an encrypted new one, or something else, by the names in its directory."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return {"problem": "encrypted_workbook"}
    is_workbook = any(name.encode("utf-16-le") in content for name in ("Workbook", "Book"))
    import olefile

    try:
        with olefile.OleFileIO(path) as container:
            name = next((found for found in ("Workbook", "Book") if container.exists(found)), None)
            if name is not None and _has_password(container.openstream(name).read(_GLOBALS_BYTES)):
                return {"problem": "encrypted_workbook"}
    except Exception:  # whatever it is: its directory can't be read
        return DAMAGED
    return None if is_workbook else _not_a_table("Word/OLE")


def _has_password(stream: bytes) -> bool:
    """Whether a FILEPASS record stands among the first records of an old workbook."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind in (_FILEPASS, _EOF):
            return bool(kind == _FILEPASS)
        at += 4 + size
    return False


def _not_a_table(found: str) -> Problem:
    return {"problem": "not_a_table", "found": found}
