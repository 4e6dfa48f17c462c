"""EEG and physiology in EDF, EDF+C, BDF and BDF+C."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import edfio
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ingest.readers.contract import Facts, MediaError, OnProgress, Reader, RenditionRecipe
from ingest.readers.eeg_header import RecordingHeader, read_header
from ingest.readers.eeg_tiles import TilePlan, tile_plan, write_tiles
from ingest.readers.signatures import is_edf

MAX_ANNOTATIONS = 500
MAX_FINEST_VALUES = 240_000
MIN_SAMPLES_PER_BUCKET = 4
LEVEL_STEP = 4
COARSEST_BUCKETS = 512
CHUNK_S = 600
MAX_TILED_SAMPLES = 1_000_000_000
THUMB_SIZE = (480, 270)
THUMB_CHANNELS = 8
THUMB_S = 10.0
_INK, _GROUND = "#31507a", "#f6f7f9"
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ChannelFacts:
    label: str
    unit: str
    rate_hz: float
    physical_min: float
    physical_max: float


@dataclass(frozen=True, kw_only=True)
class AnnotationFacts:
    onset_s: float
    duration_s: float | None
    text: str


@dataclass(frozen=True, kw_only=True)
class EegFacts(Facts):
    """Who was recorded stands in the header too; it is left there."""

    variant: str
    n_records: int
    record_s: float
    channels: tuple[ChannelFacts, ...]
    n_annotations: int
    annotations: tuple[AnnotationFacts, ...]
    """The first ones, at most `MAX_ANNOTATIONS`."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        parts = {
            "channels": tuple(ChannelFacts(**channel) for channel in stored["channels"]),
            "annotations": tuple(AnnotationFacts(**note) for note in stored["annotations"]),
        }
        return cls(**{**stored, **parts})


def _opened(path: Path, header: RecordingHeader) -> Any:
    """Open with edfio, whose failures are of many types."""
    try:
        if header.is_bdf:
            return edfio.read_bdf(path, header_encoding="latin-1")
        return edfio.read_edf(path, lazy_load_data=True, header_encoding="latin-1")
    except Exception as error:
        raise MediaError("decode_error", f"The recording could not be read: {error}.") from error


def _annotations(recording: Any) -> tuple[AnnotationFacts, ...]:
    try:
        notes = recording.annotations
        return tuple(
            AnnotationFacts(
                onset_s=float(note.onset),
                duration_s=None if note.duration is None else float(note.duration),
                text=str(note.text).replace("\0", ""),
            )
            for note in notes
        )
    except Exception as error:
        raise MediaError(
            "decode_error", f"The annotations could not be read: {error}.", "annotations"
        ) from error


def _values(signal: Any, duration_s: float) -> Values:
    """Read one signal in its physical unit, a stretch at a time: edfio would keep a whole signal for ever."""
    rate_hz = signal.sampling_frequency
    edges = [
        *range(0, round(duration_s * rate_hz), max(1, round(CHUNK_S * rate_hz))),
        round(duration_s * rate_hz),
    ]
    parts = [signal.get_data_slice(begin / rate_hz, end / rate_hz) for begin, end in pairwise(edges)]
    return np.concatenate(parts)


