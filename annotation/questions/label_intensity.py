"""How strong each of several labels is: one level per label."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from rest_framework import serializers

from annotation.questions.answers import Answers
from annotation.questions.contract import AgreementRow, Cell, GoldColumn, GoldRule, Outcome
from annotation.questions.dimensions import check_steps, out_of_range, steps_of
from annotation.questions.labels import OfferSerializer, keys_of
from annotation.questions.numbers import Numbers, agreement_of_numbers, analyse_numbers
from annotation.strict import StrictSerializer

MAX_RINGS = 6


class Options(OfferSerializer):
    min = serializers.FloatField(default=0)
    max = serializers.FloatField(default=3)
    step = serializers.FloatField(default=1, min_value=1e-6)
    level_names = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="one for each level, lowest first; or none"
    )
    complete = serializers.BooleanField(
        default=True, help_text="every label must be given a level; false: a label left out counts as `min`"
    )
    max_labels = serializers.IntegerField(
        default=None,
        allow_null=True,
        min_value=1,
        help_text="with complete = false: no more labels than this",
    )
    layout = serializers.ChoiceField(["rows", "wheel"], default="rows")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        check_steps(attrs)
        levels = steps_of(attrs)
        if attrs["level_names"] and len(attrs["level_names"]) != levels:
            raise serializers.ValidationError({"level_names": f"must be {levels}, one for each level."})
        if attrs["max_labels"] is not None and attrs["complete"]:
            raise serializers.ValidationError({"max_labels": "needs complete = false."})
        if attrs["layout"] == "wheel":
            _check_wheel(attrs, levels)
        return attrs


def _check_wheel(attrs: dict[str, Any], levels: int) -> None:
    """Each level above the lowest is a ring; a label whose petal is left alone has the lowest."""
    if attrs["complete"]:
        raise serializers.ValidationError({"complete": "must be false on a wheel."})
    if not 3 <= len(attrs["labels"]) <= 16:
        raise serializers.ValidationError({"labels": "A wheel has 3 to 16 petals."})
    if levels - 1 > MAX_RINGS:
        raise serializers.ValidationError(
            {"max": f"A wheel has at most {MAX_RINGS} levels above the lowest."}
        )


class LabelIntensity:
    """``{"levels": {label: number}}``, or ``{"escape": key}``."""

    name = "label_intensity"
    continuous = False
    Options: type[StrictSerializer] = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        if set(value) == {"escape"}:
            known = value["escape"] in keys_of(options["escape"])
            return {} if known else {"escape": f"{value['escape']!r} is not an answer of this question."}
        levels = value.get("levels")
        if set(value) != {"levels"} or not isinstance(levels, dict):
            return {"levels": "must give a level for each label, and nothing else."}
        return _wrong_levels(options, levels)

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:
        if "escape" in value:
            return [Cell("escape", label=value["escape"])]
        return [Cell(key, number=level) for key, level in _filled(options, value["levels"]).items()]

    def analyse(self, options: dict[str, Any], answers: Answers, gold: GoldRule) -> Outcome:
        return analyse_numbers(_numbers(options, answers), gold)

    def agreement(self, options: dict[str, Any], answers: Answers) -> Sequence[AgreementRow]:
        return agreement_of_numbers(_numbers(options, answers))

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:
        limits = options["min"], options["max"]
        return "mean", [GoldColumn(key, *limits) for key in keys_of(options["labels"])]


def _numbers(options: dict[str, Any], answers: Answers) -> Numbers:
    rated = answers.where(answers.flags(lambda value: "levels" in value))
    keys = keys_of(options["labels"])
    return Numbers(rated, {key: rated.numbers(partial(_level, options, key)) for key in keys})


def _level(options: dict[str, Any], key: str, value: dict[str, Any]) -> float:
    return _filled(options, value["levels"])[key]


def _wrong_levels(options: dict[str, Any], levels: dict[str, Any]) -> dict[str, str]:
    keys = keys_of(options["labels"])
    wrong = dict.fromkeys(sorted(set(levels) - set(keys)), "is not a label of this question.")
    for key in keys:
        if key in levels:
            reason = out_of_range(options, levels[key])
        else:
            reason = "has not been answered." if options["complete"] else None
        if reason:
            wrong[key] = reason
    most = options["max_labels"]
    if not levels:
        wrong["levels"] = "must give a level to at least one label."
    elif most and len(levels) > most:
        wrong["levels"] = f"at most {most} labels may be given a level."
    return wrong


def _filled(options: dict[str, Any], levels: Mapping[str, float]) -> dict[str, float]:
    """A level for every label: one that was left out is not there."""
    return {key: float(levels.get(key, options["min"])) for key in keys_of(options["labels"])}


QUESTION_TYPE = LabelIntensity()
