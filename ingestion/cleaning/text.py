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
_SPACES = re.compile(r"[\s\u00a0]+")

# Cells this expression does not match are clean already. Arrow runs it (RE2 syntax), so no look-around.
SUSPICIOUS = (
    "[\\x00-\\x1f\\x7f]"
    "|[^\\x20-\\x7e\u0e00-\u0e4c\u0e4e-\u0e7f]"  # anything but plain ASCII and Thai, and nikhahit \u0e4d
    "|\u0e40\u0e40"
    "|[\u0e48-\u0e4b][\u0e38-\u0e3a]"  # marks that NFC puts in another order
    "|[\u0e38\u0e39]\u0e3a"
    "|\u0e31\u0e31|\u0e34\u0e34|\u0e35\u0e35|\u0e36\u0e36|\u0e37\u0e37|\u0e38\u0e38|\u0e39\u0e39|\u0e3a\u0e3a"
    "|\u0e47\u0e47|\u0e48\u0e48|\u0e49\u0e49|\u0e4a\u0e4a|\u0e4b\u0e4b|\u0e4c\u0e4c"
    "|^ | $|  "
)


def clean_text(raw: str) -> Outcome:
    """The cell's text: NFC, ํ+า as ำ, เเ as แ, no invisible characters, single spaces; empty stays "".

    Repairs: text_invisible_characters, text_thai_composed, spaces_trimmed.
    """
    repairs: list[str] = []
    text = _INVISIBLE.sub("", raw)
    if text != raw:
        repairs.append("text_invisible_characters")
    composed = _compose(text)
    if composed != text:
        repairs.append("text_thai_composed")
    text = _SPACES.sub(" ", composed).strip()
    if text != composed:
        repairs.append("spaces_trimmed")
    return Outcome(text, tuple(repairs))


def _compose(text: str) -> str:
    """Repeat until nothing changes: a mended pair may bring another one together."""
    while True:
        mended = unicodedata.normalize("NFC", text)
        mended = _SPLIT_SARA_AM.sub(lambda m: f"{m[1] or m[2] or ''}\u0e33", mended)
        mended = _REPEATED_MARK.sub(r"\1", _DOUBLE_SARA_E.sub("\u0e41", mended))
        if mended == text:
            return text
        text = mended
