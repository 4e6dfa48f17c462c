"""Pictures that show the same in another file: a difference hash finds them, a small grey picture confirms it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.alike.bits import near_pairs
from affectory.alike.joined import Joined
from affectory.results import FloatArray, IntArray

#: Bits of the difference hash that may differ (of 64). Copies at half the size differ in up to 3, at a quarter and the
#: lowest quality in up to 6; other pictures in 11 and more, faces of one person in fewer. So hashes find, and the small
#: pictures decide.
HASH_BITS = 10
#: A rise of brightness by less than this, in 255 steps of grey, is none: in a clear sky its sign is noise.
RISE_STEPS = 1.0
#: Side of the small picture in pixels, and by how many steps of grey one of them may differ once both pictures have the
#: same mean and spread. Copies as above differ by up to 6, pictures of other things by 69 and more, a drawn face by 9
#: to 43 as its expression changes.
SIDE, STEPS = 16, 8.0
#: Below this spread (standard deviation, in steps of grey) a picture is blank: it would look like every other.
BLANK_STEPS = 2.0
PRINT_BYTES = 8 + SIDE * SIDE
_COLUMNS, _ROWS = 9, 8
_PAIRS_AT_ONCE = 1 << 13
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SamePicture:
    """Places of two pictures, left < right; how many of 64 bits, and by how many steps of grey, they differ at most."""

    left: int
    right: int
    bits: int
    steps: float


def picture_print(grey: npt.ArrayLike) -> bytes | None:
    """Take the fingerprint of a picture.

    Parameters
    ----------
    grey : array_like, shape (height, width)
        Brightness, 0 (black) to 255 (white), at least 1 x 1; no NaN.

    Returns
    -------
    bytes or None
        `PRINT_BYTES` bytes: 64 bits that say where brightness rises from left to right on a grid of 8 x 9 means, then
        a small picture of `SIDE` x `SIDE` means. None for a blank picture.

    Examples
    --------
    >>> ramp = np.tile(np.linspace(0, 255, 64), (48, 1))
    >>> picture_print(ramp)[:8].hex()
    'ffffffffffffffff'
    >>> picture_print(np.full((48, 64), 128)) is None
    True
    """
    whole = np.asarray(grey, dtype=np.float64)
    small = area_means(whole, SIDE, SIDE)
    if small.std() < BLANK_STEPS:
        return None
    steps = np.diff(area_means(whole, _ROWS, _COLUMNS), axis=1)
    detail = np.clip(np.round(small), 0, 255).astype(np.uint8)
    return np.packbits(steps > RISE_STEPS).tobytes() + detail.tobytes()


def area_means(grey: FloatArray, rows: int, columns: int) -> FloatArray:
    """Shrink to `rows` x `columns` means over areas; cells need not be whole pixels."""
    return _means(_means(grey, rows).T, columns).T


def _means(values: FloatArray, n: int) -> FloatArray:
    """Means of `n` equal stretches of the first axis."""
    height = values.shape[0]
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    edges = np.linspace(0, height, n + 1)
    low = np.minimum(edges.astype(np.int64), height - 1)
    part = (edges - low)[:, np.newaxis]
    at_edges = sums[low] * (1 - part) + sums[low + 1] * part
    return np.asarray(np.diff(at_edges, axis=0) * (n / height))


def same_pictures(prints: Sequence[bytes]) -> Iterator[SamePicture]:
    """Find pictures that show the same.

    Parameters
    ----------
    prints : sequence of bytes
        Fingerprints of `picture_print`.

    Yields
    ------
    SamePicture
        Pairs enough to connect all that are the same; within what is connected already no more are looked for.
    """
    if not prints:
        return
    told = np.frombuffer(b"".join(prints), dtype=np.uint8).reshape(-1, PRINT_BYTES)
    hashes = np.ascontiguousarray(told[:, :8]).view("<u8")[:, 0].astype(np.uint64)
    joined = Joined(len(prints))
    for left, right in _few_at_once(near_pairs(hashes, n_bits=64, at_most=HASH_BITS)):
        apart = np.flatnonzero(~joined.together(left, right))
        steps = _steps_apart(told[:, 8:], left[apart], right[apart])
        for at in np.flatnonzero(steps <= STEPS).tolist():
            one, other = int(left[apart[at]]), int(right[apart[at]])
            joined.join(one, other)
            bits = int(np.bitwise_count(hashes[one] ^ hashes[other]))
            yield SamePicture(one, other, bits, float(steps[at]))


def _few_at_once(pairs: Iterator[tuple[IntArray, IntArray]]) -> Iterator[tuple[IntArray, IntArray]]:
    for left, right in pairs:
        for at in range(0, left.size, _PAIRS_AT_ONCE):
            yield left[at : at + _PAIRS_AT_ONCE], right[at : at + _PAIRS_AT_ONCE]


def _steps_apart(details: Bytes, left: IntArray, right: IntArray) -> FloatArray:
    """The largest difference of a pixel, once both pictures have the same mean and spread."""
    if not left.size:
        return np.zeros(0)
    one, other = (details[side].astype(np.float64) for side in (left, right))
    spread = (one.std(axis=1) + other.std(axis=1)) / 2
    even, even_other = (
        (side - side.mean(axis=1)[:, None]) / side.std(axis=1)[:, None] for side in (one, other)
    )
    return np.asarray(np.abs(even - even_other).max(axis=1) * spread, dtype=np.float64)
