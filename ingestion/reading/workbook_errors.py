"""What calamine leaves out of a workbook: error values (#N/A, #REF!) come as empty cells, ODS without merged ones.

Run in the child process. The files are scanned for the marks first, so a workbook without errors costs a scan only.
"""

import re
import xml.parsers.expat
import zipfile
from collections.abc import Callable, Iterator
from html import unescape  # its like in xml.sax.saxutils brings along all that fetches web pages
from pathlib import Path
from struct import unpack_from
from typing import Any

Errors = dict[int, dict[int, str]]  # row from 1 -> column from 0 -> #N/A
PIECE = 1 << 20
MAX_REPEATED = 1_048_576
MAX_ROW_BYTES = 64 << 20  # of XML; 16,384 cells have about 1 MB
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'][^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]+)([0-9]+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_BIFF_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_BOF, _EOF, _FORMULA, _BOOLERR, _BOUNDSHEET = (0x0809, 0x000A, 0x0006, 0x0205, 0x0085)


class LeftOut:
    """What calamine leaves out of one file; the lists of its sheets are read once."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            is_zip = file.read(2) == b"PK"
        self._path = path
        self._archive = zipfile.ZipFile(path) if is_zip else None
        self._is_ods = self._archive is not None and "content.xml" in self._archive.namelist()
        self._parts = _xlsx_parts(self._archive) if self._archive is not None and not self._is_ods else []

    def of(self, sheet: int) -> tuple[Errors, list[list[int]] | None]:
        """Error cells of the sheet of that number (from 0), and its merged cells if calamine does not know them.

        Merged cells as top, bottom (rows from 1), left, right (columns from 0).
        """
        if self._archive is None:
            return _xls_errors(self._path, sheet), None
        if self._is_ods:
            return _ods(self._archive, sheet)
        part = self._parts[sheet] if sheet < len(self._parts) else None
        return ({} if part is None else _xlsx_errors(self._archive, part)), None


# ---------------------------------------------------------------------------- xlsx


def _xlsx_errors(archive: zipfile.ZipFile, part: str) -> Errors:
    errors: Errors = {}
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(PIECE):
            rest += piece
            if len(rest) > MAX_ROW_BYTES:
                raise MemoryError("a row without end")
            cut = rest.rfind(b"row>") + 4
            if cut >= 4:
                _add_xlsx_errors(rest[:cut], errors)
                rest = rest[cut:]
        _add_xlsx_errors(rest, errors)
    return errors


def _add_xlsx_errors(text: bytes, errors: Errors) -> None:
    if b't="e"' not in text and b"t='e'" not in text:
        return
    for found in _ERROR_CELL.finditer(text):
        reference, value = _REFERENCE.search(found[1]), _VALUE.search(found[2])
        if reference:
            shown = unescape(value[1].decode("utf-8", "replace")) if value else "#VALUE!"
            errors.setdefault(int(reference[2]), {})[_column_index(reference[1])] = shown


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _xlsx_parts(archive: zipfile.ZipFile) -> list[str | None]:
    """Path of every sheet inside the file, through the workbook's relations."""
    names = {name.lstrip("/") for name in archive.namelist()}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    wanted: list[str] = []
    targets: dict[str, str] = {}

    def on_sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            wanted.append(next((attributes[key] for key in attributes if key.endswith(":id")), ""))

    def on_relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(archive, "xl/workbook.xml", on_sheet)
    _parse(archive, "xl/_rels/workbook.xml.rels", on_relation)
    found = [targets.get(identity, "") for identity in wanted]
    parts = [target.lstrip("/") if target.startswith("/") else f"xl/{target}" for target in found]
    return [part if part in names else None for part in parts]


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> None:
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = on_text
    parser.EntityDeclHandler = _refuse_entities
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _refuse_entities(*_declaration: Any) -> None:  # noqa: ANN401 - what expat passes
    """No office program writes entities; they only serve to blow a small file up."""
    raise ValueError("entities in a workbook")


