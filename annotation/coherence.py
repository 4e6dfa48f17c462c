"""What of a protocol's parts cannot stand together, though each of them is right."""

from typing import Any

from rest_framework import serializers

from annotation.attention import attention_errors
from annotation.branching import branch_errors
from annotation.dialogue_context import context_errors
from annotation.played import PLAYED_KINDS
from annotation.questions import question_type
from annotation.questions.continuous import tells_of_rater
from annotation.questions.contract import produces_items
from annotation.repeats import repeat_errors
from annotation.strict import nested


def check_coherence(attrs: dict[str, Any]) -> None:
    """Raises ValidationError at the key that is wrong."""
    _check_talks(attrs)
    _check_branches(attrs["questions"])
    _check_playing(attrs)
    _check_lags(attrs)
    unseen = next(context_errors(attrs), None)
    if unseen:
        raise serializers.ValidationError({"presentation": {"dialogue_context": unseen}})
    missed = nested(attention_errors(attrs["quality"].get("attention", ()), attrs["questions"]))
    if missed:
        raise serializers.ValidationError({"quality": {"attention": missed}})
    if unrepeatable := nested(repeat_errors(attrs)):
        raise serializers.ValidationError(unrepeatable)


def _check_branches(asked: list[dict[str, Any]]) -> None:
    errors = nested(((place, key), reason) for place, key, reason in branch_errors(asked))
    if errors:
        raise serializers.ValidationError({"questions": errors})


def _check_playing(attrs: dict[str, Any]) -> None:
    """Playing can be demanded of raters who play something, and do it themselves."""
    if "must_play" not in attrs["presentation"]:
        return
    playing = [one["key"] for one in attrs["questions"] if question_type(one["type"]).continuous]
    kinds = {"group", *PLAYED_KINDS} & set(attrs["item_kinds"])
    if playing or not kinds:
        reason = (
            f"cannot be: {playing[0]!r} plays the medium itself." if playing else "no such item is played."
        )
        raise serializers.ValidationError({"presentation": {"must_play": reason}})


def _check_lags(attrs: dict[str, Any]) -> None:
    if "lag_from" in attrs["gold"] and not any(tells_of_rater(one["type"]) for one in attrs["questions"]):
        raise serializers.ValidationError({"gold": {"lag_from": "needs a question that calibrates raters."}})


def _check_talks(attrs: dict[str, Any]) -> None:
    """Two raters who talk meet once per item, and one of them may not see whom to choose."""
    talks = [one["key"] for one in attrs["questions"] if produces_items(one) == "dialogue"]
    if len(talks) > 1:
        reason = f"{talks[0]!r} and {talks[1]!r} both ask two raters to talk; one question can."
        raise serializers.ValidationError({"questions": reason})
    if talks and attrs["presentation"].get("choose_target"):
        reason = f"cannot be beside {talks[0]!r}: not everybody sees the item."
        raise serializers.ValidationError({"presentation": {"choose_target": reason}})
