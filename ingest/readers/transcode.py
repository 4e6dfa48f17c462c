"""Running the ffmpeg program: one command builder with every guard always on, and its progress."""

import ctypes
import resource
import signal
import subprocess
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from ingest.readers.contract import MediaError, OnProgress
from ingest.readers.streams import MAX_FRAME_PIXELS, container_of, input_options

MAX_ALLOC_BYTES = 512 * 1024 * 1024
STRIPPED = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}
"""No tag of the source (places, names, devices) and none of the encoder gets into what raters download."""
_PR_SET_PDEATHSIG = 1


def source(path: Path, **options: Any) -> Any:
    """Open one file as ffmpeg input; the demuxer is forced by the file's first bytes."""
    kind = container_of(path)
    return ffmpeg.input(f"file:{path}", format=kind.demuxer, **input_options(kind), **options)


def run(output: Any, duration_s: float | None, on_progress: OnProgress) -> None:
    command = ffmpeg.compile(
        output.global_args("-nostdin", "-hide_banner", "-loglevel", "error", "-progress", "pipe:1")
        .global_args("-max_alloc", str(MAX_ALLOC_BYTES))
        .overwrite_output(),
        cmd=imageio_ffmpeg.get_ffmpeg_exe(),
    )
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - the sandboxed process has one thread
        text=True,
        errors="replace",
    )
    with process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        for line in process.stdout:
            _report(line, duration_s, on_progress)
        complaint = process.stderr.read() if process.stderr else ""
    if process.returncode and _computing_time_is_up():
        raise MediaError("timeout", "Transcoding took more computing time than is allowed.")
    if process.returncode == -signal.SIGXFSZ:
        raise MediaError("too_large", "The transcoded file grew larger than is allowed.")
    if process.returncode:
        raise MediaError(
            "decode_error", f"ffmpeg stopped with {process.returncode}: {complaint.strip()[-500:]}"
        )


def _computing_time_is_up() -> bool:
    """Tell a stop by the limit from others: ffmpeg catches the signal and exits like after any interrupt."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    allowed_s, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return 0 <= allowed_s <= usage.ru_utime + usage.ru_stime + 0.1


def max_pixels() -> dict[str, int]:
    return {"max_pixels": MAX_FRAME_PIXELS}


def die_with_parent() -> None:
    """Ask Linux to kill this process with its parent, so that a killed worker leaves nothing running."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _report(line: str, duration_s: float | None, on_progress: OnProgress) -> None:
    key, _, value = line.strip().partition("=")
    if key == "out_time_us" and value.lstrip("-").isdigit() and duration_s:
        on_progress(min(1.0, max(0.0, int(value) / 1e6 / duration_s)))
