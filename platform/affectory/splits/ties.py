"""What ties items together, as numbers: values of keys and near-duplicates, by their names in a ledger."""

from array import array
from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from affectory.results import BoolArray, IntArray
from affectory.splits.groups import components_of_pairs
from affectory.splits.placement import FREE
from affectory.splits.values import Named, named, present

Links: TypeAlias = Sequence[tuple[Hashable, Hashable]]
Numbers: TypeAlias = npt.NDArray[np.signedinteger[Any]]
#: Ties to an item's own id, and to the id of a near-duplicate; other ties have the number of their key.
OWN, TWIN = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Items, each tied to its own id, its values of the keys, and the ids of its near-duplicates.

    Attributes
    ----------
    names : sequence of str
        What the ledger calls each id ("id=...") and value ("<key>=..."); the items' own ids come first.
    item, token : ndarray of int32, shape (ties,)
        Number of the item, and of the name that it is tied to; item by item.
    kind : ndarray of int8, shape (ties,)
        OWN, TWIN, or the number of the key.
    n_items : int
    """

    names: Named
    item: Numbers
    token: Numbers
    kind: Numbers
    n_items: int

    def of(self, chosen: BoolArray) -> "Ties":
        """Give some of the ties, among all items."""
        return Ties(self.names, self.item[chosen], self.token[chosen], self.kind[chosen], self.n_items)

    def groups(self) -> IntArray:
        """Connected component of each item, numbered by first appearance."""
        order = np.argsort(self.token, kind="stable")
        token, item = self.token[order], self.item[order]
        shared = token[1:] == token[:-1]
        return components_of_pairs(self.n_items, item[:-1][shared], item[1:][shared])

    def group_names(self, group: IntArray) -> list[str]:
        """Name each group after the first of its values, or else of its ids."""
        names = [""] * (int(group.max()) + 1)
        for chosen in (self.kind >= 0, self.kind < 0):
            some = self.of(chosen)
            first = list(names)
            for place, token in zip(group[some.item], some.token, strict=True):
                if not names[place]:
                    name = self.names[int(token)]
                    first[place] = min(first[place] or name, name)
            names = first
        return names


def tie_items(
    ids: Sequence[Hashable],
    table: pd.DataFrame,
    keys: Sequence[str],
    *,
    links: Links,
    known: Mapping[str, str],
) -> Ties:
    """Number what ties the items; raise ValueError for ids that the ledger cannot tell apart, or unknown links."""
    n = len(ids)
    _refuse_one_name_for_two(ids, known)
    item, token = array("i", range(n)), array("i", range(n))
    kind = array("b", [OWN]) * n
    number: dict[str, int] = {}
    for of_key, key in enumerate(keys):
        for at, value in enumerate(table[key]):
            for one in present(value):
                item.append(at)
                token.append(number.setdefault(named(key, one, known), n + len(number)))
                kind.append(of_key)
    place = {name: at for at, name in enumerate(Named(ids, known, ()))} if links else {}
    for at, twin in _twins(links, place, known):
        item.append(at)
        token.append(place[twin] if twin in place else number.setdefault(twin, n + len(number)))
        kind.append(TWIN)
    order = np.argsort(np.asarray(item), kind="stable")
    names = Named(ids, known, list(number))
    return Ties(names, np.asarray(item)[order], np.asarray(token)[order], np.asarray(kind)[order], n)


def _refuse_one_name_for_two(ids: Sequence[Hashable], known: Container[str]) -> None:
    # Texts are spelt as they are, and none of the ids stands twice.
    if all(isinstance(item, str) for item in ids):
        return
    first: dict[str, Hashable] = {}
    for item, name in zip(ids, Named(ids, known, ()), strict=True):
        if name in first:
            raise ValueError(f"items: ids {first[name]!r} and {item!r} are the same in the ledger ({name!r})")
        first[name] = item


def _twins(links: Links, place: Mapping[str, int], known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Each linked item's place, with the name of its near-duplicate."""
    for link in links:
        names = [named("id", item, known) for item in link]
        for item, name, twin in zip(link, names, reversed(names), strict=True):
            if name in place:
                yield place[name], twin
            elif name not in known:
                raise ValueError(f"links: {item!r} is neither an item nor in the ledger")


def extremes(place: Numbers, role: IntArray, n_places: int) -> tuple[IntArray, IntArray]:
    """Lowest and highest role in each place; FREE where there is none. They differ where roles meet.

    >>> extremes(np.array([0, 0, 1, 2]), np.array([1, 0, 1, FREE]), 3)
    (array([ 0,  1, -1]), array([ 1,  1, -1]))
    """
    some = role != FREE
    low, high = np.full(n_places, np.iinfo(np.int64).max), np.full(n_places, FREE)
    np.minimum.at(low, place[some], role[some])
    np.maximum.at(high, place[some], role[some])
    return np.minimum(low, high), high


def agreed(place: Numbers, role: IntArray, n_places: int, *, otherwise: int) -> IntArray:
    """The one role in each place: FREE where there is none, `otherwise` where there are several."""
    low, high = extremes(place, role, n_places)
    return np.where(low == high, high, otherwise)
