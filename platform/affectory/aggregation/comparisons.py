"""Scores from comparisons: best-worst counting and the Bradley-Terry model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csgraph

from affectory.results import FloatArray

Answer = Mapping[str, Any]


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
    wins: npt.ArrayLike, *, prior: float = 0.0, max_iter: int = 10_000, tol: float = 1e-12
) -> BradleyTerry:
    """Strengths by maximum likelihood from a table of wins.

    Parameters
    ----------
    wins : array_like, shape (things, things)
        How often the row beat the column; the diagonal is not looked at.
    prior : float
        Wins and losses added between every two things. Above 0 it makes every table solvable, and shrinks
        strengths towards each other.
    max_iter : int
    tol : float
        Stop when no log-strength moves further than this.

    Returns
    -------
    BradleyTerry
        Without strengths, and with the reason, when some things never lost to (or never met) the others: the
        likelihood then has no maximum.

    References
    ----------
    Bradley & Terry (1952), Biometrika 39, 324-345; Hunter (2004), Annals of Statistics 32, 384-406 (MM
    algorithm).

    Examples
    --------
    >>> bradley_terry([[0, 3], [1, 0]]).share
    array([0.75, 0.25])
    """
    table = _wins(wins, prior)
    convention = f"Bradley-Terry, MM algorithm, prior {prior:g}"
    unknown = np.full(len(table), np.nan)
    parts, part = csgraph.connected_components(table > 0, directed=True, connection="strong")
    if parts > 1:
        why = f"{parts} sets of things between which nobody won both ways (first: {_first_part(part)})"
        return BradleyTerry(unknown, unknown, 0, converged=False, convention=convention, reason=why)
    met, won = table + table.T, table.sum(axis=1)
    strength, converged, iterations = np.ones(len(table)), len(table) < 2, 0
    for _ in range(max_iter):
        iterations += 1
        fresh = won / np.maximum((met / (strength[:, None] + strength)).sum(axis=1), 1e-300)
        fresh /= np.exp(np.log(fresh).mean()) if len(table) > 1 else fresh
        converged = bool(np.abs(np.log(fresh / strength)).max() < tol)
        strength = fresh
        if converged:
            break
    return BradleyTerry(strength, strength / strength.sum(), iterations, converged, convention)


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
