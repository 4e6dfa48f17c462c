"""Overlap of what two raters marked on a timeline: shared frames, and whole segments within a tolerance."""

from collections.abc import Sequence

import numpy as np

from affectory.results import Basis, BoolArray, FloatArray, Measurement

Segment = tuple[float, float]
NOTHING_MARKED = "neither rater marked anything; 1 by convention"


def frame_iou(
    a: Sequence[Segment], b: Sequence[Segment], *, continuum: tuple[float, float], frame_s: float
) -> Measurement:
    """Overlap of two raters' segments on a frame raster: both / either.

    Parameters
    ----------
    a, b : sequences of (start_s, end_s)
        Segments of one kind; a frame is marked when its middle lies in a segment.
    continuum : (start_s, end_s)
        What both went through.
    frame_s : float
        Length of a frame in seconds.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked anything. `details["f1"]` is the Dice
        overlap.

    References
    ----------
    Jaccard (1912), New Phytologist 11, 37-50; Dice (1945), Ecology 26, 297-302 (the `f1`).

    Examples
    --------
    >>> round(frame_iou([(0, 2)], [(1, 3)], continuum=(0, 4), frame_s=0.1).value, 3)
    0.333
    """
    start, end = continuum
    if not (frame_s > 0 and end > start):
        raise ValueError(f"frame_s {frame_s} is above 0 and the continuum {continuum} not empty")
    frames = np.arange(round((end - start) / frame_s), dtype=np.float64)
    middles: FloatArray = np.asarray(start + (frames + 0.5) * frame_s, dtype=np.float64)
    first, second = _marked(a, middles), _marked(b, middles)
    both, either = int((first & second).sum()), int((first | second).sum())
    basis = Basis(f"intersection over union of frames of {frame_s:g} s", middles.size)
    if either == 0:
        return basis.measured(1.0, reason=NOTHING_MARKED, details={"f1": 1.0})
    f1 = 2 * both / int(first.sum() + second.sum())
    return basis.measured(both / either, details={"f1": f1, "frames_both": both, "frames_either": either})


def boundary_f1(a: Sequence[Segment], b: Sequence[Segment], *, tolerance_s: float) -> Measurement:
    """F1 of segments whose start and end both lie within a tolerance of a partner's.

    Parameters
    ----------
    a, b : sequences of (start_s, end_s)
        Each segment has at most one partner; matching goes from the earliest on.
    tolerance_s : float
        Largest accepted difference of either boundary, in seconds.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked anything.

    Examples
    --------
    >>> boundary_f1([(0, 2), (5, 6)], [(0.1, 2.2)], tolerance_s=0.25).value.__round__(3)
    0.667
    """
    if not tolerance_s >= 0:
        raise ValueError(f"tolerance_s: 0 or more, not {tolerance_s}")
    _check_segments(a)
    _check_segments(b)
    basis = Basis(f"F1 of segments, boundaries within {tolerance_s:g} s", len(a) + len(b))
    if not a and not b:
        return basis.measured(1.0, reason=NOTHING_MARKED)
    free = sorted(b)
    matched = 0
    for start, end in sorted(a):
        partner = next(
            (one for one in free if abs(one[0] - start) <= tolerance_s and abs(one[1] - end) <= tolerance_s),
            None,
        )
        if partner is not None:
            free.remove(partner)
            matched += 1
    return basis.measured(2 * matched / (len(a) + len(b)), details={"matched": matched})


def _check_segments(segments: Sequence[Segment]) -> None:
    for start, end in segments:
        if not end >= start:
            raise ValueError(f"segments: ({start}, {end}) ends before it starts")


def _marked(segments: Sequence[Segment], middles: FloatArray) -> BoolArray:
    _check_segments(segments)
    marked = np.zeros(middles.size, dtype=bool)
    for start, end in segments:
        marked |= (middles >= start) & (middles < end)
    return marked
