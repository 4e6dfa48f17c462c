"""Clips, images and sounds that carry their own time."""

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from PIL import Image

FPS = 25
WIDTH, HEIGHT = 320, 180
COLUMNS, ROWS = 8, 2
TICK_S = 0.25
SOUND_HZ = 48_000


def picture(number: int) -> bytes:
    """A grey frame of 8 x 2 blocks, black or white: the bits of its number, lowest first."""
    bits = np.array([number >> bit & 1 for bit in range(COLUMNS * ROWS)], dtype=np.uint8).reshape(
        ROWS, COLUMNS
    )
    return np.kron(bits * 255, np.ones((HEIGHT // ROWS, WIDTH // COLUMNS), dtype=np.uint8)).tobytes()


def clip(path: Path, seconds: int) -> None:
    """Write a film of `seconds` in which frame n shows the bits of n."""
    shape = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=330", "-shortest"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *shape, *sound]
    with subprocess.Popen([*command, "-pix_fmt", "yuv420p", str(path)], stdin=subprocess.PIPE) as encoder:
        for number in range(seconds * FPS):
            encoder.stdin.write(picture(number))


def images(folder: Path, seconds: int) -> None:
    """Write one image for each frame of such a film."""
    for number in range(seconds * FPS):
        Image.frombytes("L", (WIDTH, HEIGHT), picture(number)).save(folder / f"{number}.png")


def ticks(path: Path, seconds: int) -> None:
    """Write a sound with a tick of 5 ms at every quarter of a second."""
    samples = np.zeros(seconds * SOUND_HZ)
    burst = 0.9 * np.sin(2 * np.pi * 2000 * np.arange(SOUND_HZ // 200) / SOUND_HZ + np.pi / 2)
    for start in range(0, len(samples), int(TICK_S * SOUND_HZ)):
        samples[start : start + len(burst)] = burst
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SOUND_HZ, len(samples), "NONE", ""))
        file.writeframes((32767 * samples).astype("<i2").tobytes())
