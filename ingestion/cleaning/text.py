"""Thai text: what is certain is mended, nothing is guessed.

NFC never NFKC: the compatibility forms break ำ into two characters.
"""

import re
import unicodedata

from ingestion.cleaning.outcome import Outcome

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
_INVISIBLE = re.compile(f"[{INVISIBLE}\x00-\x08\x0e-\x1f\x7f]")
_TONES = "\u0e48\u0e49\u0e4a\u0e4b"
_SPLIT_SARA_AM = re.compile(f"\u0e4d([{_TONES}]?)\u0e32|([{_TONES}])\u0e4d\u0e32")
_DOUBLE_SARA_E = re.compile("\u0e40\u0e40")
_REPEATED_MARK = re.compile(f"([{_TONES}\u0e31\u0e34-\u0e3a\u0e47\u0e4c])\\1+")
# A tone mark typed before the vowel it stands above, or behind ำ: looks the same, sorts and compares otherwise.
_TONE_BEFORE_VOWEL = re.compile(f"([{_TONES}])([\u0e31\u0e34-\u0e37])")
_TONE_BEHIND_SARA_AM = re.compile(f"\u0e33([{_TONES}])")
MAX_ROUNDS = 50
_SPACES = re.compile(r"[\s\u00a0]+")
# What a spreadsheet user, and our own papers, put an apostrophe in front of: formulas, and digits that would be lost.
_BLANK = f"[\\s{INVISIBLE}\x00-\x1f\x7f]*"
_PROTECTED = re.compile(f"{_BLANK}[=+\\-@＝＋－＠]|[\t\r\n]|[0-9]+$")
_LEADING_APOSTROPHE = re.compile(f"{_BLANK}'")
_BLANKS = re.compile(_BLANK)

# Text copied from a PDF: a vowel or mark that no consonant carries (`อ านาจ`), a leading vowel that leads nothing.
# Arrow runs these expressions (RE2 syntax), so no look-around.
_MARK = "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"
_CARRIES_NOTHING = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"
MISPLACED = (
    f"^[{_MARK}]|[^{_CARRIES_NOTHING}][{_MARK}]|[\u0e40-\u0e44]$|[\u0e40-\u0e44][^\u0e01-\u0e2e]"
    "|[\u0e30\u0e32\u0e33\u0e45][\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]|[\u0e48-\u0e4b][\u0e31\u0e34-\u0e3a\u0e47-\u0e4b]"
)
_MISPLACED = re.compile(MISPLACED)

# Cells this expression does not match are clean already.
SUSPICIOUS = (
    "[\\x00-\\x1f\\x7f]"
    "|[^\\x20-\\x7e\u0e00-\u0e4c\u0e4e-\u0e7f]"  # anything but plain ASCII and Thai, and nikhahit \u0e4d
    "|\u0e40\u0e40"
    "|[\u0e48-\u0e4b][\u0e31\u0e34-\u0e3a]|\u0e33[\u0e48-\u0e4b]"  # marks in another order
    "|[\u0e38\u0e39]\u0e3a"
    "|\u0e31\u0e31|\u0e34\u0e34|\u0e35\u0e35|\u0e36\u0e36|\u0e37\u0e37|\u0e38\u0e38|\u0e39\u0e39|\u0e3a\u0e3a"
    "|\u0e47\u0e47|\u0e48\u0e48|\u0e49\u0e49|\u0e4a\u0e4a|\u0e4b\u0e4b|\u0e4c\u0e4c"
    "|^[ ']| $|  "
)


def clean_text(raw: str) -> Outcome:
    """The cell's text: NFC, ํ+า as ำ, เเ as แ, marks in order, nothing invisible, single spaces; empty stays "".

    An apostrophe in front, by which spreadsheets keep digits and formulas as text, is no part of the value; a text in
    a pair of apostrophes keeps both. Repairs: leading_apostrophe, text_invisible_characters, text_thai_composed,
    spaces_trimmed.
    """
    repairs: list[str] = []
    text = without_apostrophe(raw)
    if text != raw:
        repairs.append("leading_apostrophe")
    visible = _INVISIBLE.sub("", text)
    if visible != text:
        repairs.append("text_invisible_characters")
    composed = _compose(visible)
    if composed != visible:
        repairs.append("text_thai_composed")
    text = _SPACES.sub(" ", composed).strip()
    if text != composed:
        repairs.append("spaces_trimmed")
    return Outcome(text, tuple(repairs))


def without_apostrophe(text: str) -> str:
    """The text without protecting apostrophes in front of it."""
    found = _LEADING_APOSTROPHE.match(text)
    if found is None:
        return text
    closing = _closing_apostrophe(text)
    start = 0
    while found:
        if closing >= found.end() and not _PROTECTED.match(text, found.end()):
            break
        start = found.end()
        found = _LEADING_APOSTROPHE.match(text, start)
    return text[start:]


def _closing_apostrophe(text: str) -> int:
    """Where the apostrophe stands that nothing visible follows; -1 without one."""
    blank = _BLANKS.match(text[::-1])
    at = len(text) - 1 - (blank.end() if blank else 0)
    return at if at >= 0 and text[at] == "'" else -1


def has_misplaced_marks(text: str) -> bool:
    """Whether a Thai vowel or mark stands where none can, as in text copied from a PDF. `text` is cleaned."""
    return _MISPLACED.search(text) is not None


def _compose(text: str) -> str:
    """Repeat until nothing changes: a mended pair may bring another one together. No word needs many rounds."""
    for _ in range(MAX_ROUNDS):
        mended = unicodedata.normalize("NFC", text)
        mended = _SPLIT_SARA_AM.sub(lambda m: f"{m[1] or m[2] or ''}\u0e33", mended)
        mended = _TONE_BEFORE_VOWEL.sub(r"\2\1", _TONE_BEHIND_SARA_AM.sub("\\1\u0e33", mended))
        mended = _REPEATED_MARK.sub(r"\1", _DOUBLE_SARA_E.sub("\u0e41", mended))
        if mended == text:
            break
        text = mended
    return text
