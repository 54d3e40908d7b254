"""Identifiers of people and houses.

Thirteen digits, the last one checks the others: x = sum of (14-i)*digit_i, i = 1..12; check = (11 - x mod 11) mod 10.
First digits 0, 6, 7, 8 and learner codes G + 12 digits are people too.
"""

import re

from ingestion.cleaning.numbers import THAI_DIGITS, is_excel_error, is_nil
from ingestion.cleaning.outcome import Outcome
from ingestion.cleaning.text import clean_text

ID_DIGITS = 13
HOUSE_DIGITS = 11
FOREIGN_FIRST_DIGITS = frozenset("0678")
PUNCTUATION = re.compile(r"[\s\-–.]")
_POWER = re.compile(r"\d+(\.\d+)?[eE]\+?\d+")
_MASKED = re.compile(r"[0-9xX*#•]+")
_LEARNER = re.compile(r"[Gg]\d{12}")
_COUNTING = frozenset(
    [str(first) * width for first in range(10) for width in (HOUSE_DIGITS, ID_DIGITS)]
    + ["1234567890123", "0123456789012", "9876543210987", "12345678901", "01234567890"]
)


def checksum_holds(digits: str) -> bool:
    """Whether the 13th digit fits the twelve before it."""
    total = sum((ID_DIGITS - i) * int(digit) for i, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def is_no_person(digits: str) -> bool:
    """One digit repeated twelve times or a row of counting digits: passes or fails the check, and is nobody."""
    return digits in _COUNTING or len(set(digits[:12])) == 1


def parse_person_id(raw: str) -> Outcome:  # noqa: PLR0911 - one return per kind of number
    """`value`: 13 digits or G + 12 digits; `extra`: its kind, as in the seed `identifier_kinds`."""
    text, repairs, problem = _digits(raw)
    if problem or not text:
        return Outcome(None, repairs, problem, extra="missing")
    if _LEARNER.fullmatch(text):
        return Outcome(text.upper(), repairs, extra="learner_code")
    if not text.isdigit():
        masked = _MASKED.fullmatch(text) and sum(c.isdigit() for c in text) > 0
        return Outcome(None, repairs, "id_masked" if masked else "id_wrong_format", extra="missing")
    if len(text) != ID_DIGITS:
        return Outcome(None, repairs, "id_wrong_length", {"found": str(len(text))}, "missing")
    if is_no_person(text):
        return Outcome(None, repairs, "id_no_person", extra="missing")
    if not checksum_holds(text):
        return Outcome(text, repairs, "id_checksum", extra="unverified")
    return Outcome(text, repairs, extra="alien_or_unregistered" if text[0] in FOREIGN_FIRST_DIGITS else "citizen")


def parse_house_code(raw: str) -> Outcome:
    """`value`: 11 digits; no public rule for a check digit exists."""
    text, repairs, problem = _digits(raw)
    if problem or not text:
        return Outcome(None, repairs, problem)
    if not (text.isdigit() and len(text) == HOUSE_DIGITS) or text in _COUNTING:
        return Outcome(None, repairs, "house_code_wrong")
    return Outcome(text, repairs)


def _digits(raw: str) -> tuple[str, tuple[str, ...], str | None]:
    """ASCII digits without dashes and spaces."""
    text, repairs = clean_text(raw)[:2]
    if not text:
        return "", repairs, None
    if is_nil(text):
        return "", (*repairs, "nil_as_empty"), None
    if is_excel_error(text):
        return "", repairs, "excel_error_value"
    if _POWER.fullmatch(text):
        return "", repairs, "number_destroyed"
    ascii_digits = text.translate(THAI_DIGITS)
    if ascii_digits != text:
        repairs = (*repairs, "thai_digits")
    plain = PUNCTUATION.sub("", ascii_digits)
    if plain != ascii_digits:
        repairs = (*repairs, "id_punctuation")
    return plain, repairs, None
