"""Masking of personal values: enough to find the cell, too little to know the person."""

import re

_DIGIT = re.compile(r"[0-9๐-๙]")
_LETTER = re.compile(r"[^\W\d_]", re.UNICODE)
_SHOWN_HOUSE_DIGITS = 4  # the registration office, which is public


def mask(value: str, column_format: str | None = None) -> str:
    """A personal value as it may be shown to anyone.

    13 digits → `1-9xxx-xxxxx-xx-3`; a house code keeps its registration office; other numbers and dates keep only their
    shape (`xx/x/xxxx`); words keep their first letter.
    """
    text = value.strip()
    digits = _DIGIT.findall(text)
    if not text:
        return ""
    if len(digits) == 13 and not _LETTER.search(text):
        return f"{digits[0]}-{digits[1]}xxx-xxxxx-xx-{digits[-1]}"
    if column_format == "house_code" and text.isdigit() and len(text) > _SHOWN_HOUSE_DIGITS:
        return text[:_SHOWN_HOUSE_DIGITS] + "x" * min(len(text) - _SHOWN_HOUSE_DIGITS, 20)
    if digits and not _LETTER.search(text):
        return _DIGIT.sub("x", text)[:20]
    return text[0] + "…" if not text[0].isdigit() else "x…"
