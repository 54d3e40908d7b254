"""What the cells of a column are, once cleaned as the check would clean them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.columns import YES_NO
from ingestion.cleaning.cleaners import date_cleaner, decimal_cleaner, integer_cleaner, text_cleaner
from ingestion.cleaning.columns import Cleaned, matches
from ingestion.contracts.model import LogicalType

READS = 0.9  # share of the filled cells; a sample has its slips too
MAX_CODES = 12
MAX_CODE_LENGTH = 40
ROWS_PER_CODE = 3
MAX_SCALE = 6
_LARGEST_INTEGER = 2**31 - 1
_LENGTHS = (30, 100, 300, 1_000)


@dataclass(frozen=True, slots=True)
class Guess:
    """`codes`: the distinct values of a short list, in the order of how often they come."""

    logical_type: LogicalType
    physical_type: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    codes: tuple[str, ...] = ()
    unit: str | None = None


def is_required(cells: pa.Array) -> bool:
    """No cell is empty; a dash is."""
    return bool(len(cells) and text_cleaner()(cells).values.null_count == 0)


def are_distinct(columns: list[pa.Array]) -> bool:
    """No two rows hold the same in all of these columns."""
    table = pa.table({str(i): text_cleaner()(cells).values for i, cells in enumerate(columns)})
    return bool(table.group_by(table.column_names).aggregate([]).num_rows == table.num_rows)


def guess(cells: pa.Array, unit: str | None) -> Guess:
    """Type and limits of a column that tells of no person. unit: what its header says."""
    texts = text_cleaner()(cells).values
    filled = texts.filter(texts.is_valid())
    if unit is None and len(filled) and matches(filled, r"%\s*$").mean() >= READS:
        unit = "pct"
    if not len(filled):
        return _text(filled)
    if not matches(filled, r"^[0๐][0-9๐-๙]").any():  # a zero in front is part of a code
        for reading in (_integer, _number):
            if (found := reading(filled, unit)) is not None:
                return found
    if _reads(date_cleaner(keeps_precision=False)(filled), filled):
        return Guess("date", "date")
    if set(pc.utf8_lower(filled).unique().to_pylist()) <= YES_NO.keys():
        return Guess("boolean", "boolean")
    return _text(filled)


def _reads(cleaned: Cleaned, filled: pa.Array) -> bool:
    return bool(cleaned.values.null_count <= (1 - READS) * len(filled))


def _integer(filled: pa.Array, unit: str | None) -> Guess | None:
    cleaned = integer_cleaner(dash_is_zero=False, percent=unit == "pct")(filled)
    if not _reads(cleaned, filled) or any(problem.code == "not_an_integer" for problem in cleaned.problems):
        return None
    ends = pc.min_max(cleaned.values).as_py()
    is_long = max(abs(ends["min"]), abs(ends["max"])) > _LARGEST_INTEGER
    physical, width = ("bigint", "i64") if is_long else ("integer", "i32")
    return Guess("integer", physical, {**_limits(ends, unit, int), "format": width}, unit=unit)


def _number(filled: pa.Array, unit: str | None) -> Guess | None:
    cleaned = decimal_cleaner(MAX_SCALE, dash_is_zero=False, percent=unit == "pct")(filled)
    if not _reads(cleaned, filled):
        return None
    values = cleaned.values.filter(cleaned.values.is_valid())
    scale = next(
        n for n in range(2, MAX_SCALE + 1) if n == MAX_SCALE or pc.all(pc.equal(pc.round(values, n), values)).as_py()
    )
    physical = f"numeric({5 if unit == 'pct' else 16},{2 if unit == 'pct' else scale})"
    return Guess("number", physical, _limits(pc.min_max(values).as_py(), unit, float), unit=unit)


def _limits(ends: Mapping[str, Any], unit: str | None, number: type[int] | type[float]) -> dict[str, int | float]:
    """Only what is plain: a percentage ends at 100, and what is never negative may not be."""
    if ends["min"] < 0:
        return {}
    return {"minimum": number(0)} | ({"maximum": number(100)} if unit == "pct" and ends["max"] <= 100 else {})


def _text(filled: pa.Array) -> Guess:
    longest = pc.max(pc.utf8_length(filled)).as_py() or 0
    room = next((length for length in _LENGTHS if longest <= length), 4_000)
    return Guess("string", "text", {"maxLength": room}, _codes(filled, longest))


def _codes(filled: pa.Array, longest: int) -> tuple[str, ...]:
    counted = sorted(filled.value_counts().to_pylist(), key=lambda one: (-one["counts"], one["values"]))
    is_list = 2 <= len(counted) <= MAX_CODES and ROWS_PER_CODE * len(counted) <= len(filled)
    return tuple(one["values"] for one in counted) if is_list and longest <= MAX_CODE_LENGTH else ()
