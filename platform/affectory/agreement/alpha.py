"""Krippendorff's alpha at four levels of measurement, with missing ratings and a bootstrap interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from affectory.agreement.credit import rated_table
from affectory.agreement.disagreement import (
    LEVELS,
    IntervalSums,
    Level,
    Reduced,
    reduce_ratings,
)
from affectory.agreement.packs import packed
from affectory.agreement.pieces import chunks
from affectory.agreement.resampling import Bootstrap
from affectory.coding import Category
from affectory.results import Basis, Fact, FloatArray, IntArray, Measurement
from affectory.tables import Ratings, RatingTable, as_table

TOO_FEW = "no unit has two ratings, so nothing can be compared"
NO_SPREAD = "all comparable ratings are the same value: expected disagreement is 0"


def krippendorff_alpha(
    ratings: Ratings,
    *,
    level: Level,
    ci: float | None = None,
    draws: int = 1000,
    seed: int = 0,
    packs: int | None = None,
    categories: Sequence[Category] | None = None,
) -> Measurement:
    """Krippendorff's alpha: 1 - observed / expected disagreement.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing. Vote counts and anonymous slots are welcome: who rated does not matter.
    level : {"nominal", "ordinal", "interval", "ratio"}
        How far two values are apart: same or not; squared distance of their mid-ranks; squared difference;
        squared relative difference (ratio, for non-negative values only).
    ci : float, optional
        Confidence level, such as 0.95, of a percentile bootstrap over units.
    draws, seed : int
        Bootstrap draws and their seed. Draws without any expected disagreement are dropped and counted in
        `details["draws_dropped"]`.
    packs : int, optional
        For very many units: draw so many packs of units that chance put together (`details["ci_packs"]`) instead of
        single units, where there are more; at ordinal level to first order. 2000 packs give nearly the same
        interval in a time that hardly grows with the units.
    categories : sequence, optional
        All categories in order, for ratings given as an array; ordinal level of words needs them.

    Returns
    -------
    Measurement
        At most 1; 0 is chance; negative values are systematic disagreement. Units with fewer than two ratings
        are dropped. `details` has the two disagreements.

    Notes
    -----
    Each unit weighs by its number of ratings (pairs are divided by n_u - 1). Two zeros are 0 apart at ratio
    level. Time grows linearly with ratings.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. Section A-D.

    Examples
    --------
    >>> ben, gerry = [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]
    >>> round(krippendorff_alpha([ben, gerry], level="nominal").value, 3)
    0.692
    """
    if level not in LEVELS:
        raise ValueError(f"level: {level!r} is none of {', '.join(LEVELS)}")
    bootstrap = Bootstrap.asked(ci, draws, seed, packs)
    table = rated_table(ratings, categories)
    if level == "ordinal":
        table.need_order("level: ordinal")
    if level in {"interval", "ratio"} and table.has_words:
        raise ValueError(
            f"level: {level} needs numbers, but the categories are words; use nominal or ordinal"
        )
    sums = reduce_ratings(table, level)
    return _measured(sums, table, level, bootstrap)


def unit_sums(ratings: Ratings, *, centre: float = 0.0) -> "UnitSums":
    """Reduce ratings to three numbers per unit, from which interval alpha follows.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN is missing.
    centre : float
        What squares are taken about; a value near the mean of the scale keeps them small. The same for all
        sums that are ever put together.

    Returns
    -------
    UnitSums

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> first, second = unit_sums([[1, 4], [2, None]]), unit_sums([[None, 6]])
    >>> (first + second).n
    array([2, 2])
    """
    values = as_table(ratings).dense()
    if as_table(ratings).has_words:
        raise ValueError("unit_sums needs numbers, but the categories are words")
    known = ~np.isnan(values)
    centred = np.where(known, values - centre, 0.0)
    return UnitSums(known.sum(axis=0), centred.sum(axis=0), np.square(centred).sum(axis=0), centre)


def alpha_from_sums(sums: "UnitSums") -> Measurement:
    """Interval alpha from sums that were kept up to date rating by rating.

    Parameters
    ----------
    sums : UnitSums

    Returns
    -------
    Measurement
        Equal to `krippendorff_alpha(level="interval")` of all the ratings, up to rounding.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> first, second = unit_sums([[1, 4], [2, None]]), unit_sums([[None, 6]])
    >>> round(alpha_from_sums(first + second).value, 4)
    0.7458
    """
    pairable = sums.n >= 2
    used = int(pairable.sum())
    basis = Basis(
        "Krippendorff alpha, interval, from unit sums", used, sums.n.size - used, int(sums.n.max(initial=0))
    )
    if used == 0:
        return basis.undefined(TOO_FEW)
    observed, expected = IntervalSums(sums.n[pairable], sums.s[pairable], sums.q[pairable]).disagreement()
    facts: dict[str, Fact] = {"observed_disagreement": observed, "expected_disagreement": expected}
    if expected <= 0:
        return basis.undefined(NO_SPREAD, details=facts)
    return basis.measured(1 - observed / expected, details=facts)


@dataclass(frozen=True, slots=True, eq=False)
class UnitSums:
    """Number, sum and sum of squares of each unit's ratings about a centre; `+` puts more ratings in.

    Attributes
    ----------
    n : ndarray of int, shape (units,)
    s, q : ndarray, shape (units,)
    centre : float
    """

    n: IntArray
    s: FloatArray
    q: FloatArray
    centre: float

    def __add__(self, more: "UnitSums") -> "UnitSums":
        """Put further ratings of the same units in; the same units, the same centre."""
        if more.centre != self.centre or more.n.shape != self.n.shape:
            raise ValueError("sums of the same units about the same centre can be added, no others")
        return UnitSums(self.n + more.n, self.s + more.s, self.q + more.q, self.centre)


def _measured(
    sums: Reduced | str, table: RatingTable, level: Level, bootstrap: Bootstrap | None
) -> Measurement:
    convention = f"Krippendorff alpha, {level}"
    if isinstance(sums, str):
        return Basis(convention, 0, table.n_units, _count_raters(table)).undefined(sums)
    used = sums.n.size
    basis = Basis(convention, used, table.n_units - used, _count_raters(table))
    if used == 0:
        return basis.undefined(TOO_FEW)
    observed, expected = sums.disagreement()
    facts: dict[str, Fact] = {"observed_disagreement": observed, "expected_disagreement": expected}
    if expected <= 0:
        return basis.undefined(NO_SPREAD, details=facts)
    alpha = 1 - observed / expected
    if bootstrap is None:
        return basis.measured(alpha, details=facts)
    return _with_interval(basis, alpha, facts, sums, bootstrap)


def _with_interval(
    basis: Basis, alpha: float, facts: Mapping[str, Fact], sums: Reduced, bootstrap: Bootstrap
) -> Measurement:
    if alone := bootstrap.alone(sums.n.size):
        return basis.measured(alpha, reason=alone, details=facts)
    drawn = packed(sums, bootstrap)
    alphas = []
    for weights in bootstrap.weights(drawn.n.size):
        observed, expected = drawn.disagreement(weights)
        if expected > 0:
            alphas.append(1 - observed / expected)
    how = bootstrap.told(drawn.n.size, sums.n.size, len(alphas))
    return basis.measured(alpha, ci=bootstrap.interval(alphas, alpha), details={**facts, **how})


def _count_raters(table: RatingTable) -> int:
    if table.counts is not None:
        return int(table.counts.sum(axis=1).max(initial=0))
    return sum(_has_rated(row) for row in table.dense())


def _has_rated(row: FloatArray) -> bool:
    """Whether anything is there; mostly the first piece tells."""
    return any(not np.isnan(row[piece]).all() for piece in chunks(row.size))
