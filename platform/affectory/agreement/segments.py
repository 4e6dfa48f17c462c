"""Agreement on when something begins and ends: overlap of frames, boundaries, and alpha for unitizing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from affectory.results import Basis, BoolArray, FloatArray, Measurement

Segment = tuple[float, float]
Unit = tuple[float, float, str]
NOT_WHOLE = "is not in whole steps; count frames, milliseconds or characters"
NOTHING_MARKED = "neither rater marked anything; 1 by convention"


@dataclass(frozen=True, slots=True)
class UnitizingAgreement:
    """Alpha for unitizing over all categories, and for each."""

    overall: Measurement
    by_category: dict[str, Measurement]

    @property
    def value(self) -> float | None:
        """The overall coefficient."""
        return self.overall.value

    @property
    def ci(self) -> tuple[float, float] | None:
        """No interval is known."""
        return self.overall.ci

    @property
    def reason(self) -> str | None:
        """Why the overall coefficient is undefined."""
        return self.overall.reason

    @property
    def n_units_used(self) -> int:
        """Marked units of all raters."""
        return self.overall.n_units_used

    @property
    def n_units_dropped(self) -> int:
        """None is ever left out: 0."""
        return self.overall.n_units_dropped

    @property
    def n_raters(self) -> int:
        """Raters who went through the continuum, also those who marked nothing."""
        return self.overall.n_raters

    @property
    def convention(self) -> str:
        """The variant that was computed."""
        return self.overall.convention

    def as_dict(self) -> dict[str, Any]:
        """Give the same as plain JSON types.

        Returns
        -------
        dict
            The overall measurement, and under "by_category" that of each category.

        Examples
        --------
        >>> found = unitizing_alpha([[(2, 6, "joy")], [(2, 6, "joy")]], continuum=(0, 20)).as_dict()
        >>> found["value"], found["by_category"]["joy"]["value"]
        (1.0, 1.0)
        """
        parts = {category: found.as_dict() for category, found in self.by_category.items()}
        return {**self.overall.as_dict(), "by_category": parts}


def unitizing_alpha(units: Sequence[Sequence[Unit]], *, continuum: tuple[float, float]) -> UnitizingAgreement:
    """Krippendorff's alpha for unitizing a continuum.

    Parameters
    ----------
    units : sequence of sequences of (start, length, category)
        One list per rater; units of one rater and category do not overlap. Whole numbers of the smallest
        step that raters could tell apart (frames, characters): chance is counted over the places where a
        unit could begin, so fractions of a step, such as seconds, are refused.
    continuum : (start, end)
        What all raters went through, in whole steps as well.

    Returns
    -------
    UnitizingAgreement
        `overall` divides the sums of the categories' disagreements; `by_category` is per category. At most 1;
        None with a reason for fewer than two raters, and where nothing is marked.

    Notes
    -----
    The same marks counted in finer steps give a slightly different value, as there are more places to begin
    at. Compare only alphas of one step.

    References
    ----------
    Krippendorff (1995), Sociological Methodology 25, 47-76; Krippendorff (2004), Content Analysis, 2nd ed.,
    251-256.

    Examples
    --------
    >>> marked = [[(2, 6, "joy")], [(2, 6, "joy")]]
    >>> unitizing_alpha(marked, continuum=(0, 20)).value
    1.0
    """
    start, end = continuum
    _check_units(units, start, end)
    n_units = sum(len(row) for row in units)
    categories = sorted({category for row in units for _, _, category in row})
    parts = {category: _disagreements(units, category, start, end) for category in categories}
    name = "Krippendorff alpha for unitizing (1995)"
    by_category = {
        category: _ratio(
            observed,
            expected,
            Basis(f"{name}, category {category}", _count(units, category), 0, len(units)),
        )
        for category, (observed, expected) in parts.items()
    }
    overall = Basis(f"{name}, all categories", n_units, 0, len(units))
    if not parts:
        why = "nobody marked anything" if len(units) > 1 else "needs two raters"
        return UnitizingAgreement(overall.undefined(why), by_category)
    observed, expected = (sum(side) for side in zip(*parts.values(), strict=True))
    return UnitizingAgreement(_ratio(observed, expected, overall), by_category)


def frame_iou(
    a: Sequence[Segment], b: Sequence[Segment], *, continuum: tuple[float, float], frame_s: float
) -> Measurement:
    """Overlap of two raters' segments on a frame raster: both / either.

    Parameters
    ----------
    a, b : sequences of (start_s, end_s)
        Segments of one kind; a frame is marked when its middle lies in a segment.
    continuum : (start_s, end_s)
        What both went through.
    frame_s : float
        Length of a frame in seconds.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked anything. `details["f1"]` is the Dice
        overlap.

    References
    ----------
    Jaccard (1912), New Phytologist 11, 37-50; Dice (1945), Ecology 26, 297-302 (the `f1`).

    Examples
    --------
    >>> round(frame_iou([(0, 2)], [(1, 3)], continuum=(0, 4), frame_s=0.1).value, 3)
    0.333
    """
    start, end = continuum
    if not (frame_s > 0 and end > start):
        raise ValueError(f"frame_s {frame_s} is above 0 and the continuum {continuum} not empty")
    frames = np.arange(round((end - start) / frame_s), dtype=np.float64)
    middles: FloatArray = np.asarray(start + (frames + 0.5) * frame_s, dtype=np.float64)
    first, second = _marked(a, middles), _marked(b, middles)
    both, either = int((first & second).sum()), int((first | second).sum())
    basis = Basis(f"intersection over union of frames of {frame_s:g} s", middles.size)
    if either == 0:
        return basis.measured(1.0, reason=NOTHING_MARKED, details={"f1": 1.0})
    f1 = 2 * both / int(first.sum() + second.sum())
    return basis.measured(both / either, details={"f1": f1, "frames_both": both, "frames_either": either})


def boundary_f1(a: Sequence[Segment], b: Sequence[Segment], *, tolerance_s: float) -> Measurement:
    """F1 of segments whose start and end both lie within a tolerance of a partner's.

    Parameters
    ----------
    a, b : sequences of (start_s, end_s)
        Each segment has at most one partner; matching goes from the earliest on.
    tolerance_s : float
        Largest accepted difference of either boundary, in seconds.

    Returns
    -------
    Measurement
        0 to 1; 1 by convention (and saying so) when neither marked anything.

    Examples
    --------
    >>> boundary_f1([(0, 2), (5, 6)], [(0.1, 2.2)], tolerance_s=0.25).value.__round__(3)
    0.667
    """
    if not tolerance_s >= 0:
        raise ValueError(f"tolerance_s: 0 or more, not {tolerance_s}")
    _check_segments(a)
    _check_segments(b)
    basis = Basis(f"F1 of segments, boundaries within {tolerance_s:g} s", len(a) + len(b))
    if not a and not b:
        return basis.measured(1.0, reason=NOTHING_MARKED)
    free = sorted(b)
    matched = 0
    for start, end in sorted(a):
        partner = next(
            (one for one in free if abs(one[0] - start) <= tolerance_s and abs(one[1] - end) <= tolerance_s),
            None,
        )
        if partner is not None:
            free.remove(partner)
            matched += 1
    return basis.measured(2 * matched / (len(a) + len(b)), details={"matched": matched})


def unit_distance(first: Segment, second: Segment) -> float:
    """Krippendorff's squared distance of two overlapping units (start, length).

    Parameters
    ----------
    first, second : (start, length)

    Returns
    -------
    float
        Squared difference of starts plus squared difference of ends.

    References
    ----------
    Krippendorff (1995), Sociological Methodology 25, 47-76.

    Examples
    --------
    >>> unit_distance((5, 6), (4, 2))
    26
    """
    return (first[0] - second[0]) ** 2 + (first[0] + first[1] - second[0] - second[1]) ** 2


def _check_units(units: Sequence[Sequence[Unit]], start: float, end: float) -> None:
    if not end > start:
        raise ValueError(f"continuum: ({start}, {end}) is empty")
    if not (_is_whole(start) and _is_whole(end)):
        raise ValueError(f"continuum: ({start}, {end}) {NOT_WHOLE}")
    for rater, row in enumerate(units):
        reached: dict[str, float] = {}
        for begin, length, category in sorted(row):
            if not (length > 0 and begin >= start and begin + length <= end):
                raise ValueError(
                    f"units: rater {rater}: ({begin}, {length}) does not lie in ({start}, {end})"
                )
            if not (_is_whole(begin) and _is_whole(length)):
                raise ValueError(f"units: rater {rater}: ({begin}, {length}) {NOT_WHOLE}")
            if begin < reached.get(category, start):
                raise ValueError(f"units: rater {rater}: {category} overlaps itself at {begin}")
            reached[category] = begin + length


def _is_whole(number: float) -> bool:
    return float(number).is_integer()


def _check_segments(segments: Sequence[Segment]) -> None:
    for start, end in segments:
        if not end >= start:
            raise ValueError(f"segments: ({start}, {end}) ends before it starts")


def _count(units: Sequence[Sequence[Unit]], category: str) -> int:
    return sum(1 for row in units for _, _, own in row if own == category)


def _ratio(observed: float, expected: float, basis: Basis) -> Measurement:
    facts = {"observed_disagreement": observed, "expected_disagreement": expected}
    if basis.n_raters < 2:
        return basis.undefined("needs two raters")
    if expected <= 0:
        return basis.undefined("expected disagreement is 0", details=facts)
    return basis.measured(1 - observed / expected, details=facts)


def _disagreements(
    units: Sequence[Sequence[Unit]], category: str, start: float, end: float
) -> tuple[float, float]:
    marked = [sorted((begin, length) for begin, length, own in row if own == category) for row in units]
    gaps = [list(_gaps(row, start, end)) for row in marked]
    return _observed(marked, gaps, end - start), _expected(marked, gaps, end - start)


def _gaps(marked: list[Segment], start: float, end: float) -> Iterator[Segment]:
    for begin, length in marked:
        if begin > start:
            yield start, begin - start
        start = begin + length
    if end > start:
        yield start, end - start


def _observed(marked: list[list[Segment]], gaps: list[list[Segment]], length: float) -> float:
    m = len(marked)
    if m < 2:
        return 0.0
    total = 0.0
    for i in range(m):
        for j in range(m):
            if i != j:
                total += sum(_apart(unit, marked[j], gaps[j]) for unit in marked[i])
    return total / (m * (m - 1) * length**2)


def _apart(unit: Segment, others: list[Segment], gaps: list[Segment]) -> float:
    """Distance of one unit to what the other rater has at its place.

    A unit inside a gap counts twice: once as seen from the unit, once as seen from the gap, whose own turn
    is left out.
    """
    begin, end = unit[0], unit[0] + unit[1]
    meeting = [unit_distance(unit, one) for one in others if one[0] < end and one[0] + one[1] > begin]
    inside = any(gap[0] <= begin and end <= gap[0] + gap[1] for gap in gaps)
    return sum(meeting) + (2 * unit[1] ** 2 if inside else 0.0)


def _expected(marked: list[list[Segment]], gaps: list[list[Segment]], length: float) -> float:
    m = len(marked)
    lengths = np.array([unit[1] for row in marked for unit in row], dtype=np.float64)
    gap_lengths: FloatArray = np.array([gap[1] for row in gaps for gap in row], dtype=np.float64)
    if lengths.size == 0:
        return 0.0
    room = np.maximum(gap_lengths[None, :] - lengths[:, None] + 1, 0)
    room[gap_lengths[None, :] < lengths[:, None]] = 0
    overlaps = (lengths.size - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
    below = m * length * (m * length - 1) - float((lengths * (lengths - 1)).sum())
    return float(2 / length * (overlaps + lengths**2 * room.sum(axis=1)).sum() / below)


def _marked(segments: Sequence[Segment], middles: FloatArray) -> BoolArray:
    _check_segments(segments)
    marked = np.zeros(middles.size, dtype=bool)
    for start, end in segments:
        marked |= (middles >= start) & (middles < end)
    return marked
