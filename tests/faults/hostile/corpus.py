"""The hostile files: what each is, how it is made, and the reason it is refused with (None: it is read)."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.end_to_end.dropping import csv_bytes, tambon_rows
from tests.faults.hostile import other_workbooks as o
from tests.faults.hostile import texts as t
from tests.faults.hostile import workbooks as w
from tests.faults.hostile.packing import MIB, PROLOG, xlsx


class Hostile(NamedTuple):
    """A file: what it is, its bytes, the reason it is refused with (None: it is read), the name it is sent under."""

    name: str
    make: Callable[[], bytes]
    code: str | None
    file_name: str = "ข้อมูล.xlsx"


def corpus(address: str, secret: Path) -> list[Hostile]:
    """All of them. address: where nobody may ask; secret: a file that nobody may read."""
    good_csv = csv_bytes(tambon_rows(12))
    return [
        # zips
        Hostile("zip bomb, flat, 3.9 GB of blanks", lambda: w.bomb(3900 * MIB), "workbook_too_large"),
        Hostile("zip bomb, flat, 6 GB", lambda: w.bomb(6144 * MIB), "workbook_too_large"),
        Hostile("zip bomb that tells 1 KB", lambda: w.bomb(2048 * MIB, told=1024), "damaged_file"),
        Hostile("workbook of 64 million cells", lambda: w.bomb_of_cells(1_000_192), "workbook_too_large"),
        Hostile("zips within zips", w.nested, "not_a_table", "a.zip"),
        Hostile("overlapping entries", lambda: w.overlapping(200), "damaged_file"),
        Hostile("overlapping entries, 40,000", lambda: w.overlapping(40_000), "workbook_too_large"),
        Hostile("30,000 entries", lambda: w.many_entries(30_000), "workbook_too_large"),
        Hostile("entries named as paths", w.with_entry_names, None),
        Hostile("huge declared sizes", w.huge_directory, "workbook_too_large"),
        Hostile("entries marked encrypted", w.encrypted_entries, "damaged_file"),
        Hostile("mimetype of 900 MB", o.ods_mimetype_bomb, "workbook_too_large", "a.ods"),
        # XML
        Hostile("cell at XFD1048576", w.sparse, "workbook_too_large"),
        Hostile("dimension A1:XFD1048576", w.huge_dimension, None),
        Hostile("cell beyond every sheet", w.places_out_of_bounds, "damaged_file"),
        Hostile("deep XML", w.deep_xml, None),
        Hostile("deep XML in shared strings", w.deep_shared_strings, None),
        Hostile("billion laughs in a cell", w.billion_laughs, "damaged_file"),
        Hostile("billion laughs in a sheet name", w.billion_laughs_in_workbook, "damaged_file"),
        Hostile("one long entity, often", w.quadratic_entity, "damaged_file"),
        Hostile("external entity, file", lambda: w.external_entity(f"file://{secret}"), "damaged_file"),
        Hostile("external entity, http", lambda: w.external_entity(address), "damaged_file"),
        Hostile("external entity in .ods", lambda: o.ods_entity(f"file://{secret}"), "damaged_file", "a.ods"),
        Hostile("billion laughs in .ods", o.ods_laughs, "damaged_file", "a.ods"),
        Hostile("DDE, WEBSERVICE, links to other workbooks", lambda: w.external_links(address), None),
        Hostile("sheet at a web address", lambda: w.sheet_elsewhere(address), "damaged_file"),
        Hostile("sheet at a path of this machine", lambda: w.sheet_elsewhere("file:///etc/passwd"), "damaged_file"),
        Hostile("sheet at ../../..", lambda: w.sheet_elsewhere("../../../../etc/passwd"), "damaged_file"),
        Hostile("sheet is its own relation", w.sheet_is_itself, "empty_file"),
        Hostile("shared string out of range", w.shared_index_out_of_range, "damaged_file"),
        Hostile("shared string below zero", w.shared_index_negative, "too_many_errors"),
        Hostile("one shared string of 3 MB in 60,000 cells", w.shared_string_bomb, "workbook_too_large"),
        Hostile("70,000 styles", w.many_styles, None),
        Hostile("dates out of range", w.dates_out_of_range, "damaged_file"),
        Hostile("200,000 merged cells, one over the other", w.million_merges, None),
        Hostile("merged cells turned round and overlapping", w.overlapping_merges, "damaged_file"),
        Hostile("30,000 comments", w.comments_bomb, None),
        Hostile("cell of 2 million letters", w.long_cell, None),
        Hostile("sheet of 16,384 columns", w.very_wide, "too_many_columns"),
        Hostile("2,000 sheets", w.many_sheets, "too_many_sheets"),
        Hostile("sheet names that do harm", w.hostile_sheet_names, None),
        Hostile("two sheets of one name", w.one_name_twice, "damaged_file"),
        Hostile("everything may be a header", w.header_puzzle, "missing_column"),
        Hostile("empty workbook", w.empty_workbook, "empty_file"),
        Hostile("workbook without sheets", w.no_sheets, "empty_file"),
        Hostile("sheet left out", w.sheet_missing, "damaged_file"),
        # kinds
        Hostile("macros", w.macros, None, "a.xlsm"),
        Hostile("binary workbook", w.binary_workbook, "not_a_table", "a.xlsb"),
        Hostile("encrypted .xlsx", w.encrypted, "encrypted_workbook"),
        Hostile("encrypted .xls", o.old_encrypted, "encrypted_workbook", "a.xls"),
        Hostile(".xls with figures in opposite corners", o.old_sparse, "workbook_too_large", "a.xls"),
        Hostile(".xls whose sectors run in a circle", o.old_looping_chain, "damaged_file", "a.xls"),
        Hostile(".xls of 4 billion shared strings", o.old_shared_strings_lie, "empty_file", "a.xls"),
        Hostile(".ods row 2 billion times", o.ods_repeated_rows, "mostly_wrong_rows", "a.ods"),
        Hostile(".ods cells 17 trillion times", o.ods_repeated_cells, "damaged_file", "a.ods"),
        Hostile(".ods error cells a billion times", o.ods_repeated_errors, "damaged_file", "a.ods"),
        Hostile("Word as .xlsx", w.word_document, "not_a_table"),
        Hostile("polyglot: workbook behind a PDF", lambda: b"%PDF-1.7\n" + xlsx(), "not_a_table", "a.pdf"),
        Hostile("polyglot: GIF and CSV", lambda: b"GIF89a," + good_csv, "not_a_table", "a.csv"),
        Hostile("polyglot: page and workbook", lambda: b"<html>" + xlsx(), "web_page_as_workbook"),
        Hostile("polyglot: workbook and more behind it", lambda: xlsx() + b"<script>alert(1)</script>" * 50, None),
        Hostile(
            "web page as .xls",
            lambda: b"<html><table><tr><td>1</td></tr></table></html>",
            "web_page_as_workbook",
            "a.xls",
        ),
        Hostile(
            "MHTML as .xls",
            lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>",
            "web_page_as_workbook",
            "a.xls",
        ),
        Hostile(
            "XML spreadsheet 2003",
            (PROLOG + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>').encode,
            "not_a_table",
            "a.xls",
        ),
        Hostile("RTF", lambda: b"{\\rtf1 \\object\\objdata 0105}", "not_a_table", "a.xls"),
        Hostile("PDF", lambda: b"%PDF-1.7\n%\xff\xff\xff\xff", "not_a_table"),
        Hostile("program", lambda: b"MZ\x90\0" + bytes(500), "not_a_table"),
        Hostile("program of Linux", lambda: b"\x7fELF\x02\x01\x01" + bytes(500) + b"\x01\x02", "not_a_table"),
        Hostile("shell script", lambda: b"#!/bin/sh\nrm -rf /\n", "header_not_found", "a.csv"),
        Hostile("CSV named .xlsx", lambda: good_csv, None),
        Hostile("workbook named .csv", xlsx, None, "a.csv"),
        *(
            Hostile(
                f"{kind} cut at {share:.0%}",
                lambda make=make, share=share: w.cut(make(), share),
                "damaged_file",
                f"a.{kind}",
            )
            for kind, make in o.GOOD_FILES.items()
            for share in (0.1, 0.5, 0.95)
        ),
        *(
            Hostile(
                f"{kind} with bits turned, {seed}",
                lambda make=make, seed=seed: w.flipped(make(), seed),
                "damaged_file",
                f"a.{kind}",
            )
            for kind, make in o.GOOD_FILES.items()
            for seed in (1, 2)
        ),
        # text
        Hostile("CSV cell of 10 MB", lambda: t.long_cell(10 * MIB), "line_too_long", "a.csv"),
        Hostile("CSV cell of 10 MB in quotes", lambda: t.long_cell(10 * MIB, quoted=True), "line_too_long", "a.csv"),
        Hostile("CSV cell of 3 MB", lambda: t.long_cell(3 * MIB), "too_many_errors", "a.csv"),
        Hostile("one line of 100 MB", lambda: t.one_line(100 * MIB), "header_not_found", "a.csv"),
        Hostile("16,384 columns", lambda: t.with_columns(16_384), "too_many_columns", "a.csv"),
        Hostile("a million columns", lambda: t.with_columns(1_000_000), "too_many_columns", "a.csv"),
        Hostile(
            "a million columns in one line",
            lambda: t.with_columns(1_000_000).split(b"\n")[0],
            "too_many_columns",
            "a.csv",
        ),
        Hostile("NUL bytes", lambda: t.lines().replace(b"22", b"2\x002"), "nul_bytes", "a.csv"),
        Hostile("a NUL byte far down", lambda: t.PLAIN * 400 + b"940101,1\x001,1,1,1\n", "too_many_errors", "a.csv"),
        Hostile("nothing but NUL bytes", lambda: bytes(3 * MIB), "nul_bytes", "a.csv"),
        Hostile("UTF-16 without mark", lambda: t.PLAIN.decode().encode("utf-16-le"), "encoding_unclear", "a.csv"),
        Hostile(
            "UTF-16 with half a letter", lambda: t.PLAIN.decode().encode("utf-16") + b"\0", "encoding_unclear", "a.csv"
        ),
        Hostile(
            "UTF-16 with lone surrogates",
            lambda: t.PLAIN.decode().encode("utf-16") + b"\0\xd8\0\xd8",
            "encoding_unclear",
            "a.csv",
        ),
        Hostile(
            "UTF-16 with a NUL letter",
            lambda: (t.PLAIN.decode() + "940101,\0,1,1,1\n").encode("utf-16"),
            "nul_bytes",
            "a.csv",
        ),
        Hostile("UTF-32", lambda: t.PLAIN.decode().encode("utf-32"), "encoding_unclear", "a.csv"),
        Hostile("UTF-7", lambda: t.PLAIN.decode().encode("utf-7"), "header_not_found", "a.csv"),
        Hostile("overlong UTF-8", lambda: t.PLAIN + b"\xc0\xaf\xc0\xae,1,1,1,1\n", "encoding_unclear", "a.csv"),
        Hostile("random bytes", lambda: random.Random(7).randbytes(300_000), "not_a_table", "a.csv"),  # noqa: S311 - not secret
        Hostile("marks inside", lambda: t.PLAIN.replace(b"\n", b"\n\xef\xbb\xbf"), "too_many_errors", "a.csv"),
        Hostile("carriage returns only", lambda: t.lines(end="\r"), None, "a.csv"),
        Hostile(
            "mixed line ends", lambda: t.PLAIN.replace(b"\r\n", b"\n", 3).replace(b"\r\n", b"\r", 3), None, "a.csv"
        ),
        Hostile("no line end at the end", t.PLAIN.rstrip, None, "a.csv"),
        Hostile("unclosed quote", lambda: t.PLAIN + b'"940101,1,1,1,1\n' + t.PLAIN * 200, "broken_quotes", "a.csv"),
        Hostile(
            "unclosed quote, 12 MB", lambda: t.PLAIN + b'"940101,1,1,1,1\n' + t.PLAIN * 40_000, "broken_quotes", "a.csv"
        ),
        Hostile("quotes only", lambda: b'"' * 3_000_001, "header_not_found", "a.csv"),
        Hostile("delimiters only", lambda: b"," * 3_000_000, "empty_file", "a.csv"),
        Hostile("line ends only", lambda: b"\n" * 3_000_000 + b"x", "empty_file", "a.csv"),
        Hostile("60,000 rows too short", lambda: t.junk_rows(60_000), "mostly_wrong_rows", "a.csv"),
        Hostile("40,000 rows too long", lambda: t.wide_rows(40_000), "mostly_wrong_rows", "a.csv"),
        Hostile("25,000 rows with every cell wrong", lambda: t.wrong_rows(25_000), "mostly_wrong_rows", "a.csv"),
        Hostile("cells that trap expressions", t.regex_traps, "too_many_errors", "a.csv"),
        Hostile("titles that trap expressions", t.regex_traps_in_title, None, "a.csv"),
        # JSON
        Hostile(
            "JSON 100,000 lists deep",
            lambda: t.jsonl('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"),
            "too_many_errors",
            "a.jsonl",
        ),
        Hostile(
            "JSON number of a million digits",
            lambda: t.jsonl('{"ชาย":' + "9" * MIB + "}"),
            "too_many_errors",
            "a.jsonl",
        ),
        Hostile(
            "JSON number 1e999999999",
            lambda: t.jsonl(t.json_row().replace("10,", "1e999999999,", 1)),
            "too_many_errors",
            "a.jsonl",
        ),
        Hostile("JSON key twice", lambda: t.jsonl('{"ชาย": 1, "ชาย": 2}'), "too_many_errors", "a.jsonl"),
        Hostile(
            "JSON lone surrogate",
            lambda: t.jsonl(t.json_row(หมายเหตุ="x").replace('"x"', '"\\ud800"')),
            "too_many_errors",
            "a.jsonl",
        ),
        Hostile("JSON lone surrogate in a key", lambda: t.jsonl('{"\\udfff": 1}'), "too_many_errors", "a.jsonl"),
        Hostile(
            "JSON NUL", lambda: t.jsonl(t.json_row(ชาย="1").replace('"1"', '"\\u0000"')), "too_many_errors", "a.jsonl"
        ),
        Hostile("JSON NaN", lambda: t.jsonl('{"ชาย": NaN}'), "too_many_errors", "a.jsonl"),
        Hostile("JSON keys, new ones in every line", lambda: t.new_keys(300_000), "too_many_columns", "a.jsonl"),
        Hostile("JSON that is hungry", t.hungry_json, "too_many_errors", "a.jsonl"),
        Hostile("JSON in one line of 20 MB", lambda: b'{"a":"' + b"x" * (20 * MIB) + b'"}', "line_too_long", "a.jsonl"),
        Hostile("JSON cut short", lambda: w.cut(t.JSON_LINES, 0.55), "too_many_errors", "a.jsonl"),
        Hostile("JSON array", lambda: b'[{"a":1}]', "json_not_lines", "a.json"),
    ]


FILES = corpus("http://127.0.0.1:9/", Path("/nowhere"))  # to be told apart by; the tests make theirs with an address
