"""Fingerprints of films and sounds, decoded once more and far smaller than they are."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import numpy.typing as npt

from affectory.alike import film_print, sound_print
from affectory.alike.films import COLUMNS, ROWS
from affectory.alike.sounds import RATE_HZ
from ingest.readers.contract import Facts, FingerprintRecipe
from ingest.readers.streams import opened, picture_stream, sound_stream, start_us


def _film(path: Path, facts: Facts) -> bytes | None:
    """Time 0 is the start of the medium, as in its proxy: the first picture is taken to stand from there."""
    times_s: list[float] = []
    fields: list[npt.NDArray[np.uint8]] = []
    with opened(path) as media:
        begin_s = start_us(media) / 1e6
        for frame in _decoded(media, picture_stream(media)):
            if frame.pts is not None:
                times_s.append(float(frame.pts * frame.time_base) - begin_s)
                small = frame.reformat(width=COLUMNS, height=ROWS, format="gray", interpolation="AREA")
                fields.append(small.to_ndarray())
    if not times_s:
        return None
    order = np.argsort(times_s, kind="stable")
    shown_s = np.array(times_s)[order]
    shown_s[0] = 0.0
    return film_print(shown_s, np.stack(fields)[order], facts.duration_s or 0.0)


def _sound(path: Path, _facts: Facts) -> bytes | None:
    with opened(path) as media:
        return sound_print(_samples(media, sound_stream(media)))


def _samples(media: Any, stream: Any) -> Iterator[npt.NDArray[np.float32]]:
    """One channel; sound that begins later than the medium is preceded by silence."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
    started = False
    for frame in _decoded(media, stream):
        if not started:
            late_s = Fraction(frame.pts or 0) * frame.time_base - Fraction(start_us(media), 1_000_000)
            yield np.zeros(max(0, round(late_s * RATE_HZ)), dtype=np.float32)
            started = True
        for part in resampler.resample(frame):
            yield np.nan_to_num(part.to_ndarray()[0])


def _decoded(media: Any, stream: Any) -> Iterator[Any]:
    stream.thread_type = "AUTO"
    for packet in media.demux(stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:  # probe has judged how much damage is too much
            continue
        yield from frames


def _has_sound(facts: Facts) -> bool:
    return facts.to_json()["audio_codec"] is not None


FILM = FingerprintRecipe(kind="film", version=1, take=_film, nothing="hardly anything moves in the film")
SOUND = FingerprintRecipe(
    kind="sound",
    version=1,
    take=_sound,
    nothing="the sound is silent, steady or shorter than a second",
    applies=_has_sound,
)
