"""What raters see of a dialogue beside the utterance that they rate, as a protocol says it."""

from collections.abc import Iterator, Sequence
from typing import Any

from rest_framework import serializers

from annotation.questions import question_type
from annotation.strict import StrictSerializer

Said = dict[str, Any]


class DialogueContextSerializer(StrictSerializer):
    before = serializers.IntegerField(
        required=False, min_value=0, help_text="utterances before the one that is rated; left out: all"
    )
    after = serializers.IntegerField(
        required=False, min_value=0, help_text="utterances after it; left out: all"
    )
    hidden = serializers.BooleanField(
        required=False, help_text="they are shown when the rater asks for them, which is kept in `played`"
    )


def context_errors(attrs: dict[str, Any]) -> Iterator[str]:
    """Why a protocol cannot say what is seen of a dialogue."""
    if "dialogue_context" not in attrs["presentation"]:
        return
    if not {"dialogue", "group"} & set(attrs["item_kinds"]):
        yield "no such item is a dialogue."
    for asked in attrs["questions"]:
        if asked["type"] == "spans":
            yield f"cannot be: {asked['key']!r} is about all of the utterances."
        elif question_type(asked["type"]).continuous:
            yield f"cannot be: {asked['key']!r} goes through all of the utterances."


def shown_context(context: Sequence[Said] | None, presentation: dict[str, Any]) -> list[Said] | None:
    """The utterances that are rated, and of the others those that the protocol shows; all where none is rated.

    >>> said = [{"text": text, "target": text == "c"} for text in "abcde"]
    >>> [one["text"] for one in shown_context(said, {"dialogue_context": {"before": 1, "after": 0}})]
    ['b', 'c']
    """
    rule = presentation.get("dialogue_context", {})
    rated = [place for place, one in enumerate(context or ()) if one["target"]]
    if context is None or not rated:
        return None if context is None else list(context)
    first = max(0, rated[0] - rule.get("before", len(context)))
    return list(context[first : rated[-1] + 1 + rule.get("after", len(context))])


def hides_context(context: Sequence[Said] | None, presentation: dict[str, Any]) -> bool:
    """Whether there are utterances that the rater has to ask for."""
    shown = shown_context(context, presentation) or ()
    asked_for = presentation.get("dialogue_context", {}).get("hidden", False)
    return bool(asked_for and len({one["target"] for one in shown}) > 1)
