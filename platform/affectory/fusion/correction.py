"""A fused trace corrected by comparisons: raters judge pairs of steady stretches better than levels."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from affectory.aggregation import bradley_terry
from affectory.fusion.traces import FusedTrace
from affectory.results import FloatArray


def correct_by_comparisons(
    fused: FusedTrace, segments: Sequence[tuple[int, int]], wins: npt.ArrayLike, *, prior: float = 0.5
) -> FusedTrace:
    """Move steady stretches of a fused trace to the levels that comparisons give them.

    Parameters
    ----------
    fused : FusedTrace
        In any unit; NaN is missing.
    segments : sequence of (start, end)
        Steady stretches in samples, start included, end excluded, in order and apart from each other.
    wins : array_like, shape (segments, segments)
        How often the row was judged higher than the column.
    prior : float
        Of the Bradley-Terry model of the comparisons.

    Returns
    -------
    FusedTrace
        Values moved by an offset that is constant on each segment, straight in between and constant outside.
        Unchanged, with a reason, when the comparisons do not order the segments as the trace does at all, and
        when their model has no strengths or did not converge.

    Notes
    -----
    Segment levels are the regression of the trace's segment means on the log-strengths of the segments, so
    that the comparisons set order and spacing, and the trace sets origin and unit.

    References
    ----------
    The idea is that of Booth, Mundnich & Narayanan (2018), A novel method for human bias correction of
    continuous-time annotations, ICASSP; the regression is simpler than their triplet embedding.

    Examples
    --------
    >>> from affectory.fusion import mean
    >>> trace = mean([[0.0, 0.0, 0.6, 0.6, 0.5, 0.5]])
    >>> wins = [[0, 0, 0], [9, 0, 1], [9, 8, 0]]
    >>> found = correct_by_comparisons(trace, [(0, 2), (2, 4), (4, 6)], wins).values
    >>> bool(found[4] > found[2])
    True
    """
    _check_segments(segments, fused.values.size)
    levels = np.array([_level(fused.values[start:end]) for start, end in segments])
    convention = f"{fused.convention}; {len(segments)} segments corrected by comparisons, prior {prior:g}"
    if np.isnan(levels).any():
        return replace(fused, convention=convention, reason="a segment has no values; nothing corrected")
    model = bradley_terry(wins, prior=prior)
    if model.strength.size != len(segments):
        raise ValueError(f"wins: {model.strength.size} rows for {len(segments)} segments")
    if model.reason:
        return replace(fused, convention=convention, reason=f"nothing corrected: {model.reason}")
    strength = np.log(model.strength)
    slope = _slope(strength, levels)
    if slope <= 0:
        return replace(
            fused, convention=convention, reason="nothing corrected: comparisons and trace do not go together"
        )
    wanted = levels.mean() + slope * (strength - strength.mean())
    return replace(
        fused,
        values=fused.values + _offsets(segments, wanted - levels, fused.values.size),
        convention=convention,
        details={**fused.details, "largest_correction": float(np.abs(wanted - levels).max())},
    )


def _check_segments(segments: Sequence[tuple[int, int]], n: int) -> None:
    reached = 0
    for start, end in segments:
        if not reached <= start < end <= n:
            raise ValueError(f"segments: ({start}, {end}) is empty, out of order or outside 0 to {n}")
        reached = end
    if len(segments) < 2:
        raise ValueError("segments: comparisons need two or more")


def _level(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def _slope(x: FloatArray, y: FloatArray) -> float:
    spread = float(np.square(x - x.mean()).sum())
    return float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread > 0 else 0.0


def _offsets(segments: Sequence[tuple[int, int]], steps: FloatArray, n: int) -> FloatArray:
    places = [place for start, end in segments for place in (start, end - 1)]
    return np.interp(np.arange(n), places, np.repeat(steps, 2))
