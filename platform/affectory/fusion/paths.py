"""Warping paths in a band: which sample of each series belongs to which sample of a centre.

The table of costs is filled one anti-diagonal at a time, because no cell of an anti-diagonal depends on
another, for all series at once. numpy does it, or numba where it is installed; paths are the same.
"""

import importlib
from collections.abc import Callable, MutableSequence, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from affectory.results import BoolArray, FloatArray, IntArray

Engine = Literal["auto", "numpy", "numba"]
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The cells (row, column) that a path may use: columns within `half` of the diagonal of each row.

    Attributes
    ----------
    diagonal : ndarray of int, shape (rows,)
        Column on the straight line from the first cell to the last.
    half : int
    n_columns : int
    """

    diagonal: IntArray
    half: int
    n_columns: int

    @classmethod
    def between(cls, rows: int, columns: int, half: int) -> "Band":
        """Lay the band; where lengths differ it is wide enough for a path to exist."""
        if half < 0:
            raise ValueError(f"window_samples: 0 or more, not {half}")
        slope = (columns - 1) / max(rows - 1, 1)
        half = max(half, int(np.ceil(slope)) if rows != columns else half)
        return cls(np.rint(np.arange(rows) * slope).astype(np.int64), half, columns)


@dataclass(frozen=True, slots=True, eq=False)
class _Lattice:
    """The band turned by 45 degrees: diagonal k holds the cells with row + column = k, two steps apart.

    Attributes
    ----------
    columns : ndarray of int, shape (diagonals, slots)
        The column of the cell in each slot.
    outside : ndarray of bool, shape (diagonals, slots)
        Slots whose cell is not in the band.
    origin : int
        Slot in which row = column on the even diagonals (on odd ones row = column + 1).
    """

    columns: IntArray
    outside: BoolArray
    origin: int

    @classmethod
    def of(cls, band: Band) -> "_Lattice":
        n = band.diagonal.size
        apart = np.arange(n) - band.diagonal  # row less column, in the middle of the band
        origin = (max(band.half - int(apart.min()), 0) + 1) // 2
        slots = origin + (max(band.half + int(apart.max()), 0) + 1) // 2 + 1
        diagonal = np.arange(n + band.n_columns - 1)[:, None]
        difference = 2 * (np.arange(slots) - origin) + (diagonal & 1)
        row, column = (diagonal + difference) >> 1, (diagonal - difference) >> 1
        inside = (row >= 0) & (row < n) & (column >= 0) & (column < band.n_columns)
        row, column = np.where(inside, row, 0), np.where(inside, column, 0)
        inside &= np.abs(column - band.diagonal[row]) <= band.half
        return cls(column, np.logical_not(inside), origin)


class CostTable:
    """Costs of the cheapest path from the start to each cell, for several series against one centre.

    Laid out once for a band and its series, filled again for each centre. The array has one row per
    anti-diagonal after an empty one, an empty slot at either end, and the series innermost; so each step of
    the recursion reads and writes contiguous memory.
    """

    def __init__(self, band: Band, series: FloatArray, engine: Engine = "auto") -> None:
        self._band, self._lattice = band, _Lattice.of(band)
        self._n_series = len(series)
        self._compiled = _by_numba(engine)
        n_diagonals, slots = self._lattice.columns.shape
        samples = series.T[self._lattice.columns]
        samples[self._lattice.outside] = np.inf  # a cell outside costs too much for any path
        self._samples = samples.reshape(n_diagonals, -1)
        self._costs = np.full((n_diagonals + 1, (slots + 2) * self._n_series), np.inf)
        self._ways = [] if self._compiled else _ways(self._costs, self._n_series, self._samples.shape[1])

    def fill(self, centre: FloatArray) -> None:
        """Compute the table for a centre, one value per row of the band."""
        rows = self._rows_of(centre)
        if self._compiled:
            _compiled(_fill_cells)(self._costs, self._samples, rows, self._n_series)
            return
        step, width = self._n_series, self._samples.shape[1]
        cells = self._costs[1:, step : step + width]
        for odd in (0, 1):
            some = cells[odd::2]
            np.subtract(self._samples[odd::2], rows[odd : odd + len(some)], out=some)
        np.square(cells, out=cells)
        cheapest = np.empty(width)
        minimum, add = np.minimum, np.add
        for above, left, diagonal, cell in self._ways:
            minimum(above, left, out=cheapest)
            minimum(cheapest, diagonal, out=cheapest)
            add(cell, cheapest, out=cell)

    def total(self, series: int) -> float:
        """Cost of the whole path of one series."""
        return float(self._costs.flat[self._last(series)])

    def path(self, series: int) -> tuple[IntArray, IntArray]:
        """Rows and columns of the cheapest path of one series, from its end to its start."""
        rows, columns = np.empty((2, len(self._samples)), dtype=np.int64)
        rows[0], columns[0] = self._band.diagonal.size - 1, self._band.n_columns - 1
        follow = _compiled(_follow) if self._compiled else _follow
        view: Callable[[Any], Any] = np.asarray if self._compiled else memoryview  # Python reads it faster
        costs = self._costs.reshape(-1)
        used = follow(
            view(costs), view(rows), view(columns), self._last(series), self._costs.shape[1], self._n_series
        )
        return rows[:used], columns[:used]

    def _rows_of(self, centre: FloatArray) -> FloatArray:
        """The centre's value in each slot: an even diagonal and the odd one before it share a row of this."""
        step, width = self._n_series, self._samples.shape[1]
        padded = np.zeros(len(self._samples) // 2 + 1 + width // step)
        padded[self._lattice.origin : self._lattice.origin + centre.size] = centre
        return sliding_window_view(np.repeat(padded, step), width)[::step]

    def _last(self, series: int) -> int:
        """Place of the last cell in the flat table."""
        slot = int(np.argmin(self._lattice.outside[-1]))
        return int(len(self._samples) * self._costs.shape[1] + (slot + 1) * self._n_series + series)


def _ways(costs: FloatArray, step: int, width: int) -> list[tuple[FloatArray, ...]]:
    """Views of the table for each anti-diagonal but the first: above, left, diagonally before, the cells."""
    here = slice(step, step + width)
    starts = (step * (k & 1) for k in range(1, len(costs) - 1))
    return [
        (before[at : at + width], before[at + step : at + step + width], earlier[here], cells[here])
        for at, before, earlier, cells in zip(starts, costs[1:], costs, costs[2:], strict=False)
    ]


def _fill_cells(costs: FloatArray, samples: FloatArray, rows: FloatArray, step: int) -> None:
    """Do what `CostTable.fill` does, cell by cell, to be compiled."""
    width = samples.shape[1]
    for place in range(width):
        costs[1, step + place] = (samples[0, place] - rows[0, place]) ** 2
    for k in range(1, len(samples)):
        shift = step * (k & 1)
        above, left = costs[k, shift : shift + width], costs[k, shift + step : shift + step + width]
        diagonal, cells = costs[k - 1, step : step + width], costs[k + 1, step : step + width]
        own, row = samples[k], rows[(k + 1) // 2]
        for place in range(width):
            cheapest = min(above[place], left[place], diagonal[place])
            cells[place] = (own[place] - row[place]) ** 2 + cheapest


def _follow(
    costs: Sequence[float],
    rows: MutableSequence[int],
    columns: MutableSequence[int],
    at: int,
    stride: int,
    step: int,
) -> int:
    """Go back from the last cell, noted already, to the first one, and give the number of cells noted.

    Of equal ways in, the diagonal one is taken.
    """
    row, column, used = rows[0], columns[0], 1
    while row or column:
        before = at - stride + step * ((row + column) & 1)
        left, above, diagonal = costs[before], costs[before - step], costs[at - 2 * stride]
        if left < above and left < diagonal:
            at, column = before, column - 1
        elif above < diagonal:
            at, row = before - step, row - 1
        else:
            at, row, column = at - 2 * stride, row - 1, column - 1
        rows[used], columns[used] = row, column
        used += 1
    return used


def _by_numba(engine: Engine) -> bool:
    if engine not in {"auto", "numpy", "numba"}:
        raise ValueError(f"engine: {engine!r} is none of auto, numpy, numba")
    installed = find_spec("numba") is not None
    if engine == "numba" and not installed:
        raise ValueError("engine: numba is not installed")
    return installed and engine != "numpy"


@cache
def _compiled(function: _Function) -> _Function:
    njit: Callable[..., Callable[[_Function], _Function]] = importlib.import_module("numba").njit
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # nowhere to keep the machine code: compile in each process
        return njit()(function)