# ---------------------------------------------------------------------------- ods


def _ods(archive: zipfile.ZipFile, sheet: int) -> tuple[Errors, list[list[int]]]:
    marks = (b'value-type="error"', b"#DIV/0!", b"#N/A", b"#REF!", b"#NAME?", b"#VALUE!", b"#NUM!", b"Err:",
             b"number-rows-spanned")  # fmt: skip
    if not any(mark in piece for piece in _overlapping(archive, "content.xml") for mark in marks):
        return {}, []
    walk = _OdsWalk(sheet)
    _parse(archive, "content.xml", walk.start, walk.end, walk.text)
    return walk.errors, walk.merged


def _overlapping(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(PIECE):
            yield rest + piece
            rest = piece[-64:]


class _OdsWalk:
    """Walks content.xml: rows and cells may be repeated, so places are counted."""

    def __init__(self, sheet: int) -> None:
        self.errors: Errors = {}
        self.merged: list[list[int]] = []
        self._sheet, self._table, self._inside = sheet, -1, False
        self._row, self._column, self._rows, self._columns = 0, 0, 1, 1
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._table += 1
            self._inside = self._table == self._sheet
        elif not self._inside:
            return
        elif name == "table:table-row":
            self._rows = min(int(attributes.get("table:number-rows-repeated", 1)), MAX_REPEATED)
            self._column = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
            down = int(attributes.get("table:number-rows-spanned", 1))
            right = int(attributes.get("table:number-columns-spanned", 1))
            if down > 1 or right > 1:
                top = self._row + 1
                self.merged.append([top, top + down - 1, self._column, self._column + right - 1])
            self._text = []

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name == "table:table":
            self._inside = False
        elif not self._inside:
            return
        elif name == "table:table-row":
            self._row += self._rows
        elif name in ("table:table-cell", "table:covered-table-cell"):
            shown = "".join(self._text or ()).strip()
            if shown.startswith("#") or shown.startswith("Err:"):
                for row in range(self._row + 1, self._row + self._rows + 1):
                    at = self.errors.setdefault(row, {})
                    at.update(dict.fromkeys(range(self._column, self._column + self._columns), shown))
            self._column += self._columns
            self._text = None


# ---------------------------------------------------------------------------- xls


def _xls_errors(path: Path, sheet: int) -> Errors:
    """Error values of a BIFF sheet: BOOLERR records, and formulas whose kept result is an error."""
    import olefile

    with olefile.OleFileIO(path) as container:
        name = next((found for found in ("Workbook", "Book") if container.exists(found)), None)
        stream = container.openstream(name).read() if name else b""
    errors: Errors = {}
    offset = _sheet_offset(stream, sheet)
    if offset is None:
        return errors
    depth = 0  # charts are sheets within the sheet
    for kind, at, size in _records(stream, offset):
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and kind == _BOOLERR and size >= 8 and stream[at + 7] == 1:
            row, column = unpack_from("<HH", stream, at)
            errors.setdefault(row + 1, {})[column] = _BIFF_ERRORS.get(stream[at + 6], "#VALUE!")
        elif depth == 1 and kind == _FORMULA and size >= 14 and stream[at + 12 : at + 14] == b"\xff\xff":
            row, column = unpack_from("<HH", stream, at)
            if stream[at + 6] == 2:
                errors.setdefault(row + 1, {})[column] = _BIFF_ERRORS.get(stream[at + 8], "#VALUE!")
    return errors


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, place of the content, its size) of every record."""
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        yield kind, at + 4, size
        at += 4 + size


def _sheet_offset(stream: bytes, sheet: int) -> int | None:
    offsets: list[int] = []
    for kind, at, _ in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _BOUNDSHEET:
            offsets += unpack_from("<I", stream, at)
    return offsets[sheet] if sheet < len(offsets) else None
