"""A contract column made into one function: text as sent → typed values and problems."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.references import References
from ingestion.cleaning import mending
from ingestion.cleaning.areas import area_parser
from ingestion.cleaning.cleaners import (
    NOT_DIGIT,
    date_cleaner,
    decimal_cleaner,
    given_name_cleaner,
    house_code_cleaner,
    integer_cleaner,
    judged_cleaner,
    known_code_cleaner,
    person_id_cleaner,
    text_cleaner,
)
from ingestion.cleaning.columns import Cleaned, Cleaner, Problem, bytes_of, rows_with
from ingestion.cleaning.dates import BE_MINUS_CE
from ingestion.cleaning.outcome import Careful
from ingestion.cleaning.texts import agency_parser, code_parser
from ingestion.contracts import Column

INTEGER_BOUNDS: Mapping[str, int] = {"smallint": 2**15, "integer": 2**31, "int": 2**31, "bigint": 2**63}
DEFAULT_SCALE = 6
MAX_LISTED_CODES = 12
MAX_CELL_BYTES = 3 * 32_767  # as many Thai letters as Excel lets a cell hold
YES_NO: Mapping[str, bool] = {
    **dict.fromkeys(("true", "1", "yes", "y", "ใช่", "มี"), True),
    **dict.fromkeys(("false", "0", "no", "n", "ไม่ใช่", "ไม่มี"), False),
}
_NUMERIC = re.compile(r"(?:numeric|decimal)\((\d+)(?:,\s*(\d+))?\)")

Limit = Callable[[Cleaned], None]


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """Everything a contract says about one column that needs no other column."""

    column: Column
    clean: Cleaner
    type: pa.DataType
    limits: tuple[Limit, ...]

    def run(self, raw: pa.Array) -> Cleaned:
        """Clean, type and judge a chunk of the column; cells with an error become null."""
        endless = _endless(raw)
        cleaned = self.clean(_without(raw, endless) if len(endless) else raw)
        cleaned.problems += [Problem(int(i), "cell_too_long", {}) for i in endless]
        for limit in self.limits:
            limit(cleaned)
        if self.column.required:
            self._require(cleaned)
        return cleaned

    def _require(self, cleaned: Cleaned) -> None:
        if not cleaned.values.null_count:
            return
        # A filler instead of a needed number: no person, so no row.
        cleaned.problems = [p._replace(severity="error") if p.code == "id_no_person" else p for p in cleaned.problems]
        explained = {problem.at for problem in cleaned.problems}
        empty = np.flatnonzero(cleaned.values.is_null().to_numpy(zero_copy_only=False))
        cleaned.problems += [Problem(int(i), "required_missing", {}) for i in empty if int(i) not in explained]


def _endless(raw: pa.Array) -> np.ndarray:
    """Indexes of cells that are longer than any cell may be, and so are not worth a look at their content."""
    cells = bytes_of(raw)
    if len(cells.data) <= MAX_CELL_BYTES:
        return np.zeros(0, np.int64)
    found: np.ndarray = np.flatnonzero(cells.lengths > MAX_CELL_BYTES)
    return found


def _without(raw: pa.Array, at: np.ndarray) -> pa.Array:
    mask = np.zeros(len(raw), dtype=bool)
    mask[at] = True
    return pc.if_else(pa.array(mask), "", raw)


def column_check(column: Column, references: References, *, names_alone: bool = False) -> ColumnCheck:
    """Build the check of one column; done once per file. names_alone: unique names of places need no parents."""
    if column.codes:
        return ColumnCheck(column, judged_cleaner(_codes(column), pa.string()), pa.string(), ())
    if column.format == "area_code" and column.area_level:
        gazetteer = references.gazetteer if column.accept_names else None
        parse = area_parser(column.area_level, references.areas, references.retired, gazetteer, alone=names_alone)
        clean = known_code_cleaner(references.areas[column.area_level], parse, mending.OF_CODES)
        return ColumnCheck(column, clean, pa.string(), ())
    if column.references == "agencies.agency_id":
        parse = agency_parser(references.agencies)
        return ColumnCheck(column, known_code_cleaner(references.agencies, parse), pa.string(), ())
    build = _BY_FORMAT.get(column.format or "") or _BY_TYPE[column.logical_type]
    return build(column)


def _codes(column: Column) -> Careful:
    spellings = {spelling: code.value for code in column.codes for spelling in code.spellings}
    return code_parser(
        spellings, _listed([c.label_th for c in column.codes]), _listed([c.label_en for c in column.codes])
    )


def _listed(labels: list[str]) -> str:
    return ", ".join(labels[:MAX_LISTED_CODES]) + (" …" if len(labels) > MAX_LISTED_CODES else "")


def _dash_is_zero(column: Column) -> bool:
    """Where a figure must stand, a dash counts none; of a score it says that there is none."""
    return column.required and column.unit != "points"


def _integer(column: Column) -> ColumnCheck:
    clean = integer_cleaner(dash_is_zero=_dash_is_zero(column), percent=column.unit == "pct")
    top = INTEGER_BOUNDS.get(column.physical_type.lower(), 2**63) - 1
    return ColumnCheck(column, clean, pa.int64(), _bounds(column, -top - 1, top, pa.int64()))


def _number(column: Column) -> ColumnCheck:
    found = _NUMERIC.fullmatch(column.physical_type.lower().replace(" ", ""))
    scale = int(found[2] or 0) if found else DEFAULT_SCALE
    top = Decimal(10) ** (int(found[1]) - scale) - Decimal(1).scaleb(-scale) if found else Decimal(10) ** 20
    type_ = pa.decimal128(38, scale)
    clean = decimal_cleaner(scale, dash_is_zero=_dash_is_zero(column), percent=column.unit == "pct")
    return ColumnCheck(column, clean, type_, _bounds(column, -top, top, type_))


def _date(column: Column) -> ColumnCheck:
    clean = date_cleaner(keeps_precision=column.keeps_precision)
    return ColumnCheck(column, clean, pa.date32(), (_days(column),))


def _boolean(column: Column) -> ColumnCheck:
    parse = code_parser(YES_NO, "ใช่, ไม่ใช่", "yes, no")
    return ColumnCheck(column, judged_cleaner(parse, pa.bool_()), pa.bool_(), ())


def _string(column: Column) -> ColumnCheck:
    return ColumnCheck(column, text_cleaner(), pa.string(), _text_limits(column))


def _text_limits(column: Column) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    if column.pattern is not None and column.min_length and column.min_length == column.max_length:
        limits.append(_zeros(column.min_length, re.compile(column.pattern)))
    if column.min_length is not None:
        limits.append(_length("text_too_short", column.min_length, pc.less))
    if column.max_length is not None:
        limits.append(_length("text_too_long", column.max_length, pc.greater))
    if column.pattern is not None:
        limits.append(_pattern(column))
    return tuple(limits)


_BY_FORMAT: Mapping[str, Callable[[Column], ColumnCheck]] = {
    "thai_person_id": lambda column: ColumnCheck(column, person_id_cleaner(), pa.string(), ()),
    "house_code": lambda column: ColumnCheck(column, house_code_cleaner(), pa.string(), ()),
    "given_name": lambda column: ColumnCheck(column, given_name_cleaner(), pa.string(), _text_limits(column)),
}
_BY_TYPE: Mapping[str, Callable[[Column], ColumnCheck]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
}


# ---------------------------------------------------------------------------- limits on typed values


def _refuse(cleaned: Cleaned, failing: pa.Array, code: str, params: Mapping[str, str]) -> None:
    """Report the cells where `failing` is true (null counts as fine) and take their values out."""
    if not pc.any(failing).as_py():
        return
    at: np.ndarray = pc.fill_null(failing, fill_value=False).to_numpy(zero_copy_only=False)
    cleaned.problems += [Problem(int(i), code, params) for i in np.flatnonzero(at)]
    cleaned.values = pc.if_else(pa.array(at), pa.scalar(None, cleaned.values.type), cleaned.values)


def _bounds(column: Column, low: int | Decimal, high: int | Decimal, type_: pa.DataType) -> tuple[Limit, ...]:
    """The tighter of the contract's limits and what the column of the database can hold."""
    if column.minimum is not None:
        low = max(low, Decimal(str(column.minimum)))
    if column.maximum is not None:
        high = min(high, Decimal(str(column.maximum)))

    def scalar(limit: int | Decimal) -> pa.Scalar:
        return pa.scalar(int(limit)) if pa.types.is_integer(type_) else pa.scalar(limit, type_)

    lowest, highest = scalar(low), scalar(high)

    def check(cleaned: Cleaned) -> None:
        ends = pc.min_max(cleaned.values)
        if ends["min"].is_valid and ends["min"].as_py() < low:
            _refuse(cleaned, pc.less(cleaned.values, lowest), "number_too_small", {"limit": f"{low:,f}"})
        if ends["max"].is_valid and ends["max"].as_py() > high:
            _refuse(cleaned, pc.greater(cleaned.values, highest), "number_too_large", {"limit": f"{high:,f}"})

    return (check,)


