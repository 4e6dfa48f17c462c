"""Votes and scale ratings, unit by unit."""

import numpy as np
import pandas as pd
import pytest

from affectory.aggregation import (
    Questionnaire,
    best_worst_scores,
    bradley_terry,
    compare_words,
    consensus_boxes,
    dawid_skene,
    mace,
    majority_vote,
    merge_means,
    one_coin,
    score_questionnaire,
    summarise_scale,
    tally_words,
    vote_distribution,
    vote_segments,
)
from affectory.tables import RatingTable
from tests.affectory.reference import case, document


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


def anaesthetists():
    given = case("aggregation_categorical", "dawid_skene_1979_anaesthetists")
    return given["input"]["items"], given["expected"], given["tolerance"]


def test_dawid_skene_reproduces_the_1979_anaesthetists():
    rows, expected, tolerance = anaesthetists()
    found = dawid_skene(rows)
    np.testing.assert_allclose(found.class_marginals, expected["class_marginals_published"], atol=0.006)
    np.testing.assert_allclose(
        found.class_marginals, expected["class_marginals"], atol=tolerance["class_marginals"]
    )
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-3)
    assert list(found.labels.values()) == expected["labels"]
    np.testing.assert_allclose(found.posterior, expected["posteriors"], atol=tolerance["posteriors"])
    np.testing.assert_allclose(
        found.error_rates,
        expected["error_rates_rater_true_observed"],
        atol=tolerance["error_rates_rater_true_observed"],
    )
    assert found.converged


def simulated_votes(n_items=400, n_raters=12, per_item=5, spammers=3, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, n_items)
    rows = []
    for item in range(n_items):
        for rater in rng.choice(n_raters, per_item, replace=False):
            right = rng.random() < 0.8 and rater >= spammers
            rows.append((item, int(rater), int(truth[item] if right else rng.integers(0, 4))))
    return rows, truth


@pytest.mark.parametrize("model", [dawid_skene, one_coin, mace])
def test_items_with_thousands_of_votes_have_posteriors_too(model):
    rng = np.random.default_rng(0)
    few = [(f"few {i}", r, "xyz"[i % 3]) for i in range(6) for r in "abc"]
    split = [
        ("many", r, label) for r in "abc" for label in rng.choice(list("xyz"), 2000, p=[0.4, 0.35, 0.25])
    ]
    found = model([*few, *split])
    np.testing.assert_allclose(found.posterior.sum(axis=1), 1)
    assert found.labels["many"] == "x"
    assert np.isfinite(found.log_likelihood)
    assert found.log_likelihood < -6000 * 0.9


@pytest.mark.parametrize("model", [dawid_skene, one_coin, mace])
def test_worker_models_find_spammers_and_beat_the_majority(model):
    rows, truth = simulated_votes()
    found = model(rows)
    accuracy = dict(zip(found.raters, found.accuracy, strict=True))
    assert max(accuracy[r] for r in range(3)) < min(accuracy[r] for r in range(3, 12))
    majority = majority_vote(RatingTable.from_slots([r[0] for r in rows], [r[2] for r in rows]))
    hits = np.mean([found.labels[i] == truth[i] for i in range(len(truth))])
    assert hits > np.mean([label == truth[i] for i, label in enumerate(majority.labels)])
    np.testing.assert_allclose(found.posterior.sum(axis=1), 1)
    again = model(rows)
    assert again.labels == found.labels


@pytest.mark.parametrize("model", [dawid_skene, one_coin, mace])
def test_worker_models_take_one_class_one_rater_and_refuse_nothing(model):
    assert model([("i", "r", "joy")]).labels == {"i": "joy"}
    with pytest.raises(ValueError, match="item, rater, label"):
        model([])
    with pytest.raises(ValueError, match="label is missing in row 1"):
        model([(1, 1, "a"), (1, 2, None)])


ROWS = [("i1", "a", "x"), ("i1", "b", "x"), ("i2", "a", "y"), ("i3", "b", "x"), ("i3", "a", "x")]
FORMS = {
    "tuples": ROWS,
    "generator": lambda: iter(ROWS),
    "frame": pd.DataFrame(ROWS),
    "named frame": pd.DataFrame(ROWS, columns=["item", "rater", "label"])[["label", "item", "rater"]].assign(
        s=1
    ),
    "table": RatingTable.from_long(*zip(*ROWS, strict=True)),
    "table's rows": RatingTable.from_long(*zip(*ROWS, strict=True)).long(),
}


@pytest.mark.parametrize("form", FORMS)
def test_votes_are_the_same_in_every_form(form):
    def votes():
        return FORMS[form]() if callable(FORMS[form]) else FORMS[form]

    won = majority_vote(votes())
    assert dict(zip(won.distribution.units, won.labels, strict=True)) == {"i1": "x", "i2": "y", "i3": "x"}
    for model in (dawid_skene, one_coin, mace):
        found = model(votes())
        assert found.labels == model(ROWS).labels
        assert found.classes == ("x", "y")
        assert set(found.raters) == {"a", "b"}


