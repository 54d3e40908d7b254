"""Cells of text columns and of code lists."""

from collections.abc import Mapping
from typing import Any

from ingestion.cleaning.numbers import THAI_DIGITS, is_excel_error
from ingestion.cleaning.outcome import Careful, Outcome
from ingestion.cleaning.text import SUSPICIOUS, clean_text

TEXT_NIL = frozenset({"-", "–", "—", "--", "ไม่มีข้อมูล", "ไม่ระบุ", "n/a", "n.a."})
_NIL_PATTERN = "|".join(sorted(word.replace(".", r"\.") for word in TEXT_NIL))
# Arrow's expression for cells that need the careful function below.
SUSPICIOUS_TEXT = f"{SUSPICIOUS}|^(?i:{_NIL_PATTERN})$|^#"


def parse_text(raw: str) -> Outcome:
    """Free text, cleaned; None when there is nothing."""
    text, repairs = clean_text(raw)[:2]
    if not text:
        return Outcome(None, repairs)
    if text.casefold() in TEXT_NIL:
        return Outcome(None, (*repairs, "nil_as_empty"))
    if is_excel_error(text):
        return Outcome(None, repairs, "excel_error_value")
    return Outcome(text, repairs)


def _form(text: str) -> str:
    cleaned: str = clean_text(text).value
    return cleaned.translate(THAI_DIGITS).casefold().replace(" ", "")


def code_parser(spellings: Mapping[str, Any], accepted_th: str, accepted_en: str) -> Careful:
    """Careful function of a code list. `spellings`: every accepted way to write a value → the value."""
    by_form = {_form(spelling): value for spelling, value in spellings.items()}

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
        # A number that a spreadsheet shows with decimals: 1.0 for 1.
        whole = form.removesuffix(".0")
        if whole in by_form:
            return Outcome(by_form[whole], repairs)
        return Outcome(None, repairs, "code_unknown", {"accepted_th": accepted_th, "accepted_en": accepted_en})

    return parse
