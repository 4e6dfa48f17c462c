"""The kinds of mappings that a recipe may name, checked. docs/releases.md has an example of each."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from affectory.taxonomy import get_taxonomy
from annotation.facade import StrictSerializer
from exports.kinds import KindField


class TaxonomyField(serializers.CharField):
    """A shipped label set with coordinates."""

    def to_internal_value(self, data: Any) -> str:
        name: str = super().to_internal_value(data)
        try:
            taxonomy = get_taxonomy(name)
        except (KeyError, ValueError) as error:
            raise serializers.ValidationError(f"{name!r} is no taxonomy that ships.") from error
        if not taxonomy.anchored():
            raise serializers.ValidationError(f"{name!r} has no label with coordinates.")
        return name


class MappingSerializer(StrictSerializer):
    """``question``: name of the question whose labels are mapped, as the columns of a release have it."""

    name = serializers.RegexField(r"^[a-z0-9][a-z0-9_]{0,59}$", help_text="the end of its columns' names")
    question = serializers.CharField(max_length=200)


class NearestSerializer(MappingSerializer):
    """Numbers on valence, arousal (and dominance) to the one label that is nearest."""

    kind = serializers.ChoiceField(["nearest"])
    taxonomy = TaxonomyField()


class SharesSerializer(MappingSerializer):
    """The same numbers to a share of every label; nothing is fitted, ``spread`` says how soft they are."""

    kind = serializers.ChoiceField(["shares"])
    taxonomy = TaxonomyField()
    spread = serializers.FloatField(default=0.3, min_value=0.01, max_value=10)


class ScaleSerializer(MappingSerializer):
    """Numbers on another scale, by the straight line through the ends of both."""

    kind = serializers.ChoiceField(["scale"])
    low = serializers.FloatField()
    high = serializers.FloatField(help_text="below low: a scale that runs the other way")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["low"] == attrs["high"]:
            raise serializers.ValidationError({"high": "must differ from low."})
        return attrs


class FittedSerializer(MappingSerializer):
    """Votes or numbers to the numbers of ``target``, learnt from the items of the training part that have both."""

    target = serializers.CharField(
        max_length=200, help_text="name of the question whose numbers are predicted"
    )
    seed = serializers.IntegerField(
        default=0, min_value=0, help_text="order of the groups in cross-validation"
    )


class RidgeSerializer(FittedSerializer):
    kind = serializers.ChoiceField(["ridge"])
    penalty = serializers.FloatField(default=1.0, min_value=0)


class NeighboursSerializer(FittedSerializer):
    kind = serializers.ChoiceField(["knn"])
    neighbours = serializers.IntegerField(default=20, min_value=1)


KINDS: dict[str, type[MappingSerializer]] = {
    "nearest": NearestSerializer,
    "shares": SharesSerializer,
    "scale": ScaleSerializer,
    "ridge": RidgeSerializer,
    "knn": NeighboursSerializer,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="LabelMapping", serializers={**KINDS}, resource_type_field_name="kind"
    )
)
class MappingField(KindField):
    """One mapping of any kind."""

    kinds = KINDS
