"""Warping compiled by numba and by numpy; `make test-oracles` runs this again where numba is installed."""

from importlib.util import find_spec

import numpy as np
import pytest

from affectory import fusion


@pytest.mark.parametrize("window_s", [0, 2, 50])
def test_compiled_warping_gives_the_very_same_numbers(window_s, monkeypatch):
    if find_spec("numba") is None:  # then the same function is run as plain Python
        monkeypatch.setattr("affectory.fusion.paths.find_spec", lambda _: "there")
        monkeypatch.setattr("affectory.fusion.paths._compiled", lambda function: function)
    rng = np.random.default_rng(3)
    smooth, tied = rng.normal(size=(5, 80)).cumsum(axis=1), rng.integers(0, 3, (5, 80)).astype(float)
    for traces in (smooth, tied):
        plain, compiled = (
            fusion.align(traces, rate_hz=5, window_s=window_s, iterations=3, engine=engine)
            for engine in ("numpy", "numba")
        )
        for name in ("centre", "aligned", "moved_s"):
            np.testing.assert_array_equal(getattr(plain, name), getattr(compiled, name))


def test_an_engine_that_is_not_there_is_refused_by_name(monkeypatch):
    monkeypatch.setattr("affectory.fusion.paths.find_spec", lambda _: None)
    with pytest.raises(ValueError, match="numba is not installed"):
        fusion.align([[0.0, 1.0]], rate_hz=1, window_s=1, engine="numba")
    with pytest.raises(ValueError, match="'fast' is none of"):
        fusion.align([[0.0, 1.0]], rate_hz=1, window_s=1, engine="fast")
