"""Gamma through the adapter against the library itself and its published example."""

import logging

import numpy as np
import pygamma_agreement
import pytest
from pyannote.core import Segment

from affectory.agreement import gamma
from tests.affectory.reference import case


def published():
    given = case("agreement_segments", "gamma_alex_paul_suzan")
    names = sorted({unit["annotator"] for unit in given["input"]["units"]})
    units = [
        [
            (unit["start"], unit["end"] - unit["start"], unit["category"])
            for unit in given["input"]["units"]
            if unit["annotator"] == name
        ]
        for name in names
    ]
    return units, given


def test_published_example_is_reproduced():
    units, given = published()
    expected, tolerance = given["expected"], given["tolerance"]
    found = gamma(units, position=3, category=1, empty=1, precision=0.05, seed=4772)
    assert found.details["observed_disorder"] == pytest.approx(
        expected["best_alignment_disorder"], abs=tolerance["best_alignment_disorder"]
    )
    assert found.details["sampling_low"] < found.value < found.details["sampling_high"]
    # The seed is the one that the library tests this example with.
    low, high = expected["gamma_range"]
    assert low < found.value < high
    low, high = expected["gamma_cat_range"]
    assert low < found.details["gamma_cat"] < high
    for category, value in expected["gamma_k"].items():
        assert found.details[f"gamma_k:{category}"] == pytest.approx(value, abs=tolerance["gamma_k"])
    measured = expected["measured_here"]
    assert found.value == pytest.approx(measured["gamma"], abs=1e-6)
    assert found.details["gamma_cat"] == pytest.approx(measured["gamma_cat"], abs=1e-6)


def test_categories_that_never_meet_are_not_said_to_agree():
    found = gamma([[(0.0, 4.0, "joy")], [(10.0, 4.0, "fear")]])
    assert found.value < 0
    assert [found.details[name] for name in ("gamma_cat", "gamma_k:fear", "gamma_k:joy")] == [None] * 3


def test_the_adapter_adds_nothing_of_its_own():
    units, _ = published()
    continuum = pygamma_agreement.Continuum()
    for rater, row in enumerate(units):
        for start, length, category in row:
            continuum.add(str(rater), Segment(start, start + length), category)
    np.random.seed(7)  # noqa: NPY002
    direct = continuum.compute_gamma(
        pygamma_agreement.CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1),
        sampler=pygamma_agreement.ShuffleContinuumSampler(),
    )
    found = gamma(units, seed=7)
    # The library adds disorders in single precision.
    assert found.value == pytest.approx(direct.gamma, abs=1e-6)
    assert found.details["gamma_cat"] == pytest.approx(direct.gamma_cat, abs=1e-6)


def test_repeats_with_its_seed_and_leaves_the_process_as_it_was(capfd):
    units, _ = published()
    before, handlers = np.random.get_state()[1].copy(), list(logging.root.handlers)  # noqa: NPY002
    first, again = gamma(units, seed=3), gamma(units, seed=3)
    assert first.as_dict() == again.as_dict()
    assert gamma(units, seed=4).value != first.value
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert logging.root.handlers == handlers
    assert capfd.readouterr() == ("", "")


def test_order_of_raters_moves_nothing_but_the_sampling():
    units, _ = published()
    first, turned = gamma(units, precision=0.05), gamma(units[::-1], precision=0.05)
    assert turned.details["observed_disorder"] == pytest.approx(first.details["observed_disorder"], rel=1e-6)
    assert turned.value == pytest.approx(first.value, abs=0.08)


def test_same_segments_agree_perfectly_and_a_rater_without_any_lowers_gamma():
    marked = [(0.0, 4.0, "joy"), (6.0, 3.0, "fear"), (12.0, 5.0, "joy")]
    assert gamma([marked, marked]).value == pytest.approx(1)
    found = gamma([marked, marked, []])
    assert found.value < 1
    assert found.n_raters == 3
