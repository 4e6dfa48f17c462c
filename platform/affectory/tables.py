"""The one input type of agreement, fusion and aggregation: which rater gave which unit which value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from affectory.coding import Category, coded, factor
from affectory.results import FloatArray, IntArray

Kind = Literal["raters", "slots", "counts"]
Ratings: TypeAlias = "RatingTable | npt.ArrayLike"
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, eq=False)
class RatingTable:
    """Ratings of units by raters, or votes per unit where the raters are not known.

    Make it with one of the `from_...` methods; they say what is wrong with bad input.

    Attributes
    ----------
    kind : {"raters", "slots", "counts"}
        "raters": a row is one person. "slots": ratings of a unit stand in any order, a row is nobody in
        particular. "counts": only the number of votes per category is known.
    values : ndarray of float, shape (raters, units), or None
        NaN is missing. Where `categories` are words, the position of the category. None for "counts".
    counts : ndarray of int, shape (units, categories), or None
        Votes; only for "counts".
    categories : tuple or None
        The labels, in their order; None for plain numbers.
    raters, units : tuple or None
        Names of rows and columns where they are known.
    ordered : bool
        Whether the order of the categories was given; else words stand in the order of the alphabet.
    """

    kind: Kind
    values: FloatArray | None
    counts: IntArray | None = None
    categories: tuple[Category, ...] | None = None
    raters: tuple[Any, ...] | None = None
    units: tuple[Any, ...] | None = None
    ordered: bool = False

    @classmethod
    def from_dense(
        cls,
        ratings: npt.ArrayLike,
        *,
        raters: Sequence[Any] | None = None,
        units: Sequence[Any] | None = None,
        categories: Sequence[Category] | None = None,
    ) -> "RatingTable":
        """Take a full matrix; an array of float64 is used as it is, without a copy.

        Parameters
        ----------
        ratings : array_like, shape (raters, units)
            Numbers with NaN or None for missing, or words (then they become categories).
        raters, units : sequence, optional
            Names of rows and columns.
        categories : sequence, optional
            All of them in order; words that occur in the order of the alphabet when not given, which measures
            that need an order then refuse.

        Returns
        -------
        RatingTable

        Examples
        --------
        >>> RatingTable.from_dense([["joy", None], ["fear", "joy"]]).categories
        ('fear', 'joy')
        """
        values, found = coded(ratings, categories)
        if values.ndim != 2:
            raise ValueError(f"ratings: need a matrix (raters, units), not {values.ndim} dimension(s)")
        _check_names("raters", raters, values.shape[0])
        _check_names("units", units, values.shape[1])
        return cls("raters", values, None, found, _names(raters), _names(units), categories is not None)

    @classmethod
    def from_long(
        cls,
        unit: Sequence[Any] | npt.NDArray[Any],
        rater: Sequence[Any] | npt.NDArray[Any],
        value: Sequence[Any] | npt.NDArray[Any],
        *,
        categories: Sequence[Category] | None = None,
    ) -> "RatingTable":
        """Take one row per rating.

        Parameters
        ----------
        unit, rater, value : sequences of one length
            What was rated, by whom, and the number or word given; None or NaN is missing.
        categories : sequence, optional
            All of them in order; words that occur in the order of the alphabet when not given, which measures
            that need an order then refuse.

        Returns
        -------
        RatingTable
            Raters and units stand in order of first appearance.

        Examples
        --------
        >>> RatingTable.from_long(["u1", "u1", "u2"], ["ann", "bob", "bob"], [1, 2, 3]).values
        array([[ 1., nan],
               [ 2.,  3.]])
        """
        if not len(unit) == len(rater) == len(value):
            raise ValueError(
                f"unit, rater and value differ in length: {len(unit)}, {len(rater)}, {len(value)}"
            )
        row, raters = factor("rater", rater)
        column, units = factor("unit", unit)
        codes, found = coded(value, categories)
        _refuse_doubles(row, column, raters, units)
        dense = np.full((len(raters), len(units)), np.nan)
        dense[row, column] = codes
        return cls("raters", dense, None, found, raters, units, categories is not None)

    @classmethod
    def from_slots(
        cls,
        unit: Sequence[Any] | npt.NDArray[Any],
        value: Sequence[Any] | npt.NDArray[Any],
        *,
        categories: Sequence[Category] | None = None,
    ) -> "RatingTable":
        """Take one row per rating where nobody recorded who rated.

        Parameters
        ----------
        unit, value : sequences of one length
            What was rated, and the number or word given.
        categories : sequence, optional
            As in `from_dense`.

        Returns
        -------
        RatingTable
            Of kind "slots": measures that need persons refuse it.

        Examples
        --------
        >>> RatingTable.from_slots(["a", "b", "a"], [1, 5, 2]).values
        array([[ 1.,  5.],
               [ 2., nan]])
        """
        if len(unit) != len(value):
            raise ValueError(f"unit and value differ in length: {len(unit)}, {len(value)}")
        column, units = factor("unit", unit)
        codes, found = coded(value, categories)
        kept = ~np.isnan(codes)
        slot = pd.Series(column[kept]).groupby(column[kept]).cumcount().to_numpy()
        dense = np.full((int(slot.max(initial=-1)) + 1, len(units)), np.nan)
        dense[slot, column[kept]] = codes[kept]
        return cls("slots", dense, None, found, None, units, categories is not None)

    @classmethod
    def from_counts(
        cls,
        counts: npt.ArrayLike,
        *,
        categories: Sequence[Category] | None = None,
        units: Sequence[Any] | None = None,
    ) -> "RatingTable":
        """Take the number of votes per unit and category.

        Parameters
        ----------
        counts : array_like of int, shape (units, categories)
            Votes, 0 or more.
        categories : sequence, optional
            The labels of the columns, in their order; their positions when not given.
        units : sequence, optional
            Names of rows.

        Returns
        -------
        RatingTable

        Examples
        --------
        >>> RatingTable.from_counts([[3, 1], [0, 4]], categories=["joy", "fear"]).n_units
        2
        """
        given = np.asarray(counts)
        if given.ndim != 2:
            raise ValueError(f"counts: need a matrix (units, categories), not {given.ndim} dimension(s)")
        votes = given.astype(np.int64, copy=False)
        if (votes != given).any() or (votes < 0).any():
            unit, column = np.argwhere((votes != given) | (votes < 0))[0]
            raise ValueError(
                f"counts: unit {unit}, category {column}: {given[unit, column]} is no number of votes"
            )
        _check_names("categories", categories, votes.shape[1])
        _check_names("units", units, votes.shape[0])
        labels = tuple(categories) if categories is not None else tuple(range(votes.shape[1]))
        return cls("counts", None, votes, labels, None, _names(units), ordered=True)

    @property
    def n_units(self) -> int:
        """Number of units, rated or not."""
        if self.counts is not None:
            return int(self.counts.shape[0])
        return int(self.dense().shape[1])

    @property
    def levels(self) -> FloatArray | None:
        """The number each category stands for: itself if it is one, else its position; None without any."""
        if self.categories is None:
            return None
        if all(isinstance(category, int | float) for category in self.categories):
            return np.asarray(self.categories, dtype=np.float64)
        return np.arange(len(self.categories), dtype=np.float64)

    @property
    def has_words(self) -> bool:
        """Whether the categories are names, between which no distance is known."""
        return self.categories is not None and any(isinstance(category, str) for category in self.categories)

    def dense(self) -> FloatArray:
        """Give the ratings as a matrix of numbers; vote counts are unrolled, one slot for each vote.

        Returns
        -------
        ndarray, shape (raters or slots, units)
            NaN is missing; words are their positions in `categories`.

        Examples
        --------
        >>> RatingTable.from_counts([[2, 0], [1, 1]], categories=[5, 9]).dense()
        array([[5., 5.],
               [5., 9.]])
        """
        if self.values is not None:
            return self.values
        return _unrolled(_required(self.counts), _required(self.levels))

    def long(self) -> pd.DataFrame:
        """Give one row per rating.

        Returns
        -------
        DataFrame
            Columns unit, rater and value, by unit: names where they are known and positions where not, words as
            words; what is missing has no row. The rater of an anonymous slot or vote is its place within the
            unit, which is nobody in particular.

        Examples
        --------
        >>> RatingTable.from_dense([["joy", None], ["fear", "joy"]], raters=["ann", "bob"]).long()
           unit rater value
        0     0   ann   joy
        1     0   bob  fear
        2     1   bob   joy
        """
        dense = self.dense()
        rater, unit = np.nonzero(~np.isnan(dense))
        order = np.lexsort((rater, unit))
        rater, unit = rater[order], unit[order]
        value = dense[rater, unit]
        words = self.categories if self.has_words else None
        return pd.DataFrame(
            {
                "unit": unit if self.units is None else [self.units[i] for i in unit],
                "rater": rater if self.raters is None else [self.raters[i] for i in rater],
                "value": value if words is None else [words[int(code)] for code in value],
            }
        )

    def persons(self, measure: str) -> FloatArray:
        """Give the ratings of persons, or refuse where the rows are nobody in particular.

        Parameters
        ----------
        measure : str
            What needs to know who rated; the refusal names it.

        Returns
        -------
        ndarray, shape (raters, units)
            NaN is missing.

        Examples
        --------
        >>> RatingTable.from_dense([[1, 2]]).persons("icc")
        array([[1., 2.]])
        >>> RatingTable.from_slots(["a"], [1]).persons("icc")
        Traceback (most recent call last):
        ValueError: icc compares persons; a table of slots does not know who rated what
        """
        if self.kind != "raters" or self.values is None:
            raise ValueError(
                f"{measure} compares persons; a table of {self.kind} does not know who rated what"
            )
        return self.values

    def need_order(self, measure: str) -> None:
        """Refuse words whose order nobody gave.

        Parameters
        ----------
        measure : str
            What needs the order; the refusal names it.

        Returns
        -------
        None

        Examples
        --------
        >>> RatingTable.from_dense([["low", "high"]], categories=["low", "high"]).need_order("level: ordinal")
        >>> RatingTable.from_dense([["low", "high"]]).need_order("level: ordinal")
        Traceback (most recent call last):
        ValueError: level: ordinal needs the order of the words ['high', 'low']: give categories, from the ...
        """
        if self.has_words and not self.ordered:
            raise ValueError(
                f"{measure} needs the order of the words {list(_required(self.categories))[:5]}: "
                "give categories, from the lowest to the highest"
            )

    def votes(self) -> tuple[IntArray, tuple[Category, ...]]:
        """Count how often each unit got each category.

        Returns
        -------
        counts : ndarray of int, shape (units, categories)
            0 for a category that a unit did not get.
        categories : tuple
            Words in the order of the table, numbers rising; all that were given, else those that occur.

        Examples
        --------
        >>> RatingTable.from_dense([["joy", None], ["fear", "joy"]]).votes()
        (array([[1, 1],
               [0, 1]]), ('fear', 'joy'))
        """
        if self.counts is not None:
            return self.counts, _required(self.categories)
        dense = self.dense()
        valid = ~np.isnan(dense)
        labels: tuple[Category, ...]
        if self.has_words:
            codes, labels = dense[valid].astype(np.int64), _required(self.categories)
        else:
            known = np.unique(dense[valid] if self.levels is None else self.levels)
            codes, labels = np.searchsorted(known, dense[valid]), tuple(map(_plain, known))
        unit = np.broadcast_to(np.arange(dense.shape[1]), dense.shape)[valid]
        flat = np.bincount(unit * len(labels) + codes, minlength=dense.shape[1] * len(labels))
        return flat.reshape(dense.shape[1], len(labels)), labels


def as_table(ratings: Ratings) -> RatingTable:
    """Take a RatingTable as it is, and anything else as a dense matrix.

    Parameters
    ----------
    ratings : RatingTable or array_like, shape (raters, units)
        NaN or None is missing.

    Returns
    -------
    RatingTable

    Examples
    --------
    >>> as_table([[1, 2, None]]).n_units
    3
    """
    return ratings if isinstance(ratings, RatingTable) else RatingTable.from_dense(ratings)


def _refuse_doubles(row: IntArray, column: IntArray, raters: tuple[Any, ...], units: tuple[Any, ...]) -> None:
    cells = row * max(len(units), 1) + column
    doubles = pd.Series(cells).duplicated().to_numpy()
    if doubles.any():
        first = int(np.flatnonzero(doubles)[0])
        raise ValueError(
            f"rater {raters[row[first]]!r} rated unit {units[column[first]]!r} more than once "
            f"({int(doubles.sum())} such row(s)); keep one rating or aggregate them first"
        )


def _check_names(field: str, names: Sequence[Any] | None, expected: int) -> None:
    if names is not None and len(names) != expected:
        raise ValueError(f"{field}: {len(names)} name(s) for {expected}")


def _names(names: Sequence[Any] | None) -> tuple[Any, ...] | None:
    return None if names is None else tuple(names)


def _unrolled(counts: IntArray, levels: FloatArray) -> FloatArray:
    per_unit = counts.sum(axis=1)
    unit = np.repeat(np.arange(len(counts)), per_unit)
    value = np.repeat(np.tile(levels, len(counts)), counts.ravel())
    slot = np.arange(unit.size) - np.repeat(np.cumsum(per_unit) - per_unit, per_unit)
    dense = np.full((int(per_unit.max(initial=0)), len(counts)), np.nan)
    dense[slot, unit] = value
    return dense


def _required(part: _Part | None) -> _Part:
    if part is None:
        raise ValueError("this table of ratings has neither values nor counts")
    return part


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else float(number)
