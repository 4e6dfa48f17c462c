"""The Affective Slider: pleasure and arousal on two sliders without ticks or figures, 0 to 1 in steps of 0.01.

Betella & Verschure (2016), The Affective Slider, PLoS ONE 11(2): e0148037. Both thumbs stand in the middle at first,
both must be moved, and the two sliders come in random order. The pictures at the ends are our own.
"""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from annotation.questions.dimensions import SteppedSerializer
from annotation.questions.scale import Scale
from annotation.strict import StrictSerializer, check_unique

KEYS = ("valence", "arousal")
FIXED = {"min": 0.0, "max": 1.0, "step": 0.01}
DEFAULT = (
    {"key": "valence", "name": "Pleasure", "low_label": "unpleasant", "high_label": "pleasant", **FIXED},
    {"key": "arousal", "name": "Arousal", "low_label": "calm", "high_label": "excited", **FIXED},
)


class Options(StrictSerializer):
    """Names and ends of ``dimensions`` are read out, not shown; they may be translated, and nothing else changed."""

    dimensions = SteppedSerializer(many=True, default=lambda: [dict(one) for one in DEFAULT])

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        dimensions = attrs["dimensions"]
        check_unique(dimensions=dimensions)
        if sorted(one["key"] for one in dimensions) != sorted(KEYS):
            raise serializers.ValidationError({"dimensions": f"must be {' and '.join(KEYS)}."})
        if any({name: one[name] for name in FIXED} != FIXED for one in dimensions):
            raise serializers.ValidationError({"dimensions": "go from 0 to 1 in steps of 0.01."})
        return attrs


class AffectiveSlider(Scale):
    """``{"valence": number, "arousal": number}`` with ``touched``, and ``order``: the upper slider first."""

    name = "affective_slider"
    Options: type[StrictSerializer] = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        numbers = {key: given for key, given in value.items() if key != "order"}
        wrong = super().check(options, numbers)
        if "order" in value and not _is_order(value["order"]):
            wrong["order"] = f"must name {' and '.join(KEYS)}, each once."
        return wrong


def _is_order(given: Any) -> bool:
    return isinstance(given, Sequence) and list(given) in (list(KEYS), list(reversed(KEYS)))


QUESTION_TYPE = AffectiveSlider()
