"""Hostile workbooks: bombs, entities, links, encryption, macros, and what only claims to be a workbook."""

import io
import random
import zipfile

from tests.faults.hostile.packing import (
    GOOD,
    MAIN,
    MIB,
    PACKAGE,
    PROLOG,
    RELATED,
    cell,
    compound,
    deflated,
    raw_zip,
    repeated_deflate,
    sheet_rows,
    sheet_xml,
    with_parts,
    workbook_parts,
    xlsx,
    zipped,
)


def bomb(size: int, *, told: int | None = None) -> bytes:
    """A workbook whose sheet unpacks to `size` bytes of blank space; `told`: the size its directory claims."""
    stream, crc, whole = repeated_deflate(b" " * MIB, size // MIB)
    parts = {name: content for name, content in workbook_parts(sheet_xml()).items() if "sheet1" not in name}
    entries = [deflated(name, content) for name, content in parts.items()]
    return raw_zip([*entries, ("xl/worksheets/sheet1.xml", stream, crc, whole if told is None else told)])


def bomb_of_cells(rows: int) -> bytes:
    """Rows of cells that name no place, so that they can be repeated: a million cells in a few kilobytes."""
    unit = (f"<row>{'<c><v>1</v></c>' * 64}</row>" * 256).encode()
    head, tail = sheet_xml().encode().split(b"</sheetData>")
    opening, _, _ = repeated_deflate(head, 1)
    middle, _, size = repeated_deflate(unit, rows // 256)
    # Full flushes end on whole bytes, so the streams can be joined; the last-block marks of all but the last go.
    press = opening[:-2] + middle[:-2] + deflated("", b"</sheetData>" + tail)[1]
    parts = {name: content for name, content in workbook_parts(sheet_xml()).items() if "sheet1" not in name}
    told = len(head) + size + len(tail) + 12
    entries = [deflated(name, content) for name, content in parts.items()]
    return raw_zip([*entries, ("xl/worksheets/sheet1.xml", press, 0, told)])


def nested(depth: int = 6) -> bytes:
    """Zips in zips, ten of them at each level."""
    inner = zipped({"0.txt": b"0" * MIB})
    for _ in range(depth):
        inner = zipped({f"{i}.zip": inner for i in range(10)})
    return inner


def overlapping(copies: int) -> bytes:
    """Many directory entries for one and the same kernel."""
    stream, crc, size = repeated_deflate(b" " * MIB, 8)
    return raw_zip([("xl/worksheets/sheet", stream, crc, size)], copies=copies)


def many_entries(count: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in workbook_parts(sheet_xml()).items():
            archive.writestr(name, content)
        for i in range(count):
            archive.writestr(f"xl/media/{i}", b"")
    return target.getvalue()


def with_entry_names() -> bytes:
    """Entries that would land elsewhere were they ever unpacked."""
    names = ("../../../../var/chaidaen-evil", "/var/chaidaen-evil", "..\\..\\chaidaen-evil", "xl/../../chaidaen-evil")
    return with_parts(dict.fromkeys(names, b"chaidaen-evil"))


def huge_directory() -> bytes:
    """Five gigabytes claimed by a part that is a few bytes long."""
    return raw_zip([*(deflated(*part) for part in workbook_parts(sheet_xml()).items()),
                    deflated("xl/media/film.bin", b"0", told=0xFFFFFFF0),
                    deflated("xl/media/more.bin", b"0", told=0xFFFFFFF0)])  # fmt: skip


def encrypted_entries() -> bytes:
    """A zip whose entries say they are encrypted."""
    content = bytearray(xlsx())
    at = 0
    while (at := content.find(b"PK\1\2", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    content[6] |= 1
    return bytes(content)


# ---------------------------------------------------------------------------- hostile XML


def sparse() -> bytes:
    """Two cells, the second in the last corner: 17 billion cells between them."""
    return xlsx(sheet_xml(more=f'<row r="1048576">{cell(16383, 1048576, 1)}</row>'))


def huge_dimension() -> bytes:
    return xlsx(sheet_xml(head='<dimension ref="A1:XFD1048576"/>'))


def places_out_of_bounds() -> bytes:
    far = '<row r="4294967295"><c r="ZZZZZZZ4294967295"><v>1</v></c></row>'
    return xlsx(sheet_xml(more=far))


def deep_xml(depth: int = 200_000) -> bytes:
    return xlsx(sheet_xml(before=f"<extLst>{'<a>' * depth}{'</a>' * depth}</extLst>"))


def deep_shared_strings(depth: int = 200_000) -> bytes:
    shared = f'{PROLOG}<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si>{"<r>" * depth}{"</r>" * depth}</si></sst>'
    return with_shared(shared)


def with_shared(shared: str, index: str = "0") -> bytes:
    """A workbook with this table of shared strings, of which a cell names one."""
    parts = workbook_parts(sheet_xml(more=f'<row r="14"><c r="A14" t="s"><v>{index}</v></c></row>'))
    types, related = str(parts["[Content_Types].xml"]), str(parts["xl/_rels/workbook.xml.rels"])
    override = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    relation = f'<Relationship Id="rId99" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    return zipped({
        **parts,
        "[Content_Types].xml": types.replace("</Types>", override),
        "xl/_rels/workbook.xml.rels": related.replace("</Relationships>", relation),
        "xl/sharedStrings.xml": shared,
    })  # fmt: skip


def shared_index_out_of_range() -> bytes:
    return with_shared(f'{PROLOG}<sst xmlns="{MAIN}"><si><t>a</t></si></sst>', index="4000000000")


def shared_index_negative() -> bytes:
    return with_shared(f'{PROLOG}<sst xmlns="{MAIN}"><si><t>a</t></si></sst>', index="-1")


def shared_string_bomb() -> bytes:
    """One string of a million letters that sixty thousand cells name."""
    shared = f'{PROLOG}<sst xmlns="{MAIN}"><si><t>{"ก" * MIB}</t></si></sst>'
    cells = "".join(
        f'<row r="{n}">{"<c t=" + chr(34) + "s" + chr(34) + "><v>0</v></c>"}</row>' for n in range(14, 60_014)
    )
    parts = workbook_parts(sheet_xml(more=cells))
    types, related = str(parts["[Content_Types].xml"]), str(parts["xl/_rels/workbook.xml.rels"])
    relation = f'<Relationship Id="rId99" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    return zipped({**parts, "[Content_Types].xml": types, "xl/sharedStrings.xml": shared,
                   "xl/_rels/workbook.xml.rels": related.replace("</Relationships>", relation)})  # fmt: skip


LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)
) + "]>"  # fmt: skip


