"""One result type for every kind of column, and the way from a predicate to careful functions and back into Arrow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.cleaning.mending import Mend
from ingestion.cleaning.outcome import Careful, Outcome
from ingestion.issues import Severity

FEW_BREAKS = 20  # runs of cells are copied whole when they are that long on average
SAMPLE = 1024  # cells that tell whether a column repeats itself
MANY = 100  # fewer suspect cells are judged sooner than their column is mended


class Problem(NamedTuple):
    """A cell that is wrong or wants an explanation: index in the chunk, issue code, placeholders.

    `severity` overrides the catalogue's.
    """

    at: int
    code: str
    params: Mapping[str, str]
    severity: Severity | None = None


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
    judged = Cleaned(
        pa.array([outcome.value for outcome in outcomes], fast.type).take(encoded.indices),
        _problems(outcomes, which),
        _repairs(outcomes, which),
        None if extra is None else pa.array([outcome.extra for outcome in outcomes], extra.type).take(encoded.indices),
    )
    return _merged(Cleaned(fast, extra=extra), suspects, judged)


def mend_or_repair(
    raw: pa.Array,
    fast: pa.Array,
    suspects: np.ndarray,
    careful: Careful,
    extra: pa.Array | None = None,
    *,
    clean: "Cleaner",
    mends: Sequence[Mend],
) -> Cleaned:
    """Like `repair`, but where many cells are suspect, the commonest repairs are made in columns first.

    clean: the cleaner this is called from; the mended cells go through it again.
    """
    if len(suspects) < MANY:
        return repair(raw, fast, suspects, careful, extra)
    texts = raw.take(pa.array(suspects))
    changed = np.zeros(len(suspects), dtype=bool)
    made: dict[str, np.ndarray] = {}
    for mend in mends:
        hits = np.flatnonzero(matches(texts, mend.where))
        before = texts.take(pa.array(hits))
        after = mend.mended(before)
        at = hits[pc.not_equal(before, after).to_numpy(zero_copy_only=False)]
        if len(at):
            mask = np.zeros(len(texts), dtype=bool)
            mask[hits] = True
            texts = pc.replace_with_mask(texts, pa.array(mask), after)
            made[mend.code] = suspects[at]
            changed[at] = True
    if not changed.any():
        return repair(raw, fast, suspects, careful, extra)
    rest = repair(raw, fast, suspects[~changed], careful, extra)
    both = _merged(rest, suspects[changed], clean(texts.filter(pa.array(changed))))
    for code, at in made.items():
        both.repairs[code] = np.union1d(both.repairs[code], at) if code in both.repairs else at
    return both


def _merged(cleaned: Cleaned, at: np.ndarray, part: Cleaned) -> Cleaned:
    """`cleaned` with the cells `at` (ascending) taken from `part`."""
    mask = np.zeros(len(cleaned.values), dtype=bool)
    mask[at] = True
    everywhere = len(at) == len(mask)

    def put(into: pa.Array, values: pa.Array) -> pa.Array:
        return values if everywhere else pc.replace_with_mask(into, pa.array(mask), values)

    repairs = dict(cleaned.repairs)
    for code, found in part.repairs.items():
        repairs[code] = np.union1d(repairs[code], at[found]) if code in repairs else at[found]
    return Cleaned(
        put(cleaned.values, part.values),
        cleaned.problems + [problem._replace(at=int(at[problem.at])) for problem in part.problems],
        repairs,
        None if cleaned.extra is None or part.extra is None else put(cleaned.extra, part.extra),
    )


def _problems(outcomes: Sequence[Outcome], which: np.ndarray) -> list[Problem]:
    """Problems of all cells; `which`: the outcome of each cell."""
    wrong = np.array([outcome.problem is not None for outcome in outcomes], dtype=bool)
    problems = []
    for at in np.flatnonzero(wrong[which]).tolist():
        outcome = outcomes[which[at]]
        problems.append(Problem(at, str(outcome.problem), outcome.params))
    return problems


def _repairs(outcomes: Sequence[Outcome], which: np.ndarray) -> dict[str, np.ndarray]:
    """Cells by the repair made in them."""
    mended: dict[str, np.ndarray] = {}
    for number, outcome in enumerate(outcomes):
        for code in outcome.repairs:
            mended.setdefault(code, np.zeros(len(outcomes), dtype=bool))[number] = True
    return {code: np.flatnonzero(flags[which]) for code, flags in mended.items()}


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
    """uint8[len(rows), width]: the bytes of cells that are `width` bytes long. `rows`: ascending indexes."""
    if len(rows) == len(cells.offsets) - 1 and len(cells.data) == len(rows) * width:
        return cells.data.reshape(-1, width)
    if not len(rows):
        return np.zeros((0, width), np.uint8)
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    if len(breaks) * FEW_BREAKS > len(rows):
        gathered: np.ndarray = cells.data[cells.offsets[:-1][rows][:, None] + np.arange(width)]
        return gathered
    firsts, lasts = rows[np.concatenate(([0], breaks))], rows[np.concatenate((breaks - 1, [-1]))]
    starts, ends = cells.offsets[firsts].tolist(), cells.offsets[lasts + 1].tolist()
    return np.concatenate([cells.data[a:b] for a, b in zip(starts, ends, strict=True)]).reshape(-1, width)


def by_place(letters: np.ndarray) -> np.ndarray:
    """uint8[width, rows] of a `matrix`: each place of the texts is one run of memory, which is what makes it fast."""
    return np.ascontiguousarray(letters.T)


def matches(texts: pa.Array, pattern: str) -> np.ndarray:
    """bool per cell: RE2 finds the pattern."""
    found: np.ndarray = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return found


def matches_words(texts: pa.Array, pattern: str) -> np.ndarray:
    """Like `matches`; where texts come again, as names do, equal ones are judged once."""
    if len(texts.slice(0, SAMPLE).unique()) * 2 > SAMPLE:
        return matches(texts, pattern)
    coded = texts.dictionary_encode()
    found: np.ndarray = matches(coded.dictionary, pattern)[coded.indices.to_numpy()]
    return found


def where_null(values: pa.Array, null_at: np.ndarray) -> pa.Array:
    """The column with nulls at the marked cells."""
    return pc.if_else(pa.array(null_at), pa.scalar(None, values.type), values) if null_at.any() else values


Cleaner = Callable[[pa.Array], Cleaned]
