"""Observed and expected disagreement as sums over units, for each level of measurement.

One pass over the ratings is then enough, and a bootstrap only reweights units. Ordinal alpha is interval
alpha on mid-ranks, which move with the weights.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from affectory.agreement.pieces import chunks
from affectory.agreement.ratio import RatioCounts, RatioSums
from affectory.results import BoolArray, FloatArray, IntArray
from affectory.tables import RatingTable

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
FEW_LEVELS = 64
NEGATIVE_RATIO = "ratio level has no meaning for negative values"


class Reduced(Protocol):
    """Ratings reduced to what the two disagreements need, unit by unit."""

    @property
    def n(self) -> npt.NDArray[np.integer]:
        """Ratings per pairable unit."""
        ...

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        """Observed and expected disagreement with each unit counted `weights` times."""
        ...


def reduce_ratings(table: RatingTable, level: Level) -> Reduced | str:
    """Choose the cheapest exact form for these ratings; a string says why there is none."""
    if table.counts is not None and table.levels is not None:
        return _from_counts(table.counts, table.levels, level)
    values = table.dense()
    if level == "interval":
        return IntervalSums.of(values)
    coded = _few_level_counts(values)
    if coded is not None:
        return _few(*coded, level)
    return _many(values, level)


def _from_counts(counts: IntArray, levels: FloatArray, level: Level) -> Reduced | str:
    small = counts.astype(np.min_scalar_type(counts.max(initial=0)))
    pairable = small[counts.sum(axis=1) >= 2].T
    order = np.argsort(levels, kind="stable")
    return _few(np.ascontiguousarray(pairable[order]), levels[order], level)


def _few(counts: npt.NDArray[np.integer], levels: FloatArray, level: Level) -> Reduced | str:
    if level == "nominal":
        return NameCounts.of(counts)
    n = counts.sum(axis=0, dtype=np.int64)
    if level == "ordinal":
        return RankCounts(n, counts)
    used = counts.any(axis=1)
    if level == "interval":
        centre = levels[used].mean() if used.any() else 0.0
        return _sums_of_scores(n, counts, levels - centre)
    if (levels[used] < 0).any():
        return NEGATIVE_RATIO
    return RatioCounts(n, counts, levels)


def _many(values: FloatArray, level: Level) -> Reduced | str:
    unit, value = _pairable_ratings(values)
    if level == "ratio" and (value < 0).any():
        return NEGATIVE_RATIO
    levels, code = np.unique(value, return_inverse=True)
    if level == "nominal":
        return NameSums.of(unit, code)
    if level == "ordinal":
        return RankSums.of(unit, code)
    return RatioSums.of(unit, value, levels, code)


def _pairable_ratings(values: FloatArray) -> tuple[IntArray, FloatArray]:
    """Give unit number (0, 1, ... over pairable units) and value of each comparable rating, unit by unit."""
    columns = values.T
    valid = ~np.isnan(columns)
    n = valid.sum(axis=1)
    valid &= (n >= 2)[:, None]
    return np.repeat(np.arange((n >= 2).sum()), n[n >= 2]), columns[valid]


@dataclass(frozen=True, slots=True, eq=False)
class IntervalSums:
    """Number, sum and sum of squares of the ratings of each pairable unit, about one centre.

    They are additive over ratings of a unit; `UnitSums` is what a store keeps of them.
    """

    n: npt.NDArray[np.integer]
    s: FloatArray
    q: FloatArray

    @classmethod
    def of(cls, values: FloatArray) -> "IntervalSums":
        """Reduce a dense matrix (raters, units) in one pass, in pieces that stay in the cache."""
        centre = _rough_centre(values)
        sums = _centred_sums(values, centre)
        total = max(int(sums.n.sum()), 1)
        off = sums.s.sum() / total
        spread = sums.q.sum() / total - off**2
        # The rough centre may come from ratings that cannot be compared; squares would then cancel.
        if off**2 > 1e3 * spread:
            sums = _centred_sums(values, centre + off)
        return _without_rounding_noise(sums, values)

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        """Observed and expected disagreement; (2/N) sum (n_u Q_u - S_u^2)/(n_u-1), 2(N Q - S^2)/(N(N-1))."""
        pieces = [self._weighed(piece, weights) for piece in chunks(self.n.size)]
        return disagreement_of_sums(*np.sum(pieces, axis=0))

    def _weighed(self, piece: slice, weights: FloatArray | None) -> tuple[float, float, float, float]:
        """Sums over some units of n, S, Q and (n Q - S^2)/(n-1)."""
        n, s, q = self.n[piece].astype(np.float64), self.s[piece], self.q[piece]
        within = np.maximum(n * q - s * s, 0) / (n - 1)
        weigh = _sum if weights is None else weights[piece].dot
        return weigh(n), weigh(s), weigh(q), weigh(within)


def disagreement_of_sums(total: float, s: float, q: float, within: float) -> tuple[float, float]:
    """Observed and expected disagreement from the sums over all units of n, S, Q and (n Q - S^2)/(n-1)."""
    expected = 2 * (total * q - s**2) / (total * (total - 1))
    # A draw that repeats equal units has rounding noise instead of 0.
    return float(2 * within / total), float(expected) if expected > 1e-13 * q / total else 0.0


def _sum(parts: FloatArray) -> float:
    return float(parts.sum())


def _rough_centre(values: FloatArray) -> float:
    """A whole number near the middle, about which sums of whole numbers are exact: equal units have equal sums."""
    step = max(1, values.shape[1] // 1000)
    sample = values[:, ::step]
    known = sample[~np.isnan(sample)]
    return float(np.rint(known.mean())) if known.size else 0.0


def _centred_sums(values: FloatArray, centre: float) -> IntervalSums:
    n_units = values.shape[1]
    n = np.full(n_units, len(values), dtype=np.min_scalar_type(len(values)))
    s, q = np.empty(n_units), np.empty(n_units)
    for piece in chunks(n_units):
        block = values[:, piece] - centre
        np.add.reduce(block, axis=0, out=s[piece])
        if np.isnan(s[piece]).any():
            missing = np.isnan(block)
            block[missing] = 0.0
            n[piece] -= missing.sum(axis=0, dtype=n.dtype)
            np.add.reduce(block, axis=0, out=s[piece])
        np.einsum("ij,ij->j", block, block, out=q[piece])
    pairable = n >= 2
    if pairable.all():
        return IntervalSums(n, s, q)
    return IntervalSums(n[pairable], s[pairable], q[pairable])


def _without_rounding_noise(sums: IntervalSums, values: FloatArray) -> IntervalSums:
    """Put exact zeros where all comparable ratings are one value."""
    total = max(int(sums.n.sum()), 1)
    spread = sums.q.sum() / total - (sums.s.sum() / total) ** 2
    if spread > 1e-9 * sums.q.sum() / total:
        return sums
    _, comparable = _pairable_ratings(values)
    if comparable.size and comparable.min() == comparable.max():
        return IntervalSums(sums.n, np.zeros_like(sums.s), np.zeros_like(sums.q))
    return sums


@dataclass(frozen=True, slots=True, eq=False)
class NameCounts:
    """Nominal ratings with few levels."""

    n: IntArray
    within: FloatArray
    counts: npt.NDArray[np.integer]  # (levels, units)

    @classmethod
    def of(cls, counts: npt.NDArray[np.integer]) -> "NameCounts":
        n, same = np.zeros((2, counts.shape[1]))
        for piece in chunks(counts.shape[1]):
            votes = counts[:, piece].astype(np.float64)
            n[piece] = votes.sum(axis=0)
            same[piece] = np.einsum("ku,ku->u", votes, votes)
        return cls(n.astype(np.int64), (n**2 - same) / (n - 1), counts)

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        margins = _margins(self.counts, weights)
        total = margins.sum()
        observed = self.within.sum() if weights is None else weights @ self.within
        return float(observed / total), float((total**2 - margins @ margins) / (total * (total - 1)))


@dataclass(frozen=True, slots=True, eq=False)
class RankCounts:
    """Ordinal ratings with few levels: interval sums of mid-ranks, which move with the weights."""

    n: IntArray
    counts: npt.NDArray[np.integer]  # (levels, units)

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        margins = _margins(self.counts, weights)
        mid_ranks = np.cumsum(margins) - margins / 2 - margins.sum() / 2
        return _sums_of_scores(self.n, self.counts, mid_ranks).disagreement(weights)


def _margins(counts: npt.NDArray[np.integer], weights: FloatArray | None) -> FloatArray:
    """How often each level occurs, with each unit counted `weights` times."""
    if weights is None:
        return np.asarray(counts.sum(axis=1, dtype=np.int64), dtype=np.float64)
    return np.asarray(np.einsum("ku,u->k", counts, weights))


def _sums_of_scores(n: IntArray, counts: npt.NDArray[np.integer], scores: FloatArray) -> IntervalSums:
    """Interval sums when each level stands for a score near 0."""
    s, q = np.empty((2, counts.shape[1]))
    for piece in chunks(counts.shape[1]):
        votes = counts[:, piece].astype(np.float64)
        s[piece] = np.einsum("k,ku->u", scores, votes)
        q[piece] = np.einsum("k,ku->u", scores**2, votes)
    return IntervalSums(n, s, q)


def _few_level_counts(values: FloatArray) -> tuple[npt.NDArray[np.integer], FloatArray] | None:
    """Count whole numbers of a narrow range per pairable unit; None where the values are not such."""
    low = float(np.fmin.reduce(values, axis=None, initial=np.inf))
    high = float(np.fmax.reduce(values, axis=None, initial=-np.inf))
    if not (np.isfinite(low) and low.is_integer() and high - low < FEW_LEVELS):
        return None
    n_levels = int(high - low) + 1
    kind = np.min_scalar_type(len(values))
    counts: npt.NDArray[np.integer] = np.empty((n_levels, values.shape[1]), dtype=kind)
    for piece in chunks(values.shape[1]):
        codes = _whole_codes(values[:, piece], low)
        if codes is None:
            return None
        for code in range(n_levels):
            np.add.reduce((codes == code).view(np.uint8), axis=0, dtype=kind, out=counts[code, piece])
    pairable = counts.sum(axis=0, dtype=np.int64) >= 2
    levels = low + np.arange(n_levels)
    if not pairable.all():
        counts = counts[:, pairable]
    return counts, np.asarray(levels, dtype=np.float64)


def _whole_codes(block: FloatArray, low: float) -> npt.NDArray[np.uint8] | None:
    shifted = block - low
    missing: BoolArray = np.isnan(shifted)
    shifted[missing] = FEW_LEVELS
    codes = shifted.astype(np.uint8)
    return codes if bool((codes == shifted).all()) else None


@dataclass(frozen=True, slots=True, eq=False)
class NameSums:
    """Nominal ratings with many levels: votes of the levels that occur, unit by unit."""

    n: IntArray
    unit: IntArray
    code: IntArray
    votes: IntArray

    @classmethod
    def of(cls, unit: IntArray, code: IntArray) -> "NameSums":
        n_levels = int(code.max(initial=0)) + 1
        cells, votes = np.unique(unit * n_levels + code, return_counts=True)
        return cls(np.bincount(unit), cells // n_levels, cells % n_levels, votes)

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        weigh = np.ones(self.n.size) if weights is None else weights
        same = np.bincount(self.unit, weights=self.votes**2)
        total = weigh @ self.n
        observed = weigh @ ((self.n**2 - same) / (self.n - 1)) / total
        margins = np.bincount(self.code, weights=self.votes * weigh[self.unit])
        return float(observed), float((total**2 - margins @ margins) / (total * (total - 1)))


@dataclass(frozen=True, slots=True, eq=False)
class RankSums:
    """Ordinal ratings with many levels: interval sums of mid-ranks, which move with the weights."""

    n: IntArray
    unit: IntArray
    code: IntArray

    @classmethod
    def of(cls, unit: IntArray, code: IntArray) -> "RankSums":
        return cls(np.bincount(unit), unit, code)

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        margins = np.bincount(self.code, weights=None if weights is None else weights[self.unit])
        mid_ranks = np.cumsum(margins) - margins / 2
        rank = (mid_ranks - margins.sum() / 2)[self.code]
        s = np.bincount(self.unit, weights=rank).astype(np.float64)
        q = np.bincount(self.unit, weights=rank**2).astype(np.float64)
        return IntervalSums(self.n, s, q).disagreement(weights)
