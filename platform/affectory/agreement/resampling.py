"""Units drawn again and again: how often each of them is in a draw, and the interval that the draws make.

Sums over units are all that a draw needs. Of many units it is packs that are drawn, each of units that chance put
together: sums of packs spread as those of single units do, and there are never more than `PACKS` of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.results import Fact, FloatArray, IntArray

PACKS = 2_000


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A percentile bootstrap over units.

    ``level``: of confidence, 0 to 1. ``draws``, ``seed``: how many, and of their random numbers. ``unit``: what a unit
    is called.
    """

    level: float
    draws: int = 1000
    seed: int = 0
    unit: str = "unit"

    def alone(self, n_units: int) -> str | None:
        """Why so many units have no interval, or None: drawn again, one unit is always the same."""
        return f"one {self.unit} alone has no interval over {self.unit}s" if n_units == 1 else None

    def packs(self, n_units: int) -> "Packs":
        """Deal units to packs by chance; up to `PACKS` of them are packs of their own."""
        if n_units <= PACKS:
            return Packs(np.arange(n_units))
        return Packs(np.random.default_rng([self.seed, 1]).permutation(n_units) % PACKS)

    def weights(self, n: int) -> Iterator[FloatArray]:
        """Give how often each of n units or packs is in a draw, shape (n,), one draw after the other."""
        rng = np.random.default_rng(self.seed)
        for _ in range(self.draws):
            drawn = rng.integers(n, size=n, dtype=np.int32)
            yield np.bincount(drawn, minlength=n).astype(np.float64)

    def weight_matrix(self, n: int) -> FloatArray:
        """Give the weights of all draws, shape (draws, n); n is a number of packs."""
        return np.stack(list(self.weights(n)))

    def interval(self, found: npt.ArrayLike, value: float) -> tuple[float, float] | None:
        """Between which the middle share of the draws lies, and the value with them; None without any draw."""
        values = np.asarray(found, dtype=np.float64)
        if not values.size:
            return None
        low, high = np.quantile(values, [(1 - self.level) / 2, (1 + self.level) / 2])
        # Sums of equal numbers may differ in their last digit.
        return min(float(low), value), max(float(high), value)

    def told(self, n_drawn: int, n_units: int, defined: int) -> Mapping[str, Fact]:
        """What a measurement's details say of it.

        ``n_drawn``: units or packs in a draw; ``defined``: draws in which the measure has a value.
        """
        return {
            "ci_method": f"percentile bootstrap over {self.unit}s",
            **({"ci_packs": n_drawn} if n_drawn < n_units else {}),
            "ci_level": self.level,
            "draws": self.draws,
            "draws_dropped": self.draws - defined,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Packs:
    """Units put together; ``of``, shape (units,), says in which pack each is, from 0 on without a gap."""

    of: IntArray

    @property
    def n(self) -> int:
        return int(self.of.max(initial=-1)) + 1

    def sums(self, values: npt.NDArray[np.generic]) -> FloatArray:
        """Sum a number of each unit, shape (units,), over each pack."""
        return np.bincount(self.of, values, minlength=self.n).astype(np.float64)
