"""Traces as levels, as positions in each rater's own range, or as change; window by window."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from affectory.results import FloatArray
from affectory.signals import relative, window_means
from affectory.tables import Ratings, as_table

Representation = Literal["absolute", "relative", "gradient"]


@dataclass(frozen=True, slots=True, eq=False)
class Represented:
    """Traces in another representation, with what is needed to repeat it.

    Attributes
    ----------
    values : ndarray, shape (raters, windows)
        "absolute": in the unit of the traces. "relative": 0 to 1. "gradient": share of the rater's range per
        second, one column fewer. NaN for a window without values.
    rate_hz : float
        Windows per second.
    low, high : ndarray, shape (raters,)
        The range of each rater that "relative" and "gradient" were stretched by; NaN without values.
    reasons : tuple of str or None
        Why a rater has no values.
    convention : str
    """

    values: FloatArray
    rate_hz: float
    low: FloatArray
    high: FloatArray
    reasons: tuple[str | None, ...]
    convention: str


def represent(traces: Ratings, *, kind: Representation, rate_hz: float, window_s: float = 3.0) -> Represented:
    """Represent traces by the means of windows that do not overlap.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing and left out of the means.
    kind : {"absolute", "relative", "gradient"}
        Means as they are; means of traces that each rater's range has been stretched to 0 to 1; or the
        differences between neighbouring such means, per second.
    rate_hz : float
        Samples per second.
    window_s : float
        Seconds, rounded to whole samples; an incomplete last window is dropped.

    Returns
    -------
    Represented
        A constant trace has no range of its own: NaN and a reason for "relative" and "gradient".

    Notes
    -----
    Raters agree more on changes than on levels; fuse the result like any traces. Ranges depend on what a
    rater happened to see: keep `low` and `high` with the values.

    References
    ----------
    Melhart, Liapis & Yannakakis (2019), PAGAN: video affect annotation made easy, ACII (relative processing;
    their window is not known to us, 3 s is a default only).

    Examples
    --------
    >>> found = represent([[0, 0, 1, 1, 3, 3]], kind="gradient", rate_hz=2, window_s=1)
    >>> found.values.round(3), found.high
    (array([[0.333, 0.667]]), array([3.]))
    """
    if kind not in {"absolute", "relative", "gradient"}:
        raise ValueError(f"kind: {kind!r} is none of absolute, relative, gradient")
    if not (rate_hz > 0 and window_s > 0):
        raise ValueError(f"rate_hz {rate_hz} and window_s {window_s} are above 0")
    given = as_table(traces).persons("represent")
    window_samples = max(round(window_s * rate_hz), 1)
    low, high = np.array([_range(row) for row in given]).reshape(-1, 2).T
    own = given if kind == "absolute" else np.array([relative(row) for row in given])
    values = np.array([window_means(row, window_samples=window_samples) for row in own])
    rate = rate_hz / window_samples
    return Represented(
        values=np.diff(values, axis=1) * rate if kind == "gradient" else values,
        rate_hz=rate,
        low=low,
        high=high,
        reasons=tuple(_why(kind, *ends) for ends in zip(low, high, strict=True)),
        convention=f"{kind}, means of {window_samples} samples",
    )


def _range(row: FloatArray) -> tuple[float, float]:
    known = row[~np.isnan(row)]
    return (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)


def _why(kind: Representation, low: float, high: float) -> str | None:
    if np.isnan(low):
        return "no values"
    return "constant: no range to be relative to" if low == high and kind != "absolute" else None
