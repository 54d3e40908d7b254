"""Numbers as Thai officers write them."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal

from ingestion.cleaning.outcome import Outcome
from ingestion.cleaning.text import clean_text

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
MAX_INTEGER = 2**63 - 1
DECIMAL_DIGITS = 38  # what decimal128 holds
_ROUNDING = Context(prec=2 * DECIMAL_DIGITS, rounding=ROUND_HALF_EVEN)
NIL = frozenset({"-", "–", "—", "--", "ไม่มีข้อมูล", "ไม่ทราบ", "ไม่ระบุ", "n.a.", "n/a", "na", "null", "none", ".."})
DASHES = frozenset({"-", "–", "—", "--"})
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_POWER = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_BRACKETED = re.compile(r"\((.+)\)")
_EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", re.IGNORECASE)


def is_nil(text: str) -> bool:
    """A dash or a word that says there is nothing."""
    return text.casefold() in NIL


def is_excel_error(text: str) -> bool:
    """#N/A and its kin."""
    return _EXCEL_ERROR.fullmatch(text) is not None


def number_parser(*, scale: int | None, dash_is_zero: bool, percent: bool) -> Callable[[str], Outcome]:
    """Careful function of a number column. `scale` None: whole numbers (int), else Decimal with so many places.

    A dash in a required count means zero in Thai tables; elsewhere it means nothing is known.
    """

    def parse(raw: str) -> Outcome:
        text, repairs = clean_text(raw)[:2]
        if not text:
            return Outcome(None, repairs)
        if is_nil(text):
            if dash_is_zero and text in DASHES:
                return Outcome(0 if scale is None else Decimal(0), (*repairs, "dash_as_zero"))
            return Outcome(None, (*repairs, "nil_as_empty"))
        if is_excel_error(text):
            return Outcome(None, repairs, "excel_error_value")
        plain, more = _plain_number(text, percent=percent)
        if plain is None:
            return Outcome(None, repairs, "number_destroyed" if _POWER.fullmatch(text) else "not_a_number")
        return _fit(Decimal(plain), scale, (*repairs, *more))

    return parse


def _plain_number(text: str, *, percent: bool) -> tuple[str | None, tuple[str, ...]]:
    """ASCII digits with a point, or None; and the repairs it took."""
    repairs: list[str] = []
    plain = text.translate(THAI_DIGITS)
    if plain != text:
        repairs.append("thai_digits")
    negative = _BRACKETED.fullmatch(plain)
    if negative and negative[1][:1] not in "+-":
        plain = "-" + negative[1].strip()
        repairs.append("parentheses_negative")
    if percent and plain.endswith("%"):
        plain = plain[:-1].rstrip()
        repairs.append("percent_sign")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
        repairs.append("thousands_separator")
    return (plain, tuple(repairs)) if _PLAIN.fullmatch(plain) else (None, ())


def _fit(number: Decimal, scale: int | None, repairs: tuple[str, ...]) -> Outcome:
    if scale is None:
        if number != number.to_integral_value():
            return Outcome(None, repairs, "not_an_integer")
        if number.copy_abs() > MAX_INTEGER:  # `abs` gives up on a million digits
            limit = MAX_INTEGER if number > 0 else -MAX_INTEGER
            code = "number_too_large" if number > 0 else "number_too_small"
            return Outcome(None, repairs, code, {"limit": str(limit)})
        return Outcome(int(number), repairs)
    whole_digits = DECIMAL_DIGITS - scale - 1  # one less, for rounding up
    if number and number.adjusted() >= whole_digits:
        return Outcome(None, repairs, "number_too_large", {"limit": "9" * whole_digits})
    rounded = number.quantize(Decimal(1).scaleb(-scale), context=_ROUNDING)
    return Outcome(rounded, repairs if rounded == number else (*repairs, "decimals_rounded"))
