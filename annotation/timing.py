"""Which stretch of its file an item is, and how long it is shown under a continuous question."""

from dataclasses import dataclass
from typing import Any

from ingest.facade import Item

S_PER_MINUTE = 60.0
# Protocols stored before these could be set.
WORDS_PER_MINUTE = 180.0
STILL_S = 10.0
# Lengths of files are measured to about a frame; nearer to the end than this nothing is left out.
CLOSE_S = 1e-3


@dataclass(frozen=True)
class Stretch:
    """The part of a file that an item is, in seconds of the file; None: where the file begins or ends."""

    onset_s: float | None
    offset_s: float | None


def stretch_of(item: Item) -> Stretch:
    """Nothing but None where the item is all of its file, or has none."""
    if item.asset is None:
        return Stretch(None, None)
    whole_s = item.asset.facts.get("duration_s")
    goes_on = item.offset_s is not None and (whole_s is None or item.offset_s < whole_s - CLOSE_S)
    return Stretch(item.onset_s or None, item.offset_s if goes_on else None)


def length_s(item: Item) -> float | None:
    """Seconds of the item's range of its medium; None: it has no time of its own, or it is not known."""
    facts = item.asset.facts if item.asset else {}
    end_s = item.offset_s if item.offset_s is not None else facts.get("duration_s")
    return None if end_s is None else float(end_s) - (item.onset_s or 0.0)


def shown_s(item: Item, presentation: dict[str, Any]) -> float | None:
    """Seconds: the item's range of its medium; a text at the protocol's reading pace; a picture for its time.

    None where the length of the medium is not known.
    """
    lasts_s = length_s(item)
    if lasts_s is not None:
        return lasts_s
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
