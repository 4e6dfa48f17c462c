"""Observations about how carefully somebody answered. What follows from them is for a policy to say."""

from affectory.quality.answers import (
    ChangePoint,
    at_bounds,
    change_point,
    even_odd_consistency,
    longstring,
    speeding,
    straight_lining,
)
from affectory.quality.traces import Calibration, calibrate, flat_line, within_band

__all__ = [
    "Calibration",
    "ChangePoint",
    "at_bounds",
    "calibrate",
    "change_point",
    "even_odd_consistency",
    "flat_line",
    "longstring",
    "speeding",
    "straight_lining",
    "within_band",
]
