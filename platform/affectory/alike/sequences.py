"""Stretches of sound or film that are the same in another file, wherever they begin there.

A fingerprint is a row of 32 bits per frame: where a level rises more from one band (or field of the picture) to the
next than it did a moment before (Haitsma and Kalker 2002 for sound, Oostveen, Kalker and Haitsma 2002 for film). Beside
the bits stands which of them are known: where hardly anything changes, the sign of the change is noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.results import BoolArray, FloatArray, IntArray

#: Share of the known bits that may differ. Copies at a low bit rate differ in 0 to 4 %, other melodies of one scale in
#: 20 % where they fit best, unrelated recordings in half.
DIFFERENT_BITS = 0.1
#: Two files show the same where a stretch of this length, and of this share of the shorter one, is the same; of a
#: shorter one nearly all. So a jingle at the beginning of two films does not join them.
STRETCH_S, STRETCH_SHARE, WHOLE_SHARE = 3.0, 1 / 3, 0.8
#: In a stretch that is the same something changes for this long, and for this share of what was just said; so two beeps
#: in silence are not enough. A sequence in which less changes cannot be compared.
TELLING_S, TELLING_SHARE = 0.5, 1 / 4
#: Frames with fewer known bits find no candidates, and are passed over where stretches are compared.
TELLING_BITS = 12
_AROUND_S = 1.0
_NEIGHBOURS = 3
_VOTES = 2
FRAME = np.dtype([("bits", "<u4"), ("known", "<u4")])
Frames = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class SameStretch:
    """A stretch that is in two sequences.

    Attributes
    ----------
    left, right : int
        Numbers of the sequences, left < right.
    left_s, right_s : float
        Where it begins in each, in seconds.
    length_s : float
    different : float
        Share of the known bits that differ, 0 to `DIFFERENT_BITS`.
    """

    left: int
    right: int
    left_s: float
    right_s: float
    length_s: float
    different: float


def packed_print(steps: FloatArray, known: BoolArray, rate_hz: float) -> bytes | None:
    """Pack changes of levels into a fingerprint.

    Parameters
    ----------
    steps : ndarray of float, shape (frames, 32)
        How much more each level rises to the next one than a moment before; only the sign counts.
    known : ndarray of bool, shape (frames, 32)
        Whether the sign can be relied upon.
    rate_hz : float
        Frames per second.

    Returns
    -------
    bytes or None
        Eight bytes per frame; None where too little changes to tell one recording from another.
    """
    told = np.zeros(len(steps), dtype=FRAME)
    told["bits"] = _packed((steps > 0) & known)
    told["known"] = _packed(known)
    telling = known.sum(axis=1) >= TELLING_BITS
    return told.tobytes() if telling.sum() >= TELLING_S * rate_hz else None


def _packed(bits: BoolArray) -> npt.NDArray[np.uint32]:
    return np.packbits(bits, axis=1, bitorder="little").view("<u4")[:, 0].astype(np.uint32)


def same_stretches(prints: Sequence[bytes], rate_hz: float) -> Iterator[SameStretch]:
    """Find stretches that are the same in two sequences.

    Parameters
    ----------
    prints : sequence of bytes
        Fingerprints of `packed_print`.
    rate_hz : float
        Frames per second, the same in all.

    Yields
    ------
    SameStretch
        At most one for each two sequences: the longest, where they are laid so that most frames are equal.

    Notes
    -----
    Candidates are frames with equal bits, each with the next few of its kind, so the cost grows with the frames and
    their sorting. Of many copies of one recording not every two are told; all hang together.
    """
    sequences = [np.frombuffer(one, dtype=FRAME) for one in prints]
    for left, right, offset in _candidates(sequences) if sequences else ():
        tries = [
            _aligned(sequences[left], sequences[right], one, rate_hz) for one in range(offset - 1, offset + 2)
        ]
        found = [one for one in tries if one]
        if found:
            best = min(found, key=lambda one: (one.begin - one.end, one.different))
            yield SameStretch(
                left,
                right,
                best.begin / rate_hz,
                (best.begin - best.offset) / rate_hz,
                (best.end - best.begin) / rate_hz,
                best.different,
            )


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A stretch in frames of the left sequence; ``offset``: at which of them the right one begins."""

    offset: int
    begin: int
    end: int
    different: float


