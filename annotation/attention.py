"""Items whose right answer is known: everybody gets them in between, and whoever misses them does not count."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from annotation.branching import ConditionSerializer, unknown_in
from annotation.strict import Path

#: Why an answer does not count: it is to such an item; it is of somebody who missed too many.
ATTENTION, FAILED_ATTENTION = "attention", "failed_attention"


class AttentionSerializer(ConditionSerializer):
    """``item``: key of an item of the study's collection. The rest: what its right answer is."""

    item = serializers.CharField(max_length=400)


def attention_errors(
    rules: Sequence[dict[str, Any]], asked: Sequence[dict[str, Any]]
) -> Iterator[tuple[Path, str]]:
    """``(place, reason)`` of every rule that cannot be kept."""
    by_key = {question["key"]: question for question in asked}
    for place, rule in enumerate(rules):
        question = by_key.get(rule["question"])
        if question is None:
            yield (place,), f"no question is called {rule['question']!r}."
        elif reason := unknown_in(rule, question):
            yield (place,), reason


def attention_keys(document: Mapping[str, Any]) -> set[str]:
    """Keys of the items whose right answer is known."""
    return {rule["item"] for rule in document["quality"].get("attention", ())}


def place_of(participation: uuid.UUID, number: int, of: int, total: int) -> int:
    """How many items a rater has done when she gets the number-th of so many attention items.

    One in each equal part of her items, anywhere in it by lot, which her participation draws once; never the first.
    """
    lot = int.from_bytes(hashlib.sha256(f"{participation}/{number}".encode()).digest()[:4]) / 2**32
    return min(max(1, int((number + lot) * total / of)), total - 1)