def _days(column: Column) -> Limit:
    """The contract's first and last day; a date known to the year or month counts by its first day."""
    first, last = column.first_day, column.last_day

    def check(cleaned: Cleaned) -> None:
        ends = pc.min_max(cleaned.values)
        if first and ends["min"].is_valid and ends["min"].as_py() < first:
            early = pc.less(cleaned.values, pa.scalar(first))
            _refuse(cleaned, early, "date_too_early", {"limit": buddhist(first)})
        if last and ends["max"].is_valid and ends["max"].as_py() > last:
            late = pc.greater(cleaned.values, pa.scalar(last))
            _refuse(cleaned, late, "date_too_late", {"limit": buddhist(last)})

    return check


def buddhist(day: dt.date) -> str:
    """15/08/2562, as the reports write days."""
    return f"{day:%d/%m}/{day.year + BE_MINUS_CE}"


def _zeros(width: int, pattern: re.Pattern[str]) -> Limit:
    """Give digits that are too short their zeros back, where the pattern lets nothing but zeros stand there."""

    def certain(text: str) -> str | None:
        padded, lost = text.zfill(width), width - len(text)
        others = (padded[:i] + digit + padded[i + 1 :] for i in range(lost) for digit in "123456789")
        return padded if pattern.search(padded) and not any(pattern.search(other) for other in others) else None

    def check(cleaned: Cleaned) -> None:
        cells = bytes_of(cleaned.values)
        short = np.flatnonzero((cells.lengths < width) & (cells.lengths > 0) & ~rows_with(cells, NOT_DIGIT))
        texts = cleaned.values.take(pa.array(short)).to_pylist()
        mended = {int(at): padded for at, text in zip(short, texts, strict=True) if (padded := certain(text))}
        if mended:
            at = np.array(list(mended))
            mask = np.zeros(len(cleaned.values), dtype=bool)
            mask[at] = True
            cleaned.values = pc.replace_with_mask(cleaned.values, pa.array(mask), pa.array(list(mended.values())))
            cleaned.repairs["leading_zeros_restored"] = at

    return check


