"""Published worked examples of agreement, and edge cases whose answer is 'undefined, because'."""

import krippendorff
import numpy as np
import pytest

from affectory.agreement import (
    alpha_from_sums,
    ccc,
    cronbach_alpha,
    icc,
    krippendorff_alpha,
    pairwise_ccc,
    pairwise_pearson,
    pearson,
    unit_sums,
)
from affectory.tables import RatingTable
from tests.affectory.reference import vectors


@pytest.mark.parametrize("case", vectors("agreement_krippendorff"))
def test_krippendorff_alpha_matches_published_value(case):
    found = krippendorff_alpha(case["input"]["ratings_raters_x_units"], level=case["input"]["level"])
    expected = case["expected"]
    if expected["alpha"] is None:
        assert found.value is None
        assert found.reason
        return
    tolerance = case["tolerance"]
    exact = expected.get("alpha_exact", expected["alpha"])
    assert found.value == pytest.approx(
        exact, abs=tolerance.get("alpha_exact", 1e-9) if isinstance(tolerance, dict) else tolerance
    )
    assert found.value == pytest.approx(
        expected["alpha"], abs=tolerance["alpha"] if isinstance(tolerance, dict) else tolerance
    )
    for term in {"observed_disagreement", "expected_disagreement"} & set(expected):
        # Printed with three digits.
        assert found.details[term] == pytest.approx(expected[term], abs=5e-4)


# As Shrout and Fleiss call them: between targets, within targets, between judges, error.
MEAN_SQUARES = {
    "BMS": "mean_square_units",
    "WMS": "mean_square_within",
    "JMS": "mean_square_raters",
    "EMS": "mean_square_error",
}


@pytest.mark.parametrize("case", vectors("agreement_icc"))
def test_icc_matches_published_value(case):
    ratings = np.array(case["input"]["ratings_targets_x_raters"]).T
    found, expected = icc(ratings), case["expected"]
    for form, value in expected.get("published_2dp", {}).items():
        assert found[form].value == pytest.approx(value, abs=case["tolerance"]["published_2dp"])
        exact = expected["exact"][form]
        assert found[form].value == pytest.approx(exact["value"], abs=1e-9)
        assert found[form].ci == pytest.approx(exact["ci95"], abs=case["tolerance"]["exact"])
    for short, value in expected.get("mean_squares", {}).items():
        assert found["ICC2"].details[MEAN_SQUARES[short]] == pytest.approx(value, abs=0.0055)
    if "cronbach_alpha" in expected:
        alpha = cronbach_alpha(ratings)
        assert alpha.value == pytest.approx(expected["cronbach_alpha"], abs=1e-9)
        assert alpha.ci == pytest.approx(found["ICC3k"].ci, abs=1e-9)
    for form in set(expected) & set(found):
        if expected[form] is None:
            assert found[form].value is None
            assert found[form].reason
        else:
            assert found[form].value == pytest.approx(expected[form], abs=1e-9)


def test_icc_forms_that_degenerate_are_none_with_a_reason():
    found = icc([[1, 3, 2], [3, 1, 2]])
    assert found["ICC1"].value == pytest.approx(-1)
    for form in ("ICC2", "ICC1k", "ICC2k", "ICC3k"):
        assert found[form].value is None
        assert found[form].reason


def of_ccc(case):
    """The file holds other correlations as well, which have tests of their own."""
    given, expected = case.get("input", {}), case.get("expected", {})
    named = {"ccc", "ccc_population_variance", "pearson"} & set(expected)
    return not case or "traces_raters_x_time" in given or ("x" in given and named)


@pytest.mark.parametrize(
    "case", [case for case in vectors("agreement_ccc_correlation") if of_ccc(case.values[0])]
)
def test_ccc_matches_reference(case):
    given, expected = case["input"], case["expected"]
    if "traces_raters_x_time" in given:
        found = pairwise_ccc(given["traces_raters_x_time"])
        np.testing.assert_allclose(found.value, expected["ccc_matrix"], atol=case["tolerance"])
        return
    found = ccc(given["x"], given["y"])
    if "ccc_population_variance" in expected:
        assert found.value == pytest.approx(expected["ccc_population_variance"], abs=1e-9)
        assert ccc(given["x"], given["y"], ddof=1).value == pytest.approx(
            expected["ccc_sample_variance"], abs=1e-9
        )
        assert found.ci == pytest.approx(expected["ci95_z"], abs=1e-9)
    elif expected.get("ccc") is None:
        assert found.value is None
        assert "0/0" in found.reason
    else:
        assert found.value == pytest.approx(expected["ccc"], abs=max(case["tolerance"], 1e-12))
    if "pearson" in expected:
        r = pearson(given["x"], given["y"])
        assert (r.value is None and r.reason) or r.value == pytest.approx(expected["pearson"], abs=1e-9)


