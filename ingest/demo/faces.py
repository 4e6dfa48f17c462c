"""A cartoon face that shows a point of the valence-arousal plane."""

import colorsys
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
_OVERSIZE = 2
_INK: Colour = (44, 36, 52)


@dataclass(frozen=True)
class Feeling:
    """Both in -1..1."""

    valence: float
    arousal: float


def colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(
        hue % 1, float(np.clip(saturation, 0, 1)), float(np.clip(value, 0, 1))
    )
    return round(red * 255), round(green * 255), round(blue * 255)


def blended(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def draw_face(side: int, feeling: Feeling, hue: float, gaze: float = 0.0) -> Image.Image:
    """Draw the face on a transparent square; `gaze` in -1..1 turns the eyes."""
    canvas = Image.new("RGBA", (side * _OVERSIZE, side * _OVERSIZE), (0, 0, 0, 0))
    pen = _Pen(ImageDraw.Draw(canvas), side * _OVERSIZE)
    skin_value = 0.86 + 0.10 * feeling.valence
    skin = colour(hue, 0.42 + 0.16 * feeling.arousal, skin_value)
    pen.ellipse(0.5, 0.5, 0.455, 0.455, colour(hue, 0.55, skin_value * 0.72))
    pen.ellipse(0.5, 0.493, 0.435, 0.435, skin)
    pen.ellipse(0.42, 0.34, 0.25, 0.19, colour(hue, 0.30, min(1.0, skin_value + 0.06)))
    if feeling.valence > 0:
        blush = blended(skin, colour(hue - 0.08, 0.62, 0.95), 0.75 * feeling.valence)
        for side_sign in (-1, 1):
            pen.ellipse(0.5 + side_sign * 0.27, 0.60, 0.075, 0.048, blush)
    _draw_eyes(pen, feeling, gaze)
    _draw_brows(pen, feeling)
    _draw_mouth(pen, feeling)
    return canvas.reduce(_OVERSIZE)


class _Pen:
    """Draws in units of the face's side."""

    def __init__(self, draw: ImageDraw.ImageDraw, side: int) -> None:
        self.draw = draw
        self.side = side

    def ellipse(
        self, x: float, y: float, half_width: float, half_height: float, fill: tuple[int, ...]
    ) -> None:
        box = (x - half_width, y - half_height, x + half_width, y + half_height)
        self.draw.ellipse([edge * self.side for edge in box], fill=fill)

    def line(self, points: list[tuple[float, float]], width: float, fill: Colour = _INK) -> None:
        scaled = [(x * self.side, y * self.side) for x, y in points]
        self.draw.line(scaled, fill=fill, width=round(width * self.side), joint="curve")
        for x, y in (points[0], points[-1]):
            self.ellipse(x, y, width / 2, width / 2, fill)

    def polygon(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self.draw.polygon([(x * self.side, y * self.side) for x, y in points], fill=fill)


def _draw_eyes(pen: _Pen, feeling: Feeling, gaze: float) -> None:
    openness = (
        0.040 + 0.042 * (feeling.arousal + 1) / 2 + 0.016 * max(0.0, -feeling.valence * feeling.arousal)
    )
    for side_sign in (-1, 1):
        x, y = 0.5 + side_sign * 0.155, 0.44
        pen.ellipse(x, y, 0.074, openness + 0.012, _INK)
        pen.ellipse(x, y, 0.064, openness, (255, 255, 255))
        pupil = 0.034 + 0.006 * feeling.arousal
        shift_y = 0.012 * (-feeling.valence if feeling.arousal < 0 else 0)
        pen.ellipse(x + 0.022 * gaze, y + shift_y, pupil, min(pupil, openness), _INK)
        pen.ellipse(x + 0.022 * gaze - 0.011, y + shift_y - 0.012, 0.010, 0.010, (255, 255, 255))


def _draw_brows(pen: _Pen, feeling: Feeling) -> None:
    """Inner ends go down in anger, up in sadness; all go up in surprise."""
    unhappy = max(0.0, -feeling.valence)
    tilt = 0.055 * unhappy * (1 if feeling.arousal > 0.1 else -1)
    lift = 0.02 * feeling.arousal + 0.01 * feeling.valence
    for side_sign in (-1, 1):
        inner = (0.5 + side_sign * 0.085, 0.335 - lift + tilt)
        middle = (0.5 + side_sign * 0.155, 0.318 - lift)
        outer = (0.5 + side_sign * 0.228, 0.342 - lift - 0.4 * tilt)
        pen.line([inner, middle, outer], 0.022)


def _draw_mouth(pen: _Pen, feeling: Feeling) -> None:
    xs = np.linspace(-1, 1, 25)
    half_width = 0.150 + 0.045 * feeling.valence
    bend = 0.085 * feeling.valence * (1 - xs**2)
    centre = 0.685 - 0.035 * feeling.valence
    opening = 0.010 + 0.100 * max(0.0, feeling.arousal) * np.sqrt(1 - xs**2)
    upper = [(0.5 + half_width * x, centre + b - 0.35 * o) for x, b, o in _rows(xs, bend, opening)]
    lower = [(0.5 + half_width * x, centre + b + 0.65 * o) for x, b, o in _rows(xs, bend, opening)]
    if feeling.arousal > 0.05:
        pen.polygon([*upper, *reversed(lower)], (120, 38, 52))
        pen.line([*upper, *reversed(lower), upper[0]], 0.014)
    else:
        pen.line(upper, 0.022)


def _rows(*columns: np.ndarray) -> list[tuple[float, ...]]:
    return [tuple(map(float, row)) for row in np.column_stack(columns)]
