"""Items of the same words, or nearly."""

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from django.db.models import Q

from affectory.alike import phrases_of, same_words
from affectory.results import IntArray
from exports.services.same_files import Link
from exports.services.source import Source


def same_texts(source: Source) -> Iterator[Link]:
    """The same words whatever their case and spacing; texts that are not part of a dialogue, by their phrases, too."""
    shown = _Shown()
    phrases: dict[int, IntArray] = {}
    for key, text, context in _texts(source):
        words = _words(text, context)
        if not words:
            continue
        own = None if _is_utterance(context) else phrases_of(text or "")
        if own is not None:
            phrases[len(shown)] = own
        shown.add(key, words)
    first = shown.first_alike()
    for at in np.flatnonzero(first != np.arange(first.size)).tolist():
        yield Link(shown.key(first[at]), shown.key(at), "words", "the same words")
        phrases.pop(at, None)
    places = list(phrases)
    for one in same_words(list(phrases.values())):
        why = f"{one.share:.0%} of their phrases of three words are the same"
        yield Link(shown.key(places[one.left]), shown.key(places[one.right]), "phrases", why)


class _Shown:
    """Keys of items, and what words they show as digests: 16 bytes and the key's own for each."""

    def __init__(self) -> None:
        self._digests, self._keys, self._ends = bytearray(), bytearray(), array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, key: str, words: str) -> None:
        self._digests += hashlib.blake2b(words.encode(), digest_size=16).digest()
        self._keys += key.encode()
        self._ends.append(len(self._keys))

    def key(self, at: int) -> str:
        return self._keys[self._ends[at] : self._ends[at + 1]].decode()

    def first_alike(self) -> IntArray:
        """Place of the first item that shows the same words, shape (items,)."""
        digests = np.frombuffer(bytes(self._digests), "S16")
        _, first, which = np.unique(digests, return_index=True, return_inverse=True)
        alike: IntArray = first[which]
        return alike


def _texts(source: Source) -> Iterator[tuple[str, str | None, list[dict[str, Any]] | None]]:
    shown = source.query().filter(Q(asset=None) | Q(text__isnull=False) | Q(context__isnull=False))
    rows = shown.order_by("key", "pk").values_list("key", "text", "context")
    return rows.iterator(chunk_size=5000)


def _is_utterance(context: Iterable[Mapping[str, Any]] | None) -> bool:
    """Utterances of one dialogue share most of their context, so only the whole of it says what is the same."""
    return any(line.get("target") for line in context or ())


def _words(text: str | None, context: Iterable[Mapping[str, Any]] | None) -> str:
    """The words shown; an utterance is its whole dialogue with its speakers."""
    if context:
        return json.dumps(
            [[one.get("speaker"), _plain(one.get("text")), one.get("target")] for one in context]
        )
    return _plain(text)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
