"""Opening and reading through audio and video files with libav, as the video and audio readers need it.

Headers and exit codes say nothing about whether a file is whole, so `scan` decodes every packet once and
compares what came out with what the header promised.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error

from ingest.readers.contract import MediaError
from ingest.readers.signatures import Container, container

VIDEO_DECODERS = (
    *("h264", "hevc", "av1", "libdav1d", "vp8", "vp9", "libvpx", "libvpx-vp9"),
    *("mpeg4", "mpeg1video", "mpeg2video", "mjpeg", "theora", "prores", "dvvideo", "ffv1"),
)
AUDIO_DECODERS = (
    *("aac", "mp3", "mp3float", "mp2", "mp2float", "ac3", "eac3", "opus", "libopus", "vorbis", "libvorbis"),
    *("flac", "alac", "pcm_alaw", "pcm_mulaw", "pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le"),
)
MAX_STREAMS = 32
MAX_SIDE = 8192
MAX_FRAME_PIXELS = 8192 * 4608
MAX_DURATION_S = 6 * 3600
MAX_CHANNELS = 64
MIN_SAMPLE_RATE_HZ, MAX_SAMPLE_RATE_HZ = 1000, 768_000
TOLERANCE = 0.02
TOLERANCE_FRAMES = 2
HOLE_S = Fraction(1, 5)
"""Sound that stops for longer than this, with no picture meanwhile, is a hole in the file."""


def input_options(kind: Container) -> dict[str, str]:
    """Demuxer options that keep libav and ffmpeg inside this one file."""
    return {
        "protocol_whitelist": "file,pipe",
        "format_whitelist": kind.demuxer,
        "codec_whitelist": ",".join((*VIDEO_DECODERS, *AUDIO_DECODERS)),
        "max_streams": str(MAX_STREAMS),
    }


def container_of(path: Path) -> Container:
    with path.open("rb") as stream:
        kind = container(stream.read(4096))
    if kind is None:
        raise MediaError("unrecognised", "The file has no known media signature.")
    return kind


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    kind = container_of(path)
    try:
        media = av.open(
            f"file:{path}", format=kind.demuxer, options=input_options(kind), metadata_errors="replace"
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise _not_opened(path, kind, error) from error
    with media:
        yield media


def picture_stream(media: Any) -> Any | None:
    """Give the first video stream that is not a cover picture."""
    cover = av.stream.Disposition.attached_pic
    return next((s for s in media.streams.video if not s.disposition & cover), None)


def sound_stream(media: Any) -> Any | None:
    return next(iter(media.streams.audio), None)


def start_us(media: Any) -> int:
    """Media time of the earliest stream; browser proxies count from here."""
    return int(media.start_time or 0)


@dataclass
class StreamScan:
    """What came out of one stream."""

    stream: Any
    frames: int = 0
    samples: int = 0
    discarded: int = 0
    damaged: int = 0
    rotation: int = 0
    first_s: Fraction | None = None
    end_s: Fraction = Fraction(0)
    pts: list[int] = field(default_factory=list)
    gaps: list[tuple[Fraction, Fraction]] = field(default_factory=list)


def scan(media: Any, streams: list[Any]) -> list[StreamScan]:
    """Decode everything once. Damage is counted, not raised, so that the message can say how much."""
    scans = {stream.index: StreamScan(stream) for stream in streams}
    for stream in streams:
        stream.thread_type = "AUTO"
    packets = media.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except av.error.FFmpegError as error:
            _count_damage(scans, error)
            break
        _decode(packet, scans[packet.stream.index])  # a flush packet says index 0 in any stream
    return list(scans.values())


def _decode(packet: Any, seen: StreamScan) -> None:
    try:
        frames = packet.decode()
    except av.error.FFmpegError:
        seen.damaged += 1
        return
    seen.discarded += packet.is_discard
    for frame in frames:
        if frame.is_corrupt:
            seen.damaged += 1
        _add_frame(frame, seen)


def _add_frame(frame: Any, seen: StreamScan) -> None:
    seen.frames += 1
    is_sound = isinstance(frame, av.AudioFrame)
    if is_sound:
        seen.samples += frame.samples
    if frame.pts is None:
        return
    begin = frame.pts * frame.time_base
    if seen.first_s is None:
        seen.first_s = begin
    elif is_sound and begin - seen.end_s > HOLE_S:
        seen.gaps.append((seen.end_s, begin))
    length = Fraction(frame.samples, frame.sample_rate) if is_sound else _shown_for(frame, seen.stream)
    seen.end_s = max(seen.end_s, begin + length)
    if not is_sound:
        seen.rotation = frame.rotation
        seen.pts.append(frame.pts)


def _shown_for(frame: Any, stream: Any) -> Fraction:
    if frame.duration:
        return Fraction(frame.duration) * Fraction(frame.time_base)
    return 1 / Fraction(stream.average_rate) if stream.average_rate else Fraction(0)


def _count_damage(scans: dict[int, StreamScan], error: Exception) -> None:
    if isinstance(error, EOFError):
        return
    for seen in scans.values():
        seen.damaged += 1


def refuse_excess(media: Any) -> None:
    """Refuse by the header alone what would cost too much to decode."""
    if len(media.streams) >= MAX_STREAMS:
        raise MediaError("too_large", f"The file has {MAX_STREAMS} or more streams.", "streams")
    duration_s = (media.duration or 0) / 1e6
    if duration_s > MAX_DURATION_S:
        message = f"The header announces {duration_s:,.0f} s; at most {MAX_DURATION_S:,} s are taken."
        raise MediaError("too_large", message, "duration_s")
    picture, sound = picture_stream(media), sound_stream(media)
    if picture is not None:
        _refuse_picture(picture)
    if sound is not None:
        _refuse_sound(sound)


def _refuse_picture(stream: Any) -> None:
    width, height = _codec(stream).width, _codec(stream).height
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_FRAME_PIXELS:
        message = (
            f"The video is {width} x {height} = {width * height:,} pixels; at most {MAX_SIDE} a side "
            f"and {MAX_FRAME_PIXELS:,} in all are taken."
        )
        raise MediaError("too_large", message, "width")
    if not width or not height:
        raise MediaError("bad_header", "The video stream announces no picture size.", "width")
    if _codec(stream).name not in VIDEO_DECODERS:
        raise MediaError(
            "unsupported_codec", f"The video codec {_codec(stream).name} is not taken.", "video_codec"
        )


def _refuse_sound(stream: Any) -> None:
    codec = _codec(stream)
    if codec.name not in AUDIO_DECODERS:
        raise MediaError("unsupported_codec", f"The audio codec {codec.name} is not taken.", "audio_codec")
    if not 0 < codec.channels <= MAX_CHANNELS:
        message = f"The sound has {codec.channels} channels; 1 to {MAX_CHANNELS} are taken."
        raise MediaError("too_large", message, "audio_channels")
    if not MIN_SAMPLE_RATE_HZ <= codec.sample_rate <= MAX_SAMPLE_RATE_HZ:
        message = (
            f"The sample rate is {codec.sample_rate:,} Hz; "
            f"{MIN_SAMPLE_RATE_HZ:,} to {MAX_SAMPLE_RATE_HZ:,} Hz are taken."
        )
        raise MediaError("bad_header", message, "audio_rate_hz")


def _codec(stream: Any) -> Any:
    if stream.codec_context is None:
        raise MediaError(
            "unsupported_codec", f"Stream {stream.index} has a codec that is not known.", "codec"
        )
    return stream.codec_context


def refuse_damage(media: Any, scans: list[StreamScan], *, trust_duration: bool) -> None:
    """Compare what was decoded with what the header promised.

    `trust_duration` is false for formats whose duration is only guessed from the bit rate.
    """
    for seen in scans:
        if not seen.frames:
            raise MediaError("decode_error", f"No {seen.stream.type} frame could be decoded.")
        promised = int(seen.stream.frames) if seen.stream.type == "video" else 0
        whole = seen.frames + seen.discarded
        if whole < promised - max(TOLERANCE_FRAMES, TOLERANCE * promised):
            message = (
                f"The header promises {promised:,} frames, {whole:,} could be decoded: it is cut or damaged."
            )
            raise MediaError("truncated", message, "n_frames")
    if trust_duration:
        _refuse_short(media, scans)
    _refuse_holes(scans)
    for seen in scans:
        if seen.damaged > max(TOLERANCE_FRAMES, TOLERANCE * seen.frames):
            message = f"{seen.damaged:,} of {seen.frames:,} {seen.stream.type} frames are damaged."
            raise MediaError("decode_error", message)


def _refuse_short(media: Any, scans: list[StreamScan]) -> None:
    for seen in scans:
        if seen.stream.duration and seen.first_s is not None:
            promised = seen.stream.duration * seen.stream.time_base
            _refuse_if_short(seen.end_s - seen.first_s, promised, _frame_length(seen), seen.stream.type)
    if media.duration:
        begin = Fraction(start_us(media), 1_000_000)
        longest = max(seen.end_s for seen in scans) - begin
        _refuse_if_short(
            longest, Fraction(media.duration, 1_000_000), max(map(_frame_length, scans)), "media"
        )


def _refuse_holes(scans: list[StreamScan]) -> None:
    """Find lost data in the middle: demuxers skip it without a word and go on at the right time.

    A gap in one stream alone may be meant (a muted microphone, a still screen), one in all streams is not.
    """
    pictures = [pts * seen.stream.time_base for seen in scans for pts in seen.pts]
    gaps = [gap for seen in scans for gap in seen.gaps]
    holes = [(begin, end) for begin, end in gaps if not any(begin < shown < end for shown in pictures)]
    lost_s = sum(end - begin for begin, end in holes)
    if lost_s > TOLERANCE * max(seen.end_s for seen in scans):
        begin, end = map(float, holes[0])
        raise MediaError("decode_error", f"Nothing could be decoded between {begin:.3f} s and {end:.3f} s.")


def _frame_length(seen: StreamScan) -> Fraction:
    return (seen.end_s - (seen.first_s or 0)) / seen.frames


def _refuse_if_short(found: Fraction, promised: Fraction, frame: Fraction, what: str) -> None:
    # A third of a second is what containers round to and encoders pad with.
    if promised - found > max(Fraction(TOLERANCE) * promised, TOLERANCE_FRAMES * frame, Fraction(1, 3)):
        message = (
            f"The header promises {float(promised):.3f} s of {what}, {float(found):.3f} s could be decoded; "
            "the file is cut or damaged."
        )
        raise MediaError("truncated", message, "duration_s")


def _not_opened(path: Path, kind: Container, error: Exception) -> MediaError:
    if kind.demuxer == "mov" and not _has_index(path):
        return MediaError(
            "truncated", "The file has no complete index (moov); it was cut before its end was written."
        )
    return MediaError("decode_error", f"The {kind.media_type} file could not be opened: {_reason(error)}.")


def _reason(error: Exception) -> str:
    """Give libav's words without the name of our work folder."""
    return getattr(error, "strerror", None) or "its header is damaged"


def _has_index(path: Path) -> bool:
    """Walk the top-level boxes of an MP4 and look for a whole `moov`."""
    size = path.stat().st_size
    position = 0
    with path.open("rb") as stream:
        while position + 8 <= size:
            stream.seek(position)
            header = stream.read(16)
            length = int.from_bytes(header[:4], "big")
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            length = length or size - position
            if header[4:8] == b"moov":
                return position + length <= size
            if length < 8:
                return False
            position += length
    return False
