"""Keys for identifiers: a keyed hash, because an unkeyed hash of a national ID can be reversed in a day.

key(identifier) = BLAKE2b-128(normalised identifier, key = 32 secret bytes, person = "person" or "household"), as UUID.
The secret lies outside the database, in `CHAIDAEN_PSEUDONYM_KEY_FILE`; losing it breaks every link to what was loaded.
"""

import hashlib
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserFacingError
from core.secrets import secret_file
from core.settings import settings

KEY_BYTES = 32
_GROUPS = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))  # 8-4-4-4-12, the way UUIDs are written


def keys(identifiers: pa.Array | pa.ChunkedArray, kind: str) -> pa.Array:
    """UUID text of every identifier (text, normalised); NULL stays NULL. `kind` is `person` or `household`.

    Each distinct identifier is hashed once; the rest is done in columns.
    """
    if isinstance(identifiers, pa.ChunkedArray):
        identifiers = identifiers.combine_chunks()
    coded = pc.dictionary_encode(identifiers.cast(pa.string()))
    hashed = _hasher(kind)
    digests = pa.array([hashed(one.encode()) for one in coded.dictionary.to_pylist()], pa.string())
    written = pc.binary_join_element_wise(
        *(pc.utf8_slice_codeunits(digests, start, stop) for start, stop in _GROUPS), "-"
    )
    return written.take(coded.indices)


def _hasher(kind: str) -> Callable[[bytes], str]:
    secret, person, blake2b = _secret(settings().pseudonym_key_file), kind.encode(), hashlib.blake2b
    return lambda identifier: blake2b(identifier, digest_size=16, key=secret, person=person).hexdigest()


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
