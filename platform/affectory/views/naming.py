"""File names for items and raters: short, safe on every system, different for different ones."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]+")
_MARK_CHARACTERS = 8
# With an extension it fits a tar header of 100 characters.
_LONGEST = 80
# Windows keeps these for itself, with any extension.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")


def file_names(keys: Iterable[str]) -> dict[str, str]:
    """Return a file name for each key, from letters, digits, ``_`` and ``-``.

    Keys that would share a name, also where capitals do not count, get a mark made from the key, so the name
    of one does not depend on how many others there are.

    >>> file_names(["films/a.mp4", "b"])
    {'films/a.mp4': 'films_a_mp4', 'b': 'b'}
    >>> sorted(file_names(["a.b", "a/b"]).values())
    ['a_b-2e7336dc', 'a_b-c14cddc0']
    """
    return _different(keys, lambda key: _UNSAFE.sub("_", key).strip("_-"), "-")


def labels(keys: Iterable[str]) -> dict[str, str]:
    """Return letters and digits for each key, as BIDS wants them in its entities.

    >>> labels(["p-01", "rater_2"])
    {'p-01': 'p01', 'rater_2': 'rater2'}
    """
    return _different(keys, lambda key: _NOT_ALPHANUMERIC.sub("", key), "x")


def _different(keys: Iterable[str], make: Callable[[str], str], joint: str) -> dict[str, str]:
    made = {key: make(key)[:_LONGEST] for key in keys}
    times = Counter(name.lower() for name in made.values())
    return {
        key: name
        if name and times[name.lower()] == 1 and not _RESERVED.fullmatch(name)
        else _marked(key, name, joint)
        for key, name in made.items()
    }


def _marked(key: str, name: str, joint: str) -> str:
    mark = hashlib.sha256(key.encode()).hexdigest()[:_MARK_CHARACTERS]
    return f"{name}{joint}{mark}" if name else f"id{joint}{mark}"
