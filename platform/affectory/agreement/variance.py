"""Intraclass correlations and Cronbach's alpha: how much of the variance is the units'."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from affectory.blocks import column_blocks
from affectory.results import Basis, FloatArray, Measurement, check_level
from affectory.tables import Ratings, as_table

NOISE = 1e-13
NO_VARIANCE = "no variance to explain: 0/0 or a denominator not above 0"
NO_INTERVAL = (
    "these mean squares have no F interval: one of them is 0, or a bound is beyond what the form can be"
)
BELOW_MINUS_ONE = "degenerate: the variance between raters is estimated below 0, the estimate below -1"
ICC_FORMS = {
    "ICC1": "ICC(1), one-way random, single rater",
    "ICC2": "ICC(A,1), two-way random, absolute agreement, single rater",
    "ICC3": "ICC(C,1), two-way, consistency, single rater",
    "ICC1k": "ICC(1,k), one-way random, mean of k raters",
    "ICC2k": "ICC(A,k), two-way random, absolute agreement, mean of k raters",
    "ICC3k": "ICC(C,k), two-way, consistency, mean of k raters",
}


def icc(ratings: Ratings, *, ci: float = 0.95) -> dict[str, Measurement]:
    """Six intraclass correlations with their F-based intervals.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        Units with a missing rating (NaN) are dropped; for gappy data use interval alpha or `icc_one_way`.
    ci : float
        Confidence level of the intervals.

    Returns
    -------
    dict of str to Measurement
        Keys ICC1, ICC2, ICC3 (one rater) and ICC1k, ICC2k, ICC3k (mean of the k raters). At most 1; negative
        values are kept. None where the denominator is not positive, or where a single-rater form falls below
        -1.

    References
    ----------
    Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw & Wong (1996), Psychological Methods
    1, 30-46.

    Examples
    --------
    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> {form: round(found.value, 2) for form, found in icc(judges).items()}
    {'ICC1': 0.17, 'ICC2': 0.29, 'ICC3': 0.71, 'ICC1k': 0.44, 'ICC2k': 0.62, 'ICC3k': 0.91}
    """
    check_level(ci)
    values = as_table(ratings).persons("icc")
    complete = _complete_units(values)
    k, n = complete.shape
    dropped = values.shape[1] - n
    short = _too_small(k, n)
    if short:
        return {form: Basis(name, n, dropped, k).undefined(short) for form, name in ICC_FORMS.items()}
    squares = _mean_squares(complete)
    intervals = _intervals(squares, ci)
    return {
        form: _icc_form(form, *ratio, squares, interval=intervals[form], dropped=dropped, ci=ci)
        for form, ratio in _ratios(squares).items()
    }


def cronbach_alpha(ratings: Ratings, *, ci: float = 0.95) -> Measurement:
    """Cronbach's alpha: consistency of the sum of k raters (or items); equals ICC(C,k).

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters or items, units)
        Units with a missing value (NaN) are dropped.
    ci : float
        Confidence level of the F-based interval.

    Returns
    -------
    Measurement
        At most 1; may be negative. None with fewer than two raters or units, or when the sum does not vary.
        No interval where alpha is 1.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297-334: k/(k-1) (1 - sum of variances / variance of the sum). Feldt
    (1965), Psychometrika 30, 357-370 (interval).

    Examples
    --------
    >>> round(cronbach_alpha([[1, 2, 3, 4], [1, 3, 3, 5]]).value, 3)
    0.96
    """
    check_level(ci)
    values = as_table(ratings).persons("cronbach_alpha")
    complete = _complete_units(values)
    k, n = complete.shape
    basis = Basis("Cronbach alpha over raters, equals ICC(C,k)", n, values.shape[1] - n, k)
    short = _too_small(k, n)
    if short:
        return basis.undefined(short)
    centred = complete - complete[:, :1]
    of_sum = float(centred.sum(axis=0).var(ddof=1))
    of_raters = float(centred.var(axis=1, ddof=1).sum())
    if of_sum <= NOISE * of_raters or of_sum == 0:
        return basis.undefined("the sum over raters does not vary: 0/0")
    value = k / (k - 1) * (1 - of_raters / of_sum)
    # 1 / (1 - alpha) is the ratio of the mean squares of units and error, so that the interval is ICC(C,k)'s.
    interval = _mean_of_k(_f_bounds(1.0, max(1 - value, 0.0), n - 1, (n - 1) * (k - 1), ci))
    return basis.measured(value, ci=interval, reason=_without(interval), details={"ci_level": ci})


@dataclass(frozen=True, slots=True)
class _Squares:
    k: int
    n: int
    between: float
    within: float
    raters: float
    error: float


def _complete_units(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values).any(axis=0)
    return values if known.all() else values[:, known]


def _too_small(k: int, n: int) -> str | None:
    if k < 2:
        return "needs two raters"
    return "needs two units that every rater has rated" if n < 2 else None


def _mean_squares(values: FloatArray) -> _Squares:
    k, n = values.shape
    # Taking away one value of the data keeps constants exact and large offsets from cancelling.
    origin, rater_sums, between, within = values[0, 0], np.zeros(k), 0.0, 0.0
    for block in column_blocks(values):
        rater_sums += (block - origin).sum(axis=1)
    rater_means = rater_sums / n
    grand = rater_means.mean()
    for block in column_blocks(values):
        centred = block - origin
        unit_means = centred.mean(axis=0)
        centred -= unit_means
        between += k * float(np.square(unit_means - grand).sum())
        within += float(np.einsum("ij,ij->", centred, centred))
    raters = n * float(np.square(rater_means - grand).sum())
    noise = NOISE * (between + within)
    error = within - raters
    return _Squares(
        k=k,
        n=n,
        between=_denoised(between, noise) / (n - 1),
        within=_denoised(within, noise) / (n * (k - 1)),
        raters=_denoised(raters, noise) / (k - 1),
        error=_denoised(error, noise) / ((n - 1) * (k - 1)),
    )


def _denoised(square: float, noise: float) -> float:
    return square if square > noise else 0.0


def _ratios(m: _Squares) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of each form."""
    shift = (m.raters - m.error) / m.n
    return {
        "ICC1": (m.between - m.within, m.between + (m.k - 1) * m.within),
        "ICC2": (m.between - m.error, m.between + (m.k - 1) * m.error + m.k * shift),
        "ICC3": (m.between - m.error, m.between + (m.k - 1) * m.error),
        "ICC1k": (m.between - m.within, m.between),
        "ICC2k": (m.between - m.error, m.between + shift),
        "ICC3k": (m.between - m.error, m.between),
    }


