"""Votes for categories, and how much credit a near miss gets."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from affectory.coding import Category
from affectory.results import FloatArray, IntArray
from affectory.tables import Ratings, RatingTable

Weights = Literal["linear", "quadratic", "ordinal"]
CERTAIN_CHANCE = "agreement by chance is certain (one category only): 0/0"
NO_PAIR = "no unit has two ratings"


def rated_table(
    ratings: Ratings, categories: Sequence[Category] | None = None, *, weights: Weights | None = None
) -> RatingTable:
    """Give the table, or say that weights need to know the order of its words."""
    if isinstance(ratings, RatingTable):
        if categories is not None:
            raise ValueError("categories: the RatingTable has its own; give them to its from_ method")
        table = ratings
    else:
        table = RatingTable.from_dense(ratings, categories=categories)
    check_weights(weights)
    if weights is not None:
        table.need_order(f"weights: {weights}")
    return table


def check_weights(weights: Weights | None) -> None:
    """Refuse weights that do not exist."""
    if weights not in {None, "linear", "quadratic", "ordinal"}:
        raise ValueError(f"weights: {weights!r} is none of None, linear, quadratic, ordinal")


def credit_of(n_categories: int, weights: Weights | None) -> FloatArray:
    """Credit of each pair of categories, 1 on the diagonal, 0 for the two that are farthest apart."""
    steps = np.abs(np.subtract.outer(np.arange(n_categories), np.arange(n_categories))).astype(np.float64)
    apart = {
        None: (steps > 0).astype(np.float64),
        "linear": steps,
        "quadratic": steps**2,
        "ordinal": steps * (steps + 1) / 2,
    }[weights]
    return np.asarray(1 - apart / max(float(apart.max(initial=0)), 1.0))


def agreement_of_units(counts: IntArray, credit: FloatArray) -> FloatArray:
    """Mean credit over the pairs of votes of each unit, shape (units,); every unit has two votes or more."""
    n = counts.sum(axis=1)
    return np.asarray((counts * (counts @ credit - 1)).sum(axis=1) / (n * (n - 1)))


def votes_of(table: RatingTable) -> tuple[IntArray, int]:
    """Votes of shape (units, categories), and how many raters gave them."""
    counts, _ = table.votes()
    if table.counts is not None:
        return counts, int(counts.sum(axis=1).max(initial=0))
    return counts, int((~np.isnan(table.dense())).any(axis=1).sum())


def codes_of(table: RatingTable) -> tuple[FloatArray, int]:
    """Positions of the categories, shape (raters, units), and how many categories there are."""
    dense = table.dense()
    if table.has_words and table.categories is not None:
        return dense, len(table.categories)
    levels = table.levels
    known = np.unique(dense[~np.isnan(dense)] if levels is None else levels)
    if not known.size:
        return dense, 0
    found: npt.NDArray[np.integer] = np.minimum(np.searchsorted(known, dense), known.size - 1)
    return np.where(np.isnan(dense), np.nan, found), int(known.size)