def _length(code: str, limit: int, failing: Callable[[pa.Array, int], pa.Array]) -> Limit:
    def check(cleaned: Cleaned) -> None:
        lengths = pc.utf8_length(cleaned.values)
        at = failing(lengths, limit)
        if pc.any(at).as_py():
            for i in np.flatnonzero(pc.fill_null(at, fill_value=False).to_numpy(zero_copy_only=False)):
                cleaned.problems.append(Problem(int(i), code, {"limit": str(limit), "found": str(lengths[int(i)])}))
            _refuse_silently(cleaned, at)

    return check


def _refuse_silently(cleaned: Cleaned, at: pa.Array) -> None:
    cleaned.values = pc.if_else(
        pc.fill_null(at, fill_value=False), pa.scalar(None, cleaned.values.type), cleaned.values
    )


def _pattern(column: Column) -> Limit:
    """A contract's pattern; those that RE2 does not know (look-around) are judged per distinct text."""
    pattern = str(column.pattern)
    params = {
        "help_th": column.help_th or pattern,
        "help_en": column.help_en or pattern,
    }
    compiled = re.compile(pattern)

    def check(cleaned: Cleaned) -> None:
        try:
            found = pc.match_substring_regex(cleaned.values, pattern)
        except pa.ArrowInvalid:
            encoded = cleaned.values.dictionary_encode()
            judged = [compiled.search(text) is not None for text in encoded.dictionary.to_pylist()]
            found = pa.array(judged, pa.bool_()).take(encoded.indices)
        _refuse(cleaned, pc.invert(found), "pattern_mismatch", params)

    return check
