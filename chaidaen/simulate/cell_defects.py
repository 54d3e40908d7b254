"""What goes wrong in single cells of agencies' files, as a register: each entry spoils one cell and names its issue.

To add one: write a function that turns a cell's value into the spoilt one (None: not this cell) and register it with
the code of the issue catalogue. Everything else (choosing rows, addresses, truth) follows.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from chaidaen.simulate import fitting as on
from chaidaen.simulate.identifiers import check_digits
from chaidaen.simulate.people import BE
from chaidaen.simulate.places import all_tambon, reference_rows
from chaidaen.simulate.styles import Style, read_date
from ingestion.contracts import Column, Contract
from ingestion.contracts.model import rule_columns
from ingestion.issues import entry

_ID_LENGTH = 13
_ANY_PROVINCE = "94"
_MONTHS = 12
_DAY_0_OF_EXCEL = datetime.date(1899, 12, 30)
DUPLICATE_KEY = "duplicate_key"
NO_PERSON, REQUIRED_MISSING = "id_no_person", "required_missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to be spoilt."""

    value: object
    column: Column
    style: Style
    province_code: str  # of the sender; "" for a regional one, whose rows may lie in any of the provinces
    rng: np.random.Generator
    uses: int  # how often this defect was already seeded in the file

    @property
    def text(self) -> str:
        return "" if self.value is None else str(self.value)

    @property
    def day(self) -> datetime.date | None:
        """The day of a date known to the day."""
        return read_date(self.value)

    @property
    def digits(self) -> str:
        """The 13 digits of an ID without its dashes, or "" when it is no citizen's number."""
        plain = self.text.replace("-", "")
        return plain if len(plain) == _ID_LENGTH and plain.isascii() and plain.isdigit() else ""

    def choose(self, *choices: str) -> str:
        return choices[int(self.rng.integers(len(choices)))]


Spoil = Callable[[Cell], object | None]


# Issues that only a contract raises which holds the column against the folder.
_MATCHED_WITH_FOLDER = {"area_outside_province": "province_code_from", "row_of_other_agency": "agency_id_from"}
_LEAVES_NOTHING = {"nil_as_empty"}
_CHANGES_A_FIGURE = {"decimals_rounded", "dash_as_zero"}


@dataclass(frozen=True, slots=True)
class Defect:
    """One kind of defect: `name` is ours, `code` the issue catalogue's."""

    name: str
    code: str
    fits: on.Fits
    spoil: Spoil
    also: tuple[str, ...] = ()  # further issues the same cell must raise

    def befalls(self, column: Column, contract: Contract) -> bool:
        """Whether a cell of the column raises this defect's issues and no rule of the contract others beside them."""
        if self.code in _MATCHED_WITH_FOLDER:
            matched = contract.content_must_match.get(_MATCHED_WITH_FOLDER[self.code])
            return self.fits(column) and matched == column.name
        if self.code == "area_name_ambiguous" and any(other.area_level == "amphoe" for other in contract.columns):
            return False  # told apart by its amphoe
        rules = {rule.kind for rule in contract.rules if column.name in rule_columns(rule)}
        if self.code in _LEAVES_NOTHING and rules & {"required_if", "any_filled", "not_null", "asked_in_periods"}:
            return False
        if "any_filled" in rules and entry(self.code).severity != "repaired":
            return False
        tied = rules & {"sum_equals", "sum_at_most", "level_of"}
        return self.fits(column) and not (tied and self.code in _CHANGES_A_FIGURE)


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
def _retired(province_code: str) -> dict[str, str]:
    """Retired tambon codes of a province whose one successor is a tambon of today, with that successor."""
    today, rows = {t.code for t in all_tambon()}, reference_rows("retired_codes")
    times = Counter(row["retired_code"] for row in rows)
    return {
        row["retired_code"]: row["replaced_by"]
        for row in rows
        if row["retired_code"].startswith(province_code) and row["replaced_by"] in today
        and times[row["retired_code"]] == 1
    }  # fmt: skip


@cache
def _retired_for_good(province_code: str) -> tuple[str, ...]:
    """Retired tambon codes of a province that no single tambon follows."""
    of_tambon = {row["retired_code"] for row in reference_rows("retired_codes") if len(row["retired_code"]) == 6}
    return tuple(sorted(c for c in of_tambon if c.startswith(province_code) and c not in _retired(province_code)))


def _retired_code(cell: Cell) -> str | None:
    """Where no two rows may share a code, only the one that became the row's own."""
    codes = [old for old, new in _retired(cell.province_code).items() if not cell.column.unique or new == cell.text]
    return cell.choose(*codes) if codes else None


