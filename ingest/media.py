"""Links to the renditions of an asset."""

from ingest.models import Asset
from storage.facade import media_link


def media_of(asset: Asset) -> dict[str, dict[str, str]]:
    """Rendition name -> {url, media_type}; of several recipe versions the newest."""
    rows = sorted(asset.renditions.all(), key=lambda row: int(row.recipe))
    return {row.name: {"url": media_link(row.sha256, row.media_type), "media_type": row.media_type} for row in rows}
