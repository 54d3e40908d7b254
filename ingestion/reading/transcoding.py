"""Any encoding as UTF-8 while it is read, a large piece at a time: half the cost of letting Arrow transcode."""

import codecs
import io
from typing import BinaryIO

PIECE = 1 << 20


class Utf8Stream(io.RawIOBase):
    """A file, from where it stands to its end, as UTF-8 bytes. Reading raises UnicodeDecodeError for a broken one."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder(encoding)().decode
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any writable buffer
        while not self._ready:
            piece = self._file.read(PIECE)
            self._ready = memoryview(self._decode(piece, final=not piece).encode())
            if not piece:
                break
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


def as_utf8(file: BinaryIO, encoding: str) -> BinaryIO:
    """`file` itself when it is UTF-8 already: Arrow checks it as it reads."""
    return file if encoding == "utf-8" else io.BufferedReader(Utf8Stream(file, encoding), PIECE)
