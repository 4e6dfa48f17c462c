"""Reliability of means of ratings: split halves, test and retest, single ratings against the rest."""

import numpy as np
import numpy.typing as npt

from affectory.agreement.concordance import pearson
from affectory.results import Basis, FloatArray, Measurement
from affectory.tables import Ratings, RatingTable, as_table
from affectory.vectors import mean_present


def spearman_brown(r: float, *, factor: float = 2.0) -> float:
    """Reliability of a measurement `factor` times as long.

    Parameters
    ----------
    r : float
        Reliability (correlation) of the short one, above -1/(factor - 1).
    factor : float
        2 turns the correlation of two halves into the reliability of the whole.

    Returns
    -------
    float
        factor r / (1 + (factor - 1) r).

    References
    ----------
    Spearman (1910); Brown (1910), British Journal of Psychology 3.

    Examples
    --------
    >>> round(spearman_brown(0.6), 6)
    0.75
    """
    below = 1 + (factor - 1) * r
    if below <= 0:
        raise ValueError(f"r: {r} is too negative for factor {factor}")
    return factor * r / below


def split_half(ratings: Ratings, *, draws: int = 100, seed: int = 0) -> Measurement:
    """Split-half reliability of the mean over raters, stepped up by Spearman-Brown.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN is missing. Known raters are split as persons; anonymous slots and vote counts are split within
        each unit. With an odd number one half has one rating more.
    draws, seed : int
        Random splits and their seed.

    Returns
    -------
    Measurement
        Mean over splits of 2r/(1+r), at most 1; splits without a defined r are dropped and counted in
        `details`.

    References
    ----------
    Spearman (1910); Brown (1910), British Journal of Psychology 3; Kiritchenko & Mohammad (2017), Best-worst
    scaling more reliable than rating scales, ACL (halves of the ratings of each unit).

    Examples
    --------
    >>> round(split_half([[1, 2, 3, 4]] * 4).value, 6)
    1.0
    """
    if draws < 1:
        raise ValueError(f"draws: at least 1, not {draws}")
    table = as_table(ratings)
    values = _numbers(table)
    rated_twice = (~np.isnan(values)).sum(axis=0) >= 2
    used = int(rated_twice.sum())
    basis = Basis(
        f"split half over {'raters' if table.kind == 'raters' else 'ratings of each unit'}, Spearman-Brown",
        used,
        values.shape[1] - used,
        int((~np.isnan(values)).any(axis=1).sum()),
    )
    rng = np.random.default_rng(seed)
    found = [
        _half_correlation(values[:, rated_twice], rng, persons=table.kind == "raters") for _ in range(draws)
    ]
    stepped = [spearman_brown(r) for r in found if r is not None and r > -1]
    facts = {"draws": draws, "draws_dropped": draws - len(stepped), "seed": seed}
    if not stepped:
        return basis.undefined("no split has two halves that both vary over common units", details=facts)
    return basis.measured(float(np.mean(stepped)), details={**facts, "sd_over_draws": float(np.std(stepped))})


def retest_correlation(first: npt.ArrayLike, second: npt.ArrayLike) -> Measurement:
    """Correlation of a rater's two passes over the same units.

    Parameters
    ----------
    first, second : array_like, shape (units,)
        NaN is missing.

    Returns
    -------
    Measurement
        Pearson's r, -1 to 1.

    Examples
    --------
    >>> round(retest_correlation([1, 2, 3, 4], [1, 2, 4, 4]).value, 3)
    0.947
    """
    found = pearson(first, second)
    basis = Basis("Pearson r of test and retest", found.n_units_used, found.n_units_dropped, 1)
    if found.value is None:
        return basis.undefined(str(found.reason))
    return basis.measured(found.value, ci=found.ci, details=found.details)


def item_total(ratings: Ratings, *, include_self: bool = False) -> Measurement:
    """Correlation of single ratings with the mean of their unit, pooled over all ratings.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN is missing; slots and vote counts of numbers are welcome. Units with fewer than two ratings are
        dropped.
    include_self : bool
        Whether the mean contains the rating itself, which raises the number; False is leave-one-out.

    Returns
    -------
    Measurement
        Pearson's r, -1 to 1.

    References
    ----------
    Hutto & Gilbert (2014), VADER, ICWSM (with the rating itself).

    Examples
    --------
    >>> round(item_total([[1, 2, 3], [1, 2, 4]]).value, 3)
    0.854
    """
    values = _numbers(as_table(ratings))
    valid = ~np.isnan(values)
    n = valid.sum(axis=0)
    used = n >= 2
    kept = valid & used
    total = np.where(valid, values, 0.0).sum(axis=0)
    middle = (total - np.where(valid, values, 0.0)) / np.maximum(n - 1, 1)
    if include_self:
        middle = np.broadcast_to(total / np.maximum(n, 1), values.shape)
    name = "mean of the unit, itself included" if include_self else "mean of the unit's other ratings"
    basis = Basis(
        f"pooled Pearson r of each rating with the {name}",
        int(used.sum()),
        int((~used).sum()),
        int(valid.any(axis=1).sum()),
    )
    found = pearson(values[kept], middle[kept])
    if found.value is None:
        return basis.undefined(str(found.reason))
    return basis.measured(found.value, details={"n_ratings": int(kept.sum())})


def _numbers(table: RatingTable) -> FloatArray:
    if table.has_words:
        raise ValueError("means of ratings need numbers, but the categories are words")
    return table.dense()


def _half_correlation(values: FloatArray, rng: np.random.Generator, *, persons: bool) -> float | None:
    if persons:
        mixed = values[rng.permutation(len(values))]
        first, second = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
    else:
        first, second = _halves_of_units(values, rng)
    return pearson(mean_present(first), mean_present(second)).value


def _halves_of_units(values: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Shuffle the ratings of each unit and deal them to two halves."""
    lots = np.where(np.isnan(values), np.inf, rng.random(values.shape))
    dealt = np.take_along_axis(values, np.argsort(lots, axis=0), axis=0)
    return dealt[::2], dealt[1::2]
