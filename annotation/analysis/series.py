"""The fixed-rate series of traces, derived once from their event logs and kept with the rule."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Q

from affectory import __version__
from affectory.results import FloatArray
from annotation.analysis.scoring import score
from annotation.models import Trace, TraceChunk, TraceSeries
from annotation.questions.answers import Answer
from annotation.questions.continuous import continuous_type
from annotation.timing import shown_s
from annotation.trace_log import RULE, derive, parse_chunk
from annotation.trace_validity import REPORT_VERSION, validity

# The rule of a series that came from elsewhere, without a log.
IMPORTED = "imported"


@dataclass(frozen=True)
class SeriesRow:
    """One rater's series of one item; ``values``: (samples, dimensions), NaN where not valid."""

    item: UUID
    pseudonym: str
    rater_kind: str
    rate_hz: float
    t0_s: float
    rule: str
    values: FloatArray

    def settled(self, lead_in_s: float) -> "SeriesRow":
        """The same without its first ``lead_in_s`` seconds, which become missing."""
        if lead_in_s <= 0:
            return self
        early = self.t0_s + np.arange(len(self.values)) / self.rate_hz < lead_in_s
        return replace(self, values=np.where(early[:, None], np.nan, self.values))

    def cut(self, samples: int) -> "SeriesRow":
        return replace(self, values=self.values[:samples])


def series_of(
    answers: Sequence[Answer], question: dict[str, Any], rate_hz: float, lead_in_s: float = 0.0
) -> Iterator[SeriesRow]:
    """The series that the answers point to, by item and rater.

    The first ``lead_in_s`` of each are not valid: raters were still settling in.
    """
    wanted = [answer.value["trace"] for answer in answers]
    traces = (
        Trace.objects.filter(pk__in=wanted)
        .select_related("series", "rater")
        .order_by("item__key", "rater__pseudonym")
    )
    for trace in traces.iterator(chunk_size=50):
        yield _row(trace, series_for(trace, question, rate_hz)).settled(lead_in_s)


def keep_series(traces: Iterable[str], question: dict[str, Any], rate_hz: float) -> None:
    """Derive the series that these answers to a question lack, and store each at once: whoever is killed goes on there.

    Of several that do this at a time, each waits for a trace that another is at, and then finds it done.
    """
    wanted = [UUID(trace) for trace in traces]
    as_wanted = Q(rule=IMPORTED) | Q(rate_hz=rate_hz, validity__version=REPORT_VERSION)
    kept = TraceSeries.objects.filter(as_wanted, trace__in=wanted)
    lacking = Trace.objects.filter(pk__in=wanted).exclude(pk__in=kept.values("trace"))
    for pk in lacking.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # Where it was erased meanwhile, there is none.
            for trace in Trace.objects.select_for_update(no_key=True).filter(pk=pk):
                kept_series_for(trace, question, rate_hz)


def kept_series_for(trace: Trace, question: dict[str, Any], rate_hz: float) -> TraceSeries:
    """The stored series of a trace; where it is not there at this rate, it is derived and stored.

    Of one that an earlier version made, the report is made anew, and the values stay.
    """
    known = _stored(trace, rate_hz)
    if known is not None:
        report = report_of(known, question)
        if report is not known.validity:
            known.validity = report
            known.save(update_fields=["validity"])
        return known
    return TraceSeries.objects.update_or_create(trace=trace, defaults=_derived(trace, question, rate_hz))[0]


def series_for(trace: Trace, question: dict[str, Any], rate_hz: float) -> TraceSeries:
    """The stored series of a trace; where it is not there at this rate, one that was derived and is not stored.

    Who reads in a snapshot must not write: it would fail where somebody else has written since.
    """
    return _stored(trace, rate_hz) or TraceSeries(trace=trace, **_derived(trace, question, rate_hz))


def report_of(series: TraceSeries, question: dict[str, Any]) -> dict[str, Any]:
    """The validity report of a stored series; what an earlier version wrote is made anew, and not stored."""
    known: dict[str, Any] = series.validity
    if series.rule == IMPORTED or known.get("version") == REPORT_VERSION:
        return known
    report: dict[str, Any] = _derived(series.trace, question, series.rate_hz)["validity"]
    return report


def _stored(trace: Trace, rate_hz: float) -> TraceSeries | None:
    known: TraceSeries | None = getattr(trace, "series", None)
    return known if known is not None and (known.rate_hz == rate_hz or known.rule == IMPORTED) else None


def _derived(trace: Trace, question: dict[str, Any], rate_hz: float) -> dict[str, Any]:
    """The fields of a series, from the log of its trace."""
    parsed = [parse_chunk(json.loads(body)) for body in chunk_bodies(trace.pk)]
    kind, options = continuous_type(question["type"]), question["options"]
    dimensions = kind.dimensions(options)
    names = [one["key"] for one in dimensions]
    ends = [(one["min"], one["max"]) for one in dimensions] if kind.reading == "interval" else []
    duration_s = kind.duration_s(options) or _duration_of(trace)
    found = derive(parsed, dimensions=len(names), rate_hz=rate_hz, duration_s=duration_s)
    target = kind.target(options, trace.item.key)
    followed = {} if target is None else {"target": score(found.values, names, rate_hz, target)}
    return {
        "rule": RULE,
        "rate_hz": found.rate_hz,
        "t0_s": found.t0_s,
        "dimensions": names,
        "values": found.values.astype("<f8").tobytes(),
        "validity": {**validity(parsed, found, ends), **followed},
        "code_version": __version__,
    }


def chunk_bodies(trace: UUID) -> Iterator[str]:
    """The chunks of a trace that count, as they came, in their order."""
    chunks = TraceChunk.objects.filter(trace=trace, orphan=False).order_by("seq")
    return chunks.values_list("body", flat=True).iterator(chunk_size=200)


def _duration_of(trace: Trace) -> float | None:
    """Length of what was rated, in seconds."""
    return shown_s(trace.item, trace.study.protocol.document["presentation"])


def unpack(values: bytes, dimensions: int) -> FloatArray:
    return np.frombuffer(values, dtype="<f8").reshape(-1, dimensions)


def _row(trace: Trace, series: TraceSeries) -> SeriesRow:
    return SeriesRow(
        item=trace.item_id,
        pseudonym=trace.rater.pseudonym,
        rater_kind=trace.rater.kind,
        rate_hz=series.rate_hz,
        t0_s=series.t0_s,
        rule=series.rule,
        values=unpack(bytes(series.values), len(series.dimensions)),
    )
