"""Serializers that refuse what they do not know, and errors as lines a person can read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers

Path = tuple[str | int, ...]


class StrictSerializer(serializers.Serializer[Any]):
    """A misspelt key is an error, not a silent default, and no value is turned into one of another type."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            reason = f"is not known here; known: {', '.join(self.fields)}."
            wrong: dict[str, Any] = dict.fromkeys(sorted(set(data) - set(self.fields)), reason)
            for name, field in self.fields.items():
                if name in data and (mistyped := _mistyped(field, data[name])):
                    wrong[name] = mistyped
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


#: What each kind of field takes, and what is said of all else.
_TAKEN: tuple[tuple[type[Any], Callable[[Any], bool], str], ...] = (
    (serializers.BooleanField, lambda value: isinstance(value, bool), "must be true or false."),
    (
        serializers.IntegerField,
        lambda value: _is_number(value) and float(value).is_integer(),
        "must be a whole number.",
    ),
    (serializers.FloatField, _is_number, "must be a number."),
    (serializers.CharField, lambda value: isinstance(value, str), "must be a text."),
)


def _mistyped(field: Any, value: Any) -> Any:
    """Why a field does not take a value of this type, of lists by place; None where it does, or says so itself."""
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        members = ((place, _mistyped(field.child, member)) for place, member in enumerate(value))
        return {place: reason for place, reason in members if reason} or None
    wrong = (reason for kind, takes, reason in _TAKEN if isinstance(field, kind) and not takes(value))
    return None if value is None else next(wrong, None)


def check_unique(**lists: Sequence[Mapping[str, Any]]) -> None:
    """Refuses, at its place in its list, what has the ``key`` of something before it in any of the lists."""
    seen: set[str] = set()
    wrong: list[tuple[Path, str]] = []
    for name, records in lists.items():
        for place, record in enumerate(records):
            if record["key"] in seen:
                wrong.append(((name, place, "key"), f"{record['key']!r} is there twice."))
            seen.add(record["key"])
    if wrong:
        raise serializers.ValidationError(nested(wrong))


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


def nested(wrong: Iterable[tuple[Path, str]]) -> Any:
    """The other way round: DRF's nested errors from the paths that lead to what is wrong."""
    errors: dict[Any, Any] = {}
    for path, reason in wrong:
        inner = errors
        for key in path:
            inner = inner.setdefault(key, {})
        inner.setdefault("non_field_errors", []).append(reason)
    return errors


def written(path: Path, at: str = "") -> str:
    for key in path:
        at = f"{at}[{key}]" if isinstance(key, int) else f"{at}.{key}".strip(".")
    return at
