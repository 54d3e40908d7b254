"""What goes wrong in agencies' files, as a register: each entry spoils one cell and names the issue it must raise.

To add one: write a function that turns a cell's value into the spoilt one (None: not this cell) and register it with
the code of the issue catalogue. Everything else (choosing rows, addresses, truth) follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from chaidaen.simulate.identifiers import Texts, check_digits
from chaidaen.simulate.places import all_tambon, reference_rows
from chaidaen.simulate.rendering import Layout
from chaidaen.simulate.styles import Style
from ingestion.contracts import Column

_ID_LENGTH = 13
DUPLICATE_KEY = "duplicate_key"
NO_PERSON, REQUIRED_MISSING = "id_no_person", "required_missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to be spoilt."""

    value: object
    column: Column
    style: Style
    province_code: str
    rng: np.random.Generator
    uses: int  # how often this defect was already seeded in the file

    @property
    def text(self) -> str:
        return "" if self.value is None else str(self.value)

    @property
    def digits(self) -> str:
        """The 13 digits of an ID without its dashes, or "" when it is no citizen's number."""
        plain = self.text.replace("-", "")
        return plain if len(plain) == _ID_LENGTH and plain.isascii() and plain.isdigit() else ""

    def choose(self, *choices: str) -> str:
        return choices[int(self.rng.integers(len(choices)))]


Fits = Callable[[Column], bool]
Spoil = Callable[[Cell], object | None]


@dataclass(frozen=True, slots=True)
class Defect:
    """One kind of defect: `name` is ours, `code` the issue catalogue's."""

    name: str
    code: str
    fits: Fits
    spoil: Spoil


@dataclass(frozen=True, slots=True)
class Seeded:
    """A defect put into a table: row within the written chunk and column of the table, both from 0."""

    row: int
    column: int
    code: str


def _is(*, types: tuple[str, ...] = (), formats: tuple[str, ...] = (), level: str | None = None) -> Fits:
    return lambda c: (
        (not types or c.logical_type in types)
        and (not formats or c.format in formats)
        and (level is None or c.area_level == level)
    )


_integer, _number, _date = _is(types=("integer",)), _is(types=("integer", "number")), _is(types=("date",))
_person_id, _house_code = _is(formats=("thai_person_id",)), _is(formats=("house_code",))
_tambon, _village = _is(level="tambon"), _is(level="village")


def _codes(column: Column) -> bool:
    return bool(column.codes)


def _required(column: Column) -> bool:
    return column.required


def _free_text(column: Column) -> bool:
    return column.logical_type == "string" and not column.codes and column.format is None


def _exact_date(column: Column) -> bool:
    return column.logical_type == "date" and not column.keeps_precision


def _too_small(cell: Cell) -> object | None:
    return (
        None
        if cell.column.minimum is None
        else _as_number(int(cell.column.minimum) - int(cell.rng.integers(1, 9)), cell)
    )


def _too_large(cell: Cell) -> object | None:
    return (
        None
        if cell.column.maximum is None
        else _as_number(int(cell.column.maximum) + 1 + int(cell.rng.integers(1, 9)), cell)
    )


def _as_number(value: float, cell: Cell) -> object:
    return value if cell.style.kind == "xlsx" else str(value)


def _wrong_checksum(cell: Cell) -> str | None:
    return cell.digits[:12] + str((int(cell.digits[12]) + 1) % 10) if cell.digits else None


def _one_digit_repeated(cell: Cell) -> str | None:
    """1111111111119 and its like pass the checksum and are nobody; each only once, or they would be duplicates too."""
    if cell.uses >= 9:
        return None
    twelve = np.full((1, 12), cell.uses + 1)
    return str(cell.uses + 1) * 12 + str(check_digits(twelve)[0])


def _scientific(cell: Cell) -> str | None:
    digits = cell.text.replace("-", "")
    return f"{digits[0]}.{digits[1:3]}E+{len(digits) - 1}" if digits.isascii() and digits.isdigit() else None


