"""Splits into roles: groups stay together, old groups stay where they are, leaks are reported."""

from affectory.splits.assign import SplitAssignment, assign_splits
from affectory.splits.groups import connected_components
from affectory.splits.report import SplitReport
from affectory.splits.schemes import (
    CrossedScheme,
    CutScheme,
    LeaveOneOutScheme,
    OfficialScheme,
    RatioScheme,
    TimeSlice,
    kfold_scheme,
    temporal_slices,
)

__all__ = [
    "CrossedScheme",
    "CutScheme",
    "LeaveOneOutScheme",
    "OfficialScheme",
    "RatioScheme",
    "SplitAssignment",
    "SplitReport",
    "TimeSlice",
    "assign_splits",
    "connected_components",
    "kfold_scheme",
    "temporal_slices",
]
