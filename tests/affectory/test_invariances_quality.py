"""What must not change a sign of careless answering. Every public function of `quality` joins one of the tables."""

import inspect

import numpy as np
import pytest

from affectory import quality

rng = np.random.default_rng(0)
ANSWERS = rng.integers(1, 6, (40, 3)).astype(float)
ANSWERS[::4] = ANSWERS[::4, :1]
ANSWERS[5, 1] = np.nan
SECONDS = rng.uniform(0.5, 12, 40)
TYPICAL = rng.uniform(2, 9, 40)
WALK = np.round(np.repeat(rng.normal(size=60).cumsum(), rng.integers(1, 6, 60)), 1)
INDEX = np.concatenate([rng.normal(0, 1, 40), rng.normal(2, 1, 30)])
T = np.arange(0, 40, 0.1)
CURVE = np.sin(T / 2) + 0.4 * np.sin(T * 1.3)
TRACE = 0.2 + 0.8 * np.interp(T - 1.5, T, CURVE) + 0.01 * rng.normal(size=T.size)
SCALES = np.repeat(np.arange(10), 4)


def at_bounds(values, low=1.0, high=5.0):
    return quality.at_bounds(values, low=low, high=high)


def consistency(answers, scales=SCALES):
    return quality.even_odd_consistency(answers, scales)


def calibrated(curve, trace):
    found = quality.calibrate(curve, trace, rate_hz=10)
    return found.lag.lag_s, found.gain, found.offset, found.noise


