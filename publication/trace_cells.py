"""From rows of the warehouse back to the cells of the archived file they were read from.

Which column of a sheet holds what is found in the file's own header, as intake found it: the archived bytes never
change. A row that came with a returned bad-rows file stands there; the other rows of that revision stand in the file it
mended.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserFacingError
from ingestion import archive, ledger
from ingestion.archive import ArchiveDamaged
from ingestion.checking.filelevel import choose_layouts
from ingestion.contracts import Contract, load_contract
from ingestion.issues import mask
from ingestion.ledger import AnyConnection, Submission
from ingestion.own_marks import BASE_ROW, BASE_SHEET, is_returned, without_apostrophes
from ingestion.reading import HeaderNames, Layout, RawChunk, address, open_source

Rows = Mapping[tuple[str, int], Sequence[str]]  # sheet and row in the warehouse → contract columns wanted


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the sender's program shows it. sheet: None in a text file; sheet and cell: None for a whole file.

    value: as sent; of a personal column masked, unless whoever asked may see it.
    """

    submission_id: int
    file_name: str
    sheet: str | None
    cell: str | None
    value: str | None
    dataset_id: str
    column: str | None
    row: int | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def cells_of(
    connection: AnyConnection, submission: Submission, wanted: Rows, *, masked: bool, progress: Callable[[str], None]
) -> Iterator[Cell]:
    """Cells of the wanted rows, in the order of each file.

    Raises UserFacingError when archived bytes are damaged, or the table in them is no longer recognised.
    """
    try:
        path = archive.verified(submission.sha256)
    except ArchiveDamaged as error:
        raise UserFacingError(
            f"The archived file of submission {submission.submission_id} is gone or no longer the one that was hashed.",
            cure="Put it back from your backup of CHAIDAEN_HOME/archive.",
        ) from error
    contract = load_contract(submission.dataset_id)
    progress(f"{submission.submission_id} {submission.file_name}")
    elsewhere = dict(wanted)
    with open_source(path) as source:
        layouts, _ = choose_layouts(source, contract, HeaderNames(contract))
        for layout in layouts:
            here = list(_addresses(layout, wanted))
            rows = {at.row: elsewhere.pop((at.base_sheet, at.base_row)) for at in here}
            if rows:
                yield from _SheetCells(submission, contract, layout, masked).read(rows)
    if elsewhere:
        mended = _mended(connection, submission)
        yield from cells_of(connection, mended, elsewhere, masked=masked, progress=progress)


def _mended(connection: AnyConnection, submission: Submission) -> Submission:
    """The submission that a returned bad-rows file mends, in whose file all other rows stand."""
    base = submission.base_submission_id
    found = None if base is None else ledger.submission(connection, base)
    if found is None:
        raise UserFacingError(
            f"Rows of submission {submission.submission_id} are not where they were when it was loaded: its contract"
            " has changed so much that the table in the file is no longer recognised.",
            cure="Trace it with the code version that `chaidaen releases --json` names for the release.",
        )
    return found


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a row stands in this file, and where the warehouse says it stood."""

    row: int
    base_sheet: str
    base_row: int


def _addresses(layout: Layout, wanted: Rows) -> Iterator[_Address]:
    """Wanted rows that stand in this sheet. A returned bad-rows file says itself where each of its rows came from."""
    if not is_returned(layout.ours):
        yield from (_Address(row, sheet, row) for sheet, row in wanted if sheet == layout.grid.name)
        return
    for chunk in layout.grid.chunks(layout.header_row):
        sheets, rows = (_text(chunk, layout.ours[name]) for name in (BASE_SHEET, BASE_ROW))
        for at, sheet, row in zip(chunk.rows.tolist(), sheets, rows, strict=True):
            if row.isdecimal() and (sheet, int(row)) in wanted:
                yield _Address(at, sheet, int(row))


def _text(chunk: RawChunk, position: int) -> list[str]:
    if position >= len(chunk.cells):
        return [""] * len(chunk)
    return pc.utf8_trim_whitespace(without_apostrophes(chunk.cells[position])).to_pylist()  # type: ignore[no-any-return]


class _SheetCells:
    """Reads cells of one sheet."""

    def __init__(self, submission: Submission, contract: Contract, layout: Layout, masked: bool) -> None:
        self._submission, self._contract, self._layout, self._masked = submission, contract, layout, masked
        self._tops = {name: self._merged(name) for name in layout.positions}

    def read(self, rows: Mapping[int, Sequence[str]]) -> list[Cell]:
        """The wanted columns of the rows; a column that the sheet does not have has no cell."""
        positions = self._layout.positions
        in_order = {column.name: i for i, column in enumerate(self._contract.columns)}
        wanted = [
            (row, name) for row in sorted(rows) for name in sorted(rows[row], key=in_order.__getitem__)
            if name in positions
        ]  # fmt: skip
        places = [(self._standing(name, row), positions[name]) for row, name in wanted]
        values = self._values(places)
        cells = zip(wanted, places, strict=True)
        return [self._cell(row, name, place, values[place]) for (row, name), place in cells]

    def _cell(self, row: int, name: str, place: tuple[int, int], value: str) -> Cell:
        column = self._contract.column(name)
        return Cell(
            submission_id=self._submission.submission_id,
            file_name=self._submission.file_name,
            sheet=self._layout.grid.name or None,
            cell=address(place[1], place[0]),
            value=mask(value, column.format) if column.is_personal and self._masked else value,
            dataset_id=self._contract.id,
            column=name,
            row=row,
        )

    def _merged(self, name: str) -> np.ndarray:
        """First and last row of every merged cell of the column that counts for all its rows."""
        spans = [
            (cells.top, cells.bottom)
            for cells in self._layout.grid.merged
            if cells.left == self._layout.positions[name] and cells.bottom > cells.top > self._layout.header_row
        ]
        fills_down = self._contract.column(name).fill_down_merged
        return np.array(sorted(spans) if fills_down else [], np.int64).reshape(-1, 2)

    def _standing(self, name: str, row: int) -> int:
        """The row in which the value stands: that of the merged cell's top, where the row is inside one."""
        spans = self._tops[name]
        at = int(np.searchsorted(spans[:, 0], row, side="right")) - 1
        return int(spans[at, 0]) if at >= 0 and row <= spans[at, 1] else row

    def _values(self, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Texts by row and column; a cell beyond the end of its row is empty."""
        values = dict.fromkeys(places, "")
        rows = np.unique(np.array([row for row, _ in places], np.int64))
        columns = sorted({column for _, column in places})
        for chunk in self._layout.grid.chunks(self._layout.header_row):
            at = np.flatnonzero(np.isin(chunk.rows, rows))
            if not len(at):
                continue
            for column in columns:
                if column < len(chunk.cells):
                    texts = chunk.cells[column].take(pa.array(at)).to_pylist()
                    read = zip(chunk.rows[at].tolist(), texts, strict=True)
                    values.update({(row, column): text for row, text in read if (row, column) in values})
        return values


def whole_file(submission: Submission, says: str | None) -> Cell:
    """What a whole file says, where a figure counts files and not rows."""
    return Cell(submission.submission_id, submission.file_name, None, None, says, submission.dataset_id, None, None)
