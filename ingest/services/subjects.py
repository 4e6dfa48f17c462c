"""The people who are seen or heard in items."""

from typing import Any

from django.db.models import QuerySet

from ingest.models import Item, Subject


def subjects_of(items: QuerySet[Any, Any], group: str) -> list[dict[str, Any]]:
    """What is known of each person that the items (a query for ids) name under a group key, one entry each."""
    named = Item.objects.filter(pk__in=items, groups__has_key=group).values_list("corpus", f"groups__{group}")
    people = {(corpus, str(code)) for corpus, code in named}
    rows = Subject.objects.filter(corpus__in={corpus for corpus, _ in people})
    known = {
        (corpus, code): attributes
        for corpus, code, attributes in rows.values_list("corpus", "code", "attributes")
    }
    return [known.get(person, {}) for person in sorted(people)]
