"""Values that hold over a stretch of a medium, for tools that show intervals on tiers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from affectory.client.traces import Trace
from affectory.views.answers import Answer
from affectory.views.contract import Option
from affectory.views.marks import Marking, text_of
from affectory.views.source import Row, Source, by_item, dimensions
from affectory.views.texts import number

WINDOW = Option("window_s", "traces are shown as the mean of windows of this many seconds", "1")
_VALUE_DECIMALS = 3
_MS = 1000


@dataclass(frozen=True)
class Span:
    """A value from `start_ms` to `end_ms` (equal at a moment) on the tier of a question and a rater (or `gold`).

    `details` are what else was said of a mark, by name.
    """

    name: str
    who: str
    start_ms: int
    end_ms: int
    value: str
    details: tuple[tuple[str, str], ...] = ()

    @property
    def tier(self) -> str:
        return f"{self.name} {self.who}"


def spans_of(source: Source, window_s: float) -> dict[str, list[Span]]:
    """Return the spans of each item, by tier and time.

    An answer about a whole item holds over the whole item; one about an item without a duration is left out.
    """
    traces = by_item(source.rater_traces())
    gold = by_item(source.all_gold_traces)
    answers = by_item(source.answers)
    markings = by_item(source.markings)
    found = {}
    for row in source.items:
        item_id = row["item_id"]
        spans = [
            *_whole(row, answers.get(item_id, []), source),
            *_marked(row, markings.get(item_id, [])),
            *(
                span
                for trace in [*gold.get(item_id, []), *traces.get(item_id, [])]
                for span in _windows(trace, window_s)
            ),
        ]
        found[item_id] = sorted(spans, key=lambda span: (span.tier, span.start_ms, span.value))
    return found


def _whole(row: Row, answers: Sequence[Answer], source: Source) -> Iterator[Span]:
    if not row["duration_s"]:
        return
    end = round(row["duration_s"] * _MS)
    for one in source.labelled:
        if row[one.column] is not None:
            yield Span(one.question, "gold", 0, end, row[one.column])
    for answer in answers:
        yield Span(answer.name, answer.rater_id, 0, end, text_of(answer.value))


def _marked(row: Row, markings: Sequence[Marking]) -> Iterator[Span]:
    for marking in markings:
        for mark in marking.marks:
            interval = mark.interval_s(row["duration_s"])
            if interval is not None:
                start, end = (round(time_s * _MS) for time_s in interval)
                details = tuple((key, text_of(value)) for key, value in sorted(mark.details.items()))
                yield Span(marking.question, marking.who, start, end, mark.label, details)


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
                f"{trace.question}_{name}", who, round(begin_s * _MS), round(end_s * _MS), number(mean)
            )
