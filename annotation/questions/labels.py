"""Labels that a question offers, alike for every question type that offers some."""

from collections.abc import Sequence
from typing import Any, TypeGuard

from rest_framework import serializers

from affectory.taxonomy import TAXONOMIES, get_taxonomy
from annotation.strict import StrictSerializer, check_unique, nested


class LabelSerializer(StrictSerializer):
    key = serializers.CharField(max_length=60)
    name = serializers.CharField()
    definition = serializers.CharField(default="", allow_blank=True)


class OfferSerializer(StrictSerializer):
    """Options with ``labels`` of a taxonomy, or of the study's own, and with ``escape`` answers beside them."""

    taxonomy = serializers.CharField(
        required=False,
        help_text="name of a taxonomy of affectory.taxonomy, which maps labels to VAD; left out: own labels",
    )
    labels = LabelSerializer(many=True, allow_empty=False)
    escape = LabelSerializer(
        many=True, default=list, help_text="answers that are no label, such as 'cannot tell'"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_unique(labels=attrs["labels"], escape=attrs["escape"])
        if "taxonomy" in attrs:
            _check_taxonomy(attrs["taxonomy"], keys_of(attrs["labels"]))
        return attrs


def _check_taxonomy(name: str, keys: Sequence[str]) -> None:
    if name not in TAXONOMIES:
        known = ", ".join(sorted(TAXONOMIES))
        raise serializers.ValidationError({"taxonomy": f"is not known; there are: {known}."})
    taxonomy = get_taxonomy(name)
    foreign = [(place, key) for place, key in enumerate(keys) if key not in taxonomy.keys]
    if foreign:
        wrong = [(("labels", place, "key"), f"{key!r} is not a label of {name}.") for place, key in foreign]
        raise serializers.ValidationError(nested(wrong))


def keys_of(labels: Sequence[dict[str, Any]]) -> list[str]:
    return [label["key"] for label in labels]


def texts(given: Any) -> TypeGuard[list[str]]:
    """Whether this is a list with at least one text."""
    return isinstance(given, list) and bool(given) and all(isinstance(one, str) for one in given)
