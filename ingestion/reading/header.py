"""Finding the table: the header row (or stacked rows) whose cells best match the names a contract accepts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingestion.cleaning.text import clean_text
from ingestion.contracts import Column, Contract
from ingestion.own_marks import own_column
from ingestion.reading.grid import Grid

MAX_STACKED_ROWS = 2
_BRACKETED = re.compile(r"[(\[（][^)\]）]*[)\]）]")
_NOISE = re.compile(r"[\s_\-./:;*\"'“”]+")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def normalise_header(text: str, *, keep_brackets: bool = True) -> str:
    """A header as it is compared: cleaned, without spaces and punctuation, small letters; brackets hold units."""
    cleaned = clean_text(text).value.translate(_THAI_DIGITS).casefold()
    if not keep_brackets:
        cleaned = _BRACKETED.sub("", cleaned)
    return _NOISE.sub("", cleaned)


class HeaderNames:
    """Every accepted header of a contract, looked up in its normal form; a form that two columns share is not used."""

    def __init__(self, contract: Contract) -> None:
        self.columns: Mapping[str, Column] = {column.name: column for column in contract.columns}
        self.required = {c.name for c in contract.columns if c.required and c.default_when_absent is None}
        self.required_in_order = [name for name in self.columns if name in self.required]
        self._matched: dict[str, tuple[str, int] | None] = {}  # data cells of the preview come round often
        self._exact = self._index(contract, keep_brackets=True)
        self._stripped = self._index(contract, keep_brackets=False)

    @staticmethod
    def _index(contract: Contract, *, keep_brackets: bool) -> dict[str, tuple[str, int] | None]:
        """Normal form -> (column, rank of the header in its list), None where two columns share the form."""
        found: dict[str, tuple[str, int] | None] = {}
        for column in contract.columns:
            for rank, header in enumerate(column.headers):
                form = normalise_header(header, keep_brackets=keep_brackets)
                earlier = found.get(form, (column.name, rank))
                found[form] = earlier if earlier is not None and earlier[0] == column.name else None
        return found

    def match(self, text: str) -> tuple[str, int] | None:
        """(column name, rank) of a header cell, or None."""
        if text not in self._matched:
            exact = self._exact.get(normalise_header(text))
            found = exact or self._stripped.get(normalise_header(text, keep_brackets=False))
            self._matched[text] = found if text.strip() else None
        return self._matched[text]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of a sheet is. Column indexes count from 0 = A, rows from 1."""

    grid: Grid
    header_row: int  # last row of the header
    positions: Mapping[str, int]  # contract column -> column of the sheet
    headers: Mapping[int, str]  # column of the sheet -> header as sent
    unknown: Sequence[int]
    repeated: Sequence[tuple[int, int]]  # (column, earlier column) with the very same header
    missing: Sequence[str]
    ours: Mapping[str, int] = field(default_factory=dict)  # columns we wrote ourselves, by the names of own_marks

    @property
    def fits(self) -> bool:
        """Every required column was found."""
        return not self.missing

    @property
    def score(self) -> tuple[int, int]:
        """Better layouts are larger: fewest missing required columns, then most columns."""
        return -len(self.missing), len(self.positions)


def find_layout(grid: Grid, names: HeaderNames) -> Layout | None:
    """The best header of a sheet, None when no cell matches any name. Ties go to fewer rows, then to the upper one."""
    rows = grid.preview
    best: Layout | None = None
    for depth in range(1, MAX_STACKED_ROWS + 1):
        for top in range(len(rows) - depth + 1):
            labels = _labels(rows[top : top + depth])
            found = _layout(grid, top + depth, labels, names)
            if found.positions and (best is None or found.score > best.score):
                best = found
    return best


def _labels(stack: list[list[str]]) -> list[list[str]]:
    """Per sheet column the texts its header may mean, best first: with the cells above it, its own, the one above."""
    width = max((len(row) for row in stack), default=0)
    padded = [row + [""] * (width - len(row)) for row in stack]
    for row in padded[:-1]:  # a merged cell holds its text in the leftmost cell only
        for i in range(1, width):
            row[i] = row[i] if row[i].strip() else row[i - 1]
    labels: list[list[str]] = []
    for i in range(width):
        cells = [row[i] for row in padded]
        own, above = cells[-1], cells[:-1]
        if own.strip():
            joined = [" ".join((*above[k:], own)) for k in range(len(above)) if above[k].strip()]
            labels.append([*reversed(joined), own])
        else:
            own_above = [
                row[i] if i < len(row) else "" for row in stack[:-1]
            ]  # not filled: merged downwards, not sidewards
            labels.append([text for text in reversed(own_above) if text.strip()])
    return labels


def _layout(grid: Grid, header_row: int, labels: list[list[str]], names: HeaderNames) -> Layout:
    matches: dict[str, tuple[int, int]] = {}  # contract column -> (rank, sheet column)
    headers: dict[int, str] = {}
    forms: dict[str, int] = {}
    unknown: list[int] = []
    repeated: list[tuple[int, int]] = []
    ours: dict[str, int] = {}
    for i, texts in enumerate(labels):
        if not texts:
            continue
        if (own := next((found for found in map(own_column, texts) if found), None)) is not None:
            ours[own] = i
            continue
        headers[i] = clean_text(texts[0]).value
        match = next((found for found in map(names.match, texts) if found), None)
        if match is None:
            unknown.append(i)
            continue
        column, rank = match
        form = normalise_header(texts[0])
        if form in forms and column in matches:
            repeated.append((i, forms[form]))
        elif column not in matches or rank < matches[column][0]:
            if column in matches:
                unknown.append(matches[column][1])
            matches[column] = (rank, i)
        else:
            unknown.append(i)
        forms.setdefault(form, i)
    positions = {column: i for column, (_, i) in matches.items()}
    missing = [name for name in names.columns if name in names.required and name not in positions]
    return Layout(grid, header_row, positions, headers, sorted(unknown), repeated, missing, ours)
