"""Video: frame times measured by decoding, a proxy that keeps them, a poster and the sound's peaks."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from PIL import Image, ImageOps

from ingest.readers import transcode
from ingest.readers.contract import Facts, MediaError, OnProgress, Reader, RenditionRecipe
from ingest.readers.fingerprints import FILM, SOUND
from ingest.readers.signatures import container
from ingest.readers.streams import (
    StreamScan,
    container_of,
    opened,
    picture_stream,
    refuse_damage,
    refuse_excess,
    scan,
    sound_stream,
    start_us,
)
from ingest.readers.waveform import render_peaks

PROXY_MAX_HEIGHT = 480
POSTER_MAX_SIDE = 640
KEYFRAME_EVERY_S = 1


@dataclass(frozen=True, kw_only=True)
class VideoFacts(Facts):
    """Width and height are as displayed. Times count from `start_us`, the start of the earliest stream."""

    width: int
    height: int
    rotation_deg: int
    n_frames: int
    rate_hz: float | None
    vfr: bool
    time_base: str
    start_us: int
    first_frame_us: int
    video_codec: str
    audio_codec: str | None
    audio_channels: int | None
    audio_rate_hz: int | None
    audio_start_us: int | None


def _facts(media_type: str, media: Any, scans: list[StreamScan]) -> VideoFacts:
    seen = scans[0]
    heard = scans[1] if len(scans) > 1 else None
    codec = seen.stream.codec_context
    sound = heard.stream.codec_context if heard else None
    begin_us = start_us(media)
    times_us = frame_times_us(seen, begin_us)
    turned = seen.rotation % 180 != 0
    vfr = is_vfr(seen)
    return VideoFacts(
        kind="video",
        media_type=media_type,
        duration_s=float(max(one.end_s for one in scans)) - begin_us / 1e6,
        width=codec.height if turned else codec.width,
        height=codec.width if turned else codec.height,
        rotation_deg=seen.rotation,
        n_frames=len(times_us),
        rate_hz=_rate_hz(seen, times_us, vfr=vfr),
        vfr=vfr,
        time_base=str(seen.stream.time_base),
        start_us=begin_us,
        first_frame_us=times_us[0],
        video_codec=codec.name,
        audio_codec=sound.name if sound else None,
        audio_channels=sound.channels if sound else None,
        audio_rate_hz=sound.sample_rate if sound else None,
        audio_start_us=None if heard is None else round((heard.first_s or 0) * 1_000_000) - begin_us,
    )


def frame_times_us(seen: StreamScan, begin_us: int) -> list[int]:
    """Give the time of each shown frame in µs from the start of the medium, in display order."""
    if not seen.pts:
        raise MediaError("decode_error", "The video frames carry no time stamps.")
    return [round(pts * seen.stream.time_base * 1_000_000) - begin_us for pts in sorted(seen.pts)]


def is_vfr(seen: StreamScan) -> bool:
    """Whether gaps between frames differ by more than the rounding of the time base."""
    gaps = np.diff(np.sort(np.array(seen.pts, dtype=np.int64)))
    return bool(gaps.size) and int(gaps.max() - gaps.min()) > 1


def _rate_hz(seen: StreamScan, times_us: list[int], *, vfr: bool) -> float | None:
    if not vfr and seen.stream.average_rate:
        return float(Fraction(seen.stream.average_rate))
    span_us = times_us[-1] - times_us[0]
    return (len(times_us) - 1) * 1e6 / span_us if span_us > 0 else None


def _render_proxy(path: Path, facts: Facts, out_path: Path, on_progress: OnProgress) -> None:
    """Make what browsers play: every frame at its own time (no B-frames, so no edit list shifts them)."""
    with opened(path) as media:
        picture, sound = picture_stream(media), sound_stream(media)
        if picture is None:
            raise MediaError("decode_error", "The file holds no moving picture.")
        picture_index, sound_index = picture.index, sound and sound.index
        time_base = Fraction(picture.time_base)
    given = transcode.source(path, **transcode.max_pixels())
    height = f"max(2,trunc(min({PROXY_MAX_HEIGHT},ih)/2)*2)"
    video = given[str(picture_index)].filter("scale", w=f"max(2,trunc({height}*dar/2)*2)", h=height)
    tracks = [video.filter("setsar", "1")]
    options: dict[str, Any] = {}
    if sound_index is not None:
        tracks.append(given[str(sound_index)].filter("aresample", **{"async": 1, "first_pts": 0}))
        options = {"c:a": "aac", "b:a": "128k", "ac": 2, "flags:a": "+bitexact"}
    output = ffmpeg.output(
        *tracks,
        f"file:{out_path}",
        format="mp4",
        movflags="+faststart",
        **{
            "c:v": "libx264",
            "preset": "veryfast",
            "crf": 23,
            "bf": 0,
            "pix_fmt": "yuv420p",
            "flags:v": "+bitexact",
        },
        force_key_frames=f"expr:gte(t,n_forced*{KEYFRAME_EVERY_S})",
        fps_mode="passthrough",
        enc_time_base="demux",
        video_track_timescale=_timescale(time_base),
        **options,
        **transcode.STRIPPED,
    )
    transcode.run(output, facts.duration_s, on_progress)


def _timescale(time_base: Fraction) -> int:
    """Give a track time scale in which every source time stamp is a whole number, where one fits."""
    return time_base.denominator if time_base.denominator >= 1000 else time_base.denominator * 1000


def _render_poster(path: Path, facts: Facts, out_path: Path, _on_progress: OnProgress) -> None:
    """Draw the frame at a tenth of the duration: first frames are often black."""
    with opened(path) as media:
        stream = picture_stream(media)
        wanted_s = (start_us(media) / 1e6) + (facts.duration_s or 0) / 10
        chosen = None
        for frame in media.decode(stream):
            chosen = frame
            if frame.pts is not None and float(frame.pts * frame.time_base) >= wanted_s:
                break
        if chosen is None:
            raise MediaError("decode_error", "No video frame could be decoded.")
        # Shrunk by libav before Pillow sees it: a full-size RGB copy of a large frame is what costs memory.
        ratio = min(1.0, POSTER_MAX_SIDE / max(chosen.width, chosen.height))
        size = {"width": max(1, round(chosen.width * ratio)), "height": max(1, round(chosen.height * ratio))}
        picture: Image.Image = chosen.reformat(**size, format="rgb24").to_image()
        if chosen.rotation:
            picture = picture.rotate(chosen.rotation, expand=True)
    ImageOps.exif_transpose(picture).save(out_path, format="WEBP", quality=82)


def _render_pts(path: Path, _facts: Facts, out_path: Path, _on_progress: OnProgress) -> None:
    with opened(path) as media:
        (seen,) = scan(media, [picture_stream(media)])
        times_us = frame_times_us(seen, start_us(media))
    out_path.write_text(
        json.dumps({"unit": "us", "n": len(times_us), "pts_us": times_us}, separators=(",", ":"))
    )


def _has_sound(facts: Facts) -> bool:
    return isinstance(facts, VideoFacts) and facts.audio_codec is not None


class VideoReader(Reader):
    kind = "video"
    extensions = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".ogv", ".ogg"})
    facts_type = VideoFacts
    renditions = (
        RenditionRecipe(name="poster", version=1, media_type="image/webp", render=_render_poster),
        RenditionRecipe(name="pts", version=1, media_type="application/json", render=_render_pts),
        RenditionRecipe(name="proxy", version=1, media_type="video/mp4", render=_render_proxy),
        RenditionRecipe(
            name="peaks", version=1, media_type="application/json", render=render_peaks, applies=_has_sound
        ),
    )

    fingerprints = (FILM, SOUND)

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the contract's
        kind = container(head)
        return kind is not None and not kind.sound_only

    def claims(self, path: Path) -> bool:
        try:
            with opened(path) as media:
                return picture_stream(media) is not None
        except MediaError:
            return False

    def probe(self, path: Path) -> VideoFacts:
        with opened(path) as media:
            refuse_excess(media)
            picture, sound = picture_stream(media), sound_stream(media)
            if picture is None:
                raise MediaError("decode_error", "The file holds no moving picture.")
            scans = scan(media, [stream for stream in (picture, sound) if stream is not None])
            refuse_damage(media, scans, trust_duration=True)
            return _facts(container_of(path).media_type, media, scans)


READER = VideoReader()
