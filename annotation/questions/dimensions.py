"""Dimensions, as scales and traces have them."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from annotation.strict import StrictSerializer


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


def check_keys(dimensions: Sequence[dict[str, Any]]) -> None:
    """Keys become columns, so each is used once."""
    keys = [dimension["key"] for dimension in dimensions]
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise serializers.ValidationError({"dimensions": f"Two dimensions have the key {twice[0]!r}."})


def out_of_range(dimension: dict[str, Any], value: Any) -> str | None:
    """Why ``value`` is no answer on this dimension, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "must be a number."
    if not dimension["min"] <= value <= dimension["max"]:
        return f"must lie between {dimension['min']:g} and {dimension['max']:g}; it is {value}."
    return None
