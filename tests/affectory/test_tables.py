"""What a RatingTable accepts, and how it says no."""

import numpy as np
import pandas as pd
import pytest

from affectory.tables import RatingTable


def test_dense_float_matrix_is_not_copied():
    ratings = np.zeros((2, 3))
    assert RatingTable.from_dense(ratings).dense() is ratings


def test_long_rows_become_raters_by_units():
    table = RatingTable.from_long(["b", "a", "b"], ["x", "x", "y"], [1, None, 3])
    assert table.units == ("b", "a")
    assert table.raters == ("x", "y")
    np.testing.assert_array_equal(table.dense(), [[1, np.nan], [3, np.nan]])


def test_long_rows_that_repeat_a_rating_are_refused_by_name():
    with pytest.raises(ValueError, match="rater 'x' rated unit 'a' more than once"):
        RatingTable.from_long(["a", "a"], ["x", "x"], [1, 2])


def test_unknown_category_is_refused_by_name():
    with pytest.raises(ValueError, match="'rage' is none of the categories"):
        RatingTable.from_dense([["joy", "rage"]], categories=["joy", "fear"])


def test_infinite_rating_is_refused_with_its_place():
    with pytest.raises(ValueError, match=r"infinite value at \(0, 1\)"):
        RatingTable.from_dense([[1.0, np.inf]])


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        ([[1, 2], [1]], "rows of unequal length"),
        ([1, 2], "need a matrix"),
        ([["joy", 1]], "words and numbers are mixed"),
    ],
)
def test_what_is_no_matrix_of_one_kind_is_refused(ratings, message):
    with pytest.raises(ValueError, match=message):
        RatingTable.from_dense(ratings)


def test_a_table_may_come_from_pandas():
    frame = pd.DataFrame({"item": ["a", "a", "b"], "rater": ["x", "y", "x"], "label": ["joy", None, "fear"]})
    table = RatingTable.from_long(frame["item"], frame["rater"], frame["label"])
    np.testing.assert_array_equal(table.dense(), [[1, 0], [np.nan, np.nan]])
    assert table.categories == ("fear", "joy")


@pytest.mark.parametrize("counts", [[[1, -1]], [[0.5, 1]]])
def test_impossible_vote_counts_are_refused(counts):
    with pytest.raises(ValueError, match="no number of votes"):
        RatingTable.from_counts(counts)


def test_anonymous_slots_do_not_pretend_to_be_persons():
    table = RatingTable.from_slots(["a", "a", "b"], [1, 2, 3])
    assert table.kind == "slots"
    with pytest.raises(ValueError, match="icc compares persons"):
        table.persons("icc")


def test_long_rows_come_back_as_they_went_in():
    unit, rater, value = ["a", "a", "b"], ["x", "y", "y"], ["joy", "fear", "joy"]
    back = RatingTable.from_long(unit, rater, value).long()
    assert back.to_numpy().T.tolist() == [unit, rater, value]
    assert RatingTable.from_counts([[2, 1]], categories=["joy", "fear"]).long()["value"].tolist() == [
        "joy",
        "joy",
        "fear",
    ]


def test_counts_unroll_to_the_same_votes():
    table = RatingTable.from_counts([[2, 0], [1, 1]], categories=[5, 9])
    np.testing.assert_array_equal(table.dense(), [[5, 5], [5, 9]])
    counts, categories = RatingTable.from_dense(table.dense()).votes()
    assert counts.tolist() == [[2, 0], [1, 1]]
    assert categories == (5, 9)
