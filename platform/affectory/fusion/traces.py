"""Several raters' traces of one signal into one, with dispersion and number of raters per sample."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from affectory.agreement import ccc, pairwise_ccc, pearson
from affectory.blocks import per_column
from affectory.fusion import samples
from affectory.results import Fact, FloatArray, IntArray
from affectory.tables import Ratings, as_table
from affectory.vectors import mean_present

EweWeights = Literal["correlation", "correlation_others", "ccc"]
NO_WEIGHT = "no rater agrees with the others (no weight above 0); values are the unweighted mean"


@dataclass(frozen=True, slots=True, eq=False)
class FusedTrace:
    """One trace made from several.

    Attributes
    ----------
    values : ndarray, shape (samples,)
        In the unit of the traces; NaN where fewer than `min_raters` raters have a value.
    sd : ndarray, shape (samples,)
        Population standard deviation over the raters present, unweighted; NaN with fewer than two.
    n : ndarray of int, shape (samples,)
        Raters present.
    weights : ndarray, shape (raters,), or None
        Share of each rater, summing to 1; None where raters were not weighted.
    scores : ndarray, shape (raters,), or None
        The agreement from which weights were made, before cutting and normalising; NaN where undefined.
    convention : str
        How it was made.
    reason : str or None
        Why no sample has a value, or a remark that must travel with the values, such as a fallback.
    details : mapping
        Parameters.
    """

    values: FloatArray
    sd: FloatArray
    n: IntArray
    weights: FloatArray | None
    scores: FloatArray | None
    convention: str
    reason: str | None = None
    details: Mapping[str, Fact] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            The attributes by name; None where a number is missing.

        Examples
        --------
        >>> mean([[0.0, 1.0, np.nan], [1.0, 1.0, np.nan]]).as_dict()["values"]
        [0.5, 1.0, None]
        """
        return {
            "values": nullable(self.values),
            "sd": nullable(self.sd),
            "n": self.n.tolist(),
            "weights": None if self.weights is None else nullable(self.weights),
            "scores": None if self.scores is None else nullable(self.scores),
            "convention": self.convention,
            "reason": self.reason,
            "details": dict(self.details),
        }


def nullable(values: FloatArray) -> list[float | None]:
    """Give a list with None for NaN."""
    return [None if np.isnan(value) else float(value) for value in values]


def mean(traces: Ratings, *, min_raters: int = 1) -> FusedTrace:
    """Mean over the raters present at each sample.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing.
    min_raters : int
        Samples with fewer raters are NaN.

    Returns
    -------
    FusedTrace

    Examples
    --------
    >>> mean([[0.0, 1.0, None], [0.5, None, None]]).values
    array([0.25, 1.  ,  nan])
    """
    values = _traces(traces, min_raters)
    return _unweighted(values, mean_present(values), "mean", min_raters)


def median(traces: Ratings, *, min_raters: int = 1) -> FusedTrace:
    """Median over the raters present at each sample.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing.
    min_raters : int
        Samples with fewer raters are NaN.

    Returns
    -------
    FusedTrace

    Examples
    --------
    >>> median([[0.0, 1.0], [0.1, 3.0], [0.9, None]]).values
    array([0.1, 2. ])
    """
    values = _traces(traces, min_raters)
    return _unweighted(values, per_column(samples.median, values), "median", min_raters)


def trimmed(traces: Ratings, *, share: float = 0.2, min_raters: int = 1) -> FusedTrace:
    """Mean without the lowest and highest raters at each sample.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing.
    share : float
        Share of the raters present that is cut at *each* end, rounded down; at least 0, below 0.5.
    min_raters : int
        Samples with fewer raters are NaN.

    Returns
    -------
    FusedTrace

    Examples
    --------
    >>> trimmed([[0.0], [1.0], [2.0], [3.0], [90.0]]).values
    array([2.])
    """
    if not 0 <= share < 0.5:
        raise ValueError(f"share: 0 or more and below 0.5 at each end, not {share}")
    values = _traces(traces, min_raters)
    fused = per_column(partial(samples.trimmed, share=share), values)
    return _unweighted(values, fused, f"mean trimmed by {share:g} at each end", min_raters)


