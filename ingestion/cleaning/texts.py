"""Cells of text columns, of given names, of agencies and of code lists."""

import re
from collections.abc import Mapping
from typing import Any

from ingestion.cleaning.garbled import GARBLED, is_garbled
from ingestion.cleaning.numbers import THAI_DIGITS, is_excel_error
from ingestion.cleaning.outcome import Careful, Outcome
from ingestion.cleaning.text import MISPLACED, SUSPICIOUS, clean_text, has_misplaced_marks

TEXT_NIL = frozenset({"-", "–", "—", "--", "ไม่มีข้อมูล", "ไม่ระบุ", "n/a", "n.a."})
_NIL_PATTERN = "|".join(sorted(word.replace(".", r"\.") for word in TEXT_NIL))
# Arrow's expressions for cells that need the careful functions below.
SUSPICIOUS_TEXT = f"{SUSPICIOUS}|{MISPLACED}|{GARBLED}|^(?i:{_NIL_PATTERN})$|^#"

# Titles that are never part of a name, the longer ones first. Malay honorifics (ต่วน ตูแว นิ แว เจ๊ะ …) and religious
# ones (หะยี …) belong to the name and stay.
_RANK = r"(?:ว่าที่\s?)?(?:[พรสจ]\.[ตทอส]\.(?:[ตทอ]\.)?|ด\.ต\.)(?:\s?หญิง)?|ว่าที่\s?ร้อย(?:ตรี|โท|เอก)(?:หญิง)?"
_TITLE = re.compile(
    rf"(?:{_RANK}|นางสาว|น\.\s?ส\.|นส\.|เด็กชาย|เด็กหญิง|ด\.\s?[ชญ]\.|ด[ชญ]\.|ดร\.|(?:Mr|Mrs|Ms|Dr)\.|(?:Mr|Mrs|Ms|Miss)(?=\s))\s?"
)
_SHORT_TITLE = re.compile(r"(?:นาย|นาง)\s?")  # also begin names and words: นายูโซ๊ะ, นางสาวิตรี
_TITLE_LIKE = "^(?:นาย|นาง|น\\.|นส|เด็ก|ด\\.|ด[ชญร]|ว่าที่|[พรสจ]\\.|Mr|Ms|Miss|Dr)"
SUSPICIOUS_NAME = f"{SUSPICIOUS_TEXT}|{_TITLE_LIKE}"
# A leading vowel and its consonant, or a consonant that is neither silenced nor alone; a mark begins no word.
_WORD_BEGINS = re.compile("[\u0e40-\u0e44][\u0e01-\u0e2e]|[\u0e01-\u0e2e][^\u0e4c\\s]|[A-Za-z]{2}")


def parse_text(raw: str) -> Outcome:
    """Free text, cleaned; None when there is nothing. Marks out of order (text from a PDF) are asked about."""
    text, repairs = clean_text(raw)[:2]
    if not text:
        return Outcome(None, repairs)
    if text.casefold() in TEXT_NIL:
        return Outcome(None, (*repairs, "nil_as_empty"))
    if is_excel_error(text):
        return Outcome(None, repairs, "excel_error_value")
    if is_garbled(text):
        return Outcome(None, repairs, "text_garbled")
    return Outcome(text, repairs, "text_marks_misplaced" if has_misplaced_marks(text) else None)


def parse_given_name(raw: str) -> Outcome:
    """A given name; a title written before it is taken off, where what is left can begin a word."""
    found = parse_text(raw)
    if not found.value or _TITLE.fullmatch(found.value):
        return found
    for title in (_TITLE, _SHORT_TITLE):
        match = title.match(found.value)
        if match and _WORD_BEGINS.match(found.value, match.end()):
            return found._replace(value=found.value[match.end() :], repairs=(*found.repairs, "name_title_removed"))
    return found


def agency_parser(known: frozenset[str]) -> Careful:
    """Careful function of a column of agency ids."""

    def parse(raw: str) -> Outcome:
        found = parse_text(raw)
        if found.problem or not found.value:
            return found
        agency_id = found.value.casefold()
        if agency_id not in known:
            return Outcome(None, found.repairs, "agency_unknown")
        return found._replace(value=agency_id)

    return parse


def _form(text: str) -> str:
    cleaned: str = clean_text(text).value
    return cleaned.translate(THAI_DIGITS).casefold().replace(" ", "")


def code_parser(spellings: Mapping[str, Any], accepted_th: str, accepted_en: str) -> Careful:
    """Careful function of a code list. `spellings`: every accepted way to write a value → the value."""
    by_form = {_form(spelling): value for spelling, value in spellings.items()}
    accepted = {"accepted_th": accepted_th, "accepted_en": accepted_en}
    padded = {form: value for form, value in by_form.items() if form.startswith("0") and form.isdigit()}

    def parse(raw: str) -> Outcome:
        text, repairs = clean_text(raw)[:2]
        form = _form(text)
        if not form:
            return Outcome(None, repairs)
        if form in by_form:
            return Outcome(by_form[form], repairs)
        if text.casefold() in TEXT_NIL:
            return Outcome(None, (*repairs, "nil_as_empty"))
        if is_excel_error(text):
            return Outcome(None, repairs, "excel_error_value")
        return _as_number(form.removesuffix(".0"), repairs) or Outcome(None, repairs, "code_unknown", accepted)

    def _as_number(whole: str, repairs: tuple[str, ...]) -> Outcome | None:
        """A number as a spreadsheet shows it: 1.0 for 1, and 1 for 01 where the list has no other such number."""
        if whole in by_form:
            return Outcome(by_form[whole], repairs)
        meant = {value for spelling, value in padded.items() if whole and spelling.lstrip("0") == whole}
        return Outcome(meant.pop(), (*repairs, "leading_zeros_restored")) if len(meant) == 1 else None

    return parse
