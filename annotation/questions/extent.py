"""How far an item reaches: what an answer about places in it can be held to."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from uuid import UUID

from annotation.people import people_in_parts, people_of
from annotation.questions.contract import Extent, Samples
from annotation.timing import length_s
from ingest.facade import Item, Part, parts_of, uneven_frames_s


def extent_of(item: Item) -> Extent:
    """Duration and frames of its medium, and its texts."""
    [extent] = extents_of([item])
    return replace(extent, pictures_s=extent.pictures_s or frames_of(item))


def frames_of(item: Item) -> tuple[float, ...]:
    """Second of the item at which each frame begins, of a film whose frames do not come evenly; else nothing."""
    if item.kind != "video" or item.asset is None:
        return ()
    onset_s, end_s = item.onset_s or 0.0, item.offset_s if item.offset_s is not None else inf
    return tuple(round(at_s - onset_s, 6) for at_s in uneven_frames_s(item.asset) if onset_s <= at_s < end_s)


def extents_of(items: Sequence[Item]) -> list[Extent]:
    """The same of many items, in their order, but for frames that do not come evenly, which take a file each."""
    pictures = parts_of([item.pk for item in items if item.kind == "sequence"])
    samples, people = samples_of(items), people_in_parts(items)
    return [
        _extent(item, pictures.get(item.pk, ()), samples.get(item.pk), people.get(item.pk, ()))
        for item in items
    ]


def samples_of(items: Sequence[Item]) -> dict[UUID, Samples]:
    """Where the samples of recordings, and of those in trials, are on the clock of each; other items are left out."""
    own = {item.pk: _samples(item) for item in items if item.kind == "eeg"}
    trials = parts_of([item.pk for item in items if item.kind == "trial"])
    ids = [part.item for parts in trials.values() for part in parts]
    recordings = Item.objects.select_related("asset").filter(pk__in=ids, kind="eeg").in_bulk() if ids else {}
    beside = {
        trial: _samples(recordings[part.item], part.onset_s or 0.0)
        for trial, parts in trials.items()
        for part in parts
        if part.item in recordings
    }
    return {pk: samples for pk, samples in (own | beside).items() if samples is not None}


def _samples(recording: Item, begins_s: float = 0.0) -> Samples | None:
    channels = recording.asset.facts.get("channels") if recording.asset else None
    if not channels:
        return None
    rate_hz = max(float(channel["rate_hz"]) for channel in channels)
    return Samples(rate_hz, begins_s - (recording.onset_s or 0.0))


def _extent(item: Item, pictures: Sequence[Part], samples: Samples | None, in_parts: Sequence[str]) -> Extent:
    facts = item.asset.facts if item.asset else {}
    own = [person["name"] for person in people_of(item.metadata)]
    said = tuple(str(one["text"]) for one in item.context or ())
    return Extent(
        kind=item.kind,
        duration_s=length_s(item),
        frame_rate_hz=facts.get("rate_hz") if item.kind == "video" else None,
        pictures_s=tuple(sorted(part.onset_s for part in pictures if part.onset_s is not None)),
        texts=said or ((item.text,) if item.text else ()),
        samples=samples,
        people=tuple(dict.fromkeys([*own, *in_parts])),
    )
