"""Pictures, charts and shapes of a sender's workbook, which openpyxl would lose or draw anew: carried over untouched.

Stands beside `openpyxl_child`, which reads and writes with the two functions here. A drawing and everything it refers
to (charts, media) are copied as they are; of what Excel 2010 and later add to a sheet, drop-downs that take their list
from another sheet, sparklines and newer colour rules are. Imports nothing of the project.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl.reader.excel
import openpyxl.writer.excel
from openpyxl.packaging import manifest
from openpyxl.packaging.relationship import RelationshipList, get_dependents, get_rels_path
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.functions import fromstring, register_namespace, tostring

Drawing = Any  # openpyxl has no types
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHAPES = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_NEWER = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
register_namespace("x14", _NEWER)
register_namespace("xm", "http://schemas.microsoft.com/office/excel/2006/main")
# Validations, sparklines, conditional formats: what stands in the sheet alone and refers to no other part.
_EXTENSIONS = frozenset(
    {
        "{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}",
        "{05C60535-1F16-4FD2-B633-F4F36F0B64E0}",
        "{78C0D931-6437-407D-A8EE-F0AAD7539E65}",
    }
)
_ROWS = re.compile(rb"<(?:\w+:)?sheetData\s*/>|<(?:\w+:)?sheetData[\s>].*</(?:\w+:)?sheetData\s*>", re.DOTALL)
# Buttons and slicers refer to parts that do not come along; a drawing that names them would be damaged.
_ALTERNATIVE = re.compile(rb"<mc:AlternateContent\b.*?</mc:AlternateContent>", re.DOTALL)
_ANCHOR = re.compile(rb"<(xdr:(?:twoCell|oneCell|absolute)Anchor)\b.*?</\1>", re.DOTALL)
_SLICER = re.compile(rb"[/:](?:slicer|timeslicer)\b")
_MACRO = re.compile(rb'(\smacro=")[^"]+(")')


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the package under its own name, with the name of a part written by openpyxl's `path`."""

    path: str
    mime_type: str
    content: bytes
    relations: RelationshipList | None


@dataclass(slots=True)
class KeptDrawing:
    """Stands among the charts of a sheet; `parts`: the drawing first, then what it refers to."""

    parts: list[Part]
    anchor: Any = field(default=None)

    @property
    def path(self) -> str:
        return self.parts[0].path

    def areas(self) -> Iterator[tuple[int, int, int, int]]:
        """First row and column, last row and column (from 1) of what lies over cells and ends at one."""
        for anchor in fromstring(self.parts[0].content).iter(f"{_SHAPES}twoCellAnchor"):
            ends = [anchor.find(f"{_SHAPES}{end}/{_SHAPES}{at}") for end in ("from", "to") for at in ("row", "col")]
            if all(end is not None for end in ends):
                top, left, bottom, right = (1 + int(end.text) for end in ends)
                yield top, left, bottom, right


# ---- reading -------------------------------------------------------------------------------------------------------


def read(source: IO[bytes]) -> Workbook:
    """The workbook with its drawings as they stand; raises what openpyxl does on one it can't read."""
    openpyxl.reader.excel.find_images = lambda archive, path: ([KeptDrawing(list(_parts(archive, path)))], [])
    reader = openpyxl.reader.excel.ExcelReader(source, rich_text=True)
    reader.read()
    with ZipFile(source) as archive:
        for sheet, relation in reader.parser.find_sheets():
            if "worksheet" in relation.Type and sheet.name in reader.wb.sheetnames:
                reader.wb[sheet.name].kept_extensions = _extensions(archive.read(relation.target))
    return reader.wb


def _parts(archive: ZipFile, path: str) -> Iterator[Part]:
    names = frozenset(archive.namelist())
    package = manifest.Manifest.from_tree(fromstring(archive.read("[Content_Types].xml")))
    types = {override.PartName.lstrip("/"): override.ContentType for override in package.Override}
    defaults = {default.Extension.lower(): default.ContentType for default in package.Default}
    waiting, seen = [path], {path}
    while waiting:
        name = waiting.pop(0)
        rels_path = get_rels_path(name)
        relations = get_dependents(archive, rels_path) if rels_path in names else None
        for relation in relations or ():
            if relation.TargetMode == "External":
                continue
            if relation.target in names - seen:
                seen.add(relation.target)
                waiting.append(relation.target)
            relation.target = f"/{relation.target}"
        kind = types.get(name) or defaults.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        content = archive.read(name)
        yield Part(f"/{name}", kind, _alone(content) if kind == DRAWING_TYPE else content, relations)


def _alone(drawing: bytes) -> bytes:
    """The drawing without what needs parts that stay behind, and without calls of macros."""
    without = _ALTERNATIVE.sub(lambda found: b"" if b"compatExt" in found[0] else found[0], drawing)
    without = _ANCHOR.sub(lambda found: b"" if _SLICER.search(found[0]) else found[0], without)
    return _MACRO.sub(rb"\1\2", without)


def _extensions(sheet: bytes) -> list[Any]:
    """The sheet's `ext` elements that can stand in another copy of it."""
    found = fromstring(_ROWS.sub(b"", sheet)).find(f"{_MAIN}extLst")
    if found is None:
        return []
    for rules in found.iter(f"{{{_NEWER}}}conditionalFormattings"):
        for area in list(rules):  # a bar adds to a rule of the sheet, and openpyxl does not write which
            if any(rule.get("type") == "dataBar" for rule in area):
                rules.remove(area)
    kept = [one for one in found if one.get("uri", "").upper() in _EXTENSIONS and any(map(len, one))]
    for one in kept:
        one.tag = "ext"  # openpyxl's sheets have one namespace, said once
    return kept


# ---- writing -------------------------------------------------------------------------------------------------------


def write(book: Workbook, target: Path) -> None:
    """Save with what `read` kept."""
    openpyxl.writer.excel.WorksheetWriter = _SheetWriter
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        _BookWriter(book, archive).write_data()


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]  # openpyxl has no types
    def write_tables(self) -> None:
        """Tables, and after them the extensions, which end a sheet."""
        super().write_tables()
        kept = getattr(self.ws, "kept_extensions", [])
        if kept:
            extensions = fromstring(b"<extLst/>")
            extensions.extend(kept)
            self.xf.send(extensions)


class _BookWriter(openpyxl.writer.excel.ExcelWriter):  # type: ignore[misc]
    def _write_drawing(self, drawing: Drawing) -> None:
        """The kept drawing with its parts; a picture may be in several drawings."""
        [kept] = drawing.charts
        drawing._path = kept.path
        written = {override.PartName for override in self.manifest.Override}
        for part in (part for part in kept.parts if part.path not in written):
            extension = f".{part.path.rpartition('.')[2]}"
            if extension not in manifest.mimetypes.types_map[True]:
                manifest.mimetypes.add_type(part.mime_type, extension)
            self._archive.writestr(part.path[1:], part.content)
            if part.relations is not None:
                self._archive.writestr(get_rels_path(part.path)[1:], tostring(part.relations.to_tree()))
            self.manifest.append(part)
