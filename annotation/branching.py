"""Questions that hang on an earlier answer to the same item: asked, or to be answered, only where it says so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from annotation import questions
from annotation.questions.contract import Cell, Deciding, produces_items
from annotation.strict import StrictSerializer

CONDITIONS = ("asked_if", "required_if")


class ConditionSerializer(StrictSerializer):
    """Met by an answer with one of the ``labels``, or whose number on ``dimension`` is within ``min`` and ``max``."""

    question = serializers.CharField(help_text="key of an earlier question of the protocol")
    labels = serializers.ListField(
        child=serializers.CharField(), required=False, allow_empty=False, help_text="also escapes"
    )
    dimension = serializers.CharField(required=False)
    min = serializers.FloatField(required=False, help_text="left out: no lower end")
    max = serializers.FloatField(required=False, help_text="left out: no upper end")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        ends = {"min", "max"} & set(attrs)
        if ("labels" in attrs) == ("dimension" in attrs):
            raise serializers.ValidationError("Say either labels, or a dimension with min, max or both.")
        if bool(ends) != ("dimension" in attrs):
            raise serializers.ValidationError({"dimension": "goes with min, max or both."})
        if ends == {"min", "max"} and attrs["min"] > attrs["max"]:
            raise serializers.ValidationError({"max": "must not be below min."})
        return attrs


def branch_errors(asked: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str, str]]:
    """``(place of the question, key, reason)`` of every condition that can never work."""
    for place, question in enumerate(asked):
        before = {one["key"]: one for one in asked[:place]}
        for name in CONDITIONS:
            if name in question:
                reason = _cannot_hang(question, name) or _cannot_decide(question, question[name], before)
                if reason:
                    yield place, name, reason


def _cannot_hang(question: dict[str, Any], name: str) -> str | None:
    if name == "required_if" and question["required"]:
        return "needs required = false: otherwise the question has to be answered always."
    if questions.question_type(question["type"]).continuous or produces_items(question):
        return f"cannot be: {question['type']!r} comes before what the rater answers beside the item."
    return None


def _cannot_decide(
    question: dict[str, Any], condition: dict[str, Any], before: Mapping[str, dict[str, Any]]
) -> str | None:
    decider = before.get(condition["question"])
    if decider is None:
        return f"no question before this one is called {condition['question']!r}."
    if decider["when"] not in {"always", question["when"]}:
        return f"{decider['key']!r} is not asked with every item that asks this."
    return unknown_in(condition, decider)


def unknown_in(condition: dict[str, Any], decider: dict[str, Any]) -> str | None:
    """Why no answer to a question can meet a condition, or None."""
    kind = questions.question_type(decider["type"])
    if not isinstance(kind, Deciding):
        return f"an answer of the type {decider['type']!r} cannot decide."
    offered = kind.deciders(decider["options"])
    wanted = condition.get("labels") or [condition["dimension"]]
    known = offered.labels if "labels" in condition else offered.dimensions
    what = "label" if "labels" in condition else "dimension"
    foreign = next((one for one in wanted if one not in known), None)
    if foreign is None:
        return None
    return f"{foreign!r} is no {what} of {decider['key']!r}; known: {', '.join(known) or 'none'}."


def reached(
    asked: Iterable[dict[str, Any]], answers: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Key -> question of those that are to be asked, given these answers; ``required`` is what it is then.

    Answers that are not right decide nothing.
    """
    found: dict[str, dict[str, Any]] = {}
    for question in asked:
        if "asked_if" not in question or _is_met(question["asked_if"], found, answers):
            must = question["required"] or (
                "required_if" in question and _is_met(question["required_if"], found, answers)
            )
            found[question["key"]] = {**question, "required": must}
    return found


def leading(question: dict[str, Any], asked: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The question with no labels but those on which further ones are asked, where there are such."""
    hanging = [one["asked_if"] for one in asked if one.get("asked_if", {}).get("question") == question["key"]]
    wanted = {label for condition in hanging for label in condition.get("labels", ())}
    labels = [label for label in question["options"].get("labels", ()) if label["key"] in wanted]
    return {**question, "options": {**question["options"], "labels": labels}} if labels else question


def _is_met(
    condition: dict[str, Any], found: Mapping[str, dict[str, Any]], answers: Mapping[str, dict[str, Any]]
) -> bool:
    decider, value = found.get(condition["question"]), answers.get(condition["question"])
    return decider is not None and value is not None and meets(condition, decider, value)


def meets(condition: dict[str, Any], decider: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether an answer to the question that decides is right, and is what the condition says."""
    kind = questions.question_type(decider["type"])
    if kind.check(decider["options"], value):
        return False
    return any(_fits(condition, cell) for cell in kind.cells(decider["options"], value))


def _fits(condition: dict[str, Any], cell: Cell) -> bool:
    if "labels" in condition:
        return (cell.label or cell.part) in condition["labels"]
    if cell.dimension != condition["dimension"] or cell.number is None:
        return False
    return bool(condition.get("min", cell.number) <= cell.number <= condition.get("max", cell.number))
