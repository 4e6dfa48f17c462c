"""Fusion of continuous traces into a gold standard."""

from affectory.fusion.traces import FusedTrace, concordance_with, ewe, mean, median, trimmed

__all__ = ["FusedTrace", "concordance_with", "ewe", "mean", "median", "trimmed"]
