"""What ``corpus.toml`` says about a corpus, checked: errors name the file, the key and the reason."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from affectory.errors import Invalid
from ingest.people import wrong_boxes

FILE_NAME = "corpus.toml"


class Boxes(serializers.Field):  # type: ignore[type-arg]
    """Where somebody is: ``[[seconds, left, top, width, height], ...]``."""

    def to_internal_value(self, data: Any) -> Any:
        reason = wrong_boxes(data)
        if reason:
            raise serializers.ValidationError(reason)
        return data


class CorpusDescription(serializers.Serializer[Any]):
    """``groups``: pattern of a path -> group keys that its items get; ``subjects``: code -> attributes.

    ``people``: pattern of a path -> name -> where she is in the picture.
    """

    title = serializers.CharField(max_length=200, required=False)
    licence = serializers.CharField(max_length=100, required=False, allow_blank=True)
    consent_terms = serializers.CharField(required=False, allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    source = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]
    synthetic = serializers.BooleanField(required=False)
    subjects = serializers.DictField(child=serializers.DictField(), required=False)
    people = serializers.DictField(child=serializers.DictField(child=Boxes()), required=False)
    groups = serializers.DictField(child=serializers.DictField(child=serializers.CharField()), required=False)

    def to_internal_value(self, data: Mapping[str, Any]) -> Any:
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            known = ", ".join(self.fields)
            raise serializers.ValidationError({unknown[0]: [f"is not known here; known: {known}."]})
        return super().to_internal_value(data)


def checked_description(given: Mapping[str, Any]) -> dict[str, Any]:
    checked = CorpusDescription(data=given)
    if not checked.is_valid():
        key, reasons = next(iter(checked.errors.items()))
        raise Invalid(f"{FILE_NAME}: {key}: {_first(reasons)}", code="invalid_corpus", details=checked.errors)
    return dict(checked.validated_data)


def _first(reasons: Any) -> str:
    """The first reason of DRF's nested errors, with the keys that lead to it."""
    if isinstance(reasons, Mapping):
        key, inner = next(iter(reasons.items()))
        return f"{key}: {_first(inner)}"
    return _first(reasons[0]) if isinstance(reasons, list) else str(reasons)
