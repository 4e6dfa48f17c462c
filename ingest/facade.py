"""What other rooms may use of ingest."""

from ingest.demo_corpus import make_demo_corpus
from ingest.media import media_of, picture_of, proxy_of
from ingest.models import Asset, Collection, Corpus, Item, Rendition
from ingest.services.collections import items_of, save_collection

__all__ = [
    "Asset",
    "Collection",
    "Corpus",
    "Item",
    "Rendition",
    "items_of",
    "make_demo_corpus",
    "media_of",
    "picture_of",
    "proxy_of",
    "save_collection",
]
