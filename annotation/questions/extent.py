"""How far an item reaches: what an answer about places in it can be held to."""

from collections.abc import Sequence

from annotation.questions.contract import Extent
from annotation.timing import length_s
from ingest.facade import Item, Part, parts_of


def extent_of(item: Item) -> Extent:
    """Duration and frames of its medium, and its texts."""
    return extents_of([item])[0]


def extents_of(items: Sequence[Item]) -> list[Extent]:
    """The same of many items, in their order."""
    pictures = parts_of([item.pk for item in items if item.kind == "sequence"])
    return [_extent(item, pictures.get(item.pk, ())) for item in items]


def _extent(item: Item, pictures: Sequence[Part]) -> Extent:
    facts = item.asset.facts if item.asset else {}
    said = tuple(str(one["text"]) for one in item.context or ())
    return Extent(
        kind=item.kind,
        duration_s=length_s(item),
        frame_rate_hz=facts.get("rate_hz") if item.kind == "video" else None,
        pictures_s=tuple(sorted(part.onset_s for part in pictures if part.onset_s is not None)),
        texts=said or ((item.text,) if item.text else ()),
    )
