"""The commonest repairs over whole columns, so that a file in which every row needs one stays fast.

A mend never decides anything: the mended text goes through the same cleaner again. It may only be used where the
careful function says of a cell what it says of the mended cell, and the mend's code besides; a property test holds it
to that.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DIGIT = "[0-9๐-๙]"
_THAI_ZERO = "๐".encode()  # three bytes; the last one counts up to ๙


class Mend(NamedTuple):
    """Cells that match `where` (RE2) become `mended(cells)`; those that changed by it are counted under `code`."""

    code: str
    where: str
    mended: Callable[[pa.Array], pa.Array]


def _single_spaces(cells: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.ascii_trim(cells, " "), "  +", " ")


def _without(pattern: str) -> Callable[[pa.Array], pa.Array]:
    return lambda cells: pc.replace_substring_regex(cells, pattern, "")


def _ascii_digits(cells: pa.Array) -> pa.Array:
    """Thai digits as ASCII ones, byte by byte: of the three bytes of each only the last is kept, moved to 0-9."""
    _, offsets_buffer, data_buffer = cells.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    data = np.frombuffer(data_buffer, np.uint8)[offsets[0] : offsets[-1]]
    first = (data[:-2] == _THAI_ZERO[0]) & (data[1:-1] == _THAI_ZERO[1])
    first &= (data[2:] >= _THAI_ZERO[2]) & (data[2:] <= _THAI_ZERO[2] + 9)
    at = np.flatnonzero(first)
    kept = np.ones(len(data), dtype=bool)
    kept[at] = kept[at + 1] = False
    digits = data.copy()
    digits[at + 2] -= _THAI_ZERO[2] - ord("0")
    before = np.concatenate((np.zeros(1, np.int32), np.cumsum(kept, dtype=np.int32)))
    return pa.StringArray.from_buffers(
        len(cells), pa.py_buffer(before[offsets - offsets[0]]), pa.py_buffer(digits[kept])
    )


SPACES = Mend("spaces_trimmed", "^ | $|  ", _single_spaces)
THAI_DIGITS = Mend("thai_digits", "^[0-9๐-๙./ -]+$", _ascii_digits)
THAI_NUMBER = Mend("thai_digits", f"^({_DIGIT}+|{_DIGIT}{{1,3}}(,{_DIGIT}{{3}})+)(\\.{_DIGIT}+)?$", _ascii_digits)
ID_PUNCTUATION = Mend("id_punctuation", "^[0-9]+([- ][0-9]+)+$", _without("[- ]"))
THOUSANDS = Mend("thousands_separator", r"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$", _without(","))

OF_TEXT = (SPACES,)
OF_NUMBERS = (SPACES, THAI_NUMBER, THOUSANDS)
OF_DATES = (SPACES, THAI_DIGITS)
OF_CODES = (SPACES, THAI_DIGITS, ID_PUNCTUATION)
