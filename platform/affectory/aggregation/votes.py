"""Votes for categories and ratings on scales, unit by unit: shares, majority, mean and spread."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from affectory.aggregation.rows import Votes, vote_table
from affectory.coding import Category
from affectory.results import FloatArray, IntArray

TiePolicy = Literal["null", "first"]


@dataclass(frozen=True, slots=True, eq=False)
class VoteDistribution:
    """How the votes of each unit fall.

    Attributes
    ----------
    counts : ndarray of int, shape (units, categories)
    shares : ndarray of float, shape (units, categories)
        Counts divided by the votes of the unit (the soft label); NaN for a unit without votes.
    n : ndarray of int, shape (units,)
        Votes of the unit.
    entropy : ndarray of float, shape (units,)
        Shannon entropy of the shares in bits; NaN without votes.
    categories : tuple
    units : tuple or None
        What was voted on, in the order of the rows; None where it has no names.
    """

    counts: IntArray
    shares: FloatArray
    n: IntArray
    entropy: FloatArray
    categories: tuple[Category, ...]
    units: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class MajorityVote:
    """The winning category of each unit, where there is one.

    Attributes
    ----------
    labels : tuple of category or None
        None where `reasons` says why.
    reasons : tuple of str or None
    top_shares : ndarray, shape (units,)
        Share of the most frequent category ("agreement" in many corpora); NaN without votes.
    tied : tuple of tuple of categories
        The categories with the most votes; one of them unless tied.
    distribution : VoteDistribution
    convention : str
    """

    labels: tuple[Category | None, ...]
    reasons: tuple[str | None, ...]
    top_shares: FloatArray
    tied: tuple[tuple[Category, ...], ...]
    distribution: VoteDistribution
    convention: str


@dataclass(frozen=True, slots=True, eq=False)
class ScaleSummary:
    """Mean and spread of each unit's ratings.

    Attributes
    ----------
    mean, sd, median : ndarray, shape (units,)
        In the unit of the scale; `sd` is the population standard deviation (divided by n). NaN where fewer
        than `min_raters` rated.
    n : ndarray of int, shape (units,)
    reasons : tuple of str or None
        Why a unit has no mean.
    convention : str
    """

    mean: FloatArray
    sd: FloatArray
    median: FloatArray
    n: IntArray
    reasons: tuple[str | None, ...]
    convention: str


def vote_distribution(votes: Votes | npt.ArrayLike) -> VoteDistribution:
    """Votes per unit and category, as counts and as shares.

    Parameters
    ----------
    votes : RatingTable, rows of votes, or array_like of shape (raters, units)
        Categories given by each rater; None or NaN is missing. Vote counts come as `RatingTable.from_counts`.
        Rows (item, rater, label) come as tuples, or as a DataFrame with three columns or with columns of these
        names (unit and value will do); lists and arrays are a matrix. What may be either is refused.

    Returns
    -------
    VoteDistribution

    Examples
    --------
    >>> vote_distribution([["joy", "fear"], ["joy", "joy"]]).shares
    array([[0. , 1. ],
           [0.5, 0.5]])
    >>> rows = [("film", "ann", "joy"), ("film", "bob", "joy"), ("song", "ann", "fear"), ("song", "bob", "joy")]
    >>> spread = vote_distribution(rows)
    >>> spread.units, spread.categories, spread.counts.tolist()
    (('film', 'song'), ('fear', 'joy'), [[0, 2], [1, 1]])
    """
    table = vote_table(votes)
    counts, categories = table.votes()
    n = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(n[:, None] > 0, counts / n[:, None], np.nan)
        logs = np.where(counts > 0, np.log2(shares), 0.0)
    entropy = np.where(n > 0, np.abs(-(shares * logs).sum(axis=1)), np.nan)
    return VoteDistribution(counts, shares, n, entropy, categories, table.units)


def majority_vote(
    votes: Votes | npt.ArrayLike, *, ties: TiePolicy = "null", more_than: float = 0.0, min_votes: int = 1
) -> MajorityVote:
    """The category with the most votes.

    Parameters
    ----------
    votes : RatingTable, rows of votes, or array_like of shape (raters, units)
        As in `vote_distribution`; None or NaN is missing.
    ties : {"null", "first"}
        What to do when several categories have the most votes: no label, or the first in the order of
        categories.
    more_than : float
        The winner's share of the unit's votes must be greater than this: 0.5 is an absolute majority.
    min_votes : int
        Units with fewer votes get no label.

    Returns
    -------
    MajorityVote
        Labels stand in the order of `distribution.units`.

    Examples
    --------
    >>> won = majority_vote([["joy", "fear"], ["joy", "joy"]])
    >>> won.labels, won.reasons
    (('joy', None), (None, 'tie: fear, joy'))
    """
    if ties not in {"null", "first"}:
        raise ValueError(f"ties: {ties!r} is neither null nor first")
    if not 0 <= more_than < 1:
        raise ValueError(f"more_than: a share from 0 to below 1, not {more_than}")
    if min_votes < 1:
        raise ValueError(f"min_votes: at least 1, not {min_votes}")
    spread = vote_distribution(votes)
    top = spread.counts.max(axis=1, initial=0)
    winners = (spread.counts == top[:, None]) & (top[:, None] > 0)
    tied = tuple(tuple(spread.categories[i] for i in np.flatnonzero(row)) for row in winners)
    share = np.divide(top, spread.n, out=np.full(len(top), np.nan), where=spread.n > 0)
    decided = [
        _decide(names, int(n), float(part), ties=ties, more_than=more_than, min_votes=min_votes)
        for names, n, part in zip(tied, spread.n, share, strict=True)
    ]
    return MajorityVote(
        labels=tuple(label for label, _ in decided),
        reasons=tuple(reason for _, reason in decided),
        top_shares=share,
        tied=tied,
        distribution=spread,
        convention=f"most votes; ties: {ties}; share above {more_than:g}; at least {min_votes} vote(s)",
    )


def _decide(
    names: tuple[Category, ...], n: int, share: float, *, ties: TiePolicy, more_than: float, min_votes: int
) -> tuple[Category | None, str | None]:
    if n < min_votes:
        return None, f"{n} vote(s), {min_votes} needed"
    if len(names) > 1 and ties == "null":
        return None, "tie: " + ", ".join(str(name) for name in names)
    if share <= more_than:
        return None, f"share {share:.3g} of the most frequent category is not above {more_than:g}"
    return names[0], None


def summarise_scale(ratings: Votes | npt.ArrayLike, *, min_raters: int = 1) -> ScaleSummary:
    """Mean, population standard deviation, median and number of ratings of each unit.

    Parameters
    ----------
    ratings : RatingTable, rows of ratings, or array_like of shape (raters, units)
        Numbers, in the forms of `vote_distribution`; NaN is missing.
    min_raters : int
        Units with fewer ratings have no mean.

    Returns
    -------
    ScaleSummary

    Examples
    --------
    >>> summary = summarise_scale([[1, 5, None], [3, None, None]])
    >>> summary.mean, summary.sd, summary.n
    (array([ 2.,  5., nan]), array([ 1.,  0., nan]), array([2, 1, 0]))
    """
    if min_raters < 1:
        raise ValueError(f"min_raters: at least 1, not {min_raters}")
    table = vote_table(ratings)
    if table.has_words:
        raise ValueError("summarise_scale needs numbers, but the categories are words")
    values = table.dense()
    n = (~np.isnan(values)).sum(axis=0)
    used = n >= min_raters
    mean, sd, median = (np.full(values.shape[1], np.nan) for _ in range(3))
    if used.any():
        kept = values[:, used]
        mean[used] = np.nanmean(kept, axis=0)
        sd[used] = np.nanstd(kept, axis=0)
        median[used] = np.nanmedian(kept, axis=0)
    reasons = tuple(
        None if ok else f"{count} rating(s), {min_raters} needed" for ok, count in zip(used, n, strict=True)
    )
    return ScaleSummary(mean, sd, median, n, reasons, "mean; standard deviation divided by n")