def bucket_lengths_s(channels: Sequence[ChannelFacts], duration_s: float) -> list[float]:
    """Choose the buckets of each level, finest first, so that the file stays small enough for a browser."""
    fastest_hz = max(channel.rate_hz for channel in channels)
    buckets = max(1, MAX_FINEST_VALUES // len(channels))
    samples = max(MIN_SAMPLES_PER_BUCKET, int(np.ceil(duration_s * fastest_hz / buckets)))
    lengths = [samples / fastest_hz]
    while duration_s / lengths[-1] > COARSEST_BUCKETS * LEVEL_STEP:
        lengths.append(lengths[-1] * LEVEL_STEP)
    return lengths


def _render_pyramid(path: Path, facts: Facts, out_path: Path, on_progress: OnProgress) -> None:
    """Write the lowest and highest value of each bucket, per level and channel.

    A sample at time t belongs to bucket floor(t / bucket_s); one without a sample (a slow channel) is null.
    """
    eeg = _as_eeg(facts)
    duration_s = eeg.duration_s or 0.0
    lengths = bucket_lengths_s(eeg.channels, duration_s)
    signals = _opened(path, read_header(path)).signals
    levels: list[dict[str, Any]] = [{"bucket_s": length, "min": [], "max": []} for length in lengths]
    for done, (signal, channel) in enumerate(zip(signals, eeg.channels, strict=True), start=1):
        values = _values(signal, duration_s)
        decimals = _decimals(signal)
        for level in levels:
            low, high = extremes(values, channel.rate_hz, level["bucket_s"], duration_s)
            level["min"].append(_json_values(low, decimals))
            level["max"].append(_json_values(high, decimals))
        on_progress(done / len(signals))
    named = [{"label": one.label, "unit": one.unit, "rate_hz": one.rate_hz} for one in eeg.channels]
    pyramid = {"channels": named, "duration_s": duration_s, "levels": levels}
    out_path.write_text(json.dumps(pyramid, separators=(",", ":")))


def _plan(eeg: EegFacts) -> TilePlan:
    per_record = [round(channel.rate_hz * eeg.record_s) for channel in eeg.channels]
    return tile_plan(per_record, eeg.record_s, eeg.n_records)


def _fits_tiles(facts: Facts) -> bool:
    """Whether a copy of all samples is worth its space; a larger recording is shown by its pyramid alone."""
    eeg = _as_eeg(facts)
    return eeg.n_records > 0 and sum(_plan(eeg).n_samples) <= MAX_TILED_SAMPLES


def _render_tiles(path: Path, facts: Facts, out_path: Path, on_progress: OnProgress) -> None:
    header = read_header(path)
    signals = _opened(path, header).signals
    write_tiles(signals, _plan(_as_eeg(facts)), out_path, wide=header.is_bdf, on_progress=on_progress)


def extremes(values: Values, rate_hz: float, bucket_s: float, duration_s: float) -> tuple[Values, Values]:
    """Give the minimum and maximum per bucket; NaN where a bucket holds no sample."""
    n_buckets = int(np.ceil(duration_s / bucket_s - 1e-9))
    edges = np.ceil(np.arange(n_buckets + 1) * bucket_s * rate_hz - 1e-6).astype(np.int64)
    edges = np.minimum(edges, len(values))
    filled = edges[:-1] < edges[1:]
    starts = edges[:-1][filled]
    low, high = np.full(n_buckets, np.nan), np.full(n_buckets, np.nan)
    low[filled] = np.minimum.reduceat(values, starts)
    high[filled] = np.maximum.reduceat(values, starts)
    return low, high


def _decimals(signal: Any) -> int:
    """Give as many decimals as one digital step is worth, and one more."""
    step = abs(signal.physical_max - signal.physical_min) / (signal.digital_max - signal.digital_min)
    return int(np.clip(1 - np.floor(np.log10(step)), 0, 12))


def _json_values(values: Values, decimals: int) -> list[float | None]:
    return [None if value != value else value for value in np.round(values, decimals).tolist()]  # noqa: PLR0124


def _render_thumb(path: Path, facts: Facts, out_path: Path, _on_progress: OnProgress) -> None:
    """Draw ten seconds from the middle of the first channels, each scaled to its own range there."""
    eeg = _as_eeg(facts)
    signals = _opened(path, read_header(path)).signals[:THUMB_CHANNELS]
    seconds = min(THUMB_S, eeg.duration_s or THUMB_S)
    begin_s = ((eeg.duration_s or seconds) - seconds) / 2
    scale = 2  # drawn larger and shrunk, so that lines are smooth
    width, height = (scale * side for side in THUMB_SIZE)
    canvas = Image.new("RGB", (width, height), _GROUND)
    draw = ImageDraw.Draw(canvas)
    row = height / len(signals)
    for index, signal in enumerate(signals):
        values = signal.get_data_slice(begin_s, begin_s + seconds)
        if len(values) < 2:  # a channel slower than the stretch is long
            continue
        low, high = float(values.min()), float(values.max())
        middle = (low + high) / 2
        gain = row * 0.9 / ((high - low) or 1.0)
        xs = np.linspace(0, width, len(values))
        ys = row * (index + 0.5) - (values - middle) * gain
        for begin, end in pairwise(zip(xs.tolist(), ys.tolist(), strict=True)):
            draw.line([begin, end], fill=_INK, width=scale)
    canvas.resize(THUMB_SIZE, Image.Resampling.LANCZOS).save(out_path, format="WEBP", quality=85)


def _as_eeg(facts: Facts) -> EegFacts:
    if not isinstance(facts, EegFacts):
        raise TypeError(f"facts of kind {facts.kind} given to the EEG reader")
    return facts


class EegReader(Reader):
    kind = "eeg"
    extensions = frozenset({".edf", ".bdf"})
    facts_type = EegFacts
    renditions = (
        RenditionRecipe(name="thumb", version=1, media_type="image/webp", render=_render_thumb),
        RenditionRecipe(name="pyramid", version=1, media_type="application/json", render=_render_pyramid),
        RenditionRecipe(
            name="tiles",
            version=1,
            media_type="application/octet-stream",
            render=_render_tiles,
            applies=_fits_tiles,
        ),
    )

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the contract's
        return is_edf(head)

    def probe(self, path: Path) -> EegFacts:
        header = read_header(path)
        recording = _opened(path, header)
        notes = _annotations(recording)
        return EegFacts(
            kind="eeg",
            media_type="application/x-bdf" if header.is_bdf else "application/x-edf",
            duration_s=header.n_records * header.record_s,
            variant=header.variant,
            n_records=header.n_records,
            record_s=header.record_s,
            channels=tuple(
                ChannelFacts(
                    label=signal.label,
                    unit=signal.unit,
                    rate_hz=signal.samples_per_record / header.record_s,
                    physical_min=signal.physical_min,
                    physical_max=signal.physical_max,
                )
                for signal in header.signals
                if not signal.is_annotation
            ),
            n_annotations=len(notes),
            annotations=notes[:MAX_ANNOTATIONS],
        )


READER = EegReader()
