"""Items of several parts, made from the items of a collection: pairs, captioned pictures, image sequences ..."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from affectory.errors import Conflict, Invalid
from audit.facade import record
from ingest.models import Collection, Corpus, Item, ItemPart
from ingest.services.collections import collection_named, items_of, save_collection
from ingest.services.drafts import Draft, GroupRequest
from ingest.services.put_together import drafts_of

GROUP, TERMS, SEQUENCE, TRIAL = "group", "terms", "sequence", "trial"
KINDS = (GROUP, TERMS, SEQUENCE, TRIAL)
BATCH = 2000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True)
class MadeGroups:
    """``unmatched``: keys of the items for which no partner was found."""

    collection: Collection
    kind: str
    n_groups: int
    unmatched: list[str] = field(default_factory=list)


@transaction.atomic
def make_groups(
    *, organisation_id: int, collection: str, request: GroupRequest, requested_by: str
) -> MadeGroups:
    """Make the groups, and a collection of them with the request's name.

    The same request again finds what it made; another one under the same name is refused.
    """
    if not _NAME.fullmatch(request.name):
        raise Invalid(f"name: {request.name!r} may hold letters, digits, - and _ only.", code="invalid_name")
    source = collection_named(collection, organisation_id)
    items = [item for item in items_of(source).select_related("corpus", "asset") if item.kind not in KINDS]
    corpus = Corpus.objects.select_for_update(no_key=True).get(pk=_only_corpus(items, collection))
    try:
        drafts, unmatched = drafts_of(items, request)
    except ValueError as error:
        raise Invalid(str(error), code="no_design") from error
    if not drafts:
        raise Invalid(f"The collection {collection!r} holds nothing to put together.", code="no_design")
    kind = _kind(items, request)
    if not _known(corpus, request, drafts):
        _store(corpus, kind, request.name, drafts)
        record(
            actor=requested_by, action="grouped", subject=f"corpus:{corpus.name}", name=request.name,
            source=collection, design=request.design, seed=request.seed, groups=len(drafts),
        )  # fmt: skip
    made = save_collection(
        name=request.name,
        organisation_id=organisation_id,
        filters={"corpus": corpus.name, "key_prefix": f"{request.name}/", "kind": [kind]},
    )
    return MadeGroups(made, kind, len(drafts), unmatched)


def _kind(items: Sequence[Item], request: GroupRequest) -> str:
    if request.design in (SEQUENCE, TRIAL):
        return request.design
    of_texts = all(item.kind == "text" for item in items)
    return TERMS if request.design == "tuples" and of_texts else GROUP


def _only_corpus(items: Sequence[Item], collection: str) -> int:
    corpora = {item.corpus_id: item.corpus.name for item in items}
    if len(corpora) != 1:
        found = ", ".join(sorted(corpora.values())) or "no items"
        message = f"The collection {collection!r} must hold items of one corpus; it holds {found}."
        raise Invalid(message, code="no_design")
    return next(iter(corpora))


# --- rows ------------------------------------------------------------------------------------------------------


def _known(corpus: Corpus, request: GroupRequest, drafts: list[Draft]) -> bool:
    """Whether exactly these groups are there; raises where others are, as what people rated never changes."""
    there = Item.objects.filter(corpus=corpus, key__startswith=f"{request.name}/").order_by("key")
    if not there.exists():
        return False
    parts = ItemPart.objects.filter(group__in=there).order_by("group__key", "position")
    stored: dict[str, list[tuple[str, UUID, float | None]]] = defaultdict(list)
    for key, name, item, onset_s in parts.values_list("group__key", "name", "item", "onset_s"):
        stored[key].append((name, item, onset_s))
    wanted = {
        _key(request.name, index, len(drafts)): [
            (part.name, part.item_id, part.onset_s) for part in _parts(draft)
        ]
        for index, draft in enumerate(drafts)
    }
    if dict(stored) != wanted:
        message = f"The corpus {corpus.name} has other groups called {request.name}; choose another name."
        raise Conflict(message, code="groups_differ")
    return True


def _store(corpus: Corpus, kind: str, name: str, drafts: list[Draft]) -> None:
    rows: list[Item] = []
    parts: list[ItemPart] = []
    for index, draft in enumerate(drafts):
        own = _parts(draft)
        row = _row(corpus, kind, _key(name, index, len(drafts)), [part.item for part in own])
        if draft.duration_s is not None:
            row.onset_s, row.offset_s = 0.0, draft.duration_s
        if draft.answer is not None:
            row.metadata = {"answer": ascii_lowercase[draft.answer]}
        for part in own:
            part.group = row
        rows.append(row)
        parts += own
    Item.objects.bulk_create(rows, batch_size=BATCH)
    ItemPart.objects.bulk_create(parts, batch_size=BATCH)


def _key(name: str, index: int, n: int) -> str:
    return f"{name}/{index + 1:0{len(str(n))}d}"


def _parts(draft: Draft) -> list[ItemPart]:
    named = [(name, item, True) for name, item in draft.fixed.items()]
    named += [(ascii_lowercase[place], item, False) for place, item in enumerate(draft.candidates)]
    return [
        ItemPart(item=item, name=name, position=position, fixed=fixed, onset_s=draft.onsets_s.get(name))
        for position, (name, item, fixed) in enumerate(named)
    ]


def _row(corpus: Corpus, kind: str, key: str, items: Sequence[Item]) -> Item:
    conditions = {item.condition for item in items}
    return Item(
        corpus=corpus,
        key=key,
        kind=kind,
        title=key,
        condition=conditions.pop() if len(conditions) == 1 else "",
        groups=united_groups([item.groups for item in items]),
    )


def united_groups(groups: Sequence[Mapping[str, Any]]) -> dict[str, str | list[str]]:
    """The group keys of all parts; a list where a key has several values, which then must stay together.

    >>> united_groups([{"film": "a", "speaker": "x"}, {"film": "b", "speaker": "x"}])
    {'film': ['a', 'b'], 'speaker': 'x'}
    """
    values: dict[str, set[str]] = defaultdict(set)
    for one in groups:
        for key, value in one.items():
            values[key] |= set(group_values(value))
    return {
        key: sorted(found) if len(found) > 1 else next(iter(found)) for key, found in sorted(values.items())
    }


def group_values(value: Any) -> list[str]:
    """Values of one group key: none, one, or those of all parts."""
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


# --- what others see -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A named part of a group: the item it is, and whether it is fixed or one of the candidates.

    ``onset_s``: second of the group at which it begins; None where it has no time of its own.
    """

    name: str
    item: UUID
    key: str
    fixed: bool
    onset_s: float | None = None


def parts_of(groups: Sequence[UUID] | QuerySet[Any, Any]) -> dict[UUID, tuple[Part, ...]]:
    """Parts of these items (ids, or a query for them) in their order; items without parts are left out."""
    found: dict[UUID, list[Part]] = defaultdict(list)
    rows = ItemPart.objects.filter(group__in=groups).order_by("group", "position")
    columns = ("group", "name", "item", "item__key", "fixed", "onset_s")
    for group, name, item, key, fixed, onset_s in rows.values_list(*columns):
        found[group].append(Part(name, item, key, fixed, onset_s))
    return {group: tuple(parts) for group, parts in found.items()}
