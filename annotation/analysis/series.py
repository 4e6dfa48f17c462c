"""The fixed-rate series of traces, derived once from their event logs and kept with the rule."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from affectory import __version__
from affectory.results import FloatArray
from annotation.models import Trace, TraceChunk, TraceSeries
from annotation.questions.contract import Answer
from annotation.trace_log import RULE, derive, parse_chunk


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

    def cut(self, samples: int) -> "SeriesRow":
        return replace(self, values=self.values[:samples])


def series_of(answers: Sequence[Answer], names: Sequence[str], rate_hz: float) -> Iterator[SeriesRow]:
    """The series that the answers point to, by item and rater; those not derived yet are derived now."""
    wanted = [answer.value["trace"] for answer in answers]
    traces = (
        Trace.objects.filter(pk__in=wanted)
        .select_related("series", "rater", "item__asset")
        .order_by("item__key", "rater__pseudonym")
    )
    for trace in traces.iterator(chunk_size=50):
        yield _row(trace, series_for(trace, names, rate_hz))


def series_for(trace: Trace, names: Sequence[str], rate_hz: float) -> TraceSeries:
    known: TraceSeries | None = getattr(trace, "series", None)
    if known is not None and (known.rate_hz == rate_hz or known.rule == "imported"):
        return known
    parsed = [parse_chunk(json.loads(body)) for body in chunk_bodies(trace.pk)]
    found = derive(parsed, dimensions=len(names), rate_hz=rate_hz, duration_s=duration_of(trace))
    fields = {
        "rule": RULE,
        "rate_hz": found.rate_hz,
        "t0_s": found.t0_s,
        "dimensions": list(names),
        "values": found.values.astype("<f8").tobytes(),
        "validity": found.validity,
        "code_version": __version__,
    }
    return TraceSeries.objects.update_or_create(trace=trace, defaults=fields)[0]


def chunk_bodies(trace: UUID) -> Iterator[str]:
    """The chunks of a trace that count, as they came, in their order."""
    chunks = TraceChunk.objects.filter(trace=trace, orphan=False).order_by("seq")
    return chunks.values_list("body", flat=True).iterator(chunk_size=200)


def duration_of(trace: Trace) -> float | None:
    """Length of what was rated, in seconds: the item's range of its asset."""
    item = trace.item
    if item.asset is None:
        return None
    end_s = item.offset_s if item.offset_s is not None else item.asset.facts.get("duration_s")
    return None if end_s is None else float(end_s) - (item.onset_s or 0.0)


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
