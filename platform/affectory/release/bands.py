"""Demographics in bands that are large enough to hide in.

A count below k could point at a person, and so could a band that is left out next to a known total. Small bands are
therefore merged until each holds at least k people; where there are fewer than k in all, nothing is told.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DECADE = 10


@dataclass(frozen=True)
class Band:
    """`people` who share `name`; at least k of them."""

    name: str
    people: int


def category_bands(values: Iterable[str | None], k: int) -> tuple[Band, ...]:
    """Return how many people have each value, largest first; values of fewer than k people become `other`.

    None is `not stated`. When `other` holds fewer than k, the smallest band joins it. Empty: fewer than k people.

    >>> category_bands(["f", "f", "f", "m", "m", "x"], k=2)
    (Band(name='f', people=3), Band(name='other', people=3))
    >>> category_bands(["f", "m"], k=3)
    ()
    """
    counts = Counter("not stated" if value is None else value for value in values)
    kept = sorted(((n, name) for name, n in counts.items() if n >= k), key=lambda pair: (-pair[0], pair[1]))
    rest = sum(n for n in counts.values() if n < k)
    while 0 < rest < k and kept:
        rest += kept.pop()[0]
    bands = [Band(name, n) for n, name in kept]
    return (*bands, *([Band("other", rest)] if rest >= k else []))


def age_bands(values: Iterable[float | None], k: int) -> tuple[Band, ...]:
    """Return how many people are in each decade, youngest first; neighbours are joined until each holds k.

    None is `not stated`, which is joined to nobody: with fewer than k of these, only people with a value count, and
    they are told without them. Empty: fewer than k people.

    >>> age_bands([21, 24, 29, 33, 45, 47, 48], k=3)
    (Band(name='20-29', people=3), Band(name='30-49', people=4))
    """
    given = list(values)
    ages = [value for value in given if value is not None]
    counts = Counter(int(age // DECADE) * DECADE for age in ages)
    groups: list[tuple[list[int], int]] = []
    for decade in sorted(counts):
        if groups and groups[-1][1] < k:
            decades, n = groups[-1]
            groups[-1] = ([*decades, decade], n + counts[decade])
        else:
            groups.append(([decade], counts[decade]))
    if len(groups) > 1 and groups[-1][1] < k:
        decades, n = groups.pop()
        groups[-1] = ([*groups[-1][0], *decades], groups[-1][1] + n)
    bands = [Band(_range(decades), n) for decades, n in groups if n >= k]
    missing = len(given) - len(ages)
    return (*bands, *([Band("not stated", missing)] if bands and missing >= k else []))


def _range(decades: Sequence[int]) -> str:
    return f"{decades[0]}-{decades[-1] + DECADE - 1}"
