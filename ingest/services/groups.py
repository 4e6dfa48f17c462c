"""Items of several parts, made from the items of a collection: pairs, tuples, captioned pictures, matching tasks."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import PurePosixPath
from string import ascii_lowercase
from typing import Any, Literal
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from affectory.errors import Conflict, Invalid
from audit.facade import record
from ingest import designs
from ingest.models import Collection, Corpus, Item, ItemPart
from ingest.services.collections import collection_named, items_of, save_collection

GROUP, TERMS = "group", "terms"
KINDS = (GROUP, TERMS)
BATCH = 2000
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
Design = Literal["all_pairs", "pairs", "tuples", "captions", "matching"]


@dataclass(frozen=True)
class Draft:
    """One group before it has a row: fixed parts by name, then candidates in the order they get letters.

    ``answer``: the right candidate's place, where there is one. It stays in the metadata, which raters never see.
    """

    candidates: Sequence[Item] = ()
    fixed: Mapping[str, Item] = field(default_factory=dict)
    answer: int | None = None

    def __post_init__(self) -> None:
        if len(self.candidates) > len(ascii_lowercase):
            raise ValueError(f"a group shows at most {len(ascii_lowercase)} candidates")


@dataclass(frozen=True)
class MadeGroups:
    """``unmatched``: keys of the items for which no partner was found."""

    collection: Collection
    kind: str
    n_groups: int
    unmatched: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class GroupRequest:
    """What to make, and how.

    ``within``: a group key; only items that share its value are put together (pairs and tuples).
    ``per_item``: in how many pairs each item stands. ``size``, ``factor``: things in a tuple, tuples per thing.
    ``match_on``: ``name`` (the file's name without folder and ending), or a metadata or group key.
    ``fixed_kind``, ``other_kind``: kinds of the picture and its caption, of the given medium and its candidates.
    ``candidates``: how many a matching task offers, the right one included.
    """

    design: Design
    name: str
    seed: int = 0
    within: str | None = None
    per_item: int = 4
    size: int = 4
    factor: float = 2.0
    match_on: str = "name"
    fixed_kind: str = "image"
    other_kind: str = "text"
    candidates: int = 3


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
    items = [item for item in items_of(source).select_related("corpus") if item.kind not in KINDS]
    corpus = Corpus.objects.select_for_update(no_key=True).get(pk=_only_corpus(items, collection))
    try:
        drafts, unmatched = _drafts(items, request)
    except ValueError as error:
        raise Invalid(str(error), code="no_design") from error
    if not drafts:
        raise Invalid(f"The collection {collection!r} holds nothing to put together.", code="no_design")
    kind = TERMS if request.design == "tuples" and all(item.kind == "text" for item in items) else GROUP
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


def _only_corpus(items: Sequence[Item], collection: str) -> int:
    corpora = {item.corpus_id: item.corpus.name for item in items}
    if len(corpora) != 1:
        found = ", ".join(sorted(corpora.values())) or "no items"
        message = f"The collection {collection!r} must hold items of one corpus; it holds {found}."
        raise Invalid(message, code="no_design")
    return next(iter(corpora))


# --- what goes together --------------------------------------------------------------------------------------


def _drafts(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    if request.design == "captions":
        return _captions(items, request)
    if request.design == "matching":
        return _matching(items, request)
    sets = [_chosen(some, request) for some in _within(items, request.within)]
    return [Draft(candidates=chosen) for some in sets for chosen in some], []


def _chosen(items: list[Item], request: GroupRequest) -> Iterator[list[Item]]:
    n, seed = len(items), request.seed
    drawn: Sequence[tuple[int, ...]]
    if request.design == "all_pairs":
        drawn = designs.all_pairs(n)
    elif request.design == "pairs":
        drawn = designs.balanced_pairs(n, per_thing=request.per_item, seed=seed)
    else:
        count = round(request.factor * n)
        drawn = designs.balanced_tuples(n, size=request.size, count=count, seed=seed)
    return ([items[place] for place in places] for places in drawn)


def _within(items: list[Item], key: str | None) -> list[list[Item]]:
    if key is None:
        return [items]
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if key not in item.groups:
            raise ValueError(f"within: {item.key!r} has no group key {key!r}")
        found[str(item.groups[key])].append(item)
    return list(found.values())


def _captions(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    """Each picture with each of its captions."""
    pictures, captions = (
        _by_value(items, kind, request) for kind in (request.fixed_kind, request.other_kind)
    )
    drafts = [
        Draft(fixed={request.fixed_kind: picture, "caption": caption})
        for value in sorted(pictures.keys() & captions.keys())
        for picture, caption in product(pictures[value], captions[value])
    ]
    return drafts, _lonely(pictures, captions)


def _matching(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    """Each given medium with one that belongs to it, and others that do not, drawn by chance."""
    given, others = (_by_value(items, kind, request) for kind in (request.fixed_kind, request.other_kind))
    rng = np.random.default_rng(request.seed)
    drafts = []
    for value in sorted(given.keys() & others.keys()):
        strangers = [item for other in sorted(others) if other != value for item in others[other]]
        if len(strangers) < request.candidates - 1:
            raise ValueError(
                f"candidates: only {len(strangers)} other {request.other_kind} items can be offered"
            )
        for medium in given[value]:
            right = others[value][int(rng.integers(len(others[value])))]
            wrong = [strangers[i] for i in rng.permutation(len(strangers))[: request.candidates - 1]]
            answer = int(rng.integers(request.candidates))
            offered = [*wrong[:answer], right, *wrong[answer:]]
            drafts.append(Draft(fixed={request.fixed_kind: medium}, candidates=offered, answer=answer))
    return drafts, _lonely(given, others)


def _by_value(items: list[Item], kind: str, request: GroupRequest) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        value = _value(item, request.match_on)
        if item.kind == kind and value is not None:
            found[value].append(item)
    return found


def _value(item: Item, match_on: str) -> str | None:
    if match_on == "name":
        return PurePosixPath(item.key).stem
    value = item.metadata.get(match_on, item.groups.get(match_on))
    return None if value is None else str(value)


def _lonely(some: Mapping[str, list[Item]], others: Mapping[str, list[Item]]) -> list[str]:
    return sorted(
        item.key
        for mine, theirs in ((some, others), (others, some))
        for value in mine.keys() - theirs.keys()
        for item in mine[value]
    )


# --- rows ------------------------------------------------------------------------------------------------------


def _known(corpus: Corpus, request: GroupRequest, drafts: list[Draft]) -> bool:
    """Whether exactly these groups are there; raises where others are, as what people rated never changes."""
    there = Item.objects.filter(corpus=corpus, key__startswith=f"{request.name}/").order_by("key")
    if not there.exists():
        return False
    parts = ItemPart.objects.filter(group__in=there).order_by("group__key", "position")
    stored: dict[str, list[tuple[str, UUID]]] = defaultdict(list)
    for key, name, item in parts.values_list("group__key", "name", "item"):
        stored[key].append((name, item))
    wanted = {
        _key(request.name, index, len(drafts)): [(part.name, part.item_id) for part in _parts(draft)]
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
        ItemPart(item=item, name=name, position=position, fixed=fixed)
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
    """A named part of a group: the item it is, and whether it is fixed or one of the candidates."""

    name: str
    item: UUID
    key: str
    fixed: bool


def parts_of(groups: Sequence[UUID] | QuerySet[Any, Any]) -> dict[UUID, tuple[Part, ...]]:
    """Parts of these items (ids, or a query for them) in their order; items without parts are left out."""
    found: dict[UUID, list[Part]] = defaultdict(list)
    rows = ItemPart.objects.filter(group__in=groups).order_by("group", "position")
    for group, name, item, key, fixed in rows.values_list("group", "name", "item", "item__key", "fixed"):
        found[group].append(Part(name, item, key, fixed))
    return {group: tuple(parts) for group, parts in found.items()}
