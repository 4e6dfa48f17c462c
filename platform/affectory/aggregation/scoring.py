"""Scores from published means and from questionnaires."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from affectory.results import FloatArray, IntArray

_NO_BANDS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class MergedMean:
    """Means of several groups of raters put together, weighted by their numbers.

    Attributes
    ----------
    mean, sd : ndarray, shape (units,)
        Population standard deviation of all ratings, when groups' deviations were given; NaN where unknown.
    n : ndarray of int, shape (units,)
    reasons, sd_reasons : tuple of str or None
        Why a unit has no mean, or no standard deviation.
    """

    mean: FloatArray
    sd: FloatArray
    n: IntArray
    reasons: tuple[str | None, ...]
    sd_reasons: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """How a form is scored.

    Attributes
    ----------
    low, high : float
        Ends of every item's scale.
    subscales : mapping of str to tuple of str
        Items of each subscale.
    reverse : frozenset of str
        Items whose answer is turned round (low + high - answer).
    use_mean : bool
        Score is the mean of the items instead of their sum.
    min_answered : float
        Share of a subscale's items that must be answered; a sum over fewer is scaled up to all items.
    bands : mapping of str to float
        Names of score bands with the lowest score of each, for all subscales.
    """

    low: float
    high: float
    subscales: Mapping[str, tuple[str, ...]]
    reverse: frozenset[str] = frozenset()
    use_mean: bool = False
    min_answered: float = 1.0
    bands: Mapping[str, float] = field(default_factory=lambda: _NO_BANDS)


@dataclass(frozen=True, slots=True)
class SubscaleScore:
    """Score of one subscale; None with a reason when too few items were answered."""

    score: float | None
    n_answered: int
    band: str | None
    reason: str | None = None


def merge_means(means: npt.ArrayLike, n: npt.ArrayLike, sds: npt.ArrayLike | None = None) -> MergedMean:
    """Merge groups' means as if all ratings had been pooled.

    Parameters
    ----------
    means : array_like, shape (groups, units)
        NaN where a group did not rate the unit.
    n : array_like of int, shape (groups, units)
        Raters behind each mean.
    sds : array_like, shape (groups, units), optional
        Population standard deviations within the groups; NaN is unknown.

    Returns
    -------
    MergedMean

    Notes
    -----
    EmoBank merges readers and writers so; the plain mean of the two differs by up to .32.

    Examples
    --------
    >>> merge_means([[2.0], [5.0]], [[2], [1]]).mean
    array([3.])
    """
    given, numbers = np.asarray(means, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if given.shape != numbers.shape or given.ndim != 2:
        raise ValueError(f"means {given.shape} and n {numbers.shape}: need one shape (groups, units)")
    if (numbers < 0).any() or np.isnan(numbers).any():
        raise ValueError("n: numbers of raters are 0 or more")
    weight = np.where(np.isnan(given), 0.0, numbers)
    total = weight.sum(axis=0)
    filled = np.where(np.isnan(given), 0.0, given)
    mean = np.divide((weight * filled).sum(axis=0), total, out=np.full(total.shape, np.nan), where=total > 0)
    sd = np.full(total.shape, np.nan)
    if sds is not None:
        inside = np.where(weight > 0, np.square(np.asarray(sds, dtype=np.float64)), 0.0)
        between = np.where(weight > 0, np.square(filled - mean), 0.0)
        variance = (weight * (inside + between)).sum(axis=0)
        sd = np.sqrt(np.divide(variance, total, out=np.full(total.shape, np.nan), where=total > 0))
    reasons = tuple(None if some else "no group rated the unit" for some in total > 0)
    why = "no standard deviations were given" if sds is None else "the deviation of a group is not known"
    sd_reasons = tuple(
        none or (why if unknown else None) for none, unknown in zip(reasons, np.isnan(sd), strict=True)
    )
    return MergedMean(mean, sd, total.astype(np.int64), reasons, sd_reasons)


def score_questionnaire(answers: Mapping[str, float | None], form: Questionnaire) -> dict[str, SubscaleScore]:
    """Score one person's answers.

    Parameters
    ----------
    answers : mapping of item to number or None
        None or NaN is unanswered.
    form : Questionnaire

    Returns
    -------
    dict of subscale to SubscaleScore

    Examples
    --------
    >>> calm = {"calm": ("a", "b")}
    >>> form = Questionnaire(1, 5, calm, reverse=frozenset({"b"}), bands={"low": 2, "high": 7})
    >>> score_questionnaire({"a": 4, "b": 1}, form)["calm"]
    SubscaleScore(score=9.0, n_answered=2, band='high', reason=None)
    """
    for item, answer in answers.items():
        if answer is not None and not np.isnan(answer) and not form.low <= answer <= form.high:
            raise ValueError(f"answers: {item}: {answer} lies outside {form.low:g} to {form.high:g}")
    return {name: _subscale(answers, items, form) for name, items in form.subscales.items()}


def _subscale(
    answers: Mapping[str, float | None], items: tuple[str, ...], form: Questionnaire
) -> SubscaleScore:
    given = [
        form.low + form.high - answer if item in form.reverse else answer
        for item in items
        if (answer := answers.get(item)) is not None and not np.isnan(answer)
    ]
    if not given or len(given) < form.min_answered * len(items) - 1e-9:
        needed = max(1, int(np.ceil(form.min_answered * len(items) - 1e-9)))
        return SubscaleScore(None, len(given), None, f"{len(given)} item(s) answered, {needed} needed")
    middle = float(np.mean(given))
    score = middle if form.use_mean else middle * len(items)
    reached = [(lowest, name) for name, lowest in form.bands.items() if score >= lowest]
    return SubscaleScore(score, len(given), max(reached)[1] if reached else None)
