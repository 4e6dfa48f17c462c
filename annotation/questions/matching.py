"""What fits: which of several candidates fits the given medium, or whether the parts of an item fit together."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from rest_framework import serializers

from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, GoldRule, Outcome
from annotation.questions.parts import (
    candidates,
    foreign_fields,
    unknown_part,
    vote_agreement,
    vote_labels,
    vote_table,
    wrong_order,
)
from annotation.strict import StrictSerializer
from ingest.facade import Part

WHICH, YES_NO = "which", "yes_no"
YES, NO, NONE = "yes", "no", "none"


class Options(StrictSerializer):
    """``candidates``: how many each item offers (`which` only); ``none``: that none fits is an answer, too."""

    mode = serializers.ChoiceField([WHICH, YES_NO], default=WHICH)
    candidates = serializers.IntegerField(default=3, min_value=2, max_value=26)
    none = serializers.BooleanField(default=False)
    none_label = serializers.CharField(default="None of them")


class Matching:
    name = "matching"
    continuous = False
    Options = Options

    def unfit(self, options: dict[str, Any], parts: Sequence[Part]) -> str | None:
        n = len(candidates(parts))
        if options["mode"] == YES_NO:
            return None if len(parts) > 1 else "matching needs at least two parts"
        if n == len(parts):
            return "matching needs a given part beside the candidates"
        return None if n == options["candidates"] else f"it has {n} candidates, not {options['candidates']}"

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        field = "fits" if options["mode"] == YES_NO else "match"
        wrong = foreign_fields(value, (field, "order"))
        if options["mode"] == YES_NO and not isinstance(value.get("fits"), bool):
            wrong["fits"] = "must be true or false."
        if options["mode"] == WHICH and not isinstance(value.get("match"), str):
            wrong["match"] = "must name a part."
        return wrong

    def check_parts(
        self, options: dict[str, Any], value: dict[str, Any], parts: Sequence[Part]
    ) -> dict[str, str]:
        free = options["mode"] == YES_NO or (options["none"] and value["match"] == NONE)
        return {**({} if free else unknown_part("match", value, parts)), **wrong_order(value, parts)}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:
        if options["mode"] == YES_NO:
            return [Cell("fits", label=YES if value["fits"] else NO)]
        if value["match"] == NONE:
            return [Cell("match", label=NONE)]
        place = value["order"].index(value["match"]) + 1
        return [Cell("match", part=value["match"]), Cell("place", number=place)]

    def votes(self, options: dict[str, Any]) -> list[str]:
        if options["mode"] == YES_NO:
            return [YES, NO]
        offered = list(ascii_lowercase[: options["candidates"]])
        return [*offered, NONE] if options["none"] else offered

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        said = [(answer.item, _said(answer.value)) for answer in answers]
        votes = vote_table(said, self.votes(options))
        return Outcome(vote_agreement(votes), vote_labels(votes, gold))


def _said(value: dict[str, Any]) -> str:
    if "fits" in value:
        return YES if value["fits"] else NO
    return str(value["match"])


QUESTION_TYPE = Matching()
