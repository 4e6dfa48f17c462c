"""Traces on the frames of a video, for layouts that have one line per frame."""

import numpy as np
import numpy.typing as npt

from affectory.client.traces import Trace
from affectory.views.contract import Options, ViewRefusedError
from affectory.views.source import Source
from affectory.views.texts import samples

# A frame that begins this much before a sample counts as being at it (rounding of k / fps).
_SLACK_SAMPLES = 1e-6
VALENCE_AROUSAL = ("valence", "arousal")


def on_frames(trace: Trace, dimension: str, fps: float, duration_s: float | None) -> list[float | None]:
    """Return the value that holds at each frame k, at k / fps seconds; None where there is none.

    Frames go to the end of the medium, or of the trace where the duration is not known.
    """
    end_s = duration_s if duration_s is not None else trace.t0_s + len(trace) / trace.rate_hz
    at_s = np.arange(int(np.floor(end_s * fps + _SLACK_SAMPLES))) / fps
    place: npt.NDArray[np.int64] = np.floor((at_s - trace.t0_s) * trace.rate_hz + _SLACK_SAMPLES).astype(
        np.int64
    )
    values = samples(trace.series[dimension])
    return [values[at] if 0 <= at < len(values) else None for at in place.tolist()]


def valence_arousal_traces(source: Source, options: Options, view: str) -> list[Trace]:
    """Return the gold traces; refuse those without valence and arousal from -1 to 1."""
    traces = source.gold_traces(options)
    for trace in traces:
        missing = [name for name in VALENCE_AROUSAL if not len(trace.series.get(name, ()))]
        if missing:
            raise ViewRefusedError(
                f"{view} needs valence and arousal; the trace of {trace.item_id!r} has no {missing[0]}"
            )
        if any(np.nanmax(np.abs(trace.series[name]), initial=0) > 1 for name in VALENCE_AROUSAL):
            raise ViewRefusedError(
                f"{view} needs values from -1 to 1; the trace of {trace.item_id!r} goes beyond",
                "map the scale first (affectory.mapping)",
            )
    return traces
