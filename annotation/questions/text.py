"""Free text: one, or several named fields."""

from collections.abc import Sequence
from typing import Any, Literal

from rest_framework import serializers

from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, GoldRule, Outcome
from annotation.strict import StrictSerializer, check_unique

ONE = "text"


class LengthSerializer(StrictSerializer):
    min_length = serializers.IntegerField(default=0, min_value=0)
    max_length = serializers.IntegerField(default=2000, min_value=1, max_value=20000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["min_length"] > attrs["max_length"]:
            raise serializers.ValidationError({"min_length": "must not be above max_length."})
        return attrs


class FieldSerializer(LengthSerializer):
    """``key`` names the text in answers and releases, ``name`` stands above it."""

    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40)
    name = serializers.CharField()
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]


class Options(LengthSerializer):
    """One text of ``min_length`` to ``max_length``, or several ``fields``, each with lengths of its own.

    ``item``: the one text becomes an item of the study's own corpus.
    """

    fields = FieldSerializer(many=True, required=False)  # type: ignore[assignment]
    # Without a default: documents that were stored before there was a choice stay as they are.
    item = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("item") and attrs.get("fields"):
            raise serializers.ValidationError({"item": "needs one text instead of fields."})
        if attrs.get("item") and not attrs["min_length"]:
            raise serializers.ValidationError({"item": "needs a min_length: an empty text is no item."})
        check_unique(fields=attrs.get("fields", ()))
        return super().validate(attrs)


class Text:
    name = "text"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        fields = _fields(options)
        strange = [key for key in sorted(value) if key not in fields]
        if strange:
            return {strange[0]: f"is not asked here; asked: {', '.join(fields)}."}
        wrong = {key: _wrong(field, value.get(key)) for key, field in fields.items()}
        return {key: reason for key, reason in wrong.items() if reason}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:
        return [Cell(key, text=value[key]) for key in _fields(options) if key in value]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        return Outcome()

    def produces(self, options: dict[str, Any]) -> Literal["text"] | None:
        return "text" if options.get("item") else None


def _fields(options: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Fields by key; a question without any has one that is called ``text``."""
    return {field["key"]: field for field in options.get("fields", ())} or {
        ONE: {**options, "required": True}
    }


def _wrong(field: dict[str, Any], text: Any) -> str:
    if text is None and not field["required"]:
        return ""
    if not isinstance(text, str):
        return "must be a text."
    if not field["min_length"] <= len(text) <= field["max_length"]:
        return f"must have {field['min_length']} to {field['max_length']} characters."
    return ""


QUESTION_TYPE = Text()
