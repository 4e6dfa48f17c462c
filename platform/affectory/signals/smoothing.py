"""Smoothing whose edges do not bend, and relative readings of a trace."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from affectory.results import FloatArray
from affectory.vectors import as_vector

Edge = Literal["shrink", "reflect"]


def smooth(trace: npt.ArrayLike, *, window_samples: int, edge: Edge = "shrink") -> FloatArray:
    """Moving average that leaves constants constant up to the ends and to every gap.

    Parameters
    ----------
    trace : array_like, shape (samples,)
        NaN stays NaN. Near a gap the window gets narrower on both sides, so that a straight line stays
        straight and no average reaches across.
    window_samples : int
        Odd length of the window.
    edge : {"shrink", "reflect"}
        "shrink": an end is treated like a gap. "reflect": the trace is mirrored about its end samples.

    Returns
    -------
    ndarray, shape (samples,)

    Examples
    --------
    >>> smooth([0.0, 1.0, 2.0, 3.0, 8.0], window_samples=3)
    array([0.        , 1.        , 2.        , 4.33333333, 8.        ])
    """
    values = as_vector("trace", trace)
    if window_samples < 1 or window_samples % 2 == 0:
        raise ValueError(f"window_samples: an odd number, not {window_samples}")
    if edge not in {"shrink", "reflect"}:
        raise ValueError(f"edge: {edge!r} is neither shrink nor reflect")
    half = min(window_samples // 2, max(values.size - 1, 0))
    mirrored = edge == "reflect" and half > 0
    padded = (
        np.pad(values, half, mode="reflect") if mirrored else np.pad(values, half, constant_values=np.nan)
    )
    middle = np.arange(values.size) + half
    widths = np.clip(_distance_to_gap(padded)[middle] - 1, 0, half)
    return _window_means(padded, middle - widths, middle + widths + 1)


def window_means(trace: npt.ArrayLike, *, window_samples: int) -> FloatArray:
    """Means of windows that do not overlap.

    Parameters
    ----------
    trace : array_like, shape (samples,)
        NaN is left out; an incomplete last window is dropped.
    window_samples : int
        Length of a window, 1 or more.

    Returns
    -------
    ndarray, shape (samples // window_samples,)
        NaN for a window without any value.

    Examples
    --------
    >>> window_means([1, 3, None, 5, 9], window_samples=2)
    array([2., 5.])
    """
    values = as_vector("trace", trace)
    if window_samples < 1:
        raise ValueError(f"window_samples: at least 1, not {window_samples}")
    starts = np.arange(values.size // window_samples) * window_samples
    return _window_means(values, starts, starts + window_samples)


def relative(trace: npt.ArrayLike) -> FloatArray:
    """Stretch a trace to its own range: lowest value 0, highest 1.

    Parameters
    ----------
    trace : array_like, shape (samples,)
        NaN stays NaN.

    Returns
    -------
    ndarray, shape (samples,)
        NaN everywhere for a constant trace, whose range says nothing.

    Notes
    -----
    Depends on what the rater happened to see; a release that uses it stores the fitted range.

    Examples
    --------
    >>> relative([-1.0, 0.0, 3.0])
    array([0.  , 0.25, 1.  ])
    """
    values = as_vector("trace", trace)
    known = values[~np.isnan(values)]
    if known.size == 0 or known.min() == known.max():
        return np.full(values.shape, np.nan)
    return np.asarray((values - known.min()) / (known.max() - known.min()))


def gradient(trace: npt.ArrayLike, *, window_samples: int, rate_hz: float) -> FloatArray:
    """Change from window to window, per second.

    Parameters
    ----------
    trace : array_like, shape (samples,)
        NaN is left out of the windows' means.
    window_samples : int
        Length of a window, 1 or more.
    rate_hz : float
        Samples per second.

    Returns
    -------
    ndarray, shape (samples // window_samples - 1,)
        In the unit of the trace per second.

    Examples
    --------
    >>> gradient([0, 0, 1, 1, 1, 1], window_samples=2, rate_hz=2)
    array([1., 0.])
    """
    if not rate_hz > 0:
        raise ValueError(f"rate_hz: above 0, not {rate_hz}")
    return np.diff(window_means(trace, window_samples=window_samples)) * rate_hz / window_samples


def _distance_to_gap(values: FloatArray) -> npt.NDArray[np.int64]:
    """How many samples away the nearest missing one is; more than there are where none is missing."""
    missing, place, n = np.isnan(values), np.arange(values.size), values.size
    before = np.maximum.accumulate(np.where(missing, place, -n - 1))
    after = np.minimum.accumulate(np.where(missing, place, 2 * n + 1)[::-1])[::-1]
    return np.minimum(place - before, after - place)


def _window_means(
    values: FloatArray, starts: npt.NDArray[np.integer], ends: npt.NDArray[np.integer]
) -> FloatArray:
    known = ~np.isnan(values)
    # Sums are taken about one value of the trace, so that a constant comes out exactly.
    origin = values[known][0] if known.any() else 0.0
    total = np.concatenate([[0.0], np.cumsum(np.where(known, values - origin, 0.0))])
    n = np.concatenate([[0], np.cumsum(known)])
    inside = n[ends] - n[starts]
    sums = total[ends] - total[starts]
    means = np.divide(sums, inside, out=np.full(len(starts), np.nan), where=inside > 0)
    return np.asarray(means + origin)