def _candidates(sequences: Sequence[Frames]) -> Iterator[tuple[int, int, int]]:
    """Pairs of sequences with the offset (frame of the left one less that of the right) of most equal frames."""
    bits = np.concatenate([one["bits"] for one in sequences])
    known = np.concatenate([one["known"] for one in sequences])
    lengths = [len(one) for one in sequences]
    telling = np.flatnonzero(np.bitwise_count(known) >= TELLING_BITS)
    of = np.repeat(np.arange(len(sequences)), lengths)[telling]
    frame = np.concatenate([np.arange(n) for n in lengths])[telling]
    order = np.argsort(bits[telling], kind="stable")
    code, of, frame = bits[telling][order], of[order], frame[order]
    votes = [_votes(code, of, frame, step, len(sequences)) for step in range(1, _NEIGHBOURS + 1)]
    pair, offset = np.concatenate(votes, axis=1)
    span = 2 * max(lengths) + 1
    seen, count = np.unique(pair * span + offset + max(lengths), return_counts=True)
    seen, count = seen[count >= _VOTES], count[count >= _VOTES]
    pair = seen // span
    best = np.lexsort((-count, pair))
    best = best[np.unique(pair[best], return_index=True)[1]]
    for one in seen[best].tolist():
        left, right = divmod(one // span, len(sequences))
        yield left, right, one % span - max(lengths)


def _votes(code: npt.NDArray[np.uint32], of: IntArray, frame: IntArray, step: int, n: int) -> IntArray:
    """Each frame with the one so many places after it among its equals: (pair of the n sequences, offset)."""
    same = np.flatnonzero((code[step:] == code[:-step]) & (of[step:] != of[:-step]))
    # Stable sorting keeps the sequences in order within their equals, so the first is the left one.
    return np.stack([of[same] * n + of[same + step], frame[same] - frame[same + step]])


def _aligned(left: Frames, right: Frames, offset: int, rate_hz: float) -> _Aligned | None:
    """Give the longest stretch that is the same, if it is long enough and tells enough."""
    first, last = max(offset, 0), min(len(left), len(right) + offset)
    if first >= last:
        return None
    one, other = left[first:last], right[first - offset : last - offset]
    both = one["known"] & other["known"]
    told = np.bitwise_count(both).astype(np.int64)
    wrong = np.bitwise_count((one["bits"] ^ other["bits"]) & both).astype(np.int64)
    either = np.bitwise_count(one["known"] | other["known"]).astype(np.int64)
    found = _longest(_same_around(wrong, told, either, round(_AROUND_S * rate_hz)), told > 0)
    if found is None:
        return None
    begin, end = found
    different = wrong[begin:end].sum() / told[begin:end].sum()
    shorter_s = min(len(left), len(right)) / rate_hz
    needed_s = min(max(STRETCH_S, STRETCH_SHARE * shorter_s), WHOLE_SHARE * shorter_s)
    telling = np.count_nonzero(told[begin:end] >= TELLING_BITS)
    long_enough = end - begin >= needed_s * rate_hz
    telling_enough = telling >= max(TELLING_S, TELLING_SHARE * needed_s) * rate_hz
    if different > DIFFERENT_BITS or not long_enough or not telling_enough:
        return None
    return _Aligned(offset, first + begin, first + end, float(different))


def _same_around(wrong: IntArray, told: IntArray, either: IntArray, width: int) -> BoolArray:
    """Whether two sequences are the same, or both tell nothing, in the frames around each.

    ``wrong``: known bits that differ; ``told``: bits known in both; ``either``: in one at least. A moment may be
    half as bad again as the whole; but where much more is known in one than in both, they are not the same.
    """
    wrong, told, either = (
        np.convolve(each, np.ones(width, dtype=np.int64), mode="same")[: each.size]
        for each in (wrong, told, either)
    )
    alike = (wrong <= 1.5 * DIFFERENT_BITS * told) & (told >= 0.5 * either)
    return np.asarray(alike | (either < TELLING_BITS))


def _longest(same: BoolArray, told: BoolArray) -> tuple[int, int] | None:
    """The longest stretch of `same` that begins and ends with something told."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    best: tuple[int, int] | None = None
    for begin, end in edges.reshape(-1, 2).tolist():
        inside = np.flatnonzero(told[begin:end])
        if inside.size and (best is None or inside[-1] + 1 - inside[0] > best[1] - best[0]):
            best = (begin + int(inside[0]), begin + int(inside[-1]) + 1)
    return best
