"""Tones and melodies from sines."""

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

RATE_HZ = 44_100
_MAJOR, _MINOR = (0, 2, 4, 7, 9), (0, 3, 5, 7, 10)  # pentatonic, so that every order of notes is pleasant
Samples = npt.NDArray[np.float64]


def note(pitch: float, length_s: float, brightness: float = 0.5) -> Samples:
    """Give one plucked note; `pitch` in semitones above 220 Hz."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    frequency = 220 * 2 ** (pitch / 12)
    sound = sum(np.sin(2 * np.pi * frequency * k * t) * brightness ** (k - 1) / k for k in range(1, 6))
    envelope = np.minimum(1, t / 0.012) * np.exp(-2.2 * t / length_s) * np.minimum(1, (length_s - t) / 0.03)
    return np.asarray(sound * envelope)


def melody(valence: float, arousal: float, duration_s: float, rng: np.random.Generator) -> Samples:
    """Play a walk on a scale: major when pleasant, minor when not, faster and brighter when aroused."""
    scale = _MAJOR if valence >= 0 else _MINOR
    sound = np.zeros(round(duration_s * RATE_HZ))
    beat_s = 0.52 - 0.24 * arousal
    step = 5
    for index in range(int(duration_s / beat_s)):
        step = int(np.clip(step + rng.integers(-2, 3), 0, 12))
        pitch = scale[step % 5] + 12 * (step // 5) + (2 if valence >= 0 else -3)
        _add(sound, note(pitch, beat_s * 1.9, 0.35 + 0.3 * (arousal + 1) / 2), index * beat_s)
        if index % 4 == 0:
            _add(sound, 0.6 * note(pitch - 12 - scale[step % 5], beat_s * 4, 0.3), index * beat_s)
    return faded(sound)


def following_tone(valence: Samples, arousal: Samples, rate_hz: float) -> Samples:
    """Sound a soft chord whose pitch follows arousal and whose third follows valence."""
    duration_s = len(valence) / rate_hz
    t = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    frames_t = np.arange(len(valence)) / rate_hz
    pleasant, aroused = np.interp(t, frames_t, valence), np.interp(t, frames_t, arousal)
    base_hz = 196 * 2 ** (aroused * 5 / 12)
    third = 2 ** ((3.5 + 0.5 * np.tanh(4 * pleasant)) / 12)
    chord = sum(np.sin(2 * np.pi * np.cumsum(base_hz * ratio) / RATE_HZ) for ratio in (1.0, third, 1.5))
    pulse = 0.75 + 0.25 * np.sin(2 * np.pi * np.cumsum(2.2 + 1.8 * aroused) / RATE_HZ)
    return faded(np.asarray(chord * pulse * (0.6 + 0.3 * aroused)))


def faded(sound: Samples) -> Samples:
    ramp = np.minimum(1, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (0.25 * RATE_HZ))
    return np.asarray(sound / np.abs(sound).max() * 0.6 * ramp)


def write_wav(path: Path, sound: Samples) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def encode(wav: Path, out: Path, *options: str) -> None:
    guard = ("-nostdin", "-y", "-loglevel", "error")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *guard, "-i", str(wav), *options, "-fflags", "+bitexact"]
    subprocess.run([*command, "-flags:a", "+bitexact", str(out)], check=True)


def _add(sound: Samples, part: Samples, at_s: float) -> None:
    begin = round(at_s * RATE_HZ)
    part = part[: len(sound) - begin]
    sound[begin : begin + len(part)] += part
