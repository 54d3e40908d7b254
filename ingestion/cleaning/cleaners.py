"""The fast way of each kind of column: functions text column → Cleaned, equal cell by cell to their careful ones."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.cleaning import mending
from ingestion.cleaning.columns import (
    Bytes,
    Cleaned,
    Cleaner,
    by_place,
    byte_table,
    bytes_of,
    matches,
    matches_words,
    matrix,
    mend_or_repair,
    repair,
    rows_with,
    where_null,
)
from ingestion.cleaning.dates import BE_MINUS_CE, date_parser
from ingestion.cleaning.identifiers import HOUSE_DIGITS, ID_DIGITS, parse_house_code, parse_person_id
from ingestion.cleaning.mending import Mend
from ingestion.cleaning.numbers import number_parser
from ingestion.cleaning.outcome import Careful
from ingestion.cleaning.texts import SUSPICIOUS_NAME, SUSPICIOUS_TEXT, parse_given_name, parse_text

DIGITS = b"0123456789"
NOT_DIGIT = byte_table(DIGITS)
_NOT_ALNUM = byte_table(DIGITS + bytes(range(65, 91)) + bytes(range(97, 123)))
_SAFE_INT_DIGITS = 18
_ZERO = np.uint8(ord("0"))
_DASH, _SLASH = ((ord(mark) - ord("0")) % 256 for mark in "-/")  # as bytes counted from "0"
_CACHED = 1 << 16
_FIRST_YEAR, _LAST_YEAR = 1857, 2100  # 2400-2600 of the Buddhist era, 1900-2100 of the Christian
# Days since 1970 on which each month begins, and the one after the last.
_MONTH_STARTS = np.arange(f"{_FIRST_YEAR}-01", f"{_LAST_YEAR + 1}-02", dtype="M8[M]").astype("M8[D]").astype(np.int32)


def given_name_cleaner() -> Cleaner:
    """Given names, without a title."""
    return text_cleaner(SUSPICIOUS_NAME, parse_given_name)


def text_cleaner(suspicious: str = SUSPICIOUS_TEXT, careful: Careful = parse_text) -> Cleaner:
    """Free text; "" and a dash are null."""

    def clean(raw: pa.Array) -> Cleaned:
        cells = bytes_of(raw)
        fast = where_null(raw, cells.lengths == 0)
        if not _NOT_ALNUM[cells.data].any():
            return Cleaned(fast)
        suspects = np.flatnonzero(matches_words(raw, suspicious))
        return mend_or_repair(raw, fast, suspects, careful, clean=clean, mends=mending.OF_TEXT)

    return clean


def integer_cleaner(*, dash_is_zero: bool, percent: bool) -> Cleaner:
    """Whole numbers as int64."""
    careful = number_parser(scale=None, dash_is_zero=dash_is_zero, percent=percent)

    def clean(raw: pa.Array) -> Cleaned:
        cells = bytes_of(raw)
        suspect = rows_with(cells, NOT_DIGIT) | (cells.lengths > _SAFE_INT_DIGITS)
        fast = where_null(raw, suspect | (cells.lengths == 0)).cast(pa.int64())
        return mend_or_repair(raw, fast, np.flatnonzero(suspect), careful, clean=clean, mends=mending.OF_NUMBERS)

    return clean


def decimal_cleaner(scale: int, *, dash_is_zero: bool, percent: bool) -> Cleaner:
    """Exact numbers as decimal128(38, scale)."""
    careful = number_parser(scale=scale, dash_is_zero=dash_is_zero, percent=percent)
    decimals = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    plain = f"^[0-9]{{1,18}}{decimals}$"

    def clean(raw: pa.Array) -> Cleaned:
        cells = bytes_of(raw)
        empty = cells.lengths == 0
        suspect = ~(matches(raw, plain) | empty)
        fast = where_null(raw, suspect | empty).cast(pa.decimal128(38, scale))
        return mend_or_repair(raw, fast, np.flatnonzero(suspect), careful, clean=clean, mends=mending.OF_NUMBERS)

    return clean


def date_cleaner(*, keeps_precision: bool) -> Cleaner:
    """Dates as date32, with a column of precisions where the contract keeps them."""
    careful = lru_cache(maxsize=_CACHED)(date_parser(keeps_precision=keeps_precision))

    def clean(raw: pa.Array) -> Cleaned:
        cells = bytes_of(raw)
        days, known = _fixed_width_dates(cells)
        fast = pa.array(days, pa.int32(), mask=~known).cast(pa.date32())
        extra = None
        if keeps_precision:
            extra = pc.if_else(pa.array(known), pa.scalar("day"), pa.scalar(None, pa.string()))
        suspects = np.flatnonzero(~known & (cells.lengths > 0))
        return mend_or_repair(raw, fast, suspects, careful, extra, clean=clean, mends=mending.OF_DATES)

    return clean


def _fixed_width_dates(cells: Bytes) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970 of cells written 2562-08-15 or 15/08/2562 (also with CE years), and which cells those are."""
    days = np.zeros(len(cells.offsets) - 1, np.int32)
    known = np.zeros(len(days), dtype=bool)
    rows = np.flatnonzero(cells.lengths == 10)
    if not len(rows):
        return days, known
    digits = by_place(matrix(cells, rows, 10)) - _ZERO  # uint8: whatever is no digit is above 9
    is_digit = digits <= 9
    for mark, marks, (y, m, d) in ((_DASH, (4, 7), (0, 5, 8)), (_SLASH, (2, 5), (6, 3, 0))):
        form = (digits[marks[0]] == mark) & (digits[marks[1]] == mark)
        if not form.any():
            continue
        for place in {*range(10)} - {*marks}:
            form &= is_digit[place]
        whole = form.all()
        part = (digits if whole else digits[:, form]).astype(np.int16)
        year = part[y] * 1000 + part[y + 1] * 100 + part[y + 2] * 10 + part[y + 3]
        month, day = part[m] * 10 + part[m + 1], part[d] * 10 + part[d + 1]
        year = np.where((year >= 2400) & (year <= 2600), year - BE_MINUS_CE, year)
        sure = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
        sure &= (part[y] == 2) | (year >= 1900)
        month_number = np.where(sure, (year - _FIRST_YEAR) * 12 + month - 1, 0)
        first = _MONTH_STARTS[month_number]
        sure &= day <= _MONTH_STARTS[month_number + 1] - first
        at = rows if whole else rows[form]
        days[at] = first + day - 1
        known[at] = sure
    return days, known


