"""Lin's concordance and Pearson's correlation, for two series and for every pair of raters."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from affectory.blocks import column_blocks
from affectory.results import Basis, BoolArray, FloatArray, Measurement, PairwiseMeasurement, check_level
from affectory.tables import Ratings, as_table
from affectory.vectors import paired

MOMENTS = {0: "n", 1: "n-1"}
NO_OVERLAP = "fewer than two common units"
BOTH_CONSTANT = "neither series varies: 0/0"
ONE_CONSTANT = "a constant series has no correlation"
NOISE = 1e-9


def ccc(x: npt.ArrayLike, y: npt.ArrayLike, *, ddof: int = 0, ci: float = 0.95) -> Measurement:
    """Lin's concordance correlation coefficient of two series.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        Two series in the same unit; a place with NaN in either is dropped.
    ddof : {0, 1}
        0: moments divided by n (Lin 1989). 1: divided by n - 1, nearer to 1 by about 1/n.
    ci : float
        Confidence level of the interval.

    Returns
    -------
    Measurement
        Between -1 and 1. One constant series gives 0 (the covariance is 0), two give None. `ci` comes from
        Fisher's z with Lin's variance (corrected in Lin 2000); None where it does not exist.

    References
    ----------
    Lin (1989), Biometrics 45, 255-268: 2 s_xy / (s_x^2 + s_y^2 + (m_x - m_y)^2).

    Examples
    --------
    >>> round(ccc([1, 2, 3, 4], [2, 3, 4, 5]).value, 4)
    0.7143
    """
    _check_ddof(ddof)
    check_level(ci)
    first, second, dropped = paired(x, y)
    n = first.size
    basis = Basis(f"Lin CCC, moments divided by {MOMENTS[ddof]}", n, dropped)
    if n < 2:
        return basis.undefined(NO_OVERLAP)
    m = _moments(first, second, ddof)
    if m.var_x == 0 and m.var_y == 0:
        return basis.undefined(BOTH_CONSTANT)
    return basis.measured(
        m.ccc,
        ci=_fisher_interval(m, n, ci),
        reason="one series is constant, so the covariance is 0" if m.pearson is None else None,
        details={"ci_level": ci, "pearson": m.pearson, "mean_difference": m.shift},
    )


def pearson(x: npt.ArrayLike, y: npt.ArrayLike, *, ci: float = 0.95) -> Measurement:
    """Pearson's correlation of two series.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        A place with NaN in either is dropped.
    ci : float
        Confidence level of the Fisher-z interval.

    Returns
    -------
    Measurement
        Between -1 and 1; None when a series is constant.

    References
    ----------
    Fisher (1921), Metron 1, 3-32 (interval).

    Examples
    --------
    >>> round(pearson([1, 2, 3, 4], [2, 4, 6, 8]).value, 3)
    1.0
    """
    check_level(ci)
    first, second, dropped = paired(x, y)
    basis = Basis("Pearson r", first.size, dropped)
    if first.size < 2:
        return basis.undefined(NO_OVERLAP)
    m = _moments(first, second, 0)
    if m.pearson is None:
        return basis.undefined(ONE_CONSTANT)
    interval = None
    if first.size > 3 and abs(m.pearson) < 1:
        half = float(special.ndtri((1 + ci) / 2)) / math.sqrt(first.size - 3)
        interval = (math.tanh(math.atanh(m.pearson) - half), math.tanh(math.atanh(m.pearson) + half))
    return basis.measured(m.pearson, ci=interval, details={"ci_level": ci})


def pairwise_ccc(traces: Ratings, *, ddof: int = 0) -> PairwiseMeasurement:
    """Lin's concordance of every pair of raters, each over the samples both have.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        NaN is missing; deletion is pairwise.
    ddof : {0, 1}
        As in `ccc`.

    Returns
    -------
    PairwiseMeasurement
        Symmetric; `.mean` and `.minimum` summarise the pairs; undefined cells are NaN with a reason.

    References
    ----------
    Lin (1989), Biometrics 45, 255-268.

    Examples
    --------
    >>> pairwise_ccc([[1, 2, 3, 4], [2, 3, 4, 5], [4, 3, 2, 1]]).value.round(2)
    array([[ 1.  ,  0.71, -1.  ],
           [ 0.71,  1.  , -0.71],
           [-1.  , -0.71,  1.  ]])
    """
    _check_ddof(ddof)
    return _pairwise(traces, "ccc", ddof, f"Lin CCC, moments divided by {MOMENTS[ddof]}, pairwise deletion")


def pairwise_pearson(traces: Ratings) -> PairwiseMeasurement:
    """Pearson's correlation of every pair of raters, each over the samples both have.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        NaN is missing; deletion is pairwise.

    Returns
    -------
    PairwiseMeasurement
        Symmetric; undefined cells (constant, no overlap) are NaN with a reason.

    References
    ----------
    Pearson (1895), Proceedings of the Royal Society of London 58, 240-242.

    Examples
    --------
    >>> pairwise_pearson([[1, 2, 3], [2, 4, 6]]).value.round(6)
    array([[1., 1.],
           [1., 1.]])
    """
    return _pairwise(traces, "pearson", 0, "Pearson r, pairwise deletion")


@dataclass(frozen=True, slots=True)
class _Moments:
    shift: float
    var_x: float
    var_y: float
    cov: float

    @property
    def ccc(self) -> float:
        return _within_one(2 * self.cov / (self.var_x + self.var_y + self.shift**2))

    @property
    def pearson(self) -> float | None:
        if self.var_x == 0 or self.var_y == 0:
            return None
        return _within_one(self.cov / math.sqrt(self.var_x) / math.sqrt(self.var_y))


def _within_one(value: float) -> float:
    return min(1.0, max(-1.0, value))


def _check_ddof(ddof: int) -> None:
    if ddof not in MOMENTS:
        raise ValueError(f"ddof: 0 (moments divided by n) or 1 (by n-1), not {ddof!r}")


def _moments(x: FloatArray, y: FloatArray, ddof: int) -> _Moments:
    centred_x, centred_y = _centred(x), _centred(y)
    n = x.size - ddof
    return _Moments(
        shift=float((x - y).mean()),
        var_x=float(centred_x @ centred_x) / n,
        var_y=float(centred_y @ centred_y) / n,
        cov=float(centred_x @ centred_y) / n,
    )


def _centred(series: FloatArray) -> FloatArray:
    """Take the mean away; exactly 0 everywhere for a constant, whatever its rounding."""
    moved = series - series[0]
    return np.asarray(moved - moved.mean(), dtype=np.float64)


def _fisher_interval(m: _Moments, n: int, ci: float) -> tuple[float, float] | None:
    r, value = m.pearson, m.ccc
    if n < 3 or r is None or r == 0 or abs(value) >= 1:
        return None
    u2 = m.shift**2 / math.sqrt(m.var_x * m.var_y)
    left = 1 - value**2
    variance = (
        (1 - r**2) * value**2 / (left * r**2)
        + 2 * value**3 * (1 - value) * u2 / (r * left**2)
        - value**4 * u2**2 / (2 * r**2 * left**2)
    ) / (n - 2)
    if variance < 0:
        return None
    half = float(special.ndtri((1 + ci) / 2)) * math.sqrt(variance)
    return math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half)


def _pairwise(
    traces: Ratings, measure: Literal["ccc", "pearson"], ddof: int, convention: str
) -> PairwiseMeasurement:
    values = as_table(traces).persons(f"pairwise_{measure}")
    valid = ~np.isnan(values)
    n, shift, var, cov = _complete(values) if valid.all() else _masked(values, valid)
    square = var + var.T
    doubtful = _doubtful(n, shift, var)
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.where(n > ddof, n / (n - ddof), np.nan)
        concordance = 2 * cov * scale / (square * scale + shift**2)
        matrix = concordance if measure == "ccc" else cov / np.sqrt(var * var.T)
    cells = np.clip(matrix, -1, 1)
    direct = pearson if measure == "pearson" else partial(ccc, ddof=ddof)
    reasons = _settle(cells, values, doubtful, direct)
    _set_diagonal(cells, doubtful)
    if len(values) == 1:
        cells[:], reasons = np.nan, {(0, 0): "needs two raters"}
    used = n.astype(np.int64)
    return PairwiseMeasurement(cells, used, values.shape[1] - used, reasons, convention)


def _complete(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Common units, mean difference, variance of the row's rater, covariance; without missing values."""
    k, n = values.shape
    if n == 0:
        nothing = np.zeros((k, k))
        return nothing, nothing, nothing, nothing
    # About a value of the rater's own first: a constant is then exactly 0, and large levels do not cancel.
    first, total, products = values[:, :1], np.zeros((k, 1)), np.zeros((k, k))
    for block in column_blocks(values):
        total += (block - first).sum(axis=1, keepdims=True)
    means = total / n
    for block in column_blocks(values):
        deviations = block - first
        deviations -= means
        products += deviations @ deviations.T
    level = (first + means)[:, 0]
    cov = products / n
    var = np.broadcast_to(np.diag(cov)[:, None], (k, k))
    return np.full((k, k), float(n)), level[:, None] - level, var, cov


