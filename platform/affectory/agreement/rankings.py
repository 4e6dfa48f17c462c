"""Agreement of rankings: how alike raters order the things they were shown together."""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

from affectory.agreement.clusters import mean_over_units
from affectory.agreement.ranks import kendall, spearman
from affectory.agreement.resampling import Bootstrap
from affectory.results import Basis, Measurement

CORRELATIONS = {"kendall": kendall, "spearman": spearman}


def ranking_agreement(
    rankings: Sequence[npt.ArrayLike],
    *,
    correlation: Literal["kendall", "spearman"] = "kendall",
    ci: float | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Measurement:
    """Mean rank correlation over all pairs of raters who ranked the same things, over all sets of things.

    Parameters
    ----------
    rankings : sequence of array_like, each of shape (raters, things)
        One table per set of things, with each rater's ranks (1: first; equal numbers: a tie).
    correlation : {"kendall", "spearman"}
        Kendall's tau-b or Spearman's rho, both with ties.
    ci, draws, seed : float, int, int, optional
        Confidence level of a percentile bootstrap over sets of things (None: no interval), its draws and their seed.

    Returns
    -------
    Measurement
        Between -1 and 1. Units are sets of things; each counts the same, whatever its number of raters. Pairs with
        a ranking that is one big tie have no correlation and are left out (counted in `details`).

    References
    ----------
    Kendall & Gibbons (1990), Rank correlation methods, chapter 6 (mean of all pairs).

    Examples
    --------
    >>> round(ranking_agreement([[[1, 2, 3], [1, 2, 3], [1, 3, 2]]]).value, 3)
    0.556
    """
    if correlation not in CORRELATIONS:
        raise ValueError(f"correlation: {correlation!r} is neither kendall nor spearman")
    tables = [np.asarray(ranks, dtype=np.float64) for ranks in rankings]
    for table in tables:
        if table.ndim != 2:
            raise ValueError(f"rankings: each table is (raters, things), not of shape {table.shape}")
    pairs = [[_of(one, other, correlation) for one, other in combinations(table, 2)] for table in tables]
    means = [
        float(np.mean(known)) for found in pairs if (known := [value for value in found if value is not None])
    ]
    name = "Kendall tau-b" if correlation == "kendall" else "Spearman rho"
    n_raters = max((len(table) for table in tables), default=0)
    basis = Basis(f"{name}, mean over pairs of raters", len(means), len(tables) - len(means), n_raters)
    facts = {"pairs": sum(map(len, pairs)), "pairs_undefined": sum(found.count(None) for found in pairs)}
    if not means:
        return basis.undefined("no two raters have ranked the same things without one big tie", details=facts)
    return mean_over_units(np.array(means), basis, Bootstrap.asked(ci, draws, seed), facts)


def _of(one: npt.ArrayLike, other: npt.ArrayLike, correlation: str) -> float | None:
    return CORRELATIONS[correlation](one, other).value
