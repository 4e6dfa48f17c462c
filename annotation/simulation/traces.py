"""The event log of a simulated trace: the truth, late, scaled, biased and noisy; smooth as a hand is."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from affectory.results import FloatArray
from annotation.questions.continuous import Target, continuous_type
from annotation.simulation.feeling import SAMPLE_HZ, Feeling, Truth

EVENTS_PER_CHUNK = 100
HEARTBEAT_EVERY = 5  # samples, so 5 Hz
UNBOUNDED_REACH = 10  # how far a simulated rater goes where a dimension has no ends


def chunks_of(question: Mapping[str, Any], feeling: Feeling) -> Iterator[tuple[str, str]]:
    """Body and SHA-256 of each chunk of a whole trace."""
    kind, options = continuous_type(question["type"]), question["options"]
    curve = kind.target(options, "")
    truth = feeling.truth if curve is None else _follow(curve)
    duration_s = kind.duration_s(options) or feeling.item["duration_s"]
    times = np.arange(0, duration_s, 1 / SAMPLE_HZ)
    values = _felt(kind.dimensions(options), truth, feeling, times)
    if kind.reading != "interval":  # marks and labels are counted, not measured
        values = np.round(values)
    events = _events(times, values, duration_s)
    page, clock = str(uuid.uuid4()), {"a_us": 0.0, "b": 1.0, "residual_us": 0.0, "n": 0}
    for at in range(0, len(events), EVENTS_PER_CHUNK):
        piece = events[at : at + EVENTS_PER_CHUNK]
        text = json.dumps({"page": page, "origin_ms": 0.0, "events": piece, "clock": clock})
        yield text, hashlib.sha256(text.encode()).hexdigest()


def _follow(target: Target) -> Truth:
    """The curve of a calibration clip, of which the range is 0..1, as what is to be felt."""
    times = np.arange(0, target.times_s[-1], 1 / SAMPLE_HZ)
    levels = np.interp(times, target.times_s, [value[0] for value in target.values])
    return Truth(SAMPLE_HZ, (2 * levels - 1)[:, None])


def _events(times: FloatArray, values: FloatArray, duration_s: float) -> list[list[Any]]:
    """Play, a sample where the value moved, heartbeats where it did not, end; times on the media clock."""
    rows: list[list[Any]] = [["play", 0, None]]
    for index, (time_s, value) in enumerate(zip(times, values, strict=True)):
        moved = index > 0 and bool(np.any(value != values[index - 1]))
        if moved or index % HEARTBEAT_EVERY == 0:
            rows.append(["sample" if moved else "heartbeat", round(time_s * 1e6), value.tolist()])
    rows.append(["end", round(duration_s * 1e6), None])
    return [[seq, kind, at, at, value, None] for seq, (kind, at, value) in enumerate(rows)]


def _felt(
    dimensions: Sequence[Mapping[str, Any]], truth: Truth, feeling: Feeling, times: FloatArray
) -> FloatArray:
    """Shape (samples, dimensions), on the range of each dimension."""
    columns = []
    for axis, dimension in enumerate(dimensions):
        felt = _on_axis(axis, truth, feeling, times)
        low, high = dimension["min"], dimension["max"]
        if low is None:
            low, high = -UNBOUNDED_REACH, UNBOUNDED_REACH
        columns.append(np.round(low + (felt + 1) / 2 * (high - low), 3))
    return np.column_stack(columns)


def _on_axis(axis: int, truth: Truth, feeling: Feeling, times: FloatArray) -> FloatArray:
    """Shape (samples,), on -1..1."""
    temper = feeling.temper
    wander = np.convolve(feeling.rng.normal(0, 1, len(times) + 50), np.hanning(51), mode="valid")
    wander *= temper.noise / max(float(wander.std()), 1e-9)
    late = np.zeros(len(times))
    if truth.curve is not None and axis < truth.curve.shape[1]:
        own = np.arange(len(truth.curve)) / truth.rate_hz
        late = np.interp(times - temper.lag_s, own, truth.curve[:, axis])
    felt: FloatArray = np.clip(temper.gain * late + temper.bias[axis] + wander, -1, 1)
    return felt
