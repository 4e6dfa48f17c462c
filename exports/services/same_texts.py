"""Items of the same words, or nearly."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q

from affectory.alike import phrases_of, same_words
from affectory.results import IntArray
from exports.services.same_files import Link
from exports.services.source import Source


def same_texts(source: Source) -> Iterator[Link]:
    """The same words whatever their case and spacing; texts that are not part of a dialogue, by their phrases, too."""
    first: dict[bytes, str] = {}
    keys: list[str] = []
    phrases: list[IntArray] = []
    for key, text, context in _texts(source):
        words = _words(text, context)
        if not words:
            continue
        digest = hashlib.blake2b(words.encode(), digest_size=16).digest()
        other = first.setdefault(digest, key)
        if other != key:
            yield Link(other, key, "words", "the same words")
            continue
        own = None if _is_utterance(context) else phrases_of(text or "")
        if own is not None:
            keys.append(key)
            phrases.append(own)
    for one in same_words(phrases):
        why = f"{one.share:.0%} of their phrases of three words are the same"
        yield Link(keys[one.left], keys[one.right], "phrases", why)


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
