"""Keys for identifiers: a keyed hash, because an unkeyed hash of a national ID can be reversed in a day.

key(identifier) = BLAKE2b-128(normalised identifier, key = 32 secret bytes, person = "person" or "household"), as UUID.
The secret lies outside the database, in `CHAIDAEN_PSEUDONYM_KEY_FILE`; losing it breaks every link to what was loaded.
"""

import hashlib
import secrets
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import UserFacingError
from core.secrets import secret_file
from core.settings import settings

KEY_BYTES = 32
DIGEST_BYTES = 16
UUID = pa.binary(DIGEST_BYTES)


def keys(identifiers: pa.Array | pa.ChunkedArray, kind: str) -> pa.FixedSizeBinaryArray:
    """The 16 bytes of the UUID of every identifier (text, normalised); NULL stays NULL. `kind`: `person`, `household`.

    Each distinct identifier is hashed once; the rest is done in columns.
    """
    if isinstance(identifiers, pa.ChunkedArray):
        identifiers = identifiers.combine_chunks()
    coded = pc.dictionary_encode(identifiers.cast(pa.string()))
    keyed = _keyed(kind)
    digests = []
    for identifier in coded.dictionary.cast(pa.binary()).to_pylist():
        state = keyed.copy()
        state.update(identifier)
        digests.append(state.digest())
    return pa.array(digests, UUID).take(coded.indices)


def key_fingerprint() -> str:
    """Tells one key from another without saying anything about it."""
    return hashlib.blake2b(b"fingerprint", digest_size=8, key=_secret(settings().pseudonym_key_file)).hexdigest()


def _keyed(kind: str) -> "hashlib.blake2b":
    """The keyed state is made once and copied: that is faster than keying every hash."""
    return hashlib.blake2b(digest_size=DIGEST_BYTES, key=_secret(settings().pseudonym_key_file), person=kind.encode())


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
