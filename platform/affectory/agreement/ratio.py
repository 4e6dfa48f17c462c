"""Disagreement at ratio level: the squared difference of two values relative to their sum."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.agreement.pieces import chunks
from affectory.results import FloatArray, IntArray

# Of the integral over u: at this step its sum is off by less than 1e-17, and so is what lies beyond the two ends,
# which are distances from where t (a + b) is 1.
STEP = 0.2
LOWEST, HIGHEST = -20.0, 4.0
BLOCK_CELLS = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class RatioCounts:
    """Ratio ratings with few levels, by the coincidences of every two levels."""

    n: IntArray
    counts: npt.NDArray[np.integer]  # (levels, units)
    levels: FloatArray

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        coincidences = np.zeros((len(self.levels), len(self.levels)))
        for piece in chunks(self.counts.shape[1]):
            votes = self.counts[:, piece].astype(np.float64)
            share = votes / (self.n[piece] - 1)
            if weights is not None:
                share *= weights[piece]
            coincidences += votes @ share.T
            coincidences[np.diag_indices(len(self.levels))] -= share.sum(axis=1)
        margins = coincidences.sum(axis=1)
        total = margins.sum()
        apart = relative_distance(self.levels[:, None], self.levels)
        expected = margins @ apart @ margins / (total * (total - 1))
        return float((coincidences * apart).sum() / total), float(expected)


@dataclass(frozen=True, slots=True, eq=False)
class RatioSums:
    """Ratio ratings with many levels: disagreement within each unit, and the level of each rating."""

    n: IntArray
    unit: IntArray
    code: IntArray
    levels: FloatArray
    within: FloatArray

    @classmethod
    def of(cls, unit: IntArray, value: FloatArray, levels: FloatArray, code: IntArray) -> "RatioSums":
        n = np.bincount(unit)
        within = np.zeros(n.size)
        # Ratings stand unit by unit, so every pair of a unit is met once as (i, i + lag).
        for lag in range(1, int(n.max(initial=1))):
            mates = unit[lag:] == unit[:-lag]
            left, right = value[:-lag][mates], value[lag:][mates]
            within += np.bincount(
                unit[lag:][mates], weights=2 * relative_distance(left, right), minlength=n.size
            )
        return cls(n, unit, code, levels, within / (n - 1))

    def disagreement(self, weights: FloatArray | None = None) -> tuple[float, float]:
        weigh = np.ones(self.n.size) if weights is None else weights
        margins: FloatArray = np.bincount(self.code, weights=weigh[self.unit]).astype(np.float64)
        total = margins.sum()
        expected = _apart_in_all(self.levels, margins) / (total * (total - 1))
        return float(weigh @ self.within / total), expected


def relative_distance(left: FloatArray, right: FloatArray) -> FloatArray:
    """Squared relative difference; 0 for two zeros."""
    total = left + right
    return np.square(np.divide(left - right, total, out=np.zeros_like(total), where=total != 0))


def _apart_in_all(levels: FloatArray, margins: FloatArray) -> float:
    """Sum of the squared relative differences of all pairs, in linear time and to the last digits.

    1 / (a + b)^2 is the integral of t exp(-t (a + b)) over t > 0. Under it all pairs together are a variance with
    the weights exp(-t a), and every term is positive. In u = log t the integrand is smooth and dies away at both
    ends, where sums at equal steps come as near as rounding does.
    """
    top = float(levels.max(initial=0))
    if top == 0:
        return 0.0
    widest = np.log(top / levels[levels > 0].min())
    lowest = LOWEST - np.log(2)
    nodes = np.exp(lowest + STEP * np.arange(np.ceil((HIGHEST + widest - lowest) / STEP) + 1))
    # Small values lie near the smallest, so that nothing is lost in the difference.
    above = (levels - levels.min()) / top
    weigh, spread = _weighted_variation(nodes / top, levels, above, margins)
    return float(2 * STEP * (weigh * spread * nodes**2).sum())


def _weighted_variation(
    t: FloatArray, levels: FloatArray, above: FloatArray, margins: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Sum of the weights at each t, and their squared deviations from their mean, piece by piece."""
    total, mean, spread = np.zeros((3, t.size))
    rows = max(1, BLOCK_CELLS // t.size)
    for start in range(0, levels.size, rows):
        piece = slice(start, start + rows)
        weight = margins[piece] * np.exp(-t[:, None] * levels[piece])
        own = weight.sum(axis=1)
        own_mean = np.divide(weight @ above[piece], own, out=mean.copy(), where=own > 0)
        apart = np.square(above[piece] - own_mean[:, None])
        share = np.divide(own, total + own, out=np.zeros_like(own), where=total + own > 0)
        spread += np.einsum("tk,tk->t", weight, apart) + np.square(own_mean - mean) * total * share
        mean += (own_mean - mean) * share
        total += own
    return total, spread
