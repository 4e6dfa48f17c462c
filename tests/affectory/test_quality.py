"""Indices of careless answering: what they see, and what they do not pretend to see."""

import numpy as np
import pandas as pd
import pytest

from affectory import quality
from tests.affectory.reference import check, realdata


def test_emobank_straight_liners_are_counted_as_published():
    for side in ("reader", "writer"):
        raw = pd.read_csv(realdata("emobank", f"individual_{side}_ratings.csv"))
        ones = raw[(raw[["V", "A", "D"]] == 1).all(axis=1)]
        assert len(ones) == check("emobank_gold")[f"dropped_{side}"]
        assert quality.straight_lining(ones[["V", "A", "D"]].to_numpy()).value == 1
        everything = quality.straight_lining(raw[["V", "A", "D"]].to_numpy())
        assert everything.value >= len(ones) / len(raw)


def test_longstring_is_broken_by_a_missing_answer():
    assert quality.longstring(["a", "a", None, "a"]).value == 2
    assert quality.longstring([float("nan"), pd.NA, pd.NaT, None]).reason == "no answers"
    assert quality.longstring(pd.Series([1, 1, None, 1], dtype="Int64")).value == 2
    assert quality.longstring([("a", 1), ("a", 1), pd.NA]).value == 2


def test_speeding_compares_with_each_items_typical_time():
    found = quality.speeding([1, 1, np.nan], [2, 10, 5])
    assert found.value == 0.5
    assert (found.n_units_used, found.n_units_dropped) == (2, 1)


def test_at_bounds_keeps_the_two_ends_apart():
    found = quality.at_bounds([1, 1, 5, 9], low=1, high=9)
    assert found.details == {"low_share": 0.5, "high_share": 0.25}


def test_even_odd_consistency_separates_attentive_from_random():
    rng = np.random.default_rng(0)
    scales = np.repeat(np.arange(30), 4)
    level = rng.normal(size=30)[scales]
    assert quality.even_odd_consistency(level + 0.3 * rng.normal(size=120), scales).value > 0.8
    assert abs(quality.even_odd_consistency(rng.normal(size=120), scales).value) < 0.5


def test_change_point_finds_the_onset_and_leaves_noise_alone():
    rng = np.random.default_rng(0)
    careless = np.concatenate([rng.normal(0, 1, 60), rng.normal(2, 1, 40)])
    found = quality.change_point(careless, permutations=199)
    assert found.position == pytest.approx(60, abs=3)
    assert found.p_value == 1 / 200
    assert quality.change_point(rng.normal(size=100), permutations=199).p_value > 0.05
    assert quality.change_point([1.0] * 50).reason == "the index never changes"
    assert quality.change_point([1.0, 2.0]).position is None


def test_flat_line_counts_the_longest_stillness():
    trace = np.concatenate([np.linspace(0, 1, 50), np.full(100, 1.0), np.linspace(1, 0, 50)])
    assert quality.flat_line(trace, rate_hz=25).value == pytest.approx(102 / 25)
    held = quality.flat_line([0, 0, np.nan, 0, 0, 0, 0], rate_hz=1)
    assert held.value == 4
    assert quality.flat_line(np.full(10, 0.5), rate_hz=10).value == 1
    assert quality.flat_line([np.nan], rate_hz=1).value is None


def test_calibration_recovers_lag_gain_offset_and_noise():
    rng = np.random.default_rng(0)
    t = np.arange(0, 60, 0.04)
    curve = np.sin(t / 2) + 0.4 * np.sin(t * 1.3)
    late = np.interp(t - 1.6, t, curve)
    found = quality.calibrate(curve, 0.1 + 0.7 * late + 0.05 * rng.normal(size=t.size), rate_hz=25)
    assert found.lag.lag_s == pytest.approx(1.6, abs=0.04)
    assert (found.gain, found.offset, found.noise) == pytest.approx((0.7, 0.1, 0.05), abs=0.02)
    assert quality.calibrate(curve, np.ones(t.size), rate_hz=25).gain is None


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (quality.straight_lining([[np.nan, 1.0]]), "no complete item"),
        (quality.speeding([np.nan], 1.0), "no answer with a time"),
        (quality.at_bounds([np.nan], low=0, high=1), "no values"),
        (quality.even_odd_consistency([3, 3, 3, 3], ["a", "a", "b", "b"]), "constant"),
        (quality.flat_line([], rate_hz=1), "no samples"),
        (quality.longstring([]), "no answers"),
    ],
)
def test_what_cannot_be_observed_is_none_with_a_reason(found, reason):
    assert found.value is None
    assert reason in found.reason


def test_a_calibration_curve_that_never_moves_tells_nothing_of_the_rater():
    found = quality.calibrate([1, 1, 1, 1], [1, 2, 3, 4], rate_hz=1, search_s=(0, 1))
    assert (found.lag.lag_s, found.gain, found.offset, found.noise, found.r) == (None,) * 5
    assert "variation in both" in found.reason


@pytest.mark.parametrize(("samples", "search_s"), [(10, (60, 90)), (0, (0, 6)), (10, (0.31, 0.39))])
def test_calibration_with_nothing_to_search_tells_nothing_and_why(samples, search_s):
    curve = np.arange(samples, dtype=float)
    found = quality.calibrate(curve, curve, rate_hz=10, search_s=search_s)
    assert (found.gain, found.offset, found.noise, found.r) == (None,) * 4
    assert "no lag" in found.reason
