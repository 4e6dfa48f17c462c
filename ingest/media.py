"""Links to the renditions of an asset, and what they tell."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from ingest.models import Asset, Item, Rendition
from storage.facade import media_link, read_bytes

_PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_SUFFIX = {
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "image/webp": ".webp",
    "image/jpeg": ".jpg",
}


def media_of(asset: Asset) -> dict[str, dict[str, str]]:
    """Rendition name -> {url, media_type}; of several recipe versions the newest."""
    rows = sorted(asset.renditions.all(), key=lambda row: int(row.recipe))
    return {
        row.name: {"url": media_link(row.sha256, row.media_type), "media_type": row.media_type}
        for row in rows
    }


@dataclass(frozen=True)
class MediaFile:
    sha256: str
    suffix: str


def original_of(asset: Asset) -> MediaFile:
    """The bytes that were taken in. Of the name that they came with only a plain suffix is kept."""
    suffix = Path(asset.path).suffix.lower()
    return MediaFile(asset.sha256, suffix if _PLAIN_SUFFIX.fullmatch(suffix) else ".bin")


def proxy_of(asset: Asset) -> MediaFile | None:
    """What raters saw or heard of an asset, where it was made."""
    newest = _newest(asset, "proxy")
    return None if newest is None else MediaFile(newest.sha256, _SUFFIX[newest.media_type])


def uneven_frames_s(asset: Asset) -> tuple[float, ...]:
    """Second of the file at which each frame is shown, of a film whose frames do not come evenly; else nothing."""
    times = _newest(asset, "pts") if asset.facts.get("vfr") else None
    if times is None:
        return ()
    return tuple(at_us / 1e6 for at_us in json.loads(read_bytes(times.sha256))["pts_us"])


def _newest(asset: Asset, name: str) -> Rendition | None:
    rows = [row for row in asset.renditions.all() if row.name == name]
    return max(rows, key=lambda row: int(row.recipe), default=None)


def picture_of(item: Item) -> str | None:
    """A small picture of an item, where it has one."""
    media = media_of(item.asset) if item.asset else {}
    found = media.get("thumb") or media.get("poster")
    return found["url"] if found else None
