"""One number per sample from several raters; arrays are (raters, samples), NaN where a rater has none."""

import numpy as np

from affectory.results import BoolArray, FloatArray
from affectory.vectors import mean_present


def median(values: FloatArray) -> FloatArray:
    """Median of the raters present."""
    fused = np.full(values.shape[1], np.nan)
    present = ~np.isnan(values).all(axis=0)
    if present.any():
        fused[present] = np.nanmedian(values[:, present], axis=0)
    return fused


def trimmed(values: FloatArray, share: float) -> FloatArray:
    """Mean of the raters present without this share of them at each end."""
    ordered = np.sort(values, axis=0)  # NaN comes last
    n = (~np.isnan(values)).sum(axis=0)
    cut = np.floor(share * n + 1e-9).astype(np.int64)
    rank = np.arange(len(values))[:, None]
    return mean_present(np.where((rank >= cut) & (rank < n - cut), ordered, np.nan))


def weighted(values: FloatArray, shares: FloatArray) -> FloatArray:
    """Mean by shares over the raters present; NaN where all of these have none."""
    present: BoolArray = ~np.isnan(values)
    behind = shares @ present
    total = shares @ np.where(present, values, 0.0)
    return np.asarray(np.divide(total, behind, out=np.full(behind.size, np.nan), where=behind > 0))


def deviation(values: FloatArray) -> FloatArray:
    """Population standard deviation over the raters present."""
    return np.asarray(np.sqrt(mean_present(np.square(values - mean_present(values)))))
