"""A clip that the page makes itself, whose true curve is known: how late, how far and how steadily a rater follows.

The brightness of a disc, or the pitch of a tone, follows the curve on 0..1; the rater follows it with a slider. The
series of the trace is scored against the curve (lag, gain, offset, noise) by `affectory.quality.calibrate`.
"""

from typing import Any

import numpy as np
from rest_framework import serializers

from annotation.questions.continuous import ContinuousQuestion, PointSerializer, Target, TraceSettings

LEVEL = {"key": "level", "min": 0.0, "max": 1.0}
ENDS = {
    "visual": {"name": "Brightness", "low_label": "dark", "high_label": "bright"},
    "auditory": {"name": "Pitch", "low_label": "low", "high_label": "high"},
}
POINT_EVERY_S = 0.25
# Periods without a common measure, so that no stretch of the curve comes again within the clip.
PERIODS_S = (23.0, 13.0, 7.1)


def default_curve(duration_s: float) -> list[dict[str, Any]]:
    """Three slow waves, stretched to 0.05..0.95."""
    times = np.arange(0, duration_s + POINT_EVERY_S / 2, POINT_EVERY_S)
    phases = np.arange(len(PERIODS_S))[:, None]
    waves = np.sin(2 * np.pi * times / np.array(PERIODS_S)[:, None] + phases).sum(axis=0)
    low, high = float(waves.min()), float(waves.max())
    levels = 0.05 + 0.9 * (waves - low) / (high - low)
    return [
        {"time_s": float(time), "value": [round(float(level), 3)]}
        for time, level in zip(times, levels, strict=True)
    ]


class Options(TraceSettings):
    modality = serializers.ChoiceField(["visual", "auditory"], default="visual")
    duration_s = serializers.FloatField(default=40.0, min_value=5, max_value=180)
    curve = PointSerializer(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.setdefault("curve", default_curve(attrs["duration_s"]))
        if any(len(point["value"]) != 1 or not 0 <= point["value"][0] <= 1 for point in attrs["curve"]):
            raise serializers.ValidationError({"curve": "a point has one value between 0 and 1."})
        return super().validate(attrs)


class CalibrationQuestion(ContinuousQuestion):
    of_item = False

    def dimensions(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**LEVEL, **ENDS[options["modality"]]}]

    def duration_s(self, options: dict[str, Any]) -> float | None:
        return float(options["duration_s"])

    def target(self, options: dict[str, Any], item_key: str) -> Target | None:  # noqa: ARG002
        curve = options["curve"]
        return Target([point["time_s"] for point in curve], [point["value"] for point in curve], None)

    def shown(
        self,
        options: dict[str, Any],
        *,
        item_key: str,  # noqa: ARG002
        practice: bool,  # noqa: ARG002
        flipped: Any,
    ) -> dict[str, Any]:
        """The page makes the clip from the curve, so it is told; it is never drawn as a target."""
        return {**options, "dimensions": self.dimensions(options), "flipped": list(flipped)}


QUESTION_TYPE = CalibrationQuestion("calibration", Options)
