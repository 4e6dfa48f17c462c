"""Values that hold over a stretch of a medium, for tools that show intervals on tiers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from affectory.client.traces import Trace
from affectory.views.contract import Option
from affectory.views.source import Answer, Row, Source, by_item, dimensions
from affectory.views.texts import number

WINDOW = Option("window_s", "traces are shown as the mean of windows of this many seconds", "1")
_VALUE_DECIMALS = 3
_MS = 1000


@dataclass(frozen=True)
class Span:
    """A value from `start_ms` to `end_ms` on the tier of a question and a rater (or `gold`)."""

    tier: str
    start_ms: int
    end_ms: int
    value: str


def spans_of(source: Source, window_s: float) -> dict[str, list[Span]]:
    """Return the spans of each item, by tier and time.

    An answer about a whole item holds over the whole item; one about an item without a duration is left out.
    """
    traces = by_item(source.rater_traces())
    gold = by_item(source.all_gold_traces)
    answers: dict[str, list[Answer]] = {}
    for answer in source.answers:
        answers.setdefault(answer.item_id, []).append(answer)
    found = {}
    for row in source.items:
        item_id = row["item_id"]
        spans = [
            *_whole(row, answers.get(item_id, []), source),
            *(
                span
                for trace in [*gold.get(item_id, []), *traces.get(item_id, [])]
                for span in _windows(trace, window_s)
            ),
        ]
        found[item_id] = sorted(spans, key=lambda span: (span.tier, span.start_ms, span.value))
    return found


def end_ms(row: Row, spans: list[Span]) -> int:
    """Return where the medium ends, as far as the release tells."""
    last = max((span.end_ms for span in spans), default=0)
    return max(round(row["duration_s"] * _MS), last) if row["duration_s"] is not None else last


def _whole(row: Row, answers: list[Answer], source: Source) -> Iterator[Span]:
    if not row["duration_s"]:
        return
    end = round(row["duration_s"] * _MS)
    for one in source.labelled:
        if row[one.column] is not None:
            yield Span(f"{one.question} gold", 0, end, row[one.column])
    for answer in answers:
        value = answer.value if isinstance(answer.value, str) else number(answer.value)
        yield Span(f"{answer.name} {answer.rater_id}", 0, end, value)


def _windows(trace: Trace, window_s: float) -> Iterator[Span]:
    """Give the mean of the valid samples of each window; a window without one has no span."""
    samples_per_window = max(round(window_s * trace.rate_hz), 1)
    take = f" take {trace.take}" if trace.take else ""
    who = f"gold {trace.method}" if trace.rater_id is None else f"{trace.rater_id}{take}"
    for name in dimensions(trace):
        values = trace.series[name].astype(np.float64)
        for start in range(0, len(values), samples_per_window):
            window = values[start : start + samples_per_window]
            if np.isnan(window).all():
                continue
            begin_s = trace.t0_s + start / trace.rate_hz
            end_s = begin_s + len(window) / trace.rate_hz
            mean = round(float(np.nanmean(window)), _VALUE_DECIMALS) + 0.0
            yield Span(
                f"{trace.question}_{name} {who}", round(begin_s * _MS), round(end_s * _MS), number(mean)
            )
