"""The event log of a trace: reading chunks, and deriving a fixed-rate series by a stated rule.

Pure functions; the schema of a chunk is in docs/api.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from affectory.results import FloatArray
from affectory.signals import resample

KINDS = frozenset(
    [
        "sample",
        "heartbeat",
        "play",
        "pause",
        "seek",
        "stall",
        "resume",
        "hidden",
        "visible",
        "lock_lost",
        "resize",
        "device",
        "end",
    ]
)
# Longer silence than this between events while playing is loss, not stillness: heartbeats come every 0.2 s.
SILENCE_S = 1.0
# Why of a stall: nothing ran between the event before it and this one, however short the medium went on.
ASLEEP = "asleep"
# What a browser's numbers hold exactly; larger ones are no times and no positions.
MAX_WHOLE = 2**53
MAX_NUMBER = 1e15
# A browser's rounding may put a value this share of the range beyond its end.
ROUNDING = 1e-6
# A refit of the media clock may set it back by a frame or two; a rewind or a reload goes further.
JITTER_US = 100_000
RULE: Literal["hold"] = "hold"


class TraceLogError(ValueError):
    """A chunk that does not follow the schema."""


@dataclass(frozen=True)
class Event:
    seq: int
    kind: str
    t_event_us: int
    t_media_us: int | None
    value: tuple[float, ...] | None
    why: str | None = None
    input: str | None = None


@dataclass(frozen=True)
class Screen:
    """What a page's screen has shown so far, of a sound no frames; ``refresh_hz``: None until it is counted."""

    frames_shown: int
    frames_missed: int
    refresh_hz: float | None


@dataclass(frozen=True)
class Chunk:
    """``screen``: None of pages that do not say."""

    page: str
    events: tuple[Event, ...]
    clock_residual_us: float | None
    screen: Screen | None = None


@dataclass(frozen=True)
class Series:
    """``values``: shape (samples, dimensions), units of the question, NaN where there is no valid value."""

    rate_hz: float
    t0_s: float
    values: FloatArray
    rated: "Rated"


@dataclass(frozen=True)
class Rated:
    """The pass that counts: its events, those with a value, and what nobody rated; times in seconds of media."""

    events: Sequence[Event]
    valued: Sequence[Event]
    gaps: Sequence[tuple[float, float]]
    end_s: float


def parse_chunk(body: Any) -> Chunk:
    """Check the schema of one chunk's JSON; raises TraceLogError with the reason."""
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("page"), str)
        or not isinstance(body.get("events"), list)
    ):
        raise TraceLogError("a chunk has a page and a list of events")
    events = tuple(_event(raw) for raw in body["events"])
    return Chunk(body["page"], events, _residual(body.get("clock")), _screen(body.get("screen")))


def check_values(
    chunk: Chunk, bounds: Sequence[tuple[float | None, float | None]], *, whole: bool = False
) -> None:
    """Every value has one number for each dimension, within its (min, max); raises TraceLogError with the reason.

    None is no bound. ``whole``: numbers are places of labels, so they are whole.
    """
    for event in chunk.events:
        if event.value is None:
            continue
        if len(event.value) != len(bounds):
            raise TraceLogError(f"event {event.seq}: {len(event.value)} values for {len(bounds)} dimensions")
        for number, (low, high) in zip(event.value, bounds, strict=True):
            if whole and not number.is_integer():
                raise TraceLogError(f"event {event.seq}: {number:g} is not the place of a label")
            if low is None or high is None:
                continue
            slack = ROUNDING * (high - low)
            if not low - slack <= number <= high + slack:
                raise TraceLogError(f"event {event.seq}: {number:g} is not between {low:g} and {high:g}")


def _residual(clock: Any) -> float | None:
    if clock is None:
        return None
    if not isinstance(clock, dict) or not _number(clock.get("residual_us")):
        raise TraceLogError("clock is null, or has a number residual_us")
    return float(clock["residual_us"])


