"""Scores from comparisons: best-worst counting and the Bradley-Terry model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.sparse import csgraph

from affectory.results import FloatArray

Answer = Mapping[str, Any]
# Steps so small halve each time, until they are made of rounding.
NEAR = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class BradleyTerry:
    """Strengths of compared things.

    Attributes
    ----------
    strength : ndarray, shape (things,)
        Geometric mean 1; the chance that i beats j is p_i / (p_i + p_j). NaN where undefined.
    share : ndarray, shape (things,)
        The same scaled to sum 1.
    iterations : int
    converged : bool
    convention : str
    reason : str or None
        Why there are no strengths.
    """

    strength: FloatArray
    share: FloatArray
    iterations: int
    converged: bool
    convention: str
    reason: str | None = None


def best_worst_scores(tuples: Iterable[Answer]) -> dict[Any, float]:
    """Score things by how often they were chosen best and worst.

    Parameters
    ----------
    tuples : iterable of mappings
        Each with "items" (what was shown), "best" and "worst" (two of them).

    Returns
    -------
    dict of item to float
        (times best - times worst) / times shown, from -1 to 1.

    References
    ----------
    Kiritchenko & Mohammad (2017), Best-worst scaling more reliable than rating scales, ACL.

    Examples
    --------
    >>> best_worst_scores([{"items": ["a", "b", "c"], "best": "a", "worst": "c"}])
    {'a': 1.0, 'b': 0.0, 'c': -1.0}
    """
    shown: dict[Any, int] = {}
    balance: dict[Any, int] = {}
    for number, answer in enumerate(tuples):
        items = _checked(answer, number)
        for item in items:
            shown[item] = shown.get(item, 0) + 1
        balance[answer["best"]] = balance.get(answer["best"], 0) + 1
        balance[answer["worst"]] = balance.get(answer["worst"], 0) - 1
    return {item: balance.get(item, 0) / times for item, times in shown.items()}


def bradley_terry(
    wins: npt.ArrayLike, *, prior: float = 0.0, max_iter: int = 100, tol: float = 1e-12
) -> BradleyTerry:
    """Strengths by maximum likelihood from a table of wins.

    Parameters
    ----------
    wins : array_like, shape (things, things)
        How often the row beat the column, finite and 0 or more (nothing may be missing); the diagonal is not
        looked at.
    prior : float
        Wins and losses added between every two things. Above 0 it makes every table solvable, and shrinks
        strengths towards each other.
    max_iter : int
        Steps of Newton's method; few are needed.
    tol : float
        Stop when no log-strength moves further than this share of the largest, or by rounding only.

    Returns
    -------
    BradleyTerry
        Without strengths, and with the reason, for one thing alone, when some things never lost to (or never
        met) the others, as the likelihood then has no maximum, and when the steps do not come to rest.

    References
    ----------
    Bradley & Terry (1952), Biometrika 39, 324-345; Hunter (2004), Annals of Statistics 32, 384-406 (when there
    is a maximum; it is found here by Newton's method instead of his).

    Examples
    --------
    >>> bradley_terry([[0, 3], [1, 0]]).share
    array([0.75, 0.25])
    """
    table = _wins(wins, prior)
    convention = f"Bradley-Terry, maximum likelihood, prior {prior:g}"
    unknown = np.full(len(table), np.nan)
    why = _unsolvable(table)
    if why:
        return BradleyTerry(unknown, unknown, 0, converged=False, convention=convention, reason=why)
    log_strength, iterations, converged = _most_likely(table, max_iter=max_iter, tol=tol)
    if not converged:
        why = f"no maximum was found in {iterations} step(s)"
        return BradleyTerry(unknown, unknown, iterations, converged=False, convention=convention, reason=why)
    return BradleyTerry(
        np.exp(log_strength), special.softmax(log_strength), iterations, converged=True, convention=convention
    )


def _unsolvable(table: FloatArray) -> str | None:
    if len(table) < 2:
        return "one thing alone has nothing to be compared with"
    parts, part = csgraph.connected_components(table > 0, directed=True, connection="strong")
    if parts > 1:
        return f"{parts} sets of things between which nobody won both ways (first: {_first_part(part)})"
    return None


def _most_likely(table: FloatArray, *, max_iter: int, tol: float) -> tuple[FloatArray, int, bool]:
    """Log-strengths of mean 0, steps taken, and whether they came to rest."""
    at, before = np.zeros(len(table)), np.inf
    for step in range(1, max_iter + 1):
        chance = special.expit(at[:, None] - at)
        # What was won against the odds less what was lost against them: large counts do not cancel.
        gradient = (table * chance.T - table.T * chance).sum(axis=1)
        towards = _shortened(table, at, _direction((table + table.T) * chance * chance.T, gradient))
        at = at + towards
        at -= at.mean()
        moved = float(np.abs(towards).max()) / max(1.0, float(np.abs(at).max()))
        if moved <= tol or before / 2 < moved < NEAR:
            return at, step, True
        before = moved
    return at, max_iter, False


def _direction(curvature: FloatArray, gradient: FloatArray) -> FloatArray:
    """Newton's step with mean 0; adding one number to all log-strengths changes nothing."""
    hessian = np.diag(curvature.sum(axis=1)) - curvature
    level = np.trace(hessian) / len(hessian) ** 2
    found = np.linalg.solve(hessian + level, gradient)
    return np.asarray(found - found.mean())


def _shortened(table: FloatArray, at: FloatArray, towards: FloatArray) -> FloatArray:
    """The step, halved until it does not lead downhill, which far from the top it may."""
    before = _log_likelihood(table, at)
    for _ in range(60):
        # Near the top the likelihood changes by less than its rounding.
        if _log_likelihood(table, at + towards) >= before - 1e-13 * abs(before):
            break
        towards = towards / 2
    return towards


def _log_likelihood(table: FloatArray, at: FloatArray) -> float:
    return float((table * special.log_expit(at[:, None] - at)).sum())


def _checked(answer: Answer, number: int) -> Sequence[Any]:
    missing = [field for field in ("items", "best", "worst") if field not in answer]
    if missing:
        raise ValueError(f"tuples: answer {number} has no {', '.join(missing)}")
    items = answer["items"]
    if len(set(items)) != len(items):
        raise ValueError(f"tuples: answer {number} shows an item twice")
    if answer["best"] == answer["worst"] or not {answer["best"], answer["worst"]} <= set(items):
        raise ValueError(f"tuples: answer {number}: best and worst are two different shown items")
    return list(items)


def _wins(wins: npt.ArrayLike, prior: float) -> FloatArray:
    table = np.array(wins, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or table.size == 0:
        raise ValueError(f"wins: need a square table, not shape {table.shape}")
    if not (np.isfinite(table).all() and (table >= 0).all() and prior >= 0):
        raise ValueError("wins and prior are finite and not below 0")
    table += prior
    np.fill_diagonal(table, 0)
    return table


def _first_part(part: npt.NDArray[np.int32]) -> str:
    return ", ".join(str(thing) for thing in np.flatnonzero(part == part[0])[:5])