def _masked(values: FloatArray, valid: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The same from four masked Gram products."""
    k = len(values)
    first = np.where(valid.any(axis=1), values[np.arange(k), valid.argmax(axis=1)], 0.0)[:, None]
    total, (n, sums, squares, products) = np.zeros((k, 1)), np.zeros((4, k, k))
    for block in column_blocks(values):
        total += np.where(np.isnan(block), 0.0, block - first).sum(axis=1, keepdims=True)
    own = total / np.maximum(valid.sum(axis=1, keepdims=True), 1)
    for block in column_blocks(values):
        missing = np.isnan(block)
        filled = np.where(missing, 0.0, block - first - own)
        mask = np.logical_not(missing).astype(np.float64)
        n += mask @ mask.T
        sums += filled @ mask.T
        squares += np.square(filled) @ mask.T
        products += filled @ filled.T
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums / n
        var = squares / n - mean**2
        cov = products / n - mean * mean.T
    level = mean + first + own
    return n, level - level.T, var, cov


def _doubtful(n: FloatArray, shift: FloatArray, var: FloatArray) -> BoolArray:
    """Cells whose value hangs on a variance that may be rounding noise."""
    with np.errstate(invalid="ignore"):
        scale = np.fmax.reduce(var, axis=1, initial=0.0)[:, None]
        flat = ~(var > NOISE * scale) | (var <= 0)
        small = ~(var + var.T > NOISE * (shift**2))
    doubt: BoolArray = (n < 2) | flat | flat.T | small
    return doubt


def _settle(
    cells: FloatArray,
    values: FloatArray,
    doubtful: BoolArray,
    direct: Callable[[FloatArray, FloatArray], Measurement],
) -> dict[tuple[int, int], str]:
    """Compute doubtful cells directly, in place, and give the reasons of the undefined ones."""
    reasons: dict[tuple[int, int], str] = {}
    for i, j in np.argwhere(doubtful):
        found = direct(values[i], values[j])
        cells[i, j] = np.nan if found.value is None else found.value
        if found.value is None:
            reasons[int(i), int(j)] = str(found.reason)
    return reasons


def _set_diagonal(cells: FloatArray, doubtful: BoolArray) -> None:
    sure = ~np.diag(doubtful)
    cells[np.diag_indices(len(cells))] = np.where(sure, 1.0, np.diag(cells))
