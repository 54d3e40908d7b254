"""Which encoding a text file has, by a strict ladder: UTF-8, UTF-16 with a mark, then Thai Windows if it reads as Thai.

Statistical guessing misreads short Thai files, so nothing is guessed: a text that is none of these is refused.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from ingestion.cleaning.garbled import MIN_PLAUSIBLE, THAI, thai_plausibility
from ingestion.reading.problems import ReadProblem

PIECE = 1 << 20
SAMPLE_BYTES = 1 << 18
CP874_BYTES = bytes(b for b in range(256) if b not in (0, *range(0x81, 0x85), *range(0x86, 0x91), *range(0x98, 0xA0),
                                                       *range(0xDB, 0xDF), *range(0xFC, 0x100)))  # fmt: skip
_LETTER_BESIDE = re.compile("[A-Za-z][\u0e01-\u0e2e]|[\u0e01-\u0e2e][A-Za-z]")
FEW_THAI_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec of Python and the bytes of the mark to skip."""

    name: str
    mark_bytes: int = 0
    doubtful: str | None = None  # a line that may as well be of another encoding: the sender is asked


def detect_encoding(path: Path) -> Encoding:
    """Encoding of the whole file; raises ReadProblem `encoding_unclear` when no rung of the ladder holds."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if sample.startswith(codecs.BOM_UTF8):
        return _whole(path, Encoding("utf-8", len(codecs.BOM_UTF8)))
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if sample.startswith(mark):
            return _whole(path, Encoding(name, len(mark)))
    thai = _is_cp874(path, sample)
    if _decodes(path, "utf-8"):
        # A few Thai Windows bytes can form UTF-8 by chance; then they spell foreign letters and no Thai at all.
        text = sample.decode("utf-8", "ignore")
        if text.isascii() or THAI.search(text) or not thai:
            return Encoding("utf-8")
        as_thai = sample.decode("cp874", "ignore")
        chosen, read = ("utf-8", text) if _LETTER_BESIDE.search(as_thai) else ("cp874", as_thai)
        return Encoding(chosen, doubtful=_foreign_line(read))
    if thai:
        text = sample.decode("cp874", "ignore")
        odd = _LETTER_BESIDE.search(text) and len(THAI.findall(text)) < FEW_THAI_LETTERS
        return Encoding("cp874", doubtful=_foreign_line(text) if odd else None)
    raise ReadProblem("encoding_unclear")


def _foreign_line(text: str) -> str:
    """The first line that is not plain ASCII, where it begins not to be."""
    line = next((line for line in text.splitlines() if not line.isascii()), "")
    start = next((i for i, letter in enumerate(line) if not letter.isascii()), 0)
    return line[max(0, start - 2) : start + 6].strip()


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
