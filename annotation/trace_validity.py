"""What a researcher needs to know of a session before she trusts its trace."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from affectory.results import FloatArray
from annotation.trace_log import Chunk, Screen, Series

# Higher where the report has changed: what was stored before is then made anew when it is looked at.
REPORT_VERSION = 1
# So near to an end, as a share of the range, is at it.
AT_END = 1e-4

Ends = Sequence[tuple[float, float]]


def validity(chunks: Sequence[Chunk], series: Series, ends: Ends = ()) -> dict[str, Any]:
    """The validity report of a session, as docs/trace.md tells it; times in seconds of media.

    ``ends``: (min, max) of each dimension; empty where a scale has no ends, and then nothing stands at them.
    """
    return {
        "version": REPORT_VERSION,
        "coverage": _coverage(series.values),
        **_movement(series),
        **_interruptions(chunks, series),
        "at_bounds": _at_bounds(series.values, ends),
        **_screens(chunks),
        "inputs": _inputs(chunks),
        "clock_residual_us": _residual_us(chunks),
    }


def _coverage(values: FloatArray) -> float:
    present = np.logical_not(np.isnan(values).any(axis=1))
    return float(present.mean()) if present.size else 0.0


def _movement(series: Series) -> dict[str, Any]:
    samples = [event for event in series.rated.valued if event.kind == "sample"]
    # Movements before the medium plays are no rating of it.
    moves = [event.t_media_us / 1e6 for event in samples if event.t_media_us]
    end_s = series.rated.end_s
    still = np.diff([0.0, *moves, end_s]) if moves else np.array([end_s])
    return {
        "samples": len(samples),
        "events": len(series.rated.events),
        "first_move_s": moves[0] if moves else None,
        "longest_still_s": float(still.max()),
    }


def _interruptions(chunks: Sequence[Chunk], series: Series) -> dict[str, Any]:
    gaps = series.rated.gaps
    kinds = [event.kind for event in series.rated.events]
    return {
        "lost_events": _holes(chunks),
        "pages": len({chunk.page for chunk in chunks}),
        "gap_total_s": float(sum(stop - start for start, stop in gaps)),
        "gaps": [[round(start, 3), round(stop, 3)] for start, stop in gaps[:50]],
        "pauses": kinds.count("pause"),
        "stalls": kinds.count("stall"),
        "hidden": kinds.count("hidden"),
        "locks_lost": kinds.count("lock_lost"),
    }


def _holes(chunks: Sequence[Chunk]) -> int:
    """Numbers missing from the log: events that the page recorded and the server never got."""
    numbers = {event.seq for chunk in chunks for event in chunk.events}
    return max(numbers, default=-1) + 1 - len(numbers)


def _at_bounds(values: FloatArray, ends: Ends) -> float | None:
    """Share of the rated time at which some dimension stands at an end of its scale."""
    rated = values[~np.isnan(values).any(axis=1)]
    if not ends or not rated.size:
        return None
    low, high = np.array(ends, dtype=float).T
    slack = AT_END * (high - low)
    return float(((rated <= low + slack) | (rated >= high - slack)).any(axis=1).mean())


def _screens(chunks: Sequence[Chunk]) -> dict[str, Any]:
    """Frames over all pages, each of which counts on its own; the refresh rate of the last that knew it."""
    last: dict[str, Screen] = {chunk.page: chunk.screen for chunk in chunks if chunk.screen is not None}
    shown = sum(screen.frames_shown for screen in last.values())
    rates = [screen.refresh_hz for screen in last.values() if screen.refresh_hz is not None]
    return {
        "frames_shown": shown or None,
        "frames_dropped": sum(screen.frames_missed for screen in last.values()) if shown else None,
        "refresh_hz": rates[-1] if rates else None,
    }


def _inputs(chunks: Sequence[Chunk]) -> list[str]:
    """What the rater moved it with, in the order of first use."""
    used = (event.input for chunk in chunks for event in chunk.events if event.kind == "device")
    return list(dict.fromkeys(name for name in used if name is not None))


def _residual_us(chunks: Sequence[Chunk]) -> float | None:
    residuals = [chunk.clock_residual_us for chunk in chunks if chunk.clock_residual_us is not None]
    return float(np.sqrt(np.mean(np.square(residuals)))) if residuals else None
