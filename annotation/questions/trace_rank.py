"""An unbounded trace on one dimension, which only says more or less than before (after RankTrace)."""

from typing import Any

from rest_framework import serializers

from annotation.questions.continuous import ContinuousQuestion, DirectionSerializer, TraceSettings


class Options(TraceSettings):
    """``step``: what one notch of a wheel adds; ``history_s``: seconds of the past that are shown."""

    dimensions = DirectionSerializer(many=True)
    step = serializers.FloatField(default=1.0, min_value=1e-6)
    history_s = serializers.FloatField(default=20.0, min_value=1, max_value=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs["dimensions"]) != 1:
            raise serializers.ValidationError({"dimensions": "needs exactly 1."})
        return super().validate(attrs)


QUESTION_TYPE = ContinuousQuestion("trace_rank", Options, reading="relative")
