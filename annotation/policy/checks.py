"""The checks of a quality policy. A new one is an entry of `CHECKS`: what it measures, of what, and which side is bad.

A measure is None where the question is not of its kind, or where there is too little to say; nobody is excluded then.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from affectory import quality
from affectory.results import FloatArray
from annotation.questions.contract import Cell

HASTY = 0.3  # share of the typical time below which one answer of a rater is counted as hasty


@dataclass(frozen=True)
class Series:
    """A trace at a fixed rate; ``values``: (samples, dimensions), NaN where not valid."""

    rate_hz: float
    values: FloatArray


class Given(NamedTuple):
    """One answer as checks see it; light, as there is one for every answer of a study.

    Content and cells are made when a check looks at them. ``series`` is None but for traces. ``typical_ms``: median of
    the other raters' time for the same item and question; None where nobody else was timed. ``read_calibration``: how
    near the rater came to the known curves of her calibrations (-1..1); None without one.
    """

    asked: dict[str, Any]
    dimensions: Sequence[Mapping[str, Any]]
    value: dict[str, Any]
    read_cells: Callable[[], Sequence[Cell]]
    read_calibration: Callable[[], float | None]
    own_ms: float | None
    typical_ms: float | None
    series: Series | None

    @property
    def content(self) -> str:
        return json.dumps(self.value, sort_keys=True)

    @property
    def cells(self) -> Sequence[Cell]:
        """Empty for a trace."""
        return self.read_cells()

    @property
    def numbers(self) -> list[float]:
        """The numbers that were given, without the scores that follow from them."""
        return [
            cell.number
            for cell in self.cells
            if cell.number is not None and not cell.dimension.startswith("score:")
        ]


Of = Callable[[Sequence[Given]], float | None]


@dataclass(frozen=True)
class Measure:
    """``of``: from the answers of one rater to one question, in the order given, or from a single one."""

    of: Of
    excluded_below: bool
    told: str


def _number(detail: object) -> float | None:
    return detail if isinstance(detail, float) else None


def _speed(given: Sequence[Given]) -> float | None:
    (one,) = given
    return one.own_ms / one.typical_ms if one.own_ms is not None and one.typical_ms else None


def _hasty(given: Sequence[Given]) -> float | None:
    times = [[one.own_ms, one.typical_ms] for one in given]
    own, typical = np.array(times, dtype=np.float64).T
    return quality.speeding(own, typical, share_of_typical=HASTY).value


def _longest_run(given: Sequence[Given]) -> float | None:
    if any(one.series for one in given):
        return None
    return _number(quality.longstring([one.content for one in given]).details.get("share"))


def _run_within(given: Sequence[Given]) -> float | None:
    (one,) = given
    numbers = one.numbers
    return _number(quality.longstring(numbers).details.get("share")) if len(numbers) > 1 else None


def _straight(given: Sequence[Given]) -> float | None:
    rows = [one.numbers for one in given]
    widths = {len(row) for row in rows}
    return quality.straight_lining(rows).value if len(widths) == 1 and widths.pop() > 1 else None


def _at_bounds(given: Sequence[Given]) -> float | None:
    """Over all dimensions that have ends, each stretched to 0..1."""
    ends = {one["key"]: one for one in given[0].dimensions if not {one.get("min"), one.get("max")} & {None}}
    if not ends:
        return None
    stretched = [
        (values - ends[key]["min"]) / (ends[key]["max"] - ends[key]["min"])
        for one in given
        for key, values in _by_dimension(one)
        if key in ends
    ]
    return quality.at_bounds(np.concatenate(stretched), low=0, high=1).value if stretched else None


def _by_dimension(one: Given) -> list[tuple[str, FloatArray]]:
    if one.series is not None:
        keys = [dimension["key"] for dimension in one.dimensions]
        return list(zip(keys, one.series.values.T, strict=True))
    return [(cell.dimension, np.array([cell.number])) for cell in one.cells if cell.number is not None]


def _stillness(given: Sequence[Given]) -> float | None:
    """Longest stillness by length of the trace, of the dimension that moved most."""
    (one,) = given
    if one.series is None or not len(one.series.values):
        return None
    length_s = len(one.series.values) / one.series.rate_hz
    still = [quality.flat_line(values, rate_hz=one.series.rate_hz).value for values in one.series.values.T]
    known = [value for value in still if value is not None]
    return min(known) / length_s if known else None


def _consistency(given: Sequence[Given]) -> float | None:
    """Of one filled form: whether a person's even and odd items say the same of each subscale."""
    (one,) = given
    options = one.asked["options"]
    if "subscales" not in options:
        return None
    ends = options["points"][0]["value"] + options["points"][-1]["value"]
    turned = {item["key"] for item in options["items"] if item["reverse"]}
    scale_of = {key: scale["key"] for scale in options["subscales"] for key in scale["items"]}
    told = [(cell.dimension, cell.number) for cell in one.cells if cell.number is not None]
    items = [(key, ends - value if key in turned else value) for key, value in told if key in scale_of]
    return quality.even_odd_consistency(
        [value for _, value in items], [scale_of[key] for key, _ in items]
    ).value


def _calibration(given: Sequence[Given]) -> float | None:
    (one,) = given
    return one.read_calibration()


#: check -> of what -> measure.
CHECKS: Mapping[str, Mapping[str, Measure]] = {
    "speeding": {
        "response": Measure(_speed, excluded_below=True, told="time, by the median of the other raters"),
        "rater": Measure(
            _hasty, excluded_below=False, told=f"share of answers below {HASTY:g} of that median"
        ),
    },
    "longstring": {
        "response": Measure(
            _run_within, excluded_below=False, told="longest run of one number, by its numbers"
        ),
        "rater": Measure(
            _longest_run, excluded_below=False, told="longest run of one answer, by the answers"
        ),
    },
    "straight_lining": {
        "response": Measure(
            _straight, excluded_below=False, told="1 where all its numbers are the same, else 0"
        ),
        "rater": Measure(
            _straight, excluded_below=False, told="share of answers whose numbers are all the same"
        ),
    },
    "at_bounds": {
        "response": Measure(_at_bounds, excluded_below=False, told="share of samples or numbers at an end"),
        "rater": Measure(_at_bounds, excluded_below=False, told="share of numbers at an end of their scale"),
    },
    "flat_line": {
        "response": Measure(
            _stillness, excluded_below=False, told="longest stillness, by the length of the trace"
        ),
    },
    "calibration": {
        "response": Measure(
            _calibration,
            excluded_below=True,
            told="correlation of its rater's calibrations with their curves, after her lag",
        ),
    },
    "consistency": {
        "response": Measure(_consistency, excluded_below=True, told="even-odd consistency of a filled form"),
    },
}
