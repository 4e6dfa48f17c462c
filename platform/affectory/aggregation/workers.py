"""Labels from votes of raters who err in their own ways: Dawid-Skene, one-coin, MACE.

With few votes per rater these can be worse than the plain majority: report both, and the items on which
they differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from affectory.aggregation.rows import Votes, vote_rows
from affectory.results import BoolArray, FloatArray, IntArray

TINY = 1e-300
FAINT = 1e-200
BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class WorkerModel:
    """Labels and what was learned about raters.

    Attributes
    ----------
    labels : mapping of item to label or None
        The most probable class; None when two are equally probable, and `reasons` names them.
    posterior : ndarray, shape (items, classes)
        Probability of each class, rows in the order of `items`; sums to 1.
    class_marginals : ndarray, shape (classes,)
        Estimated share of each class.
    error_rates : ndarray, shape (raters, classes, classes), or None
        Probability of each answer (last axis) given the true class; NaN where a rater never met the class.
    accuracy : ndarray, shape (raters,)
        Probability of a right answer, over the estimated classes.
    log_likelihood : float
        Of the votes, natural logarithm.
    iterations : int
    converged : bool
    items, raters, classes : tuple
    convention : str
    reasons : mapping of item to str
        Why an item has no label, for every such item.
    """

    labels: Mapping[Any, Any]
    posterior: FloatArray
    class_marginals: FloatArray
    error_rates: FloatArray | None
    accuracy: FloatArray
    log_likelihood: float
    iterations: int
    converged: bool
    items: tuple[Any, ...]
    raters: tuple[Any, ...]
    classes: tuple[Any, ...]
    convention: str
    reasons: Mapping[Any, str]


def dawid_skene(
    table: Votes, *, max_iter: int = 200, tol: float = 1e-8, pseudo_count: float = 0.0
) -> WorkerModel:
    """Dawid and Skene's model: each rater has a confusion matrix of their own.

    Parameters
    ----------
    table : RatingTable, DataFrame or iterable of (item, rater, label)
        One row per vote, nothing missing; a rater may vote on an item more than once. A DataFrame has columns
        of these names (unit and value will do), or three columns in this order. A RatingTable knows its raters
        (no slots or counts) and is of shape (raters, items), NaN is missing.
    max_iter : int
    tol : float
        Stop when the log-likelihood per vote rises by less.
    pseudo_count : float
        Added to every cell of the confusion counts; 0 is maximum likelihood.

    Returns
    -------
    WorkerModel

    Notes
    -----
    Expectation maximisation from the vote shares, so the same votes always give the same answer.

    References
    ----------
    Dawid & Skene (1979), Applied Statistics 28, 20-28.

    Examples
    --------
    >>> votes = [(1, "a", "x"), (1, "b", "x"), (1, "c", "y"), (2, "a", "y"), (2, "b", "y"), (2, "c", "x")]
    >>> dawid_skene(votes).labels
    {1: 'x', 2: 'y'}
    """
    if pseudo_count < 0:
        raise ValueError(f"pseudo_count: 0 or more, not {pseudo_count}")
    votes = _Votes.of(table, "dawid_skene")
    n_raters, n_classes = len(votes.raters), len(votes.classes)
    answers = votes.answers()
    given = answers.T
    posterior = votes.shares()

    def maximise(posterior: FloatArray) -> FloatArray:
        counts = np.asarray(given @ posterior).reshape(n_raters, n_classes, n_classes) + pseudo_count
        met = counts.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(counts, met, out=np.zeros_like(counts), where=met > 0))

    def expect(rates: FloatArray) -> FloatArray:
        logs = np.log(np.maximum(rates, TINY)).reshape(n_raters * n_classes, n_classes)
        return np.asarray(answers @ logs)

    state = _iterate(posterior, maximise, expect, votes.rater.size, max_iter=max_iter, tol=tol)
    rates = maximise(state.posterior).transpose(0, 2, 1)
    unmet = rates.sum(axis=2, keepdims=True) == 0
    right = np.einsum("rkk,k->r", rates, state.marginals)
    return votes.model(
        state,
        error_rates=np.where(unmet, np.nan, rates),
        accuracy=right,
        convention=f"Dawid-Skene, EM from vote shares, pseudo-count {pseudo_count:g}",
    )


def one_coin(table: Votes, *, max_iter: int = 200, tol: float = 1e-8) -> WorkerModel:
    """One-coin model: each rater is right with one probability, and errs evenly.

    Parameters
    ----------
    table : RatingTable, DataFrame or iterable of (item, rater, label)
        As in `dawid_skene`.
    max_iter : int
    tol : float
        Stop when the log-likelihood per vote rises by less.

    Returns
    -------
    WorkerModel
        Without `error_rates`. Suits raters with few votes better than a full confusion matrix.

    References
    ----------
    Zhang, Chen, Zhou & Jordan (2016), Journal of Machine Learning Research 17, section 4.

    Examples
    --------
    >>> votes = [(1, "a", "x"), (1, "b", "x"), (1, "c", "y"), (2, "a", "y"), (2, "b", "y"), (2, "c", "x")]
    >>> one_coin(votes).accuracy.round(2)
    array([1., 1., 0.])
    """
    votes = _Votes.of(table, "one_coin")
    n_others = max(len(votes.classes) - 1, 1)
    per_rater = np.bincount(votes.rater, minlength=len(votes.raters))
    given = votes.given()

    def maximise(posterior: FloatArray) -> FloatArray:
        right = posterior[votes.item, votes.label]
        return np.asarray(np.bincount(votes.rater, weights=right, minlength=len(votes.raters)) / per_rater)

    def expect(accuracy: FloatArray) -> FloatArray:
        wrong = np.log(np.maximum((1 - accuracy) / n_others, TINY))
        gain = np.log(np.maximum(accuracy, TINY)) - wrong
        base = np.bincount(votes.item, weights=wrong[votes.rater], minlength=len(votes.items))
        return np.asarray(base[:, None] + given(gain[votes.rater]))

    state = _iterate(votes.shares(), maximise, expect, votes.rater.size, max_iter=max_iter, tol=tol)
    return votes.model(
        state,
        error_rates=None,
        accuracy=maximise(state.posterior),
        convention="one-coin model, EM from vote shares",
    )


def mace(
    table: Votes,
    *,
    restarts: int = 10,
    max_iter: int = 100,
    tol: float = 1e-6,
    smoothing: float = 0.1,
    seed: int = 0,
) -> WorkerModel:
    """MACE: a rater either knows the answer or spams from a habit of their own.

    Parameters
    ----------
    table : RatingTable, DataFrame or iterable of (item, rater, label)
        As in `dawid_skene`.
    restarts : int
        Random starts beside the one from vote shares; the likeliest result is kept.
    max_iter : int
    tol : float
        Stop when the log-likelihood per vote rises by less.
    smoothing : float
        Added to each expected count before it becomes a probability. The authors' own program adds .01
        divided by the number of classes.
    seed : int

    Returns
    -------
    WorkerModel
        `accuracy` is the probability that the rater does not spam. Class shares are held equal, as in the
        paper.

    References
    ----------
    Hovy, Berg-Kirkpatrick, Vaswani & Hovy (2013), Learning whom to trust with MACE, NAACL.

    Examples
    --------
    >>> votes = [(i, r, "xy"[i % 2]) for i in range(6) for r in "ab"] + [(i, "spam", "x") for i in range(6)]
    >>> found = mace(votes, restarts=2)
    >>> found.labels[1], bool(found.accuracy[2] < found.accuracy[0])
    ('y', True)
    """
    if not smoothing > 0:
        raise ValueError(f"smoothing: above 0, not {smoothing}")
    votes = _Votes.of(table, "mace")
    rng = np.random.default_rng(seed)
    starts = [np.full(len(votes.raters), 0.8), *rng.uniform(0.2, 0.95, (restarts, len(votes.raters)))]
    found = [_mace_from(votes, start, smoothing, max_iter=max_iter, tol=tol) for start in starts]
    state, trust = max(found, key=lambda one: one[0].log_likelihood)
    return votes.model(
        state,
        error_rates=None,
        accuracy=trust,
        convention=f"MACE, EM, {restarts} random restarts, smoothed by {smoothing:g} of a vote, seed {seed}",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    posterior: FloatArray
    marginals: FloatArray
    log_likelihood: float
    iterations: int
    converged: bool


def _iterate(
    posterior: FloatArray,
    maximise: Callable[[FloatArray], FloatArray],
    expect: Callable[[FloatArray], FloatArray],
    n_votes: int,
    *,
    max_iter: int,
    tol: float,
) -> _State:
    """Alternate the two steps until the likelihood stands still."""
    before, converged, iterations = -np.inf, False, 0
    marginals, likelihood = np.einsum("ik->k", posterior) / len(posterior), before
    for _ in range(max_iter):
        iterations += 1
        posterior = expect(maximise(posterior))
        marginals, likelihood = _normalise(posterior, np.log(np.maximum(marginals, TINY)))
        converged = likelihood - before < tol * n_votes
        if converged:
            break
        before = likelihood
    return _State(posterior, marginals, likelihood, iterations, converged)


def _normalise(evidence: FloatArray, prior: FloatArray) -> tuple[FloatArray, float]:
    """Turn log-evidence (items, classes) and log-priors into posteriors, in place.

    Gives the mean posterior of each class and the log-likelihood. Block by block and with a class per row, so
    that every step runs along memory that the processor has in its cache.
    """
    shares, likelihood = np.zeros(prior.size), 0.0
    for start in range(0, len(evidence), BLOCK):
        block = evidence[start : start + BLOCK].T
        chances, total, peak = _chances(np.add(block, prior[:, None], order="C"))
        weight = 1 / total
        np.multiply(chances, weight, out=block)
        shares += np.einsum("ki,i->k", chances, weight)
        likelihood += float(np.log(total).sum() + peak.sum())
    return shares / len(evidence), likelihood


def _chances(logs: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Exponentials of logs (classes, items), their sums per item, and the logs taken out of each before.

    Logs of chances are not above 0, so a peak is taken out only where all classes of an item would vanish.
    """
    chances = np.exp(logs)
    total = chances.sum(axis=0)
    if total.min() > FAINT:
        return chances, total, np.zeros(1)
    peak = logs.max(axis=0)
    np.exp(logs - peak, out=chances)
    return chances, chances.sum(axis=0), peak


