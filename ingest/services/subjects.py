"""The people who are seen or heard in items."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from ingest.models import Item, Subject


def subjects_of(items: Collection[UUID], group: str) -> list[dict[str, Any]]:
    """What is known of each person that the items (by id) name under a group key, one entry per person."""
    named = Item.objects.filter(pk__in=items, groups__has_key=group).values_list("corpus", f"groups__{group}")
    people = {(corpus, str(code)) for corpus, code in named}
    rows = Subject.objects.filter(corpus__in={corpus for corpus, _ in people})
    known = {
        (corpus, code): attributes
        for corpus, code, attributes in rows.values_list("corpus", "code", "attributes")
    }
    return [known.get(person, {}) for person in sorted(people)]
