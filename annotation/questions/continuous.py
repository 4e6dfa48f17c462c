"""What all continuous questions share; each kind of trace is a module of its own."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from annotation.questions.contract import Answer, Cell, GoldRule, Outcome
from annotation.questions.dimensions import DimensionSerializer, check_keys, out_of_range
from annotation.strict import StrictSerializer


class TraceOptions(StrictSerializer):
    """``start``: where the cursor stands before the first input; the middle of each dimension unless given."""

    count = 0
    dimensions = DimensionSerializer(many=True)
    heartbeat_hz = serializers.FloatField(default=5.0, min_value=1, max_value=30)
    start = serializers.ListField(child=serializers.FloatField(), required=False)
    rewind = serializers.BooleanField(default=False)
    idle_hint_s = serializers.FloatField(default=20.0, min_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        dimensions = attrs["dimensions"]
        if len(dimensions) != self.count:
            raise serializers.ValidationError({"dimensions": f"needs exactly {self.count}."})
        check_keys(dimensions)
        attrs.setdefault("start", [(one["min"] + one["max"]) / 2 for one in dimensions])
        if len(attrs["start"]) != self.count:
            raise serializers.ValidationError({"start": "needs one value for each dimension."})
        for one, value in zip(dimensions, attrs["start"], strict=True):
            reason = out_of_range(one, value)
            if reason:
                raise serializers.ValidationError({"start": f"{one['key']} {reason}"})
        return attrs


class ContinuousQuestion:
    """Answered with the id of a finished trace; `annotation.analysis.traces` computes its agreement and gold."""

    continuous = True

    def __init__(self, name: str, options: type[TraceOptions]) -> None:
        self.name = name
        self.Options = options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:  # noqa: ARG002
        if set(value) == {"trace"} and isinstance(value["trace"], str):
            return {}
        return {"trace": "must be the id of a finished trace, and nothing else."}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return []

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        return Outcome()