def _mace_from(
    votes: "_Votes", trust: FloatArray, smoothing: float, *, max_iter: int, tol: float
) -> tuple[_State, FloatArray]:
    n_raters, n_classes = len(votes.raters), len(votes.classes)
    habit = np.full((n_raters, n_classes), 1 / n_classes)
    given = votes.given()
    before, likelihood, converged, iterations = -np.inf, -np.inf, False, 0
    posterior, even = votes.shares(), np.full(n_classes, -np.log(n_classes))
    for _ in range(max_iter):
        iterations += 1
        spam = (1 - trust[votes.rater]) * habit[votes.rater, votes.label]
        right = trust[votes.rater] + spam
        base = np.bincount(votes.item, weights=np.log(np.maximum(spam, TINY)), minlength=len(votes.items))
        gain = np.log(np.maximum(right, TINY)) - np.log(np.maximum(spam, TINY))
        posterior = base[:, None] + given(gain)
        _, likelihood = _normalise(posterior, even)
        converged = likelihood - before < tol * votes.rater.size
        if converged:
            break
        before = likelihood
        matched = posterior[votes.item, votes.label]
        knew = matched * trust[votes.rater] / np.maximum(right, TINY)
        knowing = np.bincount(votes.rater, weights=knew, minlength=n_raters) + smoothing
        spamming = np.bincount(votes.rater, weights=1 - knew, minlength=n_raters) + smoothing
        trust = knowing / (knowing + spamming)
        cells = votes.rater * n_classes + votes.label
        tally = np.bincount(cells, weights=1 - knew, minlength=n_raters * n_classes) + smoothing
        habit = tally.reshape(n_raters, n_classes) / tally.reshape(n_raters, n_classes).sum(
            axis=1, keepdims=True
        )
    state = _State(posterior, posterior.mean(axis=0), likelihood, iterations, converged)
    return state, trust


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    item: IntArray
    rater: IntArray
    label: IntArray
    items: tuple[Any, ...]
    raters: tuple[Any, ...]
    classes: tuple[Any, ...]

    @classmethod
    def of(cls, table: Votes, model: str) -> "_Votes":
        rows = vote_rows(table, model)
        item, items = pd.factorize(rows["item"])
        rater, raters = pd.factorize(rows["rater"])
        label, classes = pd.factorize(rows["label"], sort=True)
        return cls(
            item,
            rater,
            label,
            tuple(items.tolist()),
            tuple(raters.tolist()),
            tuple(classes.tolist()),
        )

    def answers(self) -> sparse.csr_array:
        """How often each item got each (rater, label), as a sparse matrix."""
        shape = (len(self.items), len(self.raters) * len(self.classes))
        answer = self.rater * len(self.classes) + self.label
        # Narrow indices are read faster, twice per iteration; products need neither order nor uniqueness.
        cells = (self.item.astype(np.int32), answer.astype(np.int32))
        given = sparse.coo_array((np.ones(self.item.size), cells), shape=shape)
        given.has_canonical_format = True
        return given.tocsr()

    def given(self) -> Callable[[FloatArray], FloatArray]:
        """Make the function that adds a number per vote to the cell (item, label) of that vote."""
        shape = (len(self.items), len(self.classes))
        cell = self.item * len(self.classes) + self.label

        def spread(per_vote: FloatArray) -> FloatArray:
            flat = np.bincount(cell, weights=per_vote, minlength=shape[0] * shape[1])
            return np.asarray(flat.reshape(shape))

        return spread

    def shares(self) -> FloatArray:
        """Vote shares of each item."""
        counts = self.given()(np.ones(self.item.size))
        return np.asarray(counts / np.bincount(self.item)[:, None])

    def model(
        self, state: _State, *, error_rates: FloatArray | None, accuracy: FloatArray, convention: str
    ) -> WorkerModel:
        """Put names to the numbers."""
        by_class = np.ascontiguousarray(state.posterior.T)
        likely = by_class >= by_class.max(axis=0) - 1e-12
        tied = likely.sum(axis=0) > 1
        best = np.where(tied, len(self.classes), likely.T.argmax(axis=1))
        names = (*self.classes, None)
        return WorkerModel(
            labels=dict(zip(self.items, [names[which] for which in best.tolist()], strict=True)),
            reasons={self.items[at]: self._tie(likely[:, at]) for at in np.flatnonzero(tied)},
            posterior=state.posterior,
            class_marginals=state.marginals,
            error_rates=error_rates,
            accuracy=accuracy,
            log_likelihood=state.log_likelihood,
            iterations=state.iterations,
            converged=state.converged,
            items=self.items,
            raters=self.raters,
            classes=self.classes,
            convention=convention,
        )

    def _tie(self, best: BoolArray) -> str:
        named = ", ".join(str(self.classes[at]) for at in np.flatnonzero(best))
        return f"equally probable: {named}"
