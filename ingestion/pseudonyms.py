"""Keys for identifiers: a keyed hash, because an unkeyed hash of a national ID can be reversed in a day.

key(identifier) = BLAKE2b-128(normalised identifier, key = 32 secret bytes, person = "person" or "household"), as UUID.
The secret lies outside the database, in `CHAIDAEN_PSEUDONYM_KEY_FILE`; losing it breaks every link to what was loaded.
"""

import hashlib
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserFacingError
from core.secrets import secret_file
from core.settings import settings

KEY_BYTES = 32
DIGEST_BYTES = 16
UUID_LENGTH = 36
_HEX = np.frombuffer(bytes(range(256)).hex().encode(), np.uint16)  # both digits of a byte at once
_GROUPS = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))  # 8-4-4-4-12, the way UUIDs are written


def keys(identifiers: pa.Array | pa.ChunkedArray, kind: str) -> pa.Array:
    """UUID text of every identifier (text, normalised); NULL stays NULL. `kind` is `person` or `household`.

    Each distinct identifier is hashed once; the rest is done in columns.
    """
    if isinstance(identifiers, pa.ChunkedArray):
        identifiers = identifiers.combine_chunks()
    coded = pc.dictionary_encode(identifiers.cast(pa.string()))
    hashed = _hasher(kind)
    digests = b"".join([hashed(one) for one in coded.dictionary.cast(pa.binary()).to_pylist()])
    return _uuids(np.frombuffer(digests, np.uint8).reshape(-1, DIGEST_BYTES)).take(coded.indices)


def _uuids(digests: np.ndarray) -> pa.Array:
    """Text of `digests`, uint8[n, 16]."""
    digits = _HEX[digests].view(np.uint8)
    letters = np.full((len(digests), UUID_LENGTH), ord("-"), np.uint8)
    for dashes, (start, stop) in enumerate(_GROUPS):
        letters[:, start + dashes : stop + dashes] = digits[:, start:stop]
    offsets = np.arange(len(digests) + 1, dtype=np.int32) * UUID_LENGTH
    return pa.StringArray.from_buffers(len(digests), pa.py_buffer(offsets), pa.py_buffer(letters))


def _hasher(kind: str) -> Callable[[bytes], bytes]:
    # The keyed state is made once and copied: that is faster than keying every hash.
    keyed = hashlib.blake2b(digest_size=DIGEST_BYTES, key=_secret(settings().pseudonym_key_file), person=kind.encode())

    def hashed(identifier: bytes) -> bytes:
        state = keyed.copy()
        state.update(identifier)
        return state.digest()

    return hashed


@cache
def _secret(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(secret_file(path, secrets.token_hex(KEY_BYTES)))
    except (ValueError, OSError) as error:
        raise _unusable(path) from error
    if len(secret) != KEY_BYTES:
        raise _unusable(path)
    return secret


def _unusable(path: Path) -> UserFacingError:
    return UserFacingError(
        f"The pseudonym key file {path} can't be used: it must be readable and hold {KEY_BYTES} bytes as hex digits.",
        cure="Restore it from your backup. With a new key nobody loaded before would be recognised again.",
    )
