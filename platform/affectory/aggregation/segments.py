"""Segments that several raters marked, voted into one set of segments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from affectory.results import BoolArray, FloatArray

Marked = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class VotedSegment:
    """A stretch that enough raters gave one label.

    Attributes
    ----------
    start, end : float
        In the unit of the continuum, on its raster.
    label : str
    share : float
        Mean share of the raters over its frames, above the threshold and at most 1.
    """

    start: float
    end: float
    label: str
    share: float


@dataclass(frozen=True, slots=True)
class SegmentVote:
    """What the raters marked together; `segments` is None with a `reason` where they are too few."""

    segments: tuple[VotedSegment, ...] | None
    n_raters: int
    convention: str
    reason: str | None = None


def vote_segments(
    marked: Sequence[Sequence[Marked]],
    *,
    continuum: tuple[float, float],
    frame: float,
    threshold: float = 0.5,
    min_raters: int = 1,
) -> SegmentVote:
    """Vote frame by frame, each label by itself, and join neighbouring frames that won.

    Parameters
    ----------
    marked : sequence of sequences of (start, end, label)
        One list per rater, empty where she marked nothing; segments of a rater may overlap.
    continuum : (start, end)
        What all raters went through, in seconds, characters or any other unit.
    frame : float
        Width of a frame in that unit; a frame is marked when its middle lies in a segment.
    threshold : float
        A frame is won when more than this share of the raters marked it; 0 or more, below 1.
    min_raters : int
        With fewer there are no segments, and the reason says so.

    Returns
    -------
    SegmentVote
        Segments by start, then label. No segment is a legitimate outcome.

    Examples
    --------
    >>> vote = vote_segments([[(0, 4, "joy")], [(2, 6, "joy")], [(3, 5, "joy")]], continuum=(0, 8), frame=1)
    >>> [(one.start, one.end, round(one.share, 2)) for one in vote.segments]
    [(2.0, 5.0, 0.78)]
    """
    start, end = continuum
    if not (frame > 0 and end > start and 0 <= threshold < 1):
        raise ValueError(
            f"frame {frame} is above 0, the continuum {continuum} not empty, the threshold {threshold} in 0..1"
        )
    convention = f"label of a frame of {frame:g} marked by more than {threshold:g} of the raters"
    if len(marked) < max(min_raters, 1):
        return SegmentVote(
            None, len(marked), convention, f"{len(marked)} of the {max(min_raters, 1)} raters needed"
        )
    count = max(1, int(np.ceil((end - start) / frame - 1e-9)))
    # The last frame is as long as what is left.
    edges = np.minimum(start + np.arange(count + 1) * frame, end)
    middles: FloatArray = np.asarray((edges[:-1] + edges[1:]) / 2, dtype=np.float64)
    labels = sorted({label for row in marked for _, _, label in row})
    won = [
        segment
        for label in labels
        for segment in _won(_shares(marked, label, middles), label, threshold, start, frame, end)
    ]
    won.sort(key=lambda one: (one.start, one.label))
    return SegmentVote(tuple(won), len(marked), convention)


def _shares(marked: Sequence[Sequence[Marked]], label: str, middles: FloatArray) -> FloatArray:
    votes = np.zeros(middles.size, dtype=np.float64)
    for row in marked:
        own: BoolArray = np.zeros(middles.size, dtype=bool)
        for begin, finish, given in row:
            if given == label:
                own |= (middles >= begin) & (middles < finish)
        votes += own
    return np.asarray(votes / len(marked), dtype=np.float64)


def _won(
    shares: FloatArray, label: str, threshold: float, start: float, frame: float, end: float
) -> list[VotedSegment]:
    flags = (shares > threshold + 1e-12).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags, [0]])))
    return [
        VotedSegment(
            start=round(float(start + first * frame), 9),
            end=round(min(float(start + last * frame), float(end)), 9),
            label=label,
            share=float(shares[first:last].mean()),
        )
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]
