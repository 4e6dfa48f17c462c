"""What of a collection goes together: pairs, tuples, captioned pictures, matching tasks."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from ingest import designs
from ingest.models import Item
from ingest.services.drafts import Draft, GroupRequest, by_value, lonely, within
from ingest.services.timed_drafts import sequences, trials


def drafts_of(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    """What the request asks for, and keys of the items without a partner; raises ValueError with the reason."""
    if request.design == "captions":
        return _captions(items, request)
    if request.design == "matching":
        return _matching(items, request)
    if request.design == "sequence":
        return sequences(items, request), []
    if request.design == "trial":
        return trials(items, request)
    sets = [_chosen(some, request) for some in within(items, request.within)]
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


def _captions(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    """Each picture with each of its captions."""
    pictures, captions = (by_value(items, kind, request) for kind in (request.fixed_kind, request.other_kind))
    drafts = [
        Draft(fixed={request.fixed_kind: picture, "caption": caption})
        for value in sorted(pictures.keys() & captions.keys())
        for picture, caption in product(pictures[value], captions[value])
    ]
    return drafts, lonely(pictures, captions)


def _matching(items: list[Item], request: GroupRequest) -> tuple[list[Draft], list[str]]:
    """Each given medium with one that belongs to it, and others that do not, drawn by chance."""
    given, others = (by_value(items, kind, request) for kind in (request.fixed_kind, request.other_kind))
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
    return drafts, lonely(given, others)
