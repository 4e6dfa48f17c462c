"""Published examples of kappa, AC1/AC2, label sets and segments."""

import numpy as np
import pytest

from affectory import agreement
from affectory.tables import RatingTable
from tests.affectory.reference import case, vectors


def series_of(confusion):
    """Two raters whose answers make this table."""
    cells = [(i, j) for i, row in enumerate(confusion) for j, n in enumerate(row) for _ in range(n)]
    return [i for i, _ in cells], [j for _, j in cells]


def cohen_cases():
    return [one for one in vectors("agreement_kappa") if "confusion" in one.values[0].get("input", {})]


@pytest.mark.parametrize("case", cohen_cases())
def test_cohen_kappa_matches_published_value_and_interval(case):
    given, expected, tolerance = case["input"], case["expected"], case["tolerance"]
    found = agreement.cohen_kappa(*series_of(given["confusion"]), weights=given["weights"])
    limit = tolerance["kappa"] if isinstance(tolerance, dict) else tolerance
    assert found.value == pytest.approx(expected["kappa"], abs=limit)
    if "kappa_exact" in expected:
        assert found.value == pytest.approx(expected["kappa_exact"], abs=1e-9)
        assert found.details["observed_agreement"] == pytest.approx(expected["po"])
        assert found.details["chance_agreement"] == pytest.approx(expected["pe"])
    if "ci95" in expected:
        assert found.ci == pytest.approx(expected["ci95"], abs=limit)
        assert found.details["se"] == pytest.approx(expected["ase"], abs=limit)


def test_cohen_kappa_of_one_category_is_undefined_with_a_reason():
    found = agreement.cohen_kappa([1, 1, 1], [1, 1, 1])
    assert found.value is None
    assert "0/0" in found.reason


def test_fleiss_kappa_matches_published_value():
    given = case("agreement_kappa", "fleiss_wikipedia_10x14")
    found = agreement.fleiss_kappa(given["input"]["counts_units_x_categories"])
    assert found.value == pytest.approx(given["expected"]["kappa_exact"], abs=1e-9)


def test_fleiss_kappa_refuses_unequal_numbers_of_votes_unless_asked_to_pool():
    counts = [[3, 0], [1, 1], [0, 3], [1, 0]]
    found = agreement.fleiss_kappa(counts)
    assert found.value is None
    assert "alpha" in found.reason
    assert agreement.fleiss_kappa(counts, unequal="pool").n_units_used == 3


def fleiss_of_shares(ratings, weights):
    return agreement.fleiss_kappa(RatingTable.from_dense(ratings), unequal="shares", weights=weights)


# What the reference calls them.
CORRECTED = {
    "AC1": agreement.gwet_ac,
    "AC2": agreement.gwet_ac,
    "Fleiss' kappa": fleiss_of_shares,
    "Krippendorff's Alpha": agreement.weighted_alpha,
    "Conger's kappa": agreement.conger_kappa,
    "Brennan-Prediger": agreement.brennan_prediger,
}
STATED = {"se": "se", "pa": "observed_agreement", "pe": "chance_agreement"}


@pytest.mark.parametrize("weights", [None, "linear", "quadratic", "ordinal"])
def test_coefficients_of_four_raters_with_gaps_match_all_that_is_published(weights):
    given = case("agreement_kappa", f"gwet_raw_4raters_{weights or 'unweighted'}")
    ratings, limit = np.array(given["input"]["ratings_units_x_raters"], dtype=float).T, given["tolerance"]
    assert len(given["expected"]) == 5
    for name, stated in given["expected"].items():
        found = CORRECTED[name](ratings, weights=weights)
        facts = {"coefficient_value": found.value, "ci": found.ci}
        facts |= {short: found.details[long] for short, long in STATED.items()}
        for key, value in stated.items():
            assert facts[key] == pytest.approx(value, abs=limit), (name, key)


def test_alpha_of_gwets_table_is_the_same_by_levels_and_by_weights():
    given = case("agreement_kappa", "gwet_raw_4raters_unweighted")
    ratings = np.array(given["input"]["ratings_units_x_raters"], dtype=float).T
    for level, weights in (("nominal", None), ("interval", "quadratic")):
        by_level = agreement.krippendorff_alpha(ratings, level=level)
        by_weights = agreement.weighted_alpha(ratings, weights=weights)
        assert by_weights.value == pytest.approx(by_level.value, abs=1e-12)
        assert by_weights.n_units_used == by_level.n_units_used


