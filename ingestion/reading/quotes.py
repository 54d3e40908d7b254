"""A quote that is opened and never closed: it swallows the rows below it, down to the next quote or the file's end.

A cell of several lines is legal, and only its content tells the two apart: what was swallowed still looks like rows of
this table, with as many fields as the others and figures where they have figures.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

_DIGITS = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]")
_NO_FIGURES_NEED_FIELDS = 5  # without a column of figures fewer fields may well be a sentence with commas
_SENTINEL = "\ue000end of file\ue000"


class RowShape:
    """What a physical line that is a row of this table looks like, learnt from lines of the file's head."""

    def __init__(self, lines: Iterable[str], delimiter: str, width: int | None = None) -> None:
        """lines: physical lines, the header's or not. width: fields of a row, by default their commonest number."""
        self._delimiter = delimiter
        rows = [fields for line in lines if len(fields := split(line, delimiter)) > 1]
        counts = Counter(map(len, rows))
        self.width = width or (counts.most_common(1)[0][0] if counts else 1)
        fitting = [fields for fields in rows if len(fields) == self.width]
        self._lengths = {i: found for i in range(self.width) if (found := _lengths([row[i] for row in fitting]))}

    def opened_at(self, fields: Sequence[str]) -> int | None:
        """Number (from 0) of the field whose quote was never closed, None when the record is as it should be."""
        for at, cell in enumerate(fields):
            if "\n" in cell and self._holds_rows(cell, before=at, behind=fields[at + 1 :]):
                return at
        return None

    def _holds_rows(self, cell: str, before: int, behind: Sequence[str]) -> bool:
        first, *others = (split(line, self._delimiter) for line in cell.splitlines())
        if before + len(first) != self.width or not others:
            return False
        *whole, last = others
        return any(map(self._is_row, whole)) or self._is_row([*last, *behind])

    def _is_row(self, fields: Sequence[str]) -> bool:
        if len(fields) != self.width:
            return False
        if not self._lengths:
            return self.width >= _NO_FIGURES_NEED_FIELDS
        said = {i: text for i in self._lengths if (text := fields[i].strip(' "'))}
        alike = sum(_is_figure(text) and len(text) in self._lengths[i] for i, text in said.items())
        return 0 < len(said) < 2 * alike


def split(line: str, delimiter: str) -> list[str]:
    """The fields of one physical line, whatever its quotes."""
    return next(csv.reader(io.StringIO(line.rstrip("\r\n"), newline=""), delimiter=delimiter), [])


def _is_figure(text: str) -> bool:
    return _DIGITS.search(text) is not None and not _LETTERS.search(text)


def _lengths(cells: Sequence[str]) -> range | None:
    """Lengths that figures of a column have, None when most of its cells are none. A code has always the same."""
    figures = [cell.strip() for cell in cells if _is_figure(cell)]
    if not figures or 2 * len(figures) <= sum(bool(cell.strip()) for cell in cells):
        return None
    found = {len(figure) for figure in figures}
    return range(min(found), max(found) + 1) if len(found) == 1 < len(figures) else range(1, 2 * max(found) + 1)


def malformed(text: str, delimiter: str) -> bool:
    """Whether something stands between a closing quote and the next delimiter, or the record ends inside a quote."""
    try:
        list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def first_broken(lines: Iterable[str], delimiter: str, shape: RowShape) -> tuple[int, int] | None:
    """(number of the record, from 1, and its field, from 0) of the first quote never closed; None when all are.

    lines: physical lines with their ends. The careful way, for a file of which something else raised suspicion.
    """
    number = 0
    try:
        for number, fields in enumerate(csv.reader(_with_sentinel(lines), delimiter=delimiter), start=1):
            if fields == [_SENTINEL]:
                return None
            at = shape.opened_at(fields)
            if at is None and fields and fields[-1].endswith(_SENTINEL):
                # A quote opened in the very last cell has swallowed nothing.
                at = len(fields) - 1 if len(fields) != shape.width or len(fields[-1].splitlines()) > 2 else None
            if at is not None:
                return number, at
    except csv.Error:  # a cell without end
        return number + 1, 0
    return None


def _with_sentinel(lines: Iterable[str]) -> Iterator[str]:
    """The lines, then one that is a record of its own unless a quote is open."""
    for line in lines:
        yield line if line.endswith(("\n", "\r")) else f"{line}\n"
    yield _SENTINEL
