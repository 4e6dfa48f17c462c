"""Which lag a gold rule takes out of whose traces, and traces with that delay taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from affectory.fusion import compensate_lag
from affectory.results import FloatArray
from annotation.analysis.calibrations import Calibrated
from annotation.questions.contract import GoldRule

CALIBRATION: Final = "calibration"
FIXED: Final = "fixed"


@dataclass(frozen=True)
class Lag:
    """How late a rater is, and who says so: her ``calibration``, or the rule for everybody (``fixed``)."""

    lag_s: float
    source: Literal["calibration", "fixed"]


def asks_for_calibrations(gold: GoldRule) -> bool:
    return gold.lag_from == CALIBRATION


def lags_of(
    raters: Sequence[str], gold: GoldRule, calibrated: Mapping[str, Calibrated]
) -> list[Lag | None] | None:
    """What to take out of each rater's trace, None where her lag is not known; no list: nothing is taken out."""
    if gold.lag_from is None and gold.lag_s is None:
        return None
    fixed = None if gold.lag_s is None else Lag(gold.lag_s, FIXED)
    own = [calibrated[rater].lag_s if rater in calibrated else None for rater in raters]
    return [fixed if lag_s is None else Lag(lag_s, CALIBRATION) for lag_s in own]


def on_time(cube: FloatArray, lags: Sequence[Lag | None], *, rate_hz: float, from_s: float) -> FloatArray:
    """Traces moved earlier by their lags; ``cube``: (raters, samples, dimensions), NaN where not valid.

    NaN for a rater whose lag is None, at the end, where no sample is left, and before ``from_s``.
    """
    known = np.array([lag is not None for lag in lags])
    moved = np.full(cube.shape, np.nan)
    shifts = [lag.lag_s for lag in lags if lag is not None]
    for place in range(cube.shape[2] if shifts else 0):
        moved[known, :, place] = compensate_lag(cube[known, :, place], shifts, rate_hz=rate_hz)
    moved[:, np.arange(cube.shape[1]) / rate_hz < from_s] = np.nan
    return moved
