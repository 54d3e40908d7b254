"""Unique keys over a file of any size: 64-bit hashes in sorted runs, 16 bytes a row.

Two different keys share a hash once in 370,000 files of ten million rows, so a hash found twice is a key found twice.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ingestion.cleaning.columns import bytes_of, matrix

_FNV_PRIME = np.uint64(0x100000001B3)
_FNV_BASIS = 0xCBF29CE484222325
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_EMPTY = np.zeros(0, np.int64)
MAX_RUNS = 8


def key_hashes(columns: Sequence[pa.Array]) -> tuple[np.ndarray, np.ndarray]:
    """uint64 hash per row over all columns, and which rows have every part of the key."""
    rows = len(columns[0])
    mixed = np.zeros(rows, np.uint64)
    whole = np.ones(rows, dtype=bool)
    for column in columns:
        if column.null_count:
            whole &= column.is_valid().to_numpy(zero_copy_only=False)
        mixed = _finish(mixed ^ _column_hash(column))
    return mixed, whole


def _column_hash(column: pa.Array) -> np.ndarray:
    if pa.types.is_int64(column.type):
        numbers: np.ndarray = column.fill_null(0).to_numpy(zero_copy_only=False)
        return numbers.astype(np.uint64)
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    cells = bytes_of(column.fill_null(""))
    hashes = np.zeros(len(column), np.uint64)
    for width in np.unique(cells.lengths):
        at = np.flatnonzero(cells.lengths == width)
        value = np.full(len(at), _FNV_BASIS ^ int(width), np.uint64)
        letters = matrix(cells, at, int(width)) if width else np.zeros((len(at), 0), np.uint8)
        for i in range(int(width)):
            value = (value ^ letters[:, i]) * _FNV_PRIME
        hashes[at] = value
    return hashes


def _finish(value: np.ndarray) -> np.ndarray:
    value = (value + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    value = (value ^ (value >> np.uint64(30))) * _MIX[0]
    value = (value ^ (value >> np.uint64(27))) * _MIX[1]
    mixed: np.ndarray = value ^ (value >> np.uint64(31))
    return mixed


class SeenKeys:
    """Keys of the rows so far. A place is any int64 that says where a row stands."""

    def __init__(self) -> None:
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, hashes: np.ndarray, whole: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Indexes of rows whose key was seen before (here or in an earlier chunk), and the place of its first row."""
        rows = np.flatnonzero(whole)
        order = rows[np.argsort(hashes[rows])]
        keys = hashes[order]
        if not len(keys):
            return _EMPTY, _EMPTY
        starts = np.concatenate(([True], keys[1:] != keys[:-1]))
        if not starts.all():  # sort again, so that of equal keys the first row comes first; four times as slow
            order = rows[np.argsort(hashes[rows], kind="stable")]
        where = places[order]
        first = where[np.flatnonzero(starts)[np.cumsum(starts) - 1]]
        repeated = ~starts
        for run_keys, run_places in self._runs:
            at = np.minimum(np.searchsorted(run_keys, keys), len(run_keys) - 1)
            hit = run_keys[at] == keys
            first = np.where(hit, run_places[at], first)
            repeated |= hit
        fresh = ~repeated
        self._keep(keys[fresh], where[fresh])
        by_row = np.argsort(order[repeated], kind="stable")
        return order[repeated][by_row], first[repeated][by_row]

    def _keep(self, keys: np.ndarray, places: np.ndarray) -> None:
        """Add a run; runs of like size are merged, so that few have to be searched."""
        if not len(keys):
            return
        self._runs.append((keys, places))
        while len(self._runs) > 1 and (
            len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]) or len(self._runs) > MAX_RUNS
        ):
            # Everything is let go as soon as it is copied: at ten million rows a run weighs a hundred megabytes.
            (b, b_places), (a, a_places) = self._runs.pop(), self._runs.pop()
            merged = np.concatenate((a, b))
            del a, b
            order = np.argsort(merged)  # no key is in both, so the fast way that mixes equal ones up will do
            merged = merged[order]
            places = np.concatenate((a_places, b_places))
            del a_places, b_places
            self._runs.append((merged, places[order]))
