"""What must not change a label. Every public function of `aggregation` has joined, here or where agreement is."""

import inspect
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affectory import aggregation
from affectory.tables import RatingTable

WORDS = ("joy", "fear", "anger")


def panel(seed=0, missing=0.2):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, (6, 40)).astype(float)
    codes[rng.random(codes.shape) < missing] = np.nan
    codes[:, 7] = np.nan
    return codes


def voted(codes, **how):
    return aggregation.majority_vote(codes, **how)


@pytest.mark.parametrize("how", [{}, {"ties": "first"}, {"more_than": 0.4, "min_votes": 2}], ids=str)
class TestVotes:
    """Votes are blind to who gave them, to the order of units, and, but for ties, to names."""

    def test_order_of_raters_and_units(self, how):
        codes = panel()
        order = np.random.default_rng(1).permutation(40)
        before, turned = voted(codes, **how), voted(codes[::-1], **how)
        assert turned.labels == before.labels
        assert turned.reasons == before.reasons
        assert voted(codes[:, order], **how).labels == tuple(before.labels[at] for at in order)

    def test_names_of_categories(self, how):
        before = voted(panel(), **how)
        renamed = voted(10 * panel() + 5, **how)
        assert renamed.labels == tuple(None if one is None else 10 * one + 5 for one in before.labels)
        np.testing.assert_array_equal(renamed.distribution.shares, before.distribution.shares)
        np.testing.assert_array_equal(renamed.distribution.entropy, before.distribution.entropy)

    def test_counts_slots_and_rows_say_the_same_as_the_matrix(self, how):
        table = RatingTable.from_dense(panel())
        counts, categories = table.votes()
        rows = table.long()
        before = voted(table, **how)
        others = [
            RatingTable.from_counts(counts, categories=categories),
            RatingTable.from_slots([*rows["unit"], 7], [*rows["value"], np.nan]),
        ]
        for other in others:
            found = voted(other, **how)
            units = other.units or range(40)
            labels = dict(zip(units, found.labels, strict=True))
            assert [labels[unit] for unit in range(40)] == list(before.labels)

    def test_every_unit_has_a_label_or_a_reason(self, how):
        found = voted(panel(), **how)
        assert all((one is None) == bool(why) for one, why in zip(found.labels, found.reasons, strict=True))
        assert found.labels[7] is None
        assert found.convention


class TestScales:
    """Means move with the scale; nothing else moves them."""

    def test_order_of_raters_level_and_unit(self):
        before = aggregation.summarise_scale(panel())
        turned = aggregation.summarise_scale(panel()[::-1])
        moved = aggregation.summarise_scale(panel() / 8 + 1e6)
        for field in ("mean", "sd", "median"):
            np.testing.assert_allclose(getattr(turned, field), getattr(before, field), atol=1e-12)
        np.testing.assert_allclose(moved.mean, before.mean / 8 + 1e6, atol=1e-9)
        np.testing.assert_allclose(moved.sd, before.sd / 8, atol=1e-9)
        assert moved.reasons == before.reasons
        assert before.reasons[7]

    def test_merged_means(self):
        means, n, sds = (
            [[2.0, 3.5, np.nan], [5.0, np.nan, np.nan]],
            [[4, 2, 0], [1, 3, 2]],
            np.full((2, 3), 0.5),
        )
        before = aggregation.merge_means(means, n, sds)
        turned = aggregation.merge_means(means[::-1], n[::-1], sds)
        moved = aggregation.merge_means(np.array(means) * 8 + 64, n, 8 * sds)
        np.testing.assert_allclose(turned.mean, before.mean)
        np.testing.assert_allclose(turned.sd, before.sd)
        np.testing.assert_allclose(moved.mean, before.mean * 8 + 64)
        np.testing.assert_allclose(moved.sd, before.sd * 8)
        assert [bool(why) for why in before.reasons] == np.isnan(before.mean).tolist() == [False, False, True]
        assert [bool(why) for why in before.sd_reasons] == np.isnan(before.sd).tolist()

    def test_questionnaires(self):
        form = aggregation.Questionnaire(1, 5, {"calm": ("a", "b", "c")}, reverse=frozenset({"b"}))
        answers = {"a": 4.0, "b": 2.0, "c": 5.0}
        before = aggregation.score_questionnaire(answers, form)
        assert aggregation.score_questionnaire(dict(reversed(answers.items())), form) == before
        turned = aggregation.Questionnaire(1, 5, form.subscales, reverse=frozenset({"a", "c"}))
        opposite = aggregation.score_questionnaire({item: 6 - one for item, one in answers.items()}, turned)
        assert opposite["calm"].score == before["calm"].score
        nothing = aggregation.score_questionnaire(dict.fromkeys("abc"), form)["calm"]
        assert (nothing.score, bool(nothing.reason)) == (None, True)


class TestWords:
    """Own words: neither who says them first nor in which order matters."""

    ANSWERS = (["glad", "calm"], ["calm"], ["sad", "Glad"])

    def test_order_of_raters_and_words(self):
        before = aggregation.tally_words(self.ANSWERS, synonyms={"glad": "happy"})
        turned = [list(reversed(row)) for row in reversed(self.ANSWERS)]
        assert aggregation.tally_words(turned, synonyms={"glad": "happy"}) == before
        assert aggregation.canonical(["b", "a"], {"a": "c"}) == aggregation.canonical(
            ["a", "b", "a"], {"a": "c"}
        )

    def test_comparing_the_other_way_round_swaps_precision_and_recall(self):
        one, other = ["glad", "calm"], ["glad", "sad", "tense"]
        there = aggregation.compare_words(one, other, synonyms={})
        back = aggregation.compare_words(other, one, synonyms={})
        assert (back.precision, back.recall, back.f1) == (there.recall, there.precision, there.f1)


