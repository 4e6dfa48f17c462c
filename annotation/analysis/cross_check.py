"""A second opinion on stored alphas from an independent library, kept beside our number."""

from importlib.metadata import version
from typing import Any, Literal

import krippendorff
import numpy as np

from affectory.results import Measurement
from affectory.tables import RatingTable

Level = Literal["nominal", "ordinal"]
# The library holds several arrays of (units x values x values) numbers; beyond this there is no second opinion.
MAX_CELLS = 1_000_000


def second_opinion(table: RatingTable, level: Level, ours: Measurement) -> dict[str, Any]:
    """What the library `krippendorff` says of the same ratings; {} where ours is undefined or they are too many."""
    counts, values = _counts(table)
    if ours.value is None or counts.shape[0] * counts.shape[1] ** 2 > MAX_CELLS:
        return {}
    theirs = float(krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=level))
    return {"second_opinion": {"library": f"krippendorff {version('krippendorff')}", "value": theirs}}


def _counts(table: RatingTable) -> tuple["np.ndarray[Any, Any]", list[Any]]:
    """Votes per unit and value, values in their order; only units with two ratings or more can be compared."""
    if table.counts is not None:
        counts, values = table.counts, list(range(table.counts.shape[1]))
    else:
        dense = table.dense()
        values = np.unique(dense[~np.isnan(dense)]).tolist()
        counts = np.stack([(dense == value).sum(axis=0) for value in values], axis=1)
    return counts[counts.sum(axis=1) >= 2], values
