"""Signs of careless answering in one rater's answers, in the order given. Observations, not verdicts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from affectory.agreement import pearson
from affectory.results import Basis, FloatArray, Measurement
from affectory.vectors import as_vector


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """Where a rater's answers begin to be different.

    Attributes
    ----------
    position : int or None
        First answer of the later part; None when there is no change to speak of.
    before, after : float or None
        Mean of the index in the two parts.
    p_value : float or None
        Share of random orders of the same values with a change at least as large.
    convention : str
    reason : str or None
    """

    position: int | None
    before: float | None
    after: float | None
    p_value: float | None
    convention: str
    reason: str | None = None


def longstring(answers: Sequence[Hashable | None]) -> Measurement:
    """Length of the longest run of one and the same answer.

    Parameters
    ----------
    answers : sequence
        In the order given; None, NaN or pandas' NA ends a run and counts as dropped.

    Returns
    -------
    Measurement
        1 or more; `details["share"]` relates it to all answers.

    References
    ----------
    Johnson (2005), Journal of Research in Personality 39, 103-129.

    Examples
    --------
    >>> longstring([1, 3, 3, 3, 2]).value
    3.0
    """
    longest, run, last = 0, 0, None
    known = [None if _missing(answer) else answer for answer in answers]
    for answer in known:
        run = 0 if answer is None else run + 1 if answer == last else 1
        longest, last = max(longest, run), answer
    n = sum(answer is not None for answer in known)
    basis = Basis("longest run of equal consecutive answers", n, len(known) - n, 1)
    if n == 0:
        return basis.undefined("no answers")
    return basis.measured(longest, details={"share": longest / n})


def straight_lining(answers: npt.ArrayLike) -> Measurement:
    """Share of items that got the same number on every dimension.

    Parameters
    ----------
    answers : array_like, shape (items, dimensions)
        Two dimensions or more; items with NaN in any are dropped.

    Returns
    -------
    Measurement
        0 to 1. `details["most_frequent_share"]` is the share of the most frequent such row (EmoBank drops
        rows that are 1 on all of valence, arousal and dominance).

    Examples
    --------
    >>> straight_lining([[1, 1, 1], [3, 4, 2], [1, 1, 1], [5, 5, 5]]).value
    0.75
    """
    given = np.asarray(answers, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] < 2:
        raise ValueError(f"answers: need rows of two dimensions or more, not shape {given.shape}")
    complete = given[~np.isnan(given).any(axis=1)]
    basis = Basis("items with one number on all dimensions", len(complete), len(given) - len(complete), 1)
    if len(complete) == 0:
        return basis.undefined("no complete item")
    straight = complete[(complete == complete[:, :1]).all(axis=1)]
    often = np.unique(straight[:, 0], return_counts=True)[1].max(initial=0)
    return basis.measured(
        len(straight) / len(complete), details={"most_frequent_share": float(often / len(complete))}
    )


def speeding(
    seconds: npt.ArrayLike, typical_s: npt.ArrayLike, *, share_of_typical: float = 0.3
) -> Measurement:
    """Share of answers given in less than a share of the typical time for the item.

    Parameters
    ----------
    seconds : array_like, shape (items,)
        Time this rater took; NaN is dropped.
    typical_s : array_like, shape (items,) or float
        What is typical: the median of the others, or the length of the medium.
    share_of_typical : float
        Above 0.

    Returns
    -------
    Measurement
        0 to 1; `details["median_ratio"]` is the rater's median of own by typical time.

    Examples
    --------
    >>> speeding([1.0, 10.0, 12.0, 2.0], 10.0).value
    0.5
    """
    if not share_of_typical > 0:
        raise ValueError(f"share_of_typical: above 0, not {share_of_typical}")
    own = as_vector("seconds", seconds)
    typical = np.broadcast_to(np.asarray(typical_s, dtype=np.float64), own.shape)
    known = ~np.isnan(own) & ~np.isnan(typical) & (typical > 0)
    basis = Basis(
        f"answers in less than {share_of_typical:g} of the typical time",
        int(known.sum()),
        int((~known).sum()),
        1,
    )
    if not known.any():
        return basis.undefined("no answer with a time and a typical time")
    ratio = own[known] / typical[known]
    return basis.measured(
        float((ratio < share_of_typical).mean()), details={"median_ratio": float(np.median(ratio))}
    )


def at_bounds(values: npt.ArrayLike, *, low: float, high: float) -> Measurement:
    """Share of values at either end of the scale.

    Parameters
    ----------
    values : array_like, shape (samples,)
        NaN is dropped.
    low, high : float
        Ends of the scale.

    Returns
    -------
    Measurement
        0 to 1; `details` has the two ends apart.

    Examples
    --------
    >>> at_bounds([-1, 0.2, 1, 1], low=-1, high=1).value
    0.75
    """
    if not high > low:
        raise ValueError(f"low {low} lies below high {high}")
    given = as_vector("values", values)
    known = given[~np.isnan(given)]
    basis = Basis(f"values at {low:g} or {high:g}", known.size, given.size - known.size, 1)
    if known.size == 0:
        return basis.undefined("no values")
    at_low, at_high = float((known <= low).mean()), float((known >= high).mean())
    return basis.measured(at_low + at_high, details={"low_share": at_low, "high_share": at_high})


def even_odd_consistency(answers: npt.ArrayLike, scales: Sequence[Hashable]) -> Measurement:
    """Within-person consistency: correlation of a person's even and odd item means over scales.

    Parameters
    ----------
    answers : array_like, shape (items,)
        Reverse-keyed items already turned round; NaN is missing.
    scales : sequence, shape (items,)
        The scale each item belongs to.

    Returns
    -------
    Measurement
        Pearson's r over scales, stepped up by Spearman-Brown where r is above 0; -1 to 1.

    References
    ----------
    Johnson (2005), Journal of Research in Personality 39, 103-129.

    Examples
    --------
    >>> found = even_odd_consistency([1, 1, 3, 3, 5, 4], ["a", "a", "b", "b", "c", "c"])
    >>> round(found.value, 3)
    0.991
    """
    given = as_vector("answers", answers)
    if len(scales) != given.size:
        raise ValueError(f"answers and scales differ in length: {given.size}, {len(scales)}")
    members: dict[Hashable, list[float]] = {}
    for scale, answer in zip(scales, given.tolist(), strict=True):
        members.setdefault(scale, []).append(answer)
    odd, even = (np.array([_mean(row[start::2]) for row in members.values()]) for start in (0, 1))
    found = pearson(odd, even)
    basis = Basis(
        "even-odd correlation over scales, Spearman-Brown", found.n_units_used, found.n_units_dropped, 1
    )
    if found.value is None:
        return basis.undefined(str(found.reason))
    stepped = 2 * found.value / (1 + found.value) if found.value > 0 else found.value
    return basis.measured(stepped, details={"r_halves": found.value})


def change_point(
    index: npt.ArrayLike, *, min_part: int = 5, permutations: int = 999, seed: int = 0
) -> ChangePoint:
    """Find the answer from which an index (speed, distance to gold, run length ...) has another mean.

    Parameters
    ----------
    index : array_like, shape (answers,)
        One number per answer, in the order given; NaN is left out.
    min_part : int
        Answers that each part must have.
    permutations, seed : int
        Random orders for the p-value.

    Returns
    -------
    ChangePoint

    Notes
    -----
    The single least-squares change of mean. A p-value is evidence against "no order in these numbers",
    nothing more.

    Examples
    --------
    >>> found = change_point([0, 1, 0, 1, 0, 1, 5, 6, 5, 6, 5, 6])
    >>> found.position, found.before, found.after
    (6, 0.5, 5.5)
    """
    if min_part < 1 or permutations < 1:
        raise ValueError(f"min_part {min_part} and permutations {permutations} are at least 1")
    given = as_vector("index", index)
    place = np.flatnonzero(~np.isnan(given))
    values = given[place]
    convention = (
        f"least-squares change of mean, parts of {min_part} or more, {permutations} permutations, seed {seed}"
    )
    if values.size < 2 * min_part or values.min() == values.max():
        why = "too few answers for two parts" if values.size < 2 * min_part else "the index never changes"
        return ChangePoint(None, None, None, None, convention, why)
    gains = _gains(values[None, :], min_part)[0]
    cut = int(np.argmax(gains)) + min_part
    orders = np.random.default_rng(seed).permuted(np.tile(values, (permutations, 1)), axis=1)
    beaten = int((_gains(orders, min_part).max(axis=1) >= gains.max() - 1e-12).sum())
    return ChangePoint(
        position=int(place[cut]),
        before=float(values[:cut].mean()),
        after=float(values[cut:].mean()),
        p_value=(beaten + 1) / (permutations + 1),
        convention=convention,
    )


def _missing(answer: Hashable | None) -> bool:
    return answer is None or (pd.api.types.is_scalar(answer) and bool(pd.isna(answer)))


def _mean(row: list[float]) -> float:
    known = [value for value in row if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


def _gains(values: FloatArray, min_part: int) -> FloatArray:
    """Sum of squares explained by a cut after each allowed answer, per row."""
    n = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    first = np.cumsum(centred, axis=1)[:, min_part - 1 : n - min_part]
    size = np.arange(min_part, n - min_part + 1)
    return np.asarray(np.square(first) * n / (size * (n - size)))
