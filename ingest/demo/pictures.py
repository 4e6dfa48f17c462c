"""Drawn pictures, each meant to carry one of Mikels' eight emotions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ingest.demo.faces import Colour, Feeling, blended, colour, draw_face

WIDTH, HEIGHT = 960, 640
_OVERSIZE = 2


Grid = npt.NDArray[np.float64]


def _grid() -> tuple[Grid, Grid]:
    return np.linspace(0, WIDTH, WIDTH // 4), np.linspace(0, HEIGHT, HEIGHT // 4)[:, np.newaxis]


class Sheet:
    """A canvas in units of the picture (0..960, 0..640), drawn twice as large and shrunk."""

    def __init__(self, top: Colour, bottom: Colour, seed: int) -> None:
        steps = np.linspace(0, 1, 17)[:, np.newaxis, np.newaxis]
        ramp = np.array(top) * (1 - steps) + np.array(bottom) * steps
        column = Image.fromarray(np.repeat(ramp, 2, axis=1).round().astype(np.uint8))
        size = (WIDTH * _OVERSIZE, HEIGHT * _OVERSIZE)
        self.image = column.resize(size, Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.image)
        self.rng = np.random.default_rng(seed)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        box = (x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse([edge * _OVERSIZE for edge in box], fill=fill)

    def line(self, points: list[tuple[float, float]], width: float, fill: Colour) -> None:
        scaled = [(x * _OVERSIZE, y * _OVERSIZE) for x, y in points]
        self.draw.line(scaled, fill=fill, width=round(width * _OVERSIZE), joint="curve")

    def polygon(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self.draw.polygon([(x * _OVERSIZE, y * _OVERSIZE) for x, y in points], fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill)

    def glow(self, x: float, y: float, radius: float, fill: Colour, strength: float = 0.8) -> None:
        grid_x, grid_y = _grid()
        self.wash(np.exp(-((grid_x - x) ** 2 + (grid_y - y) ** 2) / radius**2) * strength, fill)

    def wash(self, light: Grid, fill: Colour) -> None:
        """Blend a colour in; `light` is 0..1 on the coarse grid."""
        mask = Image.fromarray((np.clip(light, 0, 1) * 255).astype(np.uint8))
        self.image.paste(
            fill, (0, 0, *self.image.size), mask.resize(self.image.size, Image.Resampling.BICUBIC)
        )

    def hills(self, base: float, height: float, fill: Colour, waves: float = 2.0) -> None:
        x = np.linspace(0, WIDTH, 161)
        phases = self.rng.uniform(0, 2 * np.pi, 3)
        shape = sum(np.sin(x / WIDTH * 2 * np.pi * waves * k + phases[k - 1]) / k for k in (1, 2, 3))
        ridge = list(zip(x.tolist(), (base - height * shape / 2).tolist(), strict=True))
        self.polygon([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], fill)

    def face(self, x: float, y: float, side: int, feeling: Feeling, hue: float) -> None:
        face = draw_face(side * _OVERSIZE, feeling, hue)
        corner = (round((x - side / 2) * _OVERSIZE), round((y - side / 2) * _OVERSIZE))
        self.image.paste(face, corner, face)

    def finished(self) -> Image.Image:
        return self.image.reduce(_OVERSIZE)


def _sunset() -> Sheet:
    sheet = Sheet((66, 88, 156), (255, 190, 120), 1)
    sheet.glow(480, 380, 260, (255, 214, 150))
    sheet.disc(480, 380, 74, (255, 236, 190))
    sheet.polygon([(0, 400), (960, 400), (960, 640), (0, 640)], (52, 84, 128))
    for row in range(26):
        y = 406 + row * 9
        width = sheet.rng.uniform(20, 70) * (1 + row / 9)
        x = 480 + sheet.rng.normal(0, 12 + row * 2)
        sheet.line([(x - width, y), (x + width, y)], 2.5, blended((255, 208, 150), (52, 84, 128), row / 30))
    return sheet


def _meadow() -> Sheet:
    sheet = Sheet((120, 190, 240), (226, 244, 252), 2)
    sheet.glow(770, 120, 170, (255, 246, 196))
    sheet.disc(770, 120, 52, (255, 238, 150))
    for base, shade in ((400, (142, 196, 122)), (460, (116, 178, 98)), (530, (92, 156, 80))):
        sheet.hills(base, 46, shade)
    for _ in range(150):
        x, y = sheet.rng.uniform(0, 960), sheet.rng.uniform(500, 636)
        petal = colour(float(sheet.rng.choice([0.95, 0.13, 0.78, 0.02])), 0.5, 1.0)
        size = 2 + (y - 480) / 30
        for angle in np.arange(5) * 2 * np.pi / 5:
            sheet.disc(x + size * np.cos(angle), y + size * np.sin(angle), size * 0.7, petal)
        sheet.disc(x, y, size * 0.6, (255, 220, 90))
    return sheet


def _aurora() -> Sheet:
    sheet = Sheet((8, 12, 38), (34, 60, 98), 3)
    _stars(sheet, 260)
    x, y = _grid()
    for hue, base, height in ((0.42, 330, 190), (0.50, 270, 150), (0.78, 210, 120)):
        edge = base + 55 * np.sin(x / 150 + hue * 9) + 18 * np.sin(x / 47 + hue)
        curtain = np.exp(-np.maximum(0, edge - y) / height) * (1 / (1 + np.exp((y - edge) / 7)))
        rays = 0.62 + 0.38 * np.sin(x / 13 + 3 * np.sin(x / 90))
        sheet.wash(0.62 * curtain * rays, colour(hue, 0.62, 1.0))
    sheet.hills(520, 90, (14, 22, 44), 1.4)
    sheet.hills(580, 50, (7, 11, 26), 2.2)
    return sheet


def _mountains() -> Sheet:
    sheet = Sheet((94, 140, 206), (250, 220, 196), 4)
    sheet.glow(650, 300, 240, (255, 240, 206))
    for base, tall, shade in (
        (430, 270, (138, 150, 190)),
        (500, 200, (98, 114, 160)),
        (570, 140, (60, 78, 122)),
    ):
        xs = np.linspace(-60, 1020, 13)
        tops = [
            (x, base - (tall * sheet.rng.uniform(0.5, 1) if i % 2 else 0)) for i, x in enumerate(xs.tolist())
        ]
        sheet.polygon([(-60, HEIGHT), *tops, (1020, HEIGHT)], shade)
        for x, y in tops[1::2]:
            snow = [(x, y), (x + 24, y + 46), (x + 8, y + 36), (x - 4, y + 52), (x - 24, y + 44)]
            sheet.polygon(snow, blended(shade, (255, 255, 255), 0.75))
    return sheet


def _fireworks() -> Sheet:
    sheet = Sheet((14, 12, 40), (52, 30, 84), 5)
    _stars(sheet, 90)
    places = (
        (250, 190, 0.98),
        (520, 130, 0.13),
        (740, 240, 0.52),
        (400, 320, 0.82),
        (640, 380, 0.33),
        (130, 360, 0.08),
    )
    for x, y, hue in places:
        sheet.glow(x, y, 120, colour(hue, 0.8, 0.9), 0.4)
        for angle in np.linspace(0, 2 * np.pi, 44, endpoint=False):
            reach = sheet.rng.uniform(70, 118)
            for share in np.linspace(0.25, 1, 7):
                dx, dy = np.cos(angle) * reach * share, np.sin(angle) * reach * share + 26 * share**2
                sheet.disc(x + dx, y + dy, 2.8 * (1.15 - share * 0.8), colour(hue, 0.75 * share, 1.0))
    _skyline(sheet, (10, 9, 26), windows=(255, 214, 120))
    return sheet


def _confetti() -> Sheet:
    sheet = Sheet((255, 214, 90), (255, 140, 120), 6)
    for _ in range(230):
        x, y = sheet.rng.uniform(0, 960), sheet.rng.uniform(0, 640)
        angle, size = sheet.rng.uniform(0, np.pi), sheet.rng.uniform(6, 15)
        dx, dy = size * np.cos(angle), size * np.sin(angle)
        hue = float(sheet.rng.choice([0.0, 0.13, 0.33, 0.55, 0.83]))
        corners = [(x - dx, y - dy), (x - dy / 2, y + dx / 2), (x + dx, y + dy), (x + dy / 2, y - dx / 2)]
        sheet.polygon(corners, colour(hue, 0.65, 0.98))
    for x, y, hue, arousal in ((300, 350, 0.12, 0.7), (640, 330, 0.04, 0.9)):
        sheet.face(x, y, 300, Feeling(0.95, arousal), hue)
    return sheet


def _laughing() -> Sheet:
    sheet = Sheet((128, 212, 222), (214, 244, 206), 7)
    for x, side, hue in ((190, 210, 0.36), (480, 330, 0.11), (770, 220, 0.90)):
        sheet.face(x, 400 - side / 4, side, Feeling(0.9, 0.55 + 0.2 * (side > 300)), hue)
    sheet.hills(560, 26, (112, 184, 108))
    return sheet


def _storm() -> Sheet:
    sheet = Sheet((22, 24, 42), (76, 82, 104), 8)
    for _ in range(34):
        sheet.glow(sheet.rng.uniform(0, 960), sheet.rng.uniform(0, 190), 90, (44, 46, 66), 0.55)
    sheet.glow(610, 250, 240, (210, 214, 255), 0.6)
    for x, branch in ((600, 1), (660, 0)):
        points = [(float(x), 90.0)]
        while points[-1][1] < (520 if branch else 330):
            points.append(
                (points[-1][0] + sheet.rng.uniform(-34, 30), points[-1][1] + sheet.rng.uniform(20, 46))
            )
        sheet.line(points, 9, (178, 184, 250))
        sheet.line(points, 4, (250, 250, 255))
    for x in (150, 240, 830):
        _bare_tree(sheet, (x, 600), 120, -np.pi / 2, 15)
    sheet.hills(560, 60, (14, 16, 26), 1.5)
    return sheet


def _shadows() -> Sheet:
    sheet = Sheet((18, 16, 30), (44, 32, 58), 9)
    sheet.polygon([(400, 640), (440, 180), (540, 180), (580, 640)], (88, 78, 96))
    sheet.glow(490, 240, 130, (196, 188, 170), 0.7)
    for x, y, size in ((140, 260, 13), (250, 390, 9), (780, 220, 15), (860, 420, 10), (690, 330, 8)):
        for shift in (-1.4, 1.4):
            sheet.disc(x + shift * size, y, size, (236, 214, 90))
            sheet.disc(x + shift * size, y, size * 0.42, (18, 16, 30))
    sheet.face(490, 500, 190, Feeling(-0.85, 0.95), 0.58)
    return sheet


def _rain() -> Sheet:
    sheet = Sheet((92, 104, 124), (136, 146, 160), 10)
    _skyline(sheet, (72, 82, 102), windows=(128, 136, 150))
    sheet.face(480, 470, 240, Feeling(-0.85, -0.7), 0.60)
    for _ in range(260):
        x, y, length = sheet.rng.uniform(0, 980), sheet.rng.uniform(-20, 640), sheet.rng.uniform(16, 38)
        sheet.line([(x, y), (x - length / 5, y + length)], 1.6, (190, 200, 216))
    return sheet


def _wilted() -> Sheet:
    sheet = Sheet((120, 124, 138), (170, 166, 166), 11)
    sheet.polygon([(0, 500), (960, 500), (960, 640), (0, 640)], (116, 106, 104))
    sheet.polygon([(390, 430), (570, 430), (540, 580), (420, 580)], (150, 96, 78))
    sheet.polygon([(380, 412), (580, 412), (576, 446), (384, 446)], (168, 110, 90))
    t = np.linspace(0, 1, 40)
    stalk = list(zip((480 + 150 * t**2).tolist(), (420 - 270 * t + 190 * t**3).tolist(), strict=True))
    sheet.line(stalk, 9, (104, 112, 78))
    x, y = stalk[-1]
    for angle in np.linspace(0.1, np.pi - 0.1, 7):
        sheet.disc(x + 34 * np.cos(angle), y + 30 * np.sin(angle) + 10, 19, (150, 112, 128))
    sheet.disc(x, y + 8, 17, (110, 90, 70))
    for dx in (-150, -80, 170, 250):
        sheet.disc(480 + dx, 600, 13, (150, 112, 128))
    return sheet


def _rage() -> Sheet:
    sheet = Sheet((120, 8, 14), (40, 4, 10), 12)
    for angle in np.linspace(0, 2 * np.pi, 34, endpoint=False):
        reach, width = sheet.rng.uniform(420, 700), 0.055
        tip = (480 + reach * np.cos(angle), 320 + reach * np.sin(angle))
        sides = [
            (480 + 150 * np.cos(angle + d), 320 + 150 * np.sin(angle + d)) for d in (-width * 2, width * 2)
        ]
        sheet.polygon([sides[0], tip, sides[1]], colour(0.02 + sheet.rng.uniform(0, 0.05), 0.95, 0.95))
    sheet.face(480, 320, 360, Feeling(-0.95, 0.95), 0.005)
    return sheet


def _swamp() -> Sheet:
    sheet = Sheet((86, 92, 40), (52, 66, 28), 13)
    sheet.polygon([(0, 330), (960, 330), (960, 640), (0, 640)], (92, 108, 34))
    for x in np.arange(0, 960, 30.0):
        length, width = sheet.rng.uniform(60, 300), sheet.rng.uniform(12, 30)
        slime = colour(0.21 + sheet.rng.uniform(-0.02, 0.04), 0.72, sheet.rng.uniform(0.42, 0.66))
        sheet.line([(x, -10), (x, length)], width, slime)
        sheet.disc(x, length, width * 0.72, slime)
    for _ in range(90):
        x, y, radius = sheet.rng.uniform(0, 960), sheet.rng.uniform(360, 640), sheet.rng.uniform(4, 24)
        sheet.disc(x, y, radius, (122, 142, 52))
        sheet.disc(x - radius / 3, y - radius / 3, radius / 3, (186, 200, 110))
    sheet.face(690, 430, 210, Feeling(-0.7, 0.0), 0.24)
    return sheet


def _stars(sheet: Sheet, count: int) -> None:
    for _ in range(count):
        sheet.disc(
            sheet.rng.uniform(0, 960), sheet.rng.uniform(0, 420), sheet.rng.uniform(0.5, 1.7), (238, 240, 255)
        )


def _skyline(sheet: Sheet, wall: Colour, windows: Colour) -> None:
    x = 0.0
    while x < WIDTH:
        width, top = float(sheet.rng.uniform(54, 100)), float(sheet.rng.uniform(420, 560))
        sheet.box(x, top, width, HEIGHT - top, wall)
        for column in np.arange(x + 10, x + width - 14, 18):
            for row in np.arange(top + 14, HEIGHT - 8, 22):
                if sheet.rng.random() < 0.45:
                    sheet.box(column, row, 8, 11, windows)
        x += width + 4


def _bare_tree(sheet: Sheet, foot: tuple[float, float], length: float, angle: float, width: float) -> None:
    x, y = foot
    end = (x + length * np.cos(angle), y + length * np.sin(angle))
    sheet.line([(x, y), end], width, (14, 16, 26))
    if length > 16:
        for turn in (-0.5, 0.42):
            shorter = length * sheet.rng.uniform(0.6, 0.76)
            _bare_tree(
                sheet, end, shorter, angle + turn + sheet.rng.uniform(-0.15, 0.15), max(1.0, width * 0.62)
            )


@dataclass(frozen=True)
class Picture:
    """Valence, arousal and dominance are in -1..1: what the drawing should carry, not what people said."""

    name: str
    series: str
    emotion: str
    valence: float
    arousal: float
    dominance: float
    draw: Callable[[], Sheet]


PICTURES = (
    Picture("sunset-over-the-sea", "sky", "contentment", 0.70, -0.60, 0.30, _sunset),
    Picture("northern-lights", "sky", "awe", 0.65, 0.20, -0.20, _aurora),
    Picture("flower-meadow", "country", "contentment", 0.80, -0.30, 0.40, _meadow),
    Picture("snow-peaks", "country", "awe", 0.60, 0.05, -0.10, _mountains),
    Picture("fireworks", "feast", "excitement", 0.70, 0.80, 0.20, _fireworks),
    Picture("confetti", "feast", "excitement", 0.85, 0.75, 0.45, _confetti),
    Picture("three-laughing", "faces", "amusement", 0.85, 0.50, 0.40, _laughing),
    Picture("red-with-rage", "faces", "anger", -0.75, 0.85, 0.40, _rage),
    Picture("lightning", "night", "fear", -0.60, 0.75, -0.60, _storm),
    Picture("eyes-in-the-dark", "night", "fear", -0.75, 0.80, -0.80, _shadows),
    Picture("rain-in-town", "indoors-and-out", "sadness", -0.70, -0.45, -0.50, _rain),
    Picture("wilted-flower", "indoors-and-out", "sadness", -0.60, -0.60, -0.40, _wilted),
    Picture("slime", "swamp", "disgust", -0.70, 0.10, -0.10, _swamp),
)


def make_picture(picture: Picture, out: Path) -> None:
    picture.draw().finished().save(out, quality=90)
