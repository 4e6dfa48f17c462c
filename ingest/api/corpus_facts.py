"""What is counted of corpora, and a few pictures of each, for a whole page of them in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Window
from django.db.models.functions import RowNumber

from ingest.media import picture_of
from ingest.models import Corpus, EntryState, IngestEntry, Item, Rendition

# Every eighth of the first forty pictures: neighbours look alike.
COVER_PLACES = (1, 9, 17, 25, 33)


@dataclass
class CorpusFacts:
    """``files``: state -> how many; ``items``: kind -> how many; ``cover``: links to small pictures."""

    files: dict[str, int] = field(default_factory=lambda: dict.fromkeys(EntryState.values, 0))
    items: dict[str, int] = field(default_factory=dict)
    cover: list[str] = field(default_factory=list)


def facts_of(corpora: Sequence[Corpus]) -> dict[int, CorpusFacts]:
    found: dict[int, CorpusFacts] = defaultdict(CorpusFacts)
    entries = IngestEntry.objects.filter(corpus__in=corpora)
    for pk, state, n in entries.values_list("corpus", "state").annotate(n=Count("pk")):
        found[pk].files[state] = n
    items = Item.objects.filter(corpus__in=corpora).order_by("kind")
    for pk, kind, n in items.values_list("corpus", "kind").annotate(n=Count("pk")):
        found[pk].items[kind] = n
    for item in _cover_items(corpora):
        picture = picture_of(item)
        if picture:
            found[item.corpus_id].cover.append(picture)
    return found


def _cover_items(corpora: Sequence[Corpus]) -> list[Item]:
    pictures = Rendition.objects.filter(asset=OuterRef("asset"), name__in=["poster", "thumb"])
    place = Window(RowNumber(), partition_by="corpus", order_by=["kind", "key"])
    shown = Item.objects.filter(Exists(pictures), corpus__in=corpora).annotate(place=place)
    rows = shown.filter(place__in=COVER_PLACES).order_by("corpus", "place")
    return list(rows.select_related("asset").prefetch_related("asset__renditions"))
