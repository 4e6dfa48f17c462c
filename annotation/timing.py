"""How long an item is shown under a continuous question."""

from typing import Any

from ingest.facade import Item

S_PER_MINUTE = 60.0
# Protocols stored before these could be set.
WORDS_PER_MINUTE = 180.0
STILL_S = 10.0


def shown_s(item: Item, presentation: dict[str, Any]) -> float | None:
    """Seconds: the item's range of its medium; a text at the protocol's reading pace; a picture for its time.

    None where the length of the medium is not known.
    """
    facts = item.asset.facts if item.asset else {}
    end_s = item.offset_s if item.offset_s is not None else facts.get("duration_s")
    if end_s is not None:
        return float(end_s) - (item.onset_s or 0.0)
    if item.kind == "image":
        return float(presentation.get("still_s", STILL_S))
    words = _words(item)
    pace = float(presentation.get("words_per_minute", WORDS_PER_MINUTE))
    return words * S_PER_MINUTE / pace if words else None


def _words(item: Item) -> int:
    """Words as white space tells them; of an utterance, those of its text and its context."""
    context = item.context or ()
    whole = bool(context) and not any(one["target"] for one in context)
    said = [*(() if whole else [item.text or ""]), *(one["text"] for one in context)]
    return sum(len(text.split()) for text in said)
