"""Hostile text files: endless lines and cells, broken encodings, unclosed quotes, JSON that is none."""

import codecs
import csv
import io
import json

from tests.end_to_end.dropping import HEADER, csv_bytes, tambon_rows
from tests.faults.hostile.packing import GOOD, MIB

PLAIN = csv_bytes(tambon_rows(12)).removeprefix(codecs.BOM_UTF8)
JSON_LINES = b"".join(
    json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False).encode() + b"\n" for row in tambon_rows(12)
)


def lines(*rows: list[object], end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """The good rows and these below them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([*GOOD, *rows])
    return text.getvalue().encode(encoding)


def with_columns(count: int) -> bytes:
    """The good table, and to the right of it so many more columns."""
    more = b"," + b",".join(b"x%d" % i for i in range(count))
    first, *rest = PLAIN.splitlines()
    return b"\n".join([first + more, *(line + b",1" * count for line in rest[:3])])


def long_cell(characters: int, *, quoted: bool = False) -> bytes:
    quote = b'"' if quoted else b""
    return PLAIN + b"940101," + quote + b"9" * characters + quote + b",1,1,1\n"


def one_line(characters: int) -> bytes:
    return b"x" * characters


def jsonl(*extra: str) -> bytes:
    return JSON_LINES + "\n".join(extra).encode() + b"\n"


def json_row(**changed: object) -> str:
    return json.dumps({**dict(zip(HEADER, tambon_rows(13)[12], strict=True)), **changed}, ensure_ascii=False)


def junk_rows(count: int) -> bytes:
    """Rows far shorter than the table, very many of them."""
    return PLAIN + b"x\n" * count


def wide_rows(count: int) -> bytes:
    """Rows longer than the table, very many of them."""
    return PLAIN + b"1,2,3,4,5,6,7\n" * count


def wrong_rows(count: int) -> bytes:
    """Rows in which every cell is wrong."""
    return PLAIN + b"\xe0\xb8\x81,x,x,x,x\n" * count


def new_keys(count: int) -> bytes:
    """Every line brings keys that no other has."""
    return jsonl(*(json.dumps({f"k{i}": 1}) for i in range(count)))


def hungry_json(count: int = 2) -> bytes:
    """Lines as long as one may be, of lists that take fifty times their size in memory."""
    line = '{"a":[' + "[]," * MIB + "1]}"
    return jsonl(*[line] * count)


REGEX_TRAPS = tuple(
    unit * 10_000
    for unit in (
        " ",
        "\u200b",
        "(",
        "9",
        ",",
        "-",
        "1,",
        "ํา",
        "'",
        "/",
        "เ",
        "่",
        "นาย",
        "a ",
        "\t",
        "9 ",
        "ต.",
        ".",
        "\u00a0",
    )
)


def regex_traps() -> bytes:
    """Cells of one thing over and over, which careless expressions try in every way there is."""
    rows = [[f"a{trap}b"] * len(HEADER) for trap in REGEX_TRAPS] + [[trap + "x"] * len(HEADER) for trap in REGEX_TRAPS]
    return lines(*rows)


def regex_traps_in_title() -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[f"ปี{trap[:5_000]}x"] for trap in REGEX_TRAPS])
    return text.getvalue().encode() + PLAIN
