"""Which category stands while the medium plays. The value is the place of its label, from 1; 0: none."""

from typing import Any

from rest_framework import serializers

from annotation.questions.continuous import CategoricalTrace, TraceSettings
from annotation.strict import StrictSerializer, check_unique

MOST_LABELS = 24


class HeldLabelSerializer(StrictSerializer):
    key = serializers.CharField(max_length=60)
    name = serializers.CharField()
    definition = serializers.CharField(default="", allow_blank=True)


class Options(TraceSettings):
    """``mode`` hold: a label stands while its key or button is held; switch: until another one is chosen."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40, default="category")
    labels = HeldLabelSerializer(many=True, allow_empty=False)
    none = serializers.CharField(default="none of these", help_text="the name of no label")
    mode = serializers.ChoiceField(["hold", "switch"], default="hold")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_unique(labels=attrs["labels"])
        if len(attrs["labels"]) > MOST_LABELS:
            raise serializers.ValidationError({"labels": f"at most {MOST_LABELS} can be held."})
        return super().validate(attrs)


QUESTION_TYPE = CategoricalTrace("trace_category", Options)
