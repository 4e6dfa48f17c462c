"""Items that come twice to the same rater, so that it can be told how far she says the same again."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

from annotation.questions.contract import produces_items
from annotation.strict import Path, StrictSerializer

#: Why an answer does not count: its rater answered about this item before.
REPEAT = "repeat"


class RepeatsSerializer(StrictSerializer):
    """How many of her items a rater gets a second time, and how much later."""

    items = serializers.IntegerField(required=False, min_value=1, help_text="so many of each rater's items")
    share = serializers.FloatField(
        required=False,
        min_value=0.001,
        max_value=1,
        help_text="this share of each rater's items, one at least",
    )
    after = serializers.IntegerField(min_value=1, help_text="at least so many other items lie between")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("items" in attrs) == ("share" in attrs):
            raise serializers.ValidationError({"items": "say either items or share."})
        return attrs


def repeat_errors(attrs: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """``(place, reason)`` of everything in a protocol's rule that can never be kept."""
    rule, each = repeats_rule(attrs), attrs["raters"]["items_per_rater"]
    if rule is None:
        return
    if rule["after"] >= each:
        yield (
            ("quality", "repeats", "after"),
            f"must be below items_per_rater ({each}): no item could come so much later.",
        )
    elif _wanted(rule, each) > each - rule["after"]:
        most = f"at most {each - rule['after']} of {each} items can come again so much later."
        yield ("quality", "repeats", "items" if "items" in rule else "share"), f"is too much: {most}"
    made = next((one["key"] for one in attrs["questions"] if produces_items(one)), None)
    if made:
        yield (
            ("quality", "repeats"),
            f"cannot be: answers to {made!r} become items, which would be made twice.",
        )


def repeats_rule(document: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rule of a protocol; None where every item comes once."""
    rule: dict[str, Any] | None = document["quality"].get("repeats")
    return rule


def number_of_repeats(rule: Mapping[str, Any] | None, items: int) -> int:
    """How many of so many items come twice: as many as the rule wants, or as can come late enough."""
    return 0 if rule is None else min(_wanted(rule, items), max(0, items - rule["after"]))


def _wanted(rule: Mapping[str, Any], items: int) -> int:
    return int(rule["items"]) if "items" in rule else max(1, round(rule["share"] * items))


def repeat_due_at(participation: uuid.UUID, number: int, of: int, total: int, after: int) -> int:
    """How many items a rater has done, of ``total``, when the number-th of so many repeats is due.

    One in each equal part of the items before which enough others lie, anywhere in it by her lot.
    """
    first = after + 1
    return first + int((number + _lot(participation, number)) * (total - first) / of)


def by_lot(participation: uuid.UUID, study_item: int) -> float:
    """Where an item stands in this rater's own order, by which those that come again are drawn."""
    return _lot(participation, f"item {study_item}")


def _lot(participation: uuid.UUID, what: object) -> float:
    return int.from_bytes(hashlib.sha256(f"{participation}/repeat/{what}".encode()).digest()[:4]) / 2**32
