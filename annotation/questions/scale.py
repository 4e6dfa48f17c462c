"""One or more numbers on named scales: Likert points, sliders, manikins, faces."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from rest_framework import serializers

from annotation.questions.answers import Answers
from annotation.questions.contract import AgreementRow, Cell, Deciders, GoldColumn, GoldRule, Outcome
from annotation.questions.dimensions import SteppedSerializer, out_of_range, steps_of
from annotation.questions.numbers import Numbers, agreement_of_numbers, analyse_numbers
from annotation.strict import StrictSerializer, check_unique

MAX_BUTTONS = 21
MAX_FACES = 9
MANIKINS = (5, 7, 9)
PICTURES = ("valence", "arousal", "dominance")
RESERVED = ("touched", "order")


class ScaleDimensionSerializer(SteppedSerializer):
    # Without defaults: documents that were stored before there were these stay as they are.
    points = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="a word for each point, lowest first"
    )
    picture = serializers.ChoiceField(
        PICTURES, required=False, help_text="which manikin is drawn; only for style 'manikin'"
    )
    start = serializers.FloatField(
        required=False, help_text="where a slider's thumb stands at first; left out: none is shown"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "points" in attrs and len(attrs["points"]) != steps_of(attrs):
            raise serializers.ValidationError(
                {"points": f"must be {steps_of(attrs)}, one for each point of the scale."}
            )
        reason = out_of_range(attrs, attrs["start"]) if "start" in attrs else None
        if reason:
            raise serializers.ValidationError({"start": reason})
        return attrs


class Options(StrictSerializer):
    dimensions = ScaleDimensionSerializer(many=True, allow_empty=False)
    style = serializers.ChoiceField(  # type: ignore[assignment]
        ["buttons", "slider", "manikin", "faces"], default="buttons"
    )
    untouched = serializers.ChoiceField(
        ["refused", "kept"], required=False,
        help_text="whether a slider that was left at its start is an answer, marked as untouched (the rule: refused)",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_unique(dimensions=attrs["dimensions"])
        for dimension in attrs["dimensions"]:
            reason = _unfit(attrs["style"], dimension)
            if reason:
                raise serializers.ValidationError({"dimensions": f"{dimension['key']}: {reason}"})
        starting = all("start" in dimension for dimension in attrs["dimensions"])
        if attrs.get("untouched") == "kept" and not starting:
            raise serializers.ValidationError({"untouched": "'kept' needs a start for each dimension."})
        return attrs


def _unfit(style: str, dimension: dict[str, Any]) -> str | None:
    """Why this dimension cannot be shown in this style, or None."""
    points = steps_of(dimension)
    if dimension["key"] in RESERVED:
        return "is a word of the answer's own, take another key."
    if "start" in dimension and style != "slider":
        return "only a slider has a start."
    if style == "buttons" and points > MAX_BUTTONS:
        return f"{points} points are too many for buttons ({MAX_BUTTONS} at most); take a slider."
    if style == "faces" and points > MAX_FACES:
        return f"{points} points are too many for faces ({MAX_FACES} at most)."
    if style == "manikin" and ("picture" not in dimension or points not in MANIKINS):
        return "a manikin needs a picture, and 5, 7 or 9 points."
    return None


class Scale:
    """``{dimension: number}``, and of sliders ``"touched": {dimension: bool}``."""

    name = "scale"
    continuous = False
    Options: type[StrictSerializer] = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        dimensions = {dimension["key"]: dimension for dimension in options["dimensions"]}
        known = {*dimensions, "touched"}
        wrong = dict.fromkeys(sorted(set(value) - known), "is not a dimension of this scale.")
        for key, dimension in dimensions.items():
            reason = out_of_range(dimension, value[key]) if key in value else "has not been answered."
            if reason:
                wrong[key] = reason
        return wrong | _wrong_touches(options, dimensions, value.get("touched", {}))

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:
        keys = _keys(options)
        touched = value.get("touched", {})
        return [
            Cell(key, number=float(value[key]), label="untouched" if touched.get(key) is False else None)
            for key in keys
            if key in value
        ]

    def analyse(self, options: dict[str, Any], answers: Answers, gold: GoldRule) -> Outcome:
        return analyse_numbers(_numbers(options, answers), gold)

    def agreement(self, options: dict[str, Any], answers: Answers) -> Sequence[AgreementRow]:
        return agreement_of_numbers(_numbers(options, answers))

    proposal_method = "mean"

    def proposal(self, options: dict[str, Any], label: dict[str, Any]) -> dict[str, Any] | None:
        """The step of each scale that is nearest to the mean."""
        axes = {one["key"]: one for one in options["dimensions"]}
        if any(label.get(key) is None for key in axes):
            return None
        nearest = {key: round((label[key] - one["min"]) / one["step"]) for key, one in axes.items()}
        return {key: one["min"] + nearest[key] * one["step"] for key, one in axes.items()}

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:
        return "mean", [GoldColumn(one["key"], one["min"], one["max"]) for one in options["dimensions"]]

    def deciders(self, options: dict[str, Any]) -> Deciders:
        return Deciders(dimensions=_keys(options))


def _numbers(options: dict[str, Any], answers: Answers) -> Numbers:
    return Numbers(answers, {key: answers.numbers(itemgetter(key)) for key in _keys(options)})


def _keys(options: dict[str, Any]) -> list[str]:
    return [dimension["key"] for dimension in options["dimensions"]]


def _wrong_touches(
    options: dict[str, Any], dimensions: Mapping[str, dict[str, Any]], touched: Any
) -> dict[str, str]:
    known = isinstance(touched, dict) and set(touched) <= set(dimensions)
    if not known or not all(isinstance(flag, bool) for flag in touched.values()):
        return {"touched": "must say true or false for dimensions of this scale."}
    if options.get("untouched") == "kept":
        return {}
    return {key: "has been left where it stood." for key, flag in touched.items() if not flag}


QUESTION_TYPE = Scale()