def billion_laughs() -> bytes:
    sheet = sheet_xml(doctype=LAUGHS, more='<row r="14"><c r="A14" t="inlineStr"><is><t>&a11;</t></is></c></row>')
    return xlsx(sheet)


def billion_laughs_in_workbook() -> bytes:
    parts = workbook_parts(sheet_xml())
    return zipped({**parts, "xl/workbook.xml": str(parts["xl/workbook.xml"]).replace(PROLOG, PROLOG + LAUGHS)
                   .replace('name="Sheet1"', 'name="&a11;"')})  # fmt: skip


def quadratic_entity() -> bytes:
    """One long entity named very often: small enough for every guard that only counts levels."""
    doctype = f'<!DOCTYPE x [<!ENTITY long "{"ก" * 100_000}">]>'
    more = f'<row r="14"><c r="A14" t="inlineStr"><is><t>{"&long;" * 50_000}</t></is></c></row>'
    return xlsx(sheet_xml(doctype=doctype, more=more))


def external_entity(address: str) -> bytes:
    doctype = f'<!DOCTYPE x [<!ENTITY stolen SYSTEM "{address}"><!ENTITY % more SYSTEM "{address}"> %more;]>'
    more = '<row r="14"><c r="A14" t="inlineStr"><is><t>&stolen;</t></is></c></row>'
    return xlsx(sheet_xml(doctype=doctype, more=more))


def external_links(address: str) -> bytes:
    """Formulas that run a program or fetch a page when a person opens the workbook, and a link to another one."""
    formulas = (
        "cmd|' /C calc'!A0",
        f'WEBSERVICE("{address}")',
        "[1]Sheet1!A1",
        f'HYPERLINK("{address}","press")',
    )
    cells = "".join(
        f'<c r="{chr(71 + i)}2" t="str"><f>{formula.replace("&", "&amp;")}</f><v>7</v></c>'
        for i, formula in enumerate(formulas)
    )
    sheet = sheet_xml().replace('<c r="E2"><v>7</v></c>', f'<c r="E2"><v>7</v></c>{cells}')
    link = (
        f'{PROLOG}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{RELATED}" r:id="rId1">'
        '<sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>'
    )
    relation = (
        f'{PROLOG}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATED}/externalLinkPath" Target="{address}" TargetMode="External"/></Relationships>'
    )
    return with_parts({"xl/externalLinks/externalLink1.xml": link,
                       "xl/externalLinks/_rels/externalLink1.xml.rels": relation}, sheet)  # fmt: skip


def sheet_elsewhere(address: str) -> bytes:
    """The sheet is said to lie at an address outside the file."""
    parts = workbook_parts(sheet_xml())
    related = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        'Target="worksheets/sheet1.xml"', f'Target="{address}" TargetMode="External"'
    )
    return zipped({**parts, "xl/_rels/workbook.xml.rels": related})


def million_merges(count: int = 200_000) -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:A{n + 1000}"/>' for n in range(2, count))
    return xlsx(sheet_xml(before=f'<mergeCells count="{count}">{merges}</mergeCells>'))


def overlapping_merges() -> bytes:
    merges = "".join(
        f'<mergeCell ref="{ref}"/>' for ref in ("A2:A9", "A5:A12", "A9:A2", "A1:XFD1048576", "A2:A2", "A0")
    )
    return xlsx(sheet_xml(before=f"<mergeCells>{merges}</mergeCells>"))