_KINDS = pa.array(["citizen", "alien_or_unregistered", "missing"])


def person_id_cleaner() -> Cleaner:
    """Identifiers of people, with their kinds as `extra`."""

    def clean(raw: pa.Array) -> Cleaned:
        cells = bytes_of(raw)
        good = np.zeros(len(raw), dtype=bool)
        kind = np.full(len(raw), 2, np.int8)
        rows = np.flatnonzero(cells.lengths == ID_DIGITS)
        if len(rows):
            digits = by_place(matrix(cells, rows, ID_DIGITS)) - _ZERO
            weighed = sum(digits[i].astype(np.int16) * np.int16(ID_DIGITS - i) for i in range(ID_DIGITS - 1))
            good[rows] = (
                (digits.max(axis=0) <= 9) & ((11 - weighed % 11) % 10 == digits[-1]) & ~_steps_are_equal(digits)
            )
            kind[rows] = np.isin(digits[0], (0, 6, 7, 8))
        suspects = np.flatnonzero(~good & (cells.lengths > 0))
        kinds = _KINDS.take(pa.array(np.where(good, kind, 2)))
        fast = where_null(raw, ~good)
        return mend_or_repair(raw, fast, suspects, parse_person_id, kinds, clean=clean, mends=mending.OF_CODES)

    return clean


def _steps_are_equal(digits: np.ndarray) -> np.ndarray:
    """Numbers that begin in equal or counting steps: fillers, which are rare, so the careful function judges them."""
    steps = digits[1:7] - digits[:6]  # of bytes, round the corner
    equal: np.ndarray = (steps == steps[0]).all(axis=0)
    return equal


def house_code_cleaner() -> Cleaner:
    """House codes of eleven digits."""

    def clean(raw: pa.Array) -> Cleaned:
        cells = bytes_of(raw)
        good = (cells.lengths == HOUSE_DIGITS) & ~rows_with(cells, NOT_DIGIT)
        rows = np.flatnonzero(good)
        if len(rows):
            good[rows] = ~_steps_are_equal(by_place(matrix(cells, rows, HOUSE_DIGITS)))
        suspects = np.flatnonzero(~good & (cells.lengths > 0))
        fast = where_null(raw, ~good)
        return mend_or_repair(raw, fast, suspects, parse_house_code, clean=clean, mends=mending.OF_CODES)

    return clean


def known_code_cleaner(codes: frozenset[str], careful: Careful, mends: Sequence[Mend] = ()) -> Cleaner:
    """Codes of a long list (areas): those in the list pass, the others are looked at."""
    in_force = pa.array(sorted(codes), pa.string())

    def clean(raw: pa.Array) -> Cleaned:
        good: np.ndarray = pc.is_in(raw, value_set=in_force).to_numpy(zero_copy_only=False)
        suspects = np.flatnonzero(~good & (bytes_of(raw).lengths > 0))
        fast = where_null(raw, ~good)
        return mend_or_repair(raw, fast, suspects, careful, clean=clean, mends=mends)

    return clean


def judged_cleaner(careful: Careful, value_type: pa.DataType) -> Cleaner:
    """Few distinct texts (code lists): the dictionary is judged, not the rows."""

    def clean(raw: pa.Array) -> Cleaned:
        encoded = raw.dictionary_encode()
        outcomes = [careful(text) for text in encoded.dictionary.to_pylist()]
        fast = pa.array([outcome.value for outcome in outcomes], value_type).take(encoded.indices)
        odd = [i for i, outcome in enumerate(outcomes) if outcome.repairs or outcome.problem]
        if not odd:
            return Cleaned(fast)
        suspects = np.flatnonzero(np.isin(encoded.indices.to_numpy(), odd))
        return repair(raw, fast, suspects, careful)

    return clean
