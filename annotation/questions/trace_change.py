"""Changes marked while playing: up or down on one dimension (BTrace), eight ways on two (AffectRank).

The value is the running count of marks on each dimension, so a mark is a step of 1, and "no change" is a sample that
steps nowhere.
"""

from typing import Any

from rest_framework import serializers

from annotation.questions.continuous import ContinuousQuestion, DirectionSerializer, TraceSettings
from annotation.strict import check_unique


class Options(TraceSettings):
    dimensions = DirectionSerializer(many=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs["dimensions"]) not in {1, 2}:
            raise serializers.ValidationError({"dimensions": "needs 1 or 2."})
        check_unique(dimensions=attrs["dimensions"])
        return super().validate(attrs)


QUESTION_TYPE = ContinuousQuestion("trace_change", Options, reading="relative")
