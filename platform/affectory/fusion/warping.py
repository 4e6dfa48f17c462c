"""Dynamic time warping in a band, barycentre averaging, and weighted fusion of aligned traces.

Warping hides disagreement: report the agreement of the traces as given beside anything made here.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from affectory.fusion.traces import EweWeights, FusedTrace, ewe, mean
from affectory.results import BoolArray, FloatArray, IntArray
from affectory.tables import Ratings, as_table, as_vector

STAY, DIAGONAL, ADVANCE = 0, 1, 2


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
    band = _Band.between(first.size, second.size, half)
    return float(np.sqrt(_costs(first, second[None, :], band).reached[-1, 0, band.last]))


def align(traces: Ratings, *, rate_hz: float, window_s: float, iterations: int = 10) -> Alignment:
    """Warp traces onto their barycentre (DBA) within a band.

    Parameters
    ----------
    traces : RatingTable or array_like, shape (raters, samples)
        On one time base, no missing samples.
    rate_hz : float
    window_s : float
        Furthest that a sample may be moved, in seconds.
    iterations : int
        Rounds of averaging, from the plain mean on.

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
    band = _Band.between(n, n, min(round(window_s * rate_hz), n))
    centre = values.mean(axis=0)
    aligned, moved = values, np.zeros(len(values))
    for _ in range(iterations):
        centre, aligned, moved = _onto(centre, values, band)
    return Alignment(centre, aligned, moved / rate_hz)


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
    traces, rate_hz, window_s, iterations
        As in `align`.
    weights : {None, "correlation", "correlation_others", "ccc"}
        None: the barycentre. Otherwise the weights of `ewe`, from the aligned traces.

    Returns
    -------
    FusedTrace
        `details` has the largest mean shift; all NaN, with a reason, when a trace has missing samples.

    Examples
    --------
    >>> bumps = [[0, 0, 1, 3, 1, 0, 0], [0, 1, 3, 1, 0, 0, 0]]
    >>> aligned_fusion(bumps, rate_hz=1, window_s=2, weights="ccc").weights
    array([0.5, 0.5])
    """
    values = as_table(traces).persons("aligned_fusion")
    name = f"barycentre in a band of {window_s:g} s, {iterations} iterations"
    if np.isnan(values).any():
        raw = mean(values)
        return replace(
            raw,
            values=np.full_like(raw.values, np.nan),
            convention=name,
            reason="warping needs traces without missing samples",
        )
    found = align(values, rate_hz=rate_hz, window_s=window_s, iterations=iterations)
    fused = mean(found.aligned) if weights is None else ewe(found.aligned, weights=weights)
    if weights is None:
        fused = replace(fused, values=found.centre)
    return replace(
        fused,
        convention=f"{name}; {fused.convention}",
        details={**fused.details, "largest_mean_shift_s": float(found.moved_s.max())},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """Columns that each row of the cost matrix looks at: low[i] .. low[i] + width - 1."""

    low: IntArray
    width: int
    n_columns: int

    @classmethod
    def between(cls, rows: int, columns: int, half: int) -> "_Band":
        if half < 0:
            raise ValueError(f"window_samples: 0 or more, not {half}")
        slope = (columns - 1) / max(rows - 1, 1)
        half = max(half, int(np.ceil(slope)) if rows != columns else half)
        diagonal = np.rint(np.arange(rows) * slope).astype(np.int64)
        return cls(diagonal - half, 2 * half + 1, columns)

    @property
    def last(self) -> int:
        """Place of the last column in the last row."""
        return int(self.n_columns - 1 - self.low[-1])


def _complete(name: str, values: npt.ArrayLike) -> FloatArray:
    vector = as_vector(name, values)
    if vector.size == 0 or np.isnan(vector).any():
        raise ValueError(f"{name}: warping needs values without gaps")
    return vector


@dataclass(frozen=True, slots=True, eq=False)
class _Costs:
    """Accumulated costs of aligning series to one row of values, each of shape (rows, series, width).

    `entry` is the cheaper of coming from above or diagonally; `from_above` says which it was.
    """

    reached: FloatArray
    entry: FloatArray
    from_above: BoolArray

    def steps(self) -> npt.NDArray[np.uint8]:
        """Where each cell was entered from, shape (series, rows, width)."""
        steps = np.where(self.from_above, np.uint8(STAY), np.uint8(DIAGONAL))
        steps[:, :, 1:][self.reached[:, :, :-1] < self.entry[:, :, 1:]] = ADVANCE
        return np.ascontiguousarray(steps.transpose(1, 0, 2))


def _costs(rows: FloatArray, series: FloatArray, band: _Band) -> _Costs:
    """Fill the table row by row, for all series at once.

    A cell depends on its left neighbour only by adding costs, so a running sum and a running minimum do a
    whole row.
    """
    columns = band.low[:, None] + np.arange(band.width)
    outside: BoolArray = np.logical_or(columns < 0, columns >= band.n_columns)
    own = np.square(series.T[np.clip(columns, 0, band.n_columns - 1)] - rows[:, None, None])
    own[outside] = 0.0
    own = np.ascontiguousarray(own.transpose(0, 2, 1))
    summed = np.cumsum(own, axis=2)
    before = own - summed
    reach = int(np.diff(band.low).max(initial=1)) + 1
    above = np.full((len(series), band.width + 2 * reach), np.inf)
    above[:, reach - 1 - band.low[0]] = 0.0  # the path enters the first column diagonally, from nothing
    inside = above[:, reach : reach + band.width]
    starts = reach + np.diff(band.low, prepend=band.low[0])
    at_edge = np.asarray(outside.any(axis=1))
    table = _Costs(np.empty_like(own), np.empty_like(own), np.empty(own.shape, dtype=bool))
    for i, start in enumerate(starts.tolist()):
        up, diagonal = above[:, start : start + band.width], above[:, start - 1 : start - 1 + band.width]
        reached = table.reached[i]
        np.less(up, diagonal, out=table.from_above[i])
        np.minimum(up, diagonal, out=table.entry[i])
        np.add(table.entry[i], before[i], out=reached)
        np.minimum.accumulate(reached, axis=1, out=reached)
        reached += summed[i]
        if at_edge[i]:
            reached[:, outside[i]] = np.inf
        if i == 0:
            above[:] = np.inf
        inside[:] = reached
    return table


def _onto(centre: FloatArray, series: FloatArray, band: _Band) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Average what is matched to each sample of the centre: of all series, of each; give mean shifts too."""
    steps = _costs(centre, series, band).steps()
    total, matched = np.empty((2, len(series), centre.size))
    moved = np.empty(len(series))
    for k, own in enumerate(series):
        row, column = _path(steps[k], band)
        matched[k] = np.bincount(row, minlength=centre.size)
        total[k] = np.bincount(row, weights=own[column], minlength=centre.size)
        moved[k] = np.abs(row - column).mean()
    return total.sum(axis=0) / matched.sum(axis=0), total / matched, moved


def _path(steps: npt.NDArray[np.uint8], band: _Band) -> tuple[IntArray, IntArray]:
    """Follow the steps from the end to the start."""
    moves, width, low = steps.tobytes(), band.width, band.low.tolist()
    i, j = len(low) - 1, band.n_columns - 1
    rows, columns = [i], [j]
    while i or j:
        step = moves[i * width + j - low[i]]
        if step != ADVANCE:
            i -= 1
        if step != STAY:
            j -= 1
        rows.append(i)
        columns.append(j)
    return np.array(rows), np.array(columns)
