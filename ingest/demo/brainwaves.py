"""Synthetic EEG: occipital alpha waves that come when the eyes close, blinks while they are open."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import edfio
import numpy as np
import numpy.typing as npt

DURATION_S = 60
BLOCK_S = 10
CHANNELS = ("Fp1", "Fp2", "C3", "C4", "P3", "P4", "O1", "O2")
ALPHA_UV = (4, 4, 9, 9, 20, 20, 34, 34)
BLINK_UV = (120, 115, 22, 22, 8, 8, 3, 3)
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Session:
    subject: str
    rate_hz: int
    alpha_hz: float
    seed: int


SESSIONS = (Session("sim01", 256, 10.2, 1), Session("sim02", 256, 9.4, 2), Session("sim03", 128, 11.0, 3))


def make_recording(session: Session, out: Path) -> None:
    rng = np.random.default_rng(session.seed)
    t = np.arange(DURATION_S * session.rate_hz) / session.rate_hz
    closed = (t // BLOCK_S) % 2 == 1
    alpha = _alpha(t, session, closed, rng)
    blinks = _blinks(t, closed, rng)
    signals = [
        edfio.EdfSignal(
            np.clip(_pink_noise(len(t), rng) * 9 + alpha * alpha_uv + blinks * blink_uv, -399, 399),
            session.rate_hz,
            label=f"EEG {channel}",
            physical_dimension="uV",
            physical_range=(-400, 400),
            transducer_type="none: simulated",
        )
        for channel, alpha_uv, blink_uv in zip(CHANNELS, ALPHA_UV, BLINK_UV, strict=True)
    ]
    recording = edfio.Edf(
        signals,
        patient=edfio.Patient(code=session.subject, additional=("simulated",)),
        recording=edfio.Recording(startdate=dt.date(2000, 1, 1), equipment_code="simulated"),
        starttime=dt.time(12, 0, 0),
        data_record_duration=1,
        annotations=[
            edfio.EdfAnnotation(begin, BLOCK_S, "eyes closed" if begin // BLOCK_S % 2 else "eyes open")
            for begin in range(0, DURATION_S, BLOCK_S)
        ],
    )
    recording.write(out)


def _alpha(t: Values, session: Session, closed: npt.NDArray[np.bool_], rng: np.random.Generator) -> Values:
    """Give a wave that waxes and wanes, strong only while the eyes are closed."""
    drift = np.cumsum(rng.normal(0, 0.35, len(t))) / session.rate_hz
    spindle = 0.7 + 0.3 * np.sin(2 * np.pi * 0.31 * t + rng.uniform(0, 6))
    ramp = np.convolve(closed.astype(float), np.ones(session.rate_hz) / session.rate_hz, mode="same")
    return np.asarray((0.12 + 0.88 * ramp) * spindle * np.sin(2 * np.pi * (session.alpha_hz * t + drift)))


def _blinks(t: Values, closed: npt.NDArray[np.bool_], rng: np.random.Generator) -> Values:
    times = np.cumsum(rng.uniform(1.6, 4.5, 40))
    shape = sum(np.exp(-(((t - at) / 0.09) ** 2)) for at in times[times < DURATION_S])
    return np.asarray(np.where(closed, 0.0, shape))


def _pink_noise(length: int, rng: np.random.Generator) -> Values:
    spectrum = np.fft.rfft(rng.normal(0, 1, length))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 6))
    noise = np.fft.irfft(spectrum, length)
    return np.asarray(noise / noise.std())