def test_numbers_of_scales_come_as_rows_too():
    summary = summarise_scale([("i1", "a", 1), ("i1", "b", 3), ("i2", "a", 5)])
    assert summary.mean.tolist() == [2, 5]
    assert dawid_skene(RatingTable.from_dense([[1, 2], [1, 2]])).labels == {0: 1, 1: 2}


@pytest.mark.parametrize(
    "votes",
    [
        [("joy", "fear", "joy"), ("joy", "joy", "fear")],
        [(1, 2, 1), (1, 2, 2)],
        [["i1", "a", "x"], ["i1", "b", "x"], ["i2", "a", "y"]],
    ],
)
def test_votes_that_may_be_read_in_two_ways_are_refused(votes):
    with pytest.raises(ValueError, match=r"from_long or RatingTable\.from_dense"):
        majority_vote(votes)


def test_a_matrix_of_three_units_stays_one():
    for matrix in (
        [["joy", "fear", "joy"], ["joy", "joy", "joy"]],
        [["a", "b", "c"], ["a", "b", "c"]],
        [[1, 2, 3]],
    ):
        assert majority_vote(matrix).distribution.n.tolist() == [len(matrix)] * 3
    assert majority_vote(np.array([[1, 2, 3], [1, 2, 2]])).labels == (1, 2, None)


@pytest.mark.parametrize("model", [dawid_skene, one_coin, mace])
def test_worker_models_refuse_who_is_nobody_and_what_is_no_row(model):
    with pytest.raises(ValueError, match=f"{model.__name__} compares persons"):
        model(RatingTable.from_slots(["i", "i"], ["x", "y"]))
    with pytest.raises(ValueError, match="row 1 is not"):
        model([("i", "a", "x"), ("i", "a", "x", 3)])
    with pytest.raises(ValueError, match="columns"):
        model(pd.DataFrame(np.ones((2, 5)), columns=list("pqrst")))


def test_mace_needs_some_smoothing_and_names_it():
    rows, _ = simulated_votes(n_items=30)
    assert "smoothed by 0.0025 of a vote" in mace(rows, restarts=0, smoothing=0.0025).convention
    with pytest.raises(ValueError, match="smoothing: above 0"):
        mace(rows, smoothing=0)


def test_best_worst_scores_match_reference():
    given = case("aggregation_categorical", "bws_counting")
    found = best_worst_scores(given["input"]["tuples"])
    assert found == pytest.approx(given["expected"]["score"], abs=1e-12)


def test_impossible_best_worst_answers_are_refused():
    with pytest.raises(ValueError, match="answer 0: best and worst"):
        best_worst_scores([{"items": ["a", "b"], "best": "a", "worst": "a"}])
    with pytest.raises(ValueError, match="answer 0 has no worst"):
        best_worst_scores([{"items": ["a", "b"], "best": "a"}])


def test_bradley_terry_matches_reference():
    given = case("aggregation_categorical", "bradley_terry_wikipedia")
    found = bradley_terry(given["input"]["wins_row_beats_col"])
    np.testing.assert_allclose(found.strength, given["expected"]["p_geometric_mean_1"], atol=1e-6)
    np.testing.assert_allclose(found.share, given["expected"]["p_sum_1"], atol=1e-6)
    assert found.converged


@pytest.mark.parametrize("wins", [[[0, 3], [0, 0]], [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]])
def test_bradley_terry_without_a_maximum_has_a_reason_and_a_prior_mends_it(wins):
    found = bradley_terry(wins)
    assert np.isnan(found.strength).all()
    assert "sets of things" in found.reason
    assert not np.isnan(bradley_terry(wins, prior=0.1).strength).any()


def chain(n, won, lost):
    """Things in a row, each compared with its neighbour only."""
    return np.diag([float(won)] * (n - 1), 1) + np.diag([float(lost)] * (n - 1), -1)


@pytest.mark.parametrize(("won", "lost"), [(3, 1), (1e6, 1), (1, 1e-9)])
def test_bradley_terry_of_a_long_chain_comes_to_rest(won, lost):
    found = bradley_terry(chain(30, won, lost))
    assert found.converged
    assert found.reason is None
    steps = -np.diff(np.log(found.strength))
    np.testing.assert_allclose(steps, np.log(won / lost), rtol=1e-9)


def test_bradley_terry_of_one_thing_or_of_too_few_steps_has_a_reason():
    assert "one thing alone" in bradley_terry([[0]]).reason
    short = bradley_terry(chain(30, 3, 1), max_iter=2)
    assert not short.converged
    assert "in 2 step(s)" in short.reason
    assert np.isnan(short.strength).all()