def _masked(cell: Cell) -> str | None:
    d = cell.digits
    return f"{d[0]}-{d[1:5]}-xxxxx-{d[10:12]}-{d[12]}" if d else None


def _letter_o(cell: Cell) -> str | None:
    return cell.digits[:11] + "O" + cell.digits[12] if cell.digits else None


@cache
def _retired(province_code: str) -> tuple[str, ...]:
    """Retired tambon codes of a province whose one successor is a tambon of today."""
    today = {t.code for t in all_tambon()}
    return tuple(
        row["retired_code"]
        for row in reference_rows("retired_codes")
        if row["retired_code"].startswith(province_code) and row["replaced_by"] in today
    )


def _elsewhere(cell: Cell) -> str:
    others = [t.code for t in all_tambon() if t.province_code != cell.province_code]
    return cell.choose(*others)


def _decomposed(cell: Cell) -> str | None:
    spoilt = cell.text.replace("ำ", "ํา").replace("แ", "เเ")
    return spoilt if spoilt != cell.text else None


def _inside(cell: Cell, letter: str) -> str | None:
    middle = len(cell.text) // 2
    return cell.text[:middle] + letter + cell.text[middle:] if cell.text else None


def _with_unit(cell: Cell) -> str:
    return f"{cell.text} {'คน' if cell.column.logical_type == 'integer' else 'บาท'}"


DEFECTS: tuple[Defect, ...] = (
    Defect("required cell empty", REQUIRED_MISSING, _required, lambda c: ""),
    Defect("number in words", "not_a_number", _number, lambda c: c.choose("สามหมื่น", "หลายคน", "ประมาณสี่")),
    Defect("number with a unit", "not_a_number", _number, _with_unit),
    Defect("letters among digits", "not_a_number", _number, lambda c: f"{c.text}O"),
    Defect("fraction of a person", "not_an_integer", _integer, lambda c: _as_number(2.5, c)),
    Defect("number below range", "number_too_small", _number, _too_small),
    Defect("number above range", "number_too_large", _number, _too_large),
    Defect("ID destroyed by Excel", "number_destroyed", _person_id, _scientific),
    Defect("house code destroyed by Excel", "number_destroyed", _house_code, _scientific),
    Defect("formula error", "excel_error_value", _codes, lambda c: c.choose("#N/A", "#REF!", "#VALUE!")),
    Defect("value outside the list", "code_unknown", _codes, lambda c: c.choose("รอตรวจสอบ", "บางส่วน", "ดูหมายเหตุ")),
    Defect("date in words", "date_unreadable", _date, lambda c: c.choose("กลางปี 64", "หลังสงกรานต์", "จำไม่ได้แน่")),
    Defect("impossible day", "date_impossible", _date, lambda c: c.choose("31/2/2564", "31/4/2564", "30/2/2563")),
    Defect("neither Buddhist nor Christian year", "date_era_ambiguous", _exact_date, lambda c: "15/8/2300"),
    Defect("month before day", "date_day_month_ambiguous", _exact_date, lambda c: "03/25/2564"),
    Defect("year alone", "date_incomplete", _exact_date, lambda c: "2564"),
    Defect("letter in ID", "id_wrong_format", _person_id, _letter_o),
    Defect("ID one digit short", "id_wrong_length", _person_id, lambda c: c.digits[:12] or None),
    Defect("masked ID", "id_masked", _person_id, _masked),
    Defect("ID with a wrong check digit", "id_checksum", _person_id, _wrong_checksum),
    Defect("one digit repeated as ID", NO_PERSON, _person_id, _one_digit_repeated),
    Defect("house code one digit short", "house_code_wrong", _house_code, lambda c: c.text[:10]),
    Defect("code of no tambon", "area_code_unknown", _tambon, lambda c: f"{c.province_code}9999"),
    Defect("amphoe code for a tambon", "area_level_wrong", _tambon, lambda c: c.text[:4]),
    Defect("tambon of another province", "area_outside_province", _tambon, _elsewhere),
    Defect("retired tambon code", "area_code_retired", _tambon, lambda c: c.choose(*_retired(c.province_code))),
    Defect("unknown village", "village_code_unknown", _village, lambda c: f"{c.text[:6]}99" if c.text else None),
    Defect("text far too long", "text_too_long", _free_text,
           lambda c: "ยาว" * c.column.max_length if c.column.max_length else None),
    Defect("invisible letter", "text_invisible_characters", _free_text, lambda c: _inside(c, "\u200b")),
    Defect("vowels typed as two letters", "text_thai_composed", _free_text, _decomposed),
    Defect("spaces around", "spaces_trimmed", _free_text, lambda c: f"  {c.text} " if c.text else None),
)  # fmt: skip


