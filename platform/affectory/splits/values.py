"""Values in the fields of items, and how a ledger spells them."""

from collections.abc import Container, Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from affectory.lazy import LazySequence


def present(value: Any) -> list[Any]:
    """Values in one field of an item: none where it is missing, one, or those of a list.

    >>> present(None), present("s1"), present(["s1", None, "s2"])
    ([], ['s1'], ['s1', 's2'])
    """
    several = value if isinstance(value, list | tuple | set | frozenset | np.ndarray) else [value]
    return [one for one in several if not pd.isna(one)]


def spelt(value: Any) -> str:
    """Name of one value. Whole numbers turn to floats where their column gains a gap: 1.0 is 1.

    >>> spelt(1.0), spelt(1.5), spelt("1.0")
    ('1', '1.5', '1.0')
    """
    whole = isinstance(value, float | np.floating) and value.is_integer()
    return str(int(value) if whole else value)


def named(key: str, value: Any, known: Container[str] = ()) -> str:
    """Name of one value of a key, as it stands in the ledger `known`.

    Ledgers of before say 1.0 where a column had a gap from the start; that name stays.

    >>> named("film", 1.0), named("film", 1, {"film=1.0": "train"})
    ('film=1', 'film=1.0')
    """
    name = f"{key}={spelt(value)}"
    if name not in known and isinstance(value, int | float | np.number) and f"{name}.0" in known:
        return f"{name}.0"
    return name


class Named(LazySequence[str]):
    """What a ledger calls each id ("id=..."), spelt when it is asked for, and then what it calls other things."""

    def __init__(self, ids: Sequence[Hashable], known: Container[str], others: Sequence[str]) -> None:
        self._ids, self._known, self._others = ids, known, others

    def __iter__(self) -> Iterator[str]:
        yield from (named("id", one, self._known) for one in self._ids)
        yield from self._others

    def __len__(self) -> int:
        return len(self._ids) + len(self._others)

    def made(self, place: int) -> str:
        if place < len(self._ids):
            return named("id", self._ids[place], self._known)
        return self._others[place - len(self._ids)]