def _retired_unmapped(cell: Cell) -> str | None:
    codes = _retired_for_good(cell.province_code)
    return cell.choose(*codes) if codes and not cell.column.unique else None


def _elsewhere(cell: Cell) -> str | None:
    others = [t.code for t in all_tambon() if t.province_code != cell.province_code]
    return cell.choose(*others) if cell.province_code else None


def _decomposed(cell: Cell) -> str | None:
    spoilt = cell.text.replace("ำ", "ํา").replace("แ", "เเ")
    return spoilt if spoilt != cell.text else None


def _inside(cell: Cell, letter: str) -> str | None:
    middle = len(cell.text) // 2
    return cell.text[:middle] + letter + cell.text[middle:] if cell.text else None


def _with_unit(cell: Cell) -> str:
    return f"{cell.text} {'คน' if cell.column.logical_type == 'integer' else 'บาท'}"


_TO_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def _thai_digits(cell: Cell) -> str | None:
    plain = cell.text.isascii() and cell.text.isdigit()
    return cell.text.translate(_TO_THAI_DIGITS) if plain and not cell.style.thai_digits else None


def _with_commas(cell: Cell) -> str | None:
    plain = cell.text.isascii() and cell.text.isdigit() and not cell.style.thousands_commas
    return f"{int(cell.text):,}" if plain and int(cell.text) >= 1000 else None


def _more_decimals(cell: Cell) -> object | None:
    plain = cell.text.isascii() and cell.text.isdigit() and not cell.style.thousands_commas
    kept = re.search(r",\s*([0-9]+)", cell.column.physical_type)
    return _as_number(float(f"{cell.text}.{'1' * int(kept[1] if kept else 0)}39"), cell) if plain else None


def _day_number(cell: Cell) -> object | None:
    """The day as Excel counts days, when the cell lost its date format."""
    day = cell.day
    return _as_number((day - _DAY_0_OF_EXCEL).days, cell) if day else None


def _two_digit_year(cell: Cell) -> str | None:
    day = cell.day
    return f"{day.day}/{day.month}/{(day.year + BE) % 100}" if day else None


def _month_before_day(cell: Cell) -> str | None:
    """As Americans write it; only a day after the twelfth shows it."""
    day = cell.day
    return f"{day.month:02d}/{day.day:02d}/{day.year + BE}" if day and day.day > _MONTHS else None


def _year_alone(cell: Cell) -> str | None:
    return str(cell.day.year + BE) if cell.day else None


def _letters_o(cell: Cell) -> str | None:
    return cell.text.replace("0", "O") if "0" in cell.text else None


def _spaced_id(cell: Cell) -> str | None:
    d = cell.digits
    return " ".join((d[0], d[1:5], d[5:10], d[10:12], d[12])) if d and not cell.style.dashed_ids else None


def _apostrophe(cell: Cell) -> str | None:
    return f"'{cell.digits}" if cell.digits and not cell.style.dashed_ids else None


def _starred(cell: Cell) -> str | None:
    return cell.digits[:4] + "*" * 8 + cell.digits[12] if cell.digits else None


def _doubled_mark(cell: Cell) -> str | None:
    mark = next((letter for letter in cell.text if letter in "่้๊๋ิีึืุู์"), None)
    return cell.text.replace(mark, mark * 2, 1) if mark else None


def _in_two_lines(cell: Cell) -> str | None:
    """Alt+Enter inside a cell: in a text file the row then takes two lines and is one row all the same."""
    # At the end: in the middle it could part a vowel from its consonant, which is another mistake.
    return f"{cell.text}\nรอตรวจ" if cell.text else None


def _too_early(cell: Cell) -> str | None:
    first = cell.column.first_day
    return f"15/3/{first.year + BE - 3}" if first else None


def _too_late(cell: Cell) -> str | None:
    last = cell.column.last_day
    return f"15/3/{last.year + BE + 3}" if last else None


def _agency_misspelt(cell: Cell) -> str | None:
    return cell.text.replace("office", "ofice") if "office" in cell.text else None


def _without_zeros(cell: Cell) -> str | None:
    return cell.text.lstrip("0") if cell.text.startswith("0") else None


@cache
def _place_names() -> dict[str, tuple[str, str]]:
    """Tambon code → its Thai name and its amphoe's."""
    amphoe = {row["amphoe_code"]: row["name_th"] for row in reference_rows("amphoe")}
    return {t.code: (t.name_th, amphoe[t.amphoe_code]) for t in all_tambon()}


def _named_place(cell: Cell) -> str | None:
    names = _place_names().get(cell.text)
    return f"ต.{names[0]} อ.{names[1]}" if names else None


