"""Which encoding a text file has, by a strict ladder: UTF-8, UTF-16 with a mark, then Thai Windows if it reads as Thai.

Statistical guessing misreads short Thai files, so nothing is guessed: a text that is none of these is refused.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from ingestion.reading.problems import ReadProblem

PIECE = 1 << 20
SAMPLE_BYTES = 1 << 18
MIN_PLAUSIBLE = 0.97  # of Thai letters in a legal order; real text is above 0.999, misread bytes below 0.8
CP874_BYTES = bytes(b for b in range(256) if b not in (0, *range(0x81, 0x85), *range(0x86, 0x91), *range(0x98, 0xA0),
                                                       *range(0xDB, 0xDF), *range(0xFC, 0x100)))  # fmt: skip
_THAI = re.compile("[\u0e01-\u0e5b]")
# A mark above or below needs a consonant (or another mark) before it; a leading vowel needs a consonant after it.
_MISPLACED = re.compile(
    "(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[\u0e40-\u0e44](?![\u0e01-\u0e2e\u0e40])"
)
_LATIN = re.compile("[\u0080-\u024f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python and the bytes of the mark to skip."""

    name: str
    mark_bytes: int = 0


def detect_encoding(path: Path) -> Encoding:
    """Encoding of the whole file; raises ReadProblem `encoding_unclear` when no rung of the ladder holds."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if sample.startswith(codecs.BOM_UTF8):
        return _whole(path, Encoding("utf-8", len(codecs.BOM_UTF8)))
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if sample.startswith(mark):
            return _whole(path, Encoding(name, len(mark)))
    if _decodes(path, "utf-8"):
        # A few Thai Windows bytes can form UTF-8 by chance; then they spell Latin letters and no Thai at all.
        by_chance = _LATIN.search(sample.decode("utf-8", "ignore")) and not _THAI.search(
            sample.decode("utf-8", "ignore")
        )
        return Encoding("cp874") if by_chance and _is_cp874(path, sample) else Encoding("utf-8")
    if _is_cp874(path, sample):
        return Encoding("cp874")
    raise ReadProblem("encoding_unclear")


def thai_plausibility(text: str) -> float:
    """Share of the Thai letters that stand where Thai writing allows them; 1.0 without Thai letters."""
    letters = len(_THAI.findall(text))
    return 1.0 - len(_MISPLACED.findall(text)) / letters if letters else 1.0


def is_mojibake(text: str) -> bool:
    """Thai that was once decoded as Western text (`à¸£à¸«` or `ÃËÑÊ`) and so is garbled for good or ill."""
    if _THAI.search(text) or not _LATIN.search(text):
        return False
    for western, thai in (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("cp1252", "cp874"), ("latin-1", "cp874")):
        try:
            back = text.encode(western).decode(thai)
        except UnicodeError:
            continue
        if len(_THAI.findall(back)) >= 3 and thai_plausibility(back) >= MIN_PLAUSIBLE:
            return True
    return False


def _whole(path: Path, encoding: Encoding) -> Encoding:
    if not _decodes(path, encoding.name):
        raise ReadProblem("encoding_unclear")
    return encoding


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_cp874(path: Path, sample: bytes) -> bool:
    if thai_plausibility(sample.decode("cp874", "ignore")) < MIN_PLAUSIBLE:
        return False
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if piece.translate(None, CP874_BYTES):
                return False
    return True
