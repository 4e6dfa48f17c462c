"""Ratings reduced to sums of packs of units, which a bootstrap may draw in place of single ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from affectory.agreement.disagreement import (
    IntervalSums,
    NameCounts,
    RankCounts,
    RankSums,
    Reduced,
    disagreement_of_sums,
)
from affectory.agreement.ratio import RatioCounts, relative_distance
from affectory.agreement.resampling import Bootstrap, Packs
from affectory.results import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class _IntervalPacks:
    """Sums over each pack of n, S, Q and (n Q - S^2)/(n-1); see `IntervalSums`."""

    n: IntArray
    s: FloatArray
    q: FloatArray
    within: FloatArray

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        weigh = np.ones(self.n.size) if weights is None else weights
        sums = (float(weigh @ each) for each in (self.n, self.s, self.q, self.within))
        return disagreement_of_sums(*sums)


@dataclass(frozen=True, slots=True, eq=False)
class _DistancePacks:
    """What is apart within the units of each pack, and how often it has each of few levels that are so far apart."""

    n: IntArray
    within: FloatArray
    counts: IntArray  # (levels, packs)
    apart: FloatArray  # (levels, levels)

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        weigh = np.ones(self.n.size) if weights is None else weights
        margins = self.counts @ weigh
        total = margins.sum()
        return float(weigh @ self.within / total), float(
            margins @ self.apart @ margins / (total * (total - 1))
        )


@dataclass(frozen=True, slots=True, eq=False)
class _RankPacks:
    """Ordinal alpha to first order in the weights, for ranks move with every draw.

    ``moved``: by how much alpha moves with one more of each pack.
    """

    n: IntArray
    alpha: float
    moved: FloatArray

    @classmethod
    def of(cls, n: npt.NDArray[np.integer], unit: IntArray, code: IntArray, packs: Packs) -> "_RankPacks":
        """``unit`` and ``code``, shape (ratings,): unit and level of each rating, as in `RankSums`."""
        alpha, moved = _moved_by_units(n.astype(np.float64), unit, code)
        return cls(_whole(packs.sums(n)), alpha, packs.sums(moved))

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        """One minus alpha, in units of the expected disagreement."""
        more = 0.0 if weights is None else float((weights - 1) @ self.moved)
        return 1 - self.alpha - more, 1.0


def _moved_by_units(n: FloatArray, unit: IntArray, code: IntArray) -> tuple[float, FloatArray]:
    """Ordinal alpha, and its derivative by the weight of each unit.

    With mid-ranks r about their mean, alpha = 1 - (N-1)/N W/Q, where W = sum (n_u Q_u - S_u^2)/(n_u-1) and Q = sum r^2.
    Weight that comes in below a level lifts its mid-rank by half, above it lowers it by half.
    """
    margins = np.bincount(code).astype(np.float64)
    total = margins.sum()
    level_rank = np.cumsum(margins) - margins / 2 - total / 2
    rank = level_rank[code]
    s, q = np.bincount(unit, rank), np.bincount(unit, np.square(rank))
    within = (n * q - s * s) / (n - 1)
    ratio = within.sum() / q.sum()
    pull_of_within = np.bincount(code, 2 * (n[unit] * rank - s[unit]) / (n[unit] - 1))
    by_within = within + np.bincount(unit, _through_ranks(pull_of_within)[code])
    by_all = q + np.bincount(unit, _through_ranks(2 * margins * level_rank)[code])
    kept = (total - 1) / total
    moved = -kept * (by_within - ratio * by_all) / q.sum() - ratio * n / total**2
    return float(1 - kept * ratio), moved


def _through_ranks(pull: npt.NDArray[np.number]) -> FloatArray:
    """What weight at each level does through all mid-ranks; ``pull``: by each mid-rank, 0 in sum."""
    return np.asarray(pull / 2 - np.cumsum(pull), dtype=np.float64)


def _of_intervals(sums: IntervalSums, packs: Packs) -> Reduced:
    n = sums.n.astype(np.float64)
    within = np.maximum(n * sums.q - sums.s * sums.s, 0) / (n - 1)
    return _IntervalPacks(_whole(packs.sums(n)), packs.sums(sums.s), packs.sums(sums.q), packs.sums(within))


def _of_names(sums: NameCounts, packs: Packs) -> Reduced:
    return NameCounts(_whole(packs.sums(sums.n)), packs.sums(sums.within), _rows(packs, sums.counts))


def _of_ratios(sums: RatioCounts, packs: Packs) -> Reduced:
    apart = relative_distance(sums.levels[:, None], sums.levels)
    within = ((apart @ sums.counts) * sums.counts).sum(axis=0) / (sums.n - 1)
    return _DistancePacks(_whole(packs.sums(sums.n)), packs.sums(within), _rows(packs, sums.counts), apart)


def _of_ranks(sums: RankSums, packs: Packs) -> Reduced:
    return _RankPacks.of(sums.n, sums.unit, sums.code, packs)


def _of_few_ranks(sums: RankCounts, packs: Packs) -> Reduced:
    level, unit = np.nonzero(sums.counts)
    votes = sums.counts[level, unit]
    return _RankPacks.of(sums.n, np.repeat(unit, votes), np.repeat(level, votes), packs)


#: Other forms have a level for nearly every rating, so that packs would be no shorter: their units are drawn.
_PACKED: Mapping[type, Callable[[Any, Packs], Reduced]] = {
    IntervalSums: _of_intervals,
    NameCounts: _of_names,
    RatioCounts: _of_ratios,
    RankSums: _of_ranks,
    RankCounts: _of_few_ranks,
}


def packed(sums: Reduced, bootstrap: Bootstrap) -> Reduced:
    """Put units together where packs are to be drawn."""
    form = _PACKED.get(type(sums))
    if form is None or not bootstrap.in_packs(sums.n.size):
        return sums
    return form(sums, bootstrap.deal(sums.n.size))


def _rows(packs: Packs, counts: npt.NDArray[np.integer]) -> IntArray:
    """Sum counts (levels, units) over each pack, shape (levels, packs)."""
    return _whole(np.array([packs.sums(row) for row in counts]))


def _whole(values: FloatArray) -> IntArray:
    return np.asarray(np.rint(values), dtype=np.int64)
