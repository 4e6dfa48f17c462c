"""Serializers that refuse what they do not know, and errors as lines a person can read."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """A misspelt key is an error, not a silent default."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(self.fields)
                raise serializers.ValidationError(
                    {key: [f"is not known here; known: {known}."] for key in unknown}
                )
        return super().to_internal_value(data)


def error_lines(errors: Any, at: str = "") -> list[str]:
    """DRF's nested errors as ``questions[0].options.min: reason``."""
    return list(_lines(errors, at))


def _lines(errors: Any, at: str) -> Iterator[str]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            name = "" if key == "non_field_errors" else str(key)
            # A list's errors are keyed by index, of its wrong members only.
            yield from _lines(inner, f"{at}[{key}]" if isinstance(key, int) else f"{at}.{name}".strip("."))
    elif isinstance(errors, list) and any(isinstance(inner, Mapping) for inner in errors):
        for index, inner in enumerate(errors):
            yield from _lines(inner, f"{at}[{index}]")
    elif isinstance(errors, list):
        for inner in errors:
            yield f"{at}: {inner}"
    else:
        yield f"{at}: {errors}"
