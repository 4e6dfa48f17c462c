"""One thing asked, whether about an item or about the rater."""

import json
from typing import Any

from rest_framework import serializers

from affectory.errors import NotFound
from annotation import questions
from annotation.strict import StrictSerializer


class AskedSerializer(StrictSerializer):
    """Which options a question may have is its type's affair."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=60)
    type = serializers.CharField()
    prompt = serializers.CharField()
    help = serializers.CharField(default="", allow_blank=True)
    options = serializers.DictField(default=dict)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            kind = questions.question_type(attrs["type"])
        except NotFound as error:
            raise serializers.ValidationError({"type": error.message}) from error
        checked = kind.Options(data=attrs["options"])
        if not checked.is_valid():
            raise serializers.ValidationError({"options": checked.errors})
        return {**attrs, "options": json.loads(json.dumps(checked.validated_data))}
