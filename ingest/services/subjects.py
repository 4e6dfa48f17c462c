"""The people who are seen or heard in items."""

from collections.abc import Iterable
from typing import Any

from ingest.models import Item, Subject


def subjects_of(items: Iterable[Item], group: str) -> list[dict[str, Any]]:
    """What is known of each person that the items name under a group key, one entry per person."""
    named = {
        (item.corpus_id, str(item.groups[group])) for item in items if item.groups.get(group) is not None
    }
    known = {
        (corpus, code): attributes
        for corpus, code, attributes in Subject.objects.filter(
            corpus__in={corpus for corpus, _ in named}
        ).values_list("corpus", "code", "attributes")
    }
    return [known.get(person, {}) for person in sorted(named)]
