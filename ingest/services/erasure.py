"""Deleting what was recorded of a person: items, the files they come from, and all that was made of these."""

from django.db import transaction
from django.db.models import Q, QuerySet

from ingest.models import Asset, Corpus, IngestEntry, Item, Rendition, Subject

SUBJECT = "subject"


def items_in_group(corpus: Corpus, group: str, value: str) -> QuerySet[Item]:
    """Items that carry a group key with this value, such as subject = s01, alone or among those of their parts."""
    return Item.objects.filter(_carries(group, value), corpus=corpus)


def _carries(group: str, value: str) -> Q:
    return Q(groups__contains={group: value}) | Q(groups__contains={group: [value]})


@transaction.atomic
def erase_items(corpus: Corpus, group: str, value: str) -> tuple[dict[str, int], list[str]]:
    """Delete the items of a group with their files. Nothing may refer to the items any more.

    A file is deleted when no item of another group is cut from it. Returns how many rows of what, and the SHA-256 of
    the objects that held the bytes.
    """
    items = items_in_group(corpus, group, value)
    assets = set(items.exclude(asset=None).values_list("asset", flat=True))
    n_items = items.count()
    items.delete()
    orphans = Asset.objects.filter(pk__in=assets, items=None)
    # Files that were quarantined, or are still to be read, have become no asset.
    unread = IngestEntry.objects.filter(_carries(group, value), corpus=corpus, asset=None)
    objects = [
        *orphans.values_list("sha256", flat=True),
        *Rendition.objects.filter(asset__in=orphans).values_list("sha256", flat=True),
        *unread.exclude(sha256="").values_list("sha256", flat=True),
    ]
    unread.delete()
    n_assets = orphans.count()
    IngestEntry.objects.filter(corpus=corpus, sha256__in=orphans.values("sha256")).delete()
    Asset.objects.filter(pk__in=list(orphans.values_list("pk", flat=True))).delete()
    if group == SUBJECT:
        Subject.objects.filter(corpus=corpus, code=value).delete()
    return {"items": n_items, "assets": n_assets}, objects


def object_is_used(sha256: str) -> bool:
    """Whether a file or rendition of any corpus has these bytes."""
    return Asset.objects.filter(sha256=sha256).exists() or Rendition.objects.filter(sha256=sha256).exists()