# Before and after a change that must not be seen.
SAME = {
    "longstring, other names": (
        lambda: quality.longstring(ANSWERS[:, 0].tolist()),
        lambda: quality.longstring([f"answer {9 - one}" for one in ANSWERS[:, 0]]),
    ),
    "longstring, backwards": (
        lambda: quality.longstring(WALK.tolist()),
        lambda: quality.longstring(WALK[::-1].tolist()),
    ),
    "longstring, answers left out at the end": (
        lambda: quality.longstring(WALK.tolist()),
        lambda: quality.longstring([*WALK.tolist(), None, float("nan")]),
    ),
    "straight lining, order of items and of dimensions": (
        lambda: quality.straight_lining(ANSWERS),
        lambda: quality.straight_lining(ANSWERS[::-1, [2, 0, 1]]),
    ),
    "straight lining, level and unit": (
        lambda: quality.straight_lining(ANSWERS),
        lambda: quality.straight_lining(ANSWERS / 8 + 1e6),
    ),
    "straight lining, items that nobody answered": (
        lambda: quality.straight_lining(ANSWERS),
        lambda: quality.straight_lining(np.vstack([ANSWERS, np.full((3, 3), np.nan)])),
    ),
    "speeding, order of items": (
        lambda: quality.speeding(SECONDS, TYPICAL),
        lambda: quality.speeding(SECONDS[::-1], TYPICAL[::-1]),
    ),
    "speeding, unit of time": (
        lambda: quality.speeding(SECONDS, TYPICAL),
        lambda: quality.speeding(1024 * SECONDS, 1024 * TYPICAL),
    ),
    "speeding, items without a time": (
        lambda: quality.speeding(SECONDS, TYPICAL),
        lambda: quality.speeding(np.append(SECONDS, np.nan), np.append(TYPICAL, 3)),
    ),
    "at bounds, order and turned scale": (
        lambda: at_bounds(ANSWERS[:, 0]),
        lambda: at_bounds(6 - ANSWERS[::-1, 0]),
    ),
    "at bounds, level and unit": (
        lambda: at_bounds(ANSWERS[:, 0]),
        lambda: at_bounds(ANSWERS[:, 0] / 8 + 1e6, low=1 / 8 + 1e6, high=5 / 8 + 1e6),
    ),
    "consistency, level and unit": (
        lambda: consistency(ANSWERS[:, 0]),
        lambda: consistency(ANSWERS[:, 0] * 8 + 1e6),
    ),
    "consistency, order and names of scales": (
        lambda: consistency(ANSWERS[:, 0]),
        lambda: consistency(ANSWERS[:, 0].reshape(10, 4)[::-1].ravel(), [f"s{one}" for one in SCALES]),
    ),
    "flat line, backwards": (
        lambda: quality.flat_line(WALK, rate_hz=10),
        lambda: quality.flat_line(WALK[::-1], rate_hz=10),
    ),
    "flat line, level and unit": (
        lambda: quality.flat_line(WALK, rate_hz=10, tolerance=0.25),
        lambda: quality.flat_line(WALK * 8, rate_hz=10, tolerance=2),
    ),
    "within band, order, level and unit": (
        lambda: quality.within_band(CURVE, TRACE, band=0.25),
        lambda: quality.within_band(8 * CURVE[::-1] + 64, 8 * TRACE[::-1] + 64, band=2),
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_what_does_not_matter_is_not_seen(what):
    before, after = (make() for make in SAME[what])
    assert before.value is not None
    assert after.value == pytest.approx(before.value, abs=1e-9)
    assert after.n_units_used == before.n_units_used
    assert after.convention


def test_a_change_of_mean_is_found_at_one_place_whatever_level_and_unit():
    found = quality.change_point(INDEX, permutations=99)
    moved = quality.change_point(INDEX * 8 + 1e6, permutations=99)
    turned = quality.change_point(INDEX[::-1], permutations=99)
    gappy = quality.change_point(np.insert(INDEX, 3, np.nan), permutations=99)
    assert moved.position == found.position
    assert (moved.before, moved.after) == pytest.approx((found.before * 8 + 1e6, found.after * 8 + 1e6))
    assert turned.position == INDEX.size - found.position
    assert (turned.before, turned.after) == pytest.approx((found.after, found.before))
    assert gappy.position == found.position + 1


def test_a_calibrated_rater_keeps_lag_and_gain_whatever_the_level():
    lag, gain, offset, noise = calibrated(CURVE, TRACE)
    assert calibrated(CURVE, TRACE + 1e3) == pytest.approx((lag, gain, offset + 1e3, noise), abs=1e-9)
    assert calibrated(CURVE, 8 * TRACE) == pytest.approx((lag, 8 * gain, 8 * offset, 8 * noise), abs=1e-9)
    assert calibrated(8 * CURVE, 8 * TRACE) == pytest.approx((lag, gain, 8 * offset, 8 * noise), abs=1e-9)


NOTHING = np.full(12, np.nan)
UNDEFINED = {
    "longstring": lambda: quality.longstring([None, float("nan")]),
    "straight_lining": lambda: quality.straight_lining(np.full((4, 3), np.nan)),
    "speeding": lambda: quality.speeding(NOTHING, 3.0),
    "at_bounds": lambda: quality.at_bounds(NOTHING, low=0, high=1),
    "even_odd_consistency": lambda: quality.even_odd_consistency(NOTHING, SCALES[:12]),
    "flat_line": lambda: quality.flat_line(NOTHING, rate_hz=10),
    "within_band": lambda: quality.within_band(NOTHING, NOTHING, band=1),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_all_missing_is_undefined_with_a_reason(name):
    found = UNDEFINED[name]()
    assert found.value is None
    assert found.reason


@pytest.mark.parametrize("what", [NOTHING, np.empty(0), np.ones(30)], ids=["missing", "none", "constant"])
def test_no_change_point_and_no_calibration_have_reasons(what):
    change = quality.change_point(what)
    assert (change.position, change.p_value) == (None, None)
    assert change.reason
    if what.size:
        found = quality.calibrate(np.sin(np.arange(what.size)), what, rate_hz=1, search_s=(0, 2))
        assert (found.gain, found.offset, found.noise) == (None, None, None)
        assert found.lag.reason


def test_every_public_function_has_joined():
    functions = {name for name in quality.__all__ if inspect.isfunction(getattr(quality, name))}
    assert functions == {*UNDEFINED, "change_point", "calibrate"}
