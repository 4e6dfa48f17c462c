"""Every sample of a recording in one binary file whose parts a browser fetches by byte range.

    4 bytes   length of the header, little-endian
    header    JSON, see `write_tiles`
    tiles     n_tiles of equal size: per channel `samples_per_tile` digital values
    coarse    n_tiles of equal size: per channel the lowest value of each `coarse` samples, then the highest

Values are little-endian and digital, exactly as in the recording: physical = value * scale + offset. What a tile holds
beyond the recording's end, and a bucket beyond its tile's, repeats the last value.
"""

import json
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

TILE_S = 10.0
COARSE = 16
Digital = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, kw_only=True)
class TilePlan:
    """Tiles in which every channel has a whole number of samples: some records, or an even part of one."""

    tile_s: float
    n_tiles: int
    samples_per_tile: tuple[int, ...]
    n_samples: tuple[int, ...]


def tile_plan(samples_per_record: Sequence[int], record_s: float, n_records: int) -> TilePlan:
    """Choose tiles of about `TILE_S` seconds.

    >>> tile_plan([256, 1], 1.0, 40).samples_per_tile
    (2560, 10)
    >>> tile_plan([7680, 30], 30.0, 2).tile_s
    10.0
    """
    records = max(1, round(TILE_S / record_s))
    parts = _parts_of(math.gcd(*samples_per_record), round(record_s / TILE_S))
    return TilePlan(
        tile_s=record_s * records / parts,
        n_tiles=math.ceil(n_records * parts / records),
        samples_per_tile=tuple(one * records // parts for one in samples_per_record),
        n_samples=tuple(one * n_records for one in samples_per_record),
    )


def _parts_of(divided: int, at_most: int) -> int:
    return next((parts for parts in range(at_most, 1, -1) if divided % parts == 0), 1)


def write_tiles(
    signals: Sequence[Any],
    plan: TilePlan,
    out_path: Path,
    *,
    wide: bool,
    on_progress: Callable[[float], None],
) -> None:
    """Write edfio's signals as tiles; `wide` for values of 24 bits."""
    encoding = "int32" if wide else "int16"
    header = json.dumps(
        {
            "encoding": encoding,
            "tile_s": plan.tile_s,
            "n_tiles": plan.n_tiles,
            "coarse": COARSE,
            "channels": [
                _channel(*one) for one in zip(signals, plan.samples_per_tile, plan.n_samples, strict=True)
            ],
        }
    ).encode()
    stored = np.dtype(encoding).newbyteorder("<")
    coarse = []
    with out_path.open("wb") as out:
        out.write(struct.pack("<I", len(header)) + header)
        for tile in range(plan.n_tiles):
            for values in _tile(signals, plan, tile):
                out.write(values.astype(stored).tobytes())
                coarse.append(_extremes(values).astype(stored).tobytes())
            on_progress((tile + 1) / plan.n_tiles)
        for piece in coarse:
            out.write(piece)


def _channel(signal: Any, per_tile: int, n_samples: int) -> dict[str, Any]:
    scale = (signal.physical_max - signal.physical_min) / (signal.digital_max - signal.digital_min)
    return {
        "label": signal.label,
        "unit": signal.physical_dimension,
        "samples_per_tile": per_tile,
        "n_samples": n_samples,
        "rate_hz": signal.sampling_frequency,
        "scale": scale,
        "offset": signal.physical_min - signal.digital_min * scale,
    }


def _tile(signals: Sequence[Any], plan: TilePlan, tile: int) -> Iterator[Digital]:
    for signal, per_tile, n_samples in zip(signals, plan.samples_per_tile, plan.n_samples, strict=True):
        begin, end = tile * per_tile, min(n_samples, (tile + 1) * per_tile)
        rate_hz = signal.sampling_frequency
        values = signal.get_digital_slice(begin / rate_hz, end / rate_hz)
        yield np.pad(values, (0, per_tile - len(values)), mode="edge")


def _extremes(values: Digital) -> Digital:
    buckets = np.pad(values, (0, -len(values) % COARSE), mode="edge").reshape(-1, COARSE)
    return np.concatenate([buckets.min(axis=1), buckets.max(axis=1)])
