"""Audio files, and media containers that hold only sound."""

from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from ingest.readers import transcode
from ingest.readers.contract import Facts, MediaError, OnProgress, Reader, RenditionRecipe
from ingest.readers.fingerprints import SOUND
from ingest.readers.signatures import container
from ingest.readers.streams import (
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

GUESSED_DURATION = frozenset({"mp3", "aac"})
_OGG_PAGE, _OGG_LAST_PAGE_FLAG = b"OggS", 4
_SIZE_NOT_KNOWN = frozenset({0, 0xFFFFFFFF})


@dataclass(frozen=True, kw_only=True)
class AudioFacts(Facts):
    audio_codec: str
    audio_channels: int
    audio_rate_hz: int
    n_samples: int


def _refuse_cut(path: Path, demuxer: str) -> None:
    """Find what libav passes over: a WAV shorter than its header says, an Ogg without a last page."""
    if demuxer == "wav":
        _refuse_cut_wav(path)
    if demuxer == "ogg":
        _refuse_cut_ogg(path)


def _refuse_cut_wav(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        position = 12
        while position + 8 <= size:
            stream.seek(position)
            header = stream.read(8)
            promised = int.from_bytes(header[4:], "little")
            if header[:4] == b"data":
                found = size - position - 8
                if promised not in _SIZE_NOT_KNOWN and found < promised:
                    message = (
                        f"The header promises {promised:,} bytes of sound, {found:,} are there: it is cut."
                    )
                    raise MediaError("truncated", message, "data")
                return
            position += 8 + promised + promised % 2  # chunks are padded to even length
    raise MediaError("truncated", "The file ends before its sound data begins.", "data")


def _refuse_cut_ogg(path: Path) -> None:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 70_000))  # a page is at most 65,307 bytes
        tail = stream.read()
    page = tail.rfind(_OGG_PAGE)
    if page < 0 or len(tail) < page + 27 or not tail[page + 5] & _OGG_LAST_PAGE_FLAG:
        raise MediaError("truncated", "The last page of the Ogg stream is missing; the file is cut.")


def _has_mp3_index(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(512 * 1024)
    return any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))


def _render_proxy(path: Path, facts: Facts, out_path: Path, on_progress: OnProgress) -> None:
    with opened(path) as media:
        stream = sound_stream(media)
        if stream is None:
            raise MediaError("decode_error", "The file holds no sound.")
        index = stream.index
    output = ffmpeg.output(
        transcode.source(path)[str(index)],
        f"file:{out_path}",
        format="mp4",
        movflags="+faststart",
        **{"c:a": "aac", "b:a": "160k", "ac": min(2, _channels(facts)), "flags:a": "+bitexact"},
        **transcode.STRIPPED,
    )
    transcode.run(output, facts.duration_s, on_progress)


def _channels(facts: Facts) -> int:
    return facts.audio_channels if isinstance(facts, AudioFacts) else 2


class AudioReader(Reader):
    kind = "audio"
    extensions = frozenset(
        {".wav", ".mp3", ".m4a", ".m4b", ".aac", ".flac", ".ogg", ".oga", ".opus", ".aif", ".aiff"}
        | {".mp4", ".mov", ".webm", ".mkv", ".mka"}  # a container of moving pictures may hold only sound
    )
    facts_type = AudioFacts
    renditions = (
        RenditionRecipe(name="proxy", version=1, media_type="audio/mp4", render=_render_proxy),
        RenditionRecipe(name="peaks", version=1, media_type="application/json", render=render_peaks),
    )

    fingerprints = (SOUND,)

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the contract's
        return container(head) is not None

    def claims(self, path: Path) -> bool:
        try:
            with opened(path) as media:
                return picture_stream(media) is None and sound_stream(media) is not None
        except MediaError:
            return False

    def probe(self, path: Path) -> AudioFacts:
        kind = container_of(path)
        _refuse_cut(path, kind.demuxer)
        with opened(path) as media:
            refuse_excess(media)
            stream = sound_stream(media)
            if stream is None:
                raise MediaError("decode_error", "The file holds no sound.")
            scans = scan(media, [stream])
            trusted = kind.demuxer not in GUESSED_DURATION or _has_mp3_index(path)
            refuse_damage(media, scans, trust_duration=trusted)
            codec = stream.codec_context
            return AudioFacts(
                kind="audio",
                media_type=kind.media_type.replace("video/", "audio/"),
                duration_s=float(scans[0].end_s) - start_us(media) / 1e6,
                audio_codec=codec.name,
                audio_channels=codec.channels,
                audio_rate_hz=codec.sample_rate,
                n_samples=scans[0].samples,
            )


READER = AudioReader()
