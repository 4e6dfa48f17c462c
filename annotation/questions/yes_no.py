"""Yes or no, or one of the escapes."""

from typing import Any

from rest_framework import serializers

from annotation.questions.category import Category
from annotation.questions.labels import LabelSerializer, OfferSerializer, keys_of
from annotation.strict import StrictSerializer


class Options(OfferSerializer):
    """``labels`` may be worded otherwise ("Present", "Absent"); their keys stay ``yes`` and ``no``."""

    labels = LabelSerializer(
        many=True,
        default=lambda: [
            {"key": "yes", "name": "Yes", "definition": ""},
            {"key": "no", "name": "No", "definition": ""},
        ],
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "taxonomy" in attrs:
            raise serializers.ValidationError({"taxonomy": "is not used by a yes/no question."})
        if sorted(keys_of(attrs["labels"])) != ["no", "yes"]:
            raise serializers.ValidationError({"labels": "must have the keys yes and no."})
        return super().validate(attrs)


class YesNo(Category):
    """Answered, analysed and released like one category of two."""

    name = "yes_no"
    Options: type[StrictSerializer] = Options


QUESTION_TYPE = YesNo()
