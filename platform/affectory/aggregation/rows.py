"""Votes in the forms they come in: a RatingTable, rows (item, rater, label), or a matrix (raters, items)."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from affectory.tables import RatingTable, as_table

Row: TypeAlias = Sequence[Any]
Votes: TypeAlias = RatingTable | pd.DataFrame | Iterable[Row]
FIELDS = ("item", "rater", "label")
# As `RatingTable.long()` calls its columns.
ALSO = {"unit": "item", "value": "label"}
AMBIGUOUS = (
    "votes: rows of three may be (item, rater, label), or what each rater gave three items; say which with "
    "RatingTable.from_long or RatingTable.from_dense"
)


def vote_table(votes: Votes | npt.ArrayLike) -> RatingTable:
    """Give votes as a RatingTable, or refuse what may be read in two ways."""
    if isinstance(votes, RatingTable):
        return votes
    if isinstance(votes, pd.DataFrame):
        return _from_rows(_named(votes))
    if isinstance(votes, np.ndarray) or not isinstance(votes, Iterable):
        return as_table(votes)
    rows = list(votes)
    if not (rows and all(isinstance(row, Sequence) and len(row) == 3 for row in rows)):
        return as_table(rows)
    return _of_threes(rows)


def vote_rows(votes: Votes, model: str) -> pd.DataFrame:
    """Give votes as complete rows item, rater, label; `model` needs to know who voted."""
    frame = _rows_of_persons(votes, model)
    for name in FIELDS:
        missing = frame[name].isna()
        if missing.any():
            raise ValueError(f"table: {name} is missing in row {int(np.flatnonzero(missing)[0])}")
    return frame


def _rows_of_persons(votes: Votes, model: str) -> pd.DataFrame:
    if isinstance(votes, RatingTable):
        votes.persons(model)
        votes = votes.long()
    frame = _named(votes) if isinstance(votes, pd.DataFrame) else _framed(list(votes))
    if frame.empty:
        raise ValueError("table: no votes; need a RatingTable or rows of item, rater, label")
    return frame


def _framed(rows: Sequence[Row]) -> pd.DataFrame:
    strange = next((place for place, row in enumerate(rows) if len(row) != len(FIELDS)), None)
    if strange is not None:
        raise ValueError(
            f"table: row {strange} is not (item, rater, label); a matrix comes as RatingTable.from_dense"
        )
    return pd.DataFrame([tuple(row) for row in rows], columns=list(FIELDS))


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Take the columns by their names where they have them, else all three in their order."""
    renamed = frame.rename(columns=ALSO)
    if set(FIELDS) <= set(renamed.columns):
        return renamed[list(FIELDS)]
    if frame.shape[1] != len(FIELDS):
        raise ValueError(
            f"table: of columns {[str(name) for name in frame.columns[:6]]} none are item, rater, label, and they "
            "are not three; a matrix (raters, items) comes as RatingTable.from_dense"
        )
    return frame.set_axis(list(FIELDS), axis="columns")


def _of_threes(rows: Sequence[Row]) -> RatingTable:
    """Tuples are rows of votes and lists are rows of a matrix, where they cannot be the other."""
    given = np.empty((len(rows), 3), dtype=object)
    given[:] = [tuple(row) for row in rows]
    words = np.array([[isinstance(value, str) for value in row] for row in given])
    known = ~pd.isna(given)
    if (words & known).any() and (known & ~words).any():
        return _from_rows(_framed(rows))
    tuples = all(isinstance(row, tuple) for row in rows)
    labels = set(given[:, 2][known[:, 2]])
    shared = not words.any() or not labels.isdisjoint(given[:, :2][known[:, :2]])
    if tuples and shared:
        raise ValueError(AMBIGUOUS)
    if tuples:
        return _from_rows(_framed(rows))
    voted = {(item, rater) for item, rater, _ in given}
    if not shared and len(rows) > 1 and len(voted) == len(rows):
        raise ValueError(AMBIGUOUS)
    return as_table(rows)


def _from_rows(frame: pd.DataFrame) -> RatingTable:
    return RatingTable.from_long(frame["item"], frame["rater"], frame["label"].to_numpy())
