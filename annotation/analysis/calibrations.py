"""What calibrations say of raters: how late, how far and how steadily each follows a curve that is known."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from annotation.analysis.series import keep_series, series_for
from annotation.models import ParticipationState, Response, Study, Trace
from annotation.questions.continuous import tells_of_rater


@dataclass(frozen=True)
class Calibration:
    """What a rater did on one calibration clip; a number is None where it is undefined, and ``reason`` says why.

    ``lag_s``: seconds behind the curve, of no use where there is a ``reason``. After the lag, in the level of the clip
    (0..1): ``gain``, ``offset`` and ``noise``; ``r``: -1..1, with the curve. ``response``: id of the answer.
    """

    response: str
    rater: str
    rater_kind: str
    question: str
    modality: str
    lag_s: float | None
    gain: float | None
    offset: float | None
    noise: float | None
    r: float | None
    reason: str


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


def calibrations_in(study: Study, only: Collection[str] | None = None) -> Iterator[Calibration]:
    """Of everybody who did not withdraw. Read apart from the answers about items, so whichever of those are looked at.

    ``only``: ids of the responses to look at.
    """
    given, asked = _given(study, only), _asked(study)
    rate_hz = study.protocol.document["gold"]["rate_hz"]
    traces = Trace.objects.filter(pk__in=given)
    for trace in traces.select_related("series", "rater", "item").order_by("pk").iterator(chunk_size=50):
        question = asked[trace.question]
        [row] = series_for(trace, question, rate_hz).validity["target"]
        yield Calibration(
            given[trace.pk],
            trace.rater.pseudonym,
            trace.rater.kind,
            trace.question,
            question["options"]["modality"],
            **{name: row[name] for name in ("lag_s", "gain", "offset", "noise", "r", "reason")},
        )


def calibrations_of(study: Study) -> dict[str, Calibrated]:
    """By the raters' pseudonyms."""
    return by_rater(calibrations_in(study))


def by_rater(found: Iterable[Calibration]) -> dict[str, Calibrated]:
    grouped: dict[str, list[Calibration]] = defaultdict(list)
    for one in found:
        grouped[one.rater].append(one)
    return {
        rater: Calibrated(
            _mean(one.lag_s for one in rows if not one.reason),
            _mean(one.gain for one in rows),
            _mean(one.noise for one in rows),
            _mean(one.r for one in rows),
        )
        for rater, rows in grouped.items()
    }


def keep_calibrations(study: Study) -> None:
    """Store the series that calibrations lack; see `keep_series`."""
    of_question: dict[str, list[str]] = defaultdict(list)
    for trace, question in Trace.objects.filter(pk__in=_given(study)).values_list("pk", "question"):
        of_question[question].append(str(trace))
    asked = _asked(study)
    for key, traces in of_question.items():
        keep_series(traces, asked[key], study.protocol.document["gold"]["rate_hz"])


def _asked(study: Study) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in study.protocol.document["questions"] if tells_of_rater(one["type"])}


def _given(study: Study, only: Collection[str] | None = None) -> dict[UUID, str]:
    """Trace -> response."""
    found = Response.objects.filter(study=study, question__in=_asked(study)).exclude(
        assignment__participation__state=ParticipationState.WITHDRAWN
    )
    rows = ((str(pk), value) for pk, value in found.values_list("pk", "value"))
    return {UUID(value["trace"]): pk for pk, value in rows if only is None or pk in only}


def _mean(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return float(np.mean(known)) if known else None
