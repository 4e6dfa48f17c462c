"""What a split says of its items, held as numbers: there may be a million items, and few different answers."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from affectory.results import IntArray
from affectory.splits.placement import FREE
from affectory.splits.ties import Numbers
from affectory.splits.values import Named

T_co = TypeVar("T_co", covariant=True)


class OfItems(Mapping[Hashable, T_co], Generic[T_co]):
    """A mapping of each item's id to one of few values.

    Attributes
    ----------
    number : ndarray of int32, shape (items,)
        Place in `different` of each item's value, in the order of the items.
    different : sequence
        The values.
    """

    def __init__(self, ids: Sequence[Hashable], number: IntArray, different: Sequence[T_co]) -> None:
        self._ids = ids
        self.number: Numbers = number.astype("int32")
        self.different = different

    def in_order(self) -> Iterator[T_co]:
        """Give the value of each item, in the order of the items."""
        return (self.different[at] for at in self.number)

    def __getitem__(self, item: Hashable) -> T_co:
        value: T_co = self.different[self.number[self._place[item]]]
        return value

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    @cached_property
    def _place(self) -> dict[Hashable, int]:
        return {item: at for at, item in enumerate(self._ids)}


class Ledger(Mapping[str, str]):
    """What is settled: a mapping of the names of ids and values of keys to roles, JSON-ready as ``dict(ledger)``."""

    def __init__(self, known: Mapping[str, str], names: Named, role: IntArray, roles: Sequence[str]) -> None:
        self._known = known
        self._names = names
        self._role = role.astype("int16")
        self._roles = roles

    def new(self) -> Iterator[tuple[str, str]]:
        """Give what was not known before."""
        for name, role in zip(self._names, self._role.tolist(), strict=True):
            if role != FREE and name not in self._known:
                yield name, self._roles[role]

    def __getitem__(self, name: str) -> str:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> dict[str, str]:
        return {**self._known, **dict(self.new())}