def _screen(screen: Any) -> Screen | None:
    if screen is None:
        return None
    if not isinstance(screen, dict):
        raise TraceLogError("screen is null or an object")
    refresh_hz = screen.get("refresh_hz")
    if refresh_hz is not None and not (_number(refresh_hz) and refresh_hz > 0):
        raise TraceLogError("refresh_hz of a screen is null or a number above 0")
    return Screen(_count(screen, "frames_shown"), _count(screen, "frames_missed"), refresh_hz)


def _count(screen: dict[str, Any], name: str) -> int:
    found: Any = screen.get(name)
    if not _whole(found) or found < 0:
        raise TraceLogError(f"{name} of a screen is a whole number, not below 0")
    return int(found)


def _event(raw: Any) -> Event:
    if not isinstance(raw, list) or len(raw) < 5:
        raise TraceLogError("an event is [seq, kind, t_event_us, t_media_us, value, raw]")
    seq, kind, t_event, t_media, value = raw[:5]
    if not isinstance(kind, str) or kind not in KINDS:
        raise TraceLogError(f"event kind {kind!r} is not known")
    if not _whole(seq) or not _whole(t_event) or not (t_media is None or _whole(t_media)):
        raise TraceLogError(f"event {seq!r}: seq and times are whole numbers")
    if value is not None and not (isinstance(value, list) and all(_number(v) for v in value)):
        raise TraceLogError(f"event {seq}: value is a list of numbers or null")
    note = raw[5] if len(raw) > 5 and isinstance(raw[5], dict) else {}
    numbers = tuple(map(float, value)) if value is not None else None
    return Event(seq, kind, t_event, t_media, numbers, _word(note.get("why")), _word(note.get("input")))


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < MAX_WHOLE


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < MAX_NUMBER


def derive(chunks: Sequence[Chunk], *, dimensions: int, rate_hz: float, duration_s: float | None) -> Series:
    """The series on a fixed grid from 0 to the medium's end: the last value holds, gaps are NaN.

    Where the medium was played twice (after a reload or a rewind) the later pass counts.
    """
    events = _latest_pass(event for chunk in chunks for event in chunk.events if event.t_media_us is not None)
    valued = [event for event in events if event.value is not None and len(event.value) == dimensions]
    t_s = np.array([(event.t_media_us or 0) / 1e6 for event in valued])
    values = np.array([event.value for event in valued], dtype=float).reshape(len(valued), dimensions)
    end_s = duration_s if duration_s is not None else (float(t_s[-1]) if valued else 0.0)
    gaps = _gaps(events, end_s)
    grid = resample(t_s, values, rate_hz=rate_hz, start_s=0.0, end_s=end_s, rule=RULE, gaps=gaps)
    return Series(rate_hz, 0.0, grid.values, Rated(events, valued, gaps, end_s))


def _latest_pass(events: Iterable[Event]) -> list[Event]:
    """Events in order of media time. A step back replaces what it goes over; a jitter of the clock does not."""
    kept: list[Event] = []
    for event in events:
        at = event.t_media_us or 0
        reached = (kept[-1].t_media_us or 0) if kept else 0
        if 0 < reached - at <= JITTER_US:
            kept.append(replace(event, t_media_us=reached))
            continue
        while kept and (kept[-1].t_media_us or 0) > at:
            kept.pop()
        kept.append(event)
    return kept


def _gaps(events: Sequence[Event], end_s: float) -> list[tuple[float, float]]:
    """Intervals of media time (s) that nobody rated: silence of the log, sleep, and what comes after its end."""
    gaps = []
    for before, after in pairwise(events):
        start, stop = (before.t_media_us or 0) / 1e6, (after.t_media_us or 0) / 1e6
        asleep = after.kind == "stall" and after.why == ASLEEP
        if stop - start > SILENCE_S or (asleep and stop > start):
            gaps.append((start, stop))
    last = (events[-1].t_media_us or 0) / 1e6 if events else 0.0
    if end_s - last > SILENCE_S:
        gaps.append((last, end_s))
    return gaps
