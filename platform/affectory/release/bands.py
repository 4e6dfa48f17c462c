"""Demographics in bands that are large enough to hide in.

A count below k could point at a person, and so could a band that is left out next to a known total. Small bands are
therefore merged until each holds at least k people; where there are fewer than k in all, nothing is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

DECADE = 10
T = TypeVar("T")


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
    groups = _neighbours(sorted(counts.items()), k)
    bands = [Band(_range(decades), n) for decades, n in groups if n >= k]
    missing = len(given) - len(ages)
    return (*bands, *([Band("not stated", missing)] if bands and missing >= k else []))


def banded(values: Sequence[str | None], k: int, order: Sequence[str] = ()) -> list[str | None]:
    """Return the band of each person, which at least k people share; None where nothing can be told of her.

    None among the values is `not stated`. Without an `order` small values become `other`, as in `category_bands`;
    with one neighbours in it are joined, as in `age_bands`, and `not stated` is joined to nobody.

    >>> banded(["18-24", "25-34", "25-34", "65+", "18-24"], 2, order=["18-24", "25-34", "35-64", "65+"])
    ['18-24', '25-34 to 65+', '25-34 to 65+', '25-34 to 65+', '18-24']
    """
    names = _joined_names(values, k, order) if order else _common_names(values, k)
    return [names.get(value) for value in values]


def joint_bands(rows: Sequence[tuple[str | None, ...]], k: int) -> list[tuple[str | None, ...]]:
    """Return the rows with as many values made None as it takes for each row to be the same as k - 1 others.

    Earlier columns are told more fully than later ones: people are parted by the first column, each part by the
    second, and so on; parts of fewer than k are not told that column. With fewer than k rows nothing is told.

    >>> rows = [("f", "x"), ("f", "x"), ("f", "y"), ("m", "x"), ("m", "y")]
    >>> joint_bands(rows, 2)
    [('f', None), ('f', None), ('f', None), ('m', None), ('m', None)]
    """
    told: list[list[str | None]] = [[None] * len(row) for row in rows]
    if len(rows) >= k:
        _part(rows, told, list(range(len(rows))), 0, k)
    return [tuple(row) for row in told]


def _part(
    rows: Sequence[tuple[str | None, ...]],
    told: list[list[str | None]],
    people: list[int],
    column: int,
    k: int,
) -> None:
    """Tell `column` and the later ones of these people, who are at least k and alike in the earlier ones."""
    if column == len(rows[people[0]]):
        return
    parts: dict[str | None, list[int]] = defaultdict(list)
    for one in people:
        parts[rows[one][column]].append(one)
    untold = parts.pop(None, [])
    smallest_last = sorted(parts, key=lambda name: (-len(parts[name]), str(name)))
    while smallest_last and (len(parts[smallest_last[-1]]) < k or 0 < len(untold) < k):
        untold += parts.pop(smallest_last.pop())
    for name, members in parts.items():
        for one in members:
            told[one][column] = name
        _part(rows, told, members, column + 1, k)
    if untold:
        _part(rows, told, untold, column + 1, k)


def _common_names(values: Sequence[str | None], k: int) -> dict[str | None, str]:
    names = {band.name for band in category_bands(values, k)}
    own = {value: "not stated" if value is None else value for value in values}
    rest = "other" if "other" in names else None
    found = {value: name if name in names else rest for value, name in own.items()}
    return {value: name for value, name in found.items() if name is not None}


def _joined_names(values: Sequence[str | None], k: int, order: Sequence[str]) -> dict[str | None, str]:
    counts = Counter(values)
    groups = _neighbours([(name, counts[name]) for name in order if counts[name]], k)
    names: dict[str | None, str] = {
        name: members[0] if len(members) == 1 else f"{members[0]} to {members[-1]}"
        for members, n in groups
        if n >= k
        for name in members
    }
    return {**names, None: "not stated"} if counts[None] >= k else names


def _neighbours(counts: Sequence[tuple[T, int]], k: int) -> list[tuple[list[T], int]]:
    """Join neighbours, from the first on, until each group holds k; a last one that is too small joins back."""
    groups: list[tuple[list[T], int]] = []
    for name, n in counts:
        if groups and groups[-1][1] < k:
            members, before = groups[-1]
            groups[-1] = ([*members, name], before + n)
        else:
            groups.append(([name], n))
    if len(groups) > 1 and groups[-1][1] < k:
        members, n = groups.pop()
        groups[-1] = ([*groups[-1][0], *members], groups[-1][1] + n)
    return groups


def _range(decades: Sequence[int]) -> str:
    return f"{decades[0]}-{decades[-1] + DECADE - 1}"
