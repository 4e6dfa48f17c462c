"""Units drawn again and again: how often each of them is in a draw, and the interval that the draws make.

Sums over units are all that a draw needs. Who has very many units may have packs drawn in their place, each of units
that chance put together: sums of packs spread nearly as those of single units do.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from affectory.results import Fact, FloatArray, IntArray, check_level


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A percentile bootstrap over units.

    ``level``: of confidence, 0 to 1. ``draws``, ``seed``: how many, and of their random numbers. ``most_packs``: draw
    packs where there are more units than that; None: always single units. ``unit``: what a unit is called.
    """

    level: float
    draws: int = 1000
    seed: int = 0
    most_packs: int | None = None
    unit: str = "unit"

    @classmethod
    def asked(cls, ci: float | None, draws: int, seed: int, packs: int | None = None) -> "Bootstrap | None":
        """Read a measure's parameters; None where no interval is asked for, ValueError where one is impossible."""
        check_level(ci)
        if packs is not None and packs < 2:
            raise ValueError(f"packs: {packs} is below 2; None draws single units")
        return None if ci is None else cls(ci, draws, seed, packs)

    def alone(self, n_units: int) -> str | None:
        """Why so many units have no interval, or None: drawn again, one unit is always the same."""
        return f"one {self.unit} alone has no interval over {self.unit}s" if n_units == 1 else None

    def in_packs(self, n_units: int) -> bool:
        """Whether packs are drawn instead of so many units."""
        return self.most_packs is not None and n_units > self.most_packs

    def deal(self, n_units: int) -> "Packs":
        """Deal units to packs by chance; where single units are drawn, each is a pack of its own."""
        if self.most_packs is None or not self.in_packs(n_units):
            return Packs(np.arange(n_units))
        return Packs(np.random.default_rng([self.seed, 1]).permutation(n_units) % self.most_packs)

    def weights(self, n: int) -> Iterator[FloatArray]:
        """Give how often each of n units or packs is in a draw, shape (n,), one draw after the other."""
        rng = np.random.default_rng(self.seed)
        for _ in range(self.draws):
            drawn = rng.integers(n, size=n, dtype=np.int32)
            yield np.bincount(drawn, minlength=n).astype(np.float64)

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
        packs: Mapping[str, Fact] = {"ci_packs": n_drawn} if n_drawn < n_units else {}
        of_packs = "random packs of " if packs else ""
        return {
            "ci_method": f"percentile bootstrap over {of_packs}{self.unit}s",
            **packs,
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
