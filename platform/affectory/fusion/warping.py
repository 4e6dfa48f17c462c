"""Dynamic time warping in a band, barycentre averaging, and weighted fusion of aligned traces.

Warping hides disagreement: report the agreement of the traces as given beside anything made here.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from affectory.fusion.paths import Band, CostTable, Engine
from affectory.fusion.traces import EweWeights, FusedTrace, ewe, mean
from affectory.results import FloatArray
from affectory.tables import Ratings, as_table
from affectory.vectors import as_vector


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Traces warped onto their barycentre.

    Attributes
    ----------
    centre : ndarray, shape (samples,)
        The barycentre.
    aligned : ndarray, shape (raters, samples)
        Each rater's samples averaged over those matched to a sample of the barycentre.
    moved_s : ndarray, shape (raters,)
        Mean absolute shift of each rater in seconds.
    """

    centre: FloatArray
    aligned: FloatArray
    moved_s: FloatArray


def dtw_distance(x: npt.ArrayLike, y: npt.ArrayLike, *, window_samples: int | None = None) -> float:
    """Dynamic-time-warping distance: square root of the smallest sum of squared differences.

    Parameters
    ----------
    x, y : array_like, shape (samples,)
        Lengths may differ; no missing values.
    window_samples : int, optional
        How far the path may leave the diagonal, to each side; unlimited when not given.

    Returns
    -------
    float
        0 or more, in the unit of the series.

    References
    ----------
    Sakoe & Chiba (1978), IEEE Transactions on Acoustics, Speech and Signal Processing 26, 43-49.

    Examples
    --------
    >>> round(dtw_distance([1, 3, 4, 9, 8], [2, 3, 5, 8, 9]), 6)
    2.0
    """
    first, second = _complete("x", x), _complete("y", y)
    half = max(first.size, second.size) if window_samples is None else window_samples
    table = CostTable(Band.between(first.size, second.size, half), second[None, :], "numpy")
    table.fill(first)
    return float(np.sqrt(table.total(0)))


def align(
    traces: Ratings, *, rate_hz: float, window_s: float, iterations: int = 10, engine: Engine = "auto"
) -> Alignment:
    """Warp traces onto their barycentre (DBA) within a band.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base, no missing samples.
    rate_hz : float
        Samples per second.
    window_s : float
        Furthest that a sample may be moved, in seconds.
    iterations : int
        Rounds of averaging, from the plain mean on.
    engine : {"auto", "numpy", "numba"}
        The same paths by numpy, or compiled by numba (about four times as fast, after a first call that
        compiles). "auto" takes numba where it is installed.

    Returns
    -------
    Alignment

    References
    ----------
    Petitjean, Ketterlin & Gancarski (2011), Pattern Recognition 44, 678-693.

    Examples
    --------
    >>> bumps = [[0, 0, 1, 3, 1, 0, 0], [0, 1, 3, 1, 0, 0, 0]]
    >>> align(bumps, rate_hz=1, window_s=2, iterations=5).aligned.max(axis=1)
    array([3., 3.])
    """
    values = as_table(traces).persons("align")
    gap = np.argwhere(np.isnan(values))
    if gap.size:
        raise ValueError(f"traces: rater {gap[0][0]} has no value at sample {gap[0][1]}; warping needs all")
    if not (rate_hz > 0 and window_s >= 0 and iterations >= 1 and values.size):
        raise ValueError("rate_hz above 0, window_s 0 or more, iterations 1 or more, some samples")
    n = values.shape[1]
    table = CostTable(Band.between(n, n, min(round(window_s * rate_hz), n)), values, engine)
    centre = values.mean(axis=0)
    total, matched = np.empty((2, *values.shape))
    moved = np.empty(len(values))
    for _ in range(iterations):
        table.fill(centre)
        for k in range(len(values)):
            row, column = table.path(k)
            matched[k] = np.bincount(row, minlength=n)
            total[k] = np.bincount(row, weights=values[k, column], minlength=n)
            moved[k] = np.abs(row - column).mean()
        centre = total.sum(axis=0) / matched.sum(axis=0)
    return Alignment(centre, total / matched, moved / rate_hz)


def aligned_fusion(
    traces: Ratings,
    *,
    rate_hz: float,
    window_s: float,
    iterations: int = 10,
    weights: EweWeights | None = None,
) -> FusedTrace:
    """Align traces within a band, then average them, with equal or evaluator weights.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base; NaN is missing. The longest stretch that all raters have is aligned.
    rate_hz, window_s, iterations
        As in `align`.
    weights : {None, "correlation", "correlation_others", "ccc"}
        None: the barycentre. Otherwise the weights of `ewe`, from the aligned traces.

    Returns
    -------
    FusedTrace
        `details` has the largest mean shift. Outside the stretch `values` and `sd` are NaN, and `reason` tells
        its place; all NaN, with a reason, where no two neighbouring samples are there for all raters.

    References
    ----------
    Petitjean, Ketterlin & Gancarski (2011), Pattern Recognition 44, 678-693 (barycentre); Stappen et al.
    (2021), MuSe-Toolbox (weights from aligned traces; they align by another kind of warping).

    Examples
    --------
    >>> bumps = [[0, 0, 1, 3, 1, 0, 0], [0, 1, 3, 1, 0, 0, 0]]
    >>> aligned_fusion(bumps, rate_hz=1, window_s=2, weights="ccc").weights
    array([0.5, 0.5])
    """
    values = as_table(traces).persons("aligned_fusion")
    name = f"barycentre in a band of {window_s:g} s, {iterations} iterations"
    raw, start, end = mean(values), *_common_stretch(values)
    if end - start < 2:
        why = raw.reason or "warping needs two neighbouring samples that all raters have"
        return replace(raw, values=np.full_like(raw.values, np.nan), convention=name, reason=why)
    found = align(values[:, start:end], rate_hz=rate_hz, window_s=window_s, iterations=iterations)
    fused = mean(found.aligned) if weights is None else ewe(found.aligned, weights=weights)
    whole = values.shape[1]
    told = [fused.reason] if fused.reason else []
    if end - start < whole:
        told.append(f"aligned from sample {start} to {end - 1} of {whole}, which all raters have")
    return replace(
        fused,
        values=_placed(found.centre if weights is None else fused.values, start, whole),
        sd=_placed(fused.sd, start, whole),
        n=raw.n,
        convention=f"{name}; {fused.convention}",
        reason="; ".join(told) or None,
        details={**fused.details, "largest_mean_shift_s": float(found.moved_s.max())},
    )


def _common_stretch(values: FloatArray) -> tuple[int, int]:
    """Start and end of the longest run of samples that all raters have; the first of equally long ones."""
    common = ~np.isnan(values).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], common, [False]])))
    starts, ends = edges[::2], edges[1::2]
    if starts.size == 0:
        return 0, 0
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest])


def _placed(values: FloatArray, start: int, n: int) -> FloatArray:
    placed = np.full(n, np.nan)
    placed[start : start + values.size] = values
    return placed


def _complete(name: str, values: npt.ArrayLike) -> FloatArray:
    vector = as_vector(name, values)
    if vector.size == 0 or np.isnan(vector).any():
        raise ValueError(f"{name}: warping needs values without gaps")
    return vector
