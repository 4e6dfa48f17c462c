"""Rank correlations, errors, and agreement on the direction of change."""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy  # `scipy.stats` takes longer to import than all the rest, and is here only when it is used

from affectory.agreement.alpha import krippendorff_alpha
from affectory.agreement.concordance import NO_OVERLAP, ONE_CONSTANT, pearson
from affectory.results import Basis, FloatArray, Measurement
from affectory.tables import Ratings, RatingTable, as_table
from affectory.vectors import paired


def spearman(x: npt.ArrayLike, y: npt.ArrayLike, *, decimals: int | None = None) -> Measurement:
    """Spearman's rank correlation, tied values sharing their mean rank.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        A place with NaN in either is dropped.
    decimals : int, optional
        Round to so many decimals first, so that ties survive floating-point noise (differences of fractions).

    Returns
    -------
    Measurement
        Between -1 and 1; None when a series is constant.

    References
    ----------
    Spearman (1904); Pearson's r of mid-ranks.

    Examples
    --------
    >>> round(spearman([1, 1, 2, 2, 3, 4], [1, 2, 2, 2, 4, 4]).value, 4)
    0.8899
    """
    first, second, dropped = paired(x, y)
    first, second = _rounded(first, decimals), _rounded(second, decimals)
    basis = Basis(f"Spearman rho, mid-ranks{_rounding(decimals)}", first.size, dropped)
    found = pearson(scipy.stats.rankdata(first), scipy.stats.rankdata(second))
    return basis.undefined(str(found.reason)) if found.value is None else basis.measured(found.value)


def kendall(
    x: npt.ArrayLike, y: npt.ArrayLike, *, variant: Literal["b", "c"] = "b", decimals: int | None = None
) -> Measurement:
    """Kendall's tau with ties.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        A place with NaN in either is dropped.
    variant : {"b", "c"}
        tau-b corrects for ties; tau-c is for scales with different numbers of steps.
    decimals : int, optional
        Round first, as in `spearman`.

    Returns
    -------
    Measurement
        Between -1 and 1; None when a series is constant.

    References
    ----------
    Kendall (1945), Biometrika 33, 239-251; Stuart (1953) for tau-c.

    Examples
    --------
    >>> round(kendall([1, 2, 3], [1, 3, 2]).value, 3)
    0.333
    """
    if variant not in {"b", "c"}:
        raise ValueError(f"variant: {variant!r} is neither b nor c")
    first, second, dropped = paired(x, y)
    first, second = _rounded(first, decimals), _rounded(second, decimals)
    basis = Basis(f"Kendall tau-{variant}{_rounding(decimals)}", first.size, dropped)
    if first.size < 2:
        return basis.undefined(NO_OVERLAP)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return basis.undefined(ONE_CONSTANT)
    return basis.measured(scipy.stats.kendalltau(first, second, variant=variant).statistic)


def rmse(x: npt.ArrayLike, y: npt.ArrayLike) -> Measurement:
    """Root mean squared difference.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        In one unit; a place with NaN in either is dropped.

    Returns
    -------
    Measurement
        0 or more, in the unit of the input.

    Examples
    --------
    >>> rmse([0, 0], [3, 4]).value.__round__(3)
    3.536
    """
    return _error(x, y, lambda apart: math.sqrt(float(np.square(apart).mean())), "root mean squared error")


def mae(x: npt.ArrayLike, y: npt.ArrayLike) -> Measurement:
    """Mean absolute difference.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        In one unit; a place with NaN in either is dropped.

    Returns
    -------
    Measurement
        0 or more, in the unit of the input.

    Examples
    --------
    >>> mae([0, 0], [3, 4]).value
    3.5
    """
    return _error(x, y, lambda apart: float(np.abs(apart).mean()), "mean absolute error")


def sign_agreement(traces: Ratings, *, window_samples: int, deadband: float) -> Measurement:
    """Agreement of raters on whether a trace goes up, down or stays, from window to window.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing. A window with any missing sample of a rater is missing for that
        rater.
    window_samples : int
        Samples whose mean is one window; windows do not overlap, an incomplete last one is dropped.
    deadband : float
        Changes of at most this much, in the unit of the traces, are "stays".

    Returns
    -------
    Measurement
        Nominal Krippendorff alpha of the directions; units are the changes between windows.

    References
    ----------
    After the signed differential agreement of Booth & Narayanan (2020), ICMI.

    Examples
    --------
    >>> round(sign_agreement([[0, 1, 2, 1], [5, 6, 7, 6]], window_samples=1, deadband=0.1).value, 3)
    1.0
    """
    if window_samples < 1 or not deadband >= 0:
        raise ValueError(f"window_samples {window_samples}: at least 1; deadband {deadband}: 0 or more")
    values = as_table(traces).persons("sign_agreement")
    n_windows = values.shape[1] // window_samples
    windows = (
        values[:, : n_windows * window_samples].reshape(len(values), n_windows, window_samples).mean(axis=2)
    )
    change = np.diff(windows, axis=1)
    direction = np.where(np.abs(change) <= deadband, 0.0, np.sign(change))
    found = krippendorff_alpha(RatingTable.from_dense(direction), level="nominal")
    name = f"nominal alpha of up/stay/down, windows of {window_samples} samples, deadband {deadband:g}"
    basis = Basis(name, found.n_units_used, found.n_units_dropped, found.n_raters)
    if found.value is None:
        return basis.undefined(str(found.reason), details=found.details)
    return basis.measured(found.value, details=found.details)


def _error(
    x: npt.ArrayLike, y: npt.ArrayLike, fold: Callable[[FloatArray], float], convention: str
) -> Measurement:
    first, second, dropped = paired(x, y)
    basis = Basis(convention, first.size, dropped)
    if first.size == 0:
        return basis.undefined("no common unit")
    return basis.measured(fold(first - second))


def _rounded(values: FloatArray, decimals: int | None) -> FloatArray:
    return values if decimals is None else np.round(values, decimals)


def _rounding(decimals: int | None) -> str:
    return "" if decimals is None else f", rounded to {decimals} decimals"
