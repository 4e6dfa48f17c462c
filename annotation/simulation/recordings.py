"""What a simulated rater records of herself: a plain tone, and a plain grey picture that grows lighter."""

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

from annotation.simulation.feeling import Options

RATE_HZ, BLOCK, FRAMES_HZ = 48_000, 960, 10
TONE_HZ = 220.0
WIDTH, HEIGHT = 64, 48
LONGER_S = 0.5  # than the shortest that may be


def take(options: Options) -> tuple[str, bytes, float]:
    """Media type, bytes and length in seconds of a take, in the format that browsers record in."""
    duration_s = min(options["min_s"] + LONGER_S, options["max_s"])
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as container:
        tracks = [_sound(container, duration_s)]
        if options["medium"] == "video":
            tracks.append(_picture(container, duration_s))
        for stream, frames in tracks:
            for frame in [*frames, None]:
                container.mux(stream.encode(frame))
    return f"{options['medium']}/webm", file.getvalue(), duration_s


def _sound(container: Any, duration_s: float) -> tuple[Any, Iterator[Any]]:
    stream = container.add_stream("libopus", rate=RATE_HZ, layout="mono")

    def frames() -> Iterator[Any]:
        for at in range(0, int(duration_s * RATE_HZ), BLOCK):
            wave = 0.3 * np.sin(2 * np.pi * TONE_HZ * np.arange(at, at + BLOCK) / RATE_HZ)
            samples = np.round(wave * 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
            yield frame

    return stream, frames()


def _picture(container: Any, duration_s: float) -> tuple[Any, Iterator[Any]]:
    stream = container.add_stream("libvpx", rate=FRAMES_HZ)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"

    def frames() -> Iterator[Any]:
        n = int(duration_s * FRAMES_HZ)
        for at in range(n):
            grey = np.full((HEIGHT, WIDTH, 3), 60 + 120 * at // n, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, FRAMES_HZ)
            yield frame

    return stream, frames()
