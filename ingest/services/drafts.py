"""What a group of items is before it has rows, how one asks for groups, and how items are found for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from string import ascii_lowercase
from typing import Literal

from ingest.models import Item

Design = Literal["all_pairs", "pairs", "tuples", "captions", "matching", "sequence", "trial"]


@dataclass(frozen=True)
class Draft:
    """One group before it has a row: fixed parts by name, then candidates in the order they get letters.

    ``answer``: the right candidate's place, where there is one. It stays in the metadata, which raters never see.
    ``onsets_s``: of what has a time of its own, second of the group at which the part of that name begins;
    ``duration_s``: how long the group lasts.
    """

    candidates: Sequence[Item] = ()
    fixed: Mapping[str, Item] = field(default_factory=dict)
    answer: int | None = None
    onsets_s: Mapping[str, float] = field(default_factory=dict)
    duration_s: float | None = None

    def __post_init__(self) -> None:
        if len(self.candidates) > len(ascii_lowercase):
            raise ValueError(f"a group shows at most {len(ascii_lowercase)} candidates")


@dataclass(frozen=True, kw_only=True)
class GroupRequest:
    """What to make, and how.

    ``within``: a group key; only items that share its value are put together (pairs and tuples).
    ``per_item``: in how many pairs each item stands. ``size``, ``factor``: things in a tuple, tuples per thing.
    ``match_on``: ``name`` (the file's name without folder and ending), or a metadata or group key.
    ``fixed_kind``, ``other_kind``: kinds of the picture and its caption, of the given medium and its candidates.
    ``candidates``: how many a matching task offers, the right one included.
    ``rate_hz``, ``still_s``, ``timed_by``: how long each image of a sequence is shown: by images a second, by seconds,
    or by a group or metadata key of the image that holds its seconds. Of a trial, ``timed_by`` is the key of the
    recording that holds the second at which its stimulus began; without it they began together.
    """

    design: Design
    name: str
    seed: int = 0
    within: str | None = None
    per_item: int = 4
    size: int = 4
    factor: float = 2.0
    match_on: str = "name"
    fixed_kind: str = "image"
    other_kind: str = "text"
    candidates: int = 3
    rate_hz: float | None = None
    still_s: float | None = None
    timed_by: str | None = None


def within(items: list[Item], key: str | None) -> list[list[Item]]:
    """Items that share the value of a group key; ``folder``, where that is no key, is the folder of the file."""
    if key is None:
        return [items]
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        value = item.groups.get(key, str(PurePosixPath(item.key).parent) if key == "folder" else None)
        if value is None:
            raise ValueError(f"within: {item.key!r} has no group key {key!r}")
        found[str(value)].append(item)
    return list(found.values())


def by_value(items: list[Item], kind: str, request: GroupRequest) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        value = value_of(item, request.match_on)
        if item.kind == kind and value is not None:
            found[value].append(item)
    return found


def value_of(item: Item, match_on: str) -> str | None:
    if match_on == "name":
        return PurePosixPath(item.key).stem
    value = item.metadata.get(match_on, item.groups.get(match_on))
    return None if value is None else str(value)


def lonely(some: Mapping[str, list[Item]], others: Mapping[str, list[Item]]) -> list[str]:
    return sorted(
        item.key
        for mine, theirs in ((some, others), (others, some))
        for value in mine.keys() - theirs.keys()
        for item in mine[value]
    )
