"""Intraclass correlations of crowds: another set of raters, and another number of them, for each unit."""

from collections.abc import Mapping

import numpy as np

from affectory.agreement.resampling import Bootstrap
from affectory.agreement.variance import ICC_FORMS, NO_VARIANCE, NOISE
from affectory.results import Basis, Fact, FloatArray, Measurement
from affectory.tables import Ratings, as_table


def icc_one_way(
    ratings: Ratings,
    *,
    ci: float | None = None,
    draws: int = 1000,
    seed: int = 0,
    packs: int | None = None,
) -> dict[str, Measurement]:
    """ICC(1) and ICC(1,k) when units have different numbers of ratings and raters may be anybody.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN is missing; slots and vote counts of numbers are welcome. Units without any rating are dropped.
    ci, draws, seed, packs : float, int, int, int, optional
        Confidence level of a percentile bootstrap over units (None: no interval), its draws and their seed; how many
        packs of units to draw instead (None: single units). See `krippendorff_alpha`.

    Returns
    -------
    dict of str to Measurement
        ICC1 and ICC1k; k is n0 = (N - sum n_u^2 / N) / (units - 1), given in `details`.

    References
    ----------
    Donner & Koval (1980), Biometrics 36, 19-25 (analysis-of-variance estimator for unequal groups).

    Examples
    --------
    >>> round(icc_one_way([[1, 2, 3], [1, 2, 4]])["ICC1"].value, 3)
    0.9
    """
    bootstrap = Bootstrap.asked(ci, draws, seed, packs)
    table = as_table(ratings)
    if table.has_words:
        raise ValueError("icc_one_way needs numbers, but the categories are words")
    values = table.dense()
    n = (~np.isnan(values)).sum(axis=0)
    used = n > 0
    units = int(used.sum())
    bases = {
        form: Basis(f"{ICC_FORMS[form]}, unequal numbers", units, int((~used).sum()), int(n.max(initial=0)))
        for form in ("ICC1", "ICC1k")
    }
    if units < 2 or n.sum() <= units:
        return {
            form: basis.undefined("needs two units and one unit with two ratings")
            for form, basis in bases.items()
        }
    sums = _unit_sums(values[:, used])
    between, within, n0 = _mean_squares(sums.sum(axis=1, keepdims=True))
    found = {form: float(value[0]) for form, value in _forms(between, within, n0).items()}
    facts = {
        "ratings_per_unit": float(n0[0]),
        "mean_square_between": float(between[0]),
        "mean_square_within": float(within[0]),
    }
    drawn = None if bootstrap is None else _drawn(sums, bootstrap)
    return {form: _told(basis, found[form], facts, drawn, form) for form, basis in bases.items()}


#: What a bootstrap found: the values of each form, and what is told of it.
Drawn = tuple[Bootstrap, dict[str, FloatArray], int]


def _told(
    basis: Basis, value: float, facts: Mapping[str, Fact], drawn: Drawn | None, form: str
) -> Measurement:
    if np.isnan(value):
        return basis.undefined(NO_VARIANCE, details=facts)
    if drawn is None:
        return basis.measured(value, details=facts)
    bootstrap, values, n_drawn = drawn
    defined = values[form][~np.isnan(values[form])]
    how = bootstrap.told(n_drawn, basis.n_units_used, defined.size)
    return basis.measured(value, ci=bootstrap.interval(defined, value), details={**facts, **how})


def _drawn(sums: FloatArray, bootstrap: Bootstrap) -> Drawn:
    packs = bootstrap.deal(sums.shape[1])
    of_packs = np.array([packs.sums(row) for row in sums])
    of_draws = np.array([of_packs @ weights for weights in bootstrap.weights(packs.n)]).T
    return bootstrap, _forms(*_mean_squares(of_draws)), packs.n


def _unit_sums(values: FloatArray) -> FloatArray:
    """Six numbers of each unit that add up over units: 1, n, n^2, and with ratings about their mean s, q, s^2 / n."""
    known = ~np.isnan(values)
    centred = np.where(known, values - values[known].mean(), 0.0)
    n, s = known.sum(axis=0), centred.sum(axis=0)
    return np.array([np.ones(n.size), n, n**2, s, np.square(centred).sum(axis=0), s**2 / n])


def _mean_squares(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean squares between and within units, and ratings per unit, each shape (draws,); ``sums``: (6, draws)."""
    units, total, squared, s, q, explained = sums
    between, within = explained - s**2 / total, q - explained
    noise = NOISE * (between + within)
    with np.errstate(divide="ignore", invalid="ignore"):
        n0 = (total - squared / total) / (units - 1)
        return (
            np.where(between > noise, between, 0.0) / (units - 1),
            np.where(within > noise, within, 0.0) / (total - units),
            n0,
        )


def _forms(between: FloatArray, within: FloatArray, n0: FloatArray) -> dict[str, FloatArray]:
    """Both forms, NaN where there is no variance to explain."""
    below = {"ICC1": between + (n0 - 1) * within, "ICC1k": between}
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            form: np.where(under > 0, (between - within) / under, np.nan) for form, under in below.items()
        }
