"""Reliability of best-worst scores."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from affectory.aggregation.comparisons import best_worst_scores
from affectory.agreement.ranks import spearman
from affectory.results import Basis, Measurement


def best_worst_split_half(
    answers: Sequence[Mapping[str, Any]], *, draws: int = 100, seed: int = 0
) -> Measurement:
    """Split-half reliability of best-worst scores: how alike two halves of the answers order the things.

    Parameters
    ----------
    answers : sequence of mappings
        Each with "items" (what was shown), "best" and "worst". Answers to the same set of things are dealt to two
        halves; a tuple with one answer goes to either half by chance.
    draws, seed : int
        Random splits and their seed.

    Returns
    -------
    Measurement
        Mean over splits of Spearman's rho between the halves' scores, -1 to 1, not stepped up. Units are things.
        None when no split has two things in both halves whose scores vary.

    References
    ----------
    Kiritchenko & Mohammad (2017), Best-worst scaling more reliable than rating scales, ACL, section 5.

    Examples
    --------
    >>> said = {"items": ["a", "b", "c", "d"], "best": "a", "worst": "d"}
    >>> best_worst_split_half([said] * 4, draws=10).value
    1.0
    """
    if draws < 1:
        raise ValueError(f"draws: at least 1, not {draws}")
    whole = best_worst_scores(answers)
    tuples: dict[frozenset[Hashable], list[Mapping[str, Any]]] = defaultdict(list)
    for answer in answers:
        tuples[frozenset(answer["items"])].append(answer)
    rng = np.random.default_rng(seed)
    found = [rho for rho in (_one_split(list(tuples.values()), rng) for _ in range(draws)) if rho is not None]
    most = max(map(len, tuples.values()), default=0)
    convention = "best-worst split half over the answers of each tuple, Spearman rho"
    basis = Basis(convention, len(whole), 0, most)
    facts = {"draws": draws, "draws_dropped": draws - len(found), "seed": seed, "answers": len(answers)}
    if not found:
        return basis.undefined(
            "no split has two halves whose scores both vary over common things", details=facts
        )
    return basis.measured(
        float(np.mean(found)),
        reason="random halves say how far chance moves it, not how other tuples would",
        details={**facts, "sd_over_draws": float(np.std(found))},
    )


def _one_split(tuples: Sequence[Sequence[Mapping[str, Any]]], rng: np.random.Generator) -> float | None:
    halves: tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]] = ([], [])
    for answers in tuples:
        first = int(rng.integers(2))
        for place, index in enumerate(rng.permutation(len(answers))):
            halves[(first + place) % 2].append(answers[index])
    one, other = map(best_worst_scores, halves)
    common = sorted(one.keys() & other.keys(), key=str)
    return spearman([one[thing] for thing in common], [other[thing] for thing in common], decimals=9).value