class TestSegments:
    """Voted segments: who comes first, what labels are called and when the clock starts do not matter."""

    MARKED = ([(0, 4, "joy"), (5, 7, "fear")], [(2, 6, "joy")], [(3, 5, "joy"), (5, 8, "fear")], [])

    def of(self, marked, start=0.0):
        found = aggregation.vote_segments(marked, continuum=(start, start + 8), frame=1, threshold=0.4)
        return {(one.start - start, one.end - start, one.label, one.share) for one in found.segments}

    def test_order_names_and_clock(self):
        before = self.of(self.MARKED)
        assert before
        assert self.of([row[::-1] for row in self.MARKED[::-1]]) == before
        renamed = self.of([[(start, end, label.upper()) for start, end, label in row] for row in self.MARKED])
        assert renamed == {(start, end, label.upper(), share) for start, end, label, share in before}
        later = [[(start + 100, end + 100, label) for start, end, label in row] for row in self.MARKED]
        assert self.of(later, 100.0) == before

    def test_nobody_is_undefined_with_a_reason(self):
        found = aggregation.vote_segments([], continuum=(0, 8), frame=1)
        assert (found.segments, bool(found.reason)) == (None, True)


SIDE = st.integers(1, 6)
BOX = st.tuples(st.tuples(st.integers(0, 8), st.integers(0, 8), SIDE, SIDE), st.sampled_from("ab"))
DRAWN = st.lists(st.lists(BOX, max_size=4), min_size=1, max_size=5)
# The same cases in every run, on however busy a machine.
ALWAYS = settings(deadline=None, derandomize=True, max_examples=60)


class TestBoxes:
    """Consensus of boxes: who comes first, the order of drawing, the place and size of the picture do not matter."""

    @ALWAYS
    @given(drawn=DRAWN, seed=st.integers(0, 999))
    def test_order_of_raters_and_boxes(self, drawn, seed):
        lot = random.Random(seed)
        before = aggregation.consensus_boxes(drawn)
        mixed = [lot.sample(row, len(row)) for row in lot.sample(drawn, len(drawn))]
        assert aggregation.consensus_boxes(mixed) == before

    @ALWAYS
    @given(drawn=DRAWN)
    def test_place_and_size_of_the_picture(self, drawn):
        before = aggregation.consensus_boxes(drawn)
        # Powers of two and whole numbers: nothing is rounded.
        moved = [
            [((4 * x + 64, 4 * y - 32, 4 * w, 4 * h), label) for (x, y, w, h), label in row] for row in drawn
        ]
        after = aggregation.consensus_boxes(moved)
        if before.boxes is None:
            assert after.boxes is None
            return
        assert [one.box for one in after.boxes] == [
            (4 * x + 64, 4 * y - 32, 4 * w, 4 * h) for x, y, w, h in (one.box for one in before.boxes)
        ]
        assert [(one.label, one.share) for one in after.boxes] == [
            (one.label, one.share) for one in before.boxes
        ]

    @ALWAYS
    @given(drawn=DRAWN, iou=st.sampled_from([0.2, 0.5, 0.9]), min_share=st.sampled_from([0.1, 0.5, 1.0]))
    def test_what_is_kept_is_what_was_promised(self, drawn, iou, min_share):
        found = aggregation.consensus_boxes(drawn, iou=iou, min_share=min_share)
        assert found.n_left_out + sum(one.n_raters for one in found.boxes or ()) == sum(map(len, drawn))
        for one in found.boxes or ():
            assert one.n_raters >= min(2, len(drawn))
            assert one.share == one.n_raters / len(drawn) >= min_share
            assert all(side > 0 for side in one.box[2:])
            assert (one.label is None) == (one.reason is not None)
            assert (one.mean_iou is None) == (one.n_raters == 1)
            assert one.mean_iou is None or 0 < one.mean_iou <= 1

    @ALWAYS
    @given(row=st.lists(BOX, max_size=4), raters=st.integers(1, 5))
    def test_those_who_drew_the_same_keep_it(self, row, raters):
        apart = [((20 * place + x, y, w, h), label) for place, ((x, y, w, h), label) in enumerate(row)]
        found = aggregation.consensus_boxes([apart] * raters)
        assert [(one.box, one.label, one.share) for one in found.boxes] == [
            (box, label, 1) for box, label in apart
        ]

    def test_nobody_is_undefined_with_a_reason(self):
        found = aggregation.consensus_boxes([])
        assert (found.boxes, found.reason) == (None, "0 of the 1 raters needed")


HERE = {
    "canonical", "compare_words", "consensus_boxes", "majority_vote", "merge_means", "score_questionnaire",
    "summarise_scale", "tally_words", "vote_distribution", "vote_segments",
}  # fmt: skip
# Models of raters and scores of comparisons: test_invariances.py.
THERE = {"best_worst_scores", "bradley_terry", "dawid_skene", "mace", "one_coin"}


def test_every_public_function_has_joined():
    functions = {name for name in aggregation.__all__ if inspect.isfunction(getattr(aggregation, name))}
    assert functions == HERE | THERE
