"""Files that can't be taken in at all, as a register: other kinds, damaged, unreadable, without end."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chaidaen.simulate.pages import address

Spoil = Callable[[bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class FileDefect:
    """A file that can't be taken in at all: its bytes, made from those of a good workbook and a good text file."""

    name: str
    code: str
    extension: str
    content: Spoil
    cell: Callable[[bytes], str] | None = None  # where it is told, from the content; by default of the whole file


_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_HTML = "<html><body><table><tr><td>รหัสตำบล</td></tr></table></body></html>"


def _old_office(stream: str) -> bytes:
    """The container of old Office programs with one empty stream: header, allocation table, directory."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    header = _OLE[:8] + struct.pack("<16x5H6x10I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    table = struct.pack("<128I", 0xFFFFFFFD, end, *[free] * 126)
    entries = b"".join(
        struct.pack("<64sHBB3I36xI8x", name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, free, free, child, end)
        for name, kind, child in (("Root Entry", 5, 1), (stream, 2, free))
    )
    return header.ljust(512, b"\xff") + table + entries.ljust(512, b"\0")


def _zip(names: Sequence[str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


def _garbled(_: bytes, text: bytes) -> bytes:
    """Thai Windows bytes opened as Western ones and saved as UTF-8."""
    return text.decode("utf-8").encode("cp874").decode("latin-1").encode("utf-8")


def _unclosed(column: int, later: Callable[[list[bytes]], list[bytes]] = lambda fields: fields) -> Spoil:
    """A quote opened in a column of a row in the middle; `later` writes the fields of a later row otherwise."""

    def spoil(_: bytes, text: bytes) -> bytes:
        lines = text.split(b"\r\n")
        middle = len(lines) // 2
        fields = lines[middle].split(b",")
        lines[middle] = b",".join([*fields[:column], b'"' + fields[column], *fields[column + 1 :]])
        lines[middle + 5] = b",".join(later(lines[middle + 5].split(b",")))
        return b"\r\n".join(lines)

    return spoil


def _wide(_: bytes, text: bytes) -> bytes:
    header, rows = text.split(b"\r\n", 1)
    return header + b"\r\n" + b"\r\n".join(line + b"," * 2100 for line in rows.split(b"\r\n"))


def _cell_with_quote(content: bytes) -> str:
    before = content[: content.index(b'"')].split(b"\r\n")
    return address(len(before), before[-1].count(b","))


def _quoted(fields: list[bytes]) -> list[bytes]:
    return [b'"' + field + b'"' for field in fields]


def _quoted_at_end(fields: list[bytes]) -> list[bytes]:
    return [*fields[:-1], b'"' + fields[-1] + b'"']


FILE_DEFECTS: tuple[FileDefect, ...] = (
    FileDefect("nothing at all", "empty_file", "csv", lambda book, text: b""),
    FileDefect("blank lines only", "empty_file", "csv", lambda book, text: b"\r\n  \r\n"),
    FileDefect("PDF under another name", "not_a_table", "xlsx", lambda book, text: _PDF),
    FileDefect("picture under another name", "not_a_table", "xlsx", lambda book, text: _PNG),
    FileDefect("Word document", "not_a_table", "xlsx", lambda book, text: _zip(["word/document.xml"])),
    FileDefect("ZIP of files", "not_a_table", "xlsx", lambda book, text: _zip(["a.csv", "b.csv"])),
    FileDefect("old Word document", "not_a_table", "xls", lambda book, text: _old_office("WordDocument")),
    FileDefect("XML", "not_a_table", "csv", lambda book, text: b'<?xml version="1.0"?><rows/>'),
    FileDefect("web page as workbook", "web_page_as_workbook", "xls", lambda book, text: _HTML.encode()),
    FileDefect("workbook with a password", "encrypted_workbook", "xlsx",
               lambda book, text: _OLE + "EncryptedPackage".encode("utf-16-le")),
    FileDefect("workbook cut short", "damaged_file", "xlsx", lambda book, text: book[: len(book) // 2]),
    FileDefect("workbook with wrong bytes inside", "damaged_file", "xlsx",
               lambda book, text: _zip(["xl/workbook.xml", "[Content_Types].xml"])),
    FileDefect("Thai opened in a Western encoding", "mojibake", "csv", _garbled),
    FileDefect("bytes of no encoding", "encoding_unclear", "csv", lambda book, text: text + b"\xff\xfe\x81,\x90\r\n"),
    FileDefect("JSON that is one list", "json_not_lines", "json", lambda book, text: b'[\n{"a": 1},\n{"a": 2}\n]\n'),
    FileDefect("line of JSON without end", "line_too_long", "jsonl", lambda book, text: b'{"a": "' + b"x" * (5 << 20)),
    FileDefect("thousands of columns", "too_many_columns", "csv", _wide),
    FileDefect("quote never closed", "broken_quotes", "csv", _unclosed(1), _cell_with_quote),
    FileDefect("quote never closed in the last column", "broken_quotes", "csv", _unclosed(5), _cell_with_quote),
    FileDefect("quote closed by a later row's", "broken_quotes", "csv", _unclosed(5, _quoted_at_end), _cell_with_quote),
    FileDefect("quote closed by a quoted row", "broken_quotes", "csv", _unclosed(0, _quoted), _cell_with_quote),
)  # fmt: skip
