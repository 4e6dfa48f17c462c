"""Rows in a file, for what is asked for a few thousand at a time and would be too much to hold."""

import weakref
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from affectory.results import IntArray
from storage.facade import scratch_file

ROWS_AT_ONCE = 32_768


class Spool:
    """Rows of one dtype, by their places in the order in which they were appended."""

    def __init__(self, dtype: np.dtype[np.void]) -> None:
        self.dtype = dtype
        self._file = scratch_file()
        # Whoever has read a study's responses need not say when they are done with them.
        weakref.finalize(self, self._file.close)
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def append(self, rows: npt.NDArray[np.void]) -> None:
        self._write(self._rows, rows)
        self._rows += len(rows)

    def at(self, places: npt.NDArray[np.integer]) -> npt.NDArray[np.void]:
        """The rows at these places; those that are near each other are read together."""
        found = np.empty(len(places), self.dtype)
        block = places // ROWS_AT_ONCE
        for one in np.unique(block).tolist():
            wanted = np.flatnonzero(block == one)
            first, last = int(places[wanted].min()), int(places[wanted].max())
            found[wanted] = self._read(first, last + 1)[places[wanted] - first]
        return found

    def in_order(self, order: IntArray) -> "Spool":
        """Another one with the rows at these places, each at most once, however they lie here.

        Its file is filled region by region: first each row is put into its region, then each region into its order.
        """
        moved = Spool(self.dtype)
        moved._rows = len(order)
        place = np.full(len(self), -1, np.int32)
        place[order] = np.arange(len(order))
        filled = np.arange(0, len(order), ROWS_AT_ONCE)
        for start, rows in self._pieces():
            region = place[start : start + len(rows)] // ROWS_AT_ONCE
            for one in np.unique(region[region >= 0]).tolist():
                some = rows[region == one]
                moved._write(int(filled[one]), some)
                filled[one] += len(some)
        for start, rows in moved._pieces():
            # They lie as they did here.
            moved._write(start, rows[np.argsort(np.argsort(order[start : start + len(rows)]))])
        return moved

    def _pieces(self) -> Iterator[tuple[int, npt.NDArray[np.void]]]:
        for start in range(0, self._rows, ROWS_AT_ONCE):
            yield start, self._read(start, min(start + ROWS_AT_ONCE, self._rows))

    def _read(self, start: int, stop: int) -> npt.NDArray[np.void]:
        self._file.seek(start * self.dtype.itemsize)
        return np.fromfile(self._file, self.dtype, stop - start)

    def _write(self, start: int, rows: npt.NDArray[np.void]) -> None:
        self._file.seek(start * self.dtype.itemsize)
        self._file.write(rows.tobytes())