def ewe(traces: Ratings, *, weights: EweWeights = "correlation", min_raters: int = 1) -> FusedTrace:
    """Evaluator-weighted estimator: a mean weighted by how far each rater agrees with the others.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing.
    weights : {"correlation", "correlation_others", "ccc"}
        "correlation": Pearson's r with the mean of all raters, the rater included (Grimm & Kroschel 2005).
        "correlation_others": r with the mean of the other raters. "ccc": mean Lin CCC (moments divided by
        n) with the others. Negative and undefined scores weigh 0; weights are then scaled to sum 1.
    min_raters : int
        Samples with fewer raters are NaN, and so are samples where only raters of weight 0 are present.

    Returns
    -------
    FusedTrace
        When no score is above 0 there are no weights (None), `values` is the mean and `reason` says so.

    References
    ----------
    Grimm & Kroschel (2005), Evaluation of natural emotions using self assessment manikins, ASRU, 381-385;
    Stappen et al. (2021), MuSe-Toolbox (the "ccc" weights).

    Examples
    --------
    >>> fused = ewe([[0.0, 0.5, 1.0], [0.2, 0.5, 0.8], [0.6, 0.5, 0.4]])
    >>> fused.weights.round(2), fused.values.round(2)
    (array([0.5, 0.5, 0. ]), array([0.1, 0.5, 0.9]))
    """
    values = _traces(traces, min_raters)
    scores = _scores(values, weights)
    positive = np.where(scores > 0, scores, 0.0)
    convention = f"evaluator-weighted estimator, weights: {weights}"
    if positive.sum() <= 0:
        fallback = _unweighted(values, mean_present(values), convention, min_raters)
        return replace(fallback, scores=scores, reason=fallback.reason or NO_WEIGHT)
    shares = positive / positive.sum()
    fused = per_column(partial(samples.weighted, shares=shares), values)
    return replace(_unweighted(values, fused, convention, min_raters), weights=shares, scores=scores)


def _traces(traces: Ratings, min_raters: int) -> FloatArray:
    if min_raters < 1:
        raise ValueError(f"min_raters: at least 1, not {min_raters}")
    values = as_table(traces).persons("fusion")
    if values.size == 0:
        raise ValueError(f"traces: nothing to fuse in shape {values.shape}")
    return values


def _unweighted(values: FloatArray, fused: FloatArray, convention: str, min_raters: int) -> FusedTrace:
    n = (~np.isnan(values)).sum(axis=0)
    sd = np.where(n >= 2, per_column(samples.deviation, values), np.nan)
    kept = np.where(n >= min_raters, fused, np.nan)
    return FusedTrace(
        values=kept,
        sd=sd,
        n=n,
        weights=None,
        scores=None,
        convention=convention,
        reason=_why_nothing(int(n.max()), min_raters) if np.isnan(kept).all() else None,
        details={"min_raters": min_raters, "sd": "population, unweighted, over raters present"},
    )


def _why_nothing(most: int, min_raters: int) -> str:
    if most == 0:
        return "no rater has a value at any sample"
    if most < min_raters:
        return f"no sample has {min_raters} raters; the most that one has is {most}"
    return "no sample with enough raters has one of weight above 0"


def _scores(values: FloatArray, weights: EweWeights) -> FloatArray:
    raters = range(len(values))
    if weights == "correlation":
        middle = mean_present(values)
        return np.array([_number(pearson(row, middle).value) for row in values])
    if weights == "correlation_others":
        return np.array(
            [_number(pearson(values[rater], mean_of_others(values, rater)).value) for rater in raters]
        )
    if weights == "ccc":
        return mean_with_others(pairwise_ccc(values).value)
    raise ValueError(f"weights: {weights!r} is none of correlation, correlation_others, ccc")


def mean_of_others(values: FloatArray, rater: int) -> FloatArray:
    """Mean of all rows but one over what is there, per column; NaN where nothing is."""
    return per_column(lambda block: mean_present(np.delete(block, rater, axis=0)), values)


def mean_with_others(matrix: FloatArray) -> FloatArray:
    """Mean of each row without its diagonal and without NaN; NaN where nothing is left."""
    off = np.where(np.eye(len(matrix), dtype=bool), np.nan, matrix)
    return mean_present(off.T)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def concordance_with(trace: FusedTrace, traces: Ratings) -> list[float | None]:
    """Lin's CCC of each rater with a fused trace, over the samples both have.

    Parameters
    ----------
    trace : FusedTrace
        The gold.
    traces : RatingTable or array_like, shape (raters, samples)
        On the time base of the gold; NaN is missing.

    Returns
    -------
    list of float or None
        One number per rater; None where undefined.

    References
    ----------
    Lin (1989), Biometrics 45, 255-268.

    Examples
    --------
    >>> both = [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]
    >>> concordance_with(mean(both), both)
    [1.0, 1.0]
    """
    return [ccc(row, trace.values).value for row in as_table(traces).persons("concordance_with")]
