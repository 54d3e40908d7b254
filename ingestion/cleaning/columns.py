"""One result type for every kind of column, and the way from a predicate to careful functions and back into Arrow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.cleaning.outcome import Careful


class Problem(NamedTuple):
    """A cell that is wrong or wants an explanation: index in the chunk, issue code, placeholders."""

    at: int
    code: str
    params: Mapping[str, str]


@dataclass(slots=True)
class Cleaned:
    """A column of typed values (null = nothing), problems in any order, indexes of repaired cells by code."""

    values: pa.Array
    problems: list[Problem] = field(default_factory=list)
    repairs: dict[str, np.ndarray] = field(default_factory=dict)
    extra: pa.Array | None = None


def repair(
    raw: pa.Array, fast: pa.Array, suspects: np.ndarray, careful: Careful, extra: pa.Array | None = None
) -> Cleaned:
    """Put the careful function's answers into `fast` at the suspect cells.

    raw: text; fast: values of the same length, whatever stands at suspects is overwritten; suspects: ascending indexes.
    Equal texts are judged once.
    """
    if not len(suspects):
        return Cleaned(fast, extra=extra)
    encoded = raw.take(pa.array(suspects)).dictionary_encode()
    outcomes = [careful(text) for text in encoded.dictionary.to_pylist()]
    which: np.ndarray = encoded.indices.to_numpy()
    mask = np.zeros(len(raw), dtype=bool)
    mask[suspects] = True

    def merged(into: pa.Array, texts: list[Any]) -> pa.Array:
        return pc.replace_with_mask(into, pa.array(mask), pa.array(texts, into.type).take(encoded.indices))

    repairs: dict[str, list[np.ndarray]] = {}
    problems: list[Problem] = []
    for number, outcome in enumerate(outcomes):
        if outcome.repairs or outcome.problem:
            at = suspects[which == number] if len(outcomes) > 1 else suspects
            for code in outcome.repairs:
                repairs.setdefault(code, []).append(at)
            if outcome.problem:
                problems += [Problem(int(i), outcome.problem, outcome.params) for i in at]
    return Cleaned(
        merged(fast, [outcome.value for outcome in outcomes]),
        problems,
        {code: np.sort(np.concatenate(found)) for code, found in repairs.items()},
        None if extra is None else merged(extra, [outcome.extra for outcome in outcomes]),
    )


# ---------------------------------------------------------------------------- bytes of a text column


class Bytes(NamedTuple):
    """The UTF-8 bytes of a text column: `data[offsets[i]:offsets[i + 1]]` is cell i."""

    offsets: np.ndarray
    data: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.offsets)


def bytes_of(texts: pa.Array) -> Bytes:
    """No copy; nulls count as empty."""
    _, offsets_buffer, data_buffer = texts.buffers()
    if len(texts) == 0 or data_buffer is None:
        return Bytes(np.zeros(len(texts) + 1, np.int32), np.zeros(0, np.uint8))
    offsets = np.frombuffer(offsets_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(data_buffer, np.uint8)[offsets[0] : offsets[-1]]
    return Bytes(offsets - offsets[0], data)


def byte_table(allowed: bytes) -> np.ndarray:
    """bool[256], True for every byte that is not allowed."""
    table = np.ones(256, dtype=bool)
    table[list(allowed)] = False
    return table


def rows_with(cells: Bytes, forbidden: np.ndarray) -> np.ndarray:
    """bool per cell: holds at least one forbidden byte."""
    rows = len(cells.offsets) - 1
    flags = forbidden[cells.data]
    if not flags.any():
        return np.zeros(rows, dtype=bool)
    before = np.concatenate((np.zeros(1, np.int32), np.cumsum(flags, dtype=np.int32)))
    counts: np.ndarray = before[cells.offsets[1:]] > before[cells.offsets[:-1]]
    return counts


def matrix(cells: Bytes, rows: np.ndarray, width: int) -> np.ndarray:
    """uint8[len(rows), width]: the bytes of cells that are `width` bytes long."""
    if len(rows) == len(cells.offsets) - 1 and len(cells.data) == len(rows) * width:
        return cells.data.reshape(-1, width)
    gathered: np.ndarray = cells.data[cells.offsets[:-1][rows][:, None] + np.arange(width)]
    return gathered


def matches(texts: pa.Array, pattern: str) -> np.ndarray:
    """bool per cell: RE2 finds the pattern."""
    found: np.ndarray = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found


def where_null(values: pa.Array, null_at: np.ndarray) -> pa.Array:
    """The column with nulls at the marked cells."""
    return pc.if_else(pa.array(null_at), pa.scalar(None, values.type), values) if null_at.any() else values


Cleaner = Callable[[pa.Array], Cleaned]
