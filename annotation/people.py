"""Where the people of a film are in its picture, as the item's metadata say it."""

import math
from itertools import pairwise
from typing import Any

BOX_NUMBERS = 5


def people_of(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """Name and boxes of each person of ``metadata["people"]``, ``{name: [[t, x, y, w, h], ...]}``.

    t in seconds, rising; x, y (left, top), w and h as parts of the picture, 0..1. Somebody whose boxes are anything
    else is left out: a rater is better off without a box than with one in a wrong place.

    >>> people_of({"people": {"Ann": [[0, 0.1, 0.2, 0.3, 0.4]], "Bob": [[0, 100, 50, 30, 40]]}})
    [{'name': 'Ann', 'boxes': [[0.0, 0.1, 0.2, 0.3, 0.4]]}]
    """
    people = metadata.get("people")
    if not isinstance(people, dict):
        return []
    return [
        {"name": name, "boxes": [[float(one) for one in box] for box in boxes]}
        for name, boxes in people.items()
        if _are_boxes(boxes)
    ]


def choosable(presentation: dict[str, Any], metadata: dict[str, Any]) -> list[str]:
    """Of whom the rater picks one before she begins; empty where there is nobody or nothing to choose."""
    names = [person["name"] for person in people_of(metadata)] if presentation.get("choose_target") else []
    return names if len(names) > 1 else []


def _are_boxes(boxes: Any) -> bool:
    if not isinstance(boxes, list) or not boxes or not all(_is_box(box) for box in boxes):
        return False
    return all(before[0] < after[0] for before, after in pairwise(boxes))


def _is_box(box: Any) -> bool:
    if not isinstance(box, list) or len(box) != BOX_NUMBERS:
        return False
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in box):
        return False
    return all(0 <= part <= 1 for part in box[1:])
