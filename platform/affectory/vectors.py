"""Rows of numbers: taken as they are given, brought together, and their mean where something is missing."""

import numpy as np
import numpy.typing as npt

from affectory.blocks import per_column
from affectory.results import BoolArray, FloatArray


def as_vector(name: str, values: npt.ArrayLike) -> FloatArray:
    """Take one row of numbers, or say what is wrong with it.

    Parameters
    ----------
    name : str
        What the row is called in the refusal.
    values : array_like, shape (units,)
        NaN or None is missing; infinite values are refused.

    Returns
    -------
    ndarray, shape (units,)

    Examples
    --------
    >>> as_vector("x", [1, None])
    array([ 1., nan])
    """
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError(f"{name}: need one row of numbers, not {vector.ndim} dimension(s)")
    if np.isinf(vector).any():
        raise ValueError(f"{name}: infinite value at position {int(np.flatnonzero(np.isinf(vector))[0])}")
    return vector


def paired(
    x: npt.ArrayLike, y: npt.ArrayLike, *, names: tuple[str, str] = ("x", "y")
) -> tuple[FloatArray, FloatArray, int]:
    """Give the places where both rows have a value.

    Parameters
    ----------
    x, y : array_like, shape (units,)
        NaN or None is missing.
    names : (str, str)
        What the rows are called in a refusal.

    Returns
    -------
    first, second : ndarray, shape (places that have both,)
    dropped : int
        Places that have not.

    Examples
    --------
    >>> paired([1, 2, None], [3, None, 5])
    (array([1.]), array([3.]), 2)
    """
    first, second = as_vector(names[0], x), as_vector(names[1], y)
    if first.shape != second.shape:
        raise ValueError(f"{names[0]} and {names[1]} differ in length: {first.size}, {second.size}")
    both: BoolArray = ~(np.isnan(first) | np.isnan(second))
    return first[both], second[both], int(first.size - both.sum())


def mean_present(values: FloatArray) -> FloatArray:
    """Mean over rows of what is there.

    Parameters
    ----------
    values : ndarray, shape (rows, columns)
        NaN is missing.

    Returns
    -------
    ndarray, shape (columns,)
        NaN in a column without anything.

    Examples
    --------
    >>> mean_present(np.array([[1.0, np.nan], [3.0, np.nan]]))
    array([ 2., nan])
    """
    return per_column(_mean_present, values)


def _mean_present(values: FloatArray) -> FloatArray:
    present: BoolArray = ~np.isnan(values)
    n = present.sum(axis=0)
    total = np.where(present, values, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, n, out=np.full(values.shape[1], np.nan), where=n > 0))
