"""Krippendorff's alpha for unitizing: agreement on where units begin and end, and on what they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from affectory.results import Basis, FloatArray, Measurement

Stretch = tuple[float, float]
Unit = tuple[float, float, str]
NOT_WHOLE = "is not in whole steps; count frames, milliseconds or characters"


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


def unit_distance(first: Stretch, second: Stretch) -> float:
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


def _gaps(marked: list[Stretch], start: float, end: float) -> Iterator[Stretch]:
    for begin, length in marked:
        if begin > start:
            yield start, begin - start
        start = begin + length
    if end > start:
        yield start, end - start


def _observed(marked: list[list[Stretch]], gaps: list[list[Stretch]], length: float) -> float:
    m = len(marked)
    if m < 2:
        return 0.0
    total = 0.0
    for i in range(m):
        for j in range(m):
            if i != j:
                total += sum(_apart(unit, marked[j], gaps[j]) for unit in marked[i])
    return total / (m * (m - 1) * length**2)


def _apart(unit: Stretch, others: list[Stretch], gaps: list[Stretch]) -> float:
    """Distance of one unit to what the other rater has at its place.

    A unit inside a gap counts twice: once as seen from the unit, once as seen from the gap, whose own turn
    is left out.
    """
    begin, end = unit[0], unit[0] + unit[1]
    meeting = [unit_distance(unit, one) for one in others if one[0] < end and one[0] + one[1] > begin]
    inside = any(gap[0] <= begin and end <= gap[0] + gap[1] for gap in gaps)
    return sum(meeting) + (2 * unit[1] ** 2 if inside else 0.0)


def _expected(marked: list[list[Stretch]], gaps: list[list[Stretch]], length: float) -> float:
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
