"""How late each rater is: what her calibrations say, and traces with that delay taken out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from affectory.fusion import compensate_lag
from affectory.results import FloatArray
from annotation.analysis.series import series_for
from annotation.models import ParticipationState, Response, Study, Trace
from annotation.questions.continuous import tells_of_rater
from annotation.questions.contract import GoldRule

CALIBRATION = "calibration"
NUMBERS = ("lag_s", "gain", "noise", "r")


@dataclass(frozen=True)
class Calibrated:
    """A rater's calibrations, the mean of each number over them; None where none of them tells it.

    ``lag_s``: without those whose lag lies at the edge of the search. After the lag: ``gain`` and ``noise`` in the
    level of the clip (0..1), and ``r`` with its curve.
    """

    lag_s: float | None
    gain: float | None
    noise: float | None
    r: float | None


def calibrations_of(study: Study) -> dict[str, Calibrated]:
    """By the raters' pseudonyms. Read apart from the answers about items, so whichever of those are looked at."""
    document = study.protocol.document
    asked = {one["key"]: one for one in document["questions"] if tells_of_rater(one["type"])}
    given = Response.objects.filter(study=study, question__in=asked).exclude(
        assignment__participation__state=ParticipationState.WITHDRAWN
    )
    traces = Trace.objects.filter(pk__in=[value["trace"] for value in given.values_list("value", flat=True)])
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for trace in traces.select_related("series", "rater", "item").order_by("pk").iterator(chunk_size=50):
        [row] = series_for(trace, asked[trace.question], document["gold"]["rate_hz"]).validity["target"]
        found[trace.rater.pseudonym].append({**row, "lag_s": None if row["reason"] else row["lag_s"]})
    return {rater: _over(rows) for rater, rows in found.items()}


def calibrated_for(gold: GoldRule, study: Study) -> Mapping[str, Calibrated]:
    """What the rule has to know of the raters' calibrations; empty where it asks for none."""
    return calibrations_of(study) if gold.lag_from == CALIBRATION else {}


def lags_of(
    raters: Sequence[str], gold: GoldRule, calibrated: Mapping[str, Calibrated]
) -> list[float | None] | None:
    """Seconds to take out of each rater's trace, None where her lag is not known; no list: nothing is taken out."""
    if gold.lag_from is None and gold.lag_s is None:
        return None
    own = [calibrated[rater].lag_s if rater in calibrated else None for rater in raters]
    return [gold.lag_s if lag is None else lag for lag in own]


def on_time(cube: FloatArray, lags_s: Sequence[float | None], *, rate_hz: float, from_s: float) -> FloatArray:
    """Traces moved earlier by their lags; ``cube``: (raters, samples, dimensions), NaN where not valid.

    NaN for a rater whose lag is None, at the end, where no sample is left, and before ``from_s``.
    """
    known = np.array([lag is not None for lag in lags_s])
    moved = np.full(cube.shape, np.nan)
    shifts = [lag for lag in lags_s if lag is not None]
    for place in range(cube.shape[2] if shifts else 0):
        moved[known, :, place] = compensate_lag(cube[known, :, place], shifts, rate_hz=rate_hz)
    moved[:, np.arange(cube.shape[1]) / rate_hz < from_s] = np.nan
    return moved


def _over(rows: Sequence[dict[str, Any]]) -> Calibrated:
    known = {name: [row[name] for row in rows if row[name] is not None] for name in NUMBERS}
    return Calibrated(**{name: float(np.mean(told)) if told else None for name, told in known.items()})
