"""Links to the renditions of an asset."""

from dataclasses import dataclass

from ingest.models import Asset, Item
from storage.facade import media_link

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
class Proxy:
    sha256: str
    suffix: str


def proxy_of(asset: Asset) -> Proxy | None:
    """What raters saw or heard of an asset, where it was made."""
    rows = [row for row in asset.renditions.all() if row.name == "proxy"]
    if not rows:
        return None
    newest = max(rows, key=lambda row: int(row.recipe))
    return Proxy(newest.sha256, _SUFFIX[newest.media_type])


def picture_of(item: Item) -> str | None:
    """A small picture of an item, where it has one."""
    media = media_of(item.asset) if item.asset else {}
    found = media.get("thumb") or media.get("poster")
    return found["url"] if found else None