@pytest.mark.parametrize("weights", [None, "linear", "quadratic", "ordinal"])
def test_conger_of_two_complete_raters_is_cohen(weights):
    first, second = np.random.default_rng(0).integers(1, 6, (2, 60))
    one = agreement.conger_kappa([first, second], weights=weights)
    other = agreement.cohen_kappa(first, second, weights=weights)
    assert one.value == pytest.approx(other.value, abs=1e-12)


def test_fleiss_of_complete_ratings_is_the_same_by_every_rule():
    votes = np.random.default_rng(0).multinomial(5, [0.5, 0.3, 0.2], 30)
    by_rule = [agreement.fleiss_kappa(votes, unequal=rule) for rule in ("refuse", "pool", "shares")]
    assert [one.value for one in by_rule] == pytest.approx([by_rule[0].value] * 3, abs=1e-12)
    assert [one.details["se"] for one in by_rule] == pytest.approx([by_rule[0].details["se"]] * 3, abs=1e-12)


def test_conger_needs_to_know_who_rated():
    with pytest.raises(ValueError, match="conger_kappa compares persons"):
        agreement.conger_kappa(RatingTable.from_counts([[3, 0], [2, 1]]))


def test_categories_that_nobody_used_count_where_they_are_given():
    ratings = [[1, 2, 2, 4], [1, 2, 4, 4]]
    for measure in (agreement.brennan_prediger, agreement.gwet_ac):
        four = measure(ratings, weights="linear", categories=[1, 2, 3, 4])
        assert four.value != pytest.approx(measure(ratings, weights="linear").value)
        words = [["abcd"[one - 1] for one in row] for row in ratings]
        assert measure(words, weights="linear", categories="abcd").value == pytest.approx(four.value)
    free = agreement.brennan_prediger(ratings, categories=[1, 2, 3, 4])
    assert free.value == pytest.approx((3 / 4 - 1 / 4) / (1 - 1 / 4))


GRADES = ["low", "medium", "high"]
WEIGHTED = {
    "cohen": lambda r, **how: agreement.cohen_kappa(*r, **how),
    "gwet": agreement.gwet_ac,
    "conger": agreement.conger_kappa,
    "brennan": agreement.brennan_prediger,
    "alpha": agreement.weighted_alpha,
}


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_of_words_need_their_order(name):
    codes = np.array([[0, 1, 2, 2, 1, 0], [0, 1, 2, 1, 1, 0]])
    words = [[GRADES[code] for code in row] for row in codes]
    for weights in ("linear", "quadratic", "ordinal"):
        with pytest.raises(ValueError, match=r"order of the words .* give categories"):
            WEIGHTED[name](words, weights=weights)
        ordered = WEIGHTED[name](words, weights=weights, categories=GRADES)
        assert ordered.value == pytest.approx(WEIGHTED[name](codes, weights=weights).value)
    assert WEIGHTED[name](words).value == pytest.approx(WEIGHTED[name](codes).value)


def test_a_table_brings_its_own_categories():
    table = RatingTable.from_dense([["low", "high"], ["low", "high"]], categories=GRADES)
    assert agreement.gwet_ac(table, weights="linear").value == 1
    with pytest.raises(ValueError, match="has its own"):
        agreement.gwet_ac(table, categories=GRADES)
    counts = RatingTable.from_counts([[2, 0, 0], [0, 1, 1]], categories=GRADES)
    assert agreement.fleiss_kappa(counts, weights="linear").value is not None
    sorted_words = RatingTable.from_dense([["low", "high"], ["low", "high"]])
    with pytest.raises(ValueError, match="order of the words"):
        agreement.fleiss_kappa(sorted_words, weights="linear")


def test_ordinal_weights_of_cohen_are_those_of_gwet():
    # Categories that lie i apart have i (i + 1) / 2 pairs between them, of 10 at most.
    found = agreement.cohen_kappa([1, 2, 3, 4, 5, 1], [1, 2, 3, 4, 4, 3], weights="ordinal")
    assert found.details["observed_agreement"] == pytest.approx(1 - (1 + 3) / 10 / 6)
    with pytest.raises(ValueError, match="weights: 'cubic' is none of"):
        agreement.cohen_kappa([1, 2], [1, 2], weights="cubic")


