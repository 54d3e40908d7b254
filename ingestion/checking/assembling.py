"""Problems made into issues with addresses and masked values; rows that are kept out made into JSON."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from ingestion.checking.rules import RowProblem
from ingestion.contracts import Contract
from ingestion.issues import Issue, entry, issue, mask
from ingestion.reading import Layout, RawChunk, address, column_letter

REJECTED = pa.schema(
    [("_sheet", pa.string()), ("_row", pa.int64()), ("content", pa.string()), ("codes", pa.list_(pa.string()))]
)
SHOWN_CHARACTERS = 120


def shown(text: str) -> str:
    """A value as a message shows it: one line, not endless."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[:SHOWN_CHARACTERS] + "…"


class Assembler:
    """Makes issues and rejected rows of one sheet."""

    def __init__(self, contract: Contract, layout: Layout) -> None:
        self._columns = {column.name: column for column in contract.columns}
        self._layout = layout
        self._sheet = layout.grid.name or None

    def cell(self, column: str, row: int) -> str | None:
        """A1 address of a contract column in a row; None where the sheet has no such column."""
        position = self._layout.positions.get(column)
        return None if position is None else address(position, row)

    def issues(self, chunk: RawChunk, data: np.ndarray, problems: Sequence[RowProblem]) -> list[Issue]:
        """Issues in the order of rows. `data`: indexes of the data rows within the raw chunk."""
        made = []
        for problem in sorted(problems, key=lambda found: found.at):
            raw_index = int(data[problem.at])
            made.append(self._issue(chunk, raw_index, problem))
        return made

    def _issue(self, chunk: RawChunk, raw_index: int, problem: RowProblem) -> Issue:
        column = self._columns[problem.column]
        row = int(chunk.rows[raw_index])
        position = self._layout.positions.get(problem.column)
        sent = "" if position is None or position >= len(chunk.cells) else chunk.cells[position][raw_index].as_py()
        value = mask(sent, column.format) if column.is_personal else shown(sent)
        params = {"label_th": column.label_th, "label_en": column.label_en, **problem.params}
        if column.is_personal and "read_as" in params:
            params["read_as"] = mask(params["read_as"])
        return issue(
            problem.code,
            sheet=self._sheet,
            row=row,
            column=problem.column,
            cell=self.cell(problem.column, row),
            value=value,
            severity=problem.severity,
            **params,
        )

    def rejected(self, chunk: RawChunk, data: np.ndarray, codes: Mapping[int, Sequence[str]]) -> pa.Table:
        """Rows kept out, whole and as sent. `codes`: index of a data row → its errors."""
        indexes = sorted(codes)
        raw = data[indexes] if indexes else data[:0]
        content = self._content(chunk, raw)
        return pa.table(
            {
                "_sheet": [self._layout.grid.name] * len(raw),
                "_row": chunk.rows[raw],
                "content": content,
                "codes": [list(dict.fromkeys(codes[i])) for i in indexes],
            },
            schema=REJECTED,
        )

    def _content(self, chunk: RawChunk, raw: np.ndarray) -> list[str]:
        if not len(raw):
            return []
        at = pa.array(raw)
        names = _unique_names(self._layout.headers, len(chunk.cells))
        columns = {name: _storable(cells.take(at)) for name, cells in zip(names, chunk.cells, strict=True)}
        kept = {name: texts for name, texts in columns.items() if name in self._layout.headers.values() or any(texts)}
        rows = zip(*kept.values(), strict=True)
        return [json.dumps(dict(zip(kept, row, strict=True)), ensure_ascii=False) for row in rows]


def _storable(texts: pa.Array) -> list[str]:
    """As sent, but for NUL, which PostgreSQL can't keep: it is shown by its picture."""
    return [text.replace("\0", "␀") for text in texts.to_pylist()]


def _unique_names(headers: Mapping[int, str], width: int) -> list[str]:
    """Header as sent per column, made unique with the column's letter; the letter alone where there is none."""
    names: list[str] = []
    for i in range(width):
        header = headers.get(i, "")
        names.append(header if header and header not in names else f"{header} {column_letter(i)}".strip())
    return names


def is_error(problem: RowProblem) -> bool:
    """Whether the row is kept out."""
    return (problem.severity or entry(problem.code).severity) == "error"
