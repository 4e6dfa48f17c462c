"""Event samples of a trace on a fixed-rate grid, with a mask that is honest about gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from affectory.results import BoolArray, FloatArray

Rule = Literal["hold", "linear"]


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """A trace on a fixed-rate grid.

    Attributes
    ----------
    t_s : ndarray, shape (n,)
        Grid times in seconds: start_s + i / rate_hz, up to and without end_s.
    values : ndarray, shape (n, dims)
        In the unit of the input; NaN where the mask is False.
    mask : ndarray of bool, shape (n,)
        True where the value is known.
    rate_hz : float
        Samples per second.
    rule : {"hold", "linear"}
        How values between two samples were made.
    """

    t_s: FloatArray
    values: FloatArray
    mask: BoolArray
    rate_hz: float
    rule: Rule


def resample(
    t_s: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    rate_hz: float,
    start_s: float,
    end_s: float,
    rule: Rule,
    gaps: Sequence[tuple[float, float]] = (),
) -> Resampled:
    """Put event samples on the grid start_s, start_s + 1/rate_hz, ... below end_s.

    Parameters
    ----------
    t_s : array_like, shape (samples,)
        Times in seconds, not falling. Of several samples at one time the last counts.
    values : array_like, shape (samples,) or (samples, dims)
        NaN in any dimension makes the sample unknown until the next one.
    rate_hz : float
        Grid rate, above 0.
    start_s, end_s : float
        First grid time, and the time that the grid stays below.
    rule : {"hold", "linear"}
        "hold": the last value stands until the next sample, also after the last one (for stepwise input,
        and for traces whose heartbeats prove that the rater held still). "linear": straight line between
        two samples, unknown after the last one.
    gaps : sequence of (start_s, end_s)
        Intervals in which nothing is known (stalled, hidden, lost), start included, end excluded. No line is
        drawn and no value is held across a gap: after it, values are unknown until the next sample.

    Returns
    -------
    Resampled
        Unknown before the first sample.

    Examples
    --------
    >>> resample([0.0, 1.0], [0.0, 1.0], rate_hz=2, start_s=0, end_s=2, rule="hold").values[:, 0]
    array([0., 0., 1., 1.])
    >>> resample([0.0, 1.0], [0.0, 1.0], rate_hz=2, start_s=0, end_s=2, rule="linear").values[:, 0]
    array([0. , 0.5, 1. , nan])
    """
    times, samples = _samples(t_s, values)
    grid = _grid(rate_hz, start_s, end_s)
    starts, ends = _gap_edges(gaps)
    if rule not in {"hold", "linear"}:
        raise ValueError(f"rule: {rule!r} is neither hold nor linear")
    if times.size == 0:
        unknown = np.full((grid.size, samples.shape[1]), np.nan)
        return Resampled(grid, unknown, np.zeros(grid.size, dtype=bool), rate_hz, rule)
    before = np.searchsorted(times, grid, side="right") - 1
    last = np.maximum(before, 0)
    mask = (before >= 0) & ~_in_gap(grid, starts, ends) & ~_gap_between(times[last], grid, starts, ends)
    found = samples[last] if rule == "hold" else _on_line(grid, times, samples, last)
    if rule == "linear":
        after = np.minimum(last + 1, times.size - 1)
        exact = times[last] == grid
        mask &= exact | ((last + 1 < times.size) & ~_gap_between(grid, times[after], starts, ends))
    mask &= ~np.isnan(found).any(axis=1)
    return Resampled(grid, np.where(mask[:, None], found, np.nan), mask, rate_hz, rule)


def _samples(t_s: npt.ArrayLike, values: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    times = np.asarray(t_s, dtype=np.float64)
    samples = np.asarray(values, dtype=np.float64)
    samples = samples[:, None] if samples.ndim == 1 else samples
    if times.ndim != 1 or samples.ndim != 2 or len(samples) != len(times):
        raise ValueError(f"t_s {times.shape} and values {samples.shape} do not fit together")
    if not np.isfinite(times).all():
        raise ValueError(f"t_s: no finite time at sample {int(np.flatnonzero(~np.isfinite(times))[0])}")
    falling = np.flatnonzero(np.diff(times) < 0)
    if falling.size:
        raise ValueError(f"t_s: time runs backwards after sample {int(falling[0])}")
    last_at_its_time = np.append(np.diff(times) > 0, True)[: times.size]
    return times[last_at_its_time], samples[last_at_its_time]


def _grid(rate_hz: float, start_s: float, end_s: float) -> FloatArray:
    if not (np.isfinite(rate_hz) and rate_hz > 0):
        raise ValueError(f"rate_hz: above 0, not {rate_hz}")
    if not (np.isfinite(start_s) and np.isfinite(end_s) and end_s >= start_s):
        raise ValueError(f"start_s {start_s} and end_s {end_s} are no interval")
    # A duration that is a whole number of samples up to rounding has exactly that number of samples.
    n = int(np.ceil((end_s - start_s) * rate_hz - 1e-9))
    return start_s + np.arange(n, dtype=np.float64) / rate_hz


def _gap_edges(gaps: Sequence[tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    """Starts and ends in rising order, overlapping gaps joined."""
    joined: list[list[float]] = []
    for start, end in sorted((float(start), float(end)) for start, end in gaps):
        if not end >= start:
            raise ValueError(f"gaps: ({start}, {end}) ends before it starts")
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    edges = np.array(joined, dtype=np.float64).reshape(-1, 2)
    return edges[:, 0], edges[:, 1]


def _in_gap(t: FloatArray, starts: FloatArray, ends: FloatArray) -> BoolArray:
    if not starts.size:
        return np.zeros(t.size, dtype=bool)
    at = np.searchsorted(starts, t, side="right") - 1
    inside: BoolArray = (at >= 0) & (t < ends[at])
    return inside


def _gap_between(left: FloatArray, right: FloatArray, starts: FloatArray, ends: FloatArray) -> BoolArray:
    """Whether any part of a gap lies after `left` (or on it) and before `right`."""
    if not starts.size:
        return np.zeros(left.size, dtype=bool)
    first_open_after_left = np.searchsorted(ends, left, side="right")
    upcoming = np.append(starts, np.inf)[first_open_after_left]
    between: BoolArray = upcoming < right
    return between


def _on_line(
    grid: FloatArray, times: FloatArray, samples: FloatArray, last: npt.NDArray[np.intp]
) -> FloatArray:
    following = np.minimum(last + 1, times.size - 1)
    span = times[following] - times[last]
    part = np.divide(grid - times[last], span, out=np.zeros_like(grid), where=span > 0)[:, None]
    step = samples[following] - samples[last]
    return np.where(part > 0, samples[last] + part * step, samples[last])
