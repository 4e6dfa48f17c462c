"""Fusion of continuous traces into a gold standard."""

from affectory.fusion.correction import correct_by_comparisons
from affectory.fusion.lag import (
    LagEstimate,
    calibration_lags,
    compensate_lag,
    estimate_lag,
    rater_lags,
)
from affectory.fusion.recipes import RECIPES, Recipe, centre, consistency_order, fuse
from affectory.fusion.representation import Represented, represent
from affectory.fusion.traces import FusedTrace, concordance_with, ewe, mean, median, trimmed
from affectory.fusion.warping import Alignment, align, aligned_fusion, dtw_distance

__all__ = [
    "RECIPES",
    "Alignment",
    "FusedTrace",
    "LagEstimate",
    "Recipe",
    "Represented",
    "align",
    "aligned_fusion",
    "calibration_lags",
    "centre",
    "compensate_lag",
    "concordance_with",
    "consistency_order",
    "correct_by_comparisons",
    "dtw_distance",
    "estimate_lag",
    "ewe",
    "fuse",
    "mean",
    "median",
    "rater_lags",
    "represent",
    "trimmed",
]
