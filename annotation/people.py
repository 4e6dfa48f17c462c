"""Where the people of a film are in its picture, as the item's metadata say it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ingest.facade import Item, parts_of, wrong_boxes

KINDS_OF_PARTS = ("group", "sequence", "trial")


def people_of(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """Name and boxes of each person of ``metadata["people"]``, ``{name: [[t, x, y, w, h], ...]}``.

    Somebody whose boxes are not what `wrong_boxes` takes is left out:
    a rater is better off without a box than with one in a wrong place.

    >>> people_of({"people": {"Ann": [[0, 0.1, 0.2, 0.3, 0.4]], "Bob": [[0, 100, 50, 30, 40]]}})
    [{'name': 'Ann', 'boxes': [[0.0, 0.1, 0.2, 0.3, 0.4]]}]
    """
    people = metadata.get("people")
    if not isinstance(people, dict):
        return []
    return [
        {"name": name, "boxes": [[float(one) for one in box] for box in boxes]}
        for name, boxes in people.items()
        if wrong_boxes(boxes) is None
    ]


def people_in_parts(items: Sequence[Item]) -> dict[UUID, list[str]]:
    """Names of those who are marked in the parts of each item; who is in several parts is one person.

    Items in whose parts nobody is marked are left out.
    """
    parts = parts_of([item.pk for item in items if item.kind in KINDS_OF_PARTS])
    ids = {part.item for shown in parts.values() for part in shown}
    marked = Item.objects.filter(pk__in=ids, metadata__has_key="people") if ids else Item.objects.none()
    people = {pk: people_of(metadata) for pk, metadata in marked.values_list("pk", "metadata")}
    names = {
        pk: [person["name"] for part in shown for person in people.get(part.item, ())]
        for pk, shown in parts.items()
    }
    return {pk: list(dict.fromkeys(found)) for pk, found in names.items() if found}


def choosable(presentation: dict[str, Any], metadata: dict[str, Any]) -> list[str]:
    """Of whom the rater picks one before she begins; empty where there is nobody or nothing to choose."""
    names = [person["name"] for person in people_of(metadata)] if presentation.get("choose_target") else []
    return names if len(names) > 1 else []