def test_alpha_of_vote_counts_equals_alpha_of_the_votes_themselves():
    votes = np.array([[0, 1, 2, 0], [0, 1, 1, np.nan], [1, 1, 2, 0]])
    counts = [[2, 1, 0], [0, 3, 0], [0, 1, 2], [2, 0, 0]]
    for level in ("nominal", "ordinal", "interval"):
        dense = krippendorff_alpha(votes, level=level).value
        counted = krippendorff_alpha(RatingTable.from_counts(counts), level=level).value
        assert counted == pytest.approx(dense, abs=1e-12)


def test_alpha_refuses_distances_between_words():
    with pytest.raises(ValueError, match="interval needs numbers"):
        krippendorff_alpha([["joy", "fear"], ["joy", "joy"]], level="interval")
    assert krippendorff_alpha([["joy", "fear"], ["joy", "fear"]], level="nominal").value == 1


def test_ordinal_alpha_of_words_needs_their_order():
    grades = ["low", "medium", "high"]
    codes = np.array([[0, 1, 2, 0, 2, 1, 1], [0, 2, 2, 0, 2, 1, 0], [0, 1, 2, 1, 2, 1, 1]])
    words = [[grades[code] for code in row] for row in codes]
    unit, rater, value = zip(*[(u, r, words[r][u]) for r in range(3) for u in range(7)], strict=True)
    for unordered in (words, RatingTable.from_long(unit, rater, value), RatingTable.from_slots(unit, value)):
        with pytest.raises(ValueError, match="level: ordinal needs the order of the words"):
            krippendorff_alpha(unordered, level="ordinal")
    expected = krippendorff_alpha(codes, level="ordinal").value
    for ordered in (
        RatingTable.from_dense(words, categories=grades),
        RatingTable.from_long(unit, rater, value, categories=grades),
        RatingTable.from_slots(unit, value, categories=grades),
    ):
        assert krippendorff_alpha(ordered, level="ordinal").value == pytest.approx(expected, abs=1e-12)
    assert krippendorff_alpha(words, level="ordinal", categories=grades).value == pytest.approx(expected)
    assert krippendorff_alpha(words, level="ordinal", categories=sorted(grades)).value < expected


def test_ratio_alpha_of_negative_values_is_undefined_with_a_reason():
    found = krippendorff_alpha([[-1.0, 0.5], [-0.9, 0.4]], level="ratio")
    assert found.value is None
    assert "negative" in found.reason


RATIO_VALUES = {
    "fractions": lambda rng: rng.random((4, 150)),
    "with zeros": lambda rng: np.maximum(rng.random((4, 150)) - 0.2, 0),
    "alike but for the seventh digit": lambda rng: 1e3 + 1e-4 * rng.random((4, 150)),
    "of many sizes": lambda rng: 10 ** rng.uniform(-9, 9, (4, 150)),
    "tiny": lambda rng: 1e-200 * (1 + rng.random((4, 150))),
}


@pytest.mark.parametrize("what", RATIO_VALUES)
def test_ratio_alpha_of_many_values_is_that_of_all_pairs(what):
    ratings = RATIO_VALUES[what](np.random.default_rng(0))
    ratings[0, 5] = ratings[1, 9] = np.nan
    known = ratings[~np.isnan(ratings)].astype(np.longdouble)
    total = known[:, None] + known
    apart = np.square(np.divide(known[:, None] - known, total, out=np.zeros_like(total), where=total > 0))
    expected = float(apart.sum() / (known.size * (known.size - 1)))
    found = krippendorff_alpha(ratings, level="ratio", ci=0.9, draws=20)
    assert found.details["expected_disagreement"] == pytest.approx(expected, rel=1e-13)
    assert found.ci[0] < found.value < found.ci[1]


def test_bootstrap_interval_contains_alpha_and_shrinks_with_units():
    rng = np.random.default_rng(1)

    def interval(units):
        truth = rng.normal(size=units)
        found = krippendorff_alpha(truth + rng.normal(size=(4, units)), level="interval", ci=0.95)
        assert found.ci[0] < found.value < found.ci[1]
        assert found.details["draws_dropped"] == 0
        return found.ci[1] - found.ci[0]

    assert interval(100) / interval(1600) == pytest.approx(4, rel=0.35)


