"""Header rows read as one: what each column may be called, with the merged cells above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.reading.names import normalise_header

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMERIC = re.compile(r"[\s(\-+]*[0-9][0-9,.\s]*[)%]?\s*")
_DIGIT = re.compile(r"\d")
_UNITS = frozenset(map(normalise_header, (
    "คน", "หลัง", "ครัวเรือน", "บาท", "ร้อยละ", "%", "ราย", "แห่ง", "ครั้ง", "วัน", "ปี", "ไร่", "คะแนน",
    "persons", "houses", "baht",
)))  # fmt: skip
_COUNT_WORDS = frozenset(map(normalise_header, ("จำนวน", "จำนวน (คน)", "number", "count")))
_WHOLE_WORDS = frozenset(map(normalise_header, ("รวม", "รวมทั้งหมด", "ทั้งหมด", "total", "all")))


@dataclass(frozen=True, slots=True)
class Label:
    """What one column of a sheet may be called: `texts`, best first. The first `joined` of them name its parents too.

    `own`: those that hold the text of its lowest row.
    """

    texts: tuple[str, ...]
    joined: int
    own: tuple[str, ...]
    row_index: int  # row of the stack in which the column's own text stands


def is_numeric(text: str) -> bool:
    """A cell that is a figure, whatever the digits."""
    return _NUMERIC.fullmatch(text.translate(_DIGITS)) is not None


def looks_like_data(row: Sequence[str]) -> bool:
    """More than half of the filled cells are figures."""
    filled = [cell for cell in row if cell.strip()]
    return 2 * sum(map(is_numeric, filled)) > len(filled)


def is_numbering(row: Sequence[str], columns: Sequence[int]) -> bool:
    """A row under the header that numbers the columns: (1) (2) (3) …"""
    cells = [row[i].translate(_DIGITS).strip(" ()[].") if i < len(row) else "" for i in columns]
    filled = [cell for cell in cells if cell]
    return len(filled) >= max(3, len(columns)) and filled == [str(number) for number in range(1, len(filled) + 1)]


def is_units(row: Sequence[str], columns: Sequence[int]) -> bool:
    """A row under the header that gives the units: (คน) (หลัง) …"""
    filled = [row[i].strip() for i in columns if i < len(row) and row[i].strip()]
    return len(filled) > 1 and all(_is_unit(cell) for cell in filled)


def _is_unit(cell: str) -> bool:
    return normalise_header(cell) in _UNITS or (
        not normalise_header(cell, keep_brackets=False) and not _DIGIT.search(cell)
    )


def labels_of(stack: Sequence[Sequence[str]], gaps: frozenset[int]) -> list[Label | None]:
    """One label per sheet column, None where nothing stands. `gaps`: columns empty all the way down.

    A merged cell holds its text in the leftmost cell only, so a parent reaches to the right as far as the next text or
    gap. Its children are called by it and themselves together, then by themselves. A parent over a single column, or
    over a child that only says "number" or "total", may also be the name.
    """
    width = max((len(row) for row in stack), default=0)
    rows = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in stack]
    reached = [_reach_right(row, gaps) for row in rows[:-1]]
    return [_label(rows, reached, i) for i in range(width)]


def _reach_right(row: Sequence[str], gaps: frozenset[int]) -> list[str]:
    filled = list(row)
    for i in range(1, len(filled)):
        if not filled[i] and i not in gaps:
            filled[i] = filled[i - 1]
    return filled


def _label(rows: list[list[str]], reached: list[list[str]], i: int) -> Label | None:
    own_row = next((k for k in reversed(range(len(rows))) if rows[k][i]), None)
    if own_row is None:
        return None
    own = rows[own_row][i]
    above = [reached[k][i] for k in range(own_row)]
    joined = [" ".join(filter(None, (*above[k:], own))) for k in reversed(range(own_row)) if above[k]]
    parent_row = next((k for k in reversed(range(own_row)) if above[k]), None)
    parents: list[str] = []
    if parent_row is not None:
        alone = bool(rows[parent_row][i]) and (i + 1 >= len(rows[0]) or reached[parent_row][i + 1] != above[parent_row])
        if alone or normalise_header(own) in _COUNT_WORDS | _WHOLE_WORDS:
            parents = [above[parent_row]]
    names = [*parents, own] if normalise_header(own) in _COUNT_WORDS | _WHOLE_WORDS else [own, *parents]
    joined = list(dict.fromkeys(joined))
    return Label(tuple(dict.fromkeys([*joined, *names])), len(joined) or 1, (*joined, own), own_row)