def _misspelt_place(cell: Cell) -> str | None:
    names = _place_names().get(cell.text)
    return f"ต.{names[0]}กข อ.{names[1]}" if names else None


def _shared_name(cell: Cell) -> str | None:
    """A name that several tambon of the province have, without the amphoe that would tell them apart."""
    times = Counter(name for code, (name, _) in _place_names().items() if code.startswith(cell.province_code))
    shared = sorted(name for name, count in times.items() if count > 1)
    return f"ต.{cell.choose(*shared)}" if shared else None


# The samples of the demo hold exactly these; more kinds below leave their figures alone.
SAMPLED: tuple[Defect, ...] = (
    Defect("required cell empty", REQUIRED_MISSING, on.required, lambda c: ""),
    Defect("number in words", "not_a_number", on.number, lambda c: c.choose("สามหมื่น", "หลายคน", "ประมาณสี่")),
    Defect("number with a unit", "not_a_number", on.number, _with_unit),
    Defect("letters among digits", "not_a_number", on.number, lambda c: f"{c.text}O"),
    Defect("fraction of a person", "not_an_integer", on.integer, lambda c: _as_number(2.5, c)),
    Defect("number below range", "number_too_small", on.number, _too_small),
    Defect("number above range", "number_too_large", on.number, _too_large),
    Defect("ID destroyed by Excel", "number_destroyed", on.person_id, _scientific),
    Defect("house code destroyed by Excel", "number_destroyed", on.house_code, _scientific),
    Defect("formula error", "excel_error_value", on.codes, lambda c: c.choose("#N/A", "#REF!", "#VALUE!")),
    Defect("value outside the list", "code_unknown", on.codes, lambda c: c.choose("รอตรวจสอบ", "บางส่วน", "ดูหมายเหตุ")),
    Defect("date in words", "date_unreadable", on.date, lambda c: c.choose("กลางปี 64", "หลังสงกรานต์", "จำไม่ได้แน่")),
    Defect("impossible day", "date_impossible", on.date, lambda c: c.choose("31/2/2564", "31/4/2564", "30/2/2563")),
    Defect("neither Buddhist nor Christian year", "date_era_ambiguous", on.exact_date, lambda c: "15/8/2300"),
    Defect("month before day", "date_day_month_ambiguous", on.exact_date, _month_before_day),
    Defect("year alone", "date_incomplete", on.exact_date, lambda c: "2564"),
    Defect("letter in ID", "id_wrong_format", on.person_id, _letter_o),
    Defect("ID one digit short", "id_wrong_length", on.person_id, lambda c: c.digits[:12] or None),
    Defect("masked ID", "id_masked", on.person_id, _masked),
    Defect("ID with a wrong check digit", "id_checksum", on.person_id, _wrong_checksum),
    Defect("one digit repeated as ID", NO_PERSON, on.person_id, _one_digit_repeated),
    Defect("house code one digit short", "house_code_wrong", on.house_code, lambda c: c.text[:10] or None),
    Defect("code of no tambon", "area_code_unknown", on.tambon, lambda c: f"{c.province_code or _ANY_PROVINCE}9999"),
    Defect("amphoe code for a tambon", "area_level_wrong", on.tambon, lambda c: c.text[:4] or None),
    Defect("tambon of another province", "area_outside_province", on.tambon, _elsewhere),
    Defect("retired tambon code", "area_code_retired", on.tambon, _retired_code),
    Defect("unknown village", "village_code_unknown", on.village, lambda c: f"{c.text[:6]}99" if c.text else None),
    Defect("text far too long", "text_too_long", on.free_text,
           lambda c: "ยาว" * c.column.max_length if c.column.max_length else None),
    Defect("invisible letter", "text_invisible_characters", on.free_text, lambda c: _inside(c, "\u200b")),
    Defect("vowels typed as two letters", "text_thai_composed", on.free_text, _decomposed),
    Defect("spaces around", "spaces_trimmed", on.free_text, lambda c: f"  {c.text} " if c.text else None),
)  # fmt: skip

