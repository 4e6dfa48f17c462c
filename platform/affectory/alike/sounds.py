"""Fingerprints of sound, after Haitsma and Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002)."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from affectory.alike.sequences import packed_print
from affectory.results import FloatArray

RATE_HZ = 8000
#: As in the paper: 33 bands from 300 to 2000 Hz, frames of about 0.37 s. Steps are 32 ms, not 12: where a cut
#: falls between two frames, 2 % of the bits change.
FRAME_SAMPLES, STEP_SAMPLES, BANDS = 3072, 256, 33
FRAMES_HZ = RATE_HZ / STEP_SAMPLES
_LOW_HZ, _HIGH_HZ = 300.0, 2000.0
#: A bit is known where the change is this share of the energy in its two bands, and these hold this share of the
#: loudest bands and more than silence (-80 dB of full scale over a frame).
_CHANGE, _LOUDNESS = 0.02, 1e-4
_SILENCE = 1e-8 * FRAME_SAMPLES**2 / 16
Samples = npt.NDArray[np.float32]


def sound_print(blocks: Iterable[Samples]) -> bytes | None:
    """Take the fingerprint of sound; louder or quieter, it is the same.

    Parameters
    ----------
    blocks : iterable of ndarray of float32, shape (samples,)
        One channel at `RATE_HZ`, -1 to 1, in pieces of any length; no NaN.

    Returns
    -------
    bytes or None
        Eight bytes for each `STEP_SAMPLES`; None for silence, steady tones and less than a second.
    """
    found = list(_energies(blocks))
    energy = np.concatenate(found) if found else np.zeros((0, BANDS))
    if len(energy) < 2:
        return None
    rises = energy[:, :-1] - energy[:, 1:]
    steps = rises[1:] - rises[:-1]
    pairs = energy[:, :-1] + energy[:, 1:]
    around = pairs[1:] + pairs[:-1]
    loud = around > np.maximum(_LOUDNESS * around.max(axis=1, keepdims=True), _SILENCE)
    return packed_print(steps, loud & (np.abs(steps) > _CHANGE * around), FRAMES_HZ)


def _energies(blocks: Iterable[Samples]) -> Iterator[FloatArray]:
    """Energy of each frame in each band, some frames at a time."""
    edges = np.searchsorted(
        np.fft.rfftfreq(FRAME_SAMPLES, 1 / RATE_HZ), np.geomspace(_LOW_HZ, _HIGH_HZ, BANDS + 1)
    )
    window = np.hanning(FRAME_SAMPLES)
    rest = np.zeros(0, dtype=np.float32)
    for block in _gathered(blocks):
        rest = np.concatenate([rest, block])
        if rest.size < FRAME_SAMPLES:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(rest, FRAME_SAMPLES)[::STEP_SAMPLES]
        power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
        yield np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1)
        rest = rest[len(frames) * STEP_SAMPLES :]


def _gathered(blocks: Iterable[Samples], samples: int = 60 * RATE_HZ) -> Iterator[Samples]:
    """Pieces of about a minute."""
    held: list[Samples] = []
    for block in blocks:
        held.append(block)
        if sum(one.size for one in held) >= samples:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)