def many_sheets(count: int = 2_000) -> bytes:
    tiny = f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_rows([["ชาย", "หญิง"]])}</sheetData></worksheet>'
    return xlsx(*[tiny] * count)


def many_styles(count: int = 70_000) -> bytes:
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="0.{n}"/>' for n in range(164, 164 + count))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(count))
    return with_parts(
        {"xl/styles.xml": f'{PROLOG}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
                          f"<cellXfs>{styles}</cellXfs></styleSheet>"},
        sheet_xml().replace('<c r="B2">', f'<c r="B2" s="{2**31}">'),
    )  # fmt: skip


def dates_out_of_range() -> bytes:
    more = "".join(
        f'<row r="{n}"><c r="A{n}" t="d"><v>{text}</v></c><c r="B{n}" s="1"><v>{number}</v></c></row>'
        for n, (text, number) in enumerate((("99999-99-99T99:99", "1E300"), ("-1", "-1e308"), ("", "NaN")), start=14)
    )
    styles = (
        f'{PROLOG}<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>"
    )
    related = workbook_parts(sheet_xml())["xl/_rels/workbook.xml.rels"]
    relation = f'<Relationship Id="rId98" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>'
    return with_parts({"xl/styles.xml": styles,
                       "xl/_rels/workbook.xml.rels": str(related).replace("</Relationships>", relation)},
                      sheet_xml(more=more))  # fmt: skip


def comments_bomb(count: int = 30_000) -> bytes:
    comments = "".join(f'<comment ref="A{n}" authorId="0"><text><t>{"x" * 200}</t></text></comment>'
                       for n in range(1, count))  # fmt: skip
    relation = (
        f'{PROLOG}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATED}/comments" Target="../comments1.xml"/></Relationships>'
    )
    return with_parts({
        "xl/comments1.xml": f'{PROLOG}<comments xmlns="{MAIN}"><authors><author>a</author></authors>'
                            f"<commentList>{comments}</commentList></comments>",
        "xl/worksheets/_rels/sheet1.xml.rels": relation,
    })  # fmt: skip


def long_cell(characters: int = 2 * MIB) -> bytes:
    return xlsx(sheet_xml(more=f'<row r="14">{cell(0, 14, "ก" * characters)}</row>'))


def very_wide(columns: int = 16_384) -> bytes:
    return xlsx(sheet_xml([["ชาย"] * columns, *GOOD]))


def hostile_sheet_names() -> bytes:
    names = ["=cmd|' /C calc'!A0", "../../../etc/passwd", "ก" * 200, "\u202egnp.exe", "<img src=x onerror=alert(1)>",
             "'; drop table raw.population; --", "{{7*7}}", "Sheet1"]  # fmt: skip
    return xlsx(*[sheet_xml()] * len(names), names=names)


def one_name_twice() -> bytes:
    return xlsx(sheet_xml(), sheet_xml(), names=["Sheet1", "Sheet1"])


def header_puzzle() -> bytes:
    """A sheet in which everything may be a header: known names and gaps in every row and column."""
    names = ["ชาย", "", "หญิง", "", "รวม", "", "รหัสตำบล", ""] * 250
    return xlsx(sheet_xml([names] * 12))


def empty_workbook() -> bytes:
    return xlsx(sheet_xml([]))


def no_sheets() -> bytes:
    parts = workbook_parts()
    return zipped(parts)


def sheet_missing() -> bytes:
    parts = workbook_parts(sheet_xml())
    del parts["xl/worksheets/sheet1.xml"]
    return zipped(parts)


def sheet_is_itself() -> bytes:
    """The relation of the sheet names the relations."""
    parts = workbook_parts(sheet_xml())
    related = str(parts["xl/_rels/workbook.xml.rels"]).replace("worksheets/sheet1.xml", "_rels/workbook.xml.rels")
    return zipped({**parts, "xl/_rels/workbook.xml.rels": related})


# ---------------------------------------------------------------------------- other kinds of workbook


def macros() -> bytes:
    """A workbook with a macro project: its cells are data like any other, the project is never looked at."""
    project = compound({"VBA": b'Attribute VB_Name = "evil"\r\nSub Auto_Open()\r\nShell "calc"\r\nEnd Sub'})
    types = str(workbook_parts(sheet_xml())["[Content_Types].xml"])
    return with_parts({"[Content_Types].xml": types.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "xl/vbaProject.bin": project})  # fmt: skip


def binary_workbook() -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": bytes(64), "xl/worksheets/sheet1.bin": b"\0"})


def encrypted() -> bytes:
    return compound({"EncryptionInfo": bytes(300), "EncryptedPackage": bytes(9000)})


def word_document() -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"})


def flipped(content: bytes, seed: int, share: float = 0.002) -> bytes:
    """The same bytes with some bits turned."""
    dice = random.Random(seed)  # noqa: S311 - not secret
    spoilt = bytearray(content)
    for _ in range(max(1, int(len(spoilt) * share))):
        spoilt[dice.randrange(8, len(spoilt))] ^= 1 << dice.randrange(8)
    return bytes(spoilt)


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]
