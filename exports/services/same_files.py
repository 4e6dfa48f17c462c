"""Items that show the same: overlapping stretches of the same bytes, or of files whose fingerprints agree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import F

from affectory.alike import SameStretch, same_pictures, same_stretches
from affectory.alike.films import FRAMES_HZ as FILM_HZ
from affectory.alike.sounds import FRAMES_HZ as SOUND_HZ
from exports.services.source import Source
from ingest.facade import AssetPrint, fingerprints_of

#: Items of two files are tied where they have so much of the stretch that is the same in common, or half of the item.
COMMON_S = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """Two items that show the same; ``kind``: bytes, words, phrases, picture, film or sound; ``why``: for people."""

    item: str
    other: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """An item as the stretch of its file."""

    item: str
    start_s: float
    end_s: float

    def within(self, start_s: float, end_s: float, later_s: float = 0.0) -> "_Cut | None":
        """What of it lies within a stretch, moved; None where that is too little to be seen."""
        cut = _Cut(self.item, max(self.start_s, start_s) + later_s, min(self.end_s, end_s) + later_s)
        seen_s = min(COMMON_S, (self.end_s - self.start_s) / 2)
        return cut if cut.end_s - cut.start_s >= seen_s else None


def same_bytes(source: Source) -> Iterator[Link]:
    """Read by content and time, so that what overlaps stands together. Texts are known by their words instead."""
    of_files = source.query().filter(asset__isnull=False, text__isnull=True, context__isnull=True)
    rows = of_files.order_by("asset__sha256", F("onset_s").asc(nulls_first=True), "key", "pk")
    content, longest, reach_s = "", "", 0.0
    for sha256, onset_s, offset_s, key in rows.values_list(
        "asset__sha256", "onset_s", "offset_s", "key"
    ).iterator(chunk_size=5000):
        start_s, end_s = onset_s or 0.0, np.inf if offset_s is None else offset_s
        if sha256 == content and start_s < reach_s:
            yield Link(longest, key, "bytes", "the same bytes")
        if sha256 != content or end_s > reach_s:
            content, longest, reach_s = sha256, key, end_s


def same_media(source: Source) -> tuple[list[Link], dict[int, str | None]]:
    """Links by fingerprints; and of each asset that has some, why none has anything to compare, or None."""
    silent: dict[int, str | None] = {}
    by_kind: dict[str, list[AssetPrint]] = {"picture": [], "film": [], "sound": []}
    for one in fingerprints_of(source.query()):
        if one.bits is not None:
            by_kind[one.kind].append(one)
        silent[one.asset] = None if one.bits is not None else silent.get(one.asset, one.reason)
    cuts = _Cuts(source, {one.asset for some in by_kind.values() for one in some})
    links = [
        *_pictures(by_kind["picture"], cuts),
        *_stretches(by_kind["film"], "film", FILM_HZ, cuts),
        *_stretches(by_kind["sound"], "sound", SOUND_HZ, cuts),
    ]
    return links, silent


class _Cuts:
    """The items of each asset."""

    def __init__(self, source: Source, assets: set[int]) -> None:
        self._of: dict[int, list[_Cut]] = {}
        rows = source.query().filter(asset__in=assets).order_by("key", "pk")
        for asset, key, onset_s, offset_s in rows.values_list("asset", "key", "onset_s", "offset_s"):
            end_s = np.inf if offset_s is None else offset_s
            self._of.setdefault(asset, []).append(_Cut(key, onset_s or 0.0, end_s))

    def of(self, asset: int) -> Sequence[_Cut]:
        return self._of[asset]


def _pictures(prints: Sequence[AssetPrint], cuts: _Cuts) -> Iterator[Link]:
    """Every item of a picture shows all of it, so the first stands for all."""
    for same in same_pictures([one.bits for one in prints if one.bits]):
        one, other = sorted(cuts.of(prints[at].asset)[0].item for at in (same.left, same.right))
        why = f"pictures that differ in {same.bits} of 64 bits and at most {same.steps:.1f} of 255 steps of grey"
        yield Link(one, other, "picture", why)


def _stretches(prints: Sequence[AssetPrint], kind: str, rate_hz: float, cuts: _Cuts) -> Iterator[Link]:
    for same in same_stretches([one.bits for one in prints if one.bits], rate_hz):
        left, right = (cuts.of(prints[at].asset) for at in (same.left, same.right))
        why = (
            f"{same.length_s:.1f} s of {kind} are the same, {same.left_s:.1f} s into one file and "
            f"{same.right_s:.1f} s into the other; {same.different:.0%} of the bits differ"
        )
        for one, other in _overlaps(left, right, same):
            yield Link(one, other, kind, why)


def _overlaps(left: Sequence[_Cut], right: Sequence[_Cut], same: SameStretch) -> Iterator[tuple[str, str]]:
    """Pairs of items of both files, enough to connect all that have some of the stretch in common."""
    end_s, later_s = same.left_s + same.length_s, same.left_s - same.right_s
    ours = [cut.within(same.left_s, end_s) for cut in left]
    theirs = [cut.within(same.right_s, same.right_s + same.length_s, later_s) for cut in right]
    longest: _Cut | None = None
    for cut in sorted(_some(ours, theirs), key=lambda one: (one.start_s, one.item)):
        common_s = min(COMMON_S, (cut.end_s - cut.start_s) / 2)
        if longest and cut.item != longest.item and cut.start_s + common_s <= longest.end_s:
            yield min(longest.item, cut.item), max(longest.item, cut.item)
        if longest is None or cut.end_s > longest.end_s:
            longest = cut


def _some(*several: Iterable[_Cut | None]) -> list[_Cut]:
    return [cut for cuts in several for cut in cuts if cut is not None]
