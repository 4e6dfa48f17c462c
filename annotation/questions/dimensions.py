"""Dimensions, as scales and traces have them."""

from typing import Any

from rest_framework import serializers

from annotation.strict import StrictSerializer

STEP_TOLERANCE = 1e-6


class DimensionSerializer(StrictSerializer):
    """A numbered axis with a name for each end; ``key`` is the column's name in tables and releases."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40)
    name = serializers.CharField()
    min = serializers.FloatField()
    max = serializers.FloatField()
    low_label = serializers.CharField()
    high_label = serializers.CharField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["min"] < attrs["max"]:
            raise serializers.ValidationError({"max": "must be above min."})
        return attrs


class SteppedSerializer(DimensionSerializer):
    """An axis that is answered in whole steps from its lower end."""

    step = serializers.FloatField(min_value=1e-6)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        check_steps(attrs)
        return attrs


def check_steps(axis: dict[str, Any]) -> None:
    """The upper end can be reached."""
    if not axis["min"] < axis["max"]:
        raise serializers.ValidationError({"max": "must be above min."})
    if _off_the_step(axis, axis["max"]):
        raise serializers.ValidationError({"step": "must lead from min to max in whole steps."})


def steps_of(axis: dict[str, Any]) -> int:
    """How many values an answer can have."""
    steps: float = (axis["max"] - axis["min"]) / axis["step"]
    return round(steps) + 1


def out_of_range(dimension: dict[str, Any], value: Any) -> str | None:
    """Why ``value`` is no answer on this dimension, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "must be a number."
    if not dimension["min"] <= value <= dimension["max"]:
        return f"must lie between {dimension['min']:g} and {dimension['max']:g}; it is {value}."
    if "step" in dimension and _off_the_step(dimension, value):
        return f"must be {dimension['min']:g} plus whole steps of {dimension['step']:g}; it is {value}."
    return None


def _off_the_step(axis: dict[str, Any], value: float) -> bool:
    """Decimal steps have no exact binary form, so a millionth of a step is let go."""
    steps = (value - axis["min"]) / axis["step"]
    return bool(abs(steps - round(steps)) > STEP_TOLERANCE)
