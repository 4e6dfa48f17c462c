"""Hashes that differ in few bits, found without comparing all with all."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from affectory.results import IntArray

_BAND = 16
_PAIRS_AT_ONCE = 1 << 20
Hashes = npt.NDArray[np.uint64]


def near_pairs(hashes: Hashes, *, n_bits: int, at_most: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Find every two hashes that differ in few bits, equal ones too.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n,)
        Each in its lowest `n_bits` bits.
    n_bits : int
        A multiple of 16, at most 64.
    at_most : int
        Bits that may differ.

    Yields
    ------
    left, right : ndarray of int, shape (found,)
        Places of hashes, left < right; no pair comes twice.

    Notes
    -----
    Hashes that differ in `at_most` bits differ in at most `at_most // bands` bits of one of their 16-bit bands, so each
    is looked up by its bands with so many bits turned (Norouzi, Punjani and Fleet 2012, multi-index hashing). All are
    found, in time that grows with the hashes as long as they are few for each value of a band.

    Examples
    --------
    >>> pairs = near_pairs(np.array([0b111, 1 << 40, 0b110], dtype=np.uint64), n_bits=64, at_most=2)
    >>> [(int(a), int(b)) for left, right in pairs for a, b in zip(left, right)]
    [(0, 2)]
    """
    n_bands = n_bits // _BAND
    turned = at_most // n_bands
    masks = [
        sum(1 << bit for bit in bits) for n in range(turned + 1) for bits in combinations(range(_BAND), n)
    ]
    for band in range(n_bands):
        own = _of_band(hashes, band)
        order = np.argsort(own, kind="stable")
        begins = np.searchsorted(own[order], np.arange((1 << _BAND) + 1))
        for mask in masks:
            for left, right in _looked_up(own ^ mask, begins, order):
                apart = hashes[left] ^ hashes[right]
                found = np.flatnonzero((left < right) & (np.bitwise_count(apart) <= at_most))
                # A pair belongs to the first band that finds it.
                for earlier in range(band):
                    found = found[np.bitwise_count(_of_band(apart[found], earlier)) > turned]
                if found.size:
                    yield left[found], right[found]


def _looked_up(wanted: IntArray, begins: IntArray, order: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Each hash with all that have the wanted value in a band; so many at once as fit into memory."""
    counts = begins[wanted + 1] - begins[wanted]
    ends = np.cumsum(counts)
    at = 0
    while at < wanted.size:
        done = int(ends[at - 1]) if at else 0
        until = max(at + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE)))
        own = counts[at:until]
        left = np.repeat(np.arange(at, until), own)
        within = np.arange(left.size) - np.repeat(ends[at:until] - own - done, own)
        yield left, order[within + np.repeat(begins[wanted[at:until]], own)]
        at = until


def _of_band(values: Hashes, band: int) -> IntArray:
    return ((values >> np.uint64(band * _BAND)) & np.uint64((1 << _BAND) - 1)).astype(np.int64)
