"""Independent streams of random numbers: what one part draws never shifts another's."""

import hashlib

import numpy as np


def stream(seed: int, *purpose: object) -> np.random.Generator:
    """The stream of a purpose; the same seed and purpose always draw alike."""
    digest = hashlib.blake2b(repr(purpose).encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest)])