def test_intervals_stay_within_the_range_of_the_coefficient():
    nearly, opposed = ([1, 1, 2, 2, 2], [1, 1, 2, 2, 1]), ([1, 1, 2, 2, 1], [2, 2, 1, 1, 1])
    for name, measure in WEIGHTED.items():
        assert measure(list(nearly)).ci[1] == 1, name
        assert measure(list(opposed)).ci[0] == -1, name


def test_gwet_stays_high_where_kappa_collapses():
    given = case("agreement_kappa", "gwet_ac1_paradox_2x2")
    pairs, expected = given["input"]["pairs"], given["expected"]
    first = ["y"] * (pairs["yy"] + pairs["yn"]) + ["n"] * pairs["nn"]
    second = ["y"] * pairs["yy"] + ["n"] * (pairs["yn"] + pairs["nn"])
    found = agreement.gwet_ac([first, second])
    # Scott's pi is Fleiss' kappa of two raters.
    pi = agreement.fleiss_kappa(RatingTable.from_dense([first, second]))
    facts = {
        "ac1": found.value,
        "pe": found.details["chance_agreement"],
        "po": found.details["observed_agreement"],
        "scott_pi": pi.value,
    }
    assert facts == pytest.approx(expected, abs=given["tolerance"])


def test_gwet_takes_vote_counts():
    votes = [[0, 0, 1], [0, 1, 1], [0, 0, 1]]
    counts = RatingTable.from_counts([[3, 0], [2, 1], [0, 3]])
    assert agreement.gwet_ac(counts).value == pytest.approx(agreement.gwet_ac(votes).value)


@pytest.mark.parametrize(
    "case", [one for one in vectors("agreement_multilabel") if "a" in one.values[0].get("input", {})]
)
def test_set_distances_match_reference(case):
    a, b = case["input"]["a"], case["input"]["b"]
    assert agreement.masi_distance(a, b) == pytest.approx(case["expected"]["masi_distance"], abs=1e-12)
    assert agreement.jaccard_distance(a, b) == pytest.approx(case["expected"]["jaccard_distance"], abs=1e-12)


def test_alpha_over_label_sets_matches_reference():
    given = case("agreement_multilabel", "alpha_masi_9_items_2_raters")
    raters = list(zip(*given["input"]["pairs"], strict=True))
    found = agreement.set_alpha(raters)
    assert found.value == pytest.approx(given["expected"]["alpha_masi"], abs=1e-9)
    assert found.details["observed_disagreement"] == pytest.approx(given["expected"]["Do"], abs=1e-9)
    assert found.details["expected_disagreement"] == pytest.approx(given["expected"]["De"], abs=1e-9)
    jaccard = agreement.set_alpha(raters, distance="jaccard").value
    assert jaccard == pytest.approx(given["expected"]["alpha_jaccard"], abs=1e-9)


def test_two_empty_sets_agree_and_a_missing_set_is_not_an_empty_one():
    assert agreement.masi_distance([], []) == 0
    found = agreement.set_alpha([[[], ["a"], None], [[], ["a"], ["b"]]])
    assert found.value == 1
    assert (found.n_units_used, found.n_units_dropped) == (2, 1)


@pytest.mark.parametrize("measure", [agreement.set_alpha, agreement.per_label_alpha])
def test_words_are_not_taken_for_sets_of_their_letters(measure):
    with pytest.raises(ValueError, match=r"rater 1, unit 0: 'joy' is one word.* write \{'joy'\}"):
        measure([[{"joy"}, {"fear"}], ["joy", {"fear"}]])
    for distance in (agreement.masi_distance, agreement.jaccard_distance):
        with pytest.raises(ValueError, match="b: 'joy' is one word"):
            distance({"joy"}, "joy")


