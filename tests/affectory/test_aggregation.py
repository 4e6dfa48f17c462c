"""Votes and scale ratings, unit by unit."""

import numpy as np
import pytest

from affectory.aggregation import majority_vote, summarise_scale, vote_distribution
from affectory.tables import RatingTable
from tests.affectory.reference import document


def test_vote_shares_match_reference():
    cases = {case["name"]: case for case in document("aggregation_categorical")}
    rows = cases["dawid_skene_1979_anaesthetists"]["input"]["items"]
    table = RatingTable.from_slots([item for item, _, _ in rows], [label for _, _, label in rows])
    expected = cases["dawid_skene_1979_majority"]["expected"]["soft_labels"]
    np.testing.assert_allclose(vote_distribution(table).shares, expected, atol=1e-12)


def test_ties_have_no_label_unless_asked_for():
    votes = RatingTable.from_counts([[2, 2, 0], [3, 1, 0], [0, 0, 0]], categories=["joy", "fear", "anger"])
    won = majority_vote(votes)
    assert won.labels == (None, "joy", None)
    assert won.reasons == ("tie: joy, fear", None, "0 vote(s), 1 needed")
    assert won.tied == (("joy", "fear"), ("joy",), ())
    assert majority_vote(votes, ties="first").labels == ("joy", "joy", None)


def test_thresholds_on_share_and_number_of_votes():
    votes = RatingTable.from_counts([[5, 5], [6, 4], [1, 0]], categories=["a", "b"])
    assert majority_vote(votes, ties="first", more_than=0.4).labels == ("a", "a", "a")
    assert majority_vote(votes, more_than=0.6).labels == (None, None, "a")
    assert majority_vote(votes, min_votes=2).labels == (None, "a", None)


def test_soft_label_of_a_unit_without_votes_is_unknown_not_zero():
    spread = vote_distribution(RatingTable.from_counts([[0, 0], [1, 1]]))
    assert np.isnan(spread.shares[0]).all()
    assert np.isnan(spread.entropy[0])
    assert spread.entropy[1] == 1


def test_scale_summary_says_why_a_unit_has_no_mean():
    summary = summarise_scale([[1, 2, None], [3, None, None]], min_raters=2)
    np.testing.assert_array_equal(summary.mean, [2, np.nan, np.nan])
    assert summary.reasons == (None, "1 rating(s), 2 needed", "0 rating(s), 2 needed")


def test_words_have_no_mean():
    with pytest.raises(ValueError, match="words"):
        summarise_scale([["joy"]])
