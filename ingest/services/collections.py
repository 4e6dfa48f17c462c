"""Saved selections of items."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from affectory.errors import Conflict, Invalid, NotFound
from ingest.models import Collection, Corpus, Item

FILTERS = {
    "corpus": "corpus__name",
    "kind": "kind__in",
    "condition": "condition__in",
    "key_prefix": "key__startswith",
}


def save_collection(*, name: str, organisation_id: int, filters: dict[str, Any]) -> Collection:
    """Make a selection, or point its name at other filters."""
    unknown = sorted(set(filters) - set(FILTERS))
    if unknown:
        raise Invalid(f"{unknown[0]!r} is no filter; there are: {', '.join(FILTERS)}.")
    listed = [name for name in ("kind", "condition") if name in filters]
    wrong = next((name for name in listed if not isinstance(filters[name], list)), None)
    if wrong:
        raise Invalid(f"{wrong}: must be a list; it is {filters[wrong]!r}.")
    if not Corpus.objects.filter(organisation=organisation_id, name=filters.get("corpus")).exists():
        raise NotFound(f"There is no corpus {filters.get('corpus')!r}.")
    return Collection.objects.update_or_create(
        organisation_id=organisation_id, name=name, defaults={"filters": filters}
    )[0]


def collection_named(name: str, organisation_id: int) -> Collection:
    found = Collection.objects.filter(organisation=organisation_id, name=name).first()
    if found is None:
        raise NotFound(f"There is no collection {name!r}.")
    return found


def collection_of_corpus(*, name: str, corpus: str, kinds: Sequence[str], organisation_id: int) -> Collection:
    """All items of these kinds of a corpus, under a name that holds nothing else."""
    filters = {"corpus": corpus, "kind": list(kinds)}
    known = Collection.objects.filter(organisation=organisation_id, name=name).first()
    if known and known.filters != filters:
        message = f"There is a collection {name!r} of other items; take another name, or choose it."
        raise Conflict(message, code="collection_differs")
    return save_collection(name=name, organisation_id=organisation_id, filters=filters)


def items_of(collection: Collection) -> QuerySet[Item]:
    """What the selection holds now, by key."""
    wanted = {FILTERS[name]: value for name, value in collection.filters.items()}
    by_filter = Item.objects.filter(corpus__organisation=collection.organisation_id, **wanted)
    return (by_filter | Item.objects.filter(pk__in=collection.picked.all())).order_by("key")
