"""Fusion as a recipe: centre the raters, weight them, say when they agree too little for a gold standard."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from affectory.agreement import pairwise_ccc, pairwise_pearson
from affectory.fusion.traces import FusedTrace, ewe, mean, mean_with_others, median
from affectory.results import FloatArray
from affectory.tables import Ratings, as_table
from affectory.vectors import mean_present

Centring = Literal["none", "mean", "weighted"]
Method = Literal["mean", "median", "ewe_correlation", "ewe_correlation_others", "ewe_ccc"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Steps of a fusion.

    Attributes
    ----------
    method : {"mean", "median", "ewe_correlation", "ewe_correlation_others", "ewe_ccc"}
    centring : {"none", "mean", "weighted"}
        Move each rater's mean to the mean of the raters' means, plain or weighted by mean CCC with the
        others.
    min_raters : int
        Samples with fewer raters are NaN.
    min_mean_ccc : float or None
        Below this mean pairwise CCC (of the traces as given) there is no reliable gold.
    """

    method: Method = "mean"
    centring: Centring = "none"
    min_raters: int = 1
    min_mean_ccc: float | None = None


#: The presets; AVEC's text is not at hand, so they follow its published description in outline.
RECIPES = MappingProxyType(
    {
        "mean": Recipe(),
        "median": Recipe("median"),
        "grimm_kroschel": Recipe("ewe_correlation"),
        "muse": Recipe("ewe_ccc"),
        "avec": Recipe("mean", "weighted"),
        "avec_ewe": Recipe("ewe_ccc", "weighted"),
    }
)

_METHODS: dict[Method, Callable[[FloatArray, int], FusedTrace]] = {
    "mean": lambda traces, least: mean(traces, min_raters=least),
    "median": lambda traces, least: median(traces, min_raters=least),
    "ewe_correlation": lambda traces, least: ewe(traces, weights="correlation", min_raters=least),
    "ewe_correlation_others": lambda traces, least: ewe(
        traces, weights="correlation_others", min_raters=least
    ),
    "ewe_ccc": lambda traces, least: ewe(traces, weights="ccc", min_raters=least),
}


def centre(traces: Ratings, *, mode: Centring) -> tuple[FloatArray, FloatArray]:
    """Take differences of level between raters away.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        NaN is missing.
    mode : {"none", "mean", "weighted"}
        As in `Recipe`. "weighted" without any positive weight is "mean".

    Returns
    -------
    centred : ndarray, shape (raters, samples)
        In the unit of the traces; NaN stays NaN.
    offsets : ndarray, shape (raters,)
        What was added to each rater; NaN for one without samples.

    References
    ----------
    Ringeval et al. (2015), AV+EC 2015: the first affect recognition challenge bridging across audio, video
    and physiological data, AVEC (centring on the raters who agree).

    Examples
    --------
    >>> centre([[0.0, 1.0], [2.0, 3.0]], mode="mean")[0]
    array([[1., 2.],
           [1., 2.]])
    """
    values = as_table(traces).persons("centre")
    if mode not in {"none", "mean", "weighted"}:
        raise ValueError(f"mode: {mode!r} is none of none, mean, weighted")
    level = mean_present(values.T)
    known = ~np.isnan(level)
    if mode == "none" or not known.any():
        return values, np.where(known, 0.0, np.nan)
    weights = np.ones(len(values))
    if mode == "weighted":
        scores = mean_with_others(pairwise_ccc(values).value)
        positive = np.where(scores > 0, scores, 0.0)
        weights = positive if positive.sum() > 0 else weights
    offsets = np.average(level[known], weights=weights[known]) - level
    return values + offsets[:, None], offsets


def fuse(traces: Ratings, recipe: Recipe) -> FusedTrace:
    """Fuse traces by a recipe.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing.
    recipe : Recipe
        What to do; `RECIPES` has presets.

    Returns
    -------
    FusedTrace
        All values NaN, with "no reliable gold" in `reason`, where the recipe's criterion is not met;
        dispersion and numbers of raters are given all the same.

    References
    ----------
    Grimm & Kroschel (2005), ASRU, 381-385 ("grimm_kroschel"); Stappen et al. (2021), MuSe-Toolbox ("muse");
    Ringeval et al. (2015), AVEC ("avec").

    Examples
    --------
    >>> fuse([[0, 1, 2], [2, 1, 0]], Recipe(min_mean_ccc=0.2)).reason
    'no reliable gold: mean pairwise CCC -1 is below 0.2'
    """
    values = as_table(traces).persons("fuse")
    centred, _ = centre(values, mode=recipe.centring)
    fused = _METHODS[recipe.method](centred, recipe.min_raters)
    agreed = pairwise_ccc(values).mean
    named = replace(
        fused,
        convention=f"{fused.convention}; centring: {recipe.centring}",
        details={**fused.details, "mean_pairwise_ccc": agreed.value, "min_mean_ccc": recipe.min_mean_ccc},
    )
    failing = _criterion(agreed.value, recipe.min_mean_ccc)
    if failing is None:
        return named
    return replace(named, values=np.full_like(named.values, np.nan), reason=failing)


def consistency_order(traces: Ratings, *, measure: Literal["ccc", "pearson"] = "ccc") -> tuple[int, ...]:
    """Order raters by their mean agreement with the others, best first; nobody is dropped.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        NaN is missing.
    measure : {"ccc", "pearson"}
        Agreement of a pair: level and shape, or shape alone.

    Returns
    -------
    tuple of int
        Rows; raters without a defined agreement come last.

    Examples
    --------
    >>> consistency_order([[0, 1, 2], [2, 1, 0], [0, 1, 3]])
    (2, 0, 1)
    """
    pairs = pairwise_ccc(traces) if measure == "ccc" else pairwise_pearson(traces)
    scores = mean_with_others(pairs.value)
    return tuple(int(row) for row in np.argsort(np.where(np.isnan(scores), np.inf, -scores), kind="stable"))


def _criterion(agreed: float | None, at_least: float | None) -> str | None:
    if at_least is None:
        return None
    if agreed is None:
        return "no reliable gold: pairwise CCC is undefined"
    if agreed < at_least:
        return f"no reliable gold: mean pairwise CCC {agreed:.3g} is below {at_least:g}"
    return None
