"""What other rooms may use of ingest."""

from ingest.media import media_of, proxy_of
from ingest.models import Asset, Collection, Corpus, Item, Rendition
from ingest.services.collections import items_of, save_collection

__all__ = ["Asset", "Collection", "Corpus", "Item", "Rendition", "items_of", "media_of", "proxy_of", "save_collection"]
