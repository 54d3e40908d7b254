"""Thai that was once read in the wrong encoding, or lost: it looks like text and is none."""

import re

MIN_PLAUSIBLE = 0.97  # of Thai letters in a legal order; real text is above 0.999, misread bytes below 0.8
MIN_LETTERS = 3
THAI = re.compile("[\u0e01-\u0e5b]")
# A mark above or below needs a consonant (or another mark) before it; a leading vowel needs a consonant after it.
_MISPLACED = re.compile(
    "(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[\u0e40-\u0e44](?![\u0e01-\u0e2e\u0e40])"
)
_WESTERN = re.compile("[\u0080-\u024f\u2010-\u2122]")
_THAI_AS_THAI = re.compile("\u0e40[\u0e18\u0e19].\u0e40[\u0e18\u0e19]")
# Arrow's expression for everything below that is plain ASCII or Thai.
GARBLED = "\\?\\?\\?|\u0e40[\u0e18\u0e19].\u0e40[\u0e18\u0e19]"
_LOST = re.compile(r"\ufffd|\?{3,}")


def thai_plausibility(text: str) -> float:
    """Share of the Thai letters that stand where Thai writing allows them; 1.0 without Thai letters."""
    letters = len(THAI.findall(text))
    return 1.0 - len(_MISPLACED.findall(text)) / letters if letters else 1.0


def is_mojibake(text: str) -> bool:
    """Thai that was once decoded as Western text (`à¸£à¸«` or `ÃËÑÊ`) and so is garbled for good or ill."""
    if THAI.search(text) or not _WESTERN.search(text):
        return False
    for western, thai in (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("cp1252", "cp874"), ("latin-1", "cp874")):
        try:
            back = text.encode(western).decode(thai)
        except UnicodeError:
            continue
        if len(THAI.findall(back)) >= MIN_LETTERS and thai_plausibility(back) >= MIN_PLAUSIBLE:
            return True
    return False


def is_thai_read_as_thai(text: str) -> bool:
    """Thai UTF-8 that was decoded as Thai Windows (`เธฃเธซเธฑเธช` for `รหัส`): Thai letters, no Thai."""
    if not _THAI_AS_THAI.search(text):
        return False
    try:
        # Bytes without a letter in this code page come through as control characters.
        back = b"".join(c.encode("latin-1" if c < "\u00a0" else "cp874") for c in text).decode("utf-8")
    except UnicodeError:
        return False
    return len(THAI.findall(back)) >= MIN_LETTERS and thai_plausibility(back) >= MIN_PLAUSIBLE


def is_lost(text: str) -> bool:
    """Letters replaced by question marks (`????`) or by the sign for what could not be read."""
    return _LOST.search(text) is not None


def is_garbled(text: str) -> bool:
    """Any of the above."""
    return is_lost(text) or is_mojibake(text) or is_thai_read_as_thai(text)
