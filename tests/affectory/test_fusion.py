"""Fused traces against the reference, and what happens at the edges."""

import numpy as np
import pytest

from affectory import fusion
from tests.affectory.reference import case


def test_ewe_by_ccc_matches_reference():
    given = case("fusion_continuous", "ewe_ccc_leave_self_out")
    found = fusion.ewe(given["input"]["traces_raters_x_time"], weights="ccc")
    np.testing.assert_allclose(found.scores, given["expected"]["mean_ccc_with_others"], atol=1e-9)
    np.testing.assert_allclose(found.weights, given["expected"]["weights"], atol=1e-9)
    np.testing.assert_allclose(found.values, given["expected"]["fused"], atol=1e-9)
    np.testing.assert_allclose(found.values, given["expected"]["muse_toolbox_fused"], atol=0.003)


@pytest.mark.parametrize(
    ("weights", "scores", "fused"),
    [
        ("correlation", "r_with_mean_of_all", "fused_all"),
        ("correlation_others", "r_with_mean_of_others", "fused_others"),
    ],
)
def test_ewe_by_correlation_matches_reference(weights, scores, fused):
    given = case("fusion_continuous", "ewe_grimm_kroschel")
    found = fusion.ewe(given["input"]["traces_raters_x_time"], weights=weights)
    np.testing.assert_allclose(found.scores, given["expected"][scores], atol=1e-9)
    np.testing.assert_allclose(found.values, given["expected"][fused], atol=1e-9)


def test_mean_and_median_match_reference():
    given = case("fusion_continuous", "mean_median")
    traces = given["input"]["traces_raters_x_time"]
    np.testing.assert_allclose(fusion.mean(traces).values, given["expected"]["mean"], atol=1e-12)
    np.testing.assert_allclose(fusion.median(traces).values, given["expected"]["median"], atol=1e-12)


@pytest.mark.parametrize("weights", ["correlation", "correlation_others", "ccc"])
def test_ewe_without_any_agreement_falls_back_to_the_mean_and_says_so(weights):
    traces = [[0.0, 1.0, 2.0, 3.0], [3.0, 2.0, 1.0, 0.0]]
    found = fusion.ewe(traces, weights=weights)
    assert found.weights is None
    assert "unweighted mean" in found.reason
    np.testing.assert_array_equal(found.values, [1.5] * 4)


def test_samples_with_too_few_raters_are_unknown_and_counted():
    found = fusion.mean([[1.0, None, 3.0], [2.0, 2.0, None]], min_raters=2)
    np.testing.assert_array_equal(found.values, [1.5, np.nan, np.nan])
    np.testing.assert_array_equal(found.n, [2, 1, 1])
    np.testing.assert_array_equal(found.sd, [0.5, np.nan, np.nan])
    assert found.as_dict()["values"] == [1.5, None, None]


def test_a_constant_or_absent_rater_weighs_nothing():
    line = np.linspace(0, 1, 20)
    traces = np.array([line, line + 0.1, np.full(20, 0.3), np.full(20, np.nan)])
    for weights in ("correlation", "ccc"):
        found = fusion.ewe(traces, weights=weights)
        np.testing.assert_allclose(found.weights, [0.5, 0.5, 0, 0], atol=0.02)
        assert not np.isnan(found.values).any()


def test_trimmed_mean_needs_a_share_below_one_half():
    with pytest.raises(ValueError, match="share"):
        fusion.trimmed([[1.0]], share=0.5)


def test_vote_counts_are_no_traces():
    from affectory.tables import RatingTable

    with pytest.raises(ValueError, match="fusion compares persons"):
        fusion.mean(RatingTable.from_counts([[1, 2]]))
