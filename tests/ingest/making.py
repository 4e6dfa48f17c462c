"""Makes small real media files for the tests."""

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import edfio
import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from ingest import sandbox
from ingest.readers.contract import Facts

REALDATA = Path(__file__).resolve().parents[3] / "shared" / "reference" / "realdata"


def ffmpeg(*arguments: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-y", "-loglevel", "error", *arguments]
    subprocess.run(command, check=True)


def make_video(
    path: Path, *, size: str = "160x120", rate: str = "25", seconds: float = 2, sound: bool = True
) -> Path:
    picture = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}")
    tone = ("-f", "lavfi", "-i", f"sine=440:duration={seconds}", "-c:a", "aac") if sound else ()
    codec = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
    ffmpeg(*picture, *tone[:4], *codec, *tone[4:], str(path))
    return path


def make_tone(path: Path, *options: str, seconds: float = 2) -> Path:
    ffmpeg("-f", "lavfi", "-i", f"sine=440:duration={seconds}:sample_rate=44100", *options, str(path))
    return path


def make_vfr_video(path: Path, times_ms: list[int]) -> Path:
    """Write one frame at each of the given times."""
    with av.open(str(path), "w") as media:
        stream = media.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        for number, time_ms in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(
                np.full((48, 64, 3), number * 9 % 255, np.uint8), format="rgb24"
            )
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            media.mux(stream.encode(frame))
        media.mux(stream.encode())
    return path


def make_edf(path: Path, signals: npt.NDArray[np.float64], rate_hz: float = 128, **more: object) -> Path:
    recording = edfio.Edf(
        [
            edfio.EdfSignal(one, rate_hz, label=f"C{i}", physical_dimension="uV", physical_range=(-200, 200))
            for i, one in enumerate(signals)
        ],
        **more,
    )
    recording.write(path)
    return path


def cut(source: Path, path: Path, share: float) -> Path:
    whole = source.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


def probe(path: Path, name: str | None = None) -> Facts:
    return sandbox.probe(path, name or path.name)


def rendered(path: Path, facts: Facts, rendition: str) -> Path:
    out = path.with_name(f"{path.stem}-{rendition}")
    sandbox.render(path, facts, rendition, out)
    return out


def rendered_json(path: Path, facts: Facts, rendition: str) -> dict:
    return json.loads(rendered(path, facts, rendition).read_text())
