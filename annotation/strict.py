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


Path = tuple[str | int, ...]


def error_lines(errors: Any, at: str = "") -> list[str]:
    """DRF's nested errors as ``questions[0].options.min: reason``."""
    return [f"{written(path, at)}: {reason}" for path, reason in error_paths(errors)]


def error_paths(errors: Any, at: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every reason in DRF's nested errors, with the keys and places in lists that lead to what is wrong."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            # A list's errors are keyed by index, of its wrong members only.
            yield from error_paths(inner, at if key == "non_field_errors" else (*at, key))
    elif isinstance(errors, list) and any(isinstance(inner, Mapping) for inner in errors):
        for index, inner in enumerate(errors):
            yield from error_paths(inner, (*at, index))
    elif isinstance(errors, list):
        for inner in errors:
            yield at, str(inner)
    else:
        yield at, str(errors)


def written(path: Path, at: str = "") -> str:
    for key in path:
        at = f"{at}[{key}]" if isinstance(key, int) else f"{at}.{key}".strip(".")
    return at
