"""How late each rater moves, and traces with that delay taken out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.fusion.traces import mean_of_others
from affectory.results import FloatArray
from affectory.tables import Ratings, as_table
from affectory.vectors import as_vector

NOTHING_TO_TRY = "no lag of whole samples lies both in the search and within the trace"


@dataclass(frozen=True, slots=True)
class LagEstimate:
    """The delay of a trace behind a reference.

    Attributes
    ----------
    lag_s : float or None
        Seconds; positive means that the trace comes later. A whole number of samples.
    correlation : float or None
        Pearson's r at that lag.
    n_samples : int
        Samples compared at that lag.
    convention : str
    reason : str or None
        Why there is no lag, or that it lies at the edge of the search.
    """

    lag_s: float | None
    correlation: float | None
    n_samples: int
    convention: str
    reason: str | None = None


def estimate_lag(
    reference: npt.ArrayLike,
    trace: npt.ArrayLike,
    *,
    rate_hz: float,
    search_s: float | tuple[float, float],
    min_overlap: float = 0.5,
) -> LagEstimate:
    """Find the delay at which a trace correlates best with a reference.

    Parameters
    ----------
    reference, trace : array_like, shape (samples,)
        On one time base; NaN is missing. The reference may be a calibration curve, a feature of the medium,
        or the mean of the other raters.
    rate_hz : float
        Samples per second.
    search_s : float or (low, high)
        Lags to try, in seconds; a single number means that far in both directions.
    min_overlap : float
        Lags that leave less than this share of the samples both have are not tried.

    Returns
    -------
    LagEstimate
        Of equally good lags the shortest. None when nothing varies, and when no lag of whole samples lies
        both in the search and within the trace.

    References
    ----------
    Mariooryad & Busso (2015), IEEE Transactions on Affective Computing 6, 97-108: raters lag 1 to 6 s.

    Examples
    --------
    >>> curve = np.sin(np.arange(100) / 5)
    >>> estimate_lag(curve, np.roll(curve, 7), rate_hz=10, search_s=(0, 2)).lag_s
    0.7
    """
    first, second = as_vector("reference", reference), as_vector("trace", trace)
    if first.shape != second.shape:
        raise ValueError(f"reference and trace differ in length: {first.size}, {second.size}")
    shifts = _shifts(rate_hz, search_s, first.size)
    if shifts.size == 0:
        return LagEstimate(None, None, 0, "cross-correlation", NOTHING_TO_TRY)
    convention = f"cross-correlation over lags from {shifts[0] / rate_hz:g} to {shifts[-1] / rate_hz:g} s"
    together = int((~np.isnan(first) & ~np.isnan(second)).sum())
    found = [_correlation(first, second, int(shift)) for shift in shifts]
    r = np.array([value if n >= max(2, min_overlap * together) else np.nan for value, n in found])
    if np.isnan(r).all():
        return LagEstimate(None, None, 0, convention, "no lag has enough overlap with variation in both")
    near_best = np.flatnonzero(r >= np.nanmax(r) - 1e-12)
    best = int(min(near_best, key=lambda i: abs(shifts[i])))
    at_edge = shifts.size > 1 and best in {0, shifts.size - 1}
    return LagEstimate(
        lag_s=float(shifts[best] / rate_hz),
        correlation=float(r[best]),
        n_samples=found[best][1],
        convention=convention,
        reason="the best lag lies at the edge of the search" if at_edge else None,
    )


def rater_lags(
    traces: Ratings, *, rate_hz: float, search_s: float | tuple[float, float]
) -> tuple[LagEstimate, ...]:
    """Delay of each rater behind the mean of the other raters.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        NaN is missing.
    rate_hz : float
        Samples per second.
    search_s : float or (low, high)
        As in `estimate_lag`, in seconds.

    Returns
    -------
    tuple of LagEstimate
        Relative lags: a delay that all raters share is not seen.

    References
    ----------
    Mariooryad & Busso (2015), IEEE Transactions on Affective Computing 6, 97-108 (a lag of each rater's own; they
    seek it against features of the medium).

    Examples
    --------
    >>> curve = np.sin(np.arange(100) / 5)
    >>> late = [curve, curve, np.roll(curve, 4)]
    >>> rater_lags(late, rate_hz=10, search_s=1)[2].lag_s
    0.4
    """
    values = as_table(traces).persons("rater_lags")
    return tuple(
        estimate_lag(mean_of_others(values, row), own, rate_hz=rate_hz, search_s=search_s)
        for row, own in enumerate(values)
    )


def calibration_lags(
    curve: npt.ArrayLike,
    traces: Ratings,
    *,
    rate_hz: float,
    search_s: float | tuple[float, float] = (0.0, 6.0),
) -> tuple[LagEstimate, ...]:
    """Delay of each rater behind the known curve of a calibration clip.

    Parameters
    ----------
    curve : array_like, shape (samples,)
        What the raters were to follow.
    traces : RatingTable or array_like, shape (raters, samples)
        What they did on the calibration clip, on the curve's time base; NaN is missing.
    rate_hz : float
        Samples per second.
    search_s : float or (low, high)
        As in `estimate_lag`; nobody follows before the curve moves.

    Returns
    -------
    tuple of LagEstimate
        Absolute lags, for `compensate_lag` on the raters' other traces: unlike `rater_lags` they see a delay
        that all raters share. None, with a reason, for a rater who did not move.

    References
    ----------
    Mariooryad & Busso (2015), IEEE Transactions on Affective Computing 6, 97-108: raters lag 1 to 6 s.

    Examples
    --------
    >>> curve = np.sin(np.arange(100) / 5)
    >>> [found.lag_s for found in calibration_lags(curve, [np.roll(curve, 7), np.roll(curve, 12)], rate_hz=10)]
    [0.7, 1.2]
    """
    values = as_table(traces).persons("calibration_lags")
    return tuple(estimate_lag(curve, own, rate_hz=rate_hz, search_s=search_s) for own in values)


def compensate_lag(traces: Ratings, lags_s: float | Sequence[float], *, rate_hz: float) -> FloatArray:
    """Move traces earlier by their lag.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        NaN is missing.
    lags_s : float or sequence of float
        One lag for all raters or one each, in seconds; rounded to whole samples.
    rate_hz : float
        Samples per second.

    Returns
    -------
    ndarray, shape (raters, samples)
        NaN where no sample is left: at the end after a positive lag, everywhere after one longer than the
        trace.

    Examples
    --------
    >>> compensate_lag([[0, 0, 1, 2]], 1.0, rate_hz=2)
    array([[ 1.,  2., nan, nan]])
    """
    values = as_table(traces).persons("compensate_lag")
    lags = np.asarray(lags_s, dtype=np.float64)
    if lags.shape not in {(), (len(values),)}:
        raise ValueError(f"lags_s: one number, or one for each of {len(values)} raters, not {lags.shape}")
    if not (np.isfinite(lags).all() and 0 < rate_hz < np.inf):
        raise ValueError("lags_s are finite, and rate_hz is finite and above 0")
    n = values.shape[1]
    shifts = np.clip(np.rint(lags * rate_hz), -n, n).astype(np.int64)
    moved = np.full(values.shape, np.nan)
    for row, shift in enumerate(np.broadcast_to(shifts, len(values))):
        later, earlier = _overlap(n, int(shift))
        moved[row, earlier] = values[row, later]
    return moved


def _shifts(rate_hz: float, search_s: float | tuple[float, float], n: int) -> npt.NDArray[np.int64]:
    low, high = search_s if isinstance(search_s, tuple | list) else (-abs(search_s), abs(search_s))
    if not (0 < rate_hz < np.inf and high >= low):
        raise ValueError(f"rate_hz {rate_hz} is above 0 and search_s ({low}, {high}) is no empty interval")
    limit = max(n - 1, 0)
    first, last = max(low * rate_hz, -limit), min(high * rate_hz, limit)
    return np.arange(np.ceil(first - 1e-9), np.floor(last + 1e-9) + 1, dtype=np.int64)


def _overlap(n: int, shift: int) -> tuple[slice, slice]:
    """Where the later and the earlier series are read so that they lie on each other; at most n apart."""
    return slice(max(shift, 0), n + min(shift, 0)), slice(max(-shift, 0), n - max(shift, 0))


def _correlation(reference: FloatArray, trace: FloatArray, shift: int) -> tuple[float, int]:
    later, earlier = _overlap(reference.size, shift)
    a, b = reference[earlier], trace[later]
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    if a.size < 2 or a.min() == a.max() or b.min() == b.max():
        return np.nan, int(a.size)
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / np.sqrt((a @ a) * (b @ b))), int(a.size)