# A random start of MACE would take a side.
@pytest.mark.parametrize("model", [dawid_skene, one_coin, lambda votes: mace(votes, restarts=0)])
def test_an_item_between_two_labels_says_so(model):
    found = model([("i", "r", "x"), ("i", "s", "y")])
    assert found.labels == {"i": None}
    assert found.reasons == {"i": "equally probable: x, y"}
    assert model(ROWS).reasons == {}


def test_merged_means_are_those_of_the_pooled_ratings():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(3, 6)), rng.normal(size=(5, 6)) + 1
    found = merge_means([a.mean(0), b.mean(0)], [[3] * 6, [5] * 6], [a.std(0), b.std(0)])
    pooled = np.vstack([a, b])
    np.testing.assert_allclose(found.mean, pooled.mean(0))
    np.testing.assert_allclose(found.sd, pooled.std(0))
    alone = merge_means([[1.0, np.nan], [np.nan, np.nan]], [[2, 0], [3, 3]])
    np.testing.assert_array_equal(alone.mean, [1, np.nan])
    assert alone.reasons == (None, "no group rated the unit")
    assert alone.sd_reasons == ("no standard deviations were given", "no group rated the unit")
    partly = merge_means([[1.0, 2.0], [3.0, 4.0]], [[2, 2], [3, 3]], [[0.5, 0.5], [0.5, np.nan]])
    assert partly.sd_reasons == (None, "the deviation of a group is not known")


def test_questionnaires_reverse_scale_up_and_say_when_too_little_was_answered():
    form = Questionnaire(
        0,
        4,
        {"stress": ("a", "b", "c", "d")},
        reverse=frozenset({"d"}),
        min_answered=0.75,
        bands={"low": 0, "high": 8},
    )
    full = score_questionnaire({"a": 1, "b": 2, "c": 3, "d": 0}, form)["stress"]
    assert (full.score, full.band) == (10, "high")
    assert score_questionnaire({"a": 1, "b": 2, "c": 3, "d": None}, form)["stress"].score == 8
    assert "2 item(s) answered, 3 needed" in score_questionnaire({"a": 1, "b": 2}, form)["stress"].reason
    with pytest.raises(ValueError, match="a: 7 lies outside 0 to 4"):
        score_questionnaire({"a": 7}, form)


def test_free_words_count_once_per_rater_and_compare_after_joining_synonyms():
    synonyms = {"glad": "happy", "cheerful": "happy"}
    tally = tally_words(
        [["Glad", "cheerful"], ["tense"], ["happy", "tense"]], synonyms=synonyms, min_raters=2
    )
    assert tally.raters_per_word == {"happy": 2, "tense": 2}
    assert tally.kept == {"happy", "tense"}
    score = compare_words(["glad", "happy"], ["cheerful", "sad"], synonyms=synonyms)
    assert (score.precision, score.recall) == (1, 0.5)
    nothing = compare_words([], [], synonyms={})
    assert (nothing.f1, nothing.reason) == (None, "no words: found, wanted")
    assert score.reason is None