_MORE: tuple[Defect, ...] = (
    Defect("two decimal points", "not_a_number", on.number, lambda c: "12.5.3"),
    Defect("commas in the wrong places", "not_a_number", on.number, lambda c: "12,34,5"),
    Defect("formula error in a number", "excel_error_value", on.number, lambda c: "#DIV/0!"),
    Defect("formula error in a date", "excel_error_value", on.date, lambda c: "#VALUE!"),
    Defect("formula error in an ID", "excel_error_value", on.person_id, lambda c: "#REF!"),
    Defect("number in brackets", "parentheses_negative", on.never_negative, lambda c: "(12)", ("number_too_small",)),
    Defect("Thai digits in a number", "thai_digits", on.number, _thai_digits),
    Defect("Thai digits in an ID", "thai_digits", on.person_id, _thai_digits),
    Defect("Thai digits in an area code", "thai_digits", on.tambon, _thai_digits),
    Defect("commas between thousands", "thousands_separator", on.number, _with_commas),
    Defect("dash for zero", "dash_as_zero", on.may_be_nil, lambda c: "-"),
    Defect("more decimals than kept", "decimals_rounded", on.being(types=("number",)), _more_decimals),
    Defect("word for nothing in text", "nil_as_empty", on.optional_text, lambda c: c.choose("ไม่มีข้อมูล", "ไม่ระบุ", "-")),
    Defect("word for nothing in a list", "nil_as_empty", on.optional_codes, lambda c: "ไม่ระบุ"),
    Defect("no such month", "date_impossible", on.date, lambda c: c.choose("15/13/2564", "32/13/2564")),
    Defect("two-digit year", "date_two_digit_year", on.exact_date, _two_digit_year),
    Defect("day number of Excel", "date_from_serial", on.exact_date, _day_number),
    Defect("year of birth alone", "date_partial", on.is_partial, _year_alone),
    Defect("counting digits as ID", NO_PERSON, on.person_id, lambda c: None if c.uses else "1234567890123"),
    Defect("ID one digit long", "id_wrong_length", on.person_id, lambda c: c.digits + "0" if c.digits else None),
    Defect("starred ID", "id_masked", on.person_id, _starred),
    Defect("ID with spaces", "id_punctuation", on.person_id, _spaced_id),
    Defect("letter in a house code", "house_code_wrong", on.house_code, lambda c: f"{c.text[:4]}A{c.text[5:]}"),
    Defect("letters in an area code", "area_code_unknown", on.tambon, _letters_o),
    Defect("tambon code for a village", "area_level_wrong", on.village, lambda c: c.text[:6] or None),
    Defect("retired tambon code without successor", "area_code_retired_unmapped", on.tambon, _retired_unmapped),
    Defect("apostrophe before an ID", "leading_apostrophe", on.person_id, _apostrophe),
    Defect("title before a name", "name_title_removed", on.given_name, lambda c: f"นาย{c.text}" if c.text else None),
    Defect("garbled letters", "text_garbled", on.free_text, lambda c: "ÃËÑÊµÓºÅ"),
    Defect("mark without its letter", "text_marks_misplaced", on.free_text,
           lambda c: f"{c.text} ่าง" if c.text else None),
    Defect("day long ago", "date_too_early", on.has_first_day, _too_early),
    Defect("place name for its code", "area_name_matched", on.named_tambon, _named_place),
    Defect("place name misspelt", "area_name_unknown", on.named_tambon, _misspelt_place),
    Defect("place name of several places", "area_name_ambiguous", on.named_tambon, _shared_name),
    Defect("mark typed twice", "text_thai_composed", on.free_text, _doubled_mark),
    Defect("invisible letter in a list", "text_invisible_characters", on.codes, lambda c: _inside(c, "\ufeff")),
    Defect("no-break space", "spaces_trimmed", on.free_text, lambda c: f"{c.text}\u00a0" if c.text else None),
    Defect("line break inside a cell", "spaces_trimmed", on.free_text, _in_two_lines),
)  # fmt: skip

DEFECTS: tuple[Defect, ...] = SAMPLED + _MORE
# What only columns can suffer of which the datasets have none so far: the example contract has them all.
EXAMPLE_DEFECTS: tuple[Defect, ...] = (
    Defect("percent sign", "percent_sign", on.percent, lambda c: f"{c.text}%" if c.text else None),
    Defect("letter where the form wants a digit", "pattern_mismatch", on.patterned, lambda c: f"A{c.text[1:]}"),
    Defect("zeros lost in front", "leading_zeros_restored", on.patterned, _without_zeros),
    Defect("text far too short", "text_too_short", on.has_least_length, lambda c: "ก"),
    Defect("day far ahead", "date_too_late", on.has_last_day, _too_late),
    Defect("agency misspelt", "agency_unknown", on.agency, _agency_misspelt),
    Defect("agency of another province", "row_of_other_agency", on.agency, lambda c: f"{c.text[:-2]}96"),
)  # fmt: skip


def codes_told(kind: Defect, column: Column) -> tuple[str, ...]:
    """Every issue a spoilt cell of this column must raise."""
    return (kind.code, *kind.also)
