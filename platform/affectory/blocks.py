"""Long tables a few columns at a time, so that what is made of them on the way fits a processor's cache."""

from collections.abc import Callable, Iterator

import numpy as np

from affectory.results import FloatArray

CELLS = 1 << 16


def column_blocks(values: FloatArray) -> Iterator[FloatArray]:
    """Give views of neighbouring columns that together are all of a table; one, if empty, of an empty table."""
    width = max(CELLS // max(len(values), 1), 1)
    for start in range(0, max(values.shape[1], 1), width):
        yield values[:, start : start + width]


def per_column(function: Callable[[FloatArray], FloatArray], values: FloatArray) -> FloatArray:
    """Apply a function that makes one number of each column."""
    return np.concatenate([function(block) for block in column_blocks(values)])
