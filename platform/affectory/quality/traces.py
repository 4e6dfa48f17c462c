"""How well a trace was given: stillness, and lag, gain and noise against a known curve."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.fusion import LagEstimate, compensate_lag, estimate_lag
from affectory.results import Basis, Measurement
from affectory.vectors import as_vector


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rater as a measuring instrument, from a clip whose true curve is known.

    Attributes
    ----------
    lag : LagEstimate
        Delay behind the curve.
    gain : float or None
        Slope of the trace on the curve after the lag is taken out; 1 is faithful.
    offset : float or None
        Level of the trace where the curve is 0, in the unit of the trace.
    noise : float or None
        Standard deviation of what is left, in the unit of the trace.
    r : float or None
        Correlation after the lag is taken out.
    n_samples : int
    reason : str or None
        Why the numbers are missing.
    """

    lag: LagEstimate
    gain: float | None
    offset: float | None
    noise: float | None
    r: float | None
    n_samples: int
    reason: str | None = None


def flat_line(trace: npt.ArrayLike, *, rate_hz: float, tolerance: float = 0.0) -> Measurement:
    """Longest time for which a trace stays where it is, in seconds.

    Parameters
    ----------
    trace : array_like, shape (samples,)
        NaN ends a still stretch and counts as dropped.
    rate_hz : float
        Samples per second.
    tolerance : float
        Steps between samples of at most this much, in the unit of the trace, are stillness.

    Returns
    -------
    Measurement
        Seconds, 0 or more. `details["moving_share"]` is the share of steps that are movement.

    Examples
    --------
    >>> flat_line([0, 0, 0, 1, 2, 2], rate_hz=2).value
    1.5
    """
    if not (rate_hz > 0 and tolerance >= 0):
        raise ValueError(f"rate_hz {rate_hz} is above 0 and tolerance {tolerance} 0 or more")
    values = as_vector("trace", trace)
    known = ~np.isnan(values)
    basis = Basis(
        f"longest stretch with steps of at most {tolerance:g}", int(known.sum()), int((~known).sum()), 1
    )
    if not known.any():
        return basis.undefined("no samples")
    step = np.abs(np.diff(values))
    still = np.append(False, step <= tolerance)
    # Where a stretch of stillness is interrupted, its counter starts anew.
    position = np.arange(values.size)
    since = position - np.maximum.accumulate(np.where(still, 0, position))
    longest = int(since[known].max()) + 1
    steps = step[~np.isnan(step)]
    moving = float((steps > tolerance).mean()) if steps.size else None
    return basis.measured(longest / rate_hz, details={"moving_share": moving})


def within_band(curve: npt.ArrayLike, trace: npt.ArrayLike, *, band: float) -> Measurement:
    """Share of the samples of a trace that are near a known curve.

    Parameters
    ----------
    curve, trace : array_like, shape (samples,)
        On one time base, in one unit; NaN is missing. No lag is taken out.
    band : float
        Distances of at most this much, in the unit of the trace, are near.

    Returns
    -------
    Measurement
        0..1; units are samples.

    Examples
    --------
    >>> within_band([0, 0, 0, 0], [0.1, -0.1, 0.3, None], band=0.1).value
    0.6666666666666666
    """
    if not band > 0:
        raise ValueError(f"band: above 0, not {band}")
    truth, values = as_vector("curve", curve), as_vector("trace", trace)
    if truth.shape != values.shape:
        raise ValueError(f"curve has {truth.size} samples and trace {values.size}")
    apart = np.abs(values - truth)
    known = ~np.isnan(apart)
    basis = Basis(
        f"share of samples at most {band:g} from the curve", int(known.sum()), int((~known).sum()), 1
    )
    if not known.any():
        return basis.undefined("no samples")
    return basis.measured(float((apart[known] <= band).mean()))


def calibrate(
    curve: npt.ArrayLike, trace: npt.ArrayLike, *, rate_hz: float, search_s: tuple[float, float] = (0.0, 6.0)
) -> Calibration:
    """Lag, gain, offset and noise of a rater on a calibration clip.

    Parameters
    ----------
    curve : array_like, shape (samples,)
        What the rater was to follow.
    trace : array_like, shape (samples,)
        What the rater did; NaN is missing.
    rate_hz : float
        Samples per second.
    search_s : (low, high)
        Lags to try, in seconds.

    Returns
    -------
    Calibration

    References
    ----------
    Mariooryad & Busso (2015), IEEE Transactions on Affective Computing 6, 97-108 (lag by correlation). Gain,
    offset and noise are those of least squares on the known curve, after the lag is taken out.

    Examples
    --------
    >>> curve = np.sin(np.arange(200) / 9)
    >>> found = calibrate(curve, 0.2 + 0.5 * np.roll(curve, 10), rate_hz=10)
    >>> found.lag.lag_s, round(found.gain, 3), round(found.offset, 3), round(found.noise, 3)
    (1.0, 0.5, 0.2, 0.0)
    """
    lag = estimate_lag(curve, trace, rate_hz=rate_hz, search_s=search_s)
    if lag.lag_s is None:
        return Calibration(lag, None, None, None, None, 0, lag.reason)
    truth = as_vector("curve", curve)
    moved = compensate_lag(as_vector("trace", trace)[None, :], lag.lag_s, rate_hz=rate_hz)[0]
    both = ~np.isnan(moved) & ~np.isnan(truth)
    x, y = truth[both], moved[both]
    gain = float(((x - x.mean()) * (y - y.mean())).sum() / np.square(x - x.mean()).sum())
    offset = float(y.mean() - gain * x.mean())
    return Calibration(
        lag=lag,
        gain=gain,
        offset=offset,
        noise=float((y - offset - gain * x).std()),
        r=lag.correlation,
        n_samples=int(both.sum()),
        reason=lag.reason,
    )
