"""Short films of a drawn face whose look, background and tone follow a known valence-arousal curve."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ingest.demo.faces import Colour, Feeling, blended, colour, draw_face
from ingest.demo.sounds import following_tone, write_wav

WIDTH, HEIGHT = 640, 360
FACE_SIDE = 216
SPARKS = 26
Curve = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Film:
    """`begin` and `end` are (valence, arousal); the curve wanders from one to the other."""

    name: str
    character: str
    series: str
    hue: float
    duration_s: int
    rate_hz: int
    begin: tuple[float, float]
    end: tuple[float, float]
    seed: int


FILMS = (
    Film("morning-walk", "Pip", "garden", 0.10, 14, 25, (0.1, -0.5), (0.8, 0.4), 1),
    Film("lost-kite", "Pip", "garden", 0.10, 16, 25, (0.7, 0.6), (-0.6, -0.3), 2),
    Film("the-exam", "Mo", "school", 0.93, 15, 25, (-0.2, 0.1), (-0.7, 0.8), 3),
    Film("good-marks", "Mo", "school", 0.93, 12, 30, (-0.5, 0.6), (0.8, 0.7), 4),
    Film("night-train", "Ada", "journey", 0.56, 18, 25, (0.0, -0.2), (-0.5, 0.7), 5),
    Film("coming-home", "Ada", "journey", 0.56, 14, 30, (-0.4, -0.5), (0.7, -0.2), 6),
    Film("rainy-sunday", "Lu", "weather", 0.36, 16, 25, (-0.1, -0.7), (-0.6, -0.6), 7),
    Film("first-snow", "Lu", "weather", 0.36, 12, 25, (0.0, 0.0), (0.8, 0.8), 8),
)


def curves(film: Film) -> tuple[Curve, Curve]:
    """Give valence and arousal at each frame, in -1..1."""
    rng = np.random.default_rng(film.seed)
    x = np.linspace(0, 1, film.duration_s * film.rate_hz)
    blend = x * x * (3 - 2 * x)
    found: list[Curve] = []
    for begin, end in zip(film.begin, film.end, strict=True):
        waves = sum(
            rng.uniform(0.10, 0.26) * np.sin(2 * np.pi * (rng.uniform(0.6, 1.4) * k * x + rng.random()))
            for k in (1, 2)
        )
        found.append(np.clip(begin + (end - begin) * blend + waves, -0.95, 0.95))
    return found[0], found[1]


def make_film(film: Film, out: Path) -> None:
    """Encode with one thread: with more, x264 gives other bytes each time."""
    valence, arousal = curves(film)
    wav = out.with_suffix(".tone.wav")
    write_wav(wav, following_tone(valence, arousal, film.rate_hz))
    guard = ("-y", "-loglevel", "error")
    raw = (
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{WIDTH}x{HEIGHT}",
        "-r",
        str(film.rate_hz),
        "-i",
        "pipe:0",
    )
    picture = (
        "-c:v",
        "libx264",
        "-preset",
        "superfast",
        "-crf",
        "24",
        "-pix_fmt",
        "yuv420p",
        "-threads",
        "1",
    )
    sound = ("-i", str(wav), "-c:a", "aac", "-b:a", "96k", "-shortest")
    tags = ("-metadata", "comment=synthetic, drawn by script", "-fflags", "+bitexact")
    exact = ("-flags:v", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *guard, *raw, *sound, *picture, *tags, *exact, str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None  # noqa: S101 - for the type checker
        for frame in _frames(film, valence, arousal):
            encoder.stdin.write(frame.tobytes())
        encoder.stdin.close()
    wav.unlink()
    if encoder.returncode:
        raise RuntimeError(f"ffmpeg stopped with {encoder.returncode} while encoding {out.name}")


def _frames(film: Film, valence: Curve, arousal: Curve) -> Iterator[Image.Image]:
    rng = np.random.default_rng(film.seed + 100)
    sparks = _Sparks(rng, film.hue)
    sway = np.cumsum(1.2 + 1.1 * arousal) * 2 * np.pi / film.rate_hz / 2
    for index in range(len(valence)):
        feeling = Feeling(float(valence[index]), float(arousal[index]))
        frame = background(WIDTH, HEIGHT, feeling, film.hue)
        sparks.draw(frame, feeling, 1 / film.rate_hz)
        bounce = (feeling.arousal + 1) / 2
        x = WIDTH / 2 + 46 * np.sin(sway[index] * 0.5) * (0.4 + 0.6 * bounce)
        y = HEIGHT / 2 + 6 - 26 * bounce * abs(np.sin(sway[index])) + 10 * (1 - feeling.valence) / 2
        face = draw_face(FACE_SIDE, feeling, film.hue, gaze=float(np.sin(sway[index] * 0.5)))
        shadow_width = 70 + 14 * abs(np.sin(sway[index]))
        ground = _rgb(frame, int(x), HEIGHT - 26)
        shade = blended(ground, (20, 18, 30), 0.28)
        ImageDraw.Draw(frame).ellipse((x - shadow_width, 318, x + shadow_width, 336), fill=shade)
        frame.paste(face, (round(x - FACE_SIDE / 2), round(y - FACE_SIDE / 2)), face)
        yield frame


def background(width: int, height: int, feeling: Feeling, hue: float) -> Image.Image:
    """Blend from cold and dark (unpleasant) to warm and light (pleasant); arousal adds saturation."""
    warmth = (feeling.valence + 1) / 2
    glow = (feeling.arousal + 1) / 2
    top = blended(colour(0.64, 0.35 + 0.3 * glow, 0.42), colour(0.55, 0.20 + 0.25 * glow, 0.98), warmth)
    low = blended(
        colour(0.72, 0.30 + 0.3 * glow, 0.30), colour(0.08 + hue / 10, 0.25 + 0.45 * glow, 1.0), warmth
    )
    steps = np.linspace(0, 1, 9)[:, np.newaxis, np.newaxis]
    ramp = np.array(top) * (1 - steps) + np.array(low) * steps
    column = Image.fromarray(np.repeat(ramp, 2, axis=1).round().astype(np.uint8))
    return column.resize((width, height), Image.Resampling.BICUBIC)


def _rgb(frame: Image.Image, x: int, y: int) -> Colour:
    pixel = np.asarray(frame.crop((x, y, x + 1, y + 1)))[0, 0]
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


class _Sparks:
    """Soft discs that drift upwards, the faster the higher the arousal."""

    def __init__(self, rng: np.random.Generator, hue: float) -> None:
        self.x = rng.uniform(0, WIDTH, SPARKS)
        self.y = rng.uniform(0, HEIGHT, SPARKS)
        self.depth = rng.uniform(0.3, 1.0, SPARKS)
        self.sprites = [
            _disc(round(10 + 34 * depth), colour(hue + rng.uniform(-0.1, 0.1), 0.25, 1.0))
            for depth in self.depth
        ]

    def draw(self, frame: Image.Image, feeling: Feeling, step_s: float) -> None:
        speed = 14 + 130 * ((feeling.arousal + 1) / 2) ** 2
        self.y = (self.y - speed * self.depth * step_s * np.sign(feeling.valence + 0.25)) % (HEIGHT + 60)
        for x, y, sprite in zip(self.x, self.y, self.sprites, strict=True):
            frame.paste(sprite, (round(x), round(y) - 50), sprite)


def _disc(side: int, fill: Colour) -> Image.Image:
    grid = np.linspace(-1, 1, side)
    distance = np.hypot(grid[:, np.newaxis], grid)
    alpha = np.clip((1 - distance) * 3, 0, 1) * 62
    disc = np.empty((side, side, 4), dtype=np.uint8)
    disc[..., :3] = fill
    disc[..., 3] = alpha.astype(np.uint8)
    return Image.fromarray(disc)
