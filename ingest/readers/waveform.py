"""Waveform peaks: the lowest and highest sample of each short stretch, for drawing."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import numpy.typing as npt

from ingest.readers.contract import Facts, MediaError, OnProgress
from ingest.readers.streams import opened, sound_stream, start_us

FINEST_HZ = 100
MAX_BUCKETS = 36_000
Samples = npt.NDArray[np.float32]


def render_peaks(path: Path, facts: Facts, out_path: Path, on_progress: OnProgress) -> None:
    """Write `{"rate_hz", "channels", "min": [[...] per channel], "max": ...}` with values in -1..1.

    Time 0 is the start of the medium, as in its proxy: sound that begins later is preceded by silence.
    More than two channels are drawn as one, their mean.
    """
    with opened(path) as media:
        stream = sound_stream(media)
        if stream is None:
            raise MediaError("decode_error", "The file has no sound to draw.")
        rate_hz = stream.codec_context.sample_rate
        bucket = bucket_samples(rate_hz, facts.duration_s)
        collector = _Collector(bucket)
        for samples in _blocks(media, stream):
            collector.add(samples)
            if facts.duration_s:
                on_progress(min(1.0, collector.n_samples / rate_hz / facts.duration_s))
    low, high = collector.finish()
    peaks = {
        "rate_hz": rate_hz / bucket,
        "channels": low.shape[0],
        "min": np.round(low, 4).astype(float).tolist(),
        "max": np.round(high, 4).astype(float).tolist(),
    }
    out_path.write_text(json.dumps(peaks, separators=(",", ":")))


def bucket_samples(rate_hz: int, duration_s: float | None) -> int:
    """Give whole samples per bucket, so that no sample is counted in two."""
    wanted_hz = min(FINEST_HZ, MAX_BUCKETS / duration_s) if duration_s else FINEST_HZ
    return max(1, round(rate_hz / wanted_hz))


def _blocks(media: Any, stream: Any) -> Any:
    resampler = av.AudioResampler(format="fltp")
    started = False
    for packet in media.demux(stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:  # probe has judged how much damage is too much
            continue
        for frame in frames:
            if not started:
                yield _silence_before(media, frame)
                started = True
            for part in resampler.resample(frame):
                yield _at_most_two(part.to_ndarray())


def _silence_before(media: Any, frame: Any) -> Samples:
    delay_s = Fraction(frame.pts or 0) * frame.time_base - Fraction(start_us(media), 1_000_000)
    channels = frame.layout.nb_channels
    n_samples = max(0, round(delay_s * frame.sample_rate))
    return np.zeros((channels if channels <= 2 else 1, n_samples), dtype=np.float32)


def _at_most_two(samples: npt.NDArray[Any]) -> Samples:
    mixed = samples if samples.shape[0] <= 2 else samples.mean(axis=0, keepdims=True)
    return mixed.astype(np.float32)


class _Collector:
    def __init__(self, bucket: int) -> None:
        self.bucket = bucket
        self.n_samples = 0
        self._rest: Samples | None = None
        self._low: list[Samples] = []
        self._high: list[Samples] = []

    def add(self, samples: Samples) -> None:
        self.n_samples += samples.shape[1]
        block = samples if self._rest is None else np.concatenate([self._rest, samples], axis=1)
        whole = block.shape[1] // self.bucket * self.bucket
        if whole:
            self._take(block[:, :whole].reshape(block.shape[0], -1, self.bucket))
        self._rest = block[:, whole:]

    def finish(self) -> tuple[Samples, Samples]:
        if self._rest is not None and self._rest.shape[1]:
            self._take(self._rest[:, np.newaxis, :])
        if not self._low:
            raise MediaError("decode_error", "No audio frame could be decoded.")
        return np.concatenate(self._low, axis=1), np.concatenate(self._high, axis=1)

    def _take(self, buckets: Samples) -> None:
        self._low.append(np.clip(np.nan_to_num(buckets.min(axis=2)), -1, 1))
        self._high.append(np.clip(np.nan_to_num(buckets.max(axis=2)), -1, 1))
