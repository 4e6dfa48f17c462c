"""What hangs together already while pairs are still being found."""

import numpy as np

from affectory.results import BoolArray, IntArray


class Joined:
    """Things 0 to n - 1, joined pair by pair; each is known by the first of those it hangs together with."""

    def __init__(self, n: int) -> None:
        self._above = np.arange(n)

    def together(self, left: IntArray, right: IntArray) -> BoolArray:
        """Whether the two at each place hang together, shape of both."""
        return np.asarray(self._first(left) == self._first(right))

    def join(self, left: int, right: int) -> None:
        ends = self._first(np.array([left, right]))
        self._above[ends.max()] = ends.min()

    def _first(self, things: IntArray) -> IntArray:
        found = self._above[things]
        while (above := self._above[found]).size and (above != found).any():
            found = above
        self._above[things] = found
        return found
