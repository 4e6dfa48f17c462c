"""Forced playback: whether an item was played as long as its protocol wants before it was answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rest_framework import serializers

from annotation.strict import StrictSerializer
from annotation.timing import length_s
from ingest.facade import Item, parts_of

#: Kinds of items that raters play themselves; a group is held to by its parts.
PLAYED_KINDS = ("video", "audio", "sequence", "trial", "dialogue")
# What may be missing of each time through: players end a little early, and tell where they are a few times a second.
SLACK_S = 1.0
SLACK_SHARE = 0.1

Stretches = Sequence[tuple[float, float]]


class MustPlaySerializer(StrictSerializer):
    """Either all of it, so many ``times``, or ``seconds`` of it (all of what is shorter)."""

    times = serializers.IntegerField(required=False, min_value=1, max_value=20)
    seconds = serializers.FloatField(required=False, min_value=1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Say either times or seconds.")
        return attrs


class StretchSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(allow_blank=True)
    from_s = serializers.FloatField(min_value=0)
    to_s = serializers.FloatField(min_value=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["from_s"] <= attrs["to_s"]:
            raise serializers.ValidationError({"to_s": "must not be before from_s."})
        return attrs


@dataclass(frozen=True)
class ToPlay:
    """One medium; ``part``: of which part of a group, empty: it is the item's own."""

    part: str
    lasts_s: float


def to_play(item: Item) -> list[ToPlay]:
    """The media of an item that have a length."""
    if item.kind != "group":
        return list(_media(item, ""))
    parts = parts_of([item.pk]).get(item.pk, ())
    items = Item.objects.select_related("asset").in_bulk([part.item for part in parts])
    return [medium for part in parts for medium in _media(items[part.item], part.name)]


def _media(item: Item, part: str) -> Iterator[ToPlay]:
    lasts_s = length_s(item) if item.kind in PLAYED_KINDS else None
    if lasts_s:
        yield ToPlay(part, lasts_s)


def left_to_play(item: Item, rule: Mapping[str, Any], played: Mapping[str, Any]) -> dict[str, str]:
    """``played``, or the part of a group, -> reason for each medium that was not played as long as the rule says.

    ``played["stretches"]``: what a browser says was played, in that order, repeats included: a list of
    ``{part, from_s, to_s}`` in seconds of the medium; ``part`` is empty unless the item is a group.
    """
    media = to_play(item)
    given = played.get("stretches")
    told = StretchSerializer(data=given, many=True)
    if media and not told.is_valid():
        return {"played": "must list its stretches, each with part, from_s and to_s."}
    left = {
        medium.part or "played": _left_s(
            rule,
            [(one["from_s"], one["to_s"]) for one in told.validated_data if one["part"] == medium.part],
            medium.lasts_s,
        )
        for medium in media
    }
    return {part: f"{left_s:.1f} s have not been played yet." for part, left_s in left.items() if left_s}


def _left_s(rule: Mapping[str, Any], stretches: Stretches, lasts_s: float) -> float:
    """Seconds that are still to be played; 0 where no more is missing than players lose."""
    times = rule.get("times", 1)
    once_s = min(rule.get("seconds", lasts_s), lasts_s)
    heard_s = sum(min(n, times) * seconds for n, seconds in _by_times(stretches, lasts_s))
    left_s = once_s * times - heard_s
    return left_s if left_s > min(SLACK_S, SLACK_SHARE * once_s) * times else 0.0


def _by_times(stretches: Stretches, lasts_s: float) -> Iterator[tuple[int, float]]:
    """How often each bit of the medium was played, and how long the bit is."""
    steps = sorted(
        (min(max(at, 0.0), lasts_s), step) for start, end in stretches for at, step in ((start, 1), (end, -1))
    )
    n = 0
    for (at, step), (until, _) in pairwise(steps):
        n += step
        yield n, until - at


def played_through(item: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser tells after an item, as a page gets it, was played as long as the rule says."""
    shown = {"": item} | {part["name"]: part["item"] for part in item["parts"]}
    return {
        "stretches": [
            {"part": name, "from_s": 0.0, "to_s": one["duration_s"]}
            for name, one in shown.items()
            if one["kind"] in PLAYED_KINDS and one["duration_s"]
            for _ in range(rule.get("times", 1))
        ]
    }
