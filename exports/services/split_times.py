"""Recordings cut in time: each item's stretches in their roles, and where two items would bring the roles together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from affectory.splits import temporal_slices
from exports.services.item_tables import length_s
from exports.services.source import Source

#: Times are sums of floats.
TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an item that has a role: seconds from the item's own beginning, as those of traces are."""

    item: str
    role: str
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True)
class CutItems:
    """``without_role``: items ("id=...") that are too short for the cuts, or have no length."""

    stretches: tuple[Stretch, ...]
    without_role: tuple[str, ...]
    leaks: tuple[str, ...]


def cut_items(source: Source, scheme: Mapping[str, Any], part_links: Iterable[tuple[str, str]]) -> CutItems:
    """Cut every item that has a length; ``part_links``: pairs of items that show the same part."""
    parts = [(part["role"], part["share"]) for part in scheme["parts"]]
    guard_s = scheme["guard_s"]
    stretches: list[Stretch] = []
    in_files: dict[str, list[Stretch]] = defaultdict(list)
    without: list[str] = []
    for key, sha256, onset_s, offset_s, duration_s in source.facts(
        "key", "asset__sha256", "onset_s", "offset_s", "asset__facts__duration_s"
    ):
        length = length_s(onset_s, offset_s, duration_s)
        if length is None or length <= guard_s * (len(parts) - 1):
            without.append(f"id={key}")
            continue
        slices = temporal_slices(0.0, length, parts, guard_s=guard_s)
        own = [Stretch(key, one.role, one.start_s, one.end_s) for one in slices]
        stretches += sorted(own, key=lambda one: one.role)
        if sha256:
            in_files[sha256] += [_later(one, onset_s or 0.0) for one in own]
    leaks = [leak for of_file in in_files.values() for leak in _meetings(of_file, guard_s)]
    leaks += _shown_in_both(part_links, {one.item for one in stretches})
    return CutItems(tuple(stretches), tuple(without), tuple(leaks))


def _later(stretch: Stretch, by_s: float) -> Stretch:
    return replace(stretch, start_s=stretch.start_s + by_s, end_s=stretch.end_s + by_s)


def _meetings(of_file: list[Stretch], guard_s: float) -> Iterator[str]:
    """Stretches of one file, in its time, that stand in other roles and closer than the gap."""
    near = f" or are less than {guard_s:g} s apart" if guard_s else ""
    furthest: dict[str, Stretch] = {}
    for one in sorted(of_file, key=lambda one: (one.start_s, one.item, one.role)):
        for other in furthest.values():
            if other.role != one.role and one.start_s < other.end_s + guard_s - TOLERANCE_S:
                yield (
                    f"id={other.item} in {other.role} and id={one.item} in {one.role} overlap{near}, "
                    f"{one.start_s:g} s into the same file"
                )
        if one.role not in furthest or one.end_s > furthest[one.role].end_s:
            furthest[one.role] = one


def _shown_in_both(part_links: Iterable[tuple[str, str]], cut: set[str]) -> Iterator[str]:
    """Items made of parts have times of their own, which are not those of their parts' files."""
    for one, other in part_links:
        if one in cut and other in cut:
            yield f"id={one} and id={other} show the same part, which cuts in time do not keep in one role"
