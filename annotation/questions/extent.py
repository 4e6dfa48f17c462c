"""How far an item reaches: what an answer about places in it can be held to."""

from annotation.questions.contract import Extent
from ingest.facade import Item


def extent_of(item: Item) -> Extent:
    """Duration and frames of its medium, and its texts."""
    facts = item.asset.facts if item.asset else {}
    end_s = item.offset_s if item.offset_s is not None else facts.get("duration_s")
    said = tuple(str(one["text"]) for one in item.context or ())
    return Extent(
        kind=item.kind,
        duration_s=None if end_s is None else end_s - (item.onset_s or 0.0),
        frame_rate_hz=facts.get("rate_hz") if item.kind == "video" else None,
        texts=said or ((item.text,) if item.text else ()),
    )
