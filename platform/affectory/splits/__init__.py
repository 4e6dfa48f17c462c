"""Splits into roles: groups stay together, old groups stay where they are, leaks are reported."""

from affectory.splits.assign import RatioScheme, SplitAssignment, SplitReport, assign_splits
from affectory.splits.groups import connected_components

__all__ = ["RatioScheme", "SplitAssignment", "SplitReport", "assign_splits", "connected_components"]