def _codes_told(kind: Defect, column: Column) -> tuple[str, ...]:
    # A filler instead of an ID counts as no ID at all, which a required cell may not lack.
    if kind.code == NO_PERSON and column.required:
        return NO_PERSON, REQUIRED_MISSING
    return (kind.code,)


class Seeder:
    """Puts defects into the tables of one file, taking the kinds in turn so that all of them occur."""

    def __init__(self, province_code: str, layout: Layout, rng: np.random.Generator) -> None:
        self._province_code, self._layout, self._rng = province_code, layout, rng
        kinds: list[Defect | None] = [d for d in DEFECTS if any(d.fits(c) for c in layout.columns)]
        kinds.append(None)  # None: a row repeated
        self._kinds = [kinds[i] for i in rng.permutation(len(kinds))]
        self._turn = 0
        self._uses: dict[str, int] = {}

    def seed(self, columns: list[Texts], share: float) -> tuple[list[Texts], list[Seeded]]:
        """The chunk with about `share` of its rows spoilt (repeated rows come last), and what was spoilt where."""
        count = len(columns[0])
        chosen = self._rng.choice(count, size=int(self._rng.binomial(count, share)), replace=False)
        seeded: list[Seeded] = []
        repeated: list[int] = []
        for row in np.sort(chosen).tolist():
            spoilt = self._spoil(columns, row)
            seeded += spoilt
            if not spoilt:
                repeated.append(row)
        if repeated:
            columns = [np.concatenate([column, column[repeated]]) for column in columns]
            keys = self._unique_columns()
            seeded += [Seeded(count + i, key, DUPLICATE_KEY) for i in range(len(repeated)) for key in keys]
        return columns, seeded

    def _unique_columns(self) -> list[int]:
        """First column of everything that must be unique: where a repeated row is told."""
        rules = [rule.arguments["columns"] for rule in self._layout.contract.rules if rule.kind == "unique"]
        return sorted({self._layout.position(columns[0]) for columns in rules})

    def _spoil(self, columns: list[Texts], row: int) -> list[Seeded]:
        """Spoil one cell of the row with the next kind that can; nothing when the row is to be repeated instead."""
        for _ in range(len(self._kinds)):
            kind = self._kinds[self._turn % len(self._kinds)]
            self._turn += 1
            if kind is None:
                return []
            position = int(self._rng.choice([i for i, c in enumerate(self._layout.columns) if kind.fits(c)]))
            column = self._layout.columns[position]
            spoilt = self._spoilt_value(kind, columns[position][row], column)
            if spoilt is not None:
                columns[position][row] = spoilt
                self._uses[kind.name] = self._uses.get(kind.name, 0) + 1
                return [Seeded(row, position, code) for code in _codes_told(kind, column)]
        return []

    def _spoilt_value(self, kind: Defect, value: object, column: Column) -> object | None:
        style = self._layout.style
        spoilt = kind.spoil(Cell(value, column, style, self._province_code, self._rng, self._uses.get(kind.name, 0)))
        if isinstance(spoilt, str):
            try:
                spoilt.encode(style.encoding)
            except UnicodeEncodeError:
                return None  # this office's encoding can't even hold the mistake
        return spoilt
