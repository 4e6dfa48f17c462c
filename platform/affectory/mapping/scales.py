"""Affine conversion between rating scales. Nothing is clipped; what lies outside is reported."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from affectory.results import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a scale.

    Attributes
    ----------
    low, high : float
        Value at the low and at the high end of what is measured; low > high is a scale that runs downwards.
    missing_codes : tuple of float
        Values that mean "no answer" (such as -2 in some files); they become NaN.
    name : str
    """

    low: float
    high: float
    missing_codes: tuple[float, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high)) or self.low == self.high:
            raise ValueError(f"scale {self.name or ''}: ends {self.low} and {self.high} span nothing")

    def __str__(self) -> str:
        """Its name, where it has one, and its ends."""
        return f"{self.name} {self.low:g} to {self.high:g}".lstrip()


#: -1 to 1, on which coordinates of taxonomies stand.
UNIT = Scale(-1.0, 1.0, name="unit")


@dataclass(frozen=True, slots=True, eq=False)
class ConvertedScale:
    """Values on the target scale.

    Attributes
    ----------
    values : ndarray
        NaN where the input was missing. Values outside the source scale are converted by the same line.
    out_of_range : ndarray of bool
        True where the input lies outside the source scale.
    slope, intercept : float
        target = intercept + slope * source.
    source : str
        Where every value comes from: the scale on which it was given, and the one onto which it was converted.
    reason : str or None
        How many values lie outside, where any do.
    """

    values: FloatArray
    out_of_range: BoolArray
    slope: float
    intercept: float
    source: str
    reason: str | None = field(default=None)


def convert_scale(
    values: npt.ArrayLike, source: Scale | tuple[float, float], target: Scale | tuple[float, float] = UNIT
) -> ConvertedScale:
    """Convert ratings from one scale to another by the straight line through their ends.

    Parameters
    ----------
    values : array_like
        Any shape; NaN is missing.
    source, target : Scale or (low, high)
        A descending pair turns the direction.

    Returns
    -------
    ConvertedScale

    Notes
    -----
    y = c + (x - a)(d - c)/(b - a). A 0-to-high arousal scale is bipolar here (0 becomes the low end); where
    0 means absence, convert to (0, 1) instead.

    Examples
    --------
    >>> convert_scale([1, 5, 9], (1, 9), (-1, 1)).values
    array([-1.,  0.,  1.])
    >>> convert_scale([1, 5, 9], Scale(1, 9, name="SAM valence")).source
    'straight line from SAM valence 1 to 9 onto unit -1 to 1'
    >>> convert_scale([10], (1, 9), (-1, 1)).reason
    '1 value(s) outside 1 to 9'
    """
    given = np.array(values, dtype=np.float64)
    origin, goal = _scale(source), _scale(target)
    given[np.isin(given, origin.missing_codes)] = np.nan
    low, high = sorted((origin.low, origin.high))
    outside: BoolArray = (given < low) | (given > high)
    slope = (goal.high - goal.low) / (origin.high - origin.low)
    converted = goal.low + (given - origin.low) * (goal.high - goal.low) / (origin.high - origin.low)
    n = int(outside.sum())
    return ConvertedScale(
        values=converted,
        out_of_range=outside,
        slope=slope,
        intercept=goal.low - origin.low * slope,
        source=f"straight line from {origin} onto {goal}",
        reason=f"{n} value(s) outside {low:g} to {high:g}" if n else None,
    )


def _scale(ends: Scale | tuple[float, float]) -> Scale:
    return ends if isinstance(ends, Scale) else Scale(float(ends[0]), float(ends[1]))
