"""Groups whose parts have times: images shown one after another, and a recording beside its stimulus."""

import re
from collections.abc import Sequence
from itertools import accumulate
from math import isfinite

from ingest.models import Item
from ingest.services.drafts import Draft, GroupRequest, by_value, lonely, value_of, within

# More cannot be held by a browser at a size at which anything is seen.
MOST_IMAGES = 1500
PLAYED = ("video", "audio")
_DIGITS = re.compile(r"(\d+)")


def sequences(items: list[Item], request: GroupRequest) -> list[Draft]:
    """The images of the collection, or of each value of ``within``, in the order of their names."""
    if sum(one is not None for one in (request.rate_hz, request.still_s, request.timed_by)) != 1:
        raise ValueError("sequence: say one of rate_hz, still_s and timed_by")
    images = [item for item in items if item.kind == "image"]
    return [_sequence(some, request) for some in within(images, request.within) if some]


def _sequence(images: list[Item], request: GroupRequest) -> Draft:
    if len(images) > MOST_IMAGES:
        raise ValueError(f"sequence: {len(images)} images in one, more than {MOST_IMAGES}")
    ordered = sorted(images, key=_in_order)
    ends_s = [round(end_s, 6) for end_s in accumulate(_shown_s(image, request) for image in ordered)]
    names = [f"{place:0{len(str(len(ordered)))}d}" for place in range(1, len(ordered) + 1)]
    return Draft(
        fixed=dict(zip(names, ordered, strict=True)),
        onsets_s=dict(zip(names, [0.0, *ends_s], strict=False)),
        duration_s=ends_s[-1],
    )


def _in_order(image: Item) -> list[tuple[int, str]]:
    """Numbers in names count as numbers: frame 10 comes after frame 9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(image.key)]


def _shown_s(image: Item, request: GroupRequest) -> float:
    if request.timed_by is not None:
        return _stated_s(image, request.timed_by, above=0.0)
    return request.still_s if request.still_s is not None else 1 / (request.rate_hz or 1.0)


def trials(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    """Each recording with the film or sound that was played to whoever was recorded."""
    if request.other_kind not in PLAYED:
        raise ValueError(f"other_kind: the stimulus of a trial is one of {', '.join(PLAYED)}")
    recordings, stimuli = (by_value(items, kind, request) for kind in ("eeg", request.other_kind))
    drafts = [
        _trial(recording, _only(stimuli[value], value), request)
        for value in sorted(recordings.keys() & stimuli.keys())
        for recording in recordings[value]
    ]
    return drafts, lonely(recordings, stimuli)


def _only(stimuli: Sequence[Item], value: str) -> Item:
    if len(stimuli) > 1:
        raise ValueError(f"trial: {stimuli[0].key!r} and {stimuli[1].key!r} both belong to {value!r}")
    return stimuli[0]


def _trial(recording: Item, stimulus: Item, request: GroupRequest) -> Draft:
    began_s = 0.0 if request.timed_by is None else _stated_s(recording, request.timed_by)
    return Draft(
        fixed={"recording": recording, "stimulus": stimulus},
        onsets_s={"recording": -began_s, "stimulus": 0.0},
        duration_s=_length_s(stimulus),
    )


def _length_s(stimulus: Item) -> float:
    end_s = stimulus.offset_s
    if end_s is None and stimulus.asset is not None:
        end_s = stimulus.asset.facts.get("duration_s")
    if end_s is None:
        raise ValueError(f"trial: how long {stimulus.key!r} lasts is not known")
    return float(end_s) - (stimulus.onset_s or 0.0)


def _stated_s(item: Item, key: str, *, above: float | None = None) -> float:
    stated = value_of(item, key)
    try:
        seconds = float(stated) if stated is not None else float("nan")
    except ValueError:
        seconds = float("nan")
    if not isfinite(seconds) or (above is not None and seconds <= above):
        raise ValueError(f"timed_by: {item.key!r} has no seconds in {key!r}; it has {stated!r}")
    return seconds
