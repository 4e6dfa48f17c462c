"""The header of EDF, EDF+ and BDF files, read strictly.

Libraries load half-cut files and files with a wrong record count without a word, so every number of the
header is checked here before one of them sees the file. Layout: https://www.edfplus.info/specs/edf.html
"""

from dataclasses import dataclass
from pathlib import Path

from ingest.readers.contract import MediaError

MAX_SIGNALS = 512
MAX_DURATION_S = 7 * 24 * 3600
ANNOTATION_LABELS = frozenset({"EDF Annotations", "BDF Annotations"})
_WIDTHS = {
    "label": 16,
    "transducer": 80,
    "unit": 8,
    "physical_min": 8,
    "physical_max": 8,
    "digital_min": 8,
    "digital_max": 8,
    "prefilter": 80,
    "samples": 8,
    "reserved": 32,
}


@dataclass(frozen=True, kw_only=True)
class SignalHeader:
    label: str
    unit: str
    physical_min: float
    physical_max: float
    digital_min: int
    digital_max: int
    samples_per_record: int

    @property
    def is_annotation(self) -> bool:
        return self.label in ANNOTATION_LABELS


@dataclass(frozen=True, kw_only=True)
class RecordingHeader:
    variant: str
    n_records: int
    record_s: float
    signals: tuple[SignalHeader, ...]

    @property
    def is_bdf(self) -> bool:
        return self.variant.startswith("BDF")


def read_header(path: Path) -> RecordingHeader:
    size = path.stat().st_size
    with path.open("rb") as stream:
        fixed = stream.read(256)
        if len(fixed) < 256:
            raise MediaError(
                "truncated", f"The file ends inside its header ({len(fixed)} of 256 bytes).", "header"
            )
        n_signals = _whole(fixed, 252, 4, "number of signals")
        if not 1 <= n_signals <= MAX_SIGNALS:
            message = f"The header announces {n_signals} signals; 1 to {MAX_SIGNALS} are taken."
            raise MediaError("bad_header", message, "n_signals")
        expected = 256 * (n_signals + 1)
        announced = _whole(fixed, 184, 8, "header bytes")
        if announced != expected:
            message = f"The header says it has {announced} bytes; {n_signals} signals need {expected}."
            raise MediaError("bad_header", message, "header_bytes")
        block = stream.read(expected - 256)
    if len(block) < expected - 256:
        raise MediaError(
            "truncated", f"The file ends inside its header ({size} of {expected} bytes).", "header"
        )
    header = RecordingHeader(
        variant=_variant(fixed),
        n_records=_whole(fixed, 236, 8, "number of data records"),
        record_s=_number(fixed, 244, 8, "duration of a data record"),
        signals=tuple(_signal(block, n_signals, i) for i in range(n_signals)),
    )
    _check_length(header, size - expected)
    return header


def _variant(fixed: bytes) -> str:
    family = "BDF" if fixed[0] == 0xFF else "EDF"
    reserved = _text(fixed[192:236])
    if reserved.startswith(f"{family}+D"):
        raise MediaError("unsupported_codec", f"{family}+D recordings (with gaps) are not taken.", "reserved")
    return f"{family}+C" if reserved.startswith(f"{family}+C") else family


def _signal(block: bytes, n_signals: int, index: int) -> SignalHeader:
    cells: dict[str, bytes] = {}
    position = 0
    for name, width in _WIDTHS.items():
        cells[name] = block[position + index * width : position + (index + 1) * width]
        position += width * n_signals
    label = _text(cells["label"])
    where = f"signal {index + 1} ({label or 'no label'}): "
    signal = SignalHeader(
        label=label,
        unit=_text(cells["unit"]),
        physical_min=_number(cells["physical_min"], 0, 8, where + "physical minimum"),
        physical_max=_number(cells["physical_max"], 0, 8, where + "physical maximum"),
        digital_min=_whole(cells["digital_min"], 0, 8, where + "digital minimum"),
        digital_max=_whole(cells["digital_max"], 0, 8, where + "digital maximum"),
        samples_per_record=_whole(cells["samples"], 0, 8, where + "samples per record"),
    )
    _check_signal(signal, where)
    return signal


def _check_signal(signal: SignalHeader, where: str) -> None:
    if signal.samples_per_record < 1:
        message = f"{where}{signal.samples_per_record} samples per record."
        raise MediaError("bad_header", message, "samples_per_record")
    if signal.digital_min >= signal.digital_max:
        message = (
            f"{where}digital minimum {signal.digital_min} is not below the maximum {signal.digital_max}."
        )
        raise MediaError("bad_header", message, "digital_min")
    if signal.physical_min == signal.physical_max and not signal.is_annotation:
        message = (
            f"{where}physical minimum and maximum are both {signal.physical_min:g}, so values have no scale."
        )
        raise MediaError("bad_header", message, "physical_min")


def _check_length(header: RecordingHeader, data_bytes: int) -> None:
    width = 3 if header.is_bdf else 2
    record_bytes = width * sum(signal.samples_per_record for signal in header.signals)
    whole, rest = divmod(data_bytes, record_bytes)
    expected = header.n_records
    if expected != whole or rest:
        found = f"the file holds {whole:,}" + (f" and {rest:,} bytes of another" if rest else "")
        message = f"The header says {expected:,} data records; {found} ({record_bytes:,} bytes each)."
        raise MediaError("truncated" if rest and whole < expected else "bad_header", message, "n_records")
    if expected == 0:
        raise MediaError("bad_header", "The recording has no data records.", "n_records")
    ordinary = [signal for signal in header.signals if not signal.is_annotation]
    if not ordinary:
        raise MediaError("bad_header", "The recording holds annotations only, no signal.", "n_signals")
    if header.record_s <= 0:
        message = f"The duration of a data record is {header.record_s:g} s."
        raise MediaError("bad_header", message, "record_s")
    if header.n_records * header.record_s > MAX_DURATION_S:
        message = (
            f"The recording lasts {header.n_records * header.record_s:,.0f} s; at most {MAX_DURATION_S:,} s."
        )
        raise MediaError("too_large", message, "duration_s")


def _text(cell: bytes) -> str:
    # The standard wants ASCII; a micro sign in Latin-1 is common in units and harmless.
    return "".join(letter for letter in cell.decode("latin-1") if letter.isprintable()).strip()


def _number(source: bytes, position: int, width: int, what: str) -> float:
    text = _text(source[position : position + width])
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise MediaError("bad_header", f"{what} is {text!r}, not a number.", what.rpartition(": ")[2])
    return value


def _whole(source: bytes, position: int, width: int, what: str) -> int:
    value = _number(source, position, width, what)
    if value != int(value):
        raise MediaError("bad_header", f"{what} is {value:g}, not a whole number.", what.rpartition(": ")[2])
    return int(value)
