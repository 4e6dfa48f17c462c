"""What a protocol may ask its raters about themselves, once, between consent and practice.

Nothing is fixed here: a protocol writes its own questions, or none. Whoever is asked may always say that she would
rather not.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from annotation import questions
from annotation.asked import AskedSerializer

# Those whose answer is one band of people: one label, or one point of a scale.
TYPES = ("category", "yes_no", "scale")


class AboutYouSerializer(AskedSerializer):
    """A question about the rater. It has no ``required``: none is."""

    # Without a default: documents that were stored before there was this stay as they are.
    ordered = serializers.BooleanField(
        required=False, help_text="the labels stand in order, as age groups do; small neighbours are joined"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if attrs["type"] not in TYPES:
            raise serializers.ValidationError({"type": f"must be one of {', '.join(TYPES)} here."})
        options = attrs["options"]
        if options.get("multiple"):
            raise serializers.ValidationError({"options": "A rater is in one band only; take single labels."})
        if len(options.get("dimensions", [None])) != 1:
            raise serializers.ValidationError({"options": "Ask for one dimension at a time here."})
        return attrs


def asked_about_you(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions about the rater; none in protocols that do not say."""
    return list(document.get("about_you", ()))


def wrong_answer(question: Mapping[str, Any], value: Any) -> str | dict[str, str]:
    """What is wrong with an answer, empty where nothing is; null is always right: she would rather not say."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return "must be an answer, or null for 'I would rather not say'."
    return questions.question_type(question["type"]).check(question["options"], value)


def band_of(question: Mapping[str, Any], value: dict[str, Any]) -> str:
    """An answer as the one word that it is published under, once enough people share it."""
    (cell,) = questions.question_type(question["type"]).cells(question["options"], value)
    return cell.label if cell.label is not None else f"{cell.number:g}"


def order_of(question: Mapping[str, Any]) -> list[str]:
    """All bands from the first to the last where they have an order, else none."""
    options = question["options"]
    if question["type"] == "scale":
        (axis,) = options["dimensions"]
        n = round((axis["max"] - axis["min"]) / axis["step"]) + 1
        return [f"{axis['min'] + place * axis['step']:g}" for place in range(n)]
    return [label["key"] for label in options["labels"]] if question.get("ordered") else []
