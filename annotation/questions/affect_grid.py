"""The affect grid: one point on two dimensions, chosen at once; with faces drawn around it, an emoji grid."""

from typing import Any

from rest_framework import serializers

from annotation.questions.dimensions import SteppedSerializer, steps_of
from annotation.questions.scale import RESERVED, Scale
from annotation.strict import StrictSerializer, check_unique

MAX_POINTS = 15
CORNERS = 4


class Options(StrictSerializer):
    """``dimensions``: the one across, then the one up; ``corners``: words, the upper two from the left, then the lower.

    Those of Russell, Weiss & Mendelsohn (1989) are stress, excitement, depression and relaxation.
    """

    dimensions = SteppedSerializer(many=True, allow_empty=False)
    edge = serializers.ChoiceField(["words", "faces"], default="words")
    corners = serializers.ListField(child=serializers.CharField(), default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        dimensions = attrs["dimensions"]
        check_unique(dimensions=dimensions)
        if len(dimensions) != 2:
            raise serializers.ValidationError({"dimensions": "must be two: the one across, then the one up."})
        for one in dimensions:
            if one["key"] in RESERVED:
                raise serializers.ValidationError(
                    {"dimensions": f"{one['key']} is a word of the answer's own, take another key."}
                )
            if steps_of(one) > MAX_POINTS:
                raise serializers.ValidationError(
                    {"dimensions": f"{one['key']}: a grid has at most {MAX_POINTS} points each way."}
                )
        if attrs["corners"] and len(attrs["corners"]) != CORNERS:
            raise serializers.ValidationError({"corners": "must be four: top left, top right, then below."})
        return attrs


class AffectGrid(Scale):
    """``{dimension: number}`` of both dimensions."""

    name = "affect_grid"
    Options: type[StrictSerializer] = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        wrong = super().check(options, value)
        return wrong | ({"touched": "is not a dimension of this scale."} if "touched" in value else {})


QUESTION_TYPE = AffectGrid()
