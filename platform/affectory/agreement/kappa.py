"""Agreement on categories: per cent, and Cohen's kappa of two raters."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import special

from affectory.agreement.clusters import mean_over_units
from affectory.agreement.credit import (
    CERTAIN_CHANCE,
    NO_PAIR,
    Weights,
    agreement_of_units,
    codes_of,
    credit_of,
    rated_table,
    votes_of,
)
from affectory.agreement.resampling import Bootstrap
from affectory.coding import Category
from affectory.results import Basis, FloatArray, Measurement, check_level
from affectory.tables import Ratings, as_table


def percent_agreement(
    ratings: Ratings,
    *,
    ci: float | None = None,
    draws: int = 1000,
    seed: int = 0,
    packs: int | None = None,
) -> Measurement:
    """Share of rater pairs that give a unit the same category, averaged over units.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing; vote counts are welcome. Units with fewer than two ratings are dropped.
    ci, draws, seed, packs : float, int, int, int, optional
        Confidence level of a percentile bootstrap over units (None: no interval), its draws and their seed; how many
        packs of units to draw instead (None: single units). See `krippendorff_alpha`.

    Returns
    -------
    Measurement
        0 to 1, not corrected for chance.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76, 378-382 (the agreement of a unit).

    Examples
    --------
    >>> percent_agreement([["a", "b", "a"], ["a", "b", "b"]]).value.__round__(3)
    0.667
    """
    bootstrap = Bootstrap.asked(ci, draws, seed, packs)
    counts, n_raters = votes_of(as_table(ratings))
    n = counts.sum(axis=1)
    used = n >= 2
    basis = Basis(
        "per cent agreement over pairs, mean over units", int(used.sum()), int((~used).sum()), n_raters
    )
    if not used.any():
        return basis.undefined(NO_PAIR)
    return mean_over_units(agreement_of_units(counts[used], np.eye(counts.shape[1])), basis, bootstrap)


def cohen_kappa(
    a: Iterable[Category | None],
    b: Iterable[Category | None],
    *,
    weights: Weights | None = None,
    categories: Sequence[Category] | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Cohen's kappa of two raters.

    Parameters
    ----------
    a, b : sequences of one length
        Category of each unit; None or NaN drops the unit.
    weights : {None, "linear", "quadratic", "ordinal"}
        Credit for near misses, by distance in *positions* of the ordered categories; "ordinal" counts the
        pairs of categories between the two (Gwet).
    categories : sequence, optional
        All categories in order; numbers that occur, rising, when not given. Words with weights need them.
        Categories that nobody used change weighted kappa.
    ci : float
        Confidence level of the large-sample interval, which is cut at -1 and 1.

    Returns
    -------
    Measurement
        At most 1; 0 is chance. None when chance agreement is certain.

    References
    ----------
    Cohen (1960, 1968); Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327 (standard error);
    Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., chapter 3 (ordinal weights).

    Examples
    --------
    >>> round(cohen_kappa(list("aabb"), list("abbb")).value, 3)
    0.5
    """
    check_level(ci)
    both_rows = np.array([list(a), list(b)], dtype=object)
    codes, n_categories = codes_of(rated_table(both_rows, categories, weights=weights))
    both = ~np.isnan(codes).any(axis=0)
    n = int(both.sum())
    basis = Basis(f"Cohen kappa, weights: {weights or 'none'}", n, int(codes.shape[1] - n))
    if n == 0:
        return basis.undefined("no unit was rated by both")
    first, second = codes[:, both].astype(np.int64)
    flat = np.bincount(first * n_categories + second, minlength=n_categories**2)
    share = flat.reshape(n_categories, n_categories) / n
    return _weighted_kappa(share, credit_of(n_categories, weights), basis, ci)


def _weighted_kappa(share: FloatArray, credit: FloatArray, basis: Basis, ci: float) -> Measurement:
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, chance = float((credit * share).sum()), float(rows @ credit @ columns)
    facts = {"observed_agreement": observed, "chance_agreement": chance}
    if chance >= 1 - 1e-15:
        return basis.undefined(CERTAIN_CHANCE, details=facts)
    value = (observed - chance) / (1 - chance)
    expected = (credit @ columns)[:, None] + (rows @ credit)[None, :]
    spread = share * np.square(credit * (1 - chance) - expected * (1 - observed))
    centre = (observed * chance - 2 * chance + observed) ** 2
    variance = (float(spread.sum()) - centre) / (basis.n_units_used * (1 - chance) ** 4)
    se = math.sqrt(max(variance, 0.0))
    half = float(special.ndtri((1 + ci) / 2)) * se
    interval = max(-1.0, value - half), min(1.0, value + half)
    return basis.measured(value, ci=interval, details={**facts, "se": se, "ci_level": ci})
