"""A continuous trace on one bounded dimension: a slider, upright or lying, with or without its past behind it."""

from typing import Any

from rest_framework import serializers

from annotation.questions.continuous import ContinuousQuestion, TraceOptions


class Options(TraceOptions):
    count = 1
    along = serializers.ChoiceField(["vertical", "horizontal"], default="vertical")
    history_s = serializers.FloatField(
        default=0, min_value=0, max_value=120, help_text="seconds of the past that are shown; 0: none"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["history_s"] and attrs["along"] == "horizontal":
            raise serializers.ValidationError({"history_s": "needs a vertical slider."})
        return super().validate(attrs)


QUESTION_TYPE = ContinuousQuestion("trace1d", Options)