def test_bootstrap_repeats_with_its_seed():
    ratings = np.random.default_rng(0).integers(1, 6, (3, 40)).astype(float)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        first, again = (krippendorff_alpha(ratings, level=level, ci=0.9, seed=7, draws=50) for _ in range(2))
        assert first.as_dict() == again.as_dict()


def test_bootstrap_drops_and_counts_draws_without_spread():
    found = krippendorff_alpha([[1, 1, 2], [1, 1, 1]], level="nominal", ci=0.95, draws=200)
    assert 0 < found.details["draws_dropped"] < 200


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("values", [3, 12, 500])
def test_alpha_agrees_with_an_independent_implementation(level, values):
    rng = np.random.default_rng(values)
    ratings = rng.integers(0, values, (5, 120)).astype(float)
    ratings[rng.random(ratings.shape) < 0.3] = np.nan
    second = krippendorff.alpha(reliability_data=ratings, level_of_measurement=level)
    assert krippendorff_alpha(ratings, level=level).value == pytest.approx(second, abs=1e-12)


def test_pairwise_cells_equal_the_direct_coefficient_and_undefined_ones_say_why():
    rng = np.random.default_rng(3)
    traces = rng.normal(size=(5, 60)) + np.array([0, 1e6, 0, 5, 0])[:, None]
    traces[rng.random(traces.shape) < 0.2] = np.nan
    traces[4] = 2.0
    traces[3, 4:] = np.nan
    found = pairwise_ccc(traces)
    for i in range(5):
        for j in range(5):
            direct = ccc(traces[i], traces[j])
            if direct.value is None:
                assert np.isnan(found.value[i, j])
                assert found.reasons[i, j] == direct.reason
            else:
                assert found.value[i, j] == pytest.approx(direct.value, abs=1e-9)
    assert found[4, 4].reason


def test_pairs_say_how_many_raters_and_units_they_rest_on():
    found = pairwise_ccc([[1.0, 2.0, 3.0, np.nan], [1.0, 2.0, 4.0, 5.0], [np.nan, 1.0, 2.0, 3.0]])
    assert found.n_raters == 3
    assert found.n_units_dropped.tolist() == [[1, 1, 2], [1, 0, 1], [2, 1, 1]]
    assert (found[0, 2].n_units_used, found[0, 2].n_units_dropped) == (2, 2)
    assert (found.mean.n_units_used, found.mean.n_units_dropped, found.mean.n_raters) == (3, 1, 3)


@pytest.mark.parametrize("measure", [pairwise_ccc, pairwise_pearson])
def test_one_rater_has_no_pair(measure):
    found = measure([[1.0, 2.0, 3.0]])
    assert np.isnan(found.value).all()
    for one in (found, found[0, 0], found.mean, found.minimum):
        assert one.reason == "needs two raters"
    assert found.as_dict()["value"] == [[None]]
    assert measure(np.empty((0, 4))).reason == "needs two raters"


def test_results_are_plain_json():
    import json

    traces = [[1.0, 2.0, 3.0], [1.0, 2.0, None], [2.0, 2.0, 2.0]]
    found = [krippendorff_alpha(traces, level="interval", ci=0.9, draws=10), *icc(traces).values()]
    parsed = json.loads(json.dumps([one.as_dict() for one in found] + [pairwise_ccc(traces).as_dict()]))
    assert parsed[0]["n_units_used"] == 3
    assert parsed[0]["convention"] == "Krippendorff alpha, interval"


def test_alpha_kept_rating_by_rating_equals_alpha_of_all():
    rng = np.random.default_rng(0)
    ratings = rng.normal(loc=5, size=(6, 50))
    ratings[rng.random(ratings.shape) < 0.4] = np.nan
    kept = unit_sums(ratings[:1], centre=5)
    for row in ratings[1:]:
        kept = kept + unit_sums(row[None, :], centre=5)
    found, whole = alpha_from_sums(kept), krippendorff_alpha(ratings, level="interval")
    assert found.value == pytest.approx(whole.value, abs=1e-12)
    assert (found.n_units_used, found.n_units_dropped) == (whole.n_units_used, whole.n_units_dropped)
    with pytest.raises(ValueError, match="same centre"):
        kept + unit_sums(ratings)
    assert alpha_from_sums(unit_sums([[2.0, 2.0], [2.0, 2.0]], centre=2)).reason
