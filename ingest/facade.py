"""What other rooms may use of ingest."""

from ingest.api.shapes import MediaShape, UtteranceShape
from ingest.demo_corpus import make_demo_corpus, read_truth
from ingest.media import media_of, original_of, picture_of, proxy_of, uneven_frames_s
from ingest.models import Asset, Collection, Corpus, Item, Rendition
from ingest.people import wrong_boxes
from ingest.ratings.contract import RatingFileError, RatingProblem, RatingRow, TraceRow
from ingest.ratings.published import PUBLISHED, PublishedRatings, RatingOptions, spec_from_options
from ingest.ratings.registry import formats as rating_formats
from ingest.samples import sample_corpus, sample_items
from ingest.services.collections import collection_named, collection_of_corpus, items_of, save_collection
from ingest.services.erasure import erase_items, items_in_group, object_is_used
from ingest.services.fingerprints import (
    AssetPrint,
    fingerprints_of,
    kinds_with_fingerprints,
    request_fingerprints,
)
from ingest.services.groups import Part, group_values, parts_of
from ingest.services.made import corpus_for_made, offer_made
from ingest.services.subjects import subjects_of

__all__ = [
    "PUBLISHED",
    "Asset",
    "AssetPrint",
    "Collection",
    "Corpus",
    "Item",
    "MediaShape",
    "Part",
    "PublishedRatings",
    "RatingFileError",
    "RatingOptions",
    "RatingProblem",
    "RatingRow",
    "Rendition",
    "TraceRow",
    "UtteranceShape",
    "collection_named",
    "collection_of_corpus",
    "corpus_for_made",
    "erase_items",
    "fingerprints_of",
    "group_values",
    "items_in_group",
    "items_of",
    "kinds_with_fingerprints",
    "make_demo_corpus",
    "media_of",
    "object_is_used",
    "offer_made",
    "original_of",
    "parts_of",
    "picture_of",
    "proxy_of",
    "rating_formats",
    "read_truth",
    "request_fingerprints",
    "sample_corpus",
    "sample_items",
    "save_collection",
    "spec_from_options",
    "subjects_of",
    "uneven_frames_s",
    "wrong_boxes",
]
