"""Event samples on a grid: what is known stays known, what is not is masked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affectory.signals import gradient, relative, resample, smooth
from tests.affectory.reference import case

GRID = {"rate_hz": 10, "start_s": 0.0, "end_s": 1.0}


def test_hold_keeps_the_last_value_and_knows_nothing_before_the_first():
    found = resample([0.25, 0.6], [1.0, 2.0], rule="hold", **GRID)
    np.testing.assert_array_equal(found.values[:, 0], [np.nan] * 3 + [1.0] * 3 + [2.0] * 4)
    np.testing.assert_array_equal(found.mask, [False] * 3 + [True] * 7)


def test_linear_draws_a_line_and_knows_nothing_after_the_last_sample():
    found = resample([0.0, 0.5], [[0.0, 1.0], [1.0, 0.0]], rule="linear", **GRID)
    np.testing.assert_allclose(
        found.values[:6], np.array([[0, 1], [0.2, 0.8], [0.4, 0.6], [0.6, 0.4], [0.8, 0.2], [1, 0]])
    )
    assert not found.mask[6:].any()


@pytest.mark.parametrize("rule", ["hold", "linear"])
def test_nothing_is_carried_across_a_gap(rule):
    found = resample([0.0, 0.75], [1.0, 1.0], rule=rule, gaps=[(0.3, 0.5)], **GRID)
    if rule == "hold":
        assert found.mask.tolist() == [True] * 3 + [False] * 5 + [True] * 2
    else:
        assert found.mask.tolist() == [True] + [False] * 9


def test_overlapping_gaps_are_one_gap():
    times = np.arange(20) / 20
    found = resample(times, times, rule="hold", gaps=[(0.2, 0.4), (0.1, 0.3), (0.35, 0.6)], **GRID)
    assert found.mask.tolist() == [True] + [False] * 5 + [True] * 4


def test_of_two_samples_at_one_time_the_last_counts():
    found = resample([0.0, 0.0], [1.0, 5.0], rule="hold", **GRID)
    assert set(found.values[:, 0]) == {5.0}


def test_a_missing_value_masks_until_the_next_sample():
    found = resample([0.0, 0.3, 0.6], [1.0, np.nan, 2.0], rule="hold", **GRID)
    assert found.mask.tolist() == [True] * 3 + [False] * 3 + [True] * 4


def test_a_trace_without_samples_is_unknown_everywhere():
    found = resample([], np.empty((0, 2)), rule="hold", **GRID)
    assert found.values.shape == (10, 2)
    assert not found.mask.any()


def test_a_duration_of_whole_samples_has_exactly_so_many():
    for rate, end in ((25, 7.2), (10, 0.7), (30, 1 / 3)):
        found = resample([0.0], [1.0], rate_hz=rate, start_s=0, end_s=end, rule="hold")
        assert found.t_s.size == round(rate * end)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"t_s": [1.0, 0.0]}, "backwards"),
        ({"t_s": [0.0, np.nan]}, "finite"),
        ({"rate_hz": 0}, "rate_hz"),
        ({"end_s": -1}, "interval"),
        ({"rule": "cubic"}, "rule"),
        ({"gaps": [(1, 0)]}, "gaps"),
        ({"values": [1.0]}, "fit together"),
    ],
)
def test_bad_input_is_refused_by_name(change, message):
    given = {"t_s": [0.0, 1.0], "values": [0.0, 1.0], "rule": "hold", **GRID} | change
    t_s, values = given.pop("t_s"), given.pop("values")
    with pytest.raises(ValueError, match=message):
        resample(t_s, values, **given)


@pytest.mark.parametrize("edge", ["shrink", "reflect"])
def test_smoothing_a_constant_does_not_change_it(edge):
    given = case("fusion_continuous", "edge_smoothing_constant")
    found = smooth(given["input"]["trace"], window_samples=given["input"]["window"], edge=edge)
    np.testing.assert_array_equal(found, given["expected"]["smoothed"])


def test_smoothing_keeps_a_line_straight_up_to_its_ends():
    line = np.linspace(-3, 11, 30)
    np.testing.assert_allclose(smooth(line, window_samples=9), line, atol=1e-12)


@pytest.mark.parametrize("edge", ["shrink", "reflect"])
def test_smoothing_keeps_a_line_straight_up_to_its_gaps(edge):
    line = np.linspace(-3, 11, 60)
    line[[0, 1, 25, 40, 41, 45]] = np.nan
    found = smooth(line, window_samples=9, edge=edge)
    inner = slice(0, 60 if edge == "shrink" else 56)  # a mirrored line bends at its end
    np.testing.assert_allclose(found[inner], line[inner], atol=1e-12)
    np.testing.assert_allclose(smooth([None, 0, 1, 2, 3, 4], window_samples=3), [np.nan, 0, 1, 2, 3, 4])


@pytest.mark.parametrize("edge", ["shrink", "reflect"])
def test_smoothing_leaves_gaps_gaps_and_takes_no_part_from_them(edge):
    found = smooth([1.0, 1.0, np.nan, 1.0, 4.0, 1.0], window_samples=3)
    np.testing.assert_allclose(found, [1, 1, np.nan, 1, 2, 1])
    nothing = np.full(7, np.nan)
    np.testing.assert_array_equal(smooth(nothing, window_samples=3, edge=edge), nothing)
    assert smooth([], window_samples=3, edge=edge).size == 0


def test_relative_reading_of_a_constant_is_unknown():
    assert np.isnan(relative([2.0, 2.0])).all()
    np.testing.assert_allclose(relative([1.0, np.nan, 3.0]), [0, np.nan, 1])


def test_gradient_is_per_second():
    np.testing.assert_allclose(gradient(np.arange(100) / 25, window_samples=10, rate_hz=25), 1)


TIMES = st.lists(st.integers(0, 200), min_size=1, max_size=30).map(sorted)
GAPS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 50)), max_size=4)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TIMES, GAPS, st.sampled_from(["hold", "linear"]))
def test_any_trace_is_masked_exactly_where_it_is_unknown(ticks, gaps, rule):
    times = np.array(ticks) / 10
    values = np.cos(times)
    spans = [(start / 10, (start + length) / 10) for start, length in gaps]
    found = resample(times, values, rate_hz=7, start_s=0, end_s=20, rule=rule, gaps=spans)
    assert (np.isnan(found.values[:, 0]) == ~found.mask).all()
    known = found.values[found.mask, 0]
    assert ((known >= values.min() - 1e-12) & (known <= values.max() + 1e-12)).all()
    for start, end in spans:
        assert not found.mask[(found.t_s >= start) & (found.t_s < end)].any()
    assert not found.mask[found.t_s < times[0]].any()
    if rule == "hold":
        assert set(known) <= set(values)