def test_unitizing_alpha_matches_published_example():
    given = case("agreement_segments", "krippendorff2004_unitizing")
    by_category = given["input"]["units_start_length"]
    units = [
        [(start, length, name) for name, raters in by_category.items() for start, length in raters[rater]]
        for rater in range(2)
    ]
    found = agreement.unitizing_alpha(units, continuum=tuple(given["input"]["continuum"]))
    for name in ("c", "k"):
        one, expected = found.by_category[name], given["expected"][name]
        assert one.value == pytest.approx(expected["alpha"], abs=given["tolerance"]["alpha"])
        assert one.details["observed_disagreement"] == pytest.approx(expected["Do"], abs=1e-4)
        assert one.details["expected_disagreement"] == pytest.approx(expected["De"], abs=1e-4)
    assert found.value == pytest.approx(given["expected"]["all"]["alpha"], abs=given["tolerance"]["alpha"])


@pytest.mark.parametrize(
    "case", [one for one in vectors("agreement_segments") if "a_start_len" in one.values[0].get("input", {})]
)
def test_unit_distances_match_reference(case):
    found = agreement.unit_distance(case["input"]["a_start_len"], case["input"]["b_start_len"])
    assert found == case["expected"]["delta_sq"]


def test_unitizing_edge_cases_have_reasons():
    assert agreement.unitizing_alpha([[], []], continuum=(0, 10)).reason == "nobody marked anything"
    alone = agreement.unitizing_alpha([[(0, 1, "a")]], continuum=(0, 10))
    for one in (alone, alone.by_category["a"], agreement.unitizing_alpha([], continuum=(0, 10))):
        assert (one.value, one.reason) == (None, "needs two raters")
    with pytest.raises(ValueError, match="does not lie in"):
        agreement.unitizing_alpha([[(8, 5, "a")], []], continuum=(0, 10))
    with pytest.raises(ValueError, match="overlaps itself"):
        agreement.unitizing_alpha([[(0, 5, "a"), (3, 2, "a")], []], continuum=(0, 10))


@pytest.mark.parametrize(
    ("unit", "continuum"), [((0.5, 2, "a"), (0, 10)), ((1, 0.2, "a"), (0, 10)), ((1, 2, "a"), (0, 9.5))]
)
def test_unitizing_alpha_refuses_fractions_of_a_step(unit, continuum):
    with pytest.raises(ValueError, match=r"whole steps; count frames"):
        agreement.unitizing_alpha([[unit], []], continuum=continuum)
    whole = [[(1.0, 2.0, "a")], [(1, 2, "a")]]
    assert agreement.unitizing_alpha(whole, continuum=(0, 10.0)).value == 1


def test_unitizing_alpha_says_how_it_was_made():
    found = agreement.unitizing_alpha([[(0, 2, "a")], [(0, 3, "a")], []], continuum=(0, 9))
    assert (found.n_units_used, found.n_units_dropped, found.n_raters) == (2, 0, 3)
    assert "unitizing" in found.convention
    assert found.as_dict()["by_category"]["a"]["n_raters"] == 3


def test_frames_and_boundaries():
    found = agreement.frame_iou([(0, 4), (6, 8)], [(2, 4), (6, 10)], continuum=(0, 10), frame_s=0.04)
    assert found.value == pytest.approx(4 / 8)
    assert found.details["f1"] == pytest.approx(8 / 12)
    nothing = agreement.frame_iou([], [], continuum=(0, 10), frame_s=1)
    assert nothing.value == 1
    assert "convention" in nothing.reason
    assert agreement.frame_iou([], [(0, 1)], continuum=(0, 10), frame_s=1).value == 0
    strict = agreement.boundary_f1([(0, 4), (6, 8)], [(0.2, 4), (6, 8.2)], tolerance_s=0.1)
    assert strict.value == 0
    assert agreement.boundary_f1([(0, 4), (6, 8)], [(0.2, 4), (6, 8.2)], tolerance_s=0.3).value == 1


def test_rank_correlations_match_reference():
    for name in ("rank_correlations", "rank_correlations_ties"):
        given = case("agreement_ccc_correlation", name)
        x, y, expected = given["input"]["x"], given["input"]["y"], given["expected"]
        assert agreement.spearman(x, y).value == pytest.approx(expected["spearman"], abs=1e-12)
        assert agreement.kendall(x, y).value == pytest.approx(expected["kendall_tau_b"], abs=1e-12)
        if "kendall_tau_c" in expected:
            tau_c = agreement.kendall(x, y, variant="c").value
            assert tau_c == pytest.approx(expected["kendall_tau_c"], abs=1e-12)
    for measure in (agreement.spearman, agreement.kendall):
        assert measure([1, 1, 1], [1, 2, 3]).reason