class TestConsensusBoxes:
    """Boxes of several raters; counted by hand."""

    FACE = (0.0, 0.0, 4.0, 4.0)

    def test_edges_are_medians_and_one_wide_side_moves_none(self):
        rows = [[((0, 0, 4, 4), "a")], [((0, 0, 4, 4), "a")], [((0, 0, 7, 4), "a")]]
        (one,) = consensus_boxes(rows).boxes
        assert one.box == (0, 0, 4, 4)
        assert one.mean_iou == pytest.approx((1 + 1 + 4 / 7) / 3)

    def test_a_place_needs_its_share_of_all_who_answered_and_two_of_several(self):
        one = [(self.FACE, "a")]
        assert len(consensus_boxes([one, one, [], []]).boxes) == 1
        assert consensus_boxes([one, one, [], [], []]).boxes == ()
        assert len(consensus_boxes([one, one, [], [], []], min_share=0.4).boxes) == 1
        assert len(consensus_boxes([one]).boxes) == 1
        alone = consensus_boxes([one, []], min_share=0.1)
        assert (alone.boxes, alone.n_left_out) == (None, 1)

    def test_nothing_is_agreed_upon_and_is_not_the_same_as_no_agreement(self):
        here, there, yonder = ([((place, 0, 1, 1), "a")] for place in (0, 5, 9))
        assert consensus_boxes([[], [], here]).boxes == ()
        apart = consensus_boxes([here, there, yonder])
        assert (apart.boxes, apart.n_left_out) == (None, 3)
        assert apart.reason == "no place was drawn by 2 of the 3 raters, nor did as many draw nothing"

    def test_a_rater_stands_in_a_place_once(self):
        twice = [((0, 0, 4, 4), "a"), ((0.5, 0, 4, 4), "a")]
        found = consensus_boxes([twice, [((0, 0, 4, 4), "a")]])
        assert [(one.box, one.n_raters) for one in found.boxes] == [((0, 0, 4, 4), 2)]
        assert found.n_left_out == 1

    def test_boxes_that_only_their_neighbours_hold_together_stay_apart(self):
        # A chain: each shares half of the union with the next, the ends a fifth.
        chain = [[((place, 0, 3, 1), "a")] for place in (0, 1, 2)]
        found = consensus_boxes(chain, iou=0.5)
        assert [one.n_raters for one in found.boxes] == [2]
        assert found.n_left_out == 1

    def test_many_raters_who_differ_a_little_are_of_one_place(self):
        rng = np.random.default_rng(3)
        places = [(20.0 * place, 0.0) for place in range(3)]
        rows = [
            [((x + rng.normal(), y + rng.normal(), 10.0, 10.0), "a") for x, y in places] for _ in range(40)
        ]
        found = consensus_boxes(rows)
        assert all(one.n_raters >= 38 for one in found.boxes)
        assert [one.box[:2] for one in found.boxes] == [pytest.approx(place, abs=0.5) for place in places]

    def test_a_tie_of_labels_is_a_place_without_a_label(self):
        rows = [[(self.FACE, "b")], [(self.FACE, "a")]]
        (one,) = consensus_boxes(rows).boxes
        assert (one.label, one.reason) == (None, "tie: a, b")
        (first,) = consensus_boxes(rows, ties="first").boxes
        assert first.label == "a"
        (most,) = consensus_boxes([*rows, [(self.FACE, "b")]]).boxes
        assert most.label == "b"

    def test_frames_near_in_time_are_one_and_others_are_not(self):
        rows = [[(self.FACE, "a", 1.0)], [(self.FACE, "a", 1.01)], [(self.FACE, "a", 2.0)]]
        (one,) = consensus_boxes(rows, near_s=0.02).boxes
        assert (one.at_s, one.n_raters) == (1.0, 2)
        assert consensus_boxes(rows).boxes is None

    def test_too_few_raters_give_a_reason(self):
        found = consensus_boxes([[(self.FACE, "a")]], min_raters=2)
        assert (found.boxes, found.reason) == (None, "1 of the 2 raters needed")

    @pytest.mark.parametrize("wrong", [{"iou": 0}, {"min_share": 1.1}, {"near_s": -1}])
    def test_nonsense_is_refused(self, wrong):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            consensus_boxes([], **wrong)

    def test_a_box_without_a_size_is_refused_by_its_place(self):
        with pytest.raises(ValueError, match=r"drawn\[0\]\[1\]: width"):
            consensus_boxes([[(self.FACE, "a"), ((0, 0, 0, 1), "a")]])


class TestVotedSegments:
    """Frame-wise votes of segments; hand-counted."""

    def test_a_frame_is_won_by_more_than_the_threshold_only(self):
        half = [[(0, 4, "a")], [(2, 6, "a")]]
        assert [(one.start, one.end) for one in vote_segments(half, continuum=(0, 8), frame=1).segments] == [
            (2, 4)
        ]
        every = vote_segments(half, continuum=(0, 8), frame=1, threshold=0)
        assert [(one.start, one.end, one.share) for one in every.segments] == [(0, 6, pytest.approx(4 / 6))]

    def test_labels_are_voted_apart_and_order_of_raters_does_not_matter(self):
        rows = [[(0, 3, "a"), (1, 2, "b")], [(0, 3, "a"), (1, 2, "b")], []]
        found = vote_segments(rows, continuum=(0, 4), frame=0.5)
        assert [(one.label, one.start, one.end) for one in found.segments] == [("a", 0, 3), ("b", 1, 2)]
        assert found == vote_segments(rows[::-1], continuum=(0, 4), frame=0.5)

    def test_overlapping_segments_of_one_rater_are_one_vote(self):
        rows = [[(0, 3, "a"), (1, 4, "a")], []]
        assert vote_segments(rows, continuum=(0, 4), frame=1).segments == ()

    def test_the_last_frame_ends_with_the_continuum(self):
        found = vote_segments([[(0, 1.05, "a")]], continuum=(0, 1.05), frame=0.1)
        assert [(one.start, one.end) for one in found.segments] == [(0, 1.05)]

    def test_too_few_raters_give_a_reason(self):
        found = vote_segments([[(0, 1, "a")]], continuum=(0, 2), frame=1, min_raters=2)
        assert (found.segments, found.reason) == (None, "1 of the 2 raters needed")

    def test_nonsense_is_refused(self):
        with pytest.raises(ValueError, match="threshold"):
            vote_segments([], continuum=(0, 2), frame=1, threshold=1)
