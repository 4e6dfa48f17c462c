"""Words and numbers as numbers: what stands behind the values of a RatingTable."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from affectory.results import BoolArray, FloatArray, IntArray

Category = str | int | float


def coded(
    ratings: npt.ArrayLike, categories: Sequence[Category] | None
) -> tuple[FloatArray, tuple[Category, ...] | None]:
    """Give numbers, NaN for missing, and the categories that they stand for; words are numbered in their order."""
    if categories is None and isinstance(ratings, np.ndarray | pd.Series) and ratings.dtype.kind in "biuf":
        return _finite(np.asarray(ratings, dtype=np.float64)), None
    given = np.asarray(ratings, dtype=object)
    missing = pd.isna(given)
    words = [value for value in given[~missing].ravel() if isinstance(value, str)]
    if categories is None and not words:
        return _finite(_as_numbers(given, missing)), None
    if categories is None and len(words) < int((~missing).sum()):
        strange = next(value for value in given[~missing].ravel() if not isinstance(value, str))
        raise ValueError(f"ratings: words and numbers are mixed ({words[0]!r}, {strange!r})")
    labels = tuple(categories) if categories is not None else tuple(sorted(set(given[~missing].ravel())))
    return _positions(given, missing, labels), labels


def _as_numbers(given: npt.NDArray[Any], missing: BoolArray) -> FloatArray:
    values = np.full(given.shape, np.nan)
    try:
        values[~missing] = given[~missing].astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"ratings: rows of unequal length, or values that are no numbers ({error})"
        ) from error
    return values


def _positions(given: npt.NDArray[Any], missing: BoolArray, labels: tuple[Category, ...]) -> FloatArray:
    if len(set(labels)) != len(labels):
        raise ValueError("categories: a label stands twice")
    numeric = all(isinstance(label, int | float) for label in labels)
    code_of = {label: float(label) if numeric else float(i) for i, label in enumerate(labels)}
    values = np.full(given.shape, np.nan)
    try:
        values[~missing] = [code_of[value] for value in given[~missing]]
    except KeyError as unknown:
        raise ValueError(f"value {unknown.args[0]!r} is none of the categories {list(labels)}") from None
    return values


def _finite(values: FloatArray) -> FloatArray:
    if np.isinf(values).any():
        place = tuple(int(i) for i in np.argwhere(np.isinf(values))[0])
        raise ValueError(f"ratings: infinite value at {place}; a missing rating is NaN or None")
    return values


def factor(name: str, labels: Sequence[Any] | npt.NDArray[Any]) -> tuple[IntArray, tuple[Any, ...]]:
    """Number labels in the order of first appearance; `name` says whose they are when one is missing."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iu":
        codes, found = pd.factorize(labels)
        return codes.astype(np.int64), tuple(found.tolist())
    codes, found = pd.factorize(pd.Series(labels, dtype=object))
    if (codes < 0).any():
        raise ValueError(f"{name}: missing at row {int(np.flatnonzero(codes < 0)[0])}")
    return codes.astype(np.int64), tuple(found)
