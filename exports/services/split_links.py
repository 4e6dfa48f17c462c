"""Which items belong together whatever their keys say: those that show the same, and groups with their parts."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from django.db.models import F

from exports.services.source import Source


def part_links(source: Source) -> Iterator[tuple[str, str]]:
    """A group stands with its parts, and so with every other group that shows one of them."""
    own = {item.key for item in source.items}
    shown_in: dict[str, list[str]] = {}
    for item in source.items:
        for part in source.parts.get(item.pk, ()):
            shown_in.setdefault(part.key, [part.key] if part.key in own else []).append(item.key)
    for together in shown_in.values():
        yield from pairwise(together)


def duplicate_links(source: Source) -> list[tuple[str, str]]:
    """Pairs of items that show the same: overlapping stretches of the same bytes, or the same words."""
    return [*_same_bytes(source), *_same_words(source)]


def _same_bytes(source: Source) -> Iterator[tuple[str, str]]:
    """Read by content and time, so that what overlaps stands together."""
    of_assets = source.query().filter(asset__isnull=False)
    rows = of_assets.order_by("asset__sha256", F("onset_s").asc(nulls_first=True), "key", "pk")
    content, longest, reach_s = "", "", 0.0
    for sha256, onset_s, offset_s, key in rows.values_list(
        "asset__sha256", "onset_s", "offset_s", "key"
    ).iterator(chunk_size=5000):
        start_s, end_s = onset_s or 0.0, np.inf if offset_s is None else offset_s
        if sha256 == content and start_s < reach_s:
            yield longest, key
        if sha256 != content or end_s > reach_s:
            content, longest, reach_s = sha256, key, end_s


def _same_words(source: Source) -> Iterator[tuple[str, str]]:
    first: dict[bytes, str] = {}
    rows = (
        source.query().filter(asset__isnull=True).order_by("key", "pk").values_list("key", "text", "context")
    )
    for key, text, context in rows.iterator(chunk_size=5000):
        words = _words(text, context)
        if not words:
            continue
        digest = hashlib.blake2b(words.encode(), digest_size=16).digest()
        other = first.setdefault(digest, key)
        if other != key:
            yield other, key


def _words(text: str | None, context: Iterable[Mapping[str, Any]] | None) -> str:
    """The words shown, whatever their case and spacing; an utterance is its whole dialogue with its speakers."""
    if context:
        return json.dumps(
            [[one.get("speaker"), _plain(one.get("text")), one.get("target")] for one in context]
        )
    return _plain(text)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
