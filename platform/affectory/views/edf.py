"""What the header of an EDF or BDF file tells of its channels."""

from dataclasses import dataclass
from pathlib import Path

from affectory.views.contract import ViewRefusedError

_FIXED_BYTES = 256
_ANNOTATIONS = frozenset({"EDF Annotations", "BDF Annotations"})
# Bytes of each field of a channel, in the order of the header.
_FIELDS = {
    "label": 16,
    "transducer": 80,
    "unit": 8,
    "limits": 32,
    "prefilter": 80,
    "samples": 8,
    "reserved": 32,
}


@dataclass(frozen=True)
class Channel:
    name: str
    unit: str
    rate_hz: float


@dataclass(frozen=True)
class Recording:
    """The channels without those of annotations, and how long the recording is."""

    channels: tuple[Channel, ...]
    duration_s: float


def read_edf_header(path: Path, item_id: str) -> Recording:
    """Read the header (https://www.edfplus.info/specs/edf.html)."""
    try:
        with path.open("rb") as stream:
            fixed = stream.read(_FIXED_BYTES)
            records, record_s, n = int(fixed[236:244]), float(fixed[244:252]), int(fixed[252:256])
            columns = {
                name: [stream.read(size).decode("latin-1").strip() for _ in range(n)]
                for name, size in _FIELDS.items()
            }
        rates = [int(count) / record_s for count in columns["samples"]]
    except (ValueError, ZeroDivisionError) as error:
        raise ViewRefusedError(f"the medium of {item_id!r} is no EDF or BDF recording: {error}") from error
    named = zip(columns["label"], columns["unit"], rates, strict=True)
    channels = tuple(Channel(*facts) for facts in named if facts[0] not in _ANNOTATIONS)
    return Recording(channels, records * record_s)
