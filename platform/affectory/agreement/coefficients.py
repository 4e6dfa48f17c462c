"""Agreement corrected for chance, over any number of raters: Gwet, Fleiss, Conger, Brennan and Prediger, alpha.

They differ in the agreement that chance would bring.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from affectory.agreement.chance import Chance, Panel, chance_of_persons, chance_of_shares, corrected
from affectory.agreement.credit import CERTAIN_CHANCE, NO_PAIR, Weights, codes_of, rated_table
from affectory.coding import Category
from affectory.results import Measurement, check_level
from affectory.tables import Ratings, RatingTable


def gwet_ac(
    ratings: Ratings,
    *,
    weights: Weights | None = None,
    categories: Sequence[Category] | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Gwet's AC1 (no weights) or AC2: stays informative when one category dominates.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing; vote counts are welcome. Units with one rating count for the category shares
        only.
    weights : {None, "linear", "quadratic", "ordinal"}
        Credit for near misses, by distance in positions of the ordered categories.
    categories : sequence, optional
        All categories in order, for ratings given as an array; those that occur when not given. Words with
        weights need them.
    ci : float
        Confidence level; Student's t over units, cut at -1 and 1.

    Returns
    -------
    Measurement
        At most 1. None with a single category. `details["se"]` is the standard error over units.

    References
    ----------
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48; Gwet (2014), Handbook
    of Inter-Rater Reliability, 4th ed., chapter 5 (weights, variance).

    Examples
    --------
    >>> round(gwet_ac([[1] * 8 + [0, 1], [1] * 8 + [0, 0]]).value, 3)
    0.866
    """
    check_level(ci)
    panel = Panel.of(rated_table(ratings, categories, weights=weights), weights)
    basis = panel.basis("Gwet AC1" if weights is None else f"Gwet AC2, weights: {weights}")
    if not panel.pairable.any() or panel.n_categories < 2:
        return basis.undefined(CERTAIN_CHANCE if panel.pairable.any() else NO_PAIR)
    share, moved = panel.shares()
    factor = panel.credit.sum() / (panel.n_categories * (panel.n_categories - 1))
    chance = Chance(float(factor * share @ (1 - share)), factor * moved @ (1 - 2 * share))
    return corrected(basis, panel.seen(), chance, ci)


def fleiss_kappa(
    counts: Ratings,
    *,
    unequal: Literal["refuse", "pool", "shares"] = "refuse",
    weights: Weights | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Fleiss' kappa: agreement of ratings by anybody, with chance from the shares of all categories.

    Parameters
    ----------
    counts : RatingTable or array_like of int, shape (units, categories)
        Votes per unit and category; a missing rating is a vote that is not there.
    unequal : {"refuse", "pool", "shares"}
        When units differ in their number of votes: no value (use Krippendorff's alpha); or the mean of the
        units' pair agreement against the shares of all votes together ("pool", units with one vote are
        dropped), or against the mean of the units' shares ("shares", Gwet's rule for missing ratings: units
        with one vote count for the shares only).
    weights : {None, "linear", "quadratic", "ordinal"}
        Credit for near misses, by distance in positions of the ordered categories.
    ci : float
        Confidence level; Student's t over units, cut at -1 and 1.

    Returns
    -------
    Measurement
        At most 1; 0 is chance. `details["se"]` is the standard error over units.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76, 378-382; Gwet (2014), Handbook of Inter-Rater Reliability, 4th
    ed., chapters 2 and 5 (missing ratings, weights, variance).

    Examples
    --------
    >>> round(fleiss_kappa([[3, 0], [1, 2], [0, 3]]).value, 3)
    0.55
    """
    check_level(ci)
    if unequal not in {"refuse", "pool", "shares"}:
        raise ValueError(f"unequal: {unequal!r} is none of refuse, pool, shares")
    table = counts if isinstance(counts, RatingTable) else RatingTable.from_counts(counts)
    panel = Panel.of(rated_table(table, weights=weights), weights)
    n = panel.votes.sum(axis=1)
    differ = np.unique(n).size > 1
    name = "Fleiss kappa" if weights is None else f"Fleiss kappa, weights: {weights}"
    rule = {"pool": "unequal numbers of votes pooled", "shares": "mean of the units' shares"}.get(unequal, "")
    basis = panel.basis(f"{name}, {rule}" if differ and rule else name)
    if not panel.pairable.any():
        return basis.undefined("no unit has two votes")
    if differ and unequal == "refuse":
        return basis.undefined("units differ in their number of votes; use Krippendorff's alpha")
    panel = panel if unequal == "shares" else panel.of_pairs()
    share, moved = panel.shares() if unequal == "shares" else panel.pooled()
    return corrected(basis, panel.seen(), chance_of_shares(share, moved, panel.credit), ci)


def conger_kappa(
    ratings: Ratings,
    *,
    weights: Weights | None = None,
    categories: Sequence[Category] | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Conger's kappa: Cohen's for more than two raters, with chance from each rater's own shares.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing; rows are persons. Units with one rating count for its rater's shares only.
    weights : {None, "linear", "quadratic", "ordinal"}
        Credit for near misses, by distance in positions of the ordered categories.
    categories : sequence, optional
        All categories in order, for ratings given as an array; those that occur when not given. Words with
        weights need them.
    ci : float
        Confidence level; Student's t over units, cut at -1 and 1.

    Returns
    -------
    Measurement
        At most 1; 0 is chance. With two raters and nothing missing it is Cohen's kappa.

    References
    ----------
    Conger (1980), Psychological Bulletin 88, 322-328; Gwet (2014), Handbook of Inter-Rater Reliability, 4th
    ed., chapters 2 and 5 (missing ratings, weights, variance).

    Examples
    --------
    >>> round(conger_kappa([list("aabb"), list("abbb"), list("aabb")]).value, 3)
    0.667
    """
    check_level(ci)
    table = rated_table(ratings, categories, weights=weights)
    table.persons("conger_kappa")
    panel = Panel.of(table, weights)
    basis = panel.basis("Conger kappa" if weights is None else f"Conger kappa, weights: {weights}")
    if not panel.pairable.any():
        return basis.undefined(NO_PAIR)
    codes, _ = codes_of(table)
    rated = ~np.isnan(codes)
    return corrected(basis, panel.seen(), chance_of_persons(codes[:, rated.any(axis=0)], panel.credit), ci)