def _icc_form(
    form: str,
    above: float,
    below: float,
    m: _Squares,
    *,
    interval: tuple[float, float] | None,
    dropped: int,
    ci: float,
) -> Measurement:
    basis = Basis(ICC_FORMS[form], m.n, dropped, m.k)
    facts = {
        "ci_level": ci,
        "mean_square_units": m.between,
        "mean_square_within": m.within,
        "mean_square_raters": m.raters,
        "mean_square_error": m.error,
    }
    if below <= NOISE * (m.between + m.within + m.raters):
        return basis.undefined(NO_VARIANCE, details=facts)
    if not form.endswith("k") and above / below < -1 - 1e-9:
        return basis.undefined(BELOW_MINUS_ONE, details=facts)
    return basis.measured(above / below, ci=interval, reason=_without(interval), details=facts)


def _intervals(m: _Squares, ci: float) -> dict[str, tuple[float, float] | None]:
    one_way = _f_bounds(m.between, m.within, m.n - 1, m.n * (m.k - 1), ci)
    two_way = _f_bounds(m.between, m.error, m.n - 1, (m.n - 1) * (m.k - 1), ci)
    absolute = _absolute_interval(m, ci)
    return {
        "ICC1": _single(one_way, m.k),
        "ICC3": _single(two_way, m.k),
        "ICC1k": _mean_of_k(one_way),
        "ICC3k": _mean_of_k(two_way),
        "ICC2": absolute,
        "ICC2k": _stepped_up(absolute, m.k),
    }


def _without(interval: tuple[float, float] | None) -> str | None:
    return NO_INTERVAL if interval is None else None


def _f_bounds(above: float, below: float, df1: float, df2: float, ci: float) -> tuple[float, float] | None:
    if below == 0 or above == 0:
        return None
    tail = (1 + ci) / 2
    ratio = above / below
    return ratio / _f_quantile(tail, df1, df2), ratio * _f_quantile(tail, df2, df1)


def _f_quantile(p: float, df1: float, df2: float) -> float:
    return float(special.fdtri(df1, df2, p))


def _single(bounds: tuple[float, float] | None, k: int) -> tuple[float, float] | None:
    return bounds and ((bounds[0] - 1) / (bounds[0] + k - 1), (bounds[1] - 1) / (bounds[1] + k - 1))


def _mean_of_k(bounds: tuple[float, float] | None) -> tuple[float, float] | None:
    return bounds and (1 - 1 / bounds[0], 1 - 1 / bounds[1])


def _stepped_up(bounds: tuple[float, float] | None, k: int) -> tuple[float, float] | None:
    """Bounds for the mean of k raters; none where the lower one is below what a single form can be."""
    if bounds is None or 1 + bounds[0] * (k - 1) <= 0:
        return None
    return bounds[0] * k / (1 + bounds[0] * (k - 1)), bounds[1] * k / (1 + bounds[1] * (k - 1))


def _absolute_interval(m: _Squares, ci: float) -> tuple[float, float] | None:
    """Satterthwaite's interval of ICC(A,1), Shrout & Fleiss 1979 p. 424."""
    above, below = _ratios(m)["ICC2"]
    if m.error == 0 or below <= 0:
        return None
    k, n, value, f_raters = m.k, m.n, above / below, m.raters / m.error
    spread = n * (1 + (k - 1) * value) - k * value
    top = (k - 1) * (n - 1) * (k * value * f_raters + spread) ** 2
    bottom = (n - 1) * k**2 * value**2 * f_raters**2 + spread**2
    if top <= 0 or bottom <= 0:
        return None
    df, tail = top / bottom, (1 + ci) / 2
    low_f, high_f = _f_quantile(tail, n - 1, df), _f_quantile(tail, df, n - 1)
    rest = k * m.raters + (k * n - k - n) * m.error
    low = n * (m.between - low_f * m.error) / (low_f * rest + n * m.between)
    high = n * (high_f * m.between - m.error) / (rest + n * high_f * m.between)
    # With next to no degrees of freedom both bounds run into one limit, which tells nothing.
    return (low, high) if low < value < high else None
