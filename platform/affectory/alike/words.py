"""Texts that say nearly the same: phrases of three words that they share, compared exactly.

After Broder, "On the resemblance and containment of documents" (1997).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np

from affectory.results import IntArray

PHRASE_WORDS = 3
#: Share of the phrases of both texts that both have. One other word in the middle of 25 leaves 20 of 26.
SAME_SHARE = 0.7
#: Shorter texts are compared word for word only: "I am so happy today" and "I am so sad today" are not the same.
FEWEST_WORDS = 12
# A character of a script that puts no spaces between words counts as a word.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u0e00-\u0eff\u3040-\u9fff\uf900-\ufaff]+"
)


@dataclass(frozen=True, slots=True)
class SameWords:
    """Places of two texts, left < right, and the share (`SAME_SHARE` to 1) of their phrases that both have."""

    left: int
    right: int
    share: float


def phrases_of(text: str) -> IntArray | None:
    """Take the phrases of a text, as sorted numbers, whatever its case, spacing and punctuation.

    Parameters
    ----------
    text : str

    Returns
    -------
    ndarray of int64, shape (phrases,) or None
        A number for each phrase of `PHRASE_WORDS` words; None for fewer than `FEWEST_WORDS` words.

    Examples
    --------
    >>> phrases_of("Too few words.") is None
    True
    >>> phrases_of("One two three four five six seven eight nine ten eleven twelve").size
    10
    """
    words = _WORD.findall(text.casefold())
    if len(words) < FEWEST_WORDS:
        return None
    phrases = (" ".join(words[at : at + PHRASE_WORDS]) for at in range(len(words) - PHRASE_WORDS + 1))
    return np.unique(np.fromiter(map(_number, phrases), dtype=np.int64))


def _number(phrase: str) -> int:
    return int.from_bytes(hashlib.blake2b(phrase.encode(), digest_size=8).digest(), "little", signed=True)


def same_words(texts: Iterable[IntArray]) -> Iterator[SameWords]:
    """Find texts that share most of their phrases.

    Parameters
    ----------
    texts : iterable of ndarray of int64
        What `phrases_of` gave.

    Yields
    ------
    SameWords
        Every two texts that share at least `SAME_SHARE` of their phrases; of texts with the very same phrases each with
        the one before it.

    Notes
    -----
    Two texts that share so many phrases share one of their few rarest ones, so only texts with such a phrase in common
    are compared (prefix filter of Chaudhuri, Ganti and Kaushik 2006). What everybody writes costs nothing.

    Examples
    --------
    >>> text = "the cat sat on the mat and then it went to sleep in the warm sun of the late afternoon"
    >>> [(one.left, one.right) for one in same_words([phrases_of(text), phrases_of(text + ", again")])]
    [(0, 1)]
    """
    phrases = list(texts)
    if not phrases:
        return
    _, place, count = np.unique(np.concatenate(phrases), return_inverse=True, return_counts=True)
    rarity = np.split(count[place], np.cumsum([one.size for one in phrases])[:-1])
    by_phrase: dict[int, list[int]] = defaultdict(list)
    whole: dict[bytes, int] = {}
    for right, (own, common) in enumerate(zip(phrases, rarity, strict=True)):
        alike = whole.get(own.tobytes())
        whole[own.tobytes()] = right
        if alike is not None:
            yield SameWords(alike, right, 1.0)
            continue
        rarest = own[np.lexsort((own, common))][: own.size - ceil(SAME_SHARE * own.size) + 1].tolist()
        for left in sorted({one for phrase in rarest for one in by_phrase[phrase]}):
            share = _shared(phrases[left], own)
            if share >= SAME_SHARE:
                yield SameWords(left, right, share)
        for phrase in rarest:
            by_phrase[phrase].append(right)


def _shared(one: IntArray, other: IntArray) -> float:
    both = np.intersect1d(one, other, assume_unique=True).size
    return both / (one.size + other.size - both)