def brennan_prediger(
    ratings: Ratings,
    *,
    weights: Weights | None = None,
    categories: Sequence[Category] | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Brennan and Prediger's coefficient: by chance every category is as likely (Bennett's S, free kappa).

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing; vote counts are welcome.
    weights : {None, "linear", "quadratic", "ordinal"}
        Credit for near misses, by distance in positions of the ordered categories.
    categories : sequence, optional
        All categories in order, for ratings given as an array; those that occur when not given. How many there
        are decides what chance is. Words with weights need them.
    ci : float
        Confidence level; Student's t over units, cut at -1 and 1.

    Returns
    -------
    Measurement
        At most 1; 0 is chance. None with a single category.

    References
    ----------
    Brennan & Prediger (1981), Educational and Psychological Measurement 41, 687-699; Gwet (2014), Handbook of
    Inter-Rater Reliability, 4th ed., chapter 5 (variance).

    Examples
    --------
    >>> round(brennan_prediger([list("aabb"), list("abbb")]).value, 3)
    0.5
    """
    check_level(ci)
    panel = Panel.of(rated_table(ratings, categories, weights=weights), weights)
    basis = panel.basis("Brennan-Prediger" if weights is None else f"Brennan-Prediger, weights: {weights}")
    if not panel.pairable.any():
        return basis.undefined(NO_PAIR)
    chance = Chance(float(panel.credit.mean()), np.zeros(len(panel.votes)))
    return corrected(basis, panel.seen(), chance, ci)


def weighted_alpha(
    ratings: Ratings,
    *,
    weights: Weights | None = None,
    categories: Sequence[Category] | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Krippendorff's alpha with credit for near misses by position, and an interval without bootstrap.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing; vote counts are welcome. Units with fewer than two ratings are dropped.
    weights : {None, "linear", "quadratic", "ordinal"}
        Credit for near misses, by distance in positions of the ordered categories. None is alpha at nominal
        level, "quadratic" alpha at interval level of the positions; "ordinal" is Gwet's, which is not
        Krippendorff's ordinal level.
    categories : sequence, optional
        All categories in order, for ratings given as an array; those that occur when not given. Words with
        weights need them.
    ci : float
        Confidence level; Student's t over units, cut at -1 and 1.

    Returns
    -------
    Measurement
        At most 1; 0 is chance. `details["se"]` is the standard error over units.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability; Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th ed., chapter 5 (weights, variance).

    Examples
    --------
    >>> ben, gerry = [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]
    >>> round(weighted_alpha([ben, gerry], weights="linear").value, 3)
    0.648
    """
    check_level(ci)
    whole = Panel.of(rated_table(ratings, categories, weights=weights), weights)
    basis = whole.basis(f"Krippendorff alpha, weights: {weights or 'none'}, interval over units")
    if not whole.pairable.any():
        return basis.undefined(NO_PAIR)
    panel = whole.of_pairs()
    return corrected(basis, panel.seen_by_votes(), chance_of_shares(*panel.pooled(), panel.credit), ci)
