"""Chance-corrected agreement on categories: per cent, Cohen, Fleiss, Gwet."""

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from affectory.results import Basis, FloatArray, IntArray, Measurement, check_level
from affectory.tables import Category, Ratings, RatingTable, as_table

Weights = Literal["linear", "quadratic", "ordinal"]
CERTAIN_CHANCE = "agreement by chance is certain (one category only): 0/0"


def percent_agreement(ratings: Ratings) -> Measurement:
    """Share of rater pairs that give a unit the same category, averaged over units.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing; vote counts are welcome. Units with fewer than two ratings are dropped.

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
    counts, n_raters = _votes(as_table(ratings))
    n = counts.sum(axis=1)
    used = n >= 2
    basis = Basis(
        "per cent agreement over pairs, mean over units", int(used.sum()), int((~used).sum()), n_raters
    )
    if not used.any():
        return basis.undefined("no unit has two ratings")
    return basis.measured(_agreement_of_units(counts[used], np.eye(counts.shape[1])).mean())


def cohen_kappa(
    a: Iterable[Category | None],
    b: Iterable[Category | None],
    *,
    weights: Literal["linear", "quadratic"] | None = None,
    categories: Sequence[Category] | None = None,
    ci: float = 0.95,
) -> Measurement:
    """Cohen's kappa of two raters.

    Parameters
    ----------
    a, b : sequences of one length
        Category of each unit; None or NaN drops the unit.
    weights : {None, "linear", "quadratic"}
        Credit for near misses, by distance in *positions* of the ordered categories.
    categories : sequence, optional
        All categories in order; those that occur, sorted, when not given. Categories that nobody used
        change weighted kappa.
    ci : float
        Confidence level of the large-sample interval.

    Returns
    -------
    Measurement
        At most 1; 0 is chance. None when chance agreement is certain.

    References
    ----------
    Cohen (1960, 1968); Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327 (standard error).

    Examples
    --------
    >>> round(cohen_kappa(list("aabb"), list("abbb")).value, 3)
    0.5
    """
    check_level(ci)
    table = RatingTable.from_dense(np.array([list(a), list(b)], dtype=object), categories=categories)
    codes, n_categories = _codes(table)
    both = ~np.isnan(codes).any(axis=0)
    n = int(both.sum())
    basis = Basis(f"Cohen kappa, weights: {weights or 'none'}", n, int(codes.shape[1] - n))
    if n == 0:
        return basis.undefined("no unit was rated by both")
    first, second = codes[:, both].astype(np.int64)
    flat = np.bincount(first * n_categories + second, minlength=n_categories**2)
    share = flat.reshape(n_categories, n_categories) / n
    return _weighted_kappa(share, _credit(n_categories, weights), basis, ci)


def fleiss_kappa(counts: Ratings, *, unequal: Literal["refuse", "pool"] = "refuse") -> Measurement:
    """Fleiss' kappa: agreement of a fixed number of ratings per unit, by anybody.

    Parameters
    ----------
    counts : RatingTable or array_like of int, shape (units, categories)
        Votes per unit and category; a missing rating is a vote that is not there.
    unequal : {"refuse", "pool"}
        When units differ in their number of votes: no value (use Krippendorff's alpha), or the mean of the
        units' pair agreement against the pooled shares of all votes (units with one vote are dropped).

    Returns
    -------
    Measurement
        At most 1; 0 is chance.

    References
    ----------
    Fleiss (1971), Psychological Bulletin 76, 378-382.

    Examples
    --------
    >>> round(fleiss_kappa([[3, 0], [1, 2], [0, 3]]).value, 3)
    0.55
    """
    if unequal not in {"refuse", "pool"}:
        raise ValueError(f"unequal: {unequal!r} is neither refuse nor pool")
    table = counts if isinstance(counts, RatingTable) else RatingTable.from_counts(counts)
    votes, n_raters = _votes(table)
    n = votes.sum(axis=1)
    kept = votes[n >= 2]
    pooled = np.unique(n[n > 0]).size > 1
    convention = f"Fleiss kappa{', unequal numbers of votes pooled' if pooled else ''}"
    basis = Basis(convention, len(kept), len(votes) - len(kept), n_raters)
    if len(kept) == 0:
        return basis.undefined("no unit has two votes")
    if pooled and unequal == "refuse":
        return basis.undefined("units differ in their number of votes; use Krippendorff's alpha")
    observed = float(_agreement_of_units(kept, np.eye(kept.shape[1])).mean())
    shares = kept.sum(axis=0) / kept.sum()
    chance = float(shares @ shares)
    facts = {"observed_agreement": observed, "chance_agreement": chance}
    if chance >= 1:
        return basis.undefined(CERTAIN_CHANCE, details=facts)
    return basis.measured((observed - chance) / (1 - chance), details=facts)


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
        All categories in order, for ratings given as an array; those that occur when not given.
    ci : float
        Confidence level; Student's t over units, cut at 1.

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
    if weights not in {None, "linear", "quadratic", "ordinal"}:
        raise ValueError(f"weights: {weights!r} is none of None, linear, quadratic, ordinal")
    table = (
        ratings
        if isinstance(ratings, RatingTable)
        else RatingTable.from_dense(ratings, categories=categories)
    )
    counts, n_raters = _votes(table)
    rated = counts[counts.sum(axis=1) > 0]
    pairable = rated.sum(axis=1) >= 2
    name = "Gwet AC1" if weights is None else f"Gwet AC2, weights: {weights}"
    basis = Basis(name, int(pairable.sum()), len(counts) - int(pairable.sum()), n_raters)
    if not pairable.any():
        return basis.undefined("no unit has two ratings")
    if rated.shape[1] < 2:
        return basis.undefined(CERTAIN_CHANCE)
    return _gwet(rated, pairable, _credit(rated.shape[1], weights), basis, ci)


def _gwet(
    rated: IntArray, pairable: npt.NDArray[np.bool_], credit: FloatArray, basis: Basis, ci: float
) -> Measurement:
    n_units, q = rated.shape
    shares = rated / rated.sum(axis=1, keepdims=True)
    prevalence = shares.mean(axis=0)
    factor = credit.sum() / (q * (q - 1))
    chance = float(factor * (prevalence * (1 - prevalence)).sum())
    agreement = np.zeros(n_units)
    agreement[pairable] = _agreement_of_units(rated[pairable], credit)
    observed = float(agreement[pairable].mean())
    value = (observed - chance) / (1 - chance)
    of_unit = np.where(pairable, (agreement - chance) / (1 - chance), 0.0) * n_units / pairable.sum()
    chance_of_unit = factor * (shares @ (1 - prevalence))
    influence = of_unit - 2 * (1 - value) * (chance_of_unit - chance) / (1 - chance)
    facts: dict[str, float | None] = {"observed_agreement": observed, "chance_agreement": chance, "se": None}
    if n_units < 2:
        return basis.measured(value, details=facts)
    se = math.sqrt(float(np.square(influence - value).sum()) / (n_units * (n_units - 1)))
    half = float(special.stdtrit(n_units - 1, (1 + ci) / 2)) * se
    return basis.measured(
        value, ci=(value - half, min(1.0, value + half)), details={**facts, "se": se, "ci_level": ci}
    )


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
    return basis.measured(value, ci=(value - half, value + half), details={**facts, "se": se, "ci_level": ci})


def _credit(n_categories: int, weights: Weights | None) -> FloatArray:
    """Credit of each pair of categories, 1 on the diagonal."""
    steps = np.abs(np.subtract.outer(np.arange(n_categories), np.arange(n_categories))).astype(np.float64)
    apart = {
        None: (steps > 0).astype(np.float64),
        "linear": steps,
        "quadratic": steps**2,
        "ordinal": steps * (steps + 1) / 2,
    }
    if weights not in apart:
        raise ValueError(f"weights: {weights!r} is none of None, linear, quadratic, ordinal")
    chosen = apart[weights]
    return np.asarray(1 - chosen / max(float(chosen.max()), 1.0))


def _agreement_of_units(counts: IntArray, credit: FloatArray) -> FloatArray:
    n = counts.sum(axis=1)
    return np.asarray((counts * (counts @ credit - 1)).sum(axis=1) / (n * (n - 1)))


def _votes(table: RatingTable) -> tuple[IntArray, int]:
    counts, _ = table.votes()
    if table.counts is not None:
        return counts, int(counts.sum(axis=1).max(initial=0))
    return counts, int((~np.isnan(table.dense())).any(axis=1).sum())


def _codes(table: RatingTable) -> tuple[FloatArray, int]:
    """Positions of the categories, shape (raters, units), and how many categories there are."""
    dense = table.dense()
    if table.has_words and table.categories is not None:
        return dense, len(table.categories)
    levels = table.levels
    known = np.unique(dense[~np.isnan(dense)]) if levels is None else levels
    order = np.argsort(known, kind="stable")
    found = (
        order[np.minimum(np.searchsorted(known[order], dense), max(known.size - 1, 0))]
        if known.size
        else dense
    )
    return np.where(np.isnan(dense), np.nan, found), int(known.size)
