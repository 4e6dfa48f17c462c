"""Free text."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from annotation.questions.contract import Answer, Cell, GoldRule, Outcome
from annotation.strict import StrictSerializer


class Options(StrictSerializer):
    min_length = serializers.IntegerField(default=0, min_value=0)
    max_length = serializers.IntegerField(default=2000, min_value=1, max_value=20000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["min_length"] > attrs["max_length"]:
            raise serializers.ValidationError({"min_length": "must not be above max_length."})
        return attrs


class Text:
    name = "text"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        text = value.get("text")
        if set(value) != {"text"} or not isinstance(text, str):
            return {"text": "must be a text, and nothing else."}
        if not options["min_length"] <= len(text) <= options["max_length"]:
            return {"text": f"must have {options['min_length']} to {options['max_length']} characters."}
        return {}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return [Cell("text", text=value["text"])]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        return Outcome()


QUESTION_TYPE = Text()