def test_rounding_restores_ties_that_float_noise_broke():
    x, y = [0.3 - 0.1, 0.2, 0.9], [1, 2, 3]
    assert agreement.spearman(x, y).value != agreement.spearman([0.2, 0.2, 0.9], y).value
    assert agreement.spearman(x, y, decimals=9).value == agreement.spearman([0.2, 0.2, 0.9], y).value


def test_sign_agreement_ignores_level_and_small_movements():
    line = np.sin(np.linspace(0, 12, 200))
    wobble = 0.001 * np.random.default_rng(0).normal(size=200)
    found = agreement.sign_agreement([line, 5 + line * 3 + wobble], window_samples=10, deadband=0.02)
    assert found.value == pytest.approx(1)
    flat = agreement.sign_agreement([[1.0] * 9, [2.0] * 9], window_samples=2, deadband=0)
    assert flat.value is None
    assert flat.reason


def test_spearman_brown_and_split_half():
    given = case("agreement_ccc_correlation", "spearman_brown")
    stepped = agreement.spearman_brown(given["input"]["r_half"])
    assert stepped == pytest.approx(given["expected"]["split_half_reliability"], abs=1e-12)
    rng = np.random.default_rng(0)
    noisy = rng.normal(size=2000) + rng.normal(size=(10, 2000)) * 2
    # reliability of the mean of ten: 1 / (1 + 4 / 10)
    assert agreement.split_half(noisy, draws=20).value == pytest.approx(1 / 1.4, abs=0.03)
    slots = RatingTable("slots", noisy)
    assert agreement.split_half(slots, draws=20).value == pytest.approx(1 / 1.4, abs=0.03)
    assert agreement.split_half([[1, 2, 3]]).reason


def test_rater_reports_show_bias_scale_use_and_the_odd_one_out():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=300)
    ratings = truth + 0.1 * rng.normal(size=(5, 300))
    ratings[1] += 0.5
    ratings[2] = 2 * truth
    ratings[3] = -truth
    ratings[4, 1:] = np.nan
    found = agreement.rater_reports(ratings, min_shared=5)
    assert found[1].bias > found[0].bias + 0.4
    assert found[2].scale_use > 2 * found[1].scale_use
    assert found[3].r.value < -0.9
    assert found[3].alpha_without.value == max(report.alpha_without.value for report in found)
    assert found[4].bias is None
    assert "1 unit(s) shared" in found[4].reason


def test_scale_use_against_raters_who_never_move_says_why_it_is_missing():
    found = agreement.rater_reports([[1, 2, 3], [2, 2, 2]])
    assert found[0].scale_use is None
    assert found[0].reason == "scale use: the means of the others do not vary"
    assert found[0].bias == 0
    assert (found[1].scale_use, found[1].reason) == (0, None)


def test_category_rater_reports_show_the_one_who_always_says_the_same():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 200)
    ratings = np.where(rng.random((4, 200)) < 0.8, truth, rng.integers(0, 4, (4, 200))).astype(float)
    ratings[3] = 2
    ratings[0, 150:] = np.nan
    found = agreement.category_rater_reports(ratings)
    assert found[3].entropy == 0
    assert found[3].agreement < min(one.agreement for one in found[:3])
    assert found[3].alpha_without.value == max(one.alpha_without.value for one in found)
    assert found[0].n_units == 150
    alone = agreement.category_rater_reports([["joy", None], [None, "fear"]])
    assert alone[0].agreement is None
    assert "0 unit(s) shared" in alone[0].reason


def test_every_kind_of_mark_and_order_has_a_recommended_measure():
    first = {
        kind: agreement.recommended(kind)[0].function for kind in ("ranking", "spans", "boxes", "relations")
    }
    assert first == {
        "ranking": "ranking_agreement",
        "spans": "span_f1",
        "boxes": "box_f1",
        "relations": "relation_f1",
    }


def test_recommended_measures_exist():
    from affectory.agreement.recommend import RECOMMENDED

    for kind in RECOMMENDED:
        measures = agreement.recommended(kind)
        assert all(callable(getattr(agreement, one.function)) for one in measures)
        assert [one.primary for one in measures] == [True, *[False] * (len(measures) - 1)][: len(measures)]
    with pytest.raises(ValueError, match="question"):
        agreement.recommended("mood")
